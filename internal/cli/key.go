package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"pendapa/internal/diag"
	"pendapa/internal/proof"
)

// logKey is the variable of the environment that holds the private key of the transparency log. It is never an argument,
// which every user of a machine can read.
const logKey = "PENDAPA_LOG_KEY"

func (a *app) key() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "key NAME --out FILE",
		Short: "Make the keys that sign the checkpoints of the transparency log",
		Long: "Key makes a pair of keys. The private one is written to a new file that only you can read; give its line to the\n" +
			"machine that builds, as " + logKey + ". The public one is printed, for log.key in site.yaml.",
		Example: "  pendapa key smartcity.example.go.id --out log.key",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("key wants one name, and got %d", len(args)), cmd.CommandPath()}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{fmt.Errorf("--out wants the file for the private key"), cmd.CommandPath()}
			}
			private, public, err := proof.NewKey(args[0])
			if err != nil {
				return usageError{fmt.Errorf("%s", diag.Of(err)), cmd.CommandPath()}
			}
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if errors.Is(err, fs.ErrExist) {
				return usageError{fmt.Errorf("--out: %s is there already, and no key is ever written over; name a new file", out), cmd.CommandPath()}
			} else if err != nil {
				return err
			}
			if _, err := fmt.Fprintln(f, private); err != nil {
				return fmt.Errorf("write the private key: %w", err)
			}
			if err := f.Close(); err != nil {
				return fmt.Errorf("write the private key: %w", err)
			}
			_, err = fmt.Fprintln(a.streams.Out, public)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the new `file` for the private key")
	return cmd
}
