package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
)

// private are pictures of each format with the secret in every place that is known to hold such things.
func private(t testing.TB) map[string][]byte {
	exif := string(tiff(binary.LittleEndian, 1))
	plain := jpegBytes(t, quarters(64, 48))
	scan := bytes.Index(plain, []byte{0xff, markSOS})
	pictures := map[string][]byte{
		"segments.jpg": slices.Concat(withSegments(plain,
			app(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x02\x03"+secret+" "), // its preview: 2 × 3 pixels
			app(0xe0, "JFXX\x00\x10"+secret),
			app(0xe1, exifHeader+exif), app(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+secret),
			app(0xe2, "ICC_PROFILE\x00\x01\x01"+secret), // not a profile
			app(0xe2, "MPF\x00"+secret), app(0xed, "Photoshop 3.0\x00"+secret), app(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01"+secret), app(0xef, secret),
			app(0xfe, secret)), []byte("ftypmp42"+secret)), // a film appended
		"second.jpg":   slices.Concat(plain, withSegments(plain, app(0xe1, exifHeader+exif))), // as MPF appends it
		"between.jpg":  slices.Concat(plain[:scan], []byte(secret), app(0xe5, secret), plain[scan:]),
		"chunks.png":   slices.Concat(withChunks(pngBytes(t, quarters(64, 48)), chunk("eXIf", exif), chunk("tEXt", "Comment\x00"+secret), chunk("zTXt", secret), chunk("iTXt", secret), chunk("tIME", secret), chunk("prVt", secret)), []byte(secret)),
		"chunks.webp":  append(extended(webpBytes(t, quarters(64, 48), options{quality: 90}), 0x2c, 64, 48, riff("ICCP", secret), slices.Concat(riff("EXIF", exif), riff("XMP ", secret), riff("abcd", secret))), secret...),
		"simple.webp":  riffSized(append(webpBytes(t, quarters(64, 48), options{lossless: true}), riff("EXIF", exif)...)),
		"frames.webp":  withFrameChunk(t, riff("EXIF", exif)),
		"comment.gif":  withBlocks(testdata(t, "still.gif"), "\x21\xfe\x11"+secret+"\x00", "\x21\xff\x0bXMP DataXMP\x11"+secret+"\x00", "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x11"+secret+"\x00", "\x21\x01\x0c............\x11"+secret+"\x00", "\x21\xab\x11"+secret+"\x00"),
		"moving.gif":   withBlocks(testdata(t, "animation.gif"), "\x21\xfe\x11"+secret+"\x00"),
		"free.avif":    avifBytes(60, 40, []string{"av01"}, isoBox("free", []byte(secret)), isoBox("skip", []byte(secret))),
		"animated.png": withChunks(pngBytes(t, quarters(64, 48)), chunk("acTL", "\x00\x00\x00\x01\x00\x00\x00\x00"), chunk("eXIf", string(tiff(binary.BigEndian, 6)))),
	}
	return pictures
}

// withFrameChunk puts a chunk into the first frame of an animation.
func withFrameChunk(t testing.TB, extra []byte) []byte {
	file := testdata(t, "animation.webp")
	var out []byte
	for c := range riffChunks(file) {
		if c.id == "ANMF" {
			c.body = append(bytes.Clone(c.body), extra...)
		}
		c.write(func(pieces ...[]byte) { out = append(out, slices.Concat(pieces...)...) })
	}
	return riffSized(slices.Concat(file[:12], out))
}

// withBlocks puts blocks of GIF before the first frame, and bytes after the last.
func withBlocks(file []byte, blocks ...string) []byte {
	at := 13 + colourTable(file[10])
	return slices.Concat(file[:at], []byte(strings.Join(blocks, "")), file[at:], []byte(secret))
}

// A65: the place where a picture was taken, and all else that cameras write, is not published.
func TestNothingPrivateIsPublished(t *testing.T) {
	for name, data := range private(t) {
		if !bytes.Contains(data, []byte(secret)) {
			t.Fatalf("%s: the test's picture has no secret", name)
		}
		i := inspected(t, name, data)
		published := cleaned(t, data, i)
		outputs := [][]byte{published}
		if i.Widths() != nil {
			small := encoded(t, data, i, 40)
			outputs = append(outputs, small)
			checkBare(t, name+" as WebP", WebP, small)
		}
		for _, out := range outputs {
			if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("II*\x00")) {
				t.Errorf("%s: the secret is published", name)
			}
		}
		checkBare(t, name, i.Format, published)
		if got := inspected(t, name, published); got != i {
			t.Errorf("%s: %+v became %+v", name, i, got)
		}
		if again := cleaned(t, published, i); !bytes.Equal(again, published) {
			t.Errorf("%s: what is clean changes", name)
		}
		if i.Animated || i.Format == AVIF {
			continue
		}
		before, trouble := decoded(data, i)
		if trouble != nil {
			t.Fatal(name, trouble)
		}
		if !samePixels(before, pixelsOf(t, i.Format, published)) {
			t.Errorf("%s: other pixels", name)
		}
	}
}

func samePixels(a, b image.Image) bool {
	return a.Bounds() == b.Bounds() && bytes.Equal(toNRGBA(a).Pix, toNRGBA(b).Pix)
}

// checkBare fails where a file has any part that could hold metadata.
func checkBare(t testing.TB, name, format string, data []byte) {
	t.Helper()
	switch format {
	case JPEG:
		for s := range jpegSegments(data) {
			known := s.marker == markAPP0 && bytes.HasPrefix(s.payload, []byte("JFIF\x00")) || s.marker == markAPP0+2 && bytes.HasPrefix(s.payload, []byte(iccHeader)) || s.marker == markAPP0+14 && bytes.HasPrefix(s.payload, []byte("Adobe"))
			if s.marker >= markAPP0 && !known {
				t.Errorf("%s: the marker %x is left", name, s.marker)
			}
		}
		if !bytes.HasSuffix(data, []byte{0xff, markEOI}) {
			t.Errorf("%s: something follows", name)
		}
	case PNG:
		for c := range pngChunks(data) {
			if !slices.Contains(pngKept, c.kind) {
				t.Errorf("%s: %s is left", name, c.kind)
			}
		}
		if !bytes.HasSuffix(data, chunk("IEND", "")) {
			t.Errorf("%s: something follows", name)
		}
	case WebP:
		if n := int(binary.LittleEndian.Uint32(data[4:])); n != len(data)-8 || n%2 == 1 {
			t.Errorf("%s: the length %d of %d bytes", name, n, len(data))
		}
		for c := range riffChunks(data) {
			if !slices.Contains([]string{"VP8X", "VP8 ", "VP8L", "ICCP", "ALPH", "ANIM", "ANMF"}, c.id) {
				t.Errorf("%s: %q is left", name, c.id)
			}
			if c.id == "VP8X" && c.body[0]&0x0c != 0 {
				t.Errorf("%s: the flags promise EXIF or XMP", name)
			}
		}
	}
}

func TestPixelsThatNeedNoTurningAreCopied(t *testing.T) {
	for _, name := range []string{"cmyk.jpeg", "progressive.jpeg", "sixteen.png", "interlaced.png", "still.gif", "animation.gif", "animation.webp", "lossless.webp", "plain.avif"} {
		data := testdata(t, name)
		if published := cleaned(t, data, inspected(t, name, data)); len(published) > len(data) {
			t.Errorf("%s: %d bytes became %d", name, len(data), len(published))
		}
	}
	plain := pngBytes(t, quarters(64, 48))
	if !bytes.Equal(cleaned(t, plain, inspected(t, "a.png", plain)), plain) {
		t.Error("a picture without metadata changed")
	}
}

func TestColourProfilesStay(t *testing.T) {
	profile := rgbProfile()
	exif := string(tiff(binary.BigEndian, 6))
	jpg := jpegBytes(t, quarters(64, 48))
	segment := app(0xe2, iccHeader+"\x01\x01"+profile)
	simple := webpBytes(t, quarters(64, 48), options{quality: 90})
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	w.Write([]byte(profile))
	w.Close()
	iccp := chunk("iCCP", "ICC\x00\x00"+packed.String())
	for name, data := range map[string][]byte{
		"a.jpg":       withSegments(jpg, segment),
		"halves.jpg":  withSegments(jpg, app(0xe2, iccHeader+"\x01\x02"+profile[:100]), app(0xe2, iccHeader+"\x02\x02"+profile[100:])),
		"turned.jpg":  withSegments(jpg, app(0xe1, exifHeader+exif), segment),
		"a.png":       withChunks(pngBytes(t, quarters(64, 48)), iccp),
		"turned.png":  withChunks(pngBytes(t, quarters(64, 48)), iccp, chunk("gAMA", "\x00\x00\xb1\x8f"), chunk("eXIf", exif)),
		"a.webp":      extended(simple, 0x20, 64, 48, riff("ICCP", profile), nil),
		"turned.webp": extended(simple, 0x28, 64, 48, riff("ICCP", profile), riff("EXIF", exif)),
	} {
		i := inspected(t, name, data)
		for what, out := range map[string][]byte{i.Format: cleaned(t, data, i), WebP: encoded(t, data, i, 30)} {
			if string(profileOf(out)) != profile {
				t.Errorf("%s: no profile in %s", name, what)
			}
			pixelsOf(t, sniff(out), out)
		}
	}
	// What browsers take for granted is not repeated in small files.
	srgb := strings.Replace(profile, "Display P3", "sRGB IEC61", 1)
	data := withSegments(jpg, app(0xe2, iccHeader+"\x01\x01"+srgb))
	if out := encoded(t, data, inspected(t, "a.jpg", data), 30); profileOf(out) != nil {
		t.Error("sRGB is repeated")
	}
}

func profileOf(data []byte) []byte { return profile(sniff(data), data) }

func TestTransparencyStays(t *testing.T) {
	m := quarters(64, 48)
	for y := range 48 {
		for x := range 32 {
			m.SetNRGBA(x, y, color.NRGBA{255, 255, 255, 0})
		}
	}
	flagless := extended(webpBytes(t, photo(64, 48), options{quality: 75}), webpAlpha, 64, 48, nil, nil) // promises what it has not
	for name, data := range map[string][]byte{
		"a.png": pngBytes(t, m), "lossy.webp": webpBytes(t, m, options{quality: 80}), "lossless.webp": webpBytes(t, m, options{lossless: true}),
	} {
		i := inspected(t, name, data)
		for what, out := range map[string]image.Image{"Clean": pixelsOf(t, i.Format, cleaned(t, data, i)), "Encode": pixelsOf(t, WebP, encoded(t, data, i, 32))} {
			b := out.Bounds()
			if _, _, _, a := out.At(b.Dx()/8, b.Dy()/2).RGBA(); a != 0 {
				t.Errorf("%s, %s: the left half has opacity %d", name, what, a)
			}
			if c := out.At(b.Dx()*7/8, b.Dy()/4); !near(c, green) {
				t.Errorf("%s, %s: the right half is %v", name, what, c)
			}
		}
	}
	encoded(t, flagless, inspected(t, "a.webp", flagless), 32)
}

func TestAVIFThatTellsMoreIsRefused(t *testing.T) {
	i := inspected(t, "a.avif", avifBytes(60, 40, []string{"av01", "av01"}))
	if i.Width != 40 || i.Height != 60 { // its properties turn it
		t.Errorf("%+v", i)
	}
	xmp := []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'>")
	for name, data := range map[string][]byte{
		"Exif":         avifBytes(60, 40, []string{"av01", "Exif"}),
		"XMP":          avifBytes(60, 40, []string{"av01", "mime"}),
		"unlisted XMP": avifBytes(60, 40, []string{"av01"}, isoBox("mdat", xmp)),
		"uuid":         avifBytes(60, 40, []string{"av01"}, isoBox("uuid", make([]byte, 16))),
		"film":         avifBytes(60, 40, []string{"av01"}, isoBox("moov", nil)),
	} {
		if _, trouble := Inspect("a.avif", data); trouble == nil || !strings.Contains(trouble.Message.String(), "where and by whom") {
			t.Errorf("%s: %+v", name, trouble)
		}
	}
	if _, trouble := Encode(avifBytes(60, 40, []string{"av01"}), i, 20); trouble == nil {
		t.Error("AVIF was decoded")
	}
}
