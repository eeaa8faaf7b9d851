package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A63: CMYK, 16 bits a channel, interlaced and progressive pictures are read, and those that can be are made smaller.
func TestInspectReadsEveryKindOfPicture(t *testing.T) {
	for name, want := range map[string]Info{
		"cmyk.jpeg":        {JPEG, 150, 103, 1, false},
		"progressive.jpeg": {JPEG, 150, 103, 1, false},
		"grey.jpeg":        {JPEG, 150, 103, 1, false},
		"rgb.jpeg":         {JPEG, 150, 103, 1, false},
		"interlaced.png":   {PNG, 31, 31, 1, false},
		"sixteen.png":      {PNG, 32, 32, 1, false},
		"bits.png":         {PNG, 32, 32, 1, false},
		"palette.png":      {PNG, 32, 32, 1, false},
		"still.gif":        {GIF, 150, 103, 1, false},
		"animation.gif":    {GIF, 40, 30, 1, true},
		"lossy.webp":       {WebP, 150, 103, 1, false},
		"lossless.webp":    {WebP, 75, 100, 1, false},
		"animation.webp":   {WebP, 40, 30, 1, true},
		"plain.avif":       {AVIF, 60, 40, 1, false},
	} {
		data := testdata(t, name)
		if got := inspected(t, name, data); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		if got := inspected(t, strings.ToUpper(name), data); got != want {
			t.Errorf("%s, in capitals: %+v, want %+v", name, got, want)
		}
		published := cleaned(t, data, want)
		if got := inspected(t, name, published); got != want {
			t.Errorf("%s: published as %+v, want %+v", name, got, want)
		}
		if want.Animated || want.Format == AVIF {
			continue
		}
		for _, width := range []int{want.Width, 20} {
			small := inspected(t, "a.webp", encoded(t, data, want, width))
			if height := (want.Height*width + want.Width/2) / want.Width; small != (Info{WebP, width, height, 1, false}) {
				t.Errorf("%s as WebP of %d pixels: %+v", name, width, small)
			}
		}
	}
}

func TestSmallerVersionsLookAlike(t *testing.T) {
	for name, data := range map[string][]byte{
		"a.jpg": jpegBytes(t, quarters(300, 200)), "a.png": pngBytes(t, quarters(300, 200)),
		"a.webp": webpBytes(t, quarters(300, 200), options{lossless: true}),
	} {
		m := pixelsOf(t, WebP, encoded(t, data, inspected(t, name, data), 90))
		checkCorners(t, name, m)
	}
}

func checkCorners(t *testing.T, name string, m image.Image) {
	t.Helper()
	b := m.Bounds()
	l, r, top, low := b.Dx()/4, b.Dx()*3/4, b.Dy()/4, b.Dy()*3/4
	if !near(m.At(l, top), red) || !near(m.At(r, top), green) || !near(m.At(l, low), blue) || !near(m.At(r, low), yellow) {
		t.Errorf("%s: the corners are %v %v %v %v", name, m.At(l, top), m.At(r, top), m.At(l, low), m.At(r, low))
	}
}

func TestWidths(t *testing.T) {
	for _, c := range []struct {
		info Info
		want []int
	}{
		{Info{Format: JPEG, Width: 4000, Height: 3000}, []int{480, 960, 1600}},
		{Info{Format: JPEG, Width: 1601, Height: 3000}, []int{480, 960, 1600}},
		{Info{Format: PNG, Width: 1600, Height: 900}, []int{480, 960, 1600}},
		{Info{Format: PNG, Width: 1000, Height: 900}, []int{480, 960, 1000}},
		{Info{Format: WebP, Width: 480, Height: 480}, []int{480}},
		{Info{Format: GIF, Width: 33, Height: 10}, []int{33}},
		{Info{Format: PNG, Width: 10, Height: 33}, []int{10}},
		{Info{Format: PNG, Width: 32, Height: 32}, nil},
		{Info{Format: AVIF, Width: 4000, Height: 3000}, nil},
		{Info{Format: GIF, Width: 4000, Height: 3000, Animated: true}, nil},
	} {
		if got := c.info.Widths(); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.info, got, c.want)
		}
	}
}

// A63, A66: an empty file, a page and a picture of another kind are not what their names say.
func TestFilesAreWhatTheirNamesSay(t *testing.T) {
	page := []byte("<!DOCTYPE html><script>alert(1)</script>")
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"a.png", nil, "the picture's file is empty"},
		{"a.png", page, "it ends with .png, and holds text/html"},
		{"a.avif", page, "it ends with .avif, and holds text/html"},
		{"a.png", testdata(t, "grey.jpeg"), "it ends with .png, and holds image/jpeg"},
		{"a.webp", testdata(t, "plain.avif"), "it ends with .webp, and holds image/avif"},
		{"a.jpg", testdata(t, "telephone.heic"), "it ends with .jpg, and holds image/heic"},
		{"a.svg", testdata(t, "grey.jpeg"), "it ends with .svg, and holds image/jpeg"},
	} {
		if _, trouble := Inspect(c.name, c.data); trouble == nil || !strings.HasSuffix(trouble.Message.String(), c.want) || trouble.Hint.IsZero() {
			t.Errorf("%s: %v, want …%s", c.name, trouble, c.want)
		}
	}
	if !Known("content/A.JPeG") || Known("a.svg") || Known("png") {
		t.Error("Known does not know names")
	}
}

