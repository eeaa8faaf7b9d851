package picture

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"testing"
)

// A65: TestPicturesComeUpright stores one picture in each of the eight ways of EXIF, in each format that has EXIF.
func TestPicturesComeUpright(t *testing.T) {
	upright := quarters(96, 64)
	for turn := 1; turn <= 8; turn++ {
		m := stored(upright, turn)
		exif := string(tiff(binary.BigEndian, turn))
		if turn%2 == 0 {
			exif = string(tiff(binary.LittleEndian, turn))
		}
		for name, data := range map[string][]byte{
			"a.jpg":  withSegments(jpegBytes(t, m), app(0xe1, exifHeader+exif)),
			"a.png":  withChunks(pngBytes(t, m), chunk("eXIf", exif)),
			"a.webp": extended(webpBytes(t, m, options{lossless: true}), 0x08, m.Rect.Dx(), m.Rect.Dy(), nil, riff("EXIF", exif)),
		} {
			name := fmt.Sprintf("%s, orientation %d", name, turn)
			i, trouble := Inspect(name[:len(name)-len(", orientation 1")], data)
			if trouble != nil {
				t.Fatal(name, trouble)
			}
			if i.Turn != turn || i.Width != 96 || i.Height != 64 {
				t.Errorf("%s: %+v", name, i)
			}
			published := cleaned(t, data, i)
			checkBare(t, name, i.Format, published)
			full := pixelsOf(t, i.Format, published)
			if full.Bounds() != upright.Rect {
				t.Errorf("%s: published with %v", name, full.Bounds())
			}
			checkCorners(t, name, full)
			small := pixelsOf(t, WebP, encoded(t, data, i, 48))
			if small.Bounds() != image.Rect(0, 0, 48, 32) {
				t.Errorf("%s: made smaller to %v", name, small.Bounds())
			}
			checkCorners(t, name+", smaller", small)
		}
	}
}

func TestTurningKeepsTheKindOfPixels(t *testing.T) {
	from := quarters(6, 4)
	palette := color.Palette{red, green, blue, yellow}
	for _, m := range []draw.Image{
		image.NewGray(from.Rect), image.NewGray16(from.Rect), image.NewPaletted(from.Rect, palette), image.NewRGBA(from.Rect),
		image.NewNRGBA(from.Rect), image.NewRGBA64(from.Rect), image.NewNRGBA64(from.Rect), image.NewCMYK(from.Rect),
	} {
		draw.Draw(m, from.Rect, from, image.Point{}, draw.Src)
		for turn := 1; turn <= 8; turn++ {
			back := turned(turned(m, turn), []int{0, 1, 2, 3, 4, 5, 8, 7, 6}[turn])
			if !samePixels(m, back) {
				t.Errorf("%T, orientation %d: there and back is not where it was", m, turn)
			}
			if _, cmyk := m.(*image.CMYK); !cmyk && fmt.Sprintf("%T", back) != fmt.Sprintf("%T", m) {
				t.Errorf("%T became %T", m, back)
			}
		}
	}
}

func TestOrientationOfBrokenEXIF(t *testing.T) {
	good := tiff(binary.BigEndian, 6)
	if orientation(good) != 6 || orientation(append([]byte(exifHeader), good...)) != 6 {
		t.Fatal("the good one is not read")
	}
	for cut := range 38 {
		if got := orientation(good[:cut]); got != 1 && cut < 34 {
			t.Errorf("%d bytes: %d", cut, got)
		}
	}
	for _, turn := range []int{0, 9, 65535} {
		if got := orientation(tiff(binary.LittleEndian, turn)); got != 1 {
			t.Errorf("%d: %d", turn, got)
		}
	}
	copy(good[4:], "\xff\xff\xff\xff")
	if orientation(good) != 1 {
		t.Error("an offset beyond the end")
	}
}
