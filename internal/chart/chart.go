// Package chart draws figures as SVG that goes into a page: how far a promise got, how an indicator moved, when
// milestones fell due.
//
// A drawing says what it shows in words (aria-label), and the page shows the same figures in a table. Colours, strokes
// and type come from the stylesheet by class: the portal's policy allows no style attributes, and a drawing follows the
// dark and the forced colour schemes like everything else. Coordinates are geometry attributes; they are written with
// two decimals, so that the same figures give the same bytes on every machine.
package chart

import (
	"html"
	"math"
	"strconv"
	"strings"
)

// Bar is how far something got, as a bar from its start to its end.
type Bar struct {
	Label    string   // the bar in words
	Share    *float64 // of 1; beyond both ends it is cut; nil: never measured, drawn as a hatched empty bar
	Expected *float64 // where the plan wanted it to be; nil: no tick
}

// SVG draws the bar; it takes the width that the page gives it.
func (b Bar) SVG() string {
	var s svg
	class := "bar"
	if b.Share == nil {
		class += " bar-unknown"
	}
	s.open(class, 100, 8, b.Label, true)
	s.rect("bar-track", 0, 0, 100, 8)
	if b.Share != nil && *b.Share > 0 {
		s.rect("bar-fill", 0, 0, clamp(*b.Share)*100, 8)
	}
	if b.Expected != nil {
		x := min(max(clamp(*b.Expected)*100, 0.4), 99.6)
		s.line("bar-plan", x, 0, x, 8)
	}
	return s.close()
}

// Part is one part of a stacked bar.
type Part struct {
	Class string
	Count int
}

// Stack is a whole made of counted parts.
type Stack struct {
	Label string
	Parts []Part
}

// SVG draws the parts side by side, each as wide as its share; it takes the width that the page gives it.
func (k Stack) SVG() string {
	var s svg
	s.open("stack", 100, 8, k.Label, true)
	whole := 0
	for _, p := range k.Parts {
		whole += p.Count
	}
	if whole == 0 {
		s.rect("bar-track", 0, 0, 100, 8)
		return s.close()
	}
	before := 0
	for _, p := range k.Parts {
		if p.Count > 0 {
			from := float64(before) / float64(whole) * 100
			before += p.Count
			s.rect(p.Class, from, 0, float64(before)/float64(whole)*100-from, 8)
		}
	}
	return s.close()
}

func clamp(share float64) float64 { return min(max(share, 0), 1) }

// svg writes a drawing.
type svg struct{ strings.Builder }

func (s *svg) open(class string, width, height float64, label string, stretch bool) {
	s.WriteString(`<svg class="` + class + `" viewBox="0 0 ` + number(width) + " " + number(height) + `" role="img" aria-label="` + html.EscapeString(label) + `"`)
	if stretch {
		s.WriteString(` preserveAspectRatio="none"`)
	}
	s.WriteString(">")
}

func (s *svg) close() string {
	s.WriteString("</svg>")
	return s.String()
}

func (s *svg) rect(class string, x, y, width, height float64) {
	s.WriteString(`<rect class="` + class + `" x="` + number(x) + `" y="` + number(y) + `" width="` + number(width) + `" height="` + number(height) + `"/>`)
}

func (s *svg) line(class string, x1, y1, x2, y2 float64) {
	s.WriteString(`<line class="` + class + `" x1="` + number(x1) + `" y1="` + number(y1) + `" x2="` + number(x2) + `" y2="` + number(y2) + `"/>`)
}

func (s *svg) circle(class string, x, y, r float64) {
	s.WriteString(`<circle class="` + class + `" cx="` + number(x) + `" cy="` + number(y) + `" r="` + number(r) + `"/>`)
}

// text writes a label; anchor is start, middle or end.
func (s *svg) text(class, anchor string, x, y float64, text string) {
	s.WriteString(`<text class="` + class + `" x="` + number(x) + `" y="` + number(y) + `" text-anchor="` + anchor + `">` + html.EscapeString(text) + `</text>`)
}

// number writes a coordinate with at most two decimals; what is not a number becomes 0.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // and never -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
