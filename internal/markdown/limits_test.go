package markdown

import (
	"bytes"
	"strings"
	"testing"
)

// edge converts what is exactly at a limit, which must be without a problem, and what is beyond it, which must be refused
// in these words, with a remedy and without a word of the page. It returns the HTML of the first.
func edge(t *testing.T, name, at, beyond, want string) string {
	t.Helper()
	whole := convert(at)
	if len(whole.Problems) > 0 {
		t.Errorf("%s: what is at the limit is refused: %.300v", name, whole.Problems)
	}
	refused := convert(beyond)
	if len(refused.Problems) != 1 || !strings.HasPrefix(refused.Problems[0].Message.String(), want) || refused.Problems[0].Hint.IsZero() || len(refused.HTML) > 0 {
		t.Errorf("%s: got %.300v and %d bytes, want %q", name, refused.Problems, len(refused.HTML), want)
	}
	return string(whole.HTML)
}

// table is a table of so many rows, its heading included, with or without a | at both ends of each.
func table(columns, rows int, ends bool) string {
	row := func(cell string) string {
		text := strings.Repeat(cell+"|", columns-1) + cell
		if ends {
			text = "|" + text + "|"
		}
		return text + "\n"
	}
	return row("a") + row("-") + strings.Repeat(row("x"), rows-1)
}

// Limit: quotations and lists in each other; columns of a table
func TestShapesAtTheirLimits(t *testing.T) {
	for name, marker := range map[string]string{"quotations": "> ", "quotations without blanks": ">", "lists": "- ", "numbered lists": "1. "} {
		html := edge(t, name, strings.Repeat(marker, 50)+"x\n", strings.Repeat(marker, 51)+"x\n", "quotations or lists nested 51 deep; at most 50 are allowed")
		if n := strings.Count(html, "<blockquote>") + strings.Count(html, "<ul>") + strings.Count(html, "<ol>"); n != 50 {
			t.Errorf("%s: %d are in each other", name, n)
		}
	}
	html := edge(t, "a list by indentation", deepList(50), deepList(51), "quotations or lists nested 51 deep; at most 50 are allowed")
	if n := strings.Count(html, "<ul>"); n != 50 {
		t.Errorf("%d lists are in each other", n)
	}
	for _, ends := range []bool{true, false} {
		html := edge(t, "columns", table(200, 2, ends), table(201, 2, ends), "a table of 201 columns; at most 200 are allowed")
		if n := strings.Count(html, "<th"); n != 200+1 { // and thead
			t.Errorf("ends %t: %d columns", ends, n-1)
		}
	}
}

// The heading is a row too, and short rows count as if they were filled.
// Limit: cells of one table
func TestCellsAtTheirLimit(t *testing.T) {
	// Most are cells of short rows: a table of 100,000 that are filled takes a tenth of a second.
	short := func(rows int) string { return table(200, 2, true) + strings.Repeat("|\n", rows-2) }
	html := edge(t, "cells", short(500), short(501), "a table of more than 100000 cells")
	if n := strings.Count(html, "<td"); n != 200*499 {
		t.Errorf("%d cells are shown", n)
	}
	for _, ends := range []bool{true, false} { // what is counted does not hang on how rows end
		body := []byte(table(100, 1000, ends))
		if p := guard(body, 1); p != nil {
			t.Errorf("ends %t: %v", ends, p)
		}
		if p := guard(append(body, "x|x\n"...), 1); p == nil || p.Pos.Line != 1002 {
			t.Errorf("ends %t: a row more is taken: %v", ends, p)
		}
	}
	// Two tables are two.
	if p := guard([]byte(table(100, 1000, true)+"\n"+table(100, 1000, true)), 1); p != nil {
		t.Error(p)
	}
}

// Limit: data blocks on one page
func TestDataBlocksAtTheirLimit(t *testing.T) {
	blocks := func(n int) string { return strings.Repeat("```indicator\nquick-wins/sampah#bank\n```\n\n", n) }
	if at := convert(blocks(100)); len(at.Problems) > 0 {
		t.Errorf("100 blocks: %v", at.Problems)
	}
	for _, n := range []int{101, 1000} {
		if got := convert(blocks(n)).Problems; len(got) != 1 || got[0].Message.String() != "more than 100 data blocks in one page" || got[0].Pos.Line != 401 || got[0].Hint.IsZero() {
			t.Errorf("%d blocks: %v", n, got)
		}
	}
}

// Limit: problems told of one page
func TestProblemsOfAPageAtTheirLimit(t *testing.T) {
	mistakes := func(n int) Result { return convert(strings.Repeat("<b>\n\n", n)) }
	if got := mistakes(100).Problems; len(got) != 100 || !strings.HasPrefix(got[99].Message.String(), "raw HTML") {
		t.Errorf("of 100 mistakes %d are told, at last %v", len(got), got[len(got)-1])
	}
	for _, n := range []int{101, 200} {
		got := mistakes(n).Problems
		if len(got) != 101 || got[100].Message.String() != "more than 100 problems in this page; the others are not told" || got[100].Hint.IsZero() {
			t.Errorf("of %d mistakes %d are told, at last %v", n, len(got), got[len(got)-1])
		}
	}
}

// Limit: brackets, stars and underscores in one paragraph; in one table; on one page
func TestMarksAtTheirLimits(t *testing.T) {
	marks := func(n int) string { return strings.Repeat(`[\*_ `, n/3) + strings.Repeat("_", n%3) }
	edge(t, "a paragraph", marks(2000)+"\n", marks(2000)+"_\n", "more than 2000 brackets, stars and underscores in one paragraph")
	// A paragraph's lines are counted together, and the next begins anew.
	edge(t, "paragraphs", strings.Repeat("_\n", 2000)+"\n"+marks(2000), strings.Repeat("_\n", 2001), "more than 2000 brackets")
	// A table counts as one, and what stands before it counts with it, up to an empty line.
	row := "|" + strings.Repeat("_", 100) + "|\n"
	head := "|a|\n|-|\n"
	edge(t, "a table", head+strings.Repeat(row, 200), head+strings.Repeat(row, 200)+"|_|\n", "more than 20000 brackets, stars and underscores in one paragraph")
	page := bytes.Repeat([]byte(strings.Repeat("_", 2000)+"\n\n"), 50)
	if p := guard(page, 1); p != nil {
		t.Error(p)
	}
	if p := guard(append(page, '_'), 1); p == nil || p.Message.String() != "more than 100000 brackets, stars and underscores on one page" || p.Hint.IsZero() {
		t.Errorf("a mark more on the page: %v", p)
	}
}
