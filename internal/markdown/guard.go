package markdown

import (
	"bytes"
	"unicode/utf8"

	"pendapa/internal/diag"
)

// Limits on shapes that no person writes and that cost goldmark time out of all proportion: quotations and lists in
// each other, the columns of a table (a short row is filled up to the header's width), and the marks of links and
// emphasis in one paragraph (20,000 of them in a row take a second, ten times as many a hundred).
const (
	maxNesting    = 50
	maxColumns    = 200
	maxMarks      = 2000
	maxTableMarks = 20000  // in a table, whose rows are looked at one by one
	maxPageMarks  = 100000 // on a page, however it is cut up
	maxBlocks     = 100    // data blocks on a page; each may show a whole table of figures
	maxCells      = 100000 // of one table, the empty ones that fill up its rows included
)

// guard finds what is refused before it is parsed.
func guard(body []byte, firstLine int) *diag.Problem {
	refuse := func(line int, message, hint diag.Text) *diag.Problem {
		return &diag.Problem{Pos: diag.Pos{Line: line, Col: 1}, Message: message, Hint: hint}
	}
	for at, size := 0, 0; at < len(body); at += size {
		var r rune
		if r, size = rune(body[at]), 1; r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(body[at:])
		}
		if diag.IsDirectionControl(r) && r != 0x200e && r != 0x200f || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return &diag.Problem{Pos: diag.At(body, at, firstLine), Message: diag.Textf("the invisible character U+%04X, which can make a text read as something that it is not", r), Hint: diag.Textf("remove it, or type the words anew")}
		}
	}
	marks, all, limit := 0, 0, maxMarks
	columns, cells := 0, 0
	for line := firstLine; len(body) > 0; line++ {
		text, rest, _ := bytes.Cut(body, []byte{'\n'})
		body = rest
		if depth := nesting(text); depth > maxNesting {
			return refuse(line, diag.Textf("quotations or lists nested %d deep; at most %d are allowed", depth, maxNesting), diag.Textf("flatten them"))
		}
		if columns == 0 && bytes.IndexByte(text, '|') >= 0 && delimiterRow(text) {
			limit = maxTableMarks
			if columns = columnsOf(text); columns > maxColumns {
				return refuse(line, diag.Textf("a table of %d columns; at most %d are allowed", columns, maxColumns), diag.Textf("turn the table, or keep it in a CSV file beside the page"))
			}
		}
		if len(bytes.TrimSpace(text)) == 0 {
			columns, cells = 0, 0
		}
		if cells += columns; cells > maxCells {
			return refuse(line, diag.Textf("a table of more than %d cells", maxCells), diag.Textf("keep it in a CSV file beside the page and link to it"))
		}
		if startsBlock(text) {
			marks, limit = 0, maxMarks
		}
		for _, c := range text {
			if c == '[' || c == '*' || c == '_' {
				marks++
				all++
			}
		}
		if marks > limit {
			return refuse(line, diag.Textf("more than %d brackets, stars and underscores in one paragraph", limit), diag.Textf("split the paragraph or the table with an empty line"))
		}
		if all > maxPageMarks {
			return refuse(line, diag.Textf("more than %d brackets, stars and underscores on one page", maxPageMarks), diag.Textf("split the page"))
		}
	}
	return nil
}

// startsBlock reports whether a line ends the paragraph before it: an empty line, a heading, an item of a list.
func startsBlock(line []byte) bool {
	trimmed := bytes.TrimLeft(line, " \t\r")
	heading := bytes.TrimLeft(trimmed, "#")
	return len(trimmed) == 0 || len(heading) < len(trimmed) && bytes.HasPrefix(heading, []byte{' '}) || len(trimmed) > 2 && trimmed[1] == ' ' && (trimmed[0] == '-' || trimmed[0] == '*' || trimmed[0] == '+')
}

// nesting counts the markers of quotations and lists at the start of a line; where there is one, two blanks of
// indentation count as one more, as the least that a list in a list takes.
func nesting(line []byte) int {
	depth, indented := 0, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			if depth == 0 {
				indented++
			}
		case c == '\t':
			if depth == 0 {
				indented += 4
			}
		case c == '>', (c == '-' || c == '*' || c == '+') && i+1 < len(line) && line[i+1] == ' ':
			depth++
		case c >= '0' && c <= '9':
			// The number of an ordered list.
		case (c == '.' || c == ')') && i > 0 && i+1 < len(line) && line[i-1] >= '0' && line[i-1] <= '9' && line[i+1] == ' ':
			depth++
		default:
			if depth == 0 {
				return 0
			}
			return depth + indented/2
		}
	}
	return depth
}

// columnsOf is how many columns a delimiter row makes, whether it begins and ends with a | or not.
func columnsOf(row []byte) int {
	row = bytes.TrimSpace(row)
	row = bytes.TrimSuffix(bytes.TrimPrefix(row, []byte{'|'}), []byte{'|'})
	return bytes.Count(row, []byte{'|'}) + 1
}

func delimiterRow(line []byte) bool {
	return len(bytes.Trim(line, "|-: \t\r")) == 0
}
