// Package diag describes problems in a portal's files: where they are, what is wrong and what to do about it.
//
// A [Problem] carries its place and its remedy from where it is found; nothing wraps it on its way to the reader.
// Problems of one run are collected in a [List], sorted by place and printed all together, so that an editor mends
// everything in one go.
package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"
)

// Severity says whether a problem stops publishing.
type Severity uint8

const (
	// Error stops publishing: the published portal stays as it was.
	Error Severity = iota
	// Warning is printed and does not stop publishing.
	Warning
)

func (s Severity) String() string { return s.Text().String() }

// Text is the word for the severity.
func (s Severity) Text() Text {
	if s == Warning {
		return Textf("warning")
	}
	return Textf("error")
}

// Pos is a place in a file: line and column, both counted from 1, columns in Unicode code points as editors count
// them. The zero Pos is the file as a whole.
type Pos struct{ Line, Col int }

// At is the place of a byte offset in text that starts at line firstLine of its file.
func At(text []byte, offset, firstLine int) Pos {
	before := text[:min(max(offset, 0), len(text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return Pos{Line: firstLine + bytes.Count(before, []byte{'\n'}), Col: utf8.RuneCount(before[start:]) + 1}
}

// Problem is one thing that is wrong, with its place and its remedy.
type Problem struct {
	Severity Severity
	Rule     string // name of the rule of check that found it; empty for what every build finds
	File     string // path relative to the site's folder, with slashes
	Pos      Pos
	Width    int  // code points to underline from Pos; 0 is one
	Secret   bool // whether its line holds a secret: see ShowsLine
	Message  Text // what is wrong, without the place
	Hint     Text // what to do; may be empty
}

// ShowsLine reports whether the line that the problem stands on may be shown, and is known.
func (p Problem) ShowsLine() bool { return p.Pos.Line > 0 && !p.Secret }

// Error is the problem in one line, as compilers print it: file:line:col: severity: message.
func (p Problem) Error() string {
	return fmt.Sprintf("%s: %s: %s", p.Place(), p.Severity, p.Message)
}

// Place is file:line:col, without the parts that are not known.
func (p Problem) Place() string {
	switch {
	case p.Pos.Line == 0:
		return p.File
	case p.Pos.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Pos.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Pos.Line, p.Pos.Col)
	}
}

// List collects the problems of a run. Its zero value is empty and ready; its methods may be called from several
// goroutines.
type List struct {
	mu       sync.Mutex
	problems []Problem
	errors   int
}

// Add appends problems.
func (l *List) Add(problems ...Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range problems {
		if p.Severity == Error {
			l.errors++
		}
	}
	l.problems = append(l.problems, problems...)
}

// Errors is how many of the problems stop publishing.
func (l *List) Errors() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.errors
}

// Errors counts the errors among problems.
func Errors(problems []Problem) int {
	n := 0
	for _, p := range problems {
		if p.Severity == Error {
			n++
		}
	}
	return n
}

// Sorted returns the problems by file, position, severity and message: a total order, so that a run prints the same
// text whatever the order in which its workers found them. Equal problems are returned once.
func (l *List) Sorted() []Problem {
	l.mu.Lock()
	defer l.mu.Unlock()
	sorted := slices.Clone(l.problems)
	slices.SortFunc(sorted, Problem.compare)
	return slices.CompactFunc(sorted, func(a, b Problem) bool { return a.compare(b) == 0 })
}

func (p Problem) compare(q Problem) int {
	// Texts are compared only where all else is equal: they are put into words for it.
	if c := cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Pos.Line, q.Pos.Line), cmp.Compare(p.Pos.Col, q.Pos.Col), cmp.Compare(p.Severity, q.Severity), cmp.Compare(p.Rule, q.Rule)); c != 0 {
		return c
	}
	return cmp.Or(p.Message.compare(q.Message), p.Hint.compare(q.Hint), cmp.Compare(p.Width, q.Width))
}
