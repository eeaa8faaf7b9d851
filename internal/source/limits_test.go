//go:build unix

package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendapa/internal/diag"
)

// What stands between the lines of three hyphens may have 64 KiB, whatever the lines themselves take.
// Limit: front matter, `site.yaml`
func TestFrontMatterIsMeasuredBetweenItsLines(t *testing.T) {
	split := func(opening, title string, n int) string {
		problems := &diag.List{}
		const end = "'\n"
		front := title + strings.Repeat("x", n-len(title)-len(end)) + end
		page, ok := Split("f.md", []byte(opening+front+opening[:3]+"\nisi\n"), time.UTC, problems)
		if ok && (page.Front == nil || string(page.Body) != "isi\n") {
			t.Errorf("%q: the page is not whole", opening)
		}
		if list := problems.Sorted(); len(list) > 0 {
			return list[0].Error()
		}
		return ""
	}
	for opening, title := range map[string]string{"---\n": "title: '", "---yaml \t\r\n": "title: '", "+++\n": "title = '"} {
		if got := split(opening, title, 64<<10); got != "" {
			t.Errorf("%q: 64 KiB are refused: %s", opening, got)
		}
		if got, want := split(opening, title, 64<<10+1), "f.md:1:1: error: more than 64 KiB of front matter"; !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", opening, got, want)
		}
	}
}

// A file of exactly its kind's limit is read whole, and one byte more is not read at all; what its owner is told names that
// limit.
// Limit: a Markdown file, a layout
// Limit: a file beside a page or in `static/`
func TestFilesAtTheirLimits(t *testing.T) {
	dir, tree := site(t, map[string]string{"f.md": ""})
	for limit, want := range map[int64]string{MaxFile: "the file is larger than 4 MiB", 64 << 20: "the file is larger than 64 MiB"} {
		name := filepath.Join(dir, "f.md")
		if err := os.Truncate(name, limit); err != nil { // sparse: it takes no room
			t.Fatal(err)
		}
		if data, err := tree.Read("f.md", limit); err != nil || int64(len(data)) != limit {
			t.Errorf("%d bytes: %d are read, %v", limit, len(data), err)
		}
		if err := os.Truncate(name, limit+1); err != nil {
			t.Fatal(err)
		}
		data, err := tree.Read("f.md", limit)
		if p := Problem("f.md", err); !errors.Is(err, ErrTooLarge) || data != nil || p.Message.String() != want || p.Hint.IsZero() {
			t.Errorf("a byte more: %d are read, %v", len(data), err)
		}
	}
}
