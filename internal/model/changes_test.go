package model

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func day(s string) Date {
	if s == "" {
		return Date{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return Date{Time: t}
}

func figureOn(date string, value float64) *Figure { return &Figure{day(date), value} }

// promised is a quick win with something of everything.
func promised() *QuickWin {
	spent := int64(40)
	return &QuickWin{
		Owner: Ref{ID: "dlh"}, Status: OnTrack, Start: day("2018-01-01"), End: day("2019-12-31"), Goal: "membuka bank sampah",
		Budget: &Budget{Source: "APBD", Planned: 100, Spent: &spent, AsOf: day("2018-06-30")},
		Indicators: []Indicator{{ID: Ref{ID: "aktif"}, Name: "Bank sampah aktif", Unit: "unit", Direction: Up, Baseline: figureOn("2017-12-31", 10), Target: figureOn("2019-12-31", 60),
			Measurements: []Measurement{{Date: day("2018-03-31"), Value: 20}, {Date: day("2018-06-30"), Value: 25}}},
			{ID: Ref{ID: "ton"}, Name: "Sampah tersalur", Unit: "ton", Direction: Up, Decimals: 2}},
		Milestones: []Milestone{{Title: "Lokasi dipilih", Due: day("2018-02-28"), Done: day("2018-02-20")}, {Title: "Petugas dilatih", Due: day("2018-09-30")}},
	}
}

func told(changes []Change) string {
	one := func(s Stated) string {
		var parts []string
		if s.Text != "" {
			parts = append(parts, s.Text)
		}
		if s.Figure != nil {
			parts = append(parts, fmt.Sprint(*s.Figure))
		}
		if s.Rupiah != nil {
			parts = append(parts, fmt.Sprint("Rp", *s.Rupiah))
		}
		if s.Date.Set() {
			parts = append(parts, s.Date.ISO())
		}
		return strings.Join(parts, "@")
	}
	var list []string
	for _, c := range changes {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s>%s", c.Kind, c.Indicator, one(c.Before), one(c.After))))
	}
	return strings.Join(list, "; ")
}

// What an agency may have wanted to pass unnoticed is told, and what it reports as promised is not.
func TestChangesOfAPromiseAreTold(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*QuickWin)
		want   string
	}{
		"nothing": {func(*QuickWin) {}, ""},
		"a new figure": {func(q *QuickWin) {
			q.Indicators[0].Measurements = append(q.Indicators[0].Measurements, Measurement{Date: day("2018-09-30"), Value: 30})
		}, ""},
		"figures in a new order":  {func(q *QuickWin) { m := q.Indicators[0].Measurements; m[0], m[1] = m[1], m[0] }, ""},
		"a milestone kept":        {func(q *QuickWin) { q.Milestones[1].Done = day("2018-09-01") }, ""},
		"more money spent":        {func(q *QuickWin) { n := int64(60); q.Budget.Spent, q.Budget.AsOf = &n, day("2018-12-31") }, ""},
		"a note, a tag, a source": {func(q *QuickWin) { q.Indicators[0].Measurements[0].Note, q.Indicators[0].Method = "catatan", "cara" }, ""},

		"a target lowered":          {func(q *QuickWin) { q.Indicators[0].Target = figureOn("2019-12-31", 45) }, "target aktif 60@2019-12-31>45@2019-12-31"},
		"a target put off":          {func(q *QuickWin) { q.Indicators[0].Target = figureOn("2020-06-30", 60) }, "target aktif 60@2019-12-31>60@2020-06-30"},
		"a target removed":          {func(q *QuickWin) { q.Indicators[0].Target = nil }, "target aktif 60@2019-12-31>"},
		"a first target":            {func(q *QuickWin) { q.Indicators[1].Target = figureOn("2019-12-31", 12) }, "target ton >12@2019-12-31"},
		"a baseline raised":         {func(q *QuickWin) { q.Indicators[0].Baseline = figureOn("2017-12-31", 15) }, "baseline aktif 10@2017-12-31>15@2017-12-31"},
		"a unit":                    {func(q *QuickWin) { q.Indicators[0].Unit = "kelompok" }, "unit aktif unit>kelompok"},
		"a direction":               {func(q *QuickWin) { q.Indicators[0].Direction = Down }, "direction aktif up>down"},
		"a figure corrected":        {func(q *QuickWin) { q.Indicators[0].Measurements[1].Value = 24 }, "figure-corrected aktif 25@2018-06-30>24@2018-06-30"},
		"a figure removed":          {func(q *QuickWin) { q.Indicators[0].Measurements = q.Indicators[0].Measurements[:1] }, "figure-removed aktif 25@2018-06-30>"},
		"a figure on another day":   {func(q *QuickWin) { q.Indicators[0].Measurements[1].Date = day("2018-07-01") }, "figure-removed aktif 25@2018-06-30>"},
		"an indicator removed":      {func(q *QuickWin) { q.Indicators = q.Indicators[1:] }, "indicator-removed aktif Bank sampah aktif@60@2019-12-31>"},
		"an indicator more":         {func(q *QuickWin) { q.Indicators = append(q.Indicators, Indicator{ID: Ref{ID: "baru"}, Name: "Baru"}) }, "indicator-added baru >Baru"},
		"indicators in a new order": {func(q *QuickWin) { q.Indicators[0], q.Indicators[1] = q.Indicators[1], q.Indicators[0] }, ""},
		"an id renamed":             {func(q *QuickWin) { q.Indicators[0].ID.ID = "aktif-semua"; q.Indicators[0].Target.Value = 45 }, "target aktif-semua 60@2019-12-31>45@2019-12-31"},
		"a name reworded":           {func(q *QuickWin) { q.Indicators[0].Name = "Bank sampah yang aktif" }, "indicator-name aktif Bank sampah aktif>Bank sampah yang aktif"},
		"a milestone removed":       {func(q *QuickWin) { q.Milestones = q.Milestones[:1] }, "milestone-removed  Petugas dilatih@2018-09-30>"},
		"a milestone more":          {func(q *QuickWin) { q.Milestones = append(q.Milestones, Milestone{Title: "Dibuka"}) }, "milestone-added  >Dibuka"},
		"a milestone put off":       {func(q *QuickWin) { q.Milestones[1].Due = day("2018-12-31") }, "milestone-due  2018-09-30>2018-12-31"},
		"a milestone reworded":      {func(q *QuickWin) { q.Milestones[1].Title = "Petugas terlatih" }, "milestone-title  Petugas dilatih>Petugas terlatih"},
		"a keeping taken back":      {func(q *QuickWin) { q.Milestones[0].Done = Date{} }, "milestone-done  2018-02-20>"},
		"the end":                   {func(q *QuickWin) { q.End = day("2020-12-31") }, "end  2019-12-31>2020-12-31"},
		"the end left open":         {func(q *QuickWin) { q.End = Date{} }, "end  2019-12-31>"},
		"the start":                 {func(q *QuickWin) { q.Start = day("2018-02-01") }, "start  2018-01-01>2018-02-01"},
		"the owner":                 {func(q *QuickWin) { q.Owner.ID = "dpu" }, "owner  dlh>dpu"},
		"the status":                {func(q *QuickWin) { q.Status = Delayed }, "status  on-track>delayed"},
		"the goal":                  {func(q *QuickWin) { q.Goal = "merintis bank sampah" }, "goal  membuka bank sampah>merintis bank sampah"},
		"the budget":                {func(q *QuickWin) { q.Budget.Planned = 80 }, "budget  Rp100>Rp80"},
		"the budget removed":        {func(q *QuickWin) { q.Budget = nil }, "budget  Rp100>"},
		"spending told otherwise":   {func(q *QuickWin) { n := int64(30); q.Budget.Spent = &n }, "spending  Rp40@2018-06-30>Rp30@2018-06-30"},
		"several, the gravest first": {func(q *QuickWin) {
			q.Start, q.Status, q.Indicators[0].Target = day("2018-02-01"), Stopped, figureOn("2019-12-31", 5)
		}, "target aktif 60@2019-12-31>5@2019-12-31; status  on-track>stopped; start  2018-01-01>2018-02-01"},
	} {
		t.Run(name, func(t *testing.T) {
			after := promised()
			test.change(after)
			if got := told(Changes(&Document{QuickWin: promised()}, &Document{QuickWin: after})); got != test.want {
				t.Errorf("told %q, want %q", got, test.want)
			}
		})
	}
}
