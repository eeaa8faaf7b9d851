package opendata

import (
	"iter"
	"slices"
	"time"

	"pendapa/internal/model"
	"pendapa/internal/site"
)

// Tables are the tables of an edition, in the order of the catalogue.
func Tables(e *site.Edition) []*Table {
	tables := []*Table{quickWins(e), indicators(e), measurements(e, e.QuickWins, ""), milestones(e)}
	if e.Site.Settings.Feature("budgets") {
		tables = append(tables, budgets(e))
	}
	if e.Changes != nil {
		tables = append(tables, changes(e))
	}
	return append(tables, agencies(e), news(e), masterplan(e), comparison(e), standard(e))
}

// Columns that many tables have.

func id[T any](cell func(T) any) column[T] {
	return column[T]{Column{Name: "id", Type: String, Required: true}, cell}
}

func str[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: String}, cell}
}

func title[T any](cell func(T) any) column[T] {
	return column[T]{Column{Name: "title", Type: String, Required: true}, cell}
}

func date[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: Date}, cell}
}

func uri[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: URI}, cell}
}

func count[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: Integer, Required: true, Positive: true}, cell}
}

func figure[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: Number}, cell}
}

func share[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: Number, Unit: Share}, cell}
}

func rupiah[T any](name string, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: Integer, Unit: Rupiah, Positive: true}, cell}
}

func list[T any](name string, several Several, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: String, Several: several}, cell}
}

func enum[T any, S ~string](name string, values []S, required bool, cell func(T) any) column[T] {
	c := Column{Name: name, Type: String, Required: required}
	for _, v := range values {
		c.Enum = append(c.Enum, string(v))
	}
	return column[T]{c, cell}
}

func refer[T any](name, to string, required bool, cell func(T) any) column[T] {
	return column[T]{Column{Name: name, Type: String, Refers: to, Required: required}, cell}
}

// page are the columns at the end of every table of pages.
func page[T interface {
	Own() *site.Page
	Permalink() string
}]() []column[T] {
	return []column[T]{
		{Column{Name: "sample", Type: Boolean, Required: true}, func(v T) any { return v.Own().Sample }},
		{Column{Name: "language", Type: String, Required: true}, func(v T) any { return string(v.Own().Lang) }},
		date("changed", func(v T) any { return day(v.Own().Changed) }),
		{Column{Name: "url", Type: URI, Required: true}, func(v T) any { return v.Permalink() }},
	}
}

func changed(p *site.Page) time.Time {
	if p == nil {
		return time.Time{}
	}
	return p.Changed
}

func quickWins(e *site.Edition) *Table {
	type w = *site.QuickWin
	return table(e, "quick-wins", []string{"id"}, changed(e.Section("quick-wins")), slices.Values(e.QuickWins), append([]column[w]{
		id(func(q w) any { return q.ID }),
		title(func(q w) any { return q.Title }),
		str("summary", func(q w) any { return text(q.Summary) }),
		enum("status", model.Statuses(), true, func(q w) any { return string(q.Document.QuickWin.Status) }),
		list("dimensions", Ids, func(q w) any { return ids(q.Dimensions) }),
		refer("owner", "agencies", false, func(q w) any {
			if q.Owner == nil {
				return nil
			}
			return q.Owner.ID
		}),
		list("partners", Ids, func(q w) any { return ids(q.Partners) }),
		date("start", func(q w) any { return day(q.Document.QuickWin.Start.Time) }),
		date("end", func(q w) any { return day(q.Document.QuickWin.End.Time) }),
		str("goal", func(q w) any { return text(q.Document.QuickWin.Goal) }),
		str("target_group", func(q w) any { return text(q.Document.QuickWin.TargetGroup) }),
		list("masterplan", Ids, func(q w) any {
			var list []string
			for _, c := range q.Chapters {
				list = append(list, c.ID)
			}
			for _, s := range q.Sections {
				list = append(list, s.ID)
			}
			return texts(list)
		}),
		count("indicators", func(q w) any { return len(q.Indicators) }),
		count("indicators_measured", func(q w) any { return q.Measured() }),
		count("milestones", func(q w) any { return len(q.Milestones) }),
		enum("review", []string{"monthly", "quarterly", "half-yearly", "yearly"}, false, func(q w) any { return text(q.Document.QuickWin.Review) }),
		date("last_report", func(q w) any { return day(q.LastReport) }),
		date("next_update", func(q w) any { return day(q.NextUpdate) }),
		{Column{Name: "overdue", Type: Boolean, Required: true}, func(q w) any { return q.Overdue }},
	}, page[w]()...))
}

// every goes through the indicators of quick wins.
func every(wins []*site.QuickWin) iter.Seq[*site.Indicator] {
	return func(yield func(*site.Indicator) bool) {
		for _, q := range wins {
			for _, in := range q.Indicators {
				if !yield(in) {
					return
				}
			}
		}
	}
}

