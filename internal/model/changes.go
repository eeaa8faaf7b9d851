package model

import (
	"slices"
	"time"

	"pendapa/internal/compare"
)

// ChangeKind says what of a promise changed.
type ChangeKind string

const (
	ChangedTitle      ChangeKind = "title"
	ChangedGoal       ChangeKind = "goal"
	ChangedOwner      ChangeKind = "owner"
	ChangedStatus     ChangeKind = "status"
	ChangedStart      ChangeKind = "start"
	ChangedEnd        ChangeKind = "end"
	ChangedBudget     ChangeKind = "budget"
	ChangedSpending   ChangeKind = "spending" // money of a day that was told already, told otherwise
	ChangedBaseline   ChangeKind = "baseline"
	ChangedTarget     ChangeKind = "target"
	RenamedIndicator  ChangeKind = "indicator-name"
	ChangedUnit       ChangeKind = "unit"
	ChangedDirection  ChangeKind = "direction"
	AddedIndicator    ChangeKind = "indicator-added"
	RemovedIndicator  ChangeKind = "indicator-removed"
	CorrectedFigure   ChangeKind = "figure-corrected" // a measurement that was published, with another value
	RemovedFigure     ChangeKind = "figure-removed"
	AddedMilestone    ChangeKind = "milestone-added"
	RemovedMilestone  ChangeKind = "milestone-removed"
	MovedMilestone    ChangeKind = "milestone-due" // due on another day
	RewordedMilestone ChangeKind = "milestone-title"
	RewrittenKeeping  ChangeKind = "milestone-done" // told as kept, and then otherwise
	WithdrawnPromise  ChangeKind = "withdrawn"      // the quick win is no longer published
	ReinstatedPromise ChangeKind = "reinstated"     // it is again
)

// ChangeKinds lists every kind of change, in the order in which they are told.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{
		WithdrawnPromise, ReinstatedPromise, ChangedTitle, ChangedTarget, ChangedEnd, ChangedBudget, ChangedOwner, ChangedStatus, ChangedGoal, RemovedIndicator, RemovedMilestone,
		ChangedBaseline, CorrectedFigure, RemovedFigure, MovedMilestone, RewrittenKeeping, RewordedMilestone, RenamedIndicator, ChangedUnit, ChangedDirection, ChangedStart, ChangedSpending, AddedIndicator, AddedMilestone,
	}
}

// Change is one thing of a promise that is otherwise than it was.
type Change struct {
	Kind          ChangeKind
	About         string // name of the indicator, or title of the milestone; empty: the quick win itself
	Indicator     string // id of the indicator that it is about; empty: none
	Before, After Stated
}

// Stated is what a promise states of one thing. Its zero value is nothing.
type Stated struct {
	Text   string   // an id, a status, a sentence
	Figure *float64 // of an indicator
	Unit   string   // of the figure, as it was then
	Places int      // decimals with which the figure was shown at least
	Rupiah *int64
	Date   Date // of the figure, or the day itself
}

// IsZero reports whether nothing is stated.
func (s Stated) IsZero() bool {
	return s.Text == "" && s.Figure == nil && s.Rupiah == nil && !s.Date.Set()
}

func (s Stated) equal(other Stated) bool {
	return s.Text == other.Text && s.Date.Equal(other.Date.Time) && alike(s.Figure, other.Figure) && alike(s.Rupiah, other.Rupiah)
}

// alike reports whether two values are the same, or neither is there.
func alike[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// Changes tells what a quick win's document states otherwise than it did before, in the order of [ChangeKinds]. New figures
// and milestones kept are what was promised, and no changes of it.
func Changes(was, is *Document) []Change {
	before, after := was.QuickWin, is.QuickWin
	var c changes
	text := func(kind ChangeKind, was, is string) { c.add(Change{Kind: kind}, Stated{Text: was}, Stated{Text: is}) }
	text(ChangedTitle, was.Title, is.Title)
	text(ChangedGoal, before.Goal, after.Goal)
	text(ChangedOwner, before.Owner.ID, after.Owner.ID)
	text(ChangedStatus, string(before.Status), string(after.Status))
	c.add(Change{Kind: ChangedStart}, Stated{Date: before.Start}, Stated{Date: after.Start})
	c.add(Change{Kind: ChangedEnd}, Stated{Date: before.End}, Stated{Date: after.End})
	c.money(before.Budget, after.Budget)
	c.indicators(before.Indicators, after.Indicators)
	c.milestones(before.Milestones, after.Milestones)
	kinds := ChangeKinds()
	slices.SortStableFunc(c, func(a, b Change) int { return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind) })
	return c
}

type changes []Change

// add adds a change where what is stated differs.
func (c *changes) add(change Change, before, after Stated) {
	if !before.equal(after) {
		change.Before, change.After = before, after
		*c = append(*c, change)
	}
}

