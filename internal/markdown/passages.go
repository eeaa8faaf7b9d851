package markdown

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// Passage is a paragraph of a page, a heading, an item of a list, a row of a table: what is read and compared as one.
type Passage struct {
	Kind string // "", "h2" to "h6", "item", "quote", "row", "code"
	Text string // plain, without marks of Markdown
}

// Passages takes a body apart, for those who compare it with another. It takes any text: what a page may not hold, such as
// HTML, is text too; a text that would take too long to parse is cut at its empty lines.
func (c *Converter) Passages(body []byte) []Passage {
	if guard(body, 1) != nil {
		var list []Passage
		for part := range strings.SplitSeq(strings.ToValidUTF8(string(body), "\ufffd"), "\n\n") {
			if words := strings.Join(strings.Fields(part), " "); words != "" {
				list = append(list, Passage{Text: words})
			}
		}
		return list
	}
	p := passages{source: body}
	p.blocks(c.plain.Parser().Parse(text.NewReader(body)), "")
	return p.list
}

type passages struct {
	source []byte
	list   []Passage
}

// blocks takes the blocks in a node as passages of a kind.
func (p *passages) blocks(parent ast.Node, kind string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			p.add("h"+strconv.Itoa(max(n.Level, 2)), p.words(n))
		case *ast.List:
			p.blocks(n, "item")
		case *ast.Blockquote:
			p.blocks(n, "quote")
		case *ast.FencedCodeBlock:
			p.code(string(n.Language(p.source)), n.Lines())
		case *ast.CodeBlock:
			p.code("", n.Lines())
		case *ast.HTMLBlock:
			p.code("", n.Lines())
		case *extast.TableHeader, *extast.TableRow:
			var cells []string
			for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
				cells = append(cells, p.words(cell))
			}
			p.add("row", strings.Join(cells, " | "))
		case *ast.Paragraph, *ast.TextBlock, *extast.DefinitionTerm:
			p.add(kind, p.words(n))
		default:
			p.blocks(n, kind)
		}
	}
}

func (p *passages) add(kind, words string) {
	if words = strings.Join(strings.Fields(strings.ToValidUTF8(words, "\ufffd")), " "); words != "" {
		p.list = append(p.list, Passage{kind, words})
	}
}

func (p *passages) code(language string, lines *text.Segments) {
	var b strings.Builder
	b.WriteString(language + "\n")
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(p.source))
	}
	p.add("code", b.String())
}

// elsewhere is an address of another site, which is part of what a text tells; a path within the site is not.
func elsewhere(dest []byte) string {
	if bytes.Contains(dest, []byte("://")) {
		return " (" + string(dest) + ")"
	}
	return ""
}

// words are the words in a node, with the addresses that its links lead to.
func (p *passages) words(parent ast.Node) string {
	var b bytes.Buffer
	_ = ast.Walk(parent, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			switch n := n.(type) {
			case *ast.Link:
				b.WriteString(elsewhere(n.Destination))
			case *ast.Image:
				b.WriteString(elsewhere(n.Destination))
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(unescape(n.Segment.Value(p.source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(p.source))
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				b.Write(segment.Value(p.source))
			}
		case *extast.FootnoteLink:
			b.WriteString("[" + strconv.Itoa(n.Index) + "]")
		case *extast.FootnoteBacklink:
			return ast.WalkSkipChildren, nil
		case *extast.TaskCheckBox:
			if b.WriteString("[ ] "); n.IsChecked {
				b.Truncate(b.Len() - 4)
				b.WriteString("[x] ")
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
