package search

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pendapa/internal/locale"
)

// A query finds the pages that have its words and no others, whatever the page's text and the query are.
func FuzzSearch(f *testing.F) {
	for _, text := range []string{
		"Bank Sampah", "pengelolaan 1.324.188 Rp5", "Jum'at ''s a'b", "e\u0301 E\u0301 ｆｕｌｌ ﬁ", "日本語 한국어 ประเทศ", "İstanbul ısı ΟΔΟΣ", "\xff\xfe a\xffb", "\u202eabc\u200d", "meny kah nyanyanya diperpengkan",
		"yang dan di", "__proto__ constructor", "\x00 \t", "\x1ekind\tbintek\t", strings.Repeat("a ", 50), strings.Repeat("kata", 300), "١٢٣ ½ Ⅻ 𝟙",
	} {
		for _, query := range []string{text, "", "sampa", "smapah", "bank -sampah +\"x\" OR (y", "kabupaten " + text, strings.Repeat("a b1 ", 500), "%00%ff", "<script>"} {
			f.Add(text, query)
		}
	}
	others := []written{
		{Document{URL: "bank/", Title: "Bank sampah"}, []Section{{Text: "Warga kabupaten membuang sampah."}}},
		{Document{URL: "air/", Title: "Air bersih"}, []Section{{Text: "Sampan nelayan di sungai kabupaten."}}},
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		if len(text) > 2000 || len(query) > 4000 {
			t.Skip()
		}
		docs := append(slices.Clone(others), written{Document{URL: "x/", Title: "X"}, []Section{{Text: text}}})
		x, _ := index(t, locale.Indonesian, docs...)
		has := make(map[string][]string) // pages, by the terms of their words
		for _, d := range docs {
			for _, w := range split(locale.Indonesian, d.Title+" "+d.Sections[0].Text) {
				if key := x.key(w); !slices.Contains(has[key], d.URL) {
					has[key] = append(has[key], d.URL)
				}
			}
		}
		answer, err := x.Search(query, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(answer.Words) > maxTerms || answer.Total != len(answer.Results) {
			t.Fatalf("%d words, %d of %d results", len(answer.Words), len(answer.Results), answer.Total)
		}
		asked := split(locale.Indonesian, string([]rune(query)[:min(len([]rune(query)), maxQuery)]))
		wanted := make(map[string]bool)
		for _, w := range answer.Words {
			if functionWords[locale.Indonesian][w.Typed] || !slices.Contains(asked, w.Typed) {
				t.Errorf("%q is taken for a word of the query", w.Typed)
			}
			instead := w.Completed
			if w.Meant != "" {
				instead = []string{w.Meant}
			}
			if instead == nil {
				instead = []string{w.Typed}
			} else if len(has[x.key(w.Typed)]) > 0 {
				t.Errorf("%q is replaced by %q though pages have it", w.Typed, instead)
			}
			pages := make(map[string]bool)
			for _, word := range instead {
				for _, url := range has[x.key(word)] {
					pages[url], wanted[url] = true, true
				}
			}
			if w.Pages != len(pages) {
				t.Errorf("%q stands on %d pages, not %d", w.Typed, len(pages), w.Pages)
			}
		}
		found := make(map[string]bool)
		for _, r := range answer.Results {
			found[r.URL] = true
		}
		if !maps.Equal(found, wanted) {
			t.Errorf("%q finds %v, not %v", query, found, wanted)
		}
		sound(t, answer)
	})
}

// sound holds an answer against what every answer is.
func sound(t *testing.T, a Answer) {
	t.Helper()
	for i, r := range a.Results {
		if math.IsNaN(r.Score) || r.Matched < 1 || r.Matched > len(a.Words) || len(r.Sections) > 3 || i > 0 && r.Score > a.Results[i-1].Score {
			t.Errorf("result %d of %d: %+v", i, len(a.Results), r)
		}
	}
}