func (c *changes) money(before, after *Budget) {
	planned := func(b *Budget) Stated {
		if b == nil {
			return Stated{}
		}
		return Stated{Rupiah: &b.Planned}
	}
	c.add(Change{Kind: ChangedBudget}, planned(before), planned(after))
	// What was spent grows from report to report; that the same report says another sum is a change.
	if before != nil && after != nil && before.Spent != nil && before.AsOf.Set() && before.AsOf.Equal(after.AsOf.Time) {
		c.add(Change{Kind: ChangedSpending}, Stated{Rupiah: before.Spent, Date: before.AsOf}, Stated{Rupiah: after.Spent, Date: after.AsOf})
	}
}

func (c *changes) indicators(before, after []Indicator) {
	pairs, removed, added := pair(before, after,
		func(a, b Indicator) bool { return a.ID.ID == b.ID.ID },
		func(a, b Indicator) bool { return a.Name == b.Name && a.Unit == b.Unit }) // its id was renamed
	about := func(kind ChangeKind, in Indicator) Change {
		return Change{Kind: kind, About: in.Name, Indicator: in.ID.ID}
	}
	value := func(in Indicator, v *float64, day Date) Stated {
		return Stated{Figure: v, Unit: in.Unit, Places: in.Decimals, Date: day}
	}
	figure := func(in Indicator, f *Figure) Stated {
		if f == nil {
			return Stated{}
		}
		return value(in, &f.Value, f.Date)
	}
	for _, p := range pairs {
		was, is := p[0], p[1]
		c.add(about(RenamedIndicator, is), Stated{Text: was.Name}, Stated{Text: is.Name})
		c.add(about(ChangedUnit, is), Stated{Text: was.Unit}, Stated{Text: is.Unit})
		c.add(about(ChangedDirection, is), Stated{Text: string(was.Direction)}, Stated{Text: string(is.Direction)})
		c.add(about(ChangedBaseline, is), figure(was, was.Baseline), figure(is, is.Baseline))
		c.add(about(ChangedTarget, is), figure(was, was.Target), figure(is, is.Target))
		for _, m := range was.Measurements {
			at := slices.IndexFunc(is.Measurements, func(other Measurement) bool { return other.Date.Equal(m.Date.Time) })
			told := value(was, &m.Value, m.Date)
			if at < 0 {
				c.add(about(RemovedFigure, is), told, Stated{})
			} else {
				c.add(about(CorrectedFigure, is), told, value(is, &is.Measurements[at].Value, m.Date))
			}
		}
	}
	for _, in := range removed {
		was := figure(in, in.Target)
		was.Text = in.Name
		c.add(about(RemovedIndicator, in), was, Stated{})
	}
	for _, in := range added {
		is := figure(in, in.Target)
		is.Text = in.Name
		c.add(about(AddedIndicator, in), Stated{}, is)
	}
}

func (c *changes) milestones(before, after []Milestone) {
	pairs, removed, added := pair(before, after,
		func(a, b Milestone) bool { return a.Title == b.Title },
		func(a, b Milestone) bool { return a.Due.Set() && a.Due.Equal(b.Due.Time) }) // it was worded anew
	for _, p := range pairs {
		was, is := p[0], p[1]
		c.add(Change{Kind: RewordedMilestone, About: is.Title}, Stated{Text: was.Title}, Stated{Text: is.Title})
		c.add(Change{Kind: MovedMilestone, About: is.Title}, Stated{Date: was.Due}, Stated{Date: is.Due})
		if was.Done.Set() {
			c.add(Change{Kind: RewrittenKeeping, About: is.Title}, Stated{Date: was.Done}, Stated{Date: is.Done})
		}
	}
	for _, m := range removed {
		c.add(Change{Kind: RemovedMilestone, About: m.Title}, Stated{Text: m.Title, Date: m.Due}, Stated{})
	}
	for _, m := range added {
		c.add(Change{Kind: AddedMilestone, About: m.Title}, Stated{}, Stated{Text: m.Title, Date: m.Due})
	}
}

// pair puts together the items that are the same thing by the rules of [compare.Match], and lists those that have no
// partner.
func pair[T any](before, after []T, rules ...func(a, b T) bool) (pairs [][2]T, removed, added []T) {
	taken := make([]bool, len(after))
	for i, j := range compare.Match(before, after, rules...) {
		if j < 0 {
			removed = append(removed, before[i])
			continue
		}
		pairs = append(pairs, [2]T{before[i], after[j]})
		taken[j] = true
	}
	for j, b := range after {
		if !taken[j] {
			added = append(added, b)
		}
	}
	return pairs, removed, added
}

// Amendment is a change of a promise after it was published, as the history of its file tells it.
type Amendment struct {
	Change
	File    string // the quick win's, as it is called now
	Title   string // of the quick win, as it was then
	Commit  string // hash
	At      time.Time
	Reason  string // the first line of the commit's message: text of anybody
	Message string // the rest of it
}
