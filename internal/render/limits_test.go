package render

import (
	"errors"
	"html/template"
	"strings"
	"testing"

	"pendapa/internal/compare"
	"pendapa/internal/locale"
)

// Limit: a finished page
func TestPagesAtTheirLimit(t *testing.T) {
	layout := template.Must(template.New("page.html").Parse(`{{define "main"}}<p>{{.}}</p>{{end}}`))
	text := strings.Repeat("x", 32<<20-len("<p></p>")+1)
	if data, err := new(Layouts).execute(layout, "main", template.HTML(text[1:]), "content/a.md"); err != nil || len(data) != 32<<20 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	data, err := new(Layouts).execute(layout, "main", template.HTML(text), "content/a.md")
	var refused *TemplateError
	if len(data) > 0 || !errors.As(err, &refused) {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	if got := refused.Problem.Message.In(locale.Indonesian.Message); !strings.Contains(got, "content/a.md") || !strings.HasSuffix(got, "halaman melampaui 32 MiB") {
		t.Error(got)
	}
}

// What is left out is said.
// Limit: revisions on one page of a history; rows of one comparison
func TestComparisonsAtTheirLimit(t *testing.T) {
	for n, cut := range map[int]bool{299: false, 300: false, 301: true} {
		rows := make([]compare.Row, n)
		for i := range rows {
			rows[i].Status = compare.Changed
		}
		shown, left := difference(rows)
		if len(shown) != min(n, 300) || left != cut {
			t.Errorf("of %d rows %d are shown, cut %t", n, len(shown), left)
		}
	}
}
