package decode

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"pendapa/internal/diag"
)

// Limits on front matter and settings. They are far above what a person writes and far below what hurts.
const (
	MaxBytes = 64 << 10 // of one front matter or settings file
	MaxDepth = 12       // of mappings and lists in each other, the whole included
	MaxKeys  = 4096     // of keys and items of lists in one file
)

// tooMany and tooDeep are what is told of more than [MaxKeys] and [MaxDepth], and what to do.
func tooMany() (message, hint diag.Text) {
	return diag.Textf("more than %d keys and values", MaxKeys), diag.Textf("split the page, or move tables to the body")
}

func tooDeep() (message, hint diag.Text) {
	return diag.Textf("keys or lists nested more than %d deep", MaxDepth), diag.Textf("flatten the value")
}

// YAML parses text that starts at line firstLine of the file. It returns nil where the text cannot be used; then at
// least one problem was added. An empty text is an empty mapping.
//
// What YAML offers beyond plain data is refused: anchors and aliases (they hide what a value is, and bomb), tags, merge
// keys, several documents.
func YAML(file File, text []byte, firstLine int) *Node {
	p := yamlReader{file: file, text: text, shift: firstLine - 1, count: -1} // the whole is neither a key nor an item
	if len(text) > MaxBytes {
		file.report(diag.Pos{Line: firstLine, Col: 1}, 1, diag.Textf("more than %d KiB of front matter or settings", MaxBytes>>10), diag.Textf("move text to the body of the page"))
		return nil
	}
	for i, line := range bytes.Split(text, []byte{'\n'}) {
		if bytes.HasPrefix(line, []byte{'\t'}) {
			file.report(diag.Pos{Line: firstLine + i, Col: 1}, 1, diag.Textf("a tab at the start of a line"), diag.Textf("YAML wants spaces: replace the tab by two spaces"))
			return nil
		}
	}
	if at := strayBreak(text); at >= 0 {
		file.report(diag.At(text, at, firstLine), 1, diag.Textf("an invisible line break in the front matter or settings"), diag.Textf("remove it, or type the line break anew"))
		return nil
	}
	for i, line := range bytes.Split(text, []byte{'\n'}) {
		if m := swallowed.FindSubmatchIndex(line); m != nil {
			col := utf8.RuneCount(line[:m[2]]) + 1
			file.report(diag.Pos{Line: firstLine + i, Col: col}, utf8.RuneCount(bytes.TrimRight(line[m[2]:], "\r")), diag.Textf("everything from the # on is a comment and not part of the value"), diag.Textf(`put the whole value in double quotes; write a blank after # if a comment is meant`))
			return nil
		}
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth))))
	if err != nil {
		p.fail(err)
		return nil
	}
	var document yaml.Node
	if err := loader.Load(&document); errors.Is(err, io.EOF) {
		return &Node{Kind: Mapping, Pos: diag.Pos{Line: firstLine, Col: 1}}
	} else if err != nil {
		p.fail(err)
		return nil
	}
	var more yaml.Node
	if err := loader.Load(&more); err == nil {
		file.report(p.pos(more.Line, more.Column), 1, diag.Textf("a second document (---) in the front matter"), diag.Textf("keep one block of keys between the two --- lines"))
		return nil
	} else if !errors.Is(err, io.EOF) {
		p.fail(err)
		return nil
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	node := p.node(root, 1)
	switch {
	case p.failed:
		return nil
	case node.Kind == Null:
		return &Node{Kind: Mapping, Pos: node.Pos}
	case node.Kind != Mapping:
		file.At(node, diag.Textf("this is %s, not keys with values", node.Kind), diag.Textf("write lines of the form  key: value"))
		return nil
	}
	return node
}

// swallowed is a value without quotes that YAML cuts off at a #, where the sign does not look like that of a comment:
// "title: Program #1", "primary: #b00020".
var swallowed = regexp.MustCompile(`^[ \t]*(?:- )?[A-Za-z_]+:(?:[ \t]+[^"'|>\[{&*!#][^"']*)?[ \t]+(#[^ \t\r#])`)

// strayBreak is the offset of a character that YAML takes for the end of a line and editors do not (YAML 1.1, 5.4: CR
// without LF, NEL, LS, PS), or -1. It would hide keys from a reader, and shift every position after it.
func strayBreak(text []byte) int {
	for at, r := range string(text) {
		if r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\r' && (at+1 == len(text) || text[at+1] != '\n') {
			return at
		}
	}
	return -1
}

type yamlReader struct {
	file   File
	text   []byte
	shift  int // lines before the text in its file
	count  int
	failed bool
}

func (p *yamlReader) pos(line, col int) diag.Pos {
	return diag.Pos{Line: max(line, 1) + p.shift, Col: max(col, 1)}
}

func (p *yamlReader) refuse(n *yaml.Node, message, hint diag.Text) *Node {
	p.failed = true
	p.file.report(p.pos(n.Line, n.Column), 1, message, hint)
	return &Node{Kind: Null, Pos: p.pos(n.Line, n.Column)}
}

