package site

import (
	"slices"
	"time"

	"pendapa/internal/model"
)

// Pace says how an indicator stands against the straight line from its baseline to its target.
type Pace string

const (
	PaceUnknown Pace = ""       // no figure, or no line to hold it against
	Ahead       Pace = "ahead"  // on the line or beyond
	Behind      Pace = "behind" // short of the line
	Met         Pace = "met"    // the target is reached
)

// Trend says where the newest figure went from the one before, seen from the indicator's direction.
type Trend string

const (
	TrendUnknown Trend = ""
	Better       Trend = "better"
	Worse        Trend = "worse"
	Unchanged    Trend = "same"
)

// Indicator is an indicator as of a day.
type Indicator struct {
	model.Indicator
	Win *QuickWin

	Series   []model.Measurement // up to the day, oldest first
	Latest   *model.Measurement  // nil: never measured
	Progress *float64            // share of the way from baseline to target, not clamped; nil: not known
	Expected *float64            // the share that the straight line asks for on the day; nil: there is no line
	Pace     Pace
	Trend    Trend
	Was      *Amendment // the first change of its target, by which one sees what was promised at first; nil: none
}

// Anchor is the id of the indicator's place on the page of its quick win.
func (i *Indicator) Anchor() string { return "indikator-" + i.ID.ID }

// derive computes what follows from an indicator's figures as of a day. Figures after the day are not yet known and do
// not count, so that a portal built for an earlier day is the portal of that day.
func derive(in model.Indicator, asOf time.Time) *Indicator {
	out := &Indicator{Indicator: in}
	today := model.DayOf(asOf)
	for _, m := range in.Measurements {
		if m.Date.Day() <= today {
			out.Series = append(out.Series, m)
		}
	}
	slices.SortStableFunc(out.Series, func(a, b model.Measurement) int { return a.Date.Day() - b.Date.Day() })
	if n := len(out.Series); n > 0 {
		out.Latest = &out.Series[n-1]
		if n > 1 {
			out.Trend = trend(in.Direction, out.Series[n-2].Value, out.Latest.Value)
		}
	}
	out.Progress = progress(in, out.Latest)
	out.Expected = expected(in, today)
	switch {
	case out.Latest == nil || in.Target == nil:
	case reached(in, out.Latest.Value):
		out.Pace = Met
	case out.Progress == nil || out.Expected == nil:
	case *out.Progress >= *out.Expected-1e-9: // a hair against rounding
		out.Pace = Ahead
	default:
		out.Pace = Behind
	}
	return out
}

func trend(direction model.Direction, before, now float64) Trend {
	switch {
	case now == before:
		return Unchanged
	case (now > before) == (direction == model.Up):
		return Better
	}
	return Worse
}

func reached(in model.Indicator, value float64) bool {
	if in.Direction == model.Down {
		return value <= in.Target.Value
	}
	return value >= in.Target.Value
}

// progress is (latest - baseline) / (target - baseline). Where target and baseline are equal, the promise is to hold a
// level: it is kept wholly or not at all.
func progress(in model.Indicator, latest *model.Measurement) *float64 {
	if latest == nil || in.Baseline == nil || in.Target == nil {
		return nil
	}
	share := 0.0
	if way := in.Target.Value - in.Baseline.Value; way != 0 {
		share = (latest.Value - in.Baseline.Value) / way
	} else if reached(in, latest.Value) {
		share = 1
	}
	return &share
}

// expected is how much of the time from baseline to target has passed.
func expected(in model.Indicator, today int) *float64 {
	if in.Baseline == nil || in.Target == nil {
		return nil
	}
	from, to := in.Baseline.Date.Day(), in.Target.Date.Day()
	share := 1.0
	if to > from {
		share = min(max(float64(today-from)/float64(to-from), 0), 1)
	}
	return &share
}

// MilestoneState says whether a step was kept.
type MilestoneState string

const (
	Kept     MilestoneState = "kept"      // done, by its day or without one
	KeptLate MilestoneState = "kept-late" // done after its day
	Open     MilestoneState = "open"      // not done, and its day has not passed or is not known
	Missed   MilestoneState = "missed"    // not done, and its day has passed
)

// Milestone is a step as of a day.
type Milestone struct {
	model.Milestone
	ID    string // within its quick win
	State MilestoneState
	Days  int // missed: since its day; kept late: after it; open: until it
}

