package render

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"html/template"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/compare"
	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/model"
	"pendapa/internal/picture"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Where the masterplan's pages stand, in the site's folder and in the output.
const (
	planFolder     = "content/masterplan/"
	editionsFolder = "masterplan/edisi/"
	compareFolder  = "masterplan/banding/"
)

// PlanAt is where an edition of the masterplan stands, in the output folder.
func PlanAt(id string) string { return editionsFolder + id + "/" }

// Plan is an edition of the masterplan: the site as it was at a revision, of which the masterplan is shown.
type Plan struct {
	Edition model.PlanEdition
	Commit  string // hash
	Site    *site.Site
	Files   Files    // as they were
	Beside  []Beside // of content/masterplan/

	old *Renderer
}

// SetPlans gives a renderer the earlier editions of the masterplan, newest first. It is called before anything is planned.
func (r *Renderer) SetPlans(plans []*Plan) {
	r.plans = plans
	for _, p := range plans {
		p.old = New(p.Site, r.layouts, r.assets, p.Beside, r.cache, nil, &diag.List{})
		p.old.today, p.old.planAt, p.old.smaller = r, PlanAt(p.Edition.ID.ID), r.smaller
	}
}

// pass is a making of an edition, whose text nobody corrects any more: what is wrong with it is not told.
func (p *Plan) pass(pass *Pass) *Pass {
	return &Pass{Files: p.Files, Problems: &diag.List{}, Done: pass.Done}
}

// book is the masterplan of the edition.
func (p *Plan) book() *site.Masterplan { return p.Site.Editions[0].Masterplan }

// linkTo is a link from an earlier edition of the masterplan to a page of today. Where there is none any more, the words
// stay without a link.
func (r *Renderer) linkTo(file, fragment string) markdown.Target {
	if p := r.site.ByFile(file); p != nil {
		return markdown.Target{Href: p.Link()} // its headings may be others now
	}
	if entry, ok := r.beside[file]; ok && strings.HasPrefix(entry.Path, "content/") {
		return markdown.Target{Href: r.site.Settings.Base() + escapePath(r.published(file))}
	}
	return markdown.Target{}
}

// EditionView is the contents of an edition of the masterplan.
type EditionView struct {
	View
	Plan        model.PlanEdition
	Commit      string
	Chapters    []*site.Chapter
	Comparisons []Link
}

// EditionPartView is a chapter or a section of an edition.
type EditionPartView struct {
	View
	Plan     model.PlanEdition
	Over     *site.Page // the contents of the edition
	Number   string
	Sections []*site.Section
	Previous *site.Page
	Next     *site.Page
	Now      *site.Page // the page as it is today; nil: there is none
}

// PlanComparisonView compares two editions of the masterplan, part by part.
type PlanComparisonView struct {
	View
	Before, After string // titles
	Parts         []PlanPart
	Counts        map[string]int // of the parts, by their state
}

// PlanPart is a chapter or section in two editions.
type PlanPart struct {
	State       string // "same", "changed", "added", "removed"
	Number      string // in the newer edition, or in the older where it was removed
	NumberThen  string // where it was another
	Title       string
	Href        string // of the newer page, or of the older
	Chapter     bool
	Rows        []DifferenceRow
	Cut         bool
	Added, Gone int // words
}

// EditionLink is an edition as the masterplan lists it.
type EditionLink struct {
	model.PlanEdition
	Href    string
	Compare string // address of the comparison with today's
}

// editionLinks are the editions of the masterplan, newest first.
func (r *Renderer) editionLinks() []EditionLink {
	var list []EditionLink
	base := r.site.Settings.Base()
	for _, p := range r.plans {
		id := p.Edition.ID.ID
		list = append(list, EditionLink{p.Edition, base + PlanAt(id), base + comparisonAt(id, model.PlanNow)})
	}
	return list
}

func comparisonAt(before, after string) string { return compareFolder + before + "/" + after + "/" }

