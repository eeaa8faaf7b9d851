package picture

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"sync"
	"testing"

	"github.com/tetratelabs/wazero"
)

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

func TestLibwebpIsTheOneItsReadmeNames(t *testing.T) {
	if got := sum(packedLibwebp); got != "bbcf68343d79d80ba4ce7bb29215b2943711bd0787f68ff31785c6e2bb044459" {
		t.Errorf("libwebp/webp.wasm.gz has the SHA-256 %s", got)
	}
}

// A69: code that imports nothing has no file, no clock, no network.
func TestLibwebpReachesNothing(t *testing.T) {
	e, err := libwebp()
	if err != nil {
		t.Fatal(err)
	}
	if imports := e.module.ImportedFunctions(); len(imports) > 0 {
		t.Errorf("it imports %d functions", len(imports))
	}
	if imports := e.module.ImportedMemories(); len(imports) > 0 {
		t.Errorf("it imports %d memories", len(imports))
	}
}

// A69: TestTheSameBytesOnEveryMachine has the sums of what was encoded on one machine (amd64). Where they differ because the
// encoding was changed on purpose, or a new Go decodes otherwise, version in cache.go must be raised with them.
func TestTheSameBytesOnEveryMachine(t *testing.T) {
	cmyk := testdata(t, "cmyk.jpeg")
	for _, c := range []struct {
		what string
		make func() []byte
		want string
	}{
		{"resized", func() []byte { return resized(photo(500, 300), 123, 74).Pix }, "bd073c2bbd4403452a737b2b6f57e0db60e9878f95a2f31f17daef2e83be5cfb"},
		{"lossy", func() []byte { return webpBytes(t, photo(120, 80), options{quality: 75}) }, "df0b3cc4eb8566feab36066b39431e3a77080c6f4708ec17392978aaef6278b8"},
		{"lossless", func() []byte { return webpBytes(t, photo(120, 80), options{quality: 75, lossless: true}) }, "03b9a27ee795733fa6fac02e1165558937663acd945b19d5d6586e456a74d511"},
		{"a smaller JPEG", func() []byte { return encoded(t, cmyk, inspected(t, "a.jpg", cmyk), 100) }, "65f5925cd7d81a15f08022f5ae3f43b70223e53b54b3e0516cbd0d3b7d4a7f47"},
	} {
		one, two := c.make(), c.make()
		if !bytes.Equal(one, two) {
			t.Errorf("%s: other bytes the second time", c.what)
		}
		if got := sum(one); got != c.want {
			t.Errorf("%s: the sum is %s", c.what, got)
		}
	}
}

// A69: wazero interprets where it cannot compile.
func TestMachinesWithoutCompilerGiveTheSame(t *testing.T) {
	interpreter, err := newEncoder(wazero.NewRuntimeConfigInterpreter())
	if err != nil {
		t.Fatal(err)
	}
	m := photo(32, 24)
	m.SetNRGBA(3, 3, color.NRGBA{9, 9, 9, 100})
	for _, o := range []options{{quality: 75}, {quality: 75, lossless: true}} {
		slow, err := interpreter.encode(m, o)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(slow, webpBytes(t, m, o)) {
			t.Errorf("%+v: other bytes", o)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	data := jpegBytes(t, photo(200, 150))
	i := inspected(t, "a.jpg", data)
	want := encoded(t, data, i, 100)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 3 {
				if got, trouble := Encode(data, i, 100); trouble != nil || !bytes.Equal(got, want) {
					t.Errorf("other bytes, or %v", trouble)
				}
			}
		})
	}
	wait.Wait()
}

func TestChartsAreCompressedWithoutLossWhereThatTakesLess(t *testing.T) {
	chart := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			c := color.NRGBA{255, 255, 255, 255}
			if x%50 < 30 && y > 200-x/2 {
				c = color.NRGBA{20, 80, 160, 255}
			}
			chart.SetNRGBA(x, y, c)
		}
	}
	data := pngBytes(t, chart)
	m := pixelsOf(t, WebP, encoded(t, data, inspected(t, "a.png", data), 300))
	if !samePixels(chart, m) {
		t.Error("the chart lost something")
	}
	if few(photo(300, 200)) {
		t.Error("a photograph has few colours")
	}
}
