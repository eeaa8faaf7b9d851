package site

import (
	"time"

	"pendapa/internal/model"
)

// newest keeps the newest of the days that it is shown, none of them after the as-of date: what is announced for later
// has not changed anything yet.
type newest struct {
	asOf time.Time
	at   time.Time
}

func (n *newest) add(days ...time.Time) {
	for _, d := range days {
		if d.After(n.at) && model.DayOf(d) <= model.DayOf(n.asOf) {
			n.at = d
		}
	}
}

// changed finds out when each page of an edition last changed, by what the page itself tells: the day that its editor
// wrote down, its news, its figures, its milestones kept. A list changes with what it lists.
func (e *Edition) changed() {
	of := func(p *Page, days ...time.Time) time.Time {
		n := newest{asOf: e.Site.AsOf}
		n.add(p.Updated.Time)
		n.add(days...)
		return n.at
	}
	set := func(p *Page, days ...time.Time) {
		if p != nil && p.Edition == e {
			p.Changed = of(p, days...)
		}
	}
	all := newest{asOf: e.Site.AsOf}
	lists := make(map[string]*newest)
	listed := func(folder string, p *Page) {
		if lists[folder] == nil {
			lists[folder] = &newest{asOf: e.Site.AsOf}
		}
		lists[folder].add(p.Changed)
		all.add(p.Changed)
	}
	for _, p := range e.Plain {
		set(p)
		all.add(p.Changed)
	}
	for _, t := range e.Terms {
		set(t.Page)
		listed("istilah", t.Page)
	}
	for _, q := range e.QuickWins {
		days := []time.Time{q.LastReport}
		for _, m := range q.Milestones {
			if m.State == Kept || m.State == KeptLate {
				days = append(days, m.Done.Time)
			}
		}
		if b := q.Document.QuickWin.Budget; b != nil {
			days = append(days, b.AsOf.Time)
		}
		set(q.Page, days...)
		listed("quick-wins", q.Page)
	}
	for _, n := range e.News {
		set(n.Page, n.Document.News.Date.Time)
		listed("bintek", n.Page)
	}
	for _, c := range e.Masterplan.Chapters {
		days := []time.Time{c.Document.Section.Adopted.Time}
		for _, s := range c.Sections {
			set(s.Page, s.Document.Section.Adopted.Time)
			days = append(days, s.Changed)
		}
		set(c.Page, days...)
		listed("masterplan", c.Page)
	}
	wins := func(list []*QuickWin, news []*News) []time.Time {
		var days []time.Time
		for _, q := range list {
			days = append(days, q.Changed)
		}
		for _, n := range news {
			days = append(days, n.Changed)
		}
		return days
	}
	for _, a := range e.Agencies {
		set(a.Page, wins(a.QuickWins, a.News)...)
		listed("opd", a.Page)
	}
	for _, d := range e.Dimensions {
		set(d.Page, wins(d.QuickWins, d.News)...)
		listed("dimensi", d.Page)
	}
	var folder func(f *Folder) time.Time
	folder = func(f *Folder) time.Time {
		var days []time.Time
		for _, p := range f.Pages {
			days = append(days, p.Changed)
		}
		for _, below := range f.Folders {
			days = append(days, folder(below))
		}
		set(f.Page, days...)
		return f.Changed
	}
	for _, f := range e.Folders {
		all.add(folder(f))
	}
	for name, p := range e.sections {
		if n := lists[name]; n != nil {
			set(p, n.at)
		} else {
			set(p)
		}
	}
	set(e.Home, all.at)
	e.Data.Changed, e.Comparison.Changed = e.Home.Changed, all.at
}
