package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pendapa/internal/diag"
	"pendapa/internal/schema"
)

func (a *app) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [KIND]",
		Short: "Print the JSON Schema of a kind's front matter, or of site.yaml",
		Long: "Schema prints JSON Schema (draft 2020-12), for editors that check and complete while one types. Without a\n" +
			"kind it lists the names: " + strings.Join(schema.Names(), ", ") + ".",
		Example: "  pendapa schema site > .vscode/pendapa/site.json\n  pendapa schema quick-win",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("schema takes one kind, and got %d", len(args)), cmd.CommandPath()}
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return schema.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			lang := a.speaks()
			if len(args) == 0 {
				_, err := fmt.Fprintln(a.streams.Out, strings.Join(schema.Names(), "\n"))
				return err
			}
			if !slices.Contains(schema.Names(), args[0]) {
				return usageError{errors.New(diag.Textf("there is no kind %q; %s", args[0], diag.DidYouMean(args[0], schema.Names(), diag.Textf("the kinds are %s", strings.Join(schema.Names(), ", ")))).In(lang.Message)), cmd.CommandPath()}
			}
			data, err := schema.For(args[0], lang.Message)
			if err != nil {
				return err
			}
			_, err = a.streams.Out.Write(data)
			return err
		},
	}
}
