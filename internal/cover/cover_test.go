package cover

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

var colors = Colors{color.RGBA{7, 63, 61, 255}, color.RGBA{251, 248, 242, 255}, color.RGBA{240, 192, 99, 255}}

func TestEverySignHasAPictureOfItsOwn(t *testing.T) {
	seen := make(map[string]string)
	pictures, again := All(colors), All(colors)
	for _, sign := range append(Signs(), "") {
		data := pictures[sign]
		if !bytes.Equal(data, again[sign]) {
			t.Errorf("%q is another picture the second time", sign)
		}
		if other, twice := seen[string(data)]; twice {
			t.Errorf("%q and %q are the same picture", sign, other)
		}
		seen[string(data)] = sign
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != Width || size.Y != Height {
			t.Errorf("%q is %v", sign, size)
		}
		// Readers of shared links take pictures of up to some hundred kilobytes; a phone should load far less.
		if len(data) > 30_000 {
			t.Errorf("%q has %d bytes", sign, len(data))
		}
		counts := make(map[color.Color]int)
		for y := range Height {
			for x := range Width {
				counts[picture.At(x, y)]++
			}
		}
		if counts[colors.Ground] < Width*Height/2 || counts[colors.Lines] < 10_000 || counts[colors.Accent] < 2_000 {
			t.Errorf("%q: ground %d, lines %d, accent %d pixels", sign, counts[colors.Ground], counts[colors.Lines], counts[colors.Accent])
		}
	}
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		All(colors)
	}
}
