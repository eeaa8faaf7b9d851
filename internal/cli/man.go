package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// man writes the manual pages. It is for those who make packages, and not listed.
func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages, one a command",
		Hidden: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("man wants one folder"), cmd.CommandPath()}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("make the folder for manual pages: %w", err)
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // no date: the same bytes each time
			return doc.GenManTree(root, &doc.GenManHeader{Title: "PENDAPA", Section: "1", Source: "Pendapa", Manual: "Pendapa"}, args[0])
		},
	}
}
