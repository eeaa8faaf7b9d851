package palette

import (
	"errors"
	"math"
	"testing"
)

func mustParse(t *testing.T, s string) Color {
	t.Helper()
	c, ok := Parse(s)
	if !ok {
		t.Fatalf("Parse(%q) failed", s)
	}
	return c
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#777777", "#ffffff", 4.48},
		{"#0b5c58", "#fbf8f2", 7.4},
		{"#8a4b16", "#fbf8f2", 6.4},
		{"#fff", "#fff", 1},
	} {
		if got := Contrast(mustParse(t, test.a), mustParse(t, test.b)); math.Abs(got-test.want) > 0.06 {
			t.Errorf("Contrast(%s, %s) = %.2f, want %.2f", test.a, test.b, got, test.want)
		}
	}
}

func TestOKLCHRoundTrip(t *testing.T) {
	for _, s := range []string{"#000000", "#ffffff", "#0b5c58", "#8a4b16", "#ff0000", "#00ff00", "#0000ff", "#808080"} {
		if got := toOKLCH(mustParse(t, s)).color().String(); got != s {
			t.Errorf("%s became %s", s, got)
		}
	}
}

// Every pair of every palette that New returns can be read, whatever the brand; a brand that cannot be read is
// refused with a colour that New then accepts.
func TestEveryPairOfEveryPaletteMeetsAA(t *testing.T) {
	steps := []float64{0, 0.2, 0.4, 0.6, 0.8, 1}
	var colors []Color
	for _, r := range steps {
		for _, g := range steps {
			for _, b := range steps {
				colors = append(colors, Color{r, g, b}.rounded())
			}
		}
	}
	accepted, refused := 0, 0
	for i, primary := range colors {
		for _, accent := range []Color{colors[(i*7+3)%len(colors)], mustParse(t, "#8a4b16"), primary} {
			p, err := New(primary, accent)
			var unreadable *UnreadableError
			for tries := 0; errors.As(err, &unreadable) && tries < 3; tries++ {
				refused++
				if unreadable.Name == "primary" {
					primary = unreadable.Nearest
				} else {
					accent = unreadable.Nearest
				}
				p, err = New(primary, accent)
			}
			if err != nil {
				t.Fatalf("New(%s, %s) refuses the colour that it proposed: %v", primary, accent, err)
			}
			accepted++
			for name, theme := range map[string]Theme{"light": p.Light, "dark": p.Dark} {
				for _, pair := range Pairs() {
					if got := Contrast(theme.Get(pair.Text), theme.Get(pair.Ground)); got < pair.Needed {
						t.Fatalf("%s of %s and %s: %s on %s is %.2f, need %.1f", name, primary, accent, pair.Text, pair.Ground, got, pair.Needed)
					}
				}
			}
		}
	}
	if accepted == 0 || refused == 0 {
		t.Errorf("accepted %d, refused %d: the test saw only one side", accepted, refused)
	}
}

func TestParseRefusesWhatIsNoColour(t *testing.T) {
	for _, s := range []string{"", "#", "0b5c58", "#0b5c5", "#0b5c588", "#gggggg", "red", "red;}</style><script>", "#+12345"} {
		if c, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %v, want a refusal", s, c)
		}
	}
}
