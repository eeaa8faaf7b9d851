package check

import (
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/model"
	"pendapa/internal/palette"
	"pendapa/internal/site"
)

// graph looks at what the site says of itself.
func (f *finder) graph() {
	s := f.portal.Site
	own := s.Editions[0]
	for _, q := range own.QuickWins {
		f.quickWin(q)
	}
	for _, section := range own.Masterplan.Unserved {
		f.add("section-unserved", diag.Problem{File: section.File, Message: diag.Textf("no quick win serves the section %s %s", section.Number, section.Title),
			Hint: diag.Textf("name the section under masterplan in a quick win, or the quick win under quick_wins here")})
	}
	for _, q := range own.Masterplan.Homeless {
		f.add("win-unserving", diag.Problem{File: q.File, Message: diag.Textf("the quick win serves no section of the masterplan"), Hint: diag.Textf("name the section under masterplan")})
	}
	for _, e := range s.Editions {
		f.edition(e)
	}
	f.contrast()
}

func (f *finder) quickWin(q *site.QuickWin) {
	if q.Overdue {
		pos, width := f.place(q.File, "review: "+q.Document.QuickWin.Review)
		f.add("overdue", diag.Problem{File: q.File, Pos: pos, Width: width, Message: diag.Textf("a new figure was due on %s", q.NextUpdate.Format("2006-01-02")), Hint: diag.Textf("add the newest measurement, or correct review")})
	}
	for _, in := range q.Indicators {
		at := diag.Problem{File: q.File, Pos: in.ID.Pos, Width: len([]rune(in.ID.ID))}
		if in.Method == "" {
			at.Message, at.Hint = diag.Textf("the indicator %q does not say how it is measured", in.ID.ID), diag.Textf("add a line  method: …  that says who counts what, and how")
			f.add("indicator-method", at)
		}
		for _, m := range in.Measurements {
			if m.Source == "" {
				at.Message, at.Hint = diag.Textf("the figure of %s of the indicator %q does not say where it comes from", m.Date.ISO(), in.ID.ID), diag.Textf("add a line  source: …  with an address or the name of the report")
				f.add("indicator-source", at)
			}
		}
	}
	for _, m := range q.Milestones {
		if m.State == site.Missed {
			pos, width := f.place(q.File, m.Title)
			f.add("milestone-late", diag.Problem{File: q.File, Pos: pos, Width: width, Message: diag.Textf("the milestone was due on %s and is not done", m.Due.ISO()), Hint: diag.Textf("add a line  done: …  if it was kept; otherwise say in its note why it is late")})
		}
	}
}

func (f *finder) edition(e *site.Edition) {
	titles := make(map[string]*site.Page)
	for _, p := range e.Own() {
		if p.Generated {
			continue
		}
		if p.Summary == "" {
			pos, _ := f.place(p.File, "title:")
			f.add("summary", diag.Problem{File: p.File, Pos: pos, Width: len("title"), Message: diag.Textf("the page has no summary"), Hint: diag.Textf("add a line  summary: …  with one or two sentences for lists and search")})
		}
		f.translation(p)
		title := strings.ToLower(strings.Join(strings.Fields(p.Title), " "))
		if p.Kind == model.KindTerm {
			continue // a term is often the title of a page too
		}
		if first := titles[title]; first != nil {
			pos, width := f.place(p.File, p.Title)
			f.add("duplicate-title", diag.Problem{File: p.File, Pos: pos, Width: width, Message: diag.Textf("the title %q is that of %s too", diag.Clip(p.Title), first.File), Hint: diag.Textf("say in each title what is its own: a place, a year, a number")})
		} else {
			titles[title] = p
		}
	}
}

// translation looks whether a translation is older than its original. Only the dates that both pages state are held
// against each other.
func (f *finder) translation(p *site.Page) {
	settings := f.portal.Site.Settings
	if p.Lang == settings.Lang() || !p.Updated.Set() {
		return
	}
	for _, original := range p.Translations {
		if original.Lang == settings.Lang() && original.Updated.Set() && model.DayOf(p.Updated.Time) < model.DayOf(original.Updated.Time) {
			pos, width := f.place(p.File, "updated:")
			f.add("translation-stale", diag.Problem{File: p.File, Pos: pos, Width: width, Message: diag.Textf("the translation is of %s, and %s was changed on %s", p.Updated.ISO(), original.File, original.Updated.ISO()), Hint: diag.Textf("bring the translation up to date, and its line updated too")})
		}
	}
}

// contrast measures every pair of colours that the stylesheet uses (WCAG 2.2, 1.4.3 and 1.4.11), in both themes.
func (f *finder) contrast() {
	settings := f.portal.Site.Settings
	themes := map[string]palette.Theme{"light": settings.Palette.Light}
	if settings.Feature("dark") {
		themes["dark"] = settings.Palette.Dark
	}
	for name, theme := range themes {
		for _, pair := range palette.Pairs() {
			text, ground := theme.Get(pair.Text), theme.Get(pair.Ground)
			if got := palette.Contrast(text, ground); got < pair.Needed {
				pos, width := f.place("site.yaml", "brand:")
				f.add("contrast", diag.Problem{File: "site.yaml", Pos: pos, Width: width, Message: diag.Textf("in the %s theme, %s (%s) on %s (%s) has a contrast of %.1f and needs %.1f", name, pair.Text, text.String(), pair.Ground, ground.String(), got, pair.Needed), Hint: diag.Textf("choose brand colours that differ more from the paper")})
			}
		}
	}
}
