package chart

// Mark is a step on a line of time.
type Mark struct {
	Day   int
	Class string // kept, kept-late, open or missed
}

// Timeline is a line of time with steps on it.
type Timeline struct {
	Label     string
	Start     int // day; with End and the marks it decides what the line spans
	End       int
	Marks     []Mark
	Today     int
	FormatDay func(day int) string
}

// SVG draws the line; steps that are kept are filled, others open, and today is a tick.
func (t Timeline) SVG() string {
	var s svg
	const h, middle, from, to = 58.0, 22.0, 12.0, 348.0
	s.open("timeline", width, h, t.Label, false)
	first, last := t.Start, t.End
	for _, m := range t.Marks {
		if first == 0 || m.Day < first {
			first = m.Day
		}
		last = max(last, m.Day)
	}
	if first == 0 || last <= first {
		last = first + 1
	}
	x := func(day int) float64 { return from + (to-from)*float64(day-first)/float64(last-first) }
	s.line("timeline-line", from, middle, to, middle)
	if t.Today > first {
		s.line("timeline-past", from, middle, min(x(t.Today), to), middle)
	}
	if t.Today > first && t.Today < last {
		s.line("timeline-today", x(t.Today), middle-14, x(t.Today), middle+14)
	}
	for _, m := range t.Marks {
		s.circle("timeline-mark timeline-"+m.Class, x(m.Day), middle, 6)
	}
	s.text("chart-label", "start", from-6, h-6, t.FormatDay(first))
	s.text("chart-label", "end", to+6, h-6, t.FormatDay(last))
	return s.close()
}
