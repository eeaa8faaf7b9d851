package render

import (
	"time"

	"pendapa/internal/feed"
	"pendapa/internal/site"
)

// Names of calendars: of a section, and of one event beside its page.
const (
	calendar  = "kalender.ics"
	eventFile = "acara.ics"
)

// hasDay reports whether a page of news tells of an event that a calendar can hold.
func hasDay(n *site.News) bool {
	return n.Document.News.Event != nil && n.Document.News.Event.Start.Set()
}

// marked is a title that leaves its page, with the word for what is only an example.
func (r *Renderer) marked(p *site.Page, title string) string {
	if p.Sample {
		return p.Edition.Lang.T("sample.word") + " " + title
	}
	return title
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
			UID: r.site.Settings.Authority.Tag(n.Identity() + "acara"), Modified: n.Changed, Start: facts.Start.Time, End: facts.End.Time, AllDay: !facts.Start.Clock,
			Summary: r.marked(n.Page, n.Title), Description: n.Summary, Place: facts.Place, URL: n.Permalink(),
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
			events = append(events, feed.Event{UID: r.site.Settings.Authority.Tag(q.Identity() + id), Modified: q.Changed, Start: day, AllDay: true, Free: true,
				Summary: r.marked(q.Page, summary+": "+q.Title), Description: description, URL: q.Permalink()})
		}
		for _, m := range q.Milestones {
			if !m.Due.Set() {
				continue
			}
			state := e.Lang.T("calendar.open")
			if m.State == site.Kept || m.State == site.KeptLate {
				state = e.Lang.T("calendar.kept", e.Lang.Date(m.Done.Time))
			}
			add(m.ID, m.Due.Time, m.Title, state)
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
