package markdown

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/text/unicode/norm"
)

// ids gives each heading an id of its own: the text in small letters, with letters and digits of any script kept and
// everything between them as one hyphen; where it is taken, with -2, -3 and so on behind it.
type ids struct {
	taken map[string]bool
	next  map[string]int // the number to try next, so that equal headings cost the same each
}

func newIDs(reserved []string) ids {
	g := ids{make(map[string]bool), make(map[string]int)}
	for _, id := range reserved {
		g.taken[id] = true
	}
	return g
}

func (g ids) give(text string) string {
	base := HeadingID(text)
	id := base
	for g.taken[id] {
		n := max(g.next[base], 2)
		g.next[base] = n + 1
		id = base + "-" + strconv.Itoa(n)
	}
	g.taken[id] = true
	return id
}

// longestID is how many letters of a heading its id takes.
const longestID = 80

// HeadingID is the id that a heading of this text asks for.
func HeadingID(text string) string {
	var b strings.Builder
	hyphen, length := false, 0
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		switch {
		case unicode.IsMark(r) && length > 0 && !hyphen:
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if length >= longestID {
				return b.String()
			}
			if hyphen && length > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			length++
			b.WriteRune(r)
		default:
			hyphen = true
		}
	}
	if length == 0 {
		return "bagian"
	}
	return b.String()
}

func (w *walker) heading(n *ast.Heading, shift int) {
	n.Level = min(n.Level+shift, 6)
	text := strings.Join(strings.Fields(plainText(n, w.body)), " ")
	id := w.ids.give(text)
	n.SetAttributeString("id", id)
	n.SetAttributeString("text", text)
	w.result.IDs = append(w.result.IDs, id)
	w.result.Headings = append(w.result.Headings, Heading{n.Level, id, text})
}

// plainText is the text below a node as a reader sees it, without footnote marks.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(unescape(n.Segment.Value(source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *extast.FootnoteLink:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
