package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// Section is a heading of a page and the plain text below it, up to the next heading of any level.
type Section struct {
	ID, Heading string // empty in what stands before the first heading
	Text        string // words apart by blanks, without marks of Markdown; data blocks are left out
}

// sections cuts a page's text at its headings, for those who look for words: what a reader sees, in its order, with the
// words for pictures. A page without text has none.
func sections(doc ast.Node, source []byte) []Section {
	var all []Section
	var section Section
	var text bytes.Buffer
	flush := func() {
		if section.Text = string(bytes.TrimSpace(text.Bytes())); section.Text != "" || section.ID != "" {
			all = append(all, section)
		}
		text.Reset()
	}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n.Type() == ast.TypeBlock && text.Len() > 0 {
				text.WriteByte(' ')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			flush()
			section = Section{ID: attribute(n, "id"), Heading: attribute(n, "text")}
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			text.Write(unescape(n.Segment.Value(source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				text.WriteByte(' ')
			}
		case *ast.String:
			text.Write(n.Value)
		case *ast.AutoLink:
			text.Write(n.Label(source))
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				text.Write(line.Value(source))
			}
		case *extast.FootnoteLink, *extast.FootnoteBacklink:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	flush()
	return all
}
