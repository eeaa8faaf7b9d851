package opendata

import (
	"slices"
	"strings"

	"pendapa/internal/model"
	"pendapa/internal/site"
)

// Group is a set of quick wins that is compared with its like: all of them, those of a dimension, those of an agency.
type Group struct {
	Kind  string     // all, dimension, agency
	Page  *site.Page // of the dimension or agency; the list of all for all
	Name  string
	Total site.Totals
}

// OnSchedule is how many indicators are on their line to the target or have reached it.
func (g Group) OnSchedule() int { return g.Total.Met + g.Total.Ahead }

// Groups are what is compared: everything first, then the dimensions, then the agencies that own quick wins.
func Groups(e *site.Edition) []Group {
	all := e.Section("quick-wins")
	if all == nil {
		all = e.Home
	}
	groups := []Group{{"all", all, e.Lang.T("comparison.all"), e.Totals}}
	for _, d := range e.Dimensions {
		groups = append(groups, Group{"dimension", d.Page, d.Title, d.Totals})
	}
	for _, a := range e.Agencies {
		if len(a.QuickWins) > 0 {
			groups = append(groups, Group{"agency", a.Page, a.Name(), a.Totals})
		}
	}
	return groups
}

func comparison(e *site.Edition) *Table {
	columns := []column[Group]{
		enum("group", []string{"all", "dimension", "agency"}, true, func(g Group) any { return g.Kind }),
		id(func(g Group) any {
			if g.Kind == "all" {
				return g.Kind
			}
			return g.Page.ID
		}),
		{Column{Name: "name", Type: String, Required: true}, func(g Group) any { return g.Name }},
		count("quick_wins", func(g Group) any { return g.Total.QuickWins }),
	}
	for _, s := range model.Statuses() {
		columns = append(columns, count("status_"+strings.ReplaceAll(string(s), "-", "_"), func(g Group) any { return g.Total.Count(s) }))
	}
	columns = append(columns,
		count("indicators", func(g Group) any { return g.Total.Indicators }),
		count("indicators_measured", func(g Group) any { return g.Total.Measured }),
		count("indicators_on_schedule", func(g Group) any { return g.OnSchedule() }),
		count("indicators_behind", func(g Group) any { return g.Total.Behind }),
		count("milestones_missed", func(g Group) any { return g.Total.Missed }),
		count("overdue", func(g Group) any { return g.Total.Overdue }),
	)
	if e.Site.Settings.Feature("budgets") {
		columns = append(columns,
			rupiah("planned", func(g Group) any { return g.Total.Planned }),
			rupiah("spent", func(g Group) any { return g.Total.Spent }),
		)
	}
	return table(e, "comparison", []string{"group", "id"}, e.Comparison.Changed, slices.Values(Groups(e)), columns)
}

// OfQuickWin is the table of a quick win's figures.
func OfQuickWin(q *site.QuickWin) *Table {
	return measurements(q.Edition, []*site.QuickWin{q}, "")
}

// OfIndicator is the table of an indicator's figures.
func OfIndicator(in *site.Indicator) *Table {
	return measurements(in.Win.Edition, []*site.QuickWin{in.Win}, in.ID.ID)
}
