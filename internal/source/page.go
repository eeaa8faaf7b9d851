package source

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/adrg/frontmatter"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
)

// Page is a Markdown file split into its front matter and its body.
type Page struct {
	Name     string
	Front    *decode.Node // nil where there is none, or where it cannot be used
	Broken   bool         // whether there is front matter that cannot be used
	Body     []byte       // Markdown; a part of the file's bytes
	BodyLine int          // the line of the file where Body starts
}

// Split splits a file's text. It reports false where the file cannot be used as a page at all; then problems tell why.
// Where only the front matter is broken, the body is still good for checking.
//
// UTF-8 with or without a byte order mark is accepted, and lines that end with LF or CRLF. The opening line must be the
// file's first: "---" (YAML), "+++" (TOML), or "---json" or ";;;" (JSON).
func Split(name string, data []byte, location *time.Location, problems *diag.List) (Page, bool) {
	page := Page{Name: name, BodyLine: 1}
	file := decode.File{Name: name, Problems: problems, Location: location}
	fail := func(pos diag.Pos, width int, message, hint diag.Text) (Page, bool) {
		problems.Add(diag.Problem{File: name, Pos: pos, Width: width, Message: message, Hint: hint})
		return page, false
	}
	data, ok := Text(name, data, problems)
	if !ok {
		return page, false
	}
	if cr := bytes.IndexByte(data, '\r'); cr >= 0 && !bytes.Contains(data, []byte{'\n'}) {
		return fail(diag.Pos{Line: 1, Col: 1}, 1, diag.Textf("the file's lines end with CR only"), diag.Textf("save it with the line ends LF or CRLF"))
	}

	if at := conflict(data); at >= 0 {
		return fail(diag.At(data, at, 1), 7, diag.Textf("two versions of the page stand here side by side, as git leaves them"), diag.Textf("keep the right one, and remove the lines that start with <<<<<<<, ======= and >>>>>>>"))
	}
	first, _, _ := bytes.Cut(data, []byte{'\n'})
	opening := strings.TrimRight(string(first), " \t\r")
	parse, closing := formatOf(opening)
	if parse == nil {
		page.Body = data
		if pos, message, hint, ok := almostFront(data); ok {
			return fail(pos, 3, message, hint)
		}
		return page, true
	}
	if end := closingLine(data, len(first)+1, closing); end < 0 {
		return fail(diag.Pos{Line: 1, Col: 1}, len(opening), diag.Textf("the front matter is not closed"), diag.Textf("add a line %s after the last key", closing))
	} else if end-len(first)-1 > decode.MaxBytes {
		return fail(diag.Pos{Line: 1, Col: 1}, len(opening), diag.Textf("more than %d KiB of front matter", decode.MaxBytes>>10), diag.Textf("move text below the front matter"))
	}

	// The library finds where the front matter ends; its decoder here only keeps the bytes, and they are decoded below
	// with their positions. (Its own YAML turns "no" into false and keeps the last of two equal keys.)
	var front []byte
	keep := func(text []byte, _ any) error {
		front = text
		return nil
	}
	body, err := frontmatter.MustParse(bytes.NewReader(data), &struct{}{}, frontmatter.NewFormat(opening, closing, keep))
	if err != nil {
		return fail(diag.Pos{Line: 1, Col: 1}, len(opening), diag.Textf("the front matter cannot be split off: %s", err.Error()), diag.Textf("check its first and last line"))
	}
	end := len(data) - len(body)
	last := data[len(first)+1+len(front) : end]
	page.Body, page.BodyLine = data[end:], 1+bytes.Count(data[:end], []byte{'\n'})
	if at := len(last) - len(bytes.TrimLeft(last, " \t")); at > 0 {
		return fail(diag.Pos{Line: 2 + bytes.Count(front, []byte{'\n'}), Col: 1 + at}, len(closing), diag.Textf("an indented %s in the front matter", closing), diag.Textf("start it at the beginning of the line to close the front matter, or change this line of the text"))
	}
	page.Front = parse(file, front, 2)
	page.Broken = page.Front == nil
	return page, true
}

