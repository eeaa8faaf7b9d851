package chart

import (
	"math"
	"strings"
)

// Point is a figure on a day.
type Point struct {
	Day   int // since 1 January 1970
	Value float64
}

// Series is an indicator over time: its figures, and the straight line from baseline to target.
type Series struct {
	Label     string // the drawing in words
	Points    []Point
	Baseline  *Point
	Target    *Point
	Today     int
	FormatDay func(day int) string   // for the axis of time
	Format    func(v float64) string // for the axis of values
}

// The drawing is made for the width of a phone, where a unit is about a pixel; wider pages do not enlarge it beyond
// what reads well.
const (
	width, height = 360.0, 210.0
	left, right   = 46.0, 346.0
	top, bottom   = 18.0, 172.0
)

// SVG draws the series.
func (c Series) SVG() string {
	var s svg
	s.open("chart", width, height, c.Label, false)
	all := append([]Point{}, c.Points...)
	for _, p := range []*Point{c.Baseline, c.Target} {
		if p != nil {
			all = append(all, *p)
		}
	}
	if len(all) == 0 {
		return s.close()
	}
	first, last, low, high := all[0].Day, all[0].Day, math.Min(0, all[0].Value), all[0].Value
	for _, p := range all {
		first, last = min(first, p.Day), max(last, p.Day)
		low, high = min(low, p.Value), max(high, p.Value)
	}
	ticks := scale(low, high)
	low, high = ticks[0], ticks[len(ticks)-1]
	x := func(day int) float64 {
		if last == first {
			return (left + right) / 2
		}
		return left + (right-left)*float64(day-first)/float64(last-first)
	}
	y := func(v float64) float64 { return bottom - (bottom-top)*(v-low)/(high-low) }

	for _, t := range ticks {
		s.line("chart-grid", left, y(t), right, y(t))
		s.text("chart-label", "end", left-6, y(t)+4, c.Format(t))
	}
	s.text("chart-label", "start", left, bottom+18, c.FormatDay(first))
	if last > first {
		s.text("chart-label", "end", right, bottom+18, c.FormatDay(last))
	}
	if c.Today > first && c.Today < last {
		s.line("chart-today", x(c.Today), top, x(c.Today), bottom)
	}
	if c.Baseline != nil && c.Target != nil {
		s.line("chart-plan", x(c.Baseline.Day), y(c.Baseline.Value), x(c.Target.Day), y(c.Target.Value))
	}
	if c.Target != nil {
		tx, ty := x(c.Target.Day), y(c.Target.Value)
		s.circle("chart-target", tx, ty, 4)
	}
	var path strings.Builder
	for i, p := range c.Points {
		if i > 0 {
			path.WriteByte(' ')
		}
		path.WriteString(number(x(p.Day)) + "," + number(y(p.Value)))
	}
	if len(c.Points) > 1 {
		s.WriteString(`<polyline class="chart-line" points="` + path.String() + `"/>`)
	}
	for i, p := range c.Points {
		if i == len(c.Points)-1 {
			s.circle("chart-latest", x(p.Day), y(p.Value), 4.5)
			anchor, at := "middle", x(p.Day)
			if at > right-24 {
				anchor, at = "end", right+6
			} else if at < left+24 {
				anchor, at = "start", left-2
			}
			s.text("chart-value", anchor, at, max(y(p.Value)-9, 12), c.Format(p.Value))
		} else if len(c.Points) <= 40 {
			s.circle("chart-point", x(p.Day), y(p.Value), 2.5)
		}
	}
	return s.close()
}

// scale returns three to six round values that span low to high, at equal steps of 1, 2, 2.5 or 5 times a power of ten.
func scale(low, high float64) []float64 {
	if high <= low {
		high = low + 1
	}
	rough := (high - low) / 4
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	step := 10 * power
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= rough {
			step = m * power
			break
		}
	}
	from := math.Floor(low/step+1e-9) * step
	ticks := make([]float64, 0, 8)
	for i := 0; i < 12; i++ { // a scale has at most seven steps; the bound is for what is not a number
		// Multiplied, not added up, so that errors do not add up either; rounded to what the step can mean.
		t := math.Round((from+float64(i)*step)/step*4) / 4 * step
		ticks = append(ticks, t)
		if t >= high-step*1e-9 {
			break
		}
	}
	return ticks
}
