// Package sheet reads CSV files as spreadsheets write them: with commas, semicolons or tabs between cells, with or
// without a byte order mark, with a point or a comma before decimals.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pendapa/internal/diag"
)

// MaxColumns is how many columns a sheet may have: more than anybody reads on a page.
const MaxColumns = 40

// MaxBytes is how large a sheet may be that a page shows: all of it is read, for its number of rows and what is in its
// columns.
const MaxBytes = 4 << 20

// maxCell is how many characters a cell may have.
const maxCell = 10_000

// Sheet is a table with a heading for each column.
type Sheet struct {
	Columns []Column
	Rows    [][]string // the first of them, as they stand in the file
	Count   int        // of all rows
}

// Column is a column of a sheet.
type Column struct {
	Name   string
	Number bool // whether every cell that is filled is a number

	years bool // whether these may be years, which are not grouped
	codes bool // whether its heading says that its numbers only name things
	comma bool // whether decimals stand behind a comma
}

// The numbers that are shown as such: without a zero before them that would be lost. With a semicolon between cells decimals
// stand behind a comma and thousands may be grouped by points, as spreadsheets set to Indonesian write them.
var (
	withPoint = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]{1,9})?$`)
	withComma = regexp.MustCompile(`^-?(0|[1-9][0-9]*|[1-9][0-9]{0,2}(\.[0-9]{3})+)(,[0-9]{1,9})?$`)
	year      = regexp.MustCompile(`^(19|20)[0-9]{2}$`)
	naming    = regexp.MustCompile(`(?i)^(id|no|nomor|number|nik|nip|npwp|kode|code|telepon|telp|hp|phone|tahun|thn|year)\b|\b(id|kode|code|pos|telepon|hp|npwp|nik|nip)$`)
)

// mostDigits is how many digits a number may have: more than these a float64 does not hold.
const mostDigits = 15

// maxProblems is how many problems of one file are told.
const maxProblems = 20

// Read reads a file and keeps its first rows, at most keep. What is wrong with it is told with its place and without
// the file's name; then the sheet is not to be shown. Rows without anything in them are passed over.
func Read(data []byte, keep int) (Sheet, []diag.Problem) {
	reader, unreadable := open(data)
	if unreadable != nil {
		return Sheet{}, []diag.Problem{*unreadable}
	}
	var s Sheet
	var problems []diag.Problem
	tell := func(line, column int, message, hint diag.Text) {
		if len(problems) < maxProblems {
			problems = append(problems, diag.Problem{Pos: diag.Pos{Line: line, Col: column}, Message: message, Hint: hint})
		}
	}
	for {
		record, broken := next(reader)
		switch {
		case broken != nil:
			return s, append(problems, *broken) // where the next cell starts is not known
		case record == nil:
			if s.Columns == nil {
				tell(1, 1, diag.Textf("the table is empty"), diag.Textf("the first line names the columns; the rows follow"))
			} else if s.Count == 0 && problems == nil {
				tell(1, 1, diag.Textf("the table has no rows"), diag.Textf("the first line names the columns; the rows follow"))
			}
			return s, problems
		case blank(record):
			continue
		}
		line, _ := reader.FieldPos(0)
		if s.Columns == nil {
			if len(record) > MaxColumns {
				tell(line, 1, diag.Textf("the table has %d columns; a page can show %d", len(record), MaxColumns), diag.Textf("show fewer columns, or only link the file"))
				return s, problems
			}
			s.head(slices.Clone(record), reader.Comma == ';', func(i int, message, hint diag.Text) {
				at, column := reader.FieldPos(i)
				tell(at, column, message, hint)
			})
			continue
		}
		if len(record) != len(s.Columns) {
			tell(line, 1, diag.Textf("this row has %d cells and the heading %d", len(record), len(s.Columns)), diag.Textf("give every row the same number of cells; a cell that holds %q stands in quotation marks", string(reader.Comma)))
			if len(problems) == maxProblems {
				return s, problems
			}
			continue
		}
		for i, cell := range record {
			if len(cell) > maxCell && utf8.RuneCountInString(cell) > maxCell {
				at, column := reader.FieldPos(i)
				tell(at, column, diag.Textf("the cell has more than %d characters", maxCell), diag.Textf("show a shorter text, or only link the file"))
			}
		}
		if s.row(record); s.Count <= keep {
			s.Rows = append(s.Rows, slices.Clone(record))
		}
	}
}

// plainNumber is what spreadsheets read as a number and not as a formula, whatever sign it starts with.
var plainNumber = regexp.MustCompile(`^[+-]?[0-9.,]+%?$`)

// Clean is a file whose cells are changed by safe where they are no numbers; the file itself where none is changed. The
// separator and a byte order mark stay, lines end as RFC 4180 has them. It returns a problem where the file cannot be read.
func Clean(data []byte, safe func(cell string) string) ([]byte, *diag.Problem) {
	reader, problem := open(data)
	if problem != nil {
		return nil, problem
	}
	var out bytes.Buffer
	if bytes.HasPrefix(data, mark) {
		out.Write(mark)
	}
	changed := false
	for first := true; ; first = false {
		record, problem := next(reader)
		switch {
		case problem != nil:
			return nil, problem
		case record == nil && !changed:
			return data, nil
		case record == nil:
			return out.Bytes(), nil
		}
		for i, cell := range record {
			if plainNumber.MatchString(strings.TrimSpace(cell)) {
				continue
			}
			if kept := safe(cell); kept != cell {
				record[i], changed = kept, true
			}
		}
		special := "\"\r\n" + string(reader.Comma)
		if first { // who guesses at the separator, as this package does, is to guess the same as before
			special += separators
		}
		write(&out, record, reader.Comma, special)
	}
}

// write appends a record, with quotation marks around cells that hold a special sign.
func write(out *bytes.Buffer, record []string, comma rune, special string) {
	for i, cell := range record {
		if i > 0 {
			out.WriteRune(comma)
		}
		if strings.ContainsAny(cell, special) || cell == "" && len(record) == 1 { // an empty line is no record
			cell = `"` + strings.NewReplacer(`"`, `""`, "\n", "\r\n").Replace(cell) + `"`
		}
		out.WriteString(cell)
	}
	out.WriteString("\r\n")
}