// Body is the body of a page that [Split] has split before and that has one: what stands from its line on.
func Body(data []byte, line int) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for ; line > 1; line-- {
		_, data, _ = bytes.Cut(data, []byte{'\n'})
	}
	return data
}

// conflict is the offset of the marks of a merge that git could not finish, or -1.
func conflict(data []byte) int {
	at := bytes.Index(data, []byte("<<<<<<< "))
	if at < 0 || at > 0 && data[at-1] != '\n' || !bytes.Contains(data[at:], []byte("\n>>>>>>> ")) {
		return -1
	}
	return at
}

// Text checks that a file is UTF-8 text and returns it without its byte order mark; where it is not, problems tell why.
func Text(name string, data []byte, problems *diag.List) ([]byte, bool) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if encoding, ok := strayEncoding(data); ok {
		problems.Add(diag.Problem{File: name, Pos: diag.Pos{Line: 1, Col: 1}, Message: diag.Textf("the file is encoded as %s, not as UTF-8", encoding), Hint: diag.Textf("save it again with the encoding UTF-8")})
		return nil, false
	}
	if at := badByte(data); at >= 0 {
		message, hint := diag.Textf("a byte here is not UTF-8"), diag.Textf("save the file again with the encoding UTF-8")
		if data[at] == 0 {
			message, hint = diag.Textf("a NUL character"), diag.Textf("this is not a text file; remove it or save it again as text")
		}
		problems.Add(diag.Problem{File: name, Pos: diag.At(data, at, 1), Message: message, Hint: hint})
		return nil, false
	}
	return data, true
}

type parser func(file decode.File, text []byte, firstLine int) *decode.Node

func formatOf(opening string) (parser, string) {
	switch opening {
	case "---", "---yaml":
		return decode.YAML, "---"
	case "+++":
		return decode.TOML, "+++"
	case "---toml":
		return decode.TOML, "---"
	case ";;;":
		return decode.JSON, ";;;"
	case "---json":
		return decode.JSON, "---"
	}
	return nil, ""
}

// closingLine is the offset of the line that closes the front matter, or -1. It goes by the same rule as the library:
// blanks around the line do not count.
func closingLine(data []byte, from int, closing string) int {
	for from < len(data) {
		line, _, _ := bytes.Cut(data[from:], []byte{'\n'})
		if string(bytes.TrimSpace(line)) == closing {
			return from
		}
		from += len(line) + 1
	}
	return -1
}

// almostFront finds what was meant as front matter and is not.
func almostFront(data []byte) (diag.Pos, diag.Text, diag.Text, bool) {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	line, rest, _ := bytes.Cut(trimmed, []byte{'\n'})
	word := string(bytes.TrimSpace(line))
	pos := diag.At(data, len(data)-len(trimmed), 1)
	next, _, _ := bytes.Cut(rest, []byte{'\n'})
	switch {
	case word == "---" && bytes.Contains(next, []byte{':'}):
		return pos, diag.Textf("the front matter does not start on the first line"), diag.Textf("remove what stands before the ---"), true
	case strings.HasPrefix(word, "----") && strings.Trim(word, "-") == "" && pos.Line == 1 && bytes.Contains(next, []byte{':'}):
		return pos, diag.Textf("the line that opens the front matter has too many hyphens"), diag.Textf("write exactly ---"), true
	}
	return diag.Pos{}, diag.Text{}, diag.Text{}, false
}

// strayEncoding recognises UTF-16 by its byte order mark, or by the zero bytes that ASCII has in it.
func strayEncoding(data []byte) (string, bool) {
	if len(data) < 2 {
		return "", false
	}
	switch unit := uint16(data[0])<<8 | uint16(data[1]); {
	case unit == 0xfeff, unit == 0xfffe:
		return "UTF-16", true
	case (data[0] == 0) != (data[1] == 0) && !utf16.IsSurrogate(rune(unit)):
		return "UTF-16", true
	}
	return "", false
}

// badByte is the offset of the first byte that no UTF-8 text holds, or NUL; -1 where there is none.
func badByte(data []byte) int {
	nul := bytes.IndexByte(data, 0)
	if utf8.Valid(data) {
		return nul
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 || r == 0 {
			return at
		}
		at += size
	}
	return nul
}
