package record

import (
	"pendapa/internal/history"
	"pendapa/internal/model"
)

// promiseRecord gathers what a quick win stated otherwise from one public state to the next, oldest first.
type promiseRecord struct {
	file       string
	stated     *model.Document // its newest public state that could be read; nil: there was none
	public     bool
	amendments []model.Amendment
}

// next takes the next state of the file, with the days on which it is public, and the day on which another takes its place.
func (p *promiseRecord) next(r *Record, v history.Revision, s state, days span, public bool, until int) {
	amend := func(c model.Change, title string, day int) {
		e := r.told(v.Commit, v.Path, day)
		p.amendments = append(p.amendments, model.Amendment{Change: c, File: p.file, Title: title, Commit: e.Commit, At: e.At, Reason: e.Subject, Message: e.Body})
	}
	from := r.dayOf(v.Commit)
	shown := public && s.promise
	if p.public && (!shown || days.first > from) {
		if p.stated != nil {
			amend(model.Change{Kind: model.WithdrawnPromise}, p.stated.Title, from)
		}
		p.public = false
	}
	if !shown || s.doc == nil {
		return // what a state that cannot be read states is told with the next that can
	}
	if p.stated != nil {
		if !p.public {
			amend(model.Change{Kind: model.ReinstatedPromise}, s.doc.Title, days.first)
		}
		for _, c := range model.Changes(p.stated, s.doc) {
			amend(c, s.doc.Title, days.first)
		}
	}
	p.stated, p.public = s.doc, true
	if days.last < until {
		amend(model.Change{Kind: model.WithdrawnPromise}, s.doc.Title, days.last)
		p.public = false
	}
}
