// Package opendata makes the figures of a portal for programs: tables as CSV and JSON with a Data Package that describes
// them, a DCAT catalogue, and what search engines are told of pages (JSON-LD).
//
// All of it comes from the same linked site as the pages, and holds nothing that they do not show: no drafts, no figures
// after the as-of date, no money where budgets are switched off, no authors where these are not named.
package opendata

import (
	"iter"
	"time"

	"pendapa/internal/model"
	"pendapa/internal/site"
)

// Type is the type of a column, as Table Schema (specs.frictionlessdata.io/table-schema) names it.
type Type string

const (
	String  Type = "string"
	Integer Type = "integer"
	Number  Type = "number"
	Boolean Type = "boolean"
	Date    Type = "date" // 2018-09-26
	Time    Type = "time" // 09:00:00, by the portal's clock
	URI     Type = "uri"  // a string of the format uri
)

// Several says how a cell holds several values.
type Several string

const (
	One   Several = ""
	Ids   Several = "; " // ids, which hold no blanks, with this between two of them
	Lines Several = "\n" // texts, each on a line of its own within the cell
)

// Units of columns, as UCUM and ISO 4217 write them.
const (
	Rupiah = "IDR"
	Share  = "1" // a share of 1: 0.63 is 63 per cent
	Days   = "d"
)

// Column is a column of a table.
type Column struct {
	Name     string // in every language the same
	Type     Type
	Several  Several
	Unit     string   // empty: none
	Enum     []string // the values that occur; nil: any
	Required bool
	Positive bool   // whether its numbers are never below 0
	Refers   string // the table whose key stands in the column; empty: none
}

// Table is a table of an edition, which is written as CSV and as JSON. Its rows are made anew each time they are asked
// for.
type Table struct {
	Name    string // "quick-wins"; the files are named after it
	Edition *site.Edition
	Columns []Column
	Key     []string // names of the columns that tell its rows apart
	Changed time.Time
	Rows    iter.Seq[Row]
}

// Row are the cells of a row, one for each column: a string, a []string (where the column holds several), a bool, an int,
// an int64, a float64, a [Day], a [Clock], or nil where nothing is known.
type Row []any

// Day is a date without a time.
type Day struct{ time.Time }

// String is the day as ISO 8601 writes it.
func (d Day) String() string { return d.Format(time.DateOnly) }

// Clock is a time of day.
type Clock struct{ time.Time }

// String is the time as Table Schema's default format has it.
func (c Clock) String() string { return c.Format(time.TimeOnly) }

// Title is the table's title in the language of its edition.
func (t *Table) Title() string { return t.Edition.Lang.T("data." + t.Name) }

// About says in a sentence or two what the table holds.
func (t *Table) About() string { return t.Edition.Lang.T("data." + t.Name + ".about") }

// Explain says what a column holds, in the language of the table's edition.
func (t *Table) Explain(c Column) string {
	lang := t.Edition.Lang
	if key := "column." + t.Name + "." + c.Name; lang.Has(key) {
		return lang.T(key)
	}
	return lang.T("column." + c.Name)
}

// column is a column with how its cell is read from what a row is about.
type column[T any] struct {
	Column
	cell func(T) any
}

func table[T any](e *site.Edition, name string, key []string, changed time.Time, rows iter.Seq[T], columns []column[T]) *Table {
	t := &Table{Name: name, Edition: e, Key: key, Changed: changed}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	t.Rows = func(yield func(Row) bool) {
		for item := range rows {
			row := make(Row, len(columns))
			for i, c := range columns {
				row[i] = c.cell(item)
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

// Cells of values that may be missing: nil where they are.

func text[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func texts(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

func day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return Day{t}
}

func clock(d model.Date) any {
	if !d.Clock {
		return nil
	}
	return Clock{d.Time}
}

func number[N int64 | float64](n *N) any {
	if n == nil {
		return nil
	}
	return *n
}

// ids are the ids of pages in a list.
func ids[P interface{ Own() *site.Page }](list []P) any {
	var out []string
	for _, p := range list {
		out = append(out, p.Own().ID)
	}
	return texts(out)
}
