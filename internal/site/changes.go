package site

import (
	"cmp"
	"slices"

	"pendapa/internal/model"
)

// Change is something new on the portal, on a day.
type Change struct {
	Date      model.Date
	Page      *Page
	Indicator *Indicator         // of a new figure
	Figure    *model.Measurement // the figure
	Milestone *Milestone         // kept on the day
}

// Latest returns the newest things that happened up to the as-of date, newest first: news, figures, milestones kept.
func (e *Edition) Latest(n int) []Change {
	var changes []Change
	today := model.DayOf(e.Site.AsOf)
	for _, news := range e.News {
		if news.Document.News.Date.Day() <= today {
			changes = append(changes, Change{Date: news.Document.News.Date, Page: news.Page})
		}
	}
	for _, q := range e.QuickWins {
		for _, in := range q.Indicators {
			if in.Latest != nil {
				changes = append(changes, Change{Date: in.Latest.Date, Page: q.Page, Indicator: in, Figure: in.Latest})
			}
		}
		for i := range q.Milestones {
			if m := &q.Milestones[i]; m.State == Kept || m.State == KeptLate {
				changes = append(changes, Change{Date: m.Done, Page: q.Page, Milestone: m})
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Date.Day(), a.Date.Day()), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Page.URL, b.Page.URL))
	})
	return changes[:min(n, len(changes))]
}

func (c Change) rank() int {
	switch {
	case c.Figure != nil:
		return 1
	case c.Milestone != nil:
		return 2
	}
	return 0
}
