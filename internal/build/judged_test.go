package build_test

import (
	"bytes"
	"compress/gzip"

	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/demo"
	"pendapa/internal/search"
)

// The judged set: what people type, with the pages that ought to be found. See its README.
//
//go:embed testdata/judged
var judged embed.FS

// judgement is a query with the pages that ought to be among its first ten results.
type judgement struct {
	kind, query string
	pages       []string
}

func judgements(t testing.TB, collection string) []judgement {
	t.Helper()
	data, err := judged.ReadFile("testdata/judged/" + collection + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []judgement
	for line := range strings.Lines(string(data)) {
		parts := strings.Split(strings.TrimSpace(line), " | ")
		if len(parts) != 3 {
			t.Fatalf("%s: %q", collection, line)
		}
		list = append(list, judgement{parts[0], parts[1], strings.Fields(parts[2])})
	}
	return list
}

// collections are the judged portals, each with the folder of its site and the day that it is built for.
func collections(t testing.TB) map[string]build.Options {
	t.Helper()
	demoDir, bookDir := t.TempDir(), t.TempDir()
	site, err := fs.Sub(demo.Site, "site")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(demoDir, site); err != nil {
		t.Fatal(err)
	}
	packed, err := judged.ReadFile("testdata/judged/handbook.txtar.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(text).Files {
		name := filepath.Join(bookDir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	options := func(dir string) build.Options {
		return build.Options{Dir: dir, AsOf: demo.AsOf, Layouts: pendapa.Layouts, Static: pendapa.Static}
	}
	return map[string]build.Options{"demo": options(demoDir), "pati": options("../.."), "handbook": options(bookDir)}
}

func openIndex(t testing.TB, o build.Options) *search.Index {
	t.Helper()
	w, err := build.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	portal, _, err := w.Update(t.Context(), build.Changes{All: true})
	if err != nil {
		t.Fatal(err)
	}
	index, err := search.Open(func(name string) ([]byte, error) {
		return portal.SearchFile(t.Context(), 2, "cari/indeks/"+name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// quality is how well queries were answered: the share of the pages to find that are among the first ten, and one over
// the rank of the first of them.
type quality struct {
	queries          int
	recall, rankwise float64
}

func (q *quality) add(pages, found []string) {
	q.queries++
	hits := 0
	for i, url := range found {
		if slices.Contains(pages, url) {
			if hits++; hits == 1 {
				q.rankwise += 1 / float64(i+1)
			}
		}
	}
	q.recall += float64(hits) / float64(len(pages))
}

func (q quality) String() string {
	n := float64(q.queries)
	return fmt.Sprintf("%3d queries, recall at 10 %.3f, mean reciprocal rank %.3f", q.queries, q.recall/n, q.rankwise/n)
}

// People find what they look for, however they write it.
func TestSearchFindsWhatWasJudged(t *testing.T) {
	total, byKind, byCollection := &quality{}, make(map[string]*quality), make(map[string]*quality)
	for name, o := range collections(t) {
		index := openIndex(t, o)
		byCollection[name] = &quality{}
		for _, j := range judgements(t, name) {
			answer, err := index.Search(j.query, 10)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, r := range answer.Results {
				found = append(found, r.URL)
			}
			if byKind[j.kind] == nil {
				byKind[j.kind] = &quality{}
			}
			one := quality{}
			one.add(j.pages, found)
			if one.recall < 1 || one.rankwise < 1 {
				t.Logf("%s, %s %q: recall %.2f, rank %.2f, wanted %q, found %q %+v", name, j.kind, j.query, one.recall, one.rankwise, j.pages, found, answer.Words)
			}
			for _, q := range []*quality{total, byKind[j.kind], byCollection[name]} {
				q.add(j.pages, found)
			}
		}
	}
	for _, m := range []map[string]*quality{byKind, byCollection} {
		for name, q := range m {
			t.Logf("%-10s %s", name, q)
		}
	}
	t.Logf("%-10s %s", "all", total)
	n := float64(total.queries)
	if total.queries < 120 || total.recall/n < 0.95 || total.rankwise/n < 0.85 {
		t.Errorf("all: %s", total)
	}
	if misspelt := byKind["misspelt"]; misspelt.recall/float64(misspelt.queries) < 0.85 {
		t.Errorf("misspelt: %s", misspelt)
	}
}