// editions plans the earlier editions of the masterplan, in the portal's own language, and the comparisons of any two.
func (r *Renderer) editions() []Output {
	e := r.site.Editions[0]
	over := e.Masterplan.Page
	if over == nil {
		return nil
	}
	var outputs []Output
	add := func(url, layout string, view func(View) (any, error)) {
		outputs = append(outputs, r.generated(e, over, url, layout, view))
	}
	for i, p := range r.plans {
		index := p.book().Page
		add(PlanAt(p.Edition.ID.ID), "edition.html", func(v View) (any, error) {
			v.retitle(p.Edition.Title)
			v.Description = p.Edition.Summary
			if index != nil {
				v = p.withBody(v, index)
				v.Contents = nil
			}
			view := EditionView{View: v, Plan: p.Edition, Commit: p.Commit, Chapters: p.book().Chapters}
			for k, other := range r.plans {
				href, text := comparisonAt(other.Edition.ID.ID, p.Edition.ID.ID), other.Edition.Title
				if k < i {
					href = comparisonAt(p.Edition.ID.ID, other.Edition.ID.ID)
				}
				if k != i {
					view.Comparisons = append(view.Comparisons, Link{r.site.Settings.Base() + href, text})
				}
			}
			view.Comparisons = append(view.Comparisons, Link{r.site.Settings.Base() + comparisonAt(p.Edition.ID.ID, model.PlanNow), e.Lang.T("edition.now")})
			return view, nil
		})
		part := func(page *site.Page, number string, sections []*site.Section, previous, next *site.Page) {
			add(page.URL, "edition-part.html", func(v View) (any, error) {
				v.retitle(page.Title)
				v.Description, v.NoIndex = page.Summary, true // today's page is the one to be found
				v = p.withBody(v, page)
				view := EditionPartView{View: v, Plan: p.Edition, Number: number, Sections: sections, Previous: previous, Next: next, Now: r.site.ByFile(norm.NFC.String(page.File))}
				view.Over = &site.Page{Document: &model.Document{Common: model.Common{Title: p.Edition.Title}}, Edition: e, URL: PlanAt(p.Edition.ID.ID)}
				view.Breadcrumbs = append(v.Breadcrumbs[:len(v.Breadcrumbs):len(v.Breadcrumbs)], view.Over)
				return view, nil
			})
		}
		for _, c := range p.book().Chapters {
			part(c.Page, c.Number, c.Sections, c.Previous, c.Next)
			for _, s := range c.Sections {
				part(s.Page, s.Number, nil, s.Previous, s.Next)
			}
		}
		for _, o := range p.old.besides() {
			o.From, o.Asset = itself, false
			make := o.Make
			o.Make = func(pass *Pass) ([]byte, error) {
				old := p.pass(pass)
				data, err := make(old)
				if old.Problems.Errors() > 0 {
					return nil, err // what may not be published today may not either because it was once
				}
				return data, err
			}
			outputs = append(outputs, o)
		}
		for _, newer := range r.plans[:i] {
			add(comparisonAt(p.Edition.ID.ID, newer.Edition.ID.ID), "edition-comparison.html", func(v View) (any, error) {
				return r.comparePlans(v, p, newer)
			})
		}
		add(comparisonAt(p.Edition.ID.ID, model.PlanNow), "edition-comparison.html", func(v View) (any, error) { return r.comparePlans(v, p, nil) })
	}
	return outputs
}

// withBody fills in the text of a page of the edition.
func (p *Plan) withBody(v View, page *site.Page) View {
	_, result := p.old.body(p.pass(v.pass), page)
	v.Body = template.HTML(result.HTML) // of our own renderers, as in Renderer.withBody
	v.Contents = contentsOf(result.Headings)
	return v
}

// planPart is a chapter or section with how it is read.
type planPart struct {
	page    *site.Page
	number  string
	chapter bool
	files   Files
}

// parts are the chapters and sections of a masterplan in reading order.
func parts(m *site.Masterplan, files Files) []planPart {
	var list []planPart
	if p := m.Page; p != nil && !p.Generated {
		list = append(list, planPart{p, "", true, files})
	}
	for _, c := range m.Chapters {
		list = append(list, planPart{c.Page, c.Number, true, files})
		for _, s := range c.Sections {
			list = append(list, planPart{s.Page, s.Number, false, files})
		}
	}
	return list
}