func indicators(e *site.Edition) *Table {
	type i = *site.Indicator
	from := func(f *model.Figure) any {
		if f == nil {
			return nil
		}
		return f.Value
	}
	on := func(f *model.Figure) any {
		if f == nil {
			return nil
		}
		return day(f.Date.Time)
	}
	return table(e, "indicators", []string{"id"}, reported(e), every(e.QuickWins), append([]column[i]{
		id(func(in i) any { return in.Key() }),
		refer("quick_win", "quick-wins", true, func(in i) any { return in.Win.ID }),
		{Column{Name: "name", Type: String, Required: true}, func(in i) any { return in.Name }},
		{Column{Name: "unit", Type: String, Required: true}, func(in i) any { return in.Unit }},
		count("decimals", func(in i) any { return in.Decimals }),
		enum("direction", []model.Direction{model.Up, model.Down}, true, func(in i) any { return string(in.Direction) }),
		date("baseline_date", func(in i) any { return on(in.Baseline) }),
		figure("baseline", func(in i) any { return from(in.Baseline) }),
		date("target_date", func(in i) any { return on(in.Target) }),
		figure("target", func(in i) any { return from(in.Target) }),
		date("latest_date", func(in i) any {
			if in.Latest == nil {
				return nil
			}
			return day(in.Latest.Date.Time)
		}),
		figure("latest", func(in i) any {
			if in.Latest == nil {
				return nil
			}
			return in.Latest.Value
		}),
		count("measurements", func(in i) any { return len(in.Series) }),
		share("progress", func(in i) any { return number(in.Progress) }),
		share("expected", func(in i) any { return number(in.Expected) }),
		enum("pace", []site.Pace{site.Ahead, site.Behind, site.Met}, false, func(in i) any { return text(in.Pace) }),
		enum("trend", []site.Trend{site.Better, site.Worse, site.Unchanged}, false, func(in i) any { return text(in.Trend) }),
		str("method", func(in i) any { return text(in.Method) }),
	}, page[i]()...))
}

// reported is the day of the newest figure of an edition.
func reported(e *site.Edition) time.Time {
	var newest time.Time
	for _, q := range e.QuickWins {
		if q.LastReport.After(newest) {
			newest = q.LastReport
		}
	}
	return newest
}

// measurement is a figure with what it is a figure of.
type measurement struct {
	of *site.Indicator
	*model.Measurement
}

// measurements is the table of all figures of quick wins, or of one indicator where only names it by its id.
func measurements(e *site.Edition, wins []*site.QuickWin, only string) *Table {
	type m = measurement
	newest := time.Time{}
	rows := func(yield func(m) bool) {
		for in := range every(wins) {
			for i := range in.Series {
				if (only == "" || in.ID.ID == only) && !yield(m{in, &in.Series[i]}) {
					return
				}
			}
		}
	}
	for row := range rows {
		if row.Date.After(newest) {
			newest = row.Date.Time
		}
	}
	return table(e, "measurements", []string{"indicator", "date"}, newest, rows, []column[m]{
		refer("indicator", "indicators", true, func(r m) any { return r.of.Key() }),
		refer("quick_win", "quick-wins", true, func(r m) any { return r.of.Win.ID }),
		{Column{Name: "name", Type: String, Required: true}, func(r m) any { return r.of.Name }},
		{Column{Name: "date", Type: Date, Required: true}, func(r m) any { return day(r.Date.Time) }},
		{Column{Name: "value", Type: Number, Required: true}, func(r m) any { return r.Value }},
		{Column{Name: "unit", Type: String, Required: true}, func(r m) any { return r.of.Unit }},
		str("source", func(r m) any { return text(r.Source) }),
		str("note", func(r m) any { return text(r.Note) }),
		{Column{Name: "sample", Type: Boolean, Required: true}, func(r m) any { return r.of.Win.Sample }},
	})
}

// step is a milestone with what it is a step of.
type step struct {
	win    *site.QuickWin
	number int
	*site.Milestone
}

func milestones(e *site.Edition) *Table {
	rows := func(yield func(step) bool) {
		for _, q := range e.QuickWins {
			for i := range q.Milestones {
				if !yield(step{q, i + 1, &q.Milestones[i]}) {
					return
				}
			}
		}
	}
	states := []site.MilestoneState{site.Kept, site.KeptLate, site.Open, site.Missed}
	return table(e, "milestones", []string{"quick_win", "number"}, changed(e.Section("quick-wins")), rows, []column[step]{
		refer("quick_win", "quick-wins", true, func(s step) any { return s.win.ID }),
		count("number", func(s step) any { return s.number }),
		title(func(s step) any { return s.Title }),
		date("due", func(s step) any { return day(s.Due.Time) }),
		date("done", func(s step) any {
			if s.State != site.Kept && s.State != site.KeptLate {
				return nil // a day after the as-of date is not known yet
			}
			return day(s.Done.Time)
		}),
		enum("state", states, true, func(s step) any { return string(s.State) }),
		{Column{Name: "days_late", Type: Integer, Unit: Days, Positive: true}, func(s step) any {
			if s.State != site.KeptLate && s.State != site.Missed {
				return nil
			}
			return s.Days
		}},
		str("note", func(s step) any { return text(s.Note) }),
		{Column{Name: "sample", Type: Boolean, Required: true}, func(s step) any { return s.win.Sample }},
	})
}

