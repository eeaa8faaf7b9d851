package decode

import (
	"errors"

	"github.com/pelletier/go-toml/v2/unstable"

	"pendapa/internal/diag"
)

// TOML parses text that starts at line firstLine of the file. It returns nil where the text cannot be used; then at
// least one problem was added.
func TOML(file File, text []byte, firstLine int) *Node {
	if len(text) > MaxBytes {
		file.report(diag.Pos{Line: firstLine, Col: 1}, 1, diag.Textf("more than %d KiB of front matter", MaxBytes>>10), diag.Textf("move text to the body of the page"))
		return nil
	}
	p := tomlReader{file: file, text: text, line: firstLine}
	p.parser.Reset(text)
	root := &Node{Kind: Mapping, Pos: diag.Pos{Line: firstLine, Col: 1}}
	table := root
	for p.parser.NextExpression() && !p.failed {
		switch e := p.parser.Expression(); e.Kind {
		case unstable.KeyValue:
			p.put(table, e)
		case unstable.Table, unstable.ArrayTable:
			table = p.table(root, e)
		}
	}
	if err := p.parser.Error(); err != nil {
		pos := diag.Pos{Line: firstLine, Col: 1}
		var parse *unstable.ParserError
		if errors.As(err, &parse) {
			pos = p.pos(p.parser.Range(parse.Highlight))
		}
		file.report(pos, 1, diag.Textf("this is not valid TOML: %s", err.Error()), diag.Textf("check the quotes and brackets around here"))
		return nil
	}
	if p.failed {
		return nil
	}
	return root
}

type tomlReader struct {
	file   File
	text   []byte
	line   int
	count  int
	failed bool
	parser unstable.Parser
}

func (p *tomlReader) pos(r unstable.Range) diag.Pos {
	return diag.At(p.text, int(r.Offset), p.line)
}

func (p *tomlReader) refuse(pos diag.Pos, message, hint diag.Text) {
	p.failed = true
	p.file.report(pos, 1, message, hint)
}

// table finds or makes the table that a [header] or [[header]] opens.
func (p *tomlReader) table(root *Node, e *unstable.Node) *Node {
	at := root
	for keys := e.Key(); keys.Next(); {
		key := keys.Node()
		next := at.Get(string(key.Data))
		pos := p.pos(key.Raw)
		last := keys.IsLast()
		switch {
		case next == nil:
			next = &Node{Kind: Mapping, Pos: pos}
			if last && e.Kind == unstable.ArrayTable {
				next = &Node{Kind: Sequence, Pos: pos, Items: []*Node{{Kind: Mapping, Pos: pos}}}
			}
			at.Fields = append(at.Fields, Field{Key: string(key.Data), KeyPos: pos, Value: next})
		case last && e.Kind == unstable.ArrayTable && next.Kind == Sequence:
			next.Items = append(next.Items, &Node{Kind: Mapping, Pos: pos})
		case last, next.Kind == Scalar:
			p.refuse(pos, diag.Textf("%s is given twice, first on line %d", key.Data, next.Pos.Line), diag.Textf("keep one of the two"))
			return &Node{Kind: Mapping}
		}
		if next.Kind == Sequence {
			if len(next.Items) == 0 {
				p.refuse(pos, diag.Textf("%s is a list", key.Data), diag.Textf("keep one way of writing it"))
				return &Node{Kind: Mapping}
			}
			next = next.Items[len(next.Items)-1]
		}
		at = next
	}
	return at
}

// put adds a key with its value to a table; a dotted key makes the tables on its way.
func (p *tomlReader) put(table *Node, e *unstable.Node) {
	at := table
	for keys := e.Key(); keys.Next(); {
		key := keys.Node()
		pos := p.pos(key.Raw)
		name := string(key.Data)
		next := at.Get(name)
		if keys.IsLast() {
			if next != nil {
				p.refuse(pos, diag.Textf("%s is given twice, first on line %d", name, next.Pos.Line), diag.Textf("keep one of the two lines"))
				return
			}
			at.Fields = append(at.Fields, Field{Key: name, KeyPos: pos, Value: p.value(e.Value(), pos, 0)})
			return
		}
		if next == nil {
			next = &Node{Kind: Mapping, Pos: pos}
			at.Fields = append(at.Fields, Field{Key: name, KeyPos: pos, Value: next})
		}
		if next.Kind != Mapping {
			p.refuse(pos, diag.Textf("%s is a value, first on line %d, and cannot have keys", name, next.Pos.Line), diag.Textf("keep one way of writing it"))
			return
		}
		at = next
	}
}

func (p *tomlReader) value(v *unstable.Node, key diag.Pos, depth int) *Node {
	node := &Node{Kind: Scalar, Value: string(v.Data), Pos: key}
	if v.Raw.Length > 0 {
		node.Pos = p.pos(v.Raw)
	} else if v.Kind != unstable.Array && v.Kind != unstable.InlineTable && len(v.Data) > 0 {
		node.Pos = p.pos(p.parser.Range(v.Data))
	}
	if p.count++; p.count > MaxKeys || depth > MaxDepth {
		if !p.failed {
			p.refuse(node.Pos, diag.Textf("more than %d values, or nested more than %d deep", MaxKeys, MaxDepth), diag.Textf("flatten the value, or move it to the body"))
		}
		return node
	}
	switch v.Kind {
	case unstable.String:
		node.Quoted = true
	case unstable.Array:
		node.Kind = Sequence
		for items := v.Children(); items.Next(); {
			if items.Node().Kind != unstable.Comment {
				node.Items = append(node.Items, p.value(items.Node(), node.Pos, depth+1))
			}
		}
	case unstable.InlineTable:
		node.Kind = Mapping
		for items := v.Children(); items.Next(); {
			if items.Node().Kind == unstable.KeyValue {
				p.put(node, items.Node())
			}
		}
	}
	return node
}
