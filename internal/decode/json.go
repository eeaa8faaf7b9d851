package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pendapa/internal/diag"
)

// JSON parses an object that starts at line firstLine of the file. It returns nil where the text cannot be used; then
// at least one problem was added.
func JSON(file File, text []byte, firstLine int) *Node {
	p := jsonReader{file: file, text: text, line: firstLine, count: -1, decoder: json.NewDecoder(bytes.NewReader(text))} // the whole is neither a key nor an item
	p.decoder.UseNumber()
	if len(text) > MaxBytes {
		file.report(diag.Pos{Line: firstLine, Col: 1}, 1, diag.Textf("more than %d KiB of front matter", MaxBytes>>10), diag.Textf("move text to the body of the page"))
		return nil
	}
	root, err := p.value(0)
	if err == nil {
		if _, extra := p.decoder.Token(); !errors.Is(extra, io.EOF) {
			err = errors.New("something stands after the closing brace")
		}
	}
	switch {
	case errors.Is(err, errTold):
		return nil
	case err != nil:
		at := p.decoder.InputOffset()
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = max(syntax.Offset-1, 0)
		}
		file.report(p.pos(at), 1, diag.Textf("this is not valid JSON: %s", err.Error()), diag.Textf("check the quotes, commas and braces around here"))
		return nil
	}
	if p.failed {
		return nil
	}
	if root.Kind != Mapping {
		file.At(root, diag.Textf("this is %s, not keys with values", root.Kind), diag.Textf("write an object in braces"))
		return nil
	}
	return root
}

type jsonReader struct {
	file    File
	text    []byte
	line    int // of the text's first byte
	count   int
	failed  bool
	decoder *json.Decoder
}

// pos is the place of a byte offset.
func (p *jsonReader) pos(offset int64) diag.Pos {
	return diag.At(p.text, int(offset), p.line)
}

// start is where the next token starts, after blanks and punctuation.
func (p *jsonReader) start() diag.Pos {
	at := p.decoder.InputOffset()
	for int(at) < len(p.text) && bytes.IndexByte([]byte(" \t\r\n,:"), p.text[at]) >= 0 {
		at++
	}
	return p.pos(at)
}

// errTold ends the reading of a text where a problem has said why.
var errTold = errors.New("told")

func (p *jsonReader) refuse(pos diag.Pos, message, hint diag.Text) (*Node, error) {
	p.file.report(pos, 1, message, hint)
	return nil, errTold
}

// value reads a value in so many objects and lists.
func (p *jsonReader) value(depth int) (*Node, error) {
	node := &Node{Pos: p.start()}
	if p.count++; p.count > MaxKeys {
		message, hint := tooMany()
		return p.refuse(node.Pos, message, hint)
	}
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == MaxDepth {
			message, hint := tooDeep()
			return p.refuse(node.Pos, message, hint)
		}
		node.Kind = Sequence
		if t == '{' {
			node.Kind = Mapping
		}
		for p.decoder.More() {
			if node.Kind == Sequence {
				item, err := p.value(depth + 1)
				if err != nil {
					return nil, err
				}
				node.Items = append(node.Items, item)
				continue
			}
			pos := p.start()
			key, err := p.decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			name, _ := key.(string)
			if first := node.Get(name); first != nil {
				p.failed = true
				p.file.report(pos, len(name)+2, diag.Textf("%s is given twice, first on line %d", name, first.Pos.Line), diag.Textf("keep one of the two"))
				continue
			}
			node.Fields = append(node.Fields, Field{Key: name, KeyPos: pos, Value: value})
		}
		_, err = p.decoder.Token()
	case string:
		node.Kind, node.Value, node.Quoted = Scalar, t, true
	case json.Number:
		node.Kind, node.Value = Scalar, t.String()
	case bool:
		node.Kind, node.Value = Scalar, fmt.Sprint(t)
	}
	return node, err
}