// A63: TestCutOffPicturesAreRefused cuts pictures everywhere. Where only bytes after the pixels are missing, a format may not
// notice; but then the picture can be decoded, or the decoder notices.
func TestCutOffPicturesAreRefused(t *testing.T) {
	for _, name := range []string{"rgb.jpeg", "progressive.jpeg", "interlaced.png", "palette.png", "still.gif", "animation.gif", "lossy.webp", "lossless.webp", "animation.webp", "plain.avif"} {
		data := testdata(t, name)
		for cut := 0; cut < len(data); cut += 1 + len(data)/500 {
			if i, trouble := Inspect(name, data[:cut]); trouble == nil {
				t.Errorf("%s: passed with %d of %d bytes: %+v", name, cut, len(data), i)
			} else if trouble.Hint.IsZero() {
				t.Errorf("%s with %d bytes: no remedy", name, cut)
			}
		}
	}
}

func TestDamagedPixelsShowWhenDecoded(t *testing.T) {
	data := testdata(t, "palette.png")
	i := inspected(t, "a.png", data)
	at := bytes.Index(data, []byte("IDAT"))
	length := binary.BigEndian.Uint32(data[at-4:])
	bad := withChunks(data[:at-4], chunk("IDAT", "no pixels at all"), data[at+8+int(length):])
	if inspected(t, "a.png", bad) != i {
		t.Error("the header was not read")
	}
	if _, trouble := Encode(bad, i, 20); trouble == nil {
		t.Error("a picture without pixels was encoded")
	}
	data[at+8]++
	if _, trouble := Inspect("a.png", data); trouble == nil {
		t.Error("a wrong checksum passed")
	}
}

// A62: what would unfold to gigabytes costs next to nothing.
func TestBombsAreRefusedByTheirHeaders(t *testing.T) {
	bigJPEG := testdata(t, "progressive.jpeg")
	sof := bytes.Index(bigJPEG, []byte{0xff, 0xc2})
	copy(bigJPEG[sof+5:], "\xff\xf0\xff\xf0")
	bigGIF := testdata(t, "still.gif")
	copy(bigGIF[6:], "\xff\xff\xff\xff")
	canvas := testdata(t, "animation.webp")
	copy(canvas[24:], "\xff\xff\xff\xff\xff\xff")
	lossless := testdata(t, "lossless.webp")
	vp8l := bytes.Index(lossless, []byte("VP8L"))
	copy(lossless[vp8l+9:], "\xff\xff\xff\x0f")
	big := []struct {
		name string
		data []byte
	}{
		{"50000.png", pngOf(50000, 50000)},
		{"40000.png", pngOf(40000, 40000)},
		{"wide.png", pngOf(MaxSide+1, 1)},
		{"area.png", pngOf(10000, 5001)},
		{"a.jpg", bigJPEG},
		{"a.gif", bigGIF},
		{"lossless.webp", slices.Concat(lossless[:12], lossless[vp8l:])},
		{"canvas.webp", canvas},
		{"a.avif", avifBytes(1<<31, 1<<31, []string{"av01"})},
	}
	for _, c := range big {
		if strings.HasSuffix(c.name, ".webp") {
			c.data = riffSized(c.data)
		}
		var trouble *Trouble
		if n := allocated(func() { _, trouble = Inspect(c.name, c.data) }); n > 10<<20 {
			t.Errorf("%s took %d bytes", c.name, n)
		}
		if trouble == nil || !strings.HasPrefix(trouble.Message.String(), "the picture is too large") {
			t.Errorf("%s: %+v", c.name, trouble)
		}
	}
	// Whoever skips Inspect does not get further.
	for _, f := range []func([]byte, Info, int) ([]byte, *Trouble){Encode, func(data []byte, i Info, _ int) ([]byte, *Trouble) { return Clean(data, i) }} {
		if n := allocated(func() {
			if _, trouble := f(pngOf(50000, 50000), Info{PNG, 50000, 50000, 6, false}, 480); trouble == nil {
				t.Error("a bomb was taken")
			}
		}); n > 10<<20 {
			t.Errorf("%d bytes", n)
		}
	}
}

// pngOf is a PNG that says it has so many pixels, and has none.
func pngOf(width, height uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return slices.Concat([]byte(pngSignature), chunk("IHDR", string(ihdr)+"\x08\x06\x00\x00\x00"), chunk("IDAT", "x"), chunk("IEND", ""))
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A64: an animation is copied block by block.
func TestTenThousandFramesAreNotDecoded(t *testing.T) {
	data := testdata(t, "animation.gif")
	first := bytes.IndexByte(data, gifImage)
	end := subBlocks(data, first+10+colourTable(data[first+9])+1)
	many := slices.Concat(data[:first], bytes.Repeat(data[first:end], 10_000), []byte{gifTrailer})
	i := inspected(t, "a.gif", many)
	if !i.Animated || i.Widths() != nil {
		t.Errorf("%+v", i)
	}
	if n := allocated(func() { cleaned(t, many, i) }); n > uint64(2*len(many)+1<<20) {
		t.Errorf("%d bytes for a file of %d", n, len(many))
	}
}

func TestUnusualJPEGIsRefused(t *testing.T) {
	data := testdata(t, "rgb.jpeg")
	data[bytes.Index(data, []byte{0xff, 0xc0})+1] = 0xc9 // arithmetic coding
	if _, trouble := Inspect("a.jpg", data); trouble == nil || !strings.Contains(trouble.Message.String(), "not every browser") {
		t.Errorf("%+v", trouble)
	}
}
