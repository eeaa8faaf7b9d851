package markdown

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"pendapa/internal/diag"
)

var (
	kindTable     = extast.KindTable
	kindTableCell = extast.KindTableCell
	kindCallout   = ast.NewNodeKind("Callout")
	kindDataBlock = ast.NewNodeKind("DataBlock")
)

// Callout is a note set apart from the text: > [!NOTE].
type Callout struct {
	ast.BaseBlock
	Style string // note, tip, important, warning, caution
}

// Kind implements ast.Node.
func (n *Callout) Kind() ast.NodeKind { return kindCallout }

// Dump implements ast.Node.
func (n *Callout) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Style": n.Style}, nil)
}

// DataBlock is the HTML that took the place of a fenced data block.
type DataBlock struct {
	ast.BaseBlock
	HTML string
}

// Kind implements ast.Node.
func (n *DataBlock) Kind() ast.NodeKind { return kindDataBlock }

// Dump implements ast.Node.
func (n *DataBlock) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

var calloutTypes = []string{"note", "tip", "important", "warning", "caution"}

// callout turns a quotation whose first line is [!TYPE] into a callout.
func (w *walker) callout(quote *ast.Blockquote) {
	paragraph, ok := quote.FirstChild().(*ast.Paragraph)
	if !ok || paragraph.Lines().Len() == 0 {
		return
	}
	segment := paragraph.Lines().At(0)
	line := strings.TrimSpace(string(segment.Value(w.body)))
	word, ok := strings.CutPrefix(line, "[!")
	if !ok || !strings.HasSuffix(word, "]") {
		return
	}
	kind := strings.ToLower(strings.TrimSuffix(word, "]"))
	if !slices.Contains(calloutTypes, kind) {
		upper := make([]string, len(calloutTypes))
		for i, t := range calloutTypes {
			upper[i] = strings.ToUpper(t)
		}
		w.problem(segment.Start, len(line), Trouble{Message: diag.Textf("unknown callout %s", diag.Clip(line)), Hint: diag.DidYouMean(strings.ToUpper(kind), upper, diag.Textf("use %s", strings.Join(upper, ", ")))})
		return
	}
	// Drop the words of the first line from the paragraph, and the paragraph if nothing else is in it.
	for n := paragraph.FirstChild(); n != nil; {
		next := n.NextSibling()
		text, isText := n.(*ast.Text)
		paragraph.RemoveChild(paragraph, n)
		if isText && (text.SoftLineBreak() || text.HardLineBreak()) {
			break
		}
		n = next
	}
	if paragraph.FirstChild() == nil {
		quote.RemoveChild(quote, paragraph)
	}
	callout := &Callout{Style: kind}
	for n := quote.FirstChild(); n != nil; {
		next := n.NextSibling()
		callout.AppendChild(callout, n)
		n = next
	}
	quote.Parent().ReplaceChild(quote.Parent(), quote, callout)
}

// dataBlock replaces a fenced block of a known name by its HTML.
func (w *walker) dataBlock(n *ast.FencedCodeBlock) {
	name := string(n.Language(w.body))
	make, ok := w.env.Blocks[name]
	if !ok {
		if near := diag.Nearest(name, slices.Sorted(maps.Keys(w.env.Blocks))); near != "" {
			w.problem(max(n.Pos(), 0), len(name)+3, Trouble{Severity: diag.Warning, Message: diag.Textf("there is no data block %q; it is shown as text", name), Hint: diag.Textf("did you mean %q?", near)})
		}
		return
	}
	if w.blocks++; w.blocks > maxBlocks {
		if w.blocks == maxBlocks+1 {
			w.problem(max(n.Pos(), 0), len(name)+3, Trouble{Message: diag.Textf("more than %d data blocks in one page", maxBlocks), Hint: diag.Textf("divide the page")})
		}
		return
	}
	var argument bytes.Buffer
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		argument.Write(segment.Value(w.body))
	}
	html, trouble := make(strings.TrimSpace(argument.String()))
	if trouble != nil {
		at, width := max(n.Pos(), 0), len(name)+3
		if n.Lines().Len() > 0 {
			segment := n.Lines().At(0)
			at, width = segment.Start, len([]rune(strings.TrimSpace(string(segment.Value(w.body)))))
		}
		w.problem(at, width, *trouble)
	}
	n.Parent().ReplaceChild(n.Parent(), n, &DataBlock{HTML: html})
}

// almostLink is what is left in the text of a link that is none.
var almostLink = regexp.MustCompile(`\]\([^()]*\)?|\][ \t]\([^() ]*[./#][^() ]*\)`)

// brokenLink warns of a link that did not become one, mostly because of a blank in its address or before it.
func (w *walker) brokenLink(n ast.Node) {
	lines := n.Lines()
	if lines.Len() == 0 || bytes.IndexByte(w.body[lines.At(0).Start:lines.At(lines.Len()-1).Stop], ']') < 0 {
		return // the usual case
	}
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.Link, *ast.Image:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(w.body))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte('\n')
				}
			}
		}
		return ast.WalkContinue, nil
	})
	if found := almostLink.FindString(b.String()); found != "" {
		at := lines.At(0).Start
		if i := bytes.Index(w.body[at:], []byte("](")); i >= 0 {
			at += i
		} else if i := bytes.Index(w.body[at:], []byte("] (")); i >= 0 {
			at += i
		}
		w.problem(at, len([]rune(strings.TrimSpace(found))), Trouble{Severity: diag.Warning, Message: diag.Textf("this looks like a link, and is none"), Hint: diag.Textf("write [text](address) without a blank between ] and (; in the address a blank is %20")})
	}
}

// table numbers tables, so that each has a name of its own, and marks the cells of right-aligned columns, which hold
// figures.
func (w *walker) table(n ast.Node) {
	if n.Kind() == kindTable {
		w.tables++
		n.SetAttributeString("number", w.tables)
	}
	if cell, ok := n.(*extast.TableCell); ok && cell.Alignment == extast.AlignRight {
		cell.SetAttributeString("class", []byte("num"))
	}
}

func (w *walker) at(offset int) diag.Pos { return diag.At(w.body, offset, w.firstLine) }
