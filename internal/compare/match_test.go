package compare_test

import (
	"slices"
	"testing"

	"pendapa/internal/compare"
)

func TestMatchTakesTheFirstRuleThatTells(t *testing.T) {
	type item struct{ id, title string }
	byID := func(a, b item) bool { return a.id == b.id }
	byTitle := func(a, b item) bool { return a.title == b.title }
	before := []item{{"a", "Air"}, {"b", "Biogas"}, {"b", "Biogas"}, {"c", "Sampah"}, {"d", "Desa"}}
	after := []item{{"x", "Biogas"}, {"b", "Air"}, {"y", "Sampah"}, {"b", "Lain"}}
	// An id tells more than a title; the first of two equal ones is taken first, and nothing twice.
	if got, want := compare.Match(before, after, byID, byTitle), []int{-1, 1, 3, 2, -1}; !slices.Equal(got, want) {
		t.Errorf("the partners are %v; want %v", got, want)
	}
	if got := compare.Match(nil, after, byID); len(got) != 0 {
		t.Errorf("nothing has the partners %v", got)
	}
}
