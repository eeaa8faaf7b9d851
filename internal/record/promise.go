package record

import (
	"time"

	"pendapa/internal/history"
	"pendapa/internal/model"
)

// promiseRecord gathers what a quick win stated otherwise from one public state to the next, oldest first.
type promiseRecord struct {
	file       string
	location   *time.Location
	stated     *model.Document // its newest public state that could be read; nil: there was none
	public     bool
	amendments []model.Amendment
}

// next takes the next state, that a commit made, and whether it was public.
func (p *promiseRecord) next(commit *history.Commit, s state, public bool) {
	amend := func(c model.Change, title string) {
		p.amendments = append(p.amendments, model.Amendment{
			Change: c, File: p.file, Title: title, Commit: commit.Hash, At: commit.Time.In(p.location), Reason: withoutPeople(commit.Subject), Message: withoutPeople(commit.Body),
		})
	}
	if !public || !s.promise {
		if p.public && p.stated != nil {
			amend(model.Change{Kind: model.WithdrawnPromise}, p.stated.Title)
		}
		p.public = false
		return
	}
	if s.doc == nil {
		return // what it states then is told with the next state that can be read
	}
	if p.stated != nil {
		if !p.public {
			amend(model.Change{Kind: model.ReinstatedPromise}, s.doc.Title)
		}
		for _, c := range model.Changes(p.stated, s.doc) {
			amend(c, s.doc.Title)
		}
	}
	p.stated, p.public = s.doc, true
}