func budgets(e *site.Edition) *Table {
	type w = *site.QuickWin
	newest := time.Time{}
	rows := func(yield func(w) bool) {
		for _, q := range e.QuickWins {
			if q.Document.QuickWin.Budget != nil && !yield(q) {
				return
			}
		}
	}
	for q := range rows {
		if d := q.Document.QuickWin.Budget.AsOf; d.After(newest) && d.Day() <= model.DayOf(e.Site.AsOf) {
			newest = d.Time
		}
	}
	return table(e, "budgets", []string{"quick_win"}, newest, rows, []column[w]{
		refer("quick_win", "quick-wins", true, func(q w) any { return q.ID }),
		str("source", func(q w) any { return text(q.Document.QuickWin.Budget.Source) }),
		{Column{Name: "planned", Type: Integer, Unit: Rupiah, Required: true, Positive: true}, func(q w) any { return q.Document.QuickWin.Budget.Planned }},
		rupiah("spent", func(q w) any { return number(q.Document.QuickWin.Budget.Spent) }),
		share("absorbed", func(q w) any { return number(q.Absorbed) }),
		date("as_of", func(q w) any { return day(q.Document.QuickWin.Budget.AsOf.Time) }),
		{Column{Name: "sample", Type: Boolean, Required: true}, func(q w) any { return q.Sample }},
	})
}

// changes is what promises stated before. A promise that is no longer published has no page; its id still tells it.
func changes(e *site.Edition) *Table {
	type a = *site.Amendment
	figure := func(s func(a) model.Stated) func(a) any {
		return func(x a) any {
			switch s := s(x); {
			case s.Figure != nil:
				return *s.Figure
			case s.Rupiah != nil:
				return float64(*s.Rupiah)
			}
			return nil
		}
	}
	on := func(s func(a) model.Stated) func(a) any { return func(x a) any { return day(s(x).Date.Time) } }
	words := func(s func(a) model.Stated) func(a) any { return func(x a) any { return text(s(x).Text) } }
	before, after := func(x a) model.Stated { return x.Before }, func(x a) model.Stated { return x.After }
	return table(e, "changes", []string{"id"}, changed(e.Changes), slices.Values(e.Amendments), []column[a]{
		id(func(x a) any { return x.Identity }),
		{Column{Name: "date", Type: Date, Required: true}, func(x a) any { return day(x.At) }},
		refer("quick_win", "quick-wins", false, func(x a) any {
			if x.Win == nil {
				return nil
			}
			return x.Win.ID
		}),
		title(func(x a) any { return x.Title }),
		enum("kind", model.ChangeKinds(), true, func(x a) any { return string(x.Kind) }),
		str("about", func(x a) any { return text(x.About) }),
		{Column{Name: "change", Type: String, Required: true}, func(x a) any { return x.Sentence() }},
		column[a]{Column{Name: "before", Type: Number}, figure(before)},
		str("before_unit", func(x a) any { return text(x.Before.Unit) }),
		date("before_date", on(before)),
		str("before_text", words(before)),
		column[a]{Column{Name: "after", Type: Number}, figure(after)},
		str("after_unit", func(x a) any { return text(x.After.Unit) }),
		date("after_date", on(after)),
		str("after_text", words(after)),
		str("reason", func(x a) any { return text(x.Reason) }),
		{Column{Name: "commit", Type: String, Required: true}, func(x a) any { return x.Commit }},
	})
}

func agencies(e *site.Edition) *Table {
	type a = *site.Agency
	return table(e, "agencies", []string{"id"}, changed(e.Section("opd")), slices.Values(e.Agencies), append([]column[a]{
		id(func(x a) any { return x.ID }),
		title(func(x a) any { return x.Title }),
		str("abbreviation", func(x a) any { return text(x.Document.Agency.Abbreviation) }),
		refer("parent", "agencies", false, func(x a) any {
			if x.Above == nil {
				return nil
			}
			return x.Above.ID
		}),
		uri("website", func(x a) any { return text(x.Document.Agency.Website) }),
		str("email", func(x a) any { return text(x.Document.Agency.Email) }),
		str("phone", func(x a) any { return text(x.Document.Agency.Phone) }),
		str("address", func(x a) any { return text(x.Document.Agency.Address) }),
		count("quick_wins", func(x a) any { return len(x.QuickWins) }),
	}, page[a]()...))
}

