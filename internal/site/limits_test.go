package site

import (
	"fmt"
	"testing"
)

// Chapters and sections count alike, and one more takes the document away without a mistake: the masterplan stays.
// Limit: chapters and sections of a masterplan that is one document too
func TestMasterplanInOneDocumentAtItsLimit(t *testing.T) {
	files := map[string]string{"masterplan/_index.md": "title: Masterplan\nsummary: s"}
	for c := range 20 {
		files[fmt.Sprintf("masterplan/c%d/_index.md", c)] = fmt.Sprintf("title: C\norder: %d", c+1)
		for s := range 24 {
			files[fmt.Sprintf("masterplan/c%d/s%d.md", c, s)] = fmt.Sprintf("title: S\nsummary: s\norder: %d", s+1)
		}
	}
	for parts, want := range map[int]bool{500: true, 501: false} {
		delete(files, "masterplan/c0/more.md")
		if parts > 500 {
			files["masterplan/c0/more.md"] = "title: S\nsummary: s\norder: 25"
		}
		s, problems := link(t, files, Options{})
		plan := s.Editions[0].Masterplan
		if len(problems) > 0 || plan.Parts() != parts || (s.Editions[0].Print != nil) != want {
			t.Errorf("%d parts, in one document: %t, %v", plan.Parts(), s.Editions[0].Print != nil, problems)
		}
	}
}
