package render

import (
	"fmt"
	"html/template"

	"pendapa/internal/feed"
	"pendapa/internal/model"
	"pendapa/internal/site"
)

// How many entries a feed has: enough for a reader that looks once a month.
const (
	entries = 20
	figures = 100 // of the feed of figures
)

// atomFile is the name of a feed, beside the page that it follows.
const atomFile = "atom.xml"

// follow plans what a program follows an edition by: feeds and calendars.
func (r *Renderer) follow(e *site.Edition) []Output {
	settings, lang := r.site.Settings, e.Lang
	var outputs []Output
	atom := func(p *site.Page, at, title string, steps func() []site.Step) {
		outputs = append(outputs, Output{Path: at + atomFile, From: itself, Make: func(pass *Pass) ([]byte, error) {
			return r.atom(pass, e, p, at+atomFile, title, steps())
		}})
	}
	ics := func(at, title string, p *site.Page, events func() []feed.Event) {
		outputs = append(outputs, Output{Path: at, From: itself, Make: func(*Pass) ([]byte, error) {
			return feed.Calendar{
				Name: title, Lang: string(lang), Location: settings.Location, Source: settings.URL.String() + at, URL: p.Permalink(), Modified: p.Changed, Events: events(),
			}.Bytes(), nil
		}})
	}
	atom(e.Home, e.Prefix, settings.Title, func() []site.Step { return e.Activity(entries) })
	atom(e.Data, e.Data.URL, lang.T("feed.figures")+" – "+settings.Title, func() []site.Step { return e.Figures(figures) })
	if e.Changes != nil {
		atom(e.Changes, e.Changes.URL, e.Changes.Title+" – "+settings.Title, func() []site.Step { return e.Amended(figures) })
	}
	ics(e.Prefix+calendar, settings.Title, e.Home, func() []feed.Event { return append(r.newsEvents(e.News), r.dueEvents(e)...) })
	if p := e.Section("bintek"); p != nil {
		atom(p, e.Prefix+"bintek/", p.Title+" – "+settings.Title, func() []site.Step { return e.NewsActivity(entries) })
		ics(e.Prefix+"bintek/"+calendar, p.Title+" – "+settings.Title, p, func() []feed.Event { return r.newsEvents(e.News) })
	}
	for _, q := range e.QuickWins {
		if q.Edition == e {
			atom(q.Page, q.URL, q.Title+" – "+settings.Title, func() []site.Step { return q.Activity(entries) })
		}
	}
	for _, a := range e.Agencies {
		if a.Edition == e {
			atom(a.Page, a.URL, a.Name()+" – "+settings.Title, func() []site.Step { return a.Activity(entries) })
		}
	}
	for _, n := range e.News {
		if n.Edition == e && hasDay(n) {
			ics(n.URL+eventFile, n.Title, n.Page, func() []feed.Event { return r.newsEvents([]*site.News{n}) })
		}
	}
	return outputs
}

// followed are the feeds and calendars of a whole edition.
func (r *Renderer) followed(e *site.Edition) (feeds, calendars []Link) {
	base := r.site.Settings.Base()
	feeds = []Link{{base + e.Prefix + atomFile, e.Lang.T("feed.all")}}
	if e.Section("bintek") != nil {
		feeds = append(feeds, Link{base + e.Prefix + "bintek/" + atomFile, e.Section("bintek").Title})
		calendars = append(calendars, Link{base + e.Prefix + "bintek/" + calendar, e.Section("bintek").Title})
	}
	feeds = append(feeds, Link{base + escapePath(e.Data.URL) + atomFile, e.Lang.T("feed.figures")})
	if e.Changes != nil {
		feeds = append(feeds, Link{base + escapePath(e.Changes.URL) + atomFile, e.Changes.Title})
	}
	return feeds, append(calendars, Link{base + e.Prefix + calendar, e.Lang.T("calendar.all")})
}

// feeds are the feeds that follow a page: the whole edition's, and its own where it has one.
func (r *Renderer) feeds(e *site.Edition, p *site.Page) []Link {
	base := r.site.Settings.Base()
	feeds := []Link{{base + e.Prefix + atomFile, r.site.Settings.Title}}
	switch {
	case p == e.Data:
		feeds = append(feeds, Link{base + escapePath(p.URL) + atomFile, e.Lang.T("feed.figures")})
	case p.Kind == model.KindQuickWin, p.Kind == model.KindAgency, p == e.Section("bintek"), p == e.Changes:
		feeds = append(feeds, Link{base + escapePath(p.URL) + atomFile, p.Title})
	}
	return feeds
}

