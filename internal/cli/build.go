package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/publish"
)

func (a *app) build() *cobra.Command {
	o := build.Options{Layouts: a.builtin.Layouts, Static: a.builtin.Static}
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build the portal and publish it, whole or not at all",
		Long: "Build turns the site's content into a folder that any static host can serve. If the content has\n" +
			"errors, each is printed with its place and its remedy, and the published portal stays as it was.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Jobs < 0 {
				return usageError{errors.New("--jobs wants a number of at least 1, or 0 for one a core"), cmd.CommandPath()}
			}
			if err := checkAll(a.checkSite(cmd), checkDay(cmd, o.AsOf)); err != nil {
				return err
			}
			if _, err := config.ParseURL(o.BaseURL); o.BaseURL != "" && err != nil {
				return usageError{fmt.Errorf("--base-url: %w; write the portal's full address: https://smartcity.example.go.id/", err), cmd.CommandPath()}
			}
			start := time.Now()
			o.Dir = a.dir
			problems := &diag.List{}
			summary, err := build.Run(cmd.Context(), o, problems)
			told := problems.Sorted()
			a.print(told)
			switch {
			case errors.Is(err, build.ErrContent):
				a.say(diag.Textf("errors: %d; nothing was published", diag.Errors(told)))
				return err
			case errors.Is(err, publish.ErrLeftovers):
				fmt.Fprintf(a.streams.Err, "pendapa: %v\n", err)
			case err != nil:
				return fmt.Errorf("%w\n   the published portal is as it was", err)
			}
			lang := a.speaks()
			done := diag.Textf("built %s pages, %s changed, in %s s", lang.Int(summary.Pages), lang.Int(summary.Changed), lang.Number(time.Since(start).Seconds(), 2))
			_, err = fmt.Fprintln(a.streams.Out, done.In(lang.Message))
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Out, "out", "public", "the folder to publish to, relative to the site's")
	flags.StringVar(&o.BaseURL, "base-url", "", "the portal's address, in place of url in site.yaml")
	flags.StringVar(&o.AsOf, "as-of", "", "build the portal of this `day` (2018-09-26) instead of today's")
	flags.BoolVar(&o.Drafts, "drafts", false, "include pages marked draft")
	flags.BoolVar(&o.Future, "future", false, "include pages before their publish date and after they expired")
	flags.IntVar(&o.Jobs, "jobs", 0, "how many pages to make at once; 0 is one a core")
	flags.BoolVar(&o.Compress, "compress", false, "put .gz and .br files beside pages, for hosts that send these")
	flags.BoolVar(&o.NoCache, "no-cache", false, "ignore what earlier builds kept, and keep nothing (so far: smaller versions of pictures)")
	return cmd
}