// comparePlans compares an edition with a newer one; nil: with today's.
func (r *Renderer) comparePlans(v View, before, after *Plan) (PlanComparisonView, error) {
	older := parts(before.book(), before.Files)
	newer, title := parts(v.Edition.Masterplan, v.pass.Files), v.Lang.T("edition.now")
	if after != nil {
		newer, title = parts(after.book(), after.Files), after.Edition.Title
	}
	v.retitle(v.Lang.T("edition.comparison", before.Edition.Title, title))
	v.Description, v.NoIndex = "", true
	view := PlanComparisonView{View: v, Before: before.Edition.Title, After: title, Counts: make(map[string]int)}
	// A part that was renamed or moved is still known by its title.
	partners := compare.Match(newer, older,
		func(a, b planPart) bool { return a.chapter == b.chapter && a.page.ID == b.page.ID },
		func(a, b planPart) bool { return a.chapter == b.chapter && a.page.Title == b.page.Title })
	taken := make([]bool, len(older))
	for _, at := range partners {
		if at >= 0 {
			taken[at] = true
		}
	}
	add := func(part PlanPart) {
		view.Counts[part.State]++
		view.Parts = append(view.Parts, part)
	}
	removed := func(behind int) { // those of the older edition behind a place, up to the next that is still there
		for i := behind + 1; i < len(older) && !taken[i]; i++ {
			o := older[i]
			add(PlanPart{State: "removed", Number: o.number, Title: o.page.Title, Href: o.page.Link(), Chapter: o.chapter})
		}
	}
	removed(-1)
	for i, n := range newer {
		part := PlanPart{State: "added", Number: n.number, Title: n.page.Title, Href: n.page.Link(), Chapter: n.chapter}
		if at := partners[i]; at >= 0 {
			o := older[at]
			rows, err := r.compareParts(v.pass, o, n)
			if err != nil {
				return view, err
			}
			part.State = "same"
			if part.Added, part.Gone = compare.Changes(rows); slices.ContainsFunc(rows, func(row compare.Row) bool { return row.Status != compare.Same }) {
				part.State = "changed"
				part.Rows, part.Cut = difference(rows)
			}
			if o.number != n.number {
				part.NumberThen = o.number
			}
			add(part)
			removed(at)
			continue
		}
		add(part)
	}
	return view, nil
}

func (r *Renderer) compareParts(pass *Pass, before, after planPart) ([]compare.Row, error) {
	text := func(p planPart) ([]compare.Block, error) {
		if p.page.Generated {
			return []compare.Block{{Kind: "title", Text: p.page.Title}}, nil
		}
		data, err := p.files.Read(p.page.File, source.MaxFile)
		if err != nil {
			pass.Problems.Add(source.Problem(p.page.File, err))
			return nil, nil
		}
		return append(pass.Past.Passages(data), shownIn(pass.Past, p, data)...), nil
	}
	then, err := text(before)
	if err != nil {
		return nil, err
	}
	now, err := text(after)
	if err != nil {
		return nil, err
	}
	return compare.Texts(then, now), nil
}

// embedded is what a text shows of other files: tables, figures, pictures.
var embedded = regexp.MustCompile("(?m)^```(csv|indicator)[ \t]*\r?\n([^\n`]+)|!\\[[^\\]\n]*\\]\\(([^)\\s]+)\\)")

// cells sets the cells of a row apart, as the words that they are.
var cells = strings.NewReplacer(",", " | ", ";", " | ")

// shownIn is what a part's text shows of other files, so that a part whose words are the same and whose figures are not is
// told as changed.
func shownIn(past Past, p planPart, text []byte) (blocks []compare.Block) {
	read := func(name string) []byte {
		data, err := p.files.Read(name, MaxAsset)
		if err != nil {
			return nil // it is told where the part itself is made
		}
		return data
	}
	for _, m := range embedded.FindAllSubmatch(text, -1) {
		block, argument := string(m[1]), strings.TrimSpace(string(m[2]))
		switch {
		case block == "csv":
			rows := strings.Split(strings.TrimSpace(string(read(path.Join(p.page.Dir(), argument)))), "\n")
			for _, row := range rows[:min(len(rows), mostRows)] {
				blocks = append(blocks, compare.Block{Kind: "row", Text: cells.Replace(strings.TrimRight(row, "\r"))})
			}
		case block == "indicator":
			file, id, _ := strings.Cut(argument, "#")
			for _, stated := range past.Passages(read("content/" + strings.TrimSuffix(file, ".md") + ".md")) {
				if strings.HasPrefix(stated.Text, "indicators › "+id+" › ") {
					blocks = append(blocks, stated)
				}
			}
		case !bytes.Contains(m[3], []byte(":")):
			name := string(m[3])
			blocks = append(blocks, compare.Block{Kind: "field", Text: fmt.Sprintf("%s: SHA-256 %.6x", name, sha256.Sum256(read(path.Join(p.page.Dir(), name))))})
		}
	}
	return blocks
}

// PictureOf looks at a picture of an earlier edition; nil: it is none of pixels.
func PictureOf(name string, data []byte) *PictureFile {
	if !picture.Known(name) {
		return nil
	}
	p := &PictureFile{Digest: sha256.Sum256(data)}
	p.Info, p.Trouble = picture.Inspect(name, data)
	return p
}
