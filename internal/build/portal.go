package build

import (
	"context"
	"slices"
	"strings"

	"pendapa/internal/book"
	"pendapa/internal/diag"
	"pendapa/internal/parallel"
	"pendapa/internal/render"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Portal is a whole portal as its files stood at one moment: linked and planned, each output ready to be made. It does
// not change.
type Portal struct {
	Site     *site.Site      // nil where the settings cannot be used
	Outputs  []render.Output // sorted by path
	Problems []diag.Problem  // of settings, front matter, layouts, graph and plan; those of bodies come when pages are made
	Revision int             // counts the changes of files that are not pages, since the workspace was opened

	broken   bool
	renderer *render.Renderer
	files    files
	index    *index
}

// Broken reports whether the portal has mistakes with which no page of it should be shown.
func (p *Portal) Broken() bool { return p.Site == nil || p.broken }

// Output returns the output at a path of the finished portal, such as "quick-wins/index.html".
func (p *Portal) Output(path string) (render.Output, bool) {
	i, ok := slices.BinarySearchFunc(p.Outputs, path, func(o render.Output, path string) int { return strings.Compare(o.Path, path) })
	if !ok {
		return render.Output{}, false
	}
	return p.Outputs[i], true
}

// Read returns the text of a file of the site as it was when the portal was linked.
func (p *Portal) Read(name string) ([]byte, error) { return p.files.Read(name, source.MaxFile) }

// Pass is a making of the portal's outputs, whose problems go to problems.
func (p *Portal) Pass(problems *diag.List) *render.Pass {
	return &render.Pass{Files: p.files, Past: p.files.past(), Problems: problems}
}

// Book makes one document of an edition's masterplan, as XHTML; file is where each part stands (see package book).
func (p *Portal) Book(e *site.Edition, file func(part int) string) (book.Book, error) {
	return p.renderer.Book(p.Pass(&diag.List{}), e, true, file)
}

// Report is the report on an edition for those who evaluate the city, as a page that stands alone.
func (p *Portal) Report(e *site.Edition) ([]byte, error) { return p.renderer.Evaluation(e) }

// BookIndicators are the indicators that an edition's masterplan lists.
func (p *Portal) BookIndicators(e *site.Edition) []*site.Indicator { return render.BookIndicators(e) }

// check reads the body of every page for its problems.
func (p *Portal) check(ctx context.Context, jobs int, pass *render.Pass) error {
	if p.Site == nil {
		return ctx.Err()
	}
	for _, e := range p.Site.Editions {
		pages := e.Own()
		if err := parallel.Do(ctx, jobs, len(pages), func(i int) error { p.renderer.Check(pass, pages[i]); return nil }); err != nil {
			return err
		}
	}
	return nil
}
