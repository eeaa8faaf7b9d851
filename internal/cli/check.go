package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/check"
	"pendapa/internal/diag"
)

func (a *app) check() *cobra.Command {
	o := a.options()
	format, external, strict, list := formatFlag(diag.TextFormat), false, false, false
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Find what a build lets through and a reader would trip over",
		Long: "Check reads the portal as build does, and looks at its finished pages: links to old addresses, pages that\n" +
			"nothing links to, promises without a method, without news, past their day. Each finding names its rule;\n" +
			"under check in site.yaml a rule can be set to off, warning or error. --rules lists them.",
		Example: "  pendapa check\n  pendapa check --strict --format github\n  pendapa check --external",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang := a.speaks()
			var rules []diag.Rule
			for _, r := range check.Rules() {
				rules = append(rules, diag.Rule{Name: r.Name, Help: r.Help})
				if list {
					fmt.Fprintf(a.streams.Out, "%-18s %-8s %s\n", r.Name, r.Level, r.Help.In(lang.Message))
				}
			}
			if list {
				return nil
			}
			if err := checkAll(a.checkSite(cmd), checkDay(cmd, o.AsOf)); err != nil {
				return err
			}
			start := time.Now()
			o.Dir = a.dir
			asked := check.Options{Site: o}
			if external {
				asked.External = &check.Asker{Cache: filepath.Join(a.dir, ".pendapa", "external.json")}
			}
			result, err := check.Run(cmd.Context(), asked)
			if err != nil {
				return err
			}
			errorsFound := 0
			for _, p := range result.Problems {
				if p.Severity == diag.Error {
					errorsFound++
				}
			}
			if f := diag.Format(format); f == diag.TextFormat {
				a.print(result.Problems)
				done := diag.Textf("checked %s pages in %s s: errors: %d, warnings: %d", lang.Int(result.Pages), lang.Number(time.Since(start).Seconds(), 2), errorsFound, len(result.Problems)-errorsFound)
				fmt.Fprintln(a.streams.Out, done.In(lang.Message))
				if external {
					fmt.Fprintln(a.streams.Out, diag.Textf("asked other sites for %d addresses", result.External).In(lang.Message))
				}
			} else if err := diag.Write(a.streams.Out, f, result.Problems, rules, lang.Message); err != nil {
				return err
			}
			if errorsFound > 0 || strict && len(result.Problems) > 0 {
				return build.ErrContent
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.Var(&format, "format", "how to print findings: text, json, sarif, github or gitlab")
	flags.BoolVar(&external, "external", false, "ask other sites whether the addresses linked to lead anywhere")
	flags.BoolVar(&strict, "strict", false, "end with status 1 for warnings too")
	flags.BoolVar(&list, "rules", false, "list the rules and end")
	flags.StringVar(&o.AsOf, "as-of", "", "check the portal of this `day` (2018-09-26) instead of today's")
	flags.BoolVar(&o.Drafts, "drafts", false, "look at pages marked draft too")
	flags.BoolVar(&o.Future, "future", false, "look at pages before their publish date and after they expired too")
	_ = cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return formatNames(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// formatFlag is the value of --format.
type formatFlag diag.Format

func (f *formatFlag) String() string { return string(*f) }
func (f *formatFlag) Type() string   { return "format" }
func (f *formatFlag) Set(s string) error {
	if !diag.Format(s).Known() {
		return fmt.Errorf("%q is not one of %s", s, strings.Join(formatNames(), ", "))
	}
	*f = formatFlag(s)
	return nil
}

func formatNames() []string {
	var names []string
	for _, f := range diag.Formats() {
		names = append(names, string(f))
	}
	return names
}
