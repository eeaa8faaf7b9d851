package build_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/locale"
	"pendapa/internal/search"
)

// BenchmarkFirstQuery measures what a reader fetches for a first query of two words with ten results, and for one with a
// typing mistake, in a portal that is built for it. PENDAPA_BENCH_SITE names the site's folder.
func BenchmarkFirstQuery(b *testing.B) {
	dir := os.Getenv("PENDAPA_BENCH_SITE")
	if dir == "" {
		b.Skip("PENDAPA_BENCH_SITE names no site")
	}
	w, err := build.Open(build.Options{Dir: dir, Layouts: pendapa.Layouts, Static: pendapa.Static})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	portal, _, err := w.Update(b.Context(), build.Changes{All: true})
	if err != nil {
		b.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "content", "*", "*.md"))
	if err != nil || len(pages) == 0 {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	word := func() (word string) {
		for word == "" {
			text, err := os.ReadFile(pages[r.IntN(len(pages))])
			if err != nil {
				b.Fatal(err)
			}
			var words []string
			search.Split(locale.Indonesian, string(text), func(w string) {
				if len(w) > 4 {
					words = append(words, w)
				}
			})
			if len(words) > 0 {
				word = words[r.IntN(len(words))]
			}
		}
		return word
	}
	first := func(query string) (bytes float64) {
		fetched := make(map[string]bool)
		index, err := search.Open(func(name string) ([]byte, error) {
			data, err := portal.SearchFile(b.Context(), 0, "cari/indeks/"+name)
			if !fetched[name] {
				fetched[name] = true
				bytes += float64(len(data))
			}
			return data, err
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := index.Search(query, 10); err != nil {
			b.Fatal(err)
		}
		return bytes
	}
	var plain, mistaken []float64
	for b.Loop() {
		plain = append(plain, first(word()+" "+word()))
		w := word()
		mistaken = append(mistaken, first(word()+" "+strings.Join([]string{w[:2], w[3:]}, "")))
	}
	mean := func(values []float64) (sum float64) {
		for _, v := range values {
			sum += v / float64(len(values))
		}
		return sum
	}
	b.ReportMetric(mean(plain), "B/query")
	b.ReportMetric(slices.Max(plain), "B/query-max")
	b.ReportMetric(mean(mistaken), "B/mistake")
	b.ReportMetric(slices.Max(mistaken), "B/mistake-max")
}
