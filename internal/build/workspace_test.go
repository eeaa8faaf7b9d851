package build_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pendapa"
	"pendapa/internal/build"
)

// BenchmarkUpdate measures what a saved page costs in a portal that is in memory already: reading it, linking what must
// be linked anew, and making the page. PENDAPA_BENCH_SITE names the site's folder.
func BenchmarkUpdate(b *testing.B) {
	dir := os.Getenv("PENDAPA_BENCH_SITE")
	if dir == "" {
		b.Skip("PENDAPA_BENCH_SITE names no site")
	}
	w, err := build.Open(build.Options{Dir: dir, Layouts: pendapa.Layouts, Static: pendapa.Static, KeepTexts: true})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	if _, _, err := w.Update(b.Context(), build.Changes{All: true}); err != nil {
		b.Fatal(err)
	}
	if _, err := w.Check(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "content/bintek/*/*.md"))
	if err != nil || len(pages) == 0 {
		b.Fatal(pages, err)
	}
	text, err := os.ReadFile(pages[0])
	if err != nil {
		b.Fatal(err)
	}
	defer os.WriteFile(pages[0], text, 0o644)
	name, _ := filepath.Rel(dir, pages[0])
	for _, change := range []struct{ name, format string }{
		{"body", "%s\n\nKalimat ke-%d.\n"},
		{"front", "---\ntags: [ke-%[2]d]\n%[1]s"},
	} {
		b.Run(change.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				fresh := fmt.Sprintf(change.format, text, i)
				if change.name == "front" {
					fresh = fmt.Sprintf(change.format, text[len("---\n"):], i)
				}
				if err := os.WriteFile(pages[0], []byte(fresh), 0o644); err != nil {
					b.Fatal(err)
				}
				if _, changed, err := w.Update(b.Context(), build.Changes{Paths: []string{name}}); err != nil || !changed {
					b.Fatal(changed, err)
				}
				if problems, err := w.Check(b.Context(), nil); err != nil || len(problems) > 0 {
					b.Fatal(problems, err)
				}
			}
		})
	}
}
