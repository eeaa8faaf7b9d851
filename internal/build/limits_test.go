//go:build unix

package build

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pendapa/internal/sheet"
	"pendapa/internal/treetest"
)

// padded is a text of so many bytes, with a line of one sign in its middle.
func padded(before, after string, bytes int) string {
	return before + strings.Repeat("x", bytes-len(before)-len(after)) + after
}

// What is exactly as large as it may be is published, and of what is one byte larger nothing is, each with its own limit (A68, A135).
// Limit: a Markdown file, a layout
// Limit: a file beside a page or in `static/`
// Limit: front matter, `site.yaml`
func TestLargeFilesArePublishedUpToTheirLimits(t *testing.T) {
	o := small(t)
	settings, err := os.ReadFile(filepath.Join(o.Dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	const page, report, film, layout = "content/besar.md", "content/laporan.pdf", "static/film.bin", "layouts/partials/besar.html"
	const front = "---\ntitle: Besar\nsummary: s\n---\n"
	sparse := func(name, head string, bytes int64) {
		put(t, o.Dir, name, head)
		if err := os.Truncate(filepath.Join(o.Dir, name), bytes); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(limit int, names ...string) {
		t.Helper()
		got := tell(o)
		for _, name := range names {
			if want := fmt.Sprintf("%s: error: the file is larger than %d MiB", name, limit); strings.Count(got, want) != 1 {
				t.Errorf("not told once: %s\n%s", want, got)
			}
		}
	}
	fill := func(more int) {
		put(t, o.Dir, page, padded(front+"```\n", "\n```\n", 4<<20+more))
		put(t, o.Dir, layout, padded("{{/* ", " */}}", 4<<20+more))
	}
	fill(1)
	refused(4, page, layout)
	fill(0)
	sparse(report, "%PDF-1.7\n", 64<<20+1)
	sparse(film, "", 64<<20+1)
	refused(64, report, film)
	sparse(report, "%PDF-1.7\n", 64<<20)
	sparse(film, "", 0)
	put(t, o.Dir, "site.yaml", padded(string(settings)+"# ", "\n", 64<<10))
	if got := tell(o); got != "<nil> []" {
		t.Errorf("what is at its limit is refused: %s", got)
	}
	for name, least := range map[string]int64{"besar/index.html": 4<<20 - 100, "laporan.pdf": 64 << 20} {
		if info, err := os.Stat(filepath.Join(o.Dir, "public", name)); err != nil || info.Size() < least {
			t.Errorf("%s is not whole: %v %v", name, info, err)
		}
	}
	for size, want := range map[int]string{64<<10 + 1: "site.yaml:1:1: error: more than 64 KiB of front matter or settings", 70 << 10: "site.yaml:1:1: error: more than 64 KiB", 4<<20 + 1: "site.yaml: error: the file is larger than 4 MiB"} {
		put(t, o.Dir, "site.yaml", padded(string(settings)+"# ", "\n", size))
		if got := tell(o); !strings.Contains(got, want) {
			t.Errorf("site.yaml of %d bytes: got %.200s, want %s", size, got, want)
		}
	}
}

// Lists are whole up to their limits. Beyond, the oldest are left out of feeds and the rest of a table stays in its file;
// older changes of a promise, and older revisions of a page, stand on another page.
// Limit: entries of a feed; of the feed of figures
// Limit: a CSV file on a page: its size; columns; rows shown; characters of a cell; mistakes told
// Limit: revisions on one page of a history; rows of one comparison
// Limit: changes of a promise on its page
// Limit: a file in `static/assets/` that is named by its contents too
// Limit: rules of `_headers` for what may be kept for ever
func TestLongListsAreCutAtTheirLimits(t *testing.T) {
	o := small(t)
	write := func(news, figures, rows, moved, state, bytes int) {
		for i := range news - 1 { // one is there
			put(t, o.Dir, fmt.Sprintf("content/bintek/2025/k%02d.md", i), fmt.Sprintf("---\ntitle: Kabar %d\nsummary: s\ndate: 2025-03-02\n---\n", i))
		}
		win := "---\ntitle: Sampah\nsummary: s\nowner: dlh\nstatus: planned\nindicators:\n  - id: x\n    name: n\n    unit: u\n    direction: up\n    measurements:\n"
		for i := range figures {
			win += fmt.Sprintf("      - {date: %d-%02d-01, value: %d}\n", 2010+i/12, 1+i%12, i)
		}
		win += "milestones:\n"
		for i := range 51 {
			year := 2030
			if i < moved {
				year++
			}
			win += fmt.Sprintf("  - {title: Langkah %d, due: %d-06-30}\n", i, year)
		}
		put(t, o.Dir, "content/quick-wins/sampah.md", win+"---\n")
		columns := strings.Repeat("x,", 39) + "x\n"
		var heading []string
		for i := range 40 {
			heading = append(heading, fmt.Sprint("k", i))
		}
		put(t, o.Dir, "content/data.csv", strings.Join(heading, ",")+"\n"+strings.Repeat(columns, rows))
		put(t, o.Dir, "content/tentang.md", fmt.Sprintf("---\ntitle: Tentang\nsummary: s\n---\n```csv\ndata.csv\n```\n\nKeadaan %d.\n", state))
		put(t, o.Dir, "static/assets/huruf.woff2", strings.Repeat("x", bytes))
	}
	write(20, 100, 50, 0, 1, 1<<20)
	repository(t, o.Dir, "awal")
	for state := 2; state <= 10; state++ {
		write(20, 100, 50, 50, state, 1<<20)
		git(t, o.Dir, "commit", "-q", "-a", "-m", "Ubah")
	}
	type seen struct {
		News, Figures, Rows, Changes, Revisions int
		Cut, More, Older, Named                 bool // rows; changes; revisions; the font, by its contents
	}
	heading, font := regexp.MustCompile(`<h2>[^<]*<time`), regexp.MustCompile(`^assets/huruf\.[0-9a-f]{8}\.woff2$`)
	var headers string
	rules := func() int { return strings.Count(headers, "immutable") - 1 } // for what may be kept for ever, without that of the search index
	look := func() seen {
		t.Helper()
		if got := tell(o); got != "<nil> []" {
			t.Fatal(got)
		}
		files := treetest.Files(t, filepath.Join(o.Dir, "public"))
		headers = files["_headers"]
		count := func(name, part string) int { return strings.Count(files[name], part) }
		_, older := files["tentang/riwayat/halaman/2/index.html"]
		named := false
		for name := range files {
			named = named || font.MatchString(name)
		}
		return seen{
			News: count("bintek/atom.xml", "<entry>"), Figures: count("data/atom.xml", "<entry>"),
			Rows: count("tentang/index.html", "<tr>") - 1, Cut: strings.Contains(files["tentang/index.html"], "50 dari 51 baris"),
			Changes: count("quick-wins/sampah/index.html", `class="amendment"`), More: strings.Contains(files["quick-wins/sampah/index.html"], `<p class="more"><a href="/perubahan/">`),
			Revisions: len(heading.FindAllString(files["tentang/riwayat/index.html"], -1)), Older: older, Named: named,
		}
	}
	full := seen{News: 20, Figures: 100, Rows: 50, Changes: 50, Revisions: 10}
	want := full
	want.Named = true
	if got := look(); got != want {
		t.Errorf("at the limits: %+v\nwant %+v", got, want)
	}
	write(21, 101, 51, 51, 11, 1<<20+1)
	icons := 90 - (rules() - 1) // that fit: the rule of the font goes
	for i := range icons + 1 {
		put(t, o.Dir, fmt.Sprintf("static/assets/z-ikon-%02d.ico", i), fmt.Sprint(i))
	}
	git(t, o.Dir, "commit", "-q", "-a", "-m", "Ubah")
	want = full
	want.Cut, want.More, want.Older = true, true, true
	if got := look(); got != want {
		t.Errorf("beyond them: %+v\nwant %+v", got, want)
	}
	if n := strings.Count(headers, "/assets/z-ikon-"); rules() != 90 || n != icons {
		t.Errorf("%d rules, %d of %d icons", rules(), n, icons+1)
	}
}

// Limit: a CSV file on a page: its size; columns; rows shown; characters of a cell; mistakes told
func TestSheetsOnPagesAtTheirSize(t *testing.T) {
	o := small(t)
	put(t, o.Dir, "content/tentang.md", "---\ntitle: Tentang\nsummary: s\n---\n```csv\ndata.csv\n```\n")
	row := strings.Repeat("x", 8190) + "\n" // 8,191 bytes
	for more, want := range map[int]string{0: "<nil> []", 1: "the content has errors [content/data.csv: error: the table is larger than 4 MiB, too large to be shown on a page]"} {
		text := "k\n" + strings.Repeat(row, 512)
		put(t, o.Dir, "content/data.csv", text+strings.Repeat("x", sheet.MaxBytes-len(text)+more))
		if got := tell(o); got != want {
			t.Errorf("%d bytes more than the limit: %s", more, got)
		}
	}
}
