package picture

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"
)

// FuzzInspect: whatever a file holds, nothing panics; and what Clean publishes is a picture of the same size without
// metadata, which stays as it is when cleaned again.
func FuzzInspect(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if Known(file.Name()) {
			f.Add(testdata(f, file.Name()))
		}
	}
	for _, data := range private(f) {
		f.Add(data)
	}
	turned := string(tiff(binary.BigEndian, 6))
	f.Add(withSegments(jpegBytes(f, quarters(16, 12)), app(0xe1, exifHeader+turned), app(0xe2, iccHeader+"\x01\x01"+rgbProfile())))
	f.Add(withChunks(pngBytes(f, quarters(16, 12)), chunk("eXIf", turned), chunk("gAMA", "\x00\x00\xb1\x8f")))
	f.Add(extended(webpBytes(f, quarters(16, 12), options{}), 0x08, 16, 12, nil, riff("EXIF", turned)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 32<<10 {
			return
		}
		name := "a." + sniff(data)
		i, trouble := Inspect(name, data)
		if trouble != nil {
			return
		}
		if i.Width*i.Height > 1<<16 && i.Turn > 1 {
			return // decoding takes long
		}
		out, trouble := Clean(data, i)
		if trouble != nil {
			return
		}
		want := i
		want.Turn = 1
		got, trouble := Inspect(name, out)
		if trouble != nil {
			t.Fatalf("published is what is refused: %s", trouble.Message)
		}
		if got != want {
			t.Fatalf("%+v became %+v", i, got)
		}
		checkBare(t, name, i.Format, out)
		if again, trouble := Clean(out, got); trouble != nil || !bytes.Equal(again, out) {
			t.Fatal("what is clean changes")
		}
	})
}
