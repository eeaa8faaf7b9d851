package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/diag"
	"pendapa/internal/model"
	"pendapa/internal/scaffold"
	"pendapa/internal/site"
)

func (a *app) newPage() *cobra.Command {
	var in, slug string
	cmd := &cobra.Command{
		Use:   "new KIND TITLE",
		Short: "Write a new page of a kind, with every field explained",
		Long: "New writes a page at its right place, as a draft that builds as it is. Every field of its kind stands in it\n" +
			"with what it is for; those that are not needed are comments. It never writes over a file.\n\n" +
			"The kinds are " + strings.Join(kindNames(), ", ") + ".",
		Example: "  pendapa new quick-win \"Bank sampah di setiap desa\"\n  pendapa new bintek \"Bintek keempat\"\n  pendapa new masterplan \"Arah kebijakan\" --in pendahuluan",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{errors.New("new wants a kind and a title; put the title in quotes: pendapa new quick-win \"Bank sampah\""), cmd.CommandPath()}
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return kindNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			kind := model.Kind(args[0])
			if !slices.Contains(model.Kinds(), kind) {
				return usageError{errors.New(diag.Textf("there is no kind %q; %s", args[0], diag.DidYouMean(args[0], kindNames(), diag.Textf("the kinds are %s", strings.Join(kindNames(), ", ")))).In(a.speaks().Message)), cmd.CommandPath()}
			}
			if err := a.checkSite(cmd); err != nil {
				return err
			}
			portal, err := a.read(cmd)
			if err != nil {
				return err
			}
			settings := portal.Site.Settings
			page := scaffold.Page{Kind: kind, Title: args[1], Slug: slug, In: in, Today: time.Now().In(settings.Location), Lang: a.speaks()}
			if err := a.placeInPlan(cmd, portal.Site.Editions[0].Masterplan, &page); err != nil {
				return err
			}
			file, err := scaffold.New(a.dir, page)
			if err != nil {
				return err
			}
			done := diag.Textf("%s is written, as a draft; pendapa serve --drafts shows it", file)
			_, err = fmt.Fprintln(a.streams.Out, done.In(a.speaks().Message))
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&in, "in", "", "the `folder`: of a section of the masterplan its chapter, of a plain page a folder below content/")
	flags.StringVar(&slug, "slug", "", "the `name` of the file and the last part of the address (default: from the title)")
	_ = cmd.RegisterFlagCompletionFunc("in", func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		portal, err := a.read(cmd)
		if err != nil || len(args) == 0 || model.Kind(args[0]) != model.KindSection {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
		return chapterIDs(portal.Site.Editions[0].Masterplan), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// read reads the portal, for its settings and its chapters; mistakes in its pages do not matter here.
func (a *app) read(cmd *cobra.Command) (*build.Portal, error) {
	o := a.options()
	o.Dir, o.Drafts, o.Future = a.dir, true, true
	w, err := build.Open(o)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	portal, _, err := w.Update(cmd.Context(), build.Changes{All: true})
	if err != nil {
		return nil, err
	}
	if portal.Site == nil {
		a.print(portal.Problems)
		return nil, build.ErrContent
	}
	return portal, nil
}

// placeInPlan finds the chapter of a section, and the next place for chapters and sections.
func (a *app) placeInPlan(cmd *cobra.Command, plan *site.Masterplan, page *scaffold.Page) error {
	refuse := func(t diag.Text) error {
		return usageError{errors.New(t.In(a.speaks().Message)), cmd.CommandPath()}
	}
	switch page.Kind {
	case model.KindChapter:
		for _, c := range plan.Chapters {
			page.Order = max(page.Order, c.Document.Section.Order.Value)
		}
	case model.KindSection:
		ids := chapterIDs(plan)
		switch {
		case len(ids) == 0:
			return refuse(diag.Textf("the masterplan has no chapter yet; write one: pendapa new chapter TITLE"))
		case page.In == "" && len(ids) == 1:
			page.In = ids[0]
		case page.In == "":
			return refuse(diag.Textf("a section stands in a chapter; name it with --in: %s", strings.Join(ids, ", ")))
		case !slices.Contains(ids, page.In):
			return refuse(diag.Textf("there is no chapter %q; %s", page.In, diag.DidYouMean(page.In, ids, diag.Textf("the chapters are %s", strings.Join(ids, ", ")))))
		}
		for _, c := range plan.Chapters {
			if c.ID == page.In {
				for _, s := range c.Sections {
					page.Order = max(page.Order, s.Document.Section.Order.Value)
				}
			}
		}
	}
	page.Order++
	return nil
}

func chapterIDs(plan *site.Masterplan) []string {
	var ids []string
	for _, c := range plan.Chapters {
		ids = append(ids, c.ID)
	}
	return ids
}

func kindNames() []string {
	var names []string
	for _, k := range model.Kinds() {
		names = append(names, string(k))
	}
	return names
}
