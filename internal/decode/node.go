// Package decode reads front matter and settings (YAML, TOML, JSON) strictly into Go structs.
//
// Text becomes a tree of [Node] that knows the line and column of every key and value; a [Decoder] fills a struct from
// it. Nothing is guessed and nothing is dropped: unknown keys, keys given twice, values of another type, dates that do
// not exist are problems with their place and remedy, and all of them are collected.
package decode

import (
	"strconv"
	"time"
	"unicode/utf8"

	"pendapa/internal/diag"
)

// Kind is the shape of a node.
type Kind uint8

const (
	Null     Kind = iota // an empty value
	Scalar               // text, a number, true or false, a date
	Mapping              // keys with values
	Sequence             // a list
)

// Text is the name of the shape.
func (k Kind) Text() diag.Text {
	return [...]diag.Text{diag.Textf("nothing"), diag.Textf("a single value"), diag.Textf("keys with values"), diag.Textf("a list")}[k]
}

// Node is a value in a file, with its place.
type Node struct {
	Kind   Kind
	Value  string // of a scalar: its text as written, without quotes
	Quoted bool   // of a scalar: whether it stood in quotes, or is text by its format
	Pos    diag.Pos
	Fields []Field // of a mapping, in the order of the file
	Items  []*Node // of a sequence
}

// Field is one key of a mapping with its value.
type Field struct {
	Key    string
	KeyPos diag.Pos
	Value  *Node
}

// Get returns the value at a path of keys and item numbers below n, or nil. A single value is its own item 0, as where a
// list may be written so.
func (n *Node) Get(path ...string) *Node {
	for _, step := range path {
		if n == nil {
			return nil
		}
		n = n.child(step)
	}
	return n
}

func (n *Node) child(step string) *Node {
	if n.Kind == Scalar && step == "0" {
		return n
	}
	if n.Kind == Sequence {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) {
			return n.Items[i]
		}
		return nil
	}
	for _, f := range n.Fields {
		if f.Key == step {
			return f.Value
		}
	}
	return nil
}

// Width is how many code points the value takes on its line, for underlining it; 1 where that is not known.
func (n *Node) Width() int {
	if n.Kind != Scalar {
		return 1
	}
	width := utf8.RuneCountInString(n.Value)
	if n.Quoted {
		width += 2
	}
	return max(width, 1)
}

// File is a text being decoded: its name for problems and where they go.
type File struct {
	Name     string
	Problems *diag.List
	Location *time.Location // of dates without a zone; nil is UTC
}

// report adds an error at a place in the file.
func (f File) report(pos diag.Pos, width int, message, hint diag.Text) {
	f.Problems.Add(diag.Problem{File: f.Name, Pos: pos, Width: width, Message: message, Hint: hint})
}

// At adds an error about a value; a nil node stands for the file's first line.
func (f File) At(n *Node, message, hint diag.Text) {
	if n == nil {
		f.report(diag.Pos{Line: 1, Col: 1}, 1, message, hint)
		return
	}
	f.report(n.Pos, n.Width(), message, hint)
}
