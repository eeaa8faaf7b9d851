package sheet

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pendapa/internal/locale"
)

// tables are sheets as spreadsheets, people and those who mean harm write them.
var tables = []string{
	"a,b\n1,2\n", "a;b\n1,5;x\n", "\"", "a\n\"x\ny\"\n", "\ufeffa\tb\n", "a,b\n1\n", "\x00", "a;b\r\n1.500,25;-3\r\n", "a,b\r1,2\r", "\xff\xfea\x00", "\ufeff\ufeffa,b\n1,2\n",
	"\"a,b,c\";x\n=1;2\n", "\"a;b;c\",x\n\"=1\",2\n", "\"a\tb\";c\n=1;2\n", "a,b\n\"x\ry\",=1\n", "a,b\n\"x\r\ny\",=1\n", "a,b\n=cmd|' /C calc'!A0,2\n", "a\n=1\n\"\"\n2\n", "a,b\n\"1\"\"=2\",=3\n",
	"a\"b,c\n1,2\n", "a,b\n1,\"2\n", "a,b\n999999999999999,0.123456789\n", "a;b\n1.234.567,123456789;0\n", "a\n-0\n007\n1e5\nNaN\n0x10\n", "tahun\n1999\n2000\n", "a,a\n1,2\n", ",\n1,2\n", strings.Repeat("a,", 50) + "\n", "a,b\n \u00a0,\u3000\n1,2\n",
	"\\.\n=1\n", "a,b\n \"x\",2\n", "sep=;\na;b\n1;2\n", "a\x1bb\n1\n", "a\u202eb\n1\n", "a|b\n1|2\n", "#a\n=1\n",
}

// Whatever a file holds: a sheet has the rows that stand in it, its numbers are those that are written, and what is
// wrong has a place in the file.
func FuzzRead(f *testing.F) {
	for _, s := range tables {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, problems := Read(data, 5)
		if len(s.Rows) > 5 || len(s.Rows) > s.Count || len(s.Columns) > MaxColumns || len(problems) > maxProblems+1 {
			t.Errorf("%d columns, %d of %d rows, %d problems", len(s.Columns), len(s.Rows), s.Count, len(problems))
		}
		lines := strings.Split(string(data), "\n")
		for _, p := range problems {
			if p.Pos.Line < 1 || p.Pos.Line > len(lines) || p.Pos.Col < 1 || p.Pos.Col > len(lines[p.Pos.Line-1])+2 || p.Hint.IsZero() {
				t.Errorf("a place out of the file, or no remedy: %v", p)
			}
		}
		for _, row := range s.Rows {
			if len(row) != len(s.Columns) {
				t.Errorf("%d cells under %d headings", len(row), len(s.Columns))
			}
			for i, cell := range row {
				value, decimals, ok := s.Columns[i].Value(cell)
				if !ok {
					continue
				}
				plain := strings.TrimSpace(cell)
				if s.Columns[i].comma {
					plain = strings.NewReplacer(".", "", ",", ".").Replace(plain)
				}
				if got := strconv.FormatFloat(value, 'f', decimals, 64); got != plain {
					t.Errorf("%q is the number %s", cell, got)
				}
				if shown := locale.English.Number(value, decimals); strings.NewReplacer(",", "", "−", "-").Replace(shown) != strings.TrimSuffix(plain, "-0") && plain != "-0" {
					t.Errorf("%q is shown as %s", cell, shown)
				}
			}
		}
		if len(problems) > 0 {
			return
		}
		rows := 0
		for _, record := range records(t, data)[1:] {
			if len(record) != len(s.Columns) {
				t.Errorf("a row of %d cells under %d headings is taken", len(record), len(s.Columns))
			}
			rows++
		}
		if rows != s.Count {
			t.Errorf("%d rows are counted as %d", rows, s.Count)
		}
	})
}

// records are all rows of a file that have something in them.
func records(t *testing.T, data []byte) (all [][]string) {
	t.Helper()
	reader, problem := open(data)
	if problem != nil {
		t.Fatal(problem)
	}
	for {
		record, problem := next(reader)
		if problem != nil {
			t.Fatalf("%q: %v", data, problem)
		}
		if record == nil {
			return all
		}
		if !blank(record) {
			all = append(all, slices.Clone(record))
		}
	}
}

// A file that is published has the cells of the one that was written, but for those that were made harmless; it is
// published as it stands where none was, and what is harmless stays as it is.
func FuzzClean(f *testing.F) {
	for _, s := range tables {
		f.Add([]byte(s))
	}
	safe := func(cell string) string {
		if strings.HasPrefix(cell, "=") {
			return "'" + cell
		}
		return cell
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if same, problem := Clean(data, func(cell string) string { return cell }); problem == nil && string(same) != string(data) {
			t.Errorf("%q became %q though nothing was to change", data, same)
		}
		out, problem := Clean(data, safe)
		if problem != nil {
			if lines := strings.Count(string(data), "\n") + 1; out != nil || problem.Pos.Line < 1 || problem.Pos.Line > lines || problem.Pos.Col < 1 {
				t.Errorf("%q and %v", out, problem)
			}
			return
		}
		before, after := records(t, data), records(t, out)
		for _, record := range before {
			for i := range record {
				record[i] = safe(record[i])
			}
		}
		if !slices.EqualFunc(before, after, slices.Equal) {
			t.Errorf("%q became %q:\n%q\n%q", data, out, before, after)
		}
		if again, problem := Clean(out, safe); problem != nil || string(again) != string(out) {
			t.Errorf("%q became %q, and this %q", data, out, again)
		}
	})
}
