package render

import (
	"html/template"
	"math"
	"slices"

	"pendapa/internal/chart"
	"pendapa/internal/model"
	"pendapa/internal/opendata"
	"pendapa/internal/site"
)

// IndicatorView is an indicator in full.
type IndicatorView struct {
	*site.Indicator
	ID      string // where links to the indicator lead; empty where it is shown a second time
	Heading bool   // whether it has a heading of its own; not within a page's text
	Link    string // to the indicator on the page of its quick win; empty on that page
	Chart   template.HTML
	Newest  []model.Measurement // newest first
	Data    string              // address of its figures as a file; empty: it has none
}

func (r *Renderer) indicatorView(e *site.Edition, in *site.Indicator) IndicatorView {
	view := IndicatorView{Indicator: in, Newest: slices.Clone(in.Series)}
	slices.Reverse(view.Newest)
	if in.Latest != nil {
		view.Data = r.site.Settings.Base() + escapePath(opendata.IndicatorPath(in))
	}
	if len(in.Series) < 2 {
		return view
	}
	lang := e.Lang
	value := func(v float64) string {
		// Marks of the scale may need decimals that the figures do not have; a millionth is finer than any of them.
		decimals := -1
		if rounded := math.Round(v*1e6) / 1e6; rounded == math.Trunc(rounded) {
			decimals = 0
		} else {
			v = rounded
		}
		return lang.Number(v, decimals)
	}
	series := chart.Series{
		Label: lang.T("chart.label", in.Name, in.Unit, len(in.Series), lang.ShortDate(in.Series[0].Date.Time), lang.Number(in.Series[0].Value, in.Decimals),
			lang.ShortDate(in.Latest.Date.Time), lang.Number(in.Latest.Value, in.Decimals)),
		Today:     model.DayOf(r.site.AsOf),
		FormatDay: func(day int) string { return lang.ShortMonth(model.DayTime(day)) },
		Format:    value,
	}
	for _, m := range in.Series {
		series.Points = append(series.Points, chart.Point{Day: m.Date.Day(), Value: m.Value})
	}
	if in.Baseline != nil {
		series.Baseline = &chart.Point{Day: in.Baseline.Date.Day(), Value: in.Baseline.Value}
	}
	if in.Target != nil {
		series.Target = &chart.Point{Day: in.Target.Date.Day(), Value: in.Target.Value}
		series.Label += lang.T("chart.target", lang.ShortDate(in.Target.Date.Time), lang.Number(in.Target.Value, in.Decimals))
	}
	view.Chart = template.HTML(series.SVG())
	return view
}

// RoadView is the milestones of a quick win.
type RoadView struct {
	Milestones []site.Milestone
	Chart      template.HTML
}

func (r *Renderer) roadView(e *site.Edition, q *site.QuickWin) RoadView {
	view := RoadView{Milestones: q.Milestones}
	facts := q.Document.QuickWin
	line := chart.Timeline{
		Label: e.Lang.T("timeline.label", q.Title, len(q.Milestones)), Today: model.DayOf(r.site.AsOf),
		FormatDay: func(day int) string { return e.Lang.ShortMonth(model.DayTime(day)) },
	}
	if facts.Start.Set() {
		line.Start = facts.Start.Day()
	}
	if facts.End.Set() {
		line.End = facts.End.Day()
	}
	for _, m := range q.Milestones {
		if d := m.Date(); d.Set() {
			line.Marks = append(line.Marks, chart.Mark{Day: d.Day(), Class: string(m.State)})
		}
	}
	if len(line.Marks) > 1 {
		view.Chart = template.HTML(line.SVG())
	}
	return view
}

// TotalsView is the state of a set of quick wins.
type TotalsView struct {
	site.Totals
	Stack    template.HTML
	Statuses []StatusCount // those that occur
	OnLine   int           // indicators on their line or with their target reached
	Money    bool          // whether budgets are shown and there are any
}

// StatusCount is how many quick wins have a status.
type StatusCount struct {
	Status model.Status
	Count  int
	Href   string // of the list of these; empty: there is none
}

func (r *Renderer) totalsView(e *site.Edition, t site.Totals, linked bool) TotalsView {
	view := TotalsView{Totals: t, OnLine: t.Ahead + t.Met, Money: t.Planned > 0 && r.site.Settings.Feature("budgets")}
	stack := chart.Stack{Label: ""}
	for _, s := range model.Statuses() {
		n := t.Count(s)
		if n == 0 {
			continue
		}
		count := StatusCount{Status: s, Count: n}
		if linked {
			count.Href = r.site.Settings.Base() + filterURL(e, "status", string(s))
		}
		view.Statuses = append(view.Statuses, count)
		stack.Parts = append(stack.Parts, chart.Part{Class: "stack-" + string(s), Count: n})
		if stack.Label != "" {
			stack.Label += ", "
		}
		stack.Label += e.Lang.Int(n) + " " + e.Lang.T("status."+string(s))
	}
	view.Stack = template.HTML(stack.SVG())
	return view
}