func news(e *site.Edition) *Table {
	type n = *site.News
	event := func(cell func(*model.Event) any) func(n) any {
		return func(x n) any {
			if x.Document.News.Event == nil {
				return nil
			}
			return cell(x.Document.News.Event)
		}
	}
	columns := []column[n]{
		id(func(x n) any { return x.ID }),
		{Column{Name: "date", Type: Date, Required: true}, func(x n) any { return day(x.Document.News.Date.Time) }},
		title(func(x n) any { return x.Title }),
		str("summary", func(x n) any { return text(x.Summary) }),
		refer("owner", "agencies", false, func(x n) any {
			if x.Owner == nil {
				return nil
			}
			return x.Owner.ID
		}),
	}
	if e.Site.Settings.Feature("authors") {
		columns = append(columns, str("author", func(x n) any { return text(x.Document.News.Author) }))
	}
	columns = append(columns,
		list("quick_wins", Ids, func(x n) any { return ids(x.QuickWins) }),
		list("dimensions", Ids, func(x n) any { return ids(x.Dimensions) }),
		column[n]{Column{Name: "event_number", Type: Integer, Positive: true}, event(func(v *model.Event) any {
			if v.Number == 0 {
				return nil
			}
			return v.Number
		})},
		date("event_start", event(func(v *model.Event) any { return day(v.Start.Time) })),
		column[n]{Column{Name: "event_start_time", Type: Time}, event(func(v *model.Event) any { return clock(v.Start) })},
		date("event_end", event(func(v *model.Event) any { return day(v.End.Time) })),
		column[n]{Column{Name: "event_end_time", Type: Time}, event(func(v *model.Event) any { return clock(v.End) })},
		str("event_place", event(func(v *model.Event) any { return text(v.Place) })),
		list("event_agenda", Lines, event(func(v *model.Event) any { return texts(v.Agenda) })),
		list("event_participants", Lines, event(func(v *model.Event) any { return texts(v.Participants) })),
		list("event_outcomes", Lines, event(func(v *model.Event) any { return texts(v.Outcomes) })),
	)
	return table(e, "news", []string{"id"}, changed(e.Section("bintek")), slices.Values(e.News), append(columns, page[n]()...))
}

// part is a chapter or section of the masterplan.
type part struct {
	*site.Page
	chapter    string // empty for a chapter
	number     string
	wins       []*site.QuickWin
	dimensions []*site.Dimension
}

func masterplan(e *site.Edition) *Table {
	rows := func(yield func(part) bool) {
		for _, c := range e.Masterplan.Chapters {
			if !yield(part{Page: c.Page, number: c.Number, wins: c.Serving}) {
				return
			}
			for _, s := range c.Sections {
				if !yield(part{s.Page, c.ID, s.Number, s.QuickWins, s.Dimensions}) {
					return
				}
			}
		}
	}
	return table(e, "masterplan", []string{"id"}, changed(e.Section("masterplan")), rows, append([]column[part]{
		id(func(p part) any { return p.ID }),
		refer("chapter", "masterplan", false, func(p part) any { return text(p.chapter) }),
		str("number", func(p part) any { return text(p.number) }),
		title(func(p part) any { return p.Title }),
		str("summary", func(p part) any { return text(p.Summary) }),
		list("quick_wins", Ids, func(p part) any { return ids(p.wins) }),
		list("dimensions", Ids, func(p part) any { return ids(p.dimensions) }),
		date("adopted", func(p part) any { return day(p.Document.Section.Adopted.Time) }),
		str("edition", func(p part) any { return text(p.Document.Section.Edition) }),
	}, page[part]()...))
}

// standard is what Satu Data Indonesia asks to be said of every figure (Perpres 39/2019, article 5): its concept,
// definition, classification, measure and unit.
func standard(e *site.Edition) *Table {
	type i = *site.Indicator
	return table(e, "standard", []string{"indicator"}, changed(e.Section("quick-wins")), every(e.QuickWins), []column[i]{
		refer("indicator", "indicators", true, func(in i) any { return in.Key() }),
		{Column{Name: "concept", Type: String, Required: true}, func(in i) any { return in.Name }},
		str("definition", func(in i) any { return text(in.Method) }),
		list("classification", Ids, func(in i) any { return ids(in.Win.Dimensions) }),
		str("measure", func(in i) any { return text(in.Measure) }),
		{Column{Name: "unit", Type: String, Required: true}, func(in i) any { return in.Unit }},
		{Column{Name: "sample", Type: Boolean, Required: true}, func(in i) any { return in.Win.Sample }},
	})
}
