package markdown

import (
	"bytes"
	"fmt"

	"pendapa/internal/diag"
)

// Limits on shapes that no person writes and that cost goldmark time out of all proportion: quotations and lists in
// each other, and the columns of a table (a short row is filled up to the header's width).
const (
	maxNesting = 50
	maxColumns = 200
)

// guard finds what is refused before it is parsed.
func guard(body []byte, firstLine int) *diag.Problem {
	line := firstLine
	for len(body) > 0 {
		text, rest, _ := bytes.Cut(body, []byte{'\n'})
		if depth := nesting(text); depth > maxNesting {
			return &diag.Problem{Pos: diag.Pos{Line: line, Col: 1}, Message: fmt.Sprintf("quotations or lists nested %d deep; at most %d are allowed", depth, maxNesting), Hint: "flatten them"}
		}
		if columns := bytes.Count(text, []byte{'|'}); columns > maxColumns && delimiterRow(text) {
			return &diag.Problem{Pos: diag.Pos{Line: line, Col: 1}, Message: fmt.Sprintf("a table of %d columns; at most %d are allowed", columns, maxColumns), Hint: "turn the table, or keep it in a CSV file beside the page"}
		}
		body = rest
		line++
	}
	return nil
}

// nesting counts the markers of quotations and lists at the start of a line; two blanks of indentation count as one,
// as the least that a list in a list takes.
func nesting(line []byte) int {
	depth, blanks := 0, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			blanks++
		case c == '\t':
			blanks += 4
		case c == '>', (c == '-' || c == '*' || c == '+') && i+1 < len(line) && line[i+1] == ' ':
			depth++
		case c >= '0' && c <= '9':
			// The number of an ordered list.
		case (c == '.' || c == ')') && i > 0 && i+1 < len(line) && line[i-1] >= '0' && line[i-1] <= '9' && line[i+1] == ' ':
			depth++
		default:
			return depth + min(blanks/2, depth*3)
		}
	}
	return depth
}

func delimiterRow(line []byte) bool {
	return len(bytes.Trim(line, "|-: \t\r")) == 0
}
