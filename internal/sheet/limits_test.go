package sheet

import (
	"fmt"
	"strings"
	"testing"
)

// Limit: a CSV file on a page: its size; columns; rows shown; characters of a cell; mistakes told
func TestSheetsAtTheirLimits(t *testing.T) {
	columns := func(n int) string {
		var heading []string
		for i := range n {
			heading = append(heading, fmt.Sprint("k", i))
		}
		return strings.Join(heading, ",") + "\n" + strings.Repeat("x,", n-1) + "x\n"
	}
	if s, problems := Read([]byte(columns(40)), 50); len(problems) > 0 || len(s.Columns) != 40 {
		t.Errorf("%d columns of 40, %v", len(s.Columns), problems)
	}
	if _, problems := Read([]byte(columns(41)), 50); len(problems) != 1 || problems[0].Message.String() != "the table has 41 columns; a page can show 40" || problems[0].Hint.IsZero() {
		t.Errorf("41 columns: %v", problems)
	}
	for length, problems := range map[int]int{9_999: 0, 10_000: 0, 10_001: 1} {
		if _, told := Read([]byte("a,b\n1,"+strings.Repeat("é", length)+"\n"), 50); len(told) != problems || problems > 0 && told[0].Error() != ":2:3: error: the cell has more than 10000 characters" {
			t.Errorf("a cell of %d characters: %.200v", length, told)
		}
	}
	for rows, kept := range map[int]int{49: 49, 50: 50, 51: 50} {
		if s, problems := Read([]byte("a,b\n"+strings.Repeat("1,2\n", rows)), 50); len(problems) > 0 || s.Count != rows || len(s.Rows) != kept {
			t.Errorf("%d of %d rows are kept, %d counted, %v", len(s.Rows), rows, s.Count, problems)
		}
	}
	for mistakes, told := range map[int]int{19: 19, 20: 20, 21: 20} {
		if _, problems := Read([]byte("a,b\n"+strings.Repeat("1\n", mistakes)), 50); len(problems) != told {
			t.Errorf("of %d mistakes %d are told", mistakes, len(problems))
		}
	}
}
