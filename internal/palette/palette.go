// Package palette makes a light and a dark palette from two brand colours, and proves that every text in them can be
// read: each pair of text and ground meets WCAG 2.2 AA (contrast at least 4.5 to 1, success criterion 1.4.3), lines
// that carry meaning 3 to 1 (1.4.11).
//
// Colours are changed in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020), where a change
// of lightness keeps the hue that makes a brand recognisable.
package palette

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Color is an opaque sRGB colour, each part from 0 to 1.
type Color struct{ R, G, B float64 }

// Parse reads "#rrggbb" or "#rgb".
func Parse(s string) (Color, bool) {
	hex, ok := strings.CutPrefix(s, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 6 {
		return Color{}, false
	}
	return Color{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

// String is the colour as "#rrggbb".
func (c Color) String() string {
	r, g, b := c.Bytes()
	return fmt.Sprintf("#%02x%02x%02x", r, g, b)
}

// Bytes are the parts of the colour as eight bits show them.
func (c Color) Bytes() (r, g, b uint8) {
	part := func(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 1) * 255)) }
	return part(c.R), part(c.G), part(c.B)
}

// rounded is the colour as eight bits a part show it: contrasts are computed on what a browser paints.
func (c Color) rounded() Color {
	r, _ := Parse(c.String())
	return r
}

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func gamma(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// Contrast is the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio).
func Contrast(a, b Color) float64 {
	luminance := func(c Color) float64 {
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// oklch is a colour as lightness (0 to 1), chroma (0 to about 0.4) and hue (radians).
type oklch struct{ l, c, h float64 }

func toOKLCH(c Color) oklch {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	la := 0.2104542553*l + 0.7936177850*m - 0.0040720468*s
	aa := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	bb := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return oklch{la, math.Hypot(aa, bb), math.Atan2(bb, aa)}
}

// color is the sRGB colour; where the chroma is out of the gamut it is lowered until it fits.
func (o oklch) color() Color {
	convert := func(chroma float64) (Color, bool) {
		a, b := chroma*math.Cos(o.h), chroma*math.Sin(o.h)
		l := o.l + 0.3963377774*a + 0.2158037573*b
		m := o.l - 0.1055613458*a - 0.0638541728*b
		s := o.l - 0.0894841775*a - 1.2914855480*b
		l, m, s = l*l*l, m*m*m, s*s*s
		red := 4.0767416621*l - 3.3077115913*m + 0.2309699292*s
		green := -1.2684380046*l + 2.6097574011*m - 0.3413193965*s
		blue := -0.0041960863*l - 0.7034186147*m + 1.7076147010*s
		const hair = 1e-4
		fits := min(red, green, blue) >= -hair && max(red, green, blue) <= 1+hair
		clamp := func(v float64) float64 { return gamma(min(max(v, 0), 1)) }
		return Color{clamp(red), clamp(green), clamp(blue)}.rounded(), fits
	}
	if c, ok := convert(o.c); ok {
		return c
	}
	low, high := 0.0, o.c
	for range 24 {
		if mid := (low + high) / 2; func() bool { _, ok := convert(mid); return ok }() {
			low = mid
		} else {
			high = mid
		}
	}
	c, _ := convert(low)
	return c
}

// with returns the colour at another lightness; the hue stays, and the chroma where it can be shown.
func with(c Color, lightness float64) Color {
	o := toOKLCH(c)
	o.l = lightness
	return o.color()
}

// tint is a colour of the hue of c with a lightness and a chroma of its own, for grounds and lines.
func tint(c Color, lightness, chroma float64) Color {
	o := toOKLCH(c)
	if o.c < 0.01 { // a grey has no hue
		chroma = 0
	}
	return oklch{lightness, chroma, o.h}.color()
}

// reaching changes the lightness of c, downwards or upwards, as little as gives it the contrast on every ground.
func reaching(c Color, contrast float64, darker bool, grounds ...Color) Color {
	enough := func(c Color) bool {
		for _, g := range grounds {
			if Contrast(c, g) < contrast {
				return false
			}
		}
		return true
	}
	if enough(c) {
		return c
	}
	// 1/256 is finer than a step of eight bits.
	for step, l := 1.0/256, toOKLCH(c).l; l >= 0 && l <= 1; {
		if darker {
			l -= step
		} else {
			l += step
		}
		if moved := with(c, min(max(l, 0), 1)); enough(moved) {
			return moved
		}
	}
	if darker {
		return Color{}
	}
	return Color{1, 1, 1}
}

// lightened is c at a higher lightness as a pigment would show it: a brown made lighter turns pink in OKLCH, so warm
// hues move a part of the way to yellow.
func lightened(c Color, lightness float64) Color {
	const yellow, reach, part = 1.57, 0.9, 0.6
	o := toOKLCH(c)
	if away := yellow - o.h; math.Abs(away) < reach {
		o.h += away * part
	}
	o.l, o.c = lightness, o.c*1.15
	return o.color()
}

// paper is a neutral with the warmth of paper, the same for every city.
func paper(lightness, chroma float64) Color {
	return oklch{lightness, chroma, 1.5}.color()
}
