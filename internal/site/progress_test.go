package site

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pendapa/internal/model"
)

func day(s string) model.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return model.Date{Time: t}
}

func figure(s string, v float64) *model.Figure { return &model.Figure{Date: day(s), Value: v} }

func measured(pairs ...any) []model.Measurement {
	var list []model.Measurement
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, model.Measurement{Date: day(pairs[i].(string)), Value: pairs[i+1].(float64)})
	}
	return list
}

func show(p *float64) string {
	if p == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.4f", *p)
}

// Worked by hand: the way is 2020-01-01 to 2020-12-31, 365 days of a leap year; 2 July is day 183.
func TestIndicatorAsOfADay(t *testing.T) {
	up := model.Indicator{Direction: model.Up, Baseline: figure("2020-01-01", 20), Target: figure("2020-12-31", 60)}
	down := model.Indicator{Direction: model.Down, Baseline: figure("2020-01-01", 50), Target: figure("2020-12-31", 30)}
	level := model.Indicator{Direction: model.Up, Baseline: figure("2020-01-01", 95), Target: figure("2020-12-31", 95)}
	noBaseline := model.Indicator{Direction: model.Up, Target: figure("2020-12-31", 60)}
	noTarget := model.Indicator{Direction: model.Up, Baseline: figure("2020-01-01", 20)}
	for _, test := range []struct {
		name               string
		in                 model.Indicator
		measurements       []model.Measurement
		asOf               string
		latest             float64 // NaN: none
		progress, expected string
		pace               Pace
		trend              Trend
	}{
		{"up, on the way", up, measured("2020-04-01", 30.0, "2020-06-30", 40.0), "2020-07-02", 40, "0.5000", "0.5014", Behind, Better}, // (40-20)/(60-20); 183/365
		{"up, ahead", up, measured("2020-06-30", 41.0), "2020-07-02", 41, "0.5250", "0.5014", Ahead, TrendUnknown},
		{"up, exactly on the line", up, measured("2020-01-01", 20.0), "2020-01-01", 20, "0.0000", "0.0000", Ahead, TrendUnknown},
		{"up, beyond the target is not cut", up, measured("2020-06-30", 80.0), "2020-07-02", 80, "1.5000", "0.5014", Met, TrendUnknown},
		{"up, below the baseline", up, measured("2020-06-30", 10.0), "2020-07-02", 10, "-0.2500", "0.5014", Behind, TrendUnknown},
		{"up, getting worse", up, measured("2020-04-01", 30.0, "2020-06-30", 25.0), "2020-07-02", 25, "0.1250", "0.5014", Behind, Worse},
		{"up, unchanged", up, measured("2020-04-01", 30.0, "2020-06-30", 30.0), "2020-07-02", 30, "0.2500", "0.5014", Behind, Unchanged},
		{"down, on the way", down, measured("2020-03-01", 45.0, "2020-06-30", 35.0), "2020-07-02", 35, "0.7500", "0.5014", Ahead, Better}, // (35-50)/(30-50)
		{"down, worse than at first", down, measured("2020-06-30", 60.0), "2020-07-02", 60, "-0.5000", "0.5014", Behind, TrendUnknown},
		{"down, met", down, measured("2020-06-30", 30.0), "2020-07-02", 30, "1.0000", "0.5014", Met, TrendUnknown},
		{"never measured", up, nil, "2020-07-02", math.NaN(), "unknown", "0.5014", PaceUnknown, TrendUnknown},
		{"a figure after the day is not known yet", up, measured("2020-04-01", 30.0, "2020-08-01", 55.0), "2020-07-02", 30, "0.2500", "0.5014", Behind, TrendUnknown},
		{"all figures after the day", up, measured("2020-08-01", 55.0), "2020-07-02", math.NaN(), "unknown", "0.5014", PaceUnknown, TrendUnknown},
		{"a figure of the day itself counts", up, measured("2020-07-02", 55.0), "2020-07-02", 55, "0.8750", "0.5014", Ahead, TrendUnknown},
		{"out of order", up, measured("2020-06-30", 40.0, "2020-02-01", 22.0, "2020-04-01", 45.0), "2020-07-02", 40, "0.5000", "0.5014", Behind, Worse},
		{"target is baseline, held", level, measured("2020-06-30", 96.0), "2020-07-02", 96, "1.0000", "0.5014", Met, TrendUnknown},
		{"target is baseline, lost", level, measured("2020-06-30", 94.0), "2020-07-02", 94, "0.0000", "0.5014", Behind, TrendUnknown},
		{"before the way starts", up, measured("2019-12-01", 20.0), "2019-12-15", 20, "0.0000", "0.0000", Ahead, TrendUnknown},
		{"after the way ends", up, measured("2020-12-01", 50.0), "2021-06-01", 50, "0.7500", "1.0000", Behind, TrendUnknown},
		{"no baseline", noBaseline, measured("2020-06-30", 40.0), "2020-07-02", 40, "unknown", "unknown", PaceUnknown, TrendUnknown},
		{"no baseline, met all the same", noBaseline, measured("2020-06-30", 61.0), "2020-07-02", 61, "unknown", "unknown", Met, TrendUnknown},
		{"no target", noTarget, measured("2020-06-30", 40.0), "2020-07-02", 40, "unknown", "unknown", PaceUnknown, TrendUnknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.in.Measurements = test.measurements
			got := derive(test.in, day(test.asOf).Time)
			latest := math.NaN()
			if got.Latest != nil {
				latest = got.Latest.Value
			}
			if latest != test.latest && !(math.IsNaN(latest) && math.IsNaN(test.latest)) {
				t.Errorf("latest %g, want %g", latest, test.latest)
			}
			if show(got.Progress) != test.progress || show(got.Expected) != test.expected || got.Pace != test.pace || got.Trend != test.trend {
				t.Errorf("progress %s, expected %s, pace %q, trend %q; want %s, %s, %q, %q", show(got.Progress), show(got.Expected), got.Pace, got.Trend, test.progress, test.expected, test.pace, test.trend)
			}
		})
	}
}

