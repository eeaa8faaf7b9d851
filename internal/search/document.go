package search

import (
	"fmt"
	"strconv"
	"strings"

	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/site"
)

// Documents are the pages that an edition publishes, as they are found, still without the text of their bodies. What a
// page shows of its front matter is in them: figures, dates and names as readers see them and type them.
func Documents(e *site.Edition) map[*site.Page]Document {
	docs := make(map[*site.Page]Document, len(e.Own()))
	for _, p := range e.Own() {
		d := Document{URL: strings.TrimPrefix(p.URL, e.Prefix), Title: p.Title, Summary: p.Summary, Kind: string(p.Kind)}
		if p.Updated.Set() {
			d.Date = p.Updated.ISO()
		}
		d.facet("kind", string(p.Kind), "")
		d.about(p.Tags...)
		d.about(p.MenuTitle())
		var shown text
		if p.Image != nil {
			shown.words(p.Image.Alt, p.Image.Caption)
		}
		for _, s := range p.Sources {
			shown.words(s.Title)
			shown.dates(e.Lang, s.Date)
		}
		d.Shown = shown.String()
		docs[p] = d
	}
	change := func(p *site.Page, with func(d *Document, shown *text)) {
		d, own := docs[p]
		if !own {
			return // a translation is missing: the page is another edition's
		}
		var shown text
		with(&d, &shown)
		d.Shown += " " + shown.String()
		docs[p] = d
	}
	for _, q := range e.QuickWins {
		change(q.Page, func(d *Document, shown *text) { quickWin(e, q, d, shown) })
	}
	for _, n := range e.News {
		change(n.Page, func(d *Document, shown *text) { news(e, n, d, shown) })
	}
	for _, a := range e.Agencies {
		change(a.Page, func(d *Document, shown *text) {
			facts := a.Document.Agency
			d.about(facts.Abbreviation)
			if a.Above != nil {
				shown.words(a.Above.Name())
			}
			shown.words(facts.Address, facts.Phone, string(facts.Email))
			d.facet("agency", a.ID, a.Name())
		})
	}
	for _, dimension := range e.Dimensions {
		change(dimension.Page, func(d *Document, shown *text) {
			shown.words(dimension.Document.Dimension.Pillars...)
			d.dimensions(dimension)
		})
	}
	for _, t := range e.Terms {
		change(t.Page, func(d *Document, _ *text) { d.Title = strings.TrimSpace(t.Title + " " + t.Document.Term.Full) })
	}
	for _, c := range e.Masterplan.Chapters {
		change(c.Page, func(d *Document, shown *text) { shown.words(e.Lang.T("chapter", c.Number)) })
		for _, s := range c.Sections {
			change(s.Page, func(d *Document, shown *text) {
				shown.words(s.Number)
				shown.dates(e.Lang, s.Document.Section.Adopted)
				d.dimensions(s.Dimensions...)
			})
		}
	}
	return docs
}

func quickWin(e *site.Edition, q *site.QuickWin, d *Document, shown *text) {
	facts := q.Document.QuickWin
	d.State = string(facts.Status)
	d.facet("status", d.State, "")
	d.about(e.Lang.T("status." + d.State))
	d.agencies(append([]*site.Agency{q.Owner}, q.Partners...)...)
	d.dimensions(q.Dimensions...)
	d.about(facts.Goal)
	shown.words(facts.TargetGroup)
	shown.dates(e.Lang, facts.Start, facts.End)
	if b := facts.Budget; b != nil && e.Site.Settings.Feature("budgets") {
		shown.words(b.Source, e.Lang.Rupiah(b.Planned), e.Lang.ShortRupiah(b.Planned))
		if b.Spent != nil {
			shown.words(e.Lang.Rupiah(*b.Spent))
		}
	}
	for _, in := range q.Indicators {
		d.about(in.Name)
		shown.words(in.Unit, in.Method)
		for _, m := range in.Series {
			shown.words(e.Lang.Number(m.Value, in.Decimals), m.Note)
			shown.dates(e.Lang, m.Date)
		}
		for _, f := range []*model.Figure{in.Baseline, in.Target} {
			if f != nil {
				shown.words(e.Lang.Number(f.Value, in.Decimals))
				shown.dates(e.Lang, f.Date)
			}
		}
	}
	for _, m := range q.Milestones {
		d.about(m.Title)
		shown.words(m.Note)
		shown.dates(e.Lang, m.Due, m.Done)
	}
	if c := facts.Contact; c != nil {
		shown.words(c.Name, string(c.Email), c.Phone)
	}
	if !q.LastReport.IsZero() {
		d.Date = q.LastReport.Format("2006-01-02")
	}
	d.year()
}

func news(e *site.Edition, n *site.News, d *Document, shown *text) {
	facts := n.Document.News
	d.Date = facts.Date.ISO()
	shown.dates(e.Lang, facts.Date)
	d.agencies(n.Owner)
	d.dimensions(n.Dimensions...)
	if v := facts.Event; v != nil {
		if v.Number > 0 {
			d.about(fmt.Sprintf("%s %d", e.Lang.T("event.number"), v.Number))
		}
		d.about(v.Place)
		shown.words(v.Agenda...)
		shown.words(v.Participants...)
		shown.words(v.Outcomes...)
		shown.dates(e.Lang, v.Start, v.End)
	}
	if e.Site.Settings.Feature("authors") {
		shown.words(facts.Author)
	}
	d.year()
}

func (d *Document) facet(name, id, label string) {
	d.Facets = append(d.Facets, Facet{name, id, label})
}

// year is a facet of what belongs to a year: news, and promises by their newest figure.
func (d *Document) year() {
	if len(d.Date) >= 4 {
		d.facet("year", d.Date[:4], "")
	}
}

func (d *Document) about(names ...string) {
	for _, name := range names {
		if name != "" && name != d.Title {
			d.About += name + " "
		}
	}
}

func (d *Document) agencies(agencies ...*site.Agency) {
	for _, a := range agencies {
		if a != nil {
			d.about(a.Name())
			d.facet("agency", a.ID, a.Name())
		}
	}
}

func (d *Document) dimensions(dimensions ...*site.Dimension) {
	for _, dimension := range dimensions {
		d.about(dimension.Title)
		d.facet("dimension", dimension.ID, dimension.Title)
	}
}

// text is what a page shows beside its body.
type text struct{ strings.Builder }

func (t *text) words(words ...string) {
	for _, w := range words {
		if w != "" {
			t.WriteString(w + " ")
		}
	}
}

// dates are days as they stand on the page.
func (t *text) dates(lang locale.Lang, dates ...model.Date) {
	for _, date := range dates {
		if date.Set() {
			t.words(strconv.Itoa(date.Time.Day()), strings.TrimLeft(lang.Date(date.Time), "0123456789 "))
		}
	}
}
