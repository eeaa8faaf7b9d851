package site

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pendapa/internal/model"
)

// Identity is what names the page for ever in feeds and calendars: the first address that it had. That is the first of
// its aliases in the page's own section, where it has any; a short address that only leads there is none of these.
func (p *Page) Identity() string {
	section, below, _ := strings.Cut(strings.TrimPrefix(p.URL, p.Edition.Prefix), "/")
	for _, alias := range p.Aliases {
		alias = strings.TrimPrefix(alias, "/")
		if below != "" && !strings.HasPrefix(alias, p.Edition.Prefix+section+"/") {
			continue
		}
		return strings.TrimSuffix(strings.TrimSuffix(alias, "index.html"), "/") + "/"
	}
	return p.URL
}

// Step is something that happened, as a feed tells of it: a page that is new or changed, a figure, or a milestone kept.
type Step struct {
	At        time.Time
	Page      *Page
	News      *News              // of a page of news
	QuickWin  *QuickWin          // of a quick win, its figures and its milestones
	Section   *Section           // of a section of the masterplan
	Indicator *Indicator         // of a figure
	Figure    *model.Measurement // the figure
	Milestone *Milestone         // kept
	Amendment *Amendment         // of what was promised
}

// Identity is what names the step for ever.
func (s Step) Identity() string {
	switch {
	case s.Figure != nil:
		return s.Page.Identity() + s.Indicator.Anchor() + "/" + s.Figure.Date.Format(time.DateOnly)
	case s.Milestone != nil:
		return s.Page.Identity() + s.Milestone.ID
	case s.Amendment != nil:
		return s.Amendment.Identity
	}
	return s.Page.Identity()
}

// newestSteps puts steps in their order, newest first, and keeps the first of them.
func newestSteps(steps []Step, n int) []Step {
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.Identity(), b.Identity()))
	})
	return steps[:min(n, len(steps))]
}

// steps are the pages of news, without those that are announced for a later day: they come then.
func steps(news []*News) []Step {
	var steps []Step
	for _, n := range news {
		if !n.Changed.IsZero() {
			steps = append(steps, Step{At: n.Changed, Page: n.Page, News: n})
		}
	}
	return steps
}

// promised are the page of a quick win, and its milestones that were kept.
func (q *QuickWin) promised() []Step {
	var steps []Step
	if !q.Changed.IsZero() {
		steps = append(steps, Step{At: q.Changed, Page: q.Page, QuickWin: q})
	}
	for i := range q.Milestones {
		if m := &q.Milestones[i]; m.State == Kept || m.State == KeptLate {
			steps = append(steps, Step{At: m.Done.Time, Page: q.Page, QuickWin: q, Milestone: m})
		}
	}
	return steps
}

// figures are the newest figures of each indicator, at most n of each.
func (q *QuickWin) figures(n int) []Step {
	var steps []Step
	for _, in := range q.Indicators {
		for i := max(len(in.Series)-n, 0); i < len(in.Series); i++ {
			steps = append(steps, Step{At: in.Series[i].Date.Time, Page: q.Page, QuickWin: q, Indicator: in, Figure: &in.Series[i]})
		}
	}
	return steps
}

// Activity are the newest n things that happened in an edition: news, quick wins and sections changed, milestones kept.
func (e *Edition) Activity(n int) []Step {
	all := steps(e.News)
	for _, q := range e.QuickWins {
		all = append(all, q.promised()...)
	}
	for _, c := range e.Masterplan.Chapters {
		for _, s := range c.Sections {
			if !s.Changed.IsZero() {
				all = append(all, Step{At: s.Changed, Page: s.Page, Section: s})
			}
		}
	}
	return newestSteps(all, n)
}

// NewsActivity is the newest news.
func (e *Edition) NewsActivity(n int) []Step { return newestSteps(steps(e.News), n) }

// Figures are the newest figures of an edition.
func (e *Edition) Figures(n int) []Step {
	var all []Step
	for _, q := range e.QuickWins {
		all = append(all, q.figures(n)...)
	}
	return newestSteps(all, n)
}

// Activity is what happened to a quick win: itself, its news, its figures, its milestones kept.
func (q *QuickWin) Activity(n int) []Step { return activity([]*QuickWin{q}, q.News, n) }

// Activity is what happened to the quick wins that an agency owns, and its news.
func (a *Agency) Activity(n int) []Step { return activity(a.QuickWins, a.News, n) }

func activity(wins []*QuickWin, news []*News, n int) []Step {
	all := steps(news)
	for _, q := range wins {
		all = append(append(all, q.promised()...), q.figures(n)...)
	}
	return newestSteps(all, n)
}

// Amended are the newest changes of what was promised.
func (e *Edition) Amended(n int) []Step {
	var steps []Step
	for _, a := range e.Amendments[:min(n, len(e.Amendments))] {
		step := Step{At: a.At, Page: e.Changes, QuickWin: a.Win, Amendment: a}
		if a.Win != nil {
			step.Page = a.Win.Page
		}
		steps = append(steps, step)
	}
	return steps
}
