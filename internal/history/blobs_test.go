package history

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

func TestBlobsAreRead(t *testing.T) {
	r := newRepo(t)
	large := strings.Repeat("x", 3<<20)
	head := r.commit("one", "a", "a\n\nb", "empty", "", "large", large, "nul", "\x00\n\xff")
	opened, ctx := r.open(""), context.Background()
	files, err := opened.Files(ctx, head)
	if err != nil {
		t.Fatal(err)
	}
	id := make(map[string]string)
	for _, f := range files {
		id[f.Path] = f.Blob
	}
	blobs := opened.Blobs()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, test := range []struct {
				id    string
				limit int64
				want  string
				err   error
			}{
				{id["a"], 4, "a\n\nb", nil}, {id["a"], 3, "", ErrTooLarge}, {id["empty"], 0, "", nil}, {id["nul"], 9, "\x00\n\xff", nil},
				{id["large"], 10, "", ErrTooLarge}, {id["large"], 3 << 20, large, nil}, {id["large"], 3<<20 - 1, "", ErrTooLarge},
				{strings.Repeat("0", 40), 1, "", ErrMissing}, {head, 1000, "", ErrMissing}, {"HEAD", 1, "", ErrMissing}, {id["a"] + "\n" + head, 9, "", ErrMissing}, {"", 9, "", ErrMissing},
			} {
				got, err := blobs.Read(ctx, test.id, test.limit)
				if string(got) != test.want || !errors.Is(err, test.err) {
					t.Errorf("%s to %d: %d bytes, %v", test.id, test.limit, len(got), err)
				}
			}
		})
	}
	all.Wait()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := blobs.Read(ended, id["a"], 9); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	blobs.process.kill() // as if it died
	for range 3 {
		if got, err := blobs.Read(ctx, id["a"], 9); err != nil || len(got) != 4 {
			t.Error("after its git died:", err)
		}
	}
	if err := blobs.Close(); err != nil {
		t.Error(err)
	}
	if _, err := blobs.Read(ctx, id["a"], 9); !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
}

func TestDigestsAreThoseOfBothLineEnds(t *testing.T) {
	r := newRepo(t)
	var files []string
	texts := map[string]string{"lf": "a\nb\n\n", "crlf": "a\r\nb\r\n", "mixed": "a\r\n\nb\r\r\n\rc\n", "none": "abc", "empty": "", "first": "\na", "large": strings.Repeat("0123456789abcde\n", 10000)}
	for name, text := range texts {
		files = append(files, name, text)
	}
	for i := range 100 { // more than are asked for at once
		files = append(files, "many/"+string(rune('a'+i%26))+string(rune('a'+i/26)), strings.Repeat("y\n", i))
	}
	head := r.commit("one", files...)
	opened, ctx := r.open(""), context.Background()
	listed, err := opened.Files(ctx, head)
	if err != nil {
		t.Fatal(err)
	}
	blobs := opened.Blobs()
	defer blobs.Close()
	digests, err := Digests(ctx, blobs, listed, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range listed {
		text, ok := texts[f.Path]
		if !ok {
			if digests[f.Blob] == (Digest{}) {
				t.Errorf("%s has none", f.Path)
			}
			continue
		}
		windows := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		if f.Path == "mixed" {
			windows = "a\r\n\r\nb\r\r\n\rc\r\n"
		}
		if want := (Digest{sha256.Sum256([]byte(text)), sha256.Sum256([]byte(windows))}); digests[f.Blob] != want {
			t.Errorf("%s has another digest", f.Path)
		}
		for _, size := range []int{1, 2, 3} {
			got, err := digest(iotest.OneByteReader(bytes.NewReader([]byte(text))), make([]byte, size))
			if err != nil || got != digests[f.Blob] {
				t.Errorf("%s read in pieces: %v", f.Path, err)
			}
		}
	}
	known := map[string]Digest{listed[0].Blob: {Plain: [32]byte{1}}, "gone": {}}
	again, err := Digests(ctx, blobs, listed[:2], known)
	if err != nil || len(again) != 2 || again[listed[0].Blob] != known[listed[0].Blob] || again[listed[1].Blob] != digests[listed[1].Blob] {
		t.Errorf("%v, %v", again, err)
	}
}
