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
	table, depth := root, 1
	for p.parser.NextExpression() && !p.failed {
		switch e := p.parser.Expression(); e.Kind {
		case unstable.KeyValue:
			p.put(table, e, depth)
		case unstable.Table, unstable.ArrayTable:
			table, depth = p.table(root, e)
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

// fits counts a key or an item whose value stands in so many tables and lists; where it is one too many, or too deep, it
// is refused. A key of a table counts as it does in YAML, whether a header or a dotted key makes the table.
func (p *tomlReader) fits(pos diag.Pos, depth int) bool {
	switch p.count++; {
	case p.failed:
	case p.count > MaxKeys:
		message, hint := tooMany()
		p.refuse(pos, message, hint)
	case depth > MaxDepth:
		message, hint := tooDeep()
		p.refuse(pos, message, hint)
	}
	return !p.failed
}

// table finds or makes the table that a [header] or [[header]] opens, and says in how many tables and lists the keys below
// it stand.
func (p *tomlReader) table(root *Node, e *unstable.Node) (*Node, int) {
	at, depth := root, 1
	for keys := e.Key(); keys.Next(); {
		key := keys.Node()
		next := at.Get(string(key.Data))
		pos := p.pos(key.Raw)
		last := keys.IsLast()
		depth++
		if list := last && e.Kind == unstable.ArrayTable; list || next != nil && next.Kind == Sequence {
			if depth++; list && !p.fits(pos, depth) { // an item of the list
				return at, depth
			}
		}
		if next == nil && !p.fits(pos, depth) {
			return at, depth
		}
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
			return at, depth
		}
		if next.Kind == Sequence {
			if len(next.Items) == 0 {
				p.refuse(pos, diag.Textf("%s is a list", key.Data), diag.Textf("keep one way of writing it"))
				return at, depth
			}
			next = next.Items[len(next.Items)-1]
		}
		at = next
	}
	return at, depth
}

// put adds a key with its value to a table, where it stands in so many tables and lists; a dotted key makes the tables on
// its way.
func (p *tomlReader) put(table *Node, e *unstable.Node, depth int) {
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
			at.Fields = append(at.Fields, Field{Key: name, KeyPos: pos, Value: p.value(e.Value(), pos, depth)})
			return
		}
		depth++
		if next == nil {
			if !p.fits(pos, depth) {
				return
			}
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
	if v.Kind == unstable.Array || v.Kind == unstable.InlineTable {
		depth++
	}
	if !p.fits(node.Pos, depth) {
		return node
	}
	switch v.Kind {
	case unstable.String:
		node.Quoted = true
	case unstable.Array:
		node.Kind = Sequence
		for items := v.Children(); items.Next(); {
			if items.Node().Kind != unstable.Comment {
				node.Items = append(node.Items, p.value(items.Node(), node.Pos, depth))
			}
		}
	case unstable.InlineTable:
		node.Kind = Mapping
		for items := v.Children(); items.Next(); {
			if items.Node().Kind == unstable.KeyValue {
				p.put(node, items.Node(), depth)
			}
		}
	}
	return node
}
