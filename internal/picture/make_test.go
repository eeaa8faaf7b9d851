package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// secret stands for a place where a picture was taken, a name, a date: what must not be published.
const secret = "6.1754S,106.8272E"

var (
	red    = color.NRGBA{220, 30, 30, 255}
	green  = color.NRGBA{30, 180, 30, 255}
	blue   = color.NRGBA{30, 30, 220, 255}
	yellow = color.NRGBA{230, 220, 40, 255}
)

// quarters is a picture whose corners can be told apart, however it is turned: red and green above, blue and yellow below.
func quarters(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := [2][2]color.NRGBA{{red, green}, {blue, yellow}}[2*y/height][2*x/width]
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// photo is a picture with many colours.
func photo(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	noise := uint32(1)
	for y := range height {
		for x := range width {
			noise = noise*1664525 + 1013904223
			n := int(noise >> 27)
			m.SetNRGBA(x, y, color.NRGBA{byte(x*200/width + n), byte(y*200/height + n), byte((x+y)*100/(width+height) + n), 255})
		}
	}
	return m
}

// stored is how a camera that was held otherwise stores a picture, written as EXIF defines the orientations: by the side
// of the scene that the first stored row and the first stored column show.
func stored(upright *image.NRGBA, turn int) *image.NRGBA {
	row := []string{"", "top", "top", "bottom", "bottom", "left", "right", "right", "left"}[turn]
	column := []string{"", "left", "right", "right", "left", "top", "top", "bottom", "bottom"}[turn]
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if row == "left" || row == "right" {
		size = image.Rect(0, 0, h, w)
	}
	m := image.NewNRGBA(size)
	for r := range size.Dy() {
		for c := range size.Dx() {
			var at image.Point
			for side, n := range map[string]int{row: r, column: c} {
				switch side {
				case "top":
					at.Y = n
				case "bottom":
					at.Y = h - 1 - n
				case "left":
					at.X = n
				case "right":
					at.X = w - 1 - n
				}
			}
			m.SetNRGBA(c, r, upright.NRGBAAt(at.X, at.Y))
		}
	}
	return m
}

// tiff is EXIF data with an orientation and the secret.
func tiff(order binary.AppendByteOrder, turn int) []byte {
	b := []byte("II*\x00")
	if order == binary.BigEndian {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2) // entries
	b = order.AppendUint16(b, 0x010e)
	b = order.AppendUint16(b, 2) // ASCII
	b = order.AppendUint32(b, uint32(len(secret)))
	b = order.AppendUint32(b, 38)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(turn))
	b = order.AppendUint16(b, 0)
	b = order.AppendUint32(b, 0)
	return append(b, secret...)
}

func jpegBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func webpBytes(t testing.TB, m *image.NRGBA, o options) []byte {
	t.Helper()
	b, err := encodeWebP(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withSegments puts segments of JPEG after the first marker.
func withSegments(file []byte, segments ...[]byte) []byte {
	return slices.Concat(file[:2], slices.Concat(segments...), file[2:])
}

func app(marker byte, payload string) []byte {
	n := len(payload) + 2
	return append([]byte{0xff, marker, byte(n >> 8), byte(n)}, payload...)
}

// withChunks puts chunks of PNG after IHDR.
func withChunks(file []byte, chunks ...[]byte) []byte {
	return slices.Concat(file[:33], slices.Concat(chunks...), file[33:])
}

func chunk(kind, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, kind+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// extended is a WebP file in its extended form, with chunks around those of a simple file.
func extended(simple []byte, flags byte, width, height int, before, after []byte) []byte {
	header := make([]byte, 10)
	header[0] = flags
	putUint24(header[4:], width-1)
	putUint24(header[7:], height-1)
	return riffSized(slices.Concat([]byte("RIFF\x00\x00\x00\x00WEBP"), riff("VP8X", string(header)), before, simple[12:], after))
}

func riff(id, body string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body)))
	return append(append(b, body...), make([]byte, len(body)%2)...)
}

func isoBox(kind string, bodies ...[]byte) []byte {
	body := slices.Concat(bodies...)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind...), body...)
}

// avifBytes is an AVIF file around no pixels: its tables are all that is read. kinds are of its items.
func avifBytes(width, height uint32, kinds []string, more ...[]byte) []byte {
	infe := [][]byte{{0, 0, 0, 0, 0, byte(len(kinds))}}
	for n, kind := range kinds {
		infe = append(infe, isoBox("infe", []byte{2, 0, 0, 0, 0, byte(n + 1), 0, 0}, []byte(kind), []byte{0}))
	}
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(make([]byte, 4), width), height)
	meta := isoBox("meta", make([]byte, 4),
		isoBox("hdlr", make([]byte, 25)),
		isoBox("pitm", []byte{0, 0, 0, 0, 0, 1}),
		isoBox("iinf", infe...),
		isoBox("iprp",
			isoBox("ipco", isoBox("ispe", size), isoBox("irot", []byte{1})),
			isoBox("ipma", []byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0x81, 0x82})))
	file := slices.Concat(isoBox("ftyp", []byte("avif\x00\x00\x00\x00avifmif1")), meta, isoBox("mdat", []byte("pixels")))
	return append(file, slices.Concat(more...)...)
}

// rgbProfile is as much of a colour profile as anything here looks at.
func rgbProfile() string {
	p := make([]byte, 200)
	binary.BigEndian.PutUint32(p, 200)
	copy(p[16:], spaceRGB)
	copy(p[36:], "acsp")
	copy(p[132:], "Display P3")
	return string(p)
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func inspected(t testing.TB, name string, data []byte) Info {
	t.Helper()
	i, trouble := Inspect(name, data)
	if trouble != nil {
		t.Fatalf("%s: %s", name, trouble.Message)
	}
	return i
}

func cleaned(t testing.TB, data []byte, i Info) []byte {
	t.Helper()
	out, trouble := Clean(data, i)
	if trouble != nil {
		t.Fatalf("Clean: %s", trouble.Message)
	}
	return out
}

func encoded(t testing.TB, data []byte, i Info, width int) []byte {
	t.Helper()
	out, trouble := Encode(data, i, width)
	if trouble != nil {
		t.Fatalf("Encode: %s", trouble.Message)
	}
	return out
}

// pixelsOf decodes a file that this package wrote.
func pixelsOf(t testing.TB, format string, data []byte) image.Image {
	t.Helper()
	i := inspected(t, "a."+format, data)
	m, trouble := decoded(data, i)
	if trouble != nil {
		t.Fatalf("decode: %s", trouble.Message)
	}
	return m
}

// near reports whether two colours are alike as far as lossy compression goes.
func near(a, b color.Color) bool {
	ar, ag, ab, aa := a.RGBA()
	br, bg, bb, ba := b.RGBA()
	for _, d := range []int{int(ar) - int(br), int(ag) - int(bg), int(ab) - int(bb), int(aa) - int(ba)} {
		if abs(d) > 30<<8 {
			return false
		}
	}
	return true
}
