package model

import (
	"fmt"
	"strings"
	"testing"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// edge reads a page whose front matter is at a limit, which must be without a problem, and one beyond it, which must have
// one, with these words and a remedy.
func edge(t *testing.T, name, file, at, beyond, want string) {
	t.Helper()
	if _, problems := read(t, file, "---\n"+at+"---\n", false); len(problems) > 0 {
		t.Errorf("%s: what is at the limit is refused: %.300v", name, problems)
	}
	_, problems := read(t, file, "---\n"+beyond+"---\n", false)
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), want) || problems[0].Hint.IsZero() {
		t.Errorf("%s: got %.300v, want %q", name, problems, want)
	}
}

// Letters are counted, not the bytes that they take.
// Limit: `title`, `summary`, `slug`
func TestTextsAtTheirLimits(t *testing.T) {
	e := func(n int) string { return strings.Repeat("é", n) }
	edge(t, "title", "content/a.md", "title: "+e(200)+"\nsummary: b\n", "title: "+e(201)+"\nsummary: b\n", "2:8: error: title has 201 characters, at most 200 are allowed")
	edge(t, "summary", "content/a.md", "title: a\nsummary: "+e(300)+"\n", "title: a\nsummary: "+e(301)+"\n", "3:10: error: summary has 301 characters, at most 300 are allowed")
	edge(t, "slug", "content/a.md", "title: a\nsummary: b\nslug: "+e(120)+"\n", "title: a\nsummary: b\nslug: "+e(121)+"\n", "4:7: error: slug has 121 characters, at most 120 are allowed")
}

// Limit: `tags`, `aliases`, `indicators`; `sources`, `milestones`; `measurements` of an indicator
func TestListsAtTheirLimits(t *testing.T) {
	const win = "title: a\nsummary: b\nowner: dlh\nstatus: planned\n"
	const indicator = win + "indicators:\n  - {id: x, name: n, unit: u, direction: up, measurements: ["
	for name, c := range map[string]struct {
		most           int
		before, format string
		after          string
	}{
		"tags":         {50, win + "tags: [", "t%d,", "]\n"},
		"aliases":      {50, win + "aliases: [", "/lama/%d/,", "]\n"},
		"indicators":   {50, win + "indicators: [", "{id: i%d, name: n, unit: u, direction: up},", "]\n"},
		"sources":      {100, win + "sources: [", "{title: s%d},", "]\n"},
		"milestones":   {100, win + "milestones: [", "{title: m%d},", "]\n"},
		"measurements": {1000, indicator, "", "]}\n"},
	} {
		text := func(n int) string {
			var b strings.Builder
			b.WriteString(c.before)
			for i := range n {
				if c.format == "" {
					fmt.Fprintf(&b, "{date: %d-%02d-01, value: %d},", 1900+i/12, 1+i%12, i)
				} else {
					fmt.Fprintf(&b, c.format, i)
				}
			}
			return b.String() + c.after
		}
		edge(t, name, "content/quick-wins/a.md", text(c.most), text(c.most+1), fmt.Sprintf("error: %s has %d entries, at most %d are allowed", name, c.most+1, c.most))
	}
}

// Limit: editions of the masterplan
func TestEditionsAtTheirLimit(t *testing.T) {
	text := func(n int) string {
		var b strings.Builder
		b.WriteString("title: a\nsummary: b\neditions:\n")
		for i := range n {
			fmt.Fprintf(&b, "  - {id: e%d, revision: v%[1]d, date: %d-01-01, title: t}\n", i, 1960+i)
		}
		return b.String()
	}
	edge(t, "editions", "content/masterplan/_index.md", text(50), text(51), "55:5: error: editions has 51 entries, at most 50 are allowed")
}

// Bytes are counted: file systems do.
// Limit: a name of a page or folder in `content/`; of any other file
func TestNamesOfPagesAtTheirLimit(t *testing.T) {
	at, beyond := strings.Repeat("é", 60), strings.Repeat("é", 60)+"a"
	for _, format := range []string{"content/%s.md", "content/%s.en.md", "content/%s/index.md", "content/%s/_index.md", "content/a/%s/b.md"} {
		problems := &diag.List{}
		if _, ok := Locate(fmt.Sprintf(format, at), []locale.Lang{"id", "en"}, problems); !ok || len(problems.Sorted()) > 0 {
			t.Errorf("%s: 120 bytes are refused: %v", format, problems.Sorted())
		}
		_, ok := Locate(fmt.Sprintf(format, beyond), []locale.Lang{"id", "en"}, problems)
		if list := problems.Sorted(); ok || len(list) != 1 || !strings.HasSuffix(list[0].Message.String(), "is longer than 120 bytes") || list[0].Hint.IsZero() {
			t.Errorf("%s: 121 bytes: %v", format, list)
		}
	}
}
