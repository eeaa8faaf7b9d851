package render

import (
	"fmt"
	"html/template"
	"image/color"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pendapa/internal/config"
	"pendapa/internal/cover"
	"pendapa/internal/diag"
	"pendapa/internal/feed"
	"pendapa/internal/host"
	"pendapa/internal/model"
	"pendapa/internal/palette"
	"pendapa/internal/site"
)

// How many entries a feed has: enough for a reader that looks once a month.
const (
	entries    = 20
	figures    = 100 // of the feed of figures
	atomFile   = "atom.xml"
	calendar   = "kalender.ics"
	eventFile  = "acara.ics"
	covers     = "assets/sampul/"
	sitemap    = "sitemap.xml"
	security   = ".well-known/security.txt"
	leastAhead = 30 // days that security.txt must still be good for
)

// authority is who the portal is in feeds and calendars. The settings were checked.
func (r *Renderer) authority() feed.Authority {
	a, err := feed.ParseAuthority(r.site.Settings.Identity)
	if err != nil {
		return feed.Authority{Name: "portal.invalid", Date: "2026"}
	}
	return a
}

// follow plans what a program follows an edition by: feeds and calendars.
func (r *Renderer) follow(e *site.Edition) []Output {
	settings, lang := r.site.Settings, e.Lang
	var outputs []Output
	atom := func(p *site.Page, at, title string, steps func() []site.Step) {
		outputs = append(outputs, Output{Path: at + atomFile, From: itself, Graph: true, Make: func(pass *Pass) ([]byte, error) {
			return r.atom(pass, e, p, at+atomFile, title, steps())
		}})
	}
	ics := func(at, title string, p *site.Page, events func() []feed.Event) {
		outputs = append(outputs, Output{Path: at, From: itself, Graph: true, Make: func(*Pass) ([]byte, error) {
			return feed.Calendar{
				Name: title, Lang: string(lang), Location: settings.Location, Source: settings.URL.String() + at, URL: p.Permalink(), Modified: p.Changed, Events: events(),
			}.Bytes(), nil
		}})
	}
	atom(e.Home, e.Prefix, settings.Title, func() []site.Step { return e.Activity(entries) })
	atom(e.Data, e.Data.URL, lang.T("feed.figures")+" – "+settings.Title, func() []site.Step { return e.Figures(figures) })
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

// hasDay reports whether a page of news tells of an event that a calendar can hold.
func hasDay(n *site.News) bool {
	return n.Document.News.Event != nil && n.Document.News.Event.Start.Set()
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
	return feeds, append(calendars, Link{base + e.Prefix + calendar, e.Lang.T("calendar.all")})
}

// feeds are the feeds that follow a page: the whole edition's, and its own where it has one.
func (r *Renderer) feeds(e *site.Edition, p *site.Page) []Link {
	base := r.site.Settings.Base()
	feeds := []Link{{base + e.Prefix + atomFile, r.site.Settings.Title}}
	switch {
	case p == e.Data:
		feeds = append(feeds, Link{base + escapePath(p.URL) + atomFile, e.Lang.T("feed.figures")})
	case p.Kind == model.KindQuickWin, p.Kind == model.KindAgency, p == e.Section("bintek"):
		feeds = append(feeds, Link{base + escapePath(p.URL) + atomFile, p.Title})
	}
	return feeds
}

// signOf is the sign of the section that a page belongs to.
func signOf(p *site.Page) string {
	folder, _, _ := strings.Cut(p.Path, "/")
	if slices.Contains(cover.Signs(), folder) {
		return folder
	}
	return ""
}

// atom is a feed of steps.
func (r *Renderer) atom(pass *Pass, e *site.Edition, p *site.Page, at, title string, steps []site.Step) ([]byte, error) {
	settings, authority := r.site.Settings, r.authority()
	f := feed.Feed{
		ID: authority.Tag(p.Identity() + atomFile), Title: title, Lang: string(e.Lang), Self: settings.URL.String() + at, Alternate: p.Permalink(),
		Author: feed.Person{Name: settings.City, URI: settings.URL.String()}, Rights: settings.License.Name, Generator: feed.Generator{Name: "Pendapa"},
		Updated: r.site.AsOf, // of a feed without entries: there are none as of that day
	}
	if len(steps) > 0 {
		f.Updated = time.Time{}
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
	entry := feed.Entry{ID: r.authority().Tag(step.Identity()), Title: p.Title, Lang: string(p.Lang), Link: p.Permalink(), Updated: step.At, Summary: p.Summary}
	view := StepView{Step: step}
	switch {
	case step.Figure != nil:
		figure := lang.Number(step.Figure.Value, step.Indicator.Decimals) + " " + step.Indicator.Unit
		entry.Title = step.Indicator.Name + ": " + figure
		entry.Summary = lang.T("feed.figure", step.Indicator.Name, figure, lang.Date(step.Figure.Date.Time), p.Title)
		entry.Link, entry.Published = step.Indicator.Permalink(), step.At
	case step.Milestone != nil:
		entry.Title = lang.T("change.milestone", step.Milestone.Title)
		entry.Summary = lang.T("feed.milestone", step.Milestone.Title, p.Title)
		entry.Published = step.At
	default:
		if step.News != nil && !step.News.Document.News.Date.After(step.At) {
			entry.Published = step.News.Document.News.Date.Time
		}
		// The page's mistakes are told where the page is made.
		quiet := &Pass{Files: pass.Files, Problems: &diag.List{}}
		_, result := r.body(quiet, p)
		view.Body, view.Picture = template.HTML(result.HTML), r.picture(quiet, p)
	}
	if owner := ownerOf(step); owner != nil {
		entry.Author = feed.Person{Name: owner.Title, URI: owner.Permalink()}
	}
	html, err := execute(r.layouts.sets[e.Lang].partials, "step", view, p.File)
	if err != nil {
		return entry, err
	}
	if entry.Content, err = feed.Absolute(string(html), p.Permalink()); err != nil {
		return entry, fmt.Errorf("the entry of %s in a feed: %w", p.File, err)
	}
	return entry, nil
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

// newsEvents are the events that news tells of.
func (r *Renderer) newsEvents(news []*site.News) []feed.Event {
	var events []feed.Event
	for _, n := range news {
		if !hasDay(n) {
			continue
		}
		facts := n.Document.News.Event
		event := feed.Event{
			UID: r.authority().Tag(n.Identity() + "acara"), Modified: n.Changed, Start: facts.Start.Time, End: facts.End.Time, AllDay: !facts.Start.Clock,
			Summary: n.Title, Description: n.Summary, Place: facts.Place, URL: n.Permalink(),
		}
		if facts.End.Set() && facts.Start.Clock && !facts.End.Clock {
			event.End = time.Time{} // a day, for an event that starts at an hour
			if facts.End.Day() > facts.Start.Day() {
				event.AllDay, event.End = true, facts.End.Time
			}
		}
		events = append(events, event)
	}
	return events
}

// dueEvents are the days by which something is promised: milestones, ends of quick wins, and new figures.
func (r *Renderer) dueEvents(e *site.Edition) []feed.Event {
	var events []feed.Event
	for _, q := range e.QuickWins {
		add := func(id string, day time.Time, summary, description string) {
			events = append(events, feed.Event{UID: r.authority().Tag(q.Identity() + id), Modified: q.Changed, Start: day, AllDay: true, Free: true,
				Summary: summary + ": " + q.Title, Description: description, URL: q.Permalink()})
		}
		for _, m := range q.Milestones {
			if !m.Due.Set() {
				continue
			}
			state := e.Lang.T("calendar.open")
			if m.State == site.Kept || m.State == site.KeptLate {
				state = e.Lang.T("calendar.kept", e.Lang.Date(m.Done.Time))
			}
			add(m.Identity(), m.Due.Time, m.Title, state)
		}
		if end := q.Document.QuickWin.End; end.Set() {
			add("batas-waktu", end.Time, e.Lang.T("calendar.end"), q.Document.QuickWin.Goal)
		}
		if !q.NextUpdate.IsZero() {
			add("angka/"+q.NextUpdate.Format(time.DateOnly), q.NextUpdate, e.Lang.T("calendar.update"), e.Lang.T("calendar.update.about"))
		}
	}
	return events
}

// hosted plans what search engines and hosts read at fixed addresses. A file of the same name in static/ takes the place
// of ours. planned are all other outputs.
func (r *Renderer) hosted(planned []Output) []Output {
	settings := r.site.Settings
	var outputs []Output
	add := func(path string, make func() []byte) {
		if r.assets.static.has(path) {
			return
		}
		outputs = append(outputs, Output{Path: path, From: itself, Graph: true, Make: func(*Pass) ([]byte, error) { return make(), nil }})
	}
	var rules []host.Rule
	seen := make(map[string]bool)
	rule := func(path string, headers ...host.Header) {
		if !seen[path] {
			seen[path] = true
			pattern := strings.NewReplacer("%2A", "*", "%3A", ":").Replace(escapePath(path)) // names in the output hold neither
			rules = append(rules, host.Rule{Path: settings.Base() + pattern, Headers: headers})
		}
	}
	for _, o := range planned {
		if o.Forever {
			rule(forever(o.Path), host.Forever)
		}
	}
	for _, e := range r.site.Editions {
		if e.Search != nil {
			rule(IndexFolder(e)+":folder/*", host.Forever)
		}
		for _, open := range []string{e.Data.URL + "*", e.Prefix + atomFile, e.Prefix + calendar, e.Prefix + "bintek/" + atomFile, e.Prefix + "bintek/" + calendar} {
			rule(open, host.Open)
		}
	}
	var redirects []host.Redirect
	for _, e := range r.site.Editions {
		for _, p := range e.Own() {
			for _, alias := range p.Aliases {
				from := settings.Base() + escapePath(alias[1:])
				redirects = append(redirects, host.Redirect{From: from, To: settings.Base() + escapePath(p.URL)})
			}
		}
	}
	add("_headers", func() []byte { return host.HeadersFile(settings.Base(), rules) })
	if len(redirects) > 0 {
		add("_redirects", func() []byte { return host.RedirectsFile(redirects) })
	}
	add(".nojekyll", func() []byte { return []byte{} })
	add("robots.txt", func() []byte { return feed.Robots(settings.URL.String()+sitemap, nil) })
	addresses := r.addresses()
	switch parts := feed.Split(addresses, feed.MaxAddresses, feed.MaxSitemapBytes); len(parts) {
	case 0, 1:
		add(sitemap, func() []byte { return feed.Sitemap(addresses) })
	default:
		var index []feed.Address
		for i, part := range parts {
			name := "sitemap-" + strconv.Itoa(i+1) + ".xml"
			index = append(index, feed.Address{Loc: settings.URL.String() + name, Modified: feed.Newest(part)})
			add(name, func() []byte { return feed.Sitemap(part) })
		}
		add(sitemap, func() []byte { return feed.SitemapIndex(index) })
	}
	if until := settings.SecurityUntil; !until.IsZero() {
		r.checkSecurity()
		var languages []string
		for _, e := range r.site.Editions {
			languages = append(languages, string(e.Lang))
		}
		add(security, func() []byte {
			return feed.Security{Contact: settings.Security.Contact, Expires: until, Languages: languages, Canonical: []string{settings.URL.String() + security}, Policy: settings.Security.Policy}.Bytes()
		})
	}
	return outputs
}

// forever is the path of the rule for a file that is named by its contents: hosts take few rules, so folders of such
// files have one.
func forever(name string) string {
	if dir := path.Dir(name); dir+"/" == pictureFolder || strings.HasPrefix(dir+"/", strings.TrimSuffix(scripts, "/")+".") {
		return dir + "/*"
	}
	return name
}

// checkSecurity refuses a security.txt that is about to say nothing any more (RFC 9116, 2.5.5).
func (r *Renderer) checkSecurity() {
	settings := r.site.Settings
	ahead := model.DayOf(settings.SecurityUntil) - model.DayOf(r.site.AsOf)
	problem := diag.Problem{File: "site.yaml", Pos: settings.SecurityUntilPos, Width: len(settings.Security.Expires)}
	switch {
	case ahead < leastAhead:
		problem.Message = diag.Textf("security.expires is less than %d days ahead: after it nobody can trust the contact", leastAhead)
		problem.Hint = diag.Textf("see that the contact still holds, and write a day within the next year")
	case ahead > 366:
		problem.Severity = diag.Warning
		problem.Message = diag.Textf("security.expires is more than a year ahead")
		problem.Hint = diag.Textf("write a day within the next year, so that somebody looks at the contact again")
	default:
		return
	}
	r.problems.Add(problem)
}

// addresses are the pages that search engines should know, with when they changed: those that are nobody's draft and no
// example.
func (r *Renderer) addresses() []feed.Address {
	var list []feed.Address
	for _, e := range r.site.Editions {
		for _, p := range append(e.Own()[:len(e.Own()):len(e.Own())], e.Data, e.Comparison) {
			if noIndex(p) {
				continue
			}
			a := feed.Address{Loc: p.Permalink(), Modified: p.Changed}
			for _, t := range p.Versions() {
				if !noIndex(t) {
					a.Alternates = append(a.Alternates, feed.Alternate{Lang: string(t.Edition.Lang), Href: t.Permalink()})
				}
			}
			list = append(list, a)
		}
	}
	return list
}

// noIndex reports whether search engines are asked to pass a page over.
func noIndex(p *site.Page) bool { return p.Sample || p.Draft }

// covers plans the pictures that stand for shared addresses, one for each section.
func (a *Assets) coverOutputs() []Output {
	var outputs []Output
	for sign, draw := range a.covers {
		outputs = append(outputs, Output{Path: coverPath(sign), From: itself, Graph: true, Make: func(*Pass) ([]byte, error) { return draw(), nil }})
	}
	return outputs
}

// drawCovers prepares these pictures: drawn when they are first asked for, and the same until the settings change.
func drawCovers(settings *config.Settings) map[string]func() []byte {
	theme := settings.Palette.Light
	colors := cover.Colors{Ground: rgba(theme.Get("header")), Lines: rgba(theme.Get("header-text")), Accent: rgba(theme.Get("header-accent"))}
	drawn := make(map[string]func() []byte)
	for _, sign := range append(cover.Signs(), "") {
		drawn[sign] = sync.OnceValue(func() []byte { return cover.PNG(colors, sign) })
	}
	return drawn
}

func coverPath(sign string) string {
	if sign == "" {
		sign = "portal"
	}
	return covers + sign + ".png"
}

func rgba(c palette.Color) color.RGBA {
	red, green, blue := c.Bytes()
	return color.RGBA{red, green, blue, 255}
}
