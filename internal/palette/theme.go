package palette

import "fmt"

// Token is a named colour of a theme; the stylesheet knows it as the custom property --name.
type Token struct {
	Name  string
	Color Color
}

// Pair is a text (or mark) on a ground, with the contrast that it needs.
type Pair struct {
	Text, Ground string
	Needed       float64
}

// Theme is a set of tokens for one colour scheme.
type Theme struct{ Tokens []Token }

// Get returns the colour of a token; it panics on a name that no theme has.
func (t Theme) Get(name string) Color {
	for _, token := range t.Tokens {
		if token.Name == name {
			return token.Color
		}
	}
	panic("palette: no token " + name)
}

// Palette is both themes.
type Palette struct{ Light, Dark Theme }

const (
	text = 4.5 // WCAG 2.2, 1.4.3
	mark = 3.0 // WCAG 2.2, 1.4.11
)

// Pairs are the combinations that the stylesheet uses.
func Pairs() []Pair {
	var pairs []Pair
	for _, ground := range []string{"ground", "surface"} {
		for _, name := range []string{"text", "quiet", "primary", "accent", "good", "risk", "late"} {
			pairs = append(pairs, Pair{name, ground, text})
		}
		pairs = append(pairs, Pair{"line-strong", ground, mark})
	}
	return append(pairs,
		Pair{"header-text", "header", text}, Pair{"header-accent", "header", mark},
		Pair{"ground", "primary", text}, Pair{"mark-text", "mark", text})
}

// New makes both themes of a brand. An error names the brand colour that cannot be read on paper and the nearest that
// can: the light theme shows the brand's own colours and must not change them silently.
func New(primary, accent Color) (Palette, error) {
	ground := paper(0.98, 0.009)
	surface := paper(0.952, 0.014)
	for _, brand := range []struct {
		name  string
		color Color
	}{{"primary", primary}, {"accent", accent}} {
		if near := reaching(brand.color, text, true, ground, surface); near != brand.color {
			return Palette{}, &UnreadableError{brand.name, brand.color, near, Contrast(brand.color, surface)}
		}
	}
	light := Theme{[]Token{
		{"ground", ground},
		{"surface", surface},
		{"text", tint(primary, 0.25, 0.014)},
		{"quiet", reaching(tint(primary, 0.47, 0.022), text+0.5, true, ground, surface)},
		{"line", paper(0.86, 0.025)},
		{"line-strong", reaching(tint(primary, 0.60, 0.02), mark+0.1, true, ground, surface)},
		{"primary", primary},
		{"accent", accent},
		{"good", reaching(Color{0.36, 0.48, 0.12}, text+0.1, true, ground, surface)},
		{"risk", reaching(Color{0.60, 0.38, 0.02}, text+0.1, true, ground, surface)},
		{"late", reaching(Color{0.61, 0.17, 0.13}, text+0.1, true, ground, surface)},
		{"header", with(primary, min(toOKLCH(primary).l, 0.335))},
		{"mark", lightened(tint(accent, 0.6, 0.06), 0.91)},
	}}
	light.Tokens = append(light.Tokens,
		Token{"header-text", reaching(ground, 7, false, light.Get("header"))},
		Token{"header-accent", reaching(lightened(accent, 0.80), mark+0.5, false, light.Get("header"))},
		Token{"mark-text", tint(primary, 0.22, 0.014)})

	night, raised := tint(primary, 0.195, 0.014), tint(primary, 0.235, 0.018)
	dark := Theme{[]Token{
		{"ground", night},
		{"surface", raised},
		{"text", paper(0.935, 0.008)},
		{"quiet", reaching(tint(primary, 0.76, 0.018), text+0.5, false, night, raised)},
		{"line", tint(primary, 0.36, 0.02)},
		{"line-strong", reaching(tint(primary, 0.58, 0.02), mark+0.1, false, night, raised)},
		{"primary", reaching(with(primary, 0.80), text+2, false, night, raised)},
		{"accent", reaching(lightened(accent, 0.83), text+2, false, night, raised)},
		{"good", reaching(Color{0.73, 0.83, 0.48}, text+0.1, false, night, raised)},
		{"risk", reaching(Color{0.94, 0.75, 0.39}, text+0.1, false, night, raised)},
		{"late", reaching(Color{0.94, 0.63, 0.59}, text+0.1, false, night, raised)},
		{"header", tint(primary, 0.27, 0.045)},
		{"mark", tint(accent, 0.42, 0.07)},
	}}
	dark.Tokens = append(dark.Tokens,
		Token{"header-text", reaching(paper(0.95, 0.008), 7, false, dark.Get("header"))},
		Token{"header-accent", reaching(lightened(accent, 0.80), mark+0.5, false, dark.Get("header"))},
		Token{"mark-text", paper(0.97, 0.008)})
	return Palette{light, dark}, nil
}

// UnreadableError says that a brand colour has too little contrast on paper.
type UnreadableError struct {
	Name     string // primary or accent
	Color    Color
	Nearest  Color // the nearest colour of the same hue that can be read
	Contrast float64
}

func (e *UnreadableError) Error() string {
	return fmt.Sprintf("%s %s has a contrast of %.1f on the ground of the page; text needs %.1f", e.Name, e.Color, e.Contrast, Needed)
}

// Needed is the contrast that text needs (WCAG 2.2, 1.4.3).
const Needed = text