// node reads a value; depth is its level where it is a mapping or a list. The library's own limit counts the levels that
// brackets make and those that indentation makes apart, so that it allows twice as many.
func (p *yamlReader) node(n *yaml.Node, depth int) *Node {
	if p.count++; p.count > MaxKeys {
		if p.count == MaxKeys+1 {
			message, hint := tooMany()
			return p.refuse(n, message, hint)
		}
		return &Node{Kind: Null}
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return p.refuse(n, diag.Textf("anchors and aliases (& and *) are not supported"), diag.Textf("write the value out, or quote it if the sign is part of a text"))
	case n.Style&yaml.TaggedStyle != 0:
		return p.refuse(n, diag.Textf("the tag %s is not supported", n.Tag), diag.Textf("write the value without the tag, or quote it if the ! is part of a text"))
	}
	if depth > MaxDepth && n.Kind != yaml.ScalarNode {
		if p.failed {
			return &Node{Kind: Null}
		}
		message, hint := tooDeep()
		return p.refuse(n, message, hint)
	}
	out := &Node{Pos: p.pos(n.Line, n.Column)}
	switch n.Kind {
	case yaml.MappingNode:
		out.Kind = Mapping
		seen := make(map[string]diag.Pos, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			pos := p.pos(key.Line, key.Column)
			switch first, twice := seen[key.Value]; {
			case key.Kind != yaml.ScalarNode || key.Tag == "!!merge":
				p.refuse(key, diag.Textf("this key is not a plain word"), diag.Textf("write the key as one word before the colon"))
				continue
			case twice:
				p.failed = true
				p.file.report(pos, len([]rune(key.Value)), diag.Textf("%s is given twice, first on line %d", key.Value, first.Line), diag.Textf("keep one of the two lines"))
				continue
			}
			seen[key.Value] = pos
			out.Fields = append(out.Fields, Field{Key: key.Value, KeyPos: pos, Value: p.node(n.Content[i+1], depth+1)})
		}
	case yaml.SequenceNode:
		out.Kind = Sequence
		for _, item := range n.Content {
			out.Items = append(out.Items, p.node(item, depth+1))
		}
	case yaml.ScalarNode:
		out.Kind, out.Value = Scalar, n.Value
		out.Quoted = n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
		if n.Tag == "!!null" && !out.Quoted {
			out.Kind = Null
		}
	}
	return out
}

var backquoted = regexp.MustCompile(`'([^']*)'`)

// fail translates the library's message into one for somebody who has never heard of a scanner.
func (p *yamlReader) fail(err error) {
	p.failed = true
	pos, what := diag.Pos{Line: p.shift + 1, Col: 1}, err.Error()
	var load *yaml.LoadError
	if errors.As(err, &load) {
		pos, what = p.pos(load.Mark.Line, load.Mark.Column), load.Message
	}
	message, hint := diag.Textf("this is not valid YAML: %s", backquoted.ReplaceAllString(what, "$1")), diag.Textf("check the quotes, the brackets and the indentation around here")
	switch {
	case strings.Contains(what, "mapping values are not allowed"):
		message, hint = diag.Textf("a colon in the middle of a value"), diag.Textf(`put the whole value in double quotes: "…: …", or check the indentation`)
	case strings.Contains(what, "cannot start any token"):
		message, hint = diag.Textf("a value cannot start with this character"), diag.Textf("put the whole value in double quotes")
	case strings.Contains(what, "unexpected end of stream"):
		message, hint = diag.Textf("a quotation mark is opened and never closed"), diag.Textf("add the closing quotation mark")
	case strings.Contains(what, "expected ',' or"):
		message, hint = diag.Textf("a bracket is opened and never closed"), diag.Textf("close the list with ] or the keys with }")
	case strings.Contains(what, "could not find expected ':'"):
		message, hint = diag.Textf("a line without a colon"), diag.Textf("write  key: value  on each line")
	case strings.Contains(what, "did not find expected key"):
		message, hint = diag.Textf("this line does not fit the lines around it"), diag.Textf("check the indentation, and that quotes stand around the whole value")
	case strings.Contains(what, "unknown anchor"):
		message, hint = diag.Textf("a value cannot start with *"), diag.Textf("put the whole value in double quotes")
	case strings.Contains(what, "exceeded max depth"):
		message, hint = diag.Textf("keys or lists nested more than %d deep", MaxDepth), diag.Textf("flatten the value")
	}
	if at := unspaced.FindSubmatchIndex(p.text); at != nil {
		pos = diag.At(p.text, at[2], p.shift+1)
		message, hint = diag.Textf("a blank is missing after the colon of %s", p.text[at[2]:at[3]]), diag.Textf("write  key: value")
	}
	p.file.report(pos, 1, message, hint)
}

// unspaced is a line "key:value", which YAML does not take for a key; the mistake is told there and not at the next
// line, where the library stumbles.
var unspaced = regexp.MustCompile(`(?m)^([a-z_]+)[:：][^\s:/]`)
