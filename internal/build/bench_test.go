package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/treetest"
)

// benchSite is a copy of the site that PENDAPA_BENCH_SITE names, or of Kabupaten Contoh.
func benchSite(b *testing.B) Options {
	b.Helper()
	given := os.Getenv("PENDAPA_BENCH_SITE")
	if given == "" {
		return options(treetest.Demo(b))
	}
	dir := filepath.Join(b.TempDir(), "site")
	for _, part := range []string{"content", "layouts", "static"} {
		if _, err := os.Stat(filepath.Join(given, part)); err == nil {
			if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(given, part))); err != nil {
				b.Fatal(err)
			}
		}
	}
	settings, err := os.ReadFile(filepath.Join(given, "site.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "site.yaml"), settings, 0o644); err != nil {
		b.Fatal(err)
	}
	return options(dir)
}

// BenchmarkBuild measures whole builds, each stage of them for itself: without anything from an earlier one, without a
// change, with a sentence more in one body, with another title of one page, and with a layout that all pages have.
func BenchmarkBuild(b *testing.B) {
	o := benchSite(b)
	page, _ := filepath.Glob(filepath.Join(o.Dir, "content/bintek/*/*.md"))
	if len(page) == 0 {
		b.Fatal("the site has no news")
	}
	text, err := os.ReadFile(page[0])
	if err != nil {
		b.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	cold := func(int) {
		for _, kept := range []string{"public", cacheFolder, ".public.pendapa"} {
			if err := os.RemoveAll(filepath.Join(o.Dir, kept)); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, change := range []struct {
		name string
		make func(n int)
	}{
		{"cold", cold},
		{"unchanged", func(int) {}},
		{"body", func(n int) { write(page[0], fmt.Sprintf("%s\n\nKalimat ke-%d.\n", text, n)) }},
		{"front", func(n int) { write(page[0], titleOf.ReplaceAllString(string(text), fmt.Sprintf("title: Judul %d", n))) }},
		{"layout", func(n int) {
			write(filepath.Join(o.Dir, "layouts/partials/draft.html"), fmt.Sprintf(`{{define "draft"}}{{if .Draft}}<b>%d</b>{{end}}{{end}}`, n))
		}},
	} {
		b.Run(change.name, func(b *testing.B) {
			if change.name != "cold" {
				for range 2 { // what the first build keeps, and the second changes
					mustBuild(b, o)
					change.make(-1)
				}
				mustBuild(b, o)
			}
			laps, pages, bytes := make(map[Stage]time.Duration), 0, int64(0)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				change.make(n)
				o.Meter = &Meter{}
				b.StartTimer()
				pages += mustBuild(b, o).Pages
				b.StopTimer()
				for _, lap := range o.Meter.Laps() {
					laps[lap.Stage] += lap.Time
				}
				bytes += size(b, filepath.Join(o.Dir, "public"))
				b.StartTimer()
			}
			b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
			b.ReportMetric(float64(bytes)/float64(b.N), "published-B/op")
			for stage, took := range laps {
				b.ReportMetric(float64(took.Milliseconds())/float64(b.N), string(stage)+"-ms/op")
			}
		})
	}
}

// mustBuild builds a portal, in which there may be warnings.
func mustBuild(b *testing.B, o Options) Summary {
	b.Helper()
	problems := &diag.List{}
	summary, err := Run(context.Background(), o, problems)
	if err != nil {
		b.Fatal(err, problems.Sorted())
	}
	return summary
}

// size is how many bytes the files of a published portal have.
func size(b *testing.B, out string) (bytes int64) {
	b.Helper()
	for name, text := range treetest.Files(b, out) {
		if !strings.HasSuffix(name, "tree.json") {
			bytes += int64(len(text))
		}
	}
	return bytes
}
