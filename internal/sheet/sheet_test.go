package sheet

import (
	"fmt"
	"strings"
	"testing"

	"pendapa/internal/locale"
)

// shown is what a page shows of a sheet: its headings, and its cells as numbers where they are.
func shown(s Sheet) string {
	var b strings.Builder
	for _, c := range s.Columns {
		fmt.Fprintf(&b, "[%s]", c.Name)
	}
	for _, row := range s.Rows {
		b.WriteByte('\n')
		for i, cell := range row {
			if v, decimals, ok := s.Columns[i].Value(cell); ok {
				cell = "#" + locale.Indonesian.Number(v, decimals)
			}
			b.WriteString("[" + cell + "]")
		}
	}
	return b.String()
}

func TestSheetsAsSpreadsheetsWriteThem(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"commas":                    {"tahun,nilai\r\n2024,1500.5\r\n2025,-20\r\n", "[tahun][nilai]\n[2024][#1.500,5]\n[2025][#−20]"},
		"semicolons and commas":     {"uraian;nilai\nA;1500,25\nB;3\n", "[uraian][nilai]\n[A][#1.500,25]\n[B][#3]"},
		"tabs":                      {"a\tb\n1\tx\n", "[a][b]\n[#1][x]"},
		"byte order mark":           {"\ufeffa,b\n1,2\n", "[a][b]\n[#1][#2]"},
		"quotation marks":           {"a,b\n\"x, y\",\"kata \"\"z\"\"\"\n", "[a][b]\n[x, y][kata \"z\"]"},
		"a line break in a cell":    {"a,b\n\"x\ny\",1\n", "[a][b]\n[x\ny][#1]"},
		"no last line end":          {"a,b\n1,2", "[a][b]\n[#1][#2]"},
		"empty rows at the end":     {"a;b\n1;2\n;\n;\n", "[a][b]\n[#1][#2]"},
		"a semicolon in a heading":  {"\"a;b\",c\n1,2\n", "[a;b][c]\n[#1][#2]"},
		"codes keep their zeros":    {"kode,x\n01,1\n02,2\n", "[kode][x]\n[01][#1]\n[02][#2]"},
		"postal codes are no sums":  {"kode pos,x\n59111,1\n", "[kode pos][x]\n[59111][#1]"},
		"one text makes no numbers": {"a,b\n1,x\nn/a,y\n", "[a][b]\n[1][x]\n[n/a][y]"},
		"groups":                    {"a;b\n1.500;x\n1.234.567,5;y\n", "[a][b]\n[#1.500][x]\n[#1.234.567,5][y]"},
		"years under their heading": {"Tahun,b\n1899,x\n2024,y\n", "[Tahun][b]\n[1899][x]\n[2024][y]"},
		"telephone numbers":         {"No HP,NPWP\n628123456789,1\n", "[No HP][NPWP]\n[628123456789][1]"},
		"more digits than fit":      {"a,b\n123456789012345.123,1\n", "[a][b]\n[123456789012345.123][#1]"},
		"gaps stay gaps":            {"a,b\n1,\n,2\n", "[a][b]\n[#1][]\n[][#2]"},
		"years among others":        {"a,b\n2024,x\n3000,y\n", "[a][b]\n[#2.024][x]\n[#3.000][y]"},
	} {
		s, problems := Read([]byte(c.in), 10)
		if got := shown(s); got != c.want || len(problems) > 0 {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, problems, got, c.want)
		}
	}
}

func TestMistakesAreToldWithTheirPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"other widths":      {"a,b\n1\n1,2\n1,2,3\n", []string{"2:1: error: this row has 1 cells and the heading 2", "4:1: error: this row has 3 cells and the heading 2"}},
		"a quotation mark":  {"a,b\n1,x\"y\n", []string{"2:4: error: a quotation mark stands within a cell, or its partner is missing"}},
		"an open quotation": {"a,b\n\"1,2\n", []string{"2:6: error: a quotation mark stands within a cell, or its partner is missing"}},
		"nothing":           {"", []string{"1:1: error: the table is empty"}},
		"only blanks":       {" \n\n", []string{"1:1: error: the table is empty"}},
		"only a heading":    {"a,b\n", []string{"1:1: error: the table has no rows"}},
		"no heading":        {"a,,c\n1,2,3\n", []string{"1:3: error: column 2 has no heading"}},
		"two headings":      {"a,a\n1,2\n", []string{`1:3: error: two columns are named "a"`}},
		"Latin 1":           {"a,b\nk\xe9,2\n", []string{"2:2: error: the table is not UTF-8"}},
		"UTF-16":            {"\xff\xfea\x00", []string{"1:1: error: the table is UTF-16"}},
		"a control":         {"a,b\n1,\x00\n", []string{"2:3: error: the table holds the control character U+0000"}},
		"too many columns":  {strings.Repeat("a,", 40) + "a\n", []string{"1:1: error: the table has 41 columns; a page can show 40"}},
	} {
		_, problems := Read([]byte(c.in), 10)
		var got []string
		for _, p := range problems {
			got = append(got, strings.TrimPrefix(strings.SplitN(p.Error(), "\n", 2)[0], ":"))
			if p.Hint.IsZero() {
				t.Errorf("%s: no remedy", name)
			}
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A page shows the first rows of a file of 100,000 and says how many there are.
func TestLongSheetsAreCut(t *testing.T) {
	s, problems := Read([]byte("a,b\n"+strings.Repeat("1,2\n", 100_000)), 50)
	if len(problems) > 0 || s.Count != 100_000 || len(s.Rows) != 50 {
		t.Error(problems, s.Count, len(s.Rows))
	}
	// And a file that is wrong on every row is told once for twenty.
	if _, problems := Read([]byte("a,b\n"+strings.Repeat("1\n", 100_000)), 50); len(problems) != 20 {
		t.Error(len(problems))
	}
}

// What a spreadsheet would run is made harmless, and what nobody would run stays as it is, byte by byte.
func TestCleanChangesWhatItIsAskedTo(t *testing.T) {
	safe := func(cell string) string {
		if strings.HasPrefix(cell, "=") {
			return "'" + cell
		}
		return cell
	}
	for in, want := range map[string]string{
		"a,b\n=1,-5\n": "a,b\r\n'=1,-5\r\n", "a;b\n\"=x;y\";1,5\n": "a;b\r\n\"'=x;y\";1,5\r\n", "\ufeffa,b\n1,2\n": "\ufeffa,b\n1,2\n", "\ufeffa,b\n=1,2\n": "\ufeffa,b\r\n'=1,2\r\n", "a,b\n1\n": "a,b\n1\n",
	} {
		if got, problem := Clean([]byte(in), safe); string(got) != want || problem != nil {
			t.Errorf("%q: %q %v, want %q", in, got, problem, want)
		}
	}
	for _, in := range []string{"a\nx\"y\n", "\xff", "a\x00"} {
		if got, problem := Clean([]byte(in), safe); got != nil || problem == nil {
			t.Errorf("%q: %q %v", in, got, problem)
		}
	}
}
