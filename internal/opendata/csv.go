package opendata

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// WriteCSV writes the table as RFC 4180 has it: UTF-8, a header, comma, CRLF, numbers with a point and without groups,
// dates as ISO 8601 writes them, an empty cell where nothing is known. Line breaks within a cell are CRLF too.
//
// A cell that a spreadsheet would run as a formula is made a text (see [Neutralise]).
func (t *Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	cells := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = c.Name
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for row := range t.Rows {
		for i, v := range row {
			cells[i] = cell(t.Columns[i], v)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Shown are the cells of a row as people are shown them: those of the CSV file, without what keeps spreadsheets from
// running them.
func (t *Table) Shown(row Row) []string {
	cells := make([]string, len(row))
	for i, v := range row {
		cells[i] = Restore(cell(t.Columns[i], v))
	}
	return cells
}

// cell is a value as it stands in a CSV file.
func cell(c Column, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return Neutralise(v)
	case []string:
		return Neutralise(strings.Join(v, string(c.Several)))
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case fmt.Stringer:
		return v.String()
	}
	panic(fmt.Sprintf("opendata: column %s holds a %T", c.Name, v)) // a table of this package, and no content, is wrong
}

// formula is where a spreadsheet would see one: a sign that starts formulas at the start of a cell or of a line in it,
// or behind a semicolon or tab, where some spreadsheets cut cells (OWASP, CSV Injection). Blanks and quotation marks
// before the sign, and its full-width forms, do not make it harmless.
var formula = regexp.MustCompile(`(^|[;\t\r\n])([ "\t\r]*)('*)([=+\-@＝＋－＠])`)

// Neutralise puts an apostrophe before what a spreadsheet would run as a formula, as spreadsheets themselves mark a
// cell as text. What has apostrophes there already gets one more, so that [Restore] can take it back.
func Neutralise(s string) string {
	if !mayBeFormula(s) {
		return s
	}
	return formula.ReplaceAllString(s, "$1$2'$3$4")
}

// mayBeFormula reports whether there is one of the signs where formula looks for it, which ids and words with a hyphen do
// not have.
func mayBeFormula(s string) bool {
	for at, r := range s {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠':
			before := strings.TrimRight(s[:at], " \"\t\r'")
			if before == "" || strings.ContainsAny(s[len(before):at], "\t\r") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "\n") {
				return true
			}
		}
	}
	return false
}

// neutral is what Neutralise leaves behind.
var neutral = regexp.MustCompile(`(^|[;\t\r\n])([ "\t\r]*)'('*[=+\-@＝＋－＠])`)

// Restore is the text from which [Neutralise] made s.
func Restore(s string) string { return neutral.ReplaceAllString(s, "$1$2$3") }