// atom is a feed of steps.
func (r *Renderer) atom(pass *Pass, e *site.Edition, p *site.Page, at, title string, steps []site.Step) ([]byte, error) {
	settings := r.site.Settings
	f := feed.Feed{
		ID: settings.Authority.Tag(p.Identity() + atomFile), Title: title, Lang: string(e.Lang), Self: settings.URL.String() + at, Alternate: p.Permalink(),
		Author: feed.Person{Name: settings.City, URI: settings.URL.String()}, Rights: settings.License.Name, Generator: feed.Generator{Name: "Pendapa"},
		Subtitle: p.Summary,
	}
	if len(steps) == 0 { // an empty feed is as old as what it follows
		if f.Updated = p.Changed; f.Updated.IsZero() {
			f.Updated = r.site.AsOf
		}
	}
	for _, v := range p.Versions() {
		if v != p {
			f.Others = append(f.Others, feed.Alternate{Lang: string(v.Edition.Lang), Href: v.Permalink()})
		}
	}
	for _, step := range steps {
		entry, err := r.entry(pass, e, step)
		if err != nil {
			return nil, err
		}
		f.Entries = append(f.Entries, entry)
	}
	return f.Bytes(), nil
}

// StepView is what the partial "step" gets: the content of a feed's entry.
type StepView struct {
	site.Step
	Body    template.HTML // the page's own text
	Picture *Picture
}

// entry is a step as an entry of a feed: whole, so that it can be read where it is.
func (r *Renderer) entry(pass *Pass, e *site.Edition, step site.Step) (feed.Entry, error) {
	p, lang := step.Page, e.Lang
	identity := step.Identity()
	entry := feed.Entry{Title: p.Title, Lang: string(p.Lang), Link: p.Permalink(), Updated: step.At, Summary: p.Summary}
	if step.Figure != nil || step.Milestone != nil || step.Amendment != nil {
		entry.Lang = string(e.Lang) // the sentence is the edition's, whatever language the page is in
		if p.Edition != e {
			identity = e.Prefix + identity
		}
	}
	entry.ID = r.site.Settings.Authority.Tag(identity)
	view := StepView{Step: step}
	switch {
	case step.Figure != nil:
		figure := lang.Number(step.Figure.Value, step.Indicator.Decimals) + " " + step.Indicator.Unit
		entry.Title = step.Indicator.Name + ": " + figure
		entry.Summary = lang.T("feed.figure", step.Indicator.Name, figure, lang.Date(step.Figure.Date.Time), p.Title)
		entry.Link, entry.Published = step.Indicator.Permalink(), step.At
	case step.Milestone != nil:
		entry.Title = lang.T("feed.done", step.Milestone.Title)
		entry.Summary = lang.T("feed.milestone", step.Milestone.Title, p.Title)
		entry.Published = step.At
	case step.Amendment != nil:
		a := step.Amendment
		entry.Title = a.Title + ": " + a.Sentence()
		entry.Summary = lang.T("feed.amended", a.Title, a.Sentence(), lang.Date(a.At))
		entry.Published = step.At
	default:
		if step.News != nil && !step.News.Document.News.Date.After(step.At) {
			entry.Published = step.News.Document.News.Date.Time
		}
		// The page's mistakes are told where the page is made.
		quiet := pass.quiet()
		_, result := r.body(quiet, p)
		view.Body, view.Picture = template.HTML(result.HTML), r.picture(quiet, p)
	}
	entry.Title = r.marked(p, entry.Title)
	for _, d := range dimensionsOf(step) {
		entry.Categories = append(entry.Categories, feed.Category{Term: d.ID, Scheme: r.site.Settings.URL.String() + e.Prefix + "dimensi/", Label: d.Title})
	}
	if owner := ownerOf(step); owner != nil {
		entry.Author = feed.Person{Name: owner.Title, URI: owner.Permalink()}
	}
	html, err := r.layouts.partial(e.Lang, "step", view, p.File)
	if err != nil {
		return entry, err
	}
	if entry.Content, err = feed.Absolute(string(html), p.Permalink()); err != nil {
		return entry, fmt.Errorf("the entry of %s in a feed: %w", p.File, err)
	}
	return entry, nil
}

func dimensionsOf(s site.Step) []*site.Dimension {
	switch {
	case s.News != nil:
		return s.News.Dimensions
	case s.QuickWin != nil:
		return s.QuickWin.Dimensions
	case s.Section != nil:
		return s.Section.Dimensions
	}
	return nil
}

func ownerOf(s site.Step) *site.Agency {
	switch {
	case s.News != nil:
		return s.News.Owner
	case s.QuickWin != nil:
		return s.QuickWin.Owner
	}
	return nil
}