// Date is the day under which the milestone stands in time: done, or else due; zero where neither is known.
func (m Milestone) Date() model.Date {
	if m.State == Kept || m.State == KeptLate {
		return m.Done
	}
	return m.Due
}

func milestone(in model.Milestone, asOf time.Time) Milestone {
	m := Milestone{Milestone: in, State: Open}
	today := model.DayOf(asOf)
	done := in.Done.Set() && in.Done.Day() <= today
	switch {
	case done && in.Due.Set() && in.Done.Day() > in.Due.Day():
		m.State, m.Days = KeptLate, in.Done.Day()-in.Due.Day()
	case done:
		m.State = Kept
	case in.Due.Set() && in.Due.Day() < today:
		m.State, m.Days = Missed, today-in.Due.Day()
	case in.Due.Set():
		m.Days = in.Due.Day() - today
	}
	return m
}

// reviewMonths is how many months lie between two figures.
var reviewMonths = map[string]int{"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}

// nextUpdate computes when the next figure of a quick win is due. The clock runs from its newest figure; where it has
// indicators that were never measured, from its start; where it has no indicators, from its last update. A programme
// that is done or stopped owes no more figures.
func (q *QuickWin) nextUpdate(asOf time.Time) {
	facts := q.Document.QuickWin
	for _, in := range q.Indicators {
		if in.Latest != nil && in.Latest.Date.After(q.LastReport) {
			q.LastReport = in.Latest.Date.Time
		}
	}
	months, promised := reviewMonths[facts.Review]
	if !promised || facts.Status == model.Done || facts.Status == model.Stopped {
		return
	}
	from := q.LastReport
	if from.IsZero() {
		from = facts.Start.Time
	}
	if len(q.Indicators) == 0 && q.Updated.Set() && q.Updated.After(from) {
		from = q.Updated.Time
	}
	if from.IsZero() {
		return
	}
	q.NextUpdate = addMonths(from, months)
	q.Overdue = model.DayOf(q.NextUpdate) < model.DayOf(asOf)
}

// addMonths goes to the same day some months later, or to the last day of a shorter month.
func addMonths(t time.Time, months int) time.Time {
	y, m, d := t.Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, t.Location()).Day()
	return time.Date(y, m+time.Month(months), min(d, last), 0, 0, 0, 0, t.Location())
}

// Measured is how many of the quick win's indicators have a figure.
func (q *QuickWin) Measured() int {
	n := 0
	for _, in := range q.Indicators {
		if in.Latest != nil {
			n++
		}
	}
	return n
}

func absorbed(b *model.Budget) *float64 {
	if b == nil || b.Spent == nil || b.Planned == 0 {
		return nil
	}
	share := float64(*b.Spent) / float64(b.Planned)
	return &share
}

// Totals sums up a set of quick wins.
type Totals struct {
	QuickWins  int
	ByStatus   map[model.Status]int
	Overdue    int   // quick wins whose next figure is overdue
	Indicators int   // of all quick wins
	Measured   int   // indicators with a figure
	Met        int   // indicators that reached their target
	Ahead      int   // indicators on their line or beyond it, not yet met
	Behind     int   // indicators short of their line
	Missed     int   // milestones whose day has passed, not done
	Planned    int64 // rupiah
	Spent      int64 // rupiah, of those that report it
}

// Count is how many quick wins have the status.
func (t Totals) Count(s model.Status) int { return t.ByStatus[s] }

// Absorbed is the share of the planned budget that is spent, or nil where nothing is planned.
func (t Totals) Absorbed() *float64 {
	return absorbed(&model.Budget{Planned: t.Planned, Spent: &t.Spent})
}

func totals(wins []*QuickWin) Totals {
	t := Totals{ByStatus: make(map[model.Status]int)}
	for _, q := range wins {
		t.QuickWins++
		t.ByStatus[q.Document.QuickWin.Status]++
		if q.Overdue {
			t.Overdue++
		}
		t.Indicators += len(q.Indicators)
		t.Measured += q.Measured()
		for _, in := range q.Indicators {
			switch in.Pace {
			case Met:
				t.Met++
			case Ahead:
				t.Ahead++
			case Behind:
				t.Behind++
			}
		}
		for _, m := range q.Milestones {
			if m.State == Missed {
				t.Missed++
			}
		}
		if b := q.Document.QuickWin.Budget; b != nil {
			t.Planned += b.Planned
			if b.Spent != nil {
				t.Spent += *b.Spent
			}
		}
	}
	return t
}
