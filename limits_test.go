package pendapa_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// limitMark begins a line in the comment of a test that checks a row of README's table of limits at its edge. The row's
// first column follows, word by word.
const limitMark = "// Limit: "

// TestEveryLimitIsTested fails for a row of the table that no test names, for a test that names no row, and for a name that
// stands where no test is.
func TestEveryLimitIsTested(t *testing.T) {
	rows := limits(t)
	if len(rows) < 30 {
		t.Fatalf("only %d rows are read", len(rows))
	}
	tested := make(map[string]string)
	readTests(t, func(name string, data []byte) {
		if !bytes.Contains(data, []byte(limitMark)) {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		placed := 0
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok || f.Doc == nil || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			for _, line := range f.Doc.List {
				row, marked := strings.CutPrefix(line.Text, limitMark)
				if !marked {
					continue
				}
				placed++
				tested[row] = name
				if !slices.Contains(rows, row) {
					t.Errorf("%s: %s checks a limit that README.md does not have: %s", name, f.Name.Name, row)
				}
			}
		}
		if n := bytes.Count(data, []byte(limitMark)); n != placed {
			t.Errorf("%s: %d of %d limits are named where no test begins", name, n-placed, n)
		}
	})
	for _, row := range rows {
		if tested[row] == "" {
			t.Errorf("README.md: no test checks the limit of %s", row)
		}
	}
}

// limits are the first columns of README's table of limits.
func limits(t *testing.T) []string {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(data), "\n## Limits\n")
	part, _, _ = strings.Cut(part, "\n## ")
	var rows []string
	for line := range strings.Lines(part) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		first, isRow := strings.CutPrefix(cells[0], "| ")
		switch {
		case !isRow || first == "what":
		case len(cells) != 2:
			t.Errorf("README.md: a limit is no row of two columns: %s", line)
		case slices.Contains(rows, first):
			t.Errorf("README.md: two rows of %s", first)
		default:
			rows = append(rows, first)
		}
	}
	return rows
}
