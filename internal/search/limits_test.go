package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pendapa/internal/locale"
)

// What is longer is cut: a word that begins with the 1,000th character is its first letter, and the 13th word is not looked
// for. Words that say nothing and words of a stem that stands there already are no words of the query.
// Limit: a query: its length; its words
func TestQueriesAtTheirLimits(t *testing.T) {
	words := strings.Fields("air bank desa guru hutan ikan jalan kapal laut madu nelayan ombak padi")
	x, _ := index(t, locale.Indonesian, written{Document{URL: "a/", Title: strings.Join(words, " ")}, nil}, written{Document{URL: "b/", Title: "Padi"}, nil})
	typed := func(query string) string {
		answer, err := x.Search(query, 10)
		if err != nil {
			t.Fatal(err)
		}
		var typed []string
		for _, w := range answer.Words {
			typed = append(typed, w.Typed)
		}
		return strings.Join(typed, " ")
	}
	for _, sign := range []string{" ", "é", "日", "😀"} { // characters count, not their bytes
		filler := strings.Repeat(sign, 996) + " "
		if got := typed(filler + "air"); !strings.HasSuffix(got, "air") {
			t.Errorf("the last word of 1,000 characters is lost: %.20q…", got)
		}
		if got := typed(sign + filler + "air"); !strings.HasSuffix(got, "ai") {
			t.Errorf("the word that ends with the 1,001st character is not cut: %.20q…", got)
		}
	}
	if got := typed("yang " + strings.Join(words[:12], " dan ") + " desanya"); got != strings.Join(words[:12], " ") {
		t.Errorf("of 12 words these are looked for: %s", got)
	}
	if got := typed(strings.Join(words, " ")); got != strings.Join(words[:12], " ") {
		t.Errorf("of 13 words these are looked for: %s", got)
	}
	if got := found(t, x, strings.Join(words, " ")); !slices.Equal(got, []string{"a/"}) {
		t.Errorf("13 words find %q: the last is looked for", got)
	}
}

// The words below the 54th heading find the page, and lead to its head.
// Limit: headings of a page that search leads to
func TestHeadingsAtTheirLimit(t *testing.T) {
	page := written{Document{URL: "bab/", Title: "Rencana induk"}, []Section{{Text: "Pendahuluan."}}}
	for i := range 54 {
		page.Sections = append(page.Sections, Section{ID: fmt.Sprint("s", i+1), Heading: "Bagian", Text: fmt.Sprint("uraian ", 1001+i)})
	}
	x, _ := index(t, locale.Indonesian, page)
	for query, want := range map[string]string{"1001": "s1", "1053": "s53", "1054": ""} {
		answer, err := x.Search(query, 10)
		if err != nil || len(answer.Results) != 1 {
			t.Fatal(query, answer, err)
		}
		got := ""
		if s := answer.Results[0].Sections; len(s) > 0 {
			got = s[0].ID
		}
		if got != want {
			t.Errorf("%s leads to %q, not %q", query, got, want)
		}
	}
}

// Of one word too many it is the one on the fewest pages that no mistake is mended to, and of these the last.
// Limit: words that typing mistakes are mended to, in one language
func TestSpellingsAtTheirLimit(t *testing.T) {
	pages := make(map[string]int)
	for i := range 8500 {
		pages[fmt.Sprintf("kata%c%c%c%c", 'a'+i/1000, 'a'+i/100%10, 'a'+i/10%10, 'a'+i%10)] = 2
	}
	if got := spellings(pages); len(got) != 8500 {
		t.Errorf("%d words of 8,500", len(got))
	}
	pages["awal"] = 1
	if got := spellings(pages); len(got) != 8500 || slices.ContainsFunc(got, func(w spelled) bool { return w.word == "awal" }) {
		t.Errorf("%d words of 8,501, with the rarest", len(got))
	}
	pages["awal"] = 3
	if got := spellings(pages); len(got) != 8500 || got[0].word != "awal" || got[8499].word != "kataieji" {
		t.Errorf("%d words of 8,501, from %s to %s", len(got), got[0].word, got[len(got)-1].word)
	}
}
