package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/proof"
	"pendapa/internal/publish"
)

func (a *app) build() *cobra.Command {
	o := a.options()
	var profiles string
	var stats bool
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build the portal and publish it, whole or not at all",
		Long: "Build turns the site's content into a folder that any static host can serve. If the content has\n" +
			"errors, each is printed with its place and its remedy, and the published portal stays as it was.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.Jobs < 0 {
				return usageError{errors.New("--jobs wants a number of at least 1, or 0 for one a core"), cmd.CommandPath()}
			}
			if err := checkAll(a.checkSite(cmd), checkDay(cmd, o.AsOf)); err != nil {
				return err
			}
			if _, err := config.ParseURL(o.BaseURL); o.BaseURL != "" && err != nil {
				return usageError{fmt.Errorf("--base-url: %w; write the portal's full address: https://smartcity.example.go.id/", err), cmd.CommandPath()}
			}
			o.Meter = &build.Meter{}
			endProfile, err := profile(profiles, o.Meter)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, endProfile()) }()
			start := time.Now()
			o.Dir, o.Version, o.LogKey = a.dir, version(), os.Getenv(logKey)
			problems := &diag.List{}
			wipe := a.progress(o.Meter)
			tuneMemory(os.Getenv, memoryFiles)
			summary, err := within(cmd.Context(), func() (build.Summary, error) { return build.Run(cmd.Context(), o, problems) })
			if wipe(); stats {
				a.stats(a.streams.Err, o.Meter.Laps())
			}
			told := problems.Sorted()
			a.print(told)
			switch {
			case errors.Is(err, build.ErrContent):
				a.say(diag.Textf("errors: %d; nothing was published", diag.Errors(told)))
				return err
			case errors.Is(err, publish.ErrLeftovers):
				fmt.Fprintf(a.streams.Err, "pendapa: %v\n", err)
			case errors.As(err, new(*build.LogError)):
				told, _ := toldOf(err)
				if told.IsZero() {
					told = diag.Of(err)
				}
				a.say(diag.Textf("the transparency log in %s: %s", build.LogFolder, told))
				if errors.As(err, new(*proof.KeyError)) && o.LogKey == "" {
					a.say(diag.Textf("give the private key of the log in %s, or build with --no-log what is not for publishing", logKey))
				}
				a.say(diag.Textf("the published portal is as it was"))
				return errNotWritten
			case err != nil:
				return fmt.Errorf("%w\n   the published portal is as it was", err)
			}
			if summary.Unkept != nil {
				fmt.Fprintf(a.streams.Err, "pendapa: the next build makes everything anew, as nothing could be kept for it: %v\n", summary.Unkept)
			}
			if gone := summary.Lost; len(gone) > 0 {
				const shown = 50
				a.say(diag.Textf("addresses that were published and are no more: %d; where a page moved, name its old address in its aliases", len(gone)))
				fmt.Fprintf(a.streams.Err, "   %s\n", strings.Join(gone[:min(len(gone), shown)], "\n   "))
				if len(gone) > shown {
					fmt.Fprintln(a.streams.Err, "   …")
				}
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
	flags.StringVar(&profiles, "profile", "", "write profiles of processor and memory into a `folder`, for go tool pprof")
	flags.BoolVar(&stats, "stats", false, "say how long each stage took")
	flags.BoolVar(&o.NoLog, "no-log", false, "add nothing to the transparency log: the portal is not for publishing")
	flags.BoolVar(&o.NoCache, "no-cache", false, "make everything anew, and keep nothing for the next build")
	return cmd
}