func TestMilestoneAsOfADay(t *testing.T) {
	for _, test := range []struct {
		name, due, done, asOf string
		state                 MilestoneState
		days                  int
	}{
		{"kept early", "2018-11-30", "2018-11-01", "2019-01-01", Kept, 0},
		{"kept on the day", "2018-11-30", "2018-11-30", "2019-01-01", Kept, 0},
		{"kept late", "2018-11-30", "2019-05-21", "2019-06-01", KeptLate, 172},
		{"kept, no day was set", "", "2019-05-21", "2019-06-01", Kept, 0},
		{"not yet done on that day", "2018-11-30", "2019-05-21", "2019-01-09", Missed, 40},
		{"missed", "2018-11-30", "", "2018-12-01", Missed, 1},
		{"due today", "2018-11-30", "", "2018-11-30", Open, 0},
		{"open", "2018-11-30", "", "2018-11-20", Open, 10},
		{"open without a day", "", "", "2018-11-20", Open, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := model.Milestone{Title: "x"}
			if test.due != "" {
				m.Due = day(test.due)
			}
			if test.done != "" {
				m.Done = day(test.done)
			}
			if got := milestone(m, day(test.asOf).Time); got.State != test.state || got.Days != test.days {
				t.Errorf("%s after %d days, want %s after %d", got.State, got.Days, test.state, test.days)
			}
		})
	}
}

func TestNextUpdate(t *testing.T) {
	never := model.Indicator{ID: model.Ref{ID: "x"}, Direction: model.Up}
	some := never
	some.Measurements = measured("2020-01-31", 1.0, "2020-08-01", 2.0)
	for _, test := range []struct {
		name    string
		win     model.QuickWin
		updated string
		asOf    string
		next    string
		overdue bool
	}{
		{"monthly, at the end of a month", model.QuickWin{Review: "monthly", Indicators: []model.Indicator{some}}, "", "2020-02-29", "2020-02-29", false},
		{"a day later it is overdue", model.QuickWin{Review: "monthly", Indicators: []model.Indicator{some}}, "", "2020-03-01", "2020-02-29", true},
		{"quarterly", model.QuickWin{Review: "quarterly", Indicators: []model.Indicator{some}}, "", "2020-03-01", "2020-04-30", false},
		{"half-yearly, after the second figure", model.QuickWin{Review: "half-yearly", Indicators: []model.Indicator{some}}, "", "2020-09-01", "2021-02-01", false},
		{"yearly, never measured, from the start", model.QuickWin{Review: "yearly", Start: day("2019-03-01"), Indicators: []model.Indicator{never}}, "", "2020-03-02", "2020-03-01", true},
		{"never measured, an update of the text is no figure", model.QuickWin{Review: "yearly", Start: day("2019-03-01"), Indicators: []model.Indicator{never}}, "2020-02-01", "2020-03-02", "2020-03-01", true},
		{"no indicators: from the update", model.QuickWin{Review: "monthly", Start: day("2019-03-01")}, "2020-02-01", "2020-02-15", "2020-03-01", false},
		{"no rhythm", model.QuickWin{Start: day("2019-03-01"), Indicators: []model.Indicator{some}}, "", "2020-03-01", "", false},
		{"done", model.QuickWin{Review: "monthly", Status: model.Done, Indicators: []model.Indicator{some}}, "", "2020-09-01", "", false},
		{"nothing to count from", model.QuickWin{Review: "monthly", Indicators: []model.Indicator{never}}, "", "2020-03-01", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			asOf := day(test.asOf).Time
			doc := &model.Document{QuickWin: &test.win}
			if test.updated != "" {
				doc.Updated = day(test.updated)
			}
			q := &QuickWin{Page: &Page{Document: doc}}
			for _, in := range test.win.Indicators {
				q.Indicators = append(q.Indicators, derive(in, asOf))
			}
			q.nextUpdate(asOf)
			next := ""
			if !q.NextUpdate.IsZero() {
				next = q.NextUpdate.Format(time.DateOnly)
			}
			if next != test.next || q.Overdue != test.overdue {
				t.Errorf("next %q, overdue %v; want %q, %v", next, q.Overdue, test.next, test.overdue)
			}
		})
	}
}

func TestBudgetAbsorbed(t *testing.T) {
	spent := func(n int64) *int64 { return &n }
	for want, b := range map[string]*model.Budget{"unknown": nil, "0.2500": {Planned: 400, Spent: spent(100)}, "1.5000": {Planned: 100, Spent: spent(150)}, "0.0000": {Planned: 100, Spent: spent(0)}} {
		if got := show(absorbed(b)); got != want {
			t.Errorf("%+v: %s, want %s", b, got, want)
		}
	}
	if got := absorbed(&model.Budget{Planned: 0, Spent: spent(5)}); got != nil {
		t.Errorf("of nothing planned: %g", *got)
	}
	if got := absorbed(&model.Budget{Planned: 100}); got != nil {
		t.Errorf("of nothing reported: %g", *got)
	}
}