// mark is the byte order mark that some programs put before UTF-8.
var mark = []byte("\xef\xbb\xbf")

// open reads a file's records, of any width; it returns what is wrong where the file is no text.
func open(data []byte) (*csv.Reader, *diag.Problem) {
	data = bytes.TrimPrefix(data, mark)
	if trouble, at := unreadable(data); at >= 0 {
		return nil, &diag.Problem{Pos: diag.At(data, at, 1), Message: trouble, Hint: diag.Textf("save the sheet again as CSV with the encoding UTF-8")}
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = separator(data), -1, true
	return reader, nil
}

// next is the next record, which is good until the one after it is read; nil where there is none.
func next(reader *csv.Reader) ([]string, *diag.Problem) {
	record, err := reader.Read()
	var broken *csv.ParseError
	if errors.As(err, &broken) { // any other error is the end: the text is in memory
		return nil, &diag.Problem{Pos: diag.Pos{Line: broken.Line, Col: broken.Column}, Message: diag.Textf("a quotation mark stands within a cell, or its partner is missing"), Hint: diag.Textf("put the whole cell into quotation marks, and write each one in it twice")}
	}
	return record, nil
}

// unreadable says what no text holds, and where; -1: nothing.
func unreadable(data []byte) (diag.Text, int) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return diag.Textf("the table is UTF-16"), 0
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size < 2 {
			return diag.Textf("the table is not UTF-8"), at
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			return diag.Textf("the table holds the control character U+%04X", r), at
		}
		at += size
	}
	return diag.Text{}, -1
}

// separators are the signs that programs write between cells.
const separators = ",;\t"

// separator is what stands between the cells of the first line: the most frequent of those that programs write, outside
// of quotation marks.
func separator(data []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, c := range data {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted {
			break
		}
		if !quoted {
			counts[c]++
		}
	}
	best := separators[0]
	for _, c := range []byte(separators) {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

func (s *Sheet) head(names []string, comma bool, tell func(i int, message, hint diag.Text)) {
	for i, name := range names {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			tell(i, diag.Textf("column %d has no heading", i+1), diag.Textf("name it in the first line, or delete the column"))
		case slices.ContainsFunc(s.Columns, func(c Column) bool { return c.Name == name }):
			tell(i, diag.Textf("two columns are named %q", diag.Clip(name)), diag.Textf("give each its own heading"))
		}
		s.Columns = append(s.Columns, Column{Name: name, Number: true, years: true, codes: naming.MatchString(name), comma: comma})
	}
}

// row takes the cells of a row into account.
func (s *Sheet) row(cells []string) {
	s.Count++
	for i, cell := range cells {
		c := &s.Columns[i]
		if cell = strings.TrimSpace(cell); cell == "" || !c.Number {
			continue
		}
		pattern := withPoint
		if c.comma {
			pattern = withComma
		}
		c.Number = pattern.MatchString(cell) && digits(cell) <= mostDigits
		c.years = c.years && year.MatchString(cell)
	}
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// Value is a cell as a number with how many decimals it has; false where it is to be shown as it stands: a text, a year,
// a code.
func (c Column) Value(cell string) (value float64, decimals int, ok bool) {
	cell = strings.TrimSpace(cell)
	if cell == "" || !c.Number || c.years || c.codes {
		return 0, 0, false
	}
	if c.comma {
		cell = strings.NewReplacer(".", "", ",", ".").Replace(cell)
	}
	value, err := strconv.ParseFloat(cell, 64)
	if _, fraction, found := strings.Cut(cell, "."); found {
		decimals = len(fraction)
	}
	return value, decimals, err == nil
}
