package picture

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestPlainAreasStayAsTheyAre(t *testing.T) {
	for _, c := range []color.NRGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {1, 128, 254, 255}, {}} {
		m := image.NewNRGBA(image.Rect(0, 0, 777, 333))
		draw.Draw(m, m.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		for _, size := range []image.Point{{480, 206}, {100, 43}, {1, 1}, {777, 100}} {
			small := resized(m, size.X, size.Y)
			for y := range size.Y {
				for x := range size.X {
					if got := small.NRGBAAt(x, y); got != c {
						t.Fatalf("%v at %d,%d of %v: %v", c, x, y, size, got)
					}
				}
			}
		}
	}
}

func TestResizedIsNotShifted(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 1000, 1000)) // a ramp: each column its place
	for y := range 1000 {
		for x := range 1000 {
			m.SetGray(x, y, color.Gray{byte(x * 255 / 999)})
		}
	}
	small := resized(m, 100, 10)
	for x := 2; x < 98; x++ {
		want := (float64(x)*10 + 4.5) * 255 / 999
		if got := float64(small.NRGBAAt(x, 5).R); got < want-1.5 || got > want+1.5 {
			t.Errorf("column %d: %v, want about %.1f", x, got, want)
		}
	}
}

// TestInvisibleColoursDoNotShow: black under full transparency makes no dark fringe around what is visible.
func TestInvisibleColoursDoNotShow(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 100, 100))
	draw.Draw(m, image.Rect(33, 0, 100, 100), image.NewUniform(color.NRGBA{250, 200, 100, 255}), image.Point{}, draw.Src)
	small := resized(m, 40, 40)
	for x := range 40 {
		c := small.NRGBAAt(x, 20)
		if c.A > 8 && (c.R < 240 || c.G < 185 || c.B < 80) {
			t.Errorf("column %d is %v", x, c)
		}
	}
}

func TestLinesAreMadeAtLeastOnePixel(t *testing.T) {
	line := pngBytes(t, photo(2000, 1))
	i := inspected(t, "a.png", line)
	if small := inspected(t, "a.webp", encoded(t, line, i, 480)); small.Width != 480 || small.Height != 1 {
		t.Errorf("%+v", small)
	}
}
