package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/publish"
)

func (a *app) build() *cobra.Command {
	o := build.Options{Layouts: a.builtin.Layouts, Static: a.builtin.Static}
	var noCache bool
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build the portal and publish it, whole or not at all",
		Long: "Build turns the site's content into a folder that any static host can serve. If the content has\n" +
			"errors, each is printed with its place and its remedy, and the published portal stays as it was.",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.NoArgs(cmd, args); err != nil {
				return usageError{fmt.Errorf("build takes no arguments, and got %q", args[0]), cmd.CommandPath()}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Jobs < 0 {
				return usageError{errors.New("--jobs wants a number of at least 1, or 0 for one a core"), cmd.CommandPath()}
			}
			if _, err := time.Parse(time.DateOnly, o.AsOf); o.AsOf != "" && err != nil {
				return usageError{fmt.Errorf("--as-of: %q is not a day; write it as 2018-09-26", o.AsOf), cmd.CommandPath()}
			}
			if _, err := config.ParseURL(o.BaseURL); o.BaseURL != "" && err != nil {
				return usageError{fmt.Errorf("--base-url: %w; write the portal's full address: https://smartcity.example.go.id/", err), cmd.CommandPath()}
			}
			if info, err := os.Stat(a.dir); err != nil || !info.IsDir() {
				return usageError{fmt.Errorf("-C: there is no folder %s", a.dir), cmd.CommandPath()}
			}
			start := time.Now()
			o.Dir = a.dir
			problems := &diag.List{}
			summary, err := build.Run(cmd.Context(), o, problems)
			a.print(problems.Sorted())
			switch {
			case errors.Is(err, build.ErrContent):
				fmt.Fprintf(a.streams.Err, "%s; nothing was published\n", plural(problems.Errors(), "error"))
				return err
			case errors.Is(err, publish.ErrLeftovers):
				fmt.Fprintf(a.streams.Err, "pendapa: %v\n", err)
			case err != nil:
				return err
			}
			fmt.Fprintf(a.streams.Out, "built %s, %s changed, in %.2f s\n", plural(summary.Pages, "page"), locale.English.Int(summary.Changed), time.Since(start).Seconds())
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Out, "out", "public", "the folder to publish to, relative to the site's")
	flags.StringVar(&o.BaseURL, "base-url", "", "the portal's address, in place of url in site.yaml")
	flags.StringVar(&o.AsOf, "as-of", "", "build the portal of this `day` (2018-09-26) instead of today's")
	flags.BoolVar(&o.Drafts, "drafts", false, "include pages marked draft")
	flags.BoolVar(&o.Future, "future", false, "include pages before their publish date and after they expired")
	flags.IntVar(&o.Jobs, "jobs", 0, "how many pages to make at once; 0 is one a core")
	flags.BoolVar(&noCache, "no-cache", false, "ignore what earlier builds kept (this version keeps nothing)")
	return cmd
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return locale.English.Int(n) + " " + word
}
