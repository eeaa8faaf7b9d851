// Package cover draws the picture that stands for a section of the portal where one of its addresses is shared: the
// pavilion, the section's sign and the crackle of the city's cloth, in the city's colours.
//
// The drawing counts in whole numbers only, so that it is the same on every machine.
package cover

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/bits"
	"slices"
)

// Width and Height are the picture's size in pixels, as Open Graph's readers like it best.
const (
	Width  = 1200
	Height = 630
)

// Colors are those of a picture.
type Colors struct {
	Ground color.RGBA
	Lines  color.RGBA // of the pavilion
	Accent color.RGBA // of the sign and the band
}

// Signs are the names of the signs that sections can have.
func Signs() []string {
	var names []string
	for name := range signs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// point is a point in eighths of a pixel.
type point struct{ x, y int64 }

const eighths = 8

// pavilion is the mark of the portal (layouts/partials/header.html) on a grid of 40 by 40.
var pavilion = [][]point{
	{{2, 20}, {38, 20}}, {{6, 20}, {15, 12}, {25, 12}, {34, 20}}, {{15, 12}, {17, 6}, {23, 6}, {25, 12}},
	{{9, 20}, {9, 35}}, {{16, 20}, {16, 35}}, {{24, 20}, {24, 35}}, {{31, 20}, {31, 35}}, {{5, 35}, {35, 35}},
}

// signs are those of the sections, on a grid of 24 by 24.
var signs = map[string][][]point{
	"quick-wins": {{{3, 13}, {9, 19}, {21, 5}}},
	"bintek":     {{{3, 6}, {21, 6}, {21, 21}, {3, 21}, {3, 6}}, {{3, 11}, {21, 11}}, {{8, 3}, {8, 8}}, {{16, 3}, {16, 8}}, {{8, 16}, {16, 16}}},
	"masterplan": {{{12, 6}, {4, 4}, {2, 5}, {2, 19}, {4, 18}, {12, 20}, {20, 18}, {22, 19}, {22, 5}, {20, 4}, {12, 6}, {12, 20}}},
	"opd":        {{{3, 21}, {21, 21}}, {{4, 10}, {20, 10}, {12, 4}, {4, 10}}, {{6, 10}, {6, 18}}, {{10, 10}, {10, 18}}, {{14, 10}, {14, 18}}, {{18, 10}, {18, 18}}},
	"dimensi":    {{{12, 2}, {21, 7}, {21, 17}, {12, 22}, {3, 17}, {3, 7}, {12, 2}, {12, 22}}, {{3, 7}, {21, 17}}, {{21, 7}, {3, 17}}},
	"istilah":    {{{3, 4}, {21, 4}, {21, 16}, {11, 16}, {6, 21}, {6, 16}, {3, 16}, {3, 4}}, {{8, 8}, {16, 8}}, {{8, 12}, {14, 12}}},
	"data":       {{{3, 3}, {3, 21}, {21, 21}}, {{8, 17}, {8, 12}}, {{13, 17}, {13, 7}}, {{18, 17}, {18, 10}}},
}

// band is one piece of the crackle, 150 pixels wide and 60 high.
var band = [][]point{
	{{0, 34}, {22, 20}, {40, 38}, {71, 26}, {96, 44}, {118, 22}, {150, 34}}, {{22, 20}, {30, 0}}, {{40, 38}, {34, 60}}, {{71, 26}, {78, 0}},
	{{96, 44}, {104, 60}}, {{118, 22}, {112, 0}}, {{71, 26}, {64, 60}}, {{118, 22}, {131, 60}},
}

// All are the pictures of every section as PNG files, by their signs; that of the empty sign has the pavilion alone. They
// are made together, because most of each is the same.
func All(c Colors) map[string][]byte {
	bands := newLayer()
	for i := range int64(Width / 150) {
		bands.draw(band, point{i * 150, 555}, 1, 2)
	}
	bands.draw([][]point{{{0, 0}, {Width, 0}}}, point{0, 548}, 1, 3)
	ground := image.NewPaletted(image.Rect(0, 0, Width, Height), shades(c))
	bands.onto(ground, 1+steps)
	lines := newLayer()
	lines.draw(pavilion, point{150, 40}, 11, 11)
	pictures := make(map[string][]byte)
	var picture = *ground
	for sign, drawing := range signs {
		picture.Pix = append(picture.Pix[:0:0], ground.Pix...)
		lines.onto(&picture, 1)
		accent := newLayer()
		accent.draw(drawing, point{690, 110}, 15, 17)
		accent.onto(&picture, 1+steps)
		pictures[sign] = encode(&picture)
	}
	middle := newLayer()
	middle.draw(pavilion, point{405, 40}, 11, 11)
	middle.onto(ground, 1)
	pictures[""] = encode(ground)
	return pictures
}

func encode(picture *image.Paletted) []byte {
	var b bytes.Buffer
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, picture) // a buffer takes everything
	return b.Bytes()
}

