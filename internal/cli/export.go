package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/diag"
	"pendapa/internal/export"
)

func (a *app) export() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the masterplan as PDF or EPUB, or the folder for an evaluation",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.exportMasterplan(), a.exportEvaluation())
	return cmd
}

func (a *app) exportMasterplan() *cobra.Command {
	o := a.options()
	var pdf, epub string
	cmd := &cobra.Command{
		Use:   "masterplan",
		Short: "Write the masterplan as one document: --pdf, --epub or both",
		Long: "Masterplan writes all chapters as one numbered document. A PDF is made by an installed Chromium, Chrome or Edge,\n" +
			"or the one that " + export.ChromiumVariable + " names; an EPUB needs nothing.",
		Example: "  pendapa export masterplan --pdf\n  pendapa export masterplan --pdf=plan.pdf --epub=plan.epub",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if pdf == "" && epub == "" {
				return usageError{errors.New("nothing is asked for: name --pdf, --epub or both"), cmd.CommandPath()}
			}
			return a.exported(cmd, o, func(p *export.Portal) error {
				if epub != "" {
					if err := p.EPUB(epub); err != nil {
						return err
					}
					a.wrote(epub)
				}
				if pdf != "" {
					if err := p.PDF(cmd.Context(), os.Getenv(export.ChromiumVariable), pdf); err != nil {
						return err
					}
					a.wrote(pdf)
				}
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&pdf, "pdf", "", "write a PDF `file` (default masterplan.pdf)")
	flags.Lookup("pdf").NoOptDefVal = "masterplan.pdf"
	flags.StringVar(&epub, "epub", "", "write an EPUB `file` (default masterplan.epub)")
	flags.Lookup("epub").NoOptDefVal = "masterplan.epub"
	flags.StringVar(&o.AsOf, "as-of", "", "the portal of this `day` (2018-09-26) instead of today's")
	return cmd
}

func (a *app) exportEvaluation() *cobra.Command {
	o := a.options()
	var out string
	cmd := &cobra.Command{
		Use:   "evaluasi",
		Short: "Write a folder for the ministry: every promise on one page to print, and the data files",
		Long: "Evaluasi writes what the portal tells of its promises as one page that stands alone (dimensions, quick wins,\n" +
			"indicators with all figures and their sources, milestones, budgets, changes, evidence), with the CSV files beside it.",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.exported(cmd, o, func(p *export.Portal) error {
				if err := p.Evaluation(out); err != nil {
					return err
				}
				a.wrote(filepath.Join(out, "index.html"))
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "evaluasi", "the new folder")
	cmd.Flags().StringVar(&o.AsOf, "as-of", "", "the portal of this `day` (2018-09-26) instead of today's")
	return cmd
}

func (a *app) wrote(file string) {
	fmt.Fprintln(a.streams.Out, diag.Textf("written: %s", file).In(a.speaks().Message))
}

// exported opens the portal, tells its problems, and exports of it.
func (a *app) exported(cmd *cobra.Command, o build.Options, write func(*export.Portal) error) error {
	if err := checkAll(a.checkSite(cmd), checkDay(cmd, o.AsOf)); err != nil {
		return err
	}
	o.Dir = a.dir
	problems := &diag.List{}
	portal, err := export.Open(cmd.Context(), o, problems)
	if err != nil {
		a.print(problems.Sorted())
		return err
	}
	defer portal.Close()
	var refused *export.RefusedError
	err = write(portal)
	told, ok := toldOf(err)
	switch {
	case errors.As(err, &refused):
		return usageError{fmt.Errorf("%s\n   %s", refused.Reason.In(a.speaks().Message), refused.Hint.In(a.speaks().Message)), cmd.CommandPath()}
	case ok:
		a.say(told)
		return errNotWritten
	default:
		return err
	}
}

// errNotWritten says that an export could not be made, for a reason that was told.
var errNotWritten = errors.New("not written")
