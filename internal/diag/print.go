package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Printer writes problems as text, each with its source line and a caret under what is wrong.
type Printer struct {
	// Line returns line n (from 1) of a file without its end; false where there is none. It may be nil.
	Line func(file string, n int) (string, bool)
	// Catalogue translates the messages (see [Text.In]); nil leaves them in English.
	Catalogue func(format string) string
	// Color marks severities and carets with ANSI colours.
	Color bool
}

const (
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	bold   = "\x1b[1m"
	reset  = "\x1b[0m"
)

// widest is how much of a source line is shown, in code points: a terminal's width, so that a file that is one long
// line does not fill the screen.
const widest = 100

// Print writes the problems in the order given.
func (p Printer) Print(w io.Writer, problems []Problem) error {
	out := bufio.NewWriter(w)
	var b strings.Builder
	for _, problem := range problems {
		b.Reset()
		p.problem(&b, problem)
		if _, err := out.WriteString(b.String()); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (p Printer) paint(color, text string) string {
	if !p.Color {
		return text
	}
	return color + text + reset
}

func (p Printer) problem(b *strings.Builder, problem Problem) {
	color := red
	if problem.Severity == Warning {
		color = yellow
	}
	fmt.Fprintf(b, "%s: %s %s\n", p.paint(bold, printable(problem.Place())),
		p.paint(color, problem.Severity.Text().In(p.Catalogue)+":"), printable(problem.Message.In(p.Catalogue)))
	line, ok := "", false
	if p.Line != nil && problem.ShowsLine() {
		line, ok = p.Line(problem.File, problem.Pos.Line)
	}
	hint := printable(problem.Hint.In(p.Catalogue))
	if !ok {
		if hint != "" {
			fmt.Fprintf(b, "   %s\n", hint)
		}
		return
	}
	excerpt := problem.Excerpt(line)
	gutter := fmt.Sprintf("%4d", problem.Pos.Line)
	fmt.Fprintf(b, "%s | %s%s%s\n", gutter, excerpt.Before, excerpt.Marked, excerpt.After)
	carets := strings.Repeat("^", max(utf8.RuneCountInString(excerpt.Marked), 1))
	fmt.Fprintf(b, "%s | %s%s", strings.Repeat(" ", len(gutter)), strings.Repeat(" ", utf8.RuneCountInString(excerpt.Before)), p.paint(color, carets))
	if hint != "" {
		fmt.Fprintf(b, " %s", hint)
	}
	b.WriteByte('\n')
}

// Excerpt is the line of a file that a problem is about, cut at what is wrong. Nothing in it steers a terminal.
type Excerpt struct{ Before, Marked, After string }

// Excerpt cuts the problem's line, which is given as it stands in the file; a long line is cut to the part around it.
func (p Problem) Excerpt(line string) Excerpt {
	line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", " ")
	line, col := window(line, max(p.Pos.Col, 1))
	runes := []rune(printable(line))
	from := min(col-1, len(runes))
	to := min(from+max(p.Width, 1), len(runes))
	if p.Pos.Col == 0 {
		from, to = 0, len(runes)
	}
	return Excerpt{string(runes[:from]), string(runes[from:to]), string(runes[to:])}
}

// window cuts a long line to the part around a column, and returns the column within that part.
func window(line string, col int) (string, int) {
	runes := []rune(line)
	if len(runes) <= widest {
		return line, col
	}
	from := max(0, min(col-1-widest/2, len(runes)-widest))
	part, col := string(runes[from:from+widest]), col-from
	if from > 0 {
		part, col = "…"+part, col+1
	}
	if from+widest < len(runes) {
		part += "…"
	}
	return part, col
}

// printable replaces control and direction-changing characters: a file must not be able to steer the terminal that
// prints its mistakes.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ', r >= 0x7f && r < 0xa0, IsDirectionControl(r):
			return '�'
		}
		return r
	}, s)
}

// IsDirectionControl reports whether r changes the direction of the text after it (Unicode UAX #9, 2.1 to 2.4). Such
// characters can make a text read as something that it is not.
func IsDirectionControl(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}
