package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// Term is an abbreviation that the portal explains.
type Term struct {
	Short string // as it is written: "OPD"
	Full  string // what it stands for
	Href  string // of the page that explains it
	Lang  string // of that page, where it is another than the text's
}

// Terms are the abbreviations that are opened where a page first uses them. They may be used from several goroutines.
type Terms struct {
	byWord map[string][]*Term // by their first word, the longest first
}

// NewTerms prepares a list of terms; those without a full form are passed over.
func NewTerms(list []Term) *Terms {
	t := &Terms{byWord: make(map[string][]*Term)}
	for _, term := range list {
		if term.Full == "" || term.Full == term.Short {
			continue
		}
		word := term.Short[:wordLength([]byte(term.Short))]
		if word == "" {
			continue
		}
		at := 0
		for at < len(t.byWord[word]) && len(t.byWord[word][at].Short) >= len(term.Short) {
			at++
		}
		t.byWord[word] = append(t.byWord[word][:at:at], append([]*Term{&term}, t.byWord[word][at:]...)...)
	}
	return t
}

// wordLength is how many bytes of letters and digits a text starts with.
func wordLength(text []byte) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRune(text[n:])
		if !isWord(r) {
			break
		}
		n += size
	}
	return n
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

var kindAbbreviation = ast.NewNodeKind("Abbreviation")

// Abbreviation is an abbreviation at its first use; its child is the text.
type Abbreviation struct {
	ast.BaseInline
	Term *Term
}

// Kind implements ast.Node.
func (n *Abbreviation) Kind() ast.NodeKind { return kindAbbreviation }

// Dump implements ast.Node.
func (n *Abbreviation) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Full": n.Term.Full}, nil)
}

// terms opens abbreviations in the running text: not in headings, links, pictures and code, where a link or a hint
// would be in the way.
func (w *walker) terms(doc ast.Node) {
	if w.env.Terms == nil || len(w.env.Terms.byWord) == 0 {
		return
	}
	var texts []*ast.Text
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading, *ast.Link, *ast.Image, *ast.CodeSpan, *ast.AutoLink, *ast.FencedCodeBlock, *ast.CodeBlock, *extast.TableHeader, *extast.DefinitionTerm:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			texts = append(texts, n)
		}
		return ast.WalkContinue, nil
	})
	opened := map[*Term]bool{}
	for _, t := range texts {
		w.openTerms(t, opened)
	}
}

// openTerms opens the abbreviations of one text that were not opened before.
func (w *walker) openTerms(t *ast.Text, opened map[*Term]bool) {
	text := t.Segment.Value(w.body)
	for i := 0; i < len(text); {
		n := wordLength(text[i:])
		if n == 0 {
			_, size := utf8.DecodeRune(text[i:])
			i += size
			continue
		}
		for _, term := range w.env.Terms.byWord[string(text[i:i+n])] {
			end := i + len(term.Short)
			if opened[term] || term.Href == w.env.Self || !bytes.HasPrefix(text[i:], []byte(term.Short)) || !w.alone(t.Segment.Start+i, t.Segment.Start+end) {
				continue
			}
			opened[term] = true
			if w.spelled(t.Segment.Start+i, end-i, term.Full) {
				break // the writer opened it
			}
			t = w.split(t, i, end, term)
			text = t.Segment.Value(w.body)
			i, n = 0, 0
			break
		}
		i += n
	}
}

// split puts an abbreviation into the place of a part of a text, and returns the text that is left behind it.
func (w *walker) split(t *ast.Text, start, end int, term *Term) *ast.Text {
	parent, whole := t.Parent(), t.Segment
	if start > 0 {
		parent.InsertBefore(parent, t, ast.NewTextSegment(whole.WithStop(whole.Start+start)))
	}
	node := &Abbreviation{Term: term}
	word := whole.WithStart(whole.Start + start)
	node.AppendChild(node, ast.NewTextSegment(word.WithStop(whole.Start+end)))
	parent.InsertBefore(parent, t, node)
	t.Segment = whole.WithStart(whole.Start + end)
	return t
}

// alone reports whether a part of the text is no part of a longer word, of a file's name or of an address, also where
// marks of emphasis stand between.
func (w *walker) alone(start, end int) bool {
	const marks = "*_~"
	before, after := bytes.TrimRight(w.body[:start], marks), bytes.TrimLeft(w.body[end:], marks)
	last, _ := utf8.DecodeLastRune(before)
	first, size := utf8.DecodeRune(after)
	if isWord(last) || isWord(first) || last == '/' || last == '@' {
		return false
	}
	if first == '.' || first == '/' || first == '@' {
		next, _ := utf8.DecodeRune(after[size:])
		return !isWord(next)
	}
	return true
}

// spelled reports whether the full form stands beside a place already.
func (w *walker) spelled(at, length int, full string) bool {
	const between = 24 // bytes: blanks, brackets, line ends, and marks of emphasis
	from, to := max(at-len(full)-between, 0), min(at+length+len(full)+between, len(w.body))
	plain := func(s string) string {
		return strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("*", "", "_", "", "~", "").Replace(s))), " ")
	}
	return strings.Contains(plain(string(w.body[from:to])), plain(full))
}

// abbreviation leads to the term's page, for those who have no pointer to rest on it.
func (r *nodes) abbreviation(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	term := node.(*Abbreviation).Term
	if !entering {
		_, _ = w.WriteString("</abbr></a>")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a class="term" href="`)
	_, _ = w.Write(util.EscapeHTML(util.URLEscape([]byte(term.Href), false)))
	_ = w.WriteByte('"')
	if term.Lang != "" {
		_, _ = w.WriteString(` hreflang="` + string(escape(term.Lang)) + `"`)
	}
	_, _ = w.WriteString(`><abbr title="`)
	_, _ = w.Write(escape(term.Full))
	_, _ = w.WriteString(`">`)
	return ast.WalkContinue, nil
}
