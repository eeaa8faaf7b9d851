package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"pendapa/internal/demo"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/scaffold"
)

func (a *app) init() *cobra.Command {
	var city string
	var withDemo bool
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Write a portal for another city",
		Long: "Init writes a small portal that builds as it is, for its city to fill: settings, a page for each part, and\n" +
			"schemas for editors. The folder must be empty or not there yet. --demo writes Kabupaten Contoh instead, a\n" +
			"fictional regency whose portal uses everything that Pendapa can do.",
		Example: "  pendapa init portal --city \"Kabupaten Rembang\"\n  pendapa init contoh --demo\n  pendapa init portal --lang en",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("init wants one folder: pendapa init portal"), cmd.CommandPath()}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			lang := a.lang
			if lang == "" {
				lang = locale.Indonesian
			}
			if city == "" {
				city = diag.Textf("Your City").In(lang.Message)
			}
			var site fs.FS
			if withDemo {
				var err error
				if site, err = fs.Sub(demo.Site, "site"); err != nil {
					return err
				}
			}
			files, err := scaffold.Init(args[0], city, lang, site)
			if err != nil {
				return err
			}
			done := diag.Textf("%d files are written to %s; see the portal with: pendapa serve -C %s", len(files), args[0], args[0])
			_, err = fmt.Fprintln(a.streams.Out, done.In(lang.Message))
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&city, "city", "", "the `name` of the city or regency")
	flags.BoolVar(&withDemo, "demo", false, "write Kabupaten Contoh, the fictional demonstration")
	return cmd
}
