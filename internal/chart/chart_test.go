package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
)

func share(v float64) *float64 { return &v }

// wellFormed parses a drawing and checks what our policy and our readers ask of every one.
func wellFormed(t *testing.T, drawing string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(drawing))
	first := true
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, drawing)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		names := make(map[string]string)
		for _, a := range start.Attr {
			names[a.Name.Local] = a.Value
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
				t.Errorf("%s has %s=%q", start.Name.Local, a.Name.Local, a.Value)
			}
		}
		if first && (start.Name.Local != "svg" || names["role"] != "img" || names["aria-label"] == "") {
			t.Errorf("no svg that says what it is: %s", drawing)
		}
		first = false
	}
}

func TestBarIsCutButNotTheFigure(t *testing.T) {
	for _, test := range []struct {
		name   string
		bar    Bar
		has    []string
		hasNot []string
	}{
		{"half", Bar{"x", share(0.5), share(0.25)}, []string{`class="bar-fill" x="0" y="0" width="50"`, `class="bar-plan" x1="25"`}, []string{"unknown"}},
		{"beyond", Bar{"x", share(1.7), nil}, []string{`width="100" height="8"/></svg>`}, []string{"bar-plan"}},
		{"below", Bar{"x", share(-1), nil}, []string{"bar-track"}, []string{"bar-fill"}},
		{"never measured", Bar{"x", nil, nil}, []string{"bar-unknown"}, []string{"bar-fill"}},
		{"what is no number", Bar{"<\"&", share(math.NaN()), share(math.Inf(1))}, []string{"&lt;&#34;&amp;"}, nil},
	} {
		drawing := test.bar.SVG()
		wellFormed(t, drawing)
		for _, s := range test.has {
			if !strings.Contains(drawing, s) {
				t.Errorf("%s: no %s in %s", test.name, s, drawing)
			}
		}
		for _, s := range test.hasNot {
			if strings.Contains(drawing, s) {
				t.Errorf("%s: %s in %s", test.name, s, drawing)
			}
		}
	}
}

func TestStackIsAsWideAsItsParts(t *testing.T) {
	drawing := Stack{"x", []Part{{"a", 1}, {"b", 0}, {"c", 3}}}.SVG()
	wellFormed(t, drawing)
	if !strings.Contains(drawing, `class="a" x="0" y="0" width="25"`) || !strings.Contains(drawing, `class="c" x="25" y="0" width="75"`) || strings.Contains(drawing, `class="b"`) {
		t.Error(drawing)
	}
	wellFormed(t, Stack{Label: "x"}.SVG())
}

func series(points ...Point) Series {
	return Series{Label: "x", Points: points, Today: 150, FormatDay: func(d int) string { return fmt.Sprint(d) }, Format: func(v float64) string { return fmt.Sprint(v) }}
}

func TestSeriesDrawsWhatThereIs(t *testing.T) {
	for _, s := range []Series{
		series(), series(Point{100, 5}), series(Point{100, 5}, Point{200, 5}), series(Point{100, -5}, Point{200, 1e9}), series(Point{100, 0}, Point{100, 0}),
		series(Point{100, math.NaN()}),
		{Label: "x", Target: &Point{200, 60}, Baseline: &Point{100, 20}, FormatDay: series().FormatDay, Format: series().Format},
	} {
		wellFormed(t, s.SVG())
	}
	s := series(Point{100, 20}, Point{200, 60})
	s.Baseline, s.Target = &Point{100, 20}, &Point{300, 60}
	drawing := s.SVG()
	wellFormed(t, drawing)
	// From 100 to 300 in 46 to 346; from 0 to 60 in 172 to 18.
	for _, part := range []string{`points="46,120.67 196,18"`, `class="chart-plan" x1="46" y1="120.67" x2="346" y2="18"`, `class="chart-today" x1="121"`, ">60</text>"} {
		if !strings.Contains(drawing, part) {
			t.Errorf("no %s in %s", part, drawing)
		}
	}
}

func TestScaleIsRound(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		want      string
	}{
		{0, 60, "[0 20 40 60]"}, {0, 4, "[0 1 2 3 4]"}, {0, 0, "[0 0.25 0.5 0.75 1]"}, {0, 0.3, "[0 0.1 0.2 0.3]"}, {-5, 5, "[-5 -2.5 0 2.5 5]"}, {0, 1324188, "[0 500000 1e+06 1.5e+06]"},
	} {
		var ticks []float64
		for _, v := range scale(test.low, test.high) {
			ticks = append(ticks, math.Round(v*1e6)/1e6)
		}
		if got := fmt.Sprint(ticks); got != test.want {
			t.Errorf("scale(%g, %g) = %s, want %s", test.low, test.high, got, test.want)
		}
	}
}

func TestTimeline(t *testing.T) {
	line := Timeline{Label: "x", Start: 100, End: 300, Today: 200, FormatDay: series().FormatDay, Marks: []Mark{{150, "kept"}, {250, "open"}, {320, "missed"}}}
	drawing := line.SVG()
	wellFormed(t, drawing)
	if strings.Count(drawing, "timeline-mark") != 3 || !strings.Contains(drawing, "timeline-today") || !strings.Contains(drawing, ">320</text>") {
		t.Error(drawing)
	}
	wellFormed(t, Timeline{Label: "x", FormatDay: series().FormatDay}.SVG())
}

func FuzzSeries(f *testing.F) {
	f.Add(0, 1.0, 5, 2.0, 3.0)
	f.Fuzz(func(t *testing.T, day int, a float64, later int, b, target float64) {
		if math.IsNaN(a+b+target) || math.Abs(a) > 1e15 || math.Abs(b) > 1e15 || math.Abs(target) > 1e15 || day < -1e6 || day > 1e6 || later < -1e6 || later > 1e6 {
			t.Skip()
		}
		s := series(Point{day, a}, Point{later, b})
		s.Target = &Point{later, target}
		wellFormed(t, s.SVG())
	})
}