// steps are how many shades lead from the ground to a colour: one for each of 4 by 4 samples in a pixel.
const steps = 16

// shades are the ground, then the steps to each colour.
func shades(c Colors) color.Palette {
	palette := color.Palette{c.Ground}
	for _, to := range []color.RGBA{c.Lines, c.Accent} {
		for n := 1; n <= steps; n++ {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(steps-n) + int(b)*n + steps/2) / steps) }
			palette = append(palette, color.RGBA{mix(c.Ground.R, to.R), mix(c.Ground.G, to.G), mix(c.Ground.B, to.B), 255})
		}
	}
	return palette
}

// all are the samples of a pixel that is covered wholly.
const all = 1<<steps - 1

// layer are the samples of each pixel that lines of one colour cover.
type layer []uint16

func newLayer() layer { return make(layer, Width*Height) }

// draw adds lines that are given on a grid of a number of pixels, from a corner given in pixels, with round ends; radius
// is half their width, in pixels.
func (l layer) draw(lines [][]point, corner point, grid, radius int64) {
	at := func(p point) point {
		return point{(corner.x + p.x*grid) * eighths, (corner.y + p.y*grid) * eighths}
	}
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			l.segment(at(line[i-1]), at(line[i]), radius*eighths)
		}
	}
}

// segment covers the samples that lie within radius of a line from a to b. In eighths of a pixel all products stay below
// 2^58.
func (l layer) segment(a, b point, radius int64) {
	ab := point{b.x - a.x, b.y - a.y}
	length := ab.x*ab.x + ab.y*ab.y
	near := func(p point, radius int64) bool {
		d := point{p.x - a.x, p.y - a.y}
		switch along := d.x*ab.x + d.y*ab.y; {
		case along <= 0:
			return d.x*d.x+d.y*d.y <= radius*radius
		case along >= length:
			e := point{p.x - b.x, p.y - b.y}
			return e.x*e.x+e.y*e.y <= radius*radius
		}
		cross := d.x*ab.y - d.y*ab.x
		return cross*cross <= radius*radius*length
	}
	from := point{max((min(a.x, b.x)-radius)/eighths-1, 0), max((min(a.y, b.y)-radius)/eighths-1, 0)}
	to := point{min((max(a.x, b.x)+radius)/eighths+1, Width-1), min((max(a.y, b.y)+radius)/eighths+1, Height-1)}
	for y := from.y; y <= to.y; y++ {
		for x := from.x; x <= to.x; x++ {
			pixel := &l[y*Width+x]
			middle := point{x*eighths + eighths/2, y*eighths + eighths/2}
			switch { // most pixels lie wholly on one side: no sample is further than 5 eighths from the middle
			case *pixel == all || !near(middle, radius+5):
				continue
			case radius > 5 && near(middle, radius-5):
				*pixel = all
				continue
			}
			for s := range int64(steps) {
				if near(point{x*eighths + s%4*2 + 1, y*eighths + s/4*2 + 1}, radius) {
					*pixel |= 1 << s
				}
			}
		}
	}
}

// onto lays the layer over a picture, in shades that start at first.
func (l layer) onto(picture *image.Paletted, first int) {
	for i, samples := range l {
		if n := bits.OnesCount16(samples); n > 0 {
			picture.Pix[i] = uint8(first + n - 1)
		}
	}
}
