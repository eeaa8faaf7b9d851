// Package markdown turns the body of a page into HTML, and refuses what has no place in one: raw HTML, unsafe
// addresses, pictures without words.
//
// It understands CommonMark and GitHub's extensions, footnotes, definition lists, callouts and data blocks. What
// reaches the output is decided by what is allowed, never by what is forbidden. The package knows nothing of other
// pages: an [Env] answers where links lead and what data blocks show.
package markdown

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// Env answers what a page's Markdown asks about the portal around it.
type Env struct {
	// Link resolves an address without a scheme, as written: "../opd/dlh.md#tugas", "#dana".
	Link func(dest string) (Target, *Trouble)
	// Image resolves the address of a picture.
	Image func(dest string) (Picture, *Trouble)
	// Blocks makes the HTML of data blocks, by the name after the opening fence. What it returns is trusted.
	Blocks map[string]func(argument string) (string, *Trouble)
	// ReservedIDs belong to the layout; no heading takes one.
	ReservedIDs []string
	// Terms are opened where the text first uses them; nil: none are. Self is the address of the page itself, whose own
	// term is not opened on it.
	Terms *Terms
	Self  string
	// Sections says that the text is wanted as plain sections too.
	Sections bool
}

// Target is where a link leads.
type Target struct {
	Href     string // for the href attribute; empty: the text stays without a link
	Lang     string // of the page, where it is another than this page's
	Page     string // key of the page whose heading Fragment names; empty: this page
	Fragment string // without #, decoded; empty: the page as a whole
}

// Picture is a local or remote image, ready for an img element.
type Picture struct {
	Src           string
	Srcset, Sizes string // smaller versions to choose from, as HTML has it; empty: there are none
	Width, Height int    // pixels; 0: not known
}

// Trouble is what is wrong with a link, a picture or a data block; its place is known here.
type Trouble struct {
	Severity diag.Severity
	Message  diag.Text
	Hint     diag.Text
}

// Result is a page's body as HTML, with what others need to know of it.
type Result struct {
	HTML      []byte
	Headings  []Heading
	IDs       []string // of all headings
	Fragments []Fragment
	Sections  []Section      // where they were asked for
	Problems  []diag.Problem // without a file's name
}

// Heading is a heading of the page, for its contents.
type Heading struct {
	Level int // 2 to 6
	ID    string
	Text  string // plain
}

// Fragment is a link to a heading of another page, which can only be checked when that page is read.
type Fragment struct {
	Page, ID string
	Pos      diag.Pos
	Width    int
}

// Converter turns Markdown into HTML in one language. It may be used from several goroutines.
type Converter struct {
	md    goldmark.Markdown
	plain goldmark.Markdown // for texts in which no address or mail stands bare
	lang  locale.Lang
}

// New makes a converter whose own words (such as "back to the text" under footnotes) are in the language.
func New(lang locale.Lang) *Converter {
	back := `<span aria-hidden="true">↩</span><span class="visually-hidden">` + lang.T("footnote.back") + `</span>`
	with := func(more ...goldmark.Extender) goldmark.Markdown {
		return goldmark.New(
			goldmark.WithExtensions(
				extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
				extension.Strikethrough,
				extension.DefinitionList,
				extension.NewFootnote(extension.WithFootnoteBacklinkHTML(back)),
			),
			goldmark.WithExtensions(more...),
			goldmark.WithParserOptions(parser.WithEscapedSpace(), parser.WithInlineParsers(util.Prioritized(newTasks(), 0))),
			goldmark.WithRendererOptions(
				renderer.WithNodeRenderers(util.Prioritized(&nodes{lang: lang, plain: html.DefaultWriter}, 100)),
			),
		)
	}
	return &Converter{with(extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "mailto:"}))), with(), lang}
}

// bare reports whether an address or a mail may stand in a text without brackets: one of the signs is there by which the
// extension that finds them starts. It looks behind every blank, which costs a sixth of the parsing.
func bare(body []byte) bool {
	for _, sign := range []string{"@", "http:", "https:", "mailto:", "www."} {
		if bytes.Contains(body, []byte(sign)) {
			return true
		}
	}
	return false
}

// Convert turns a body that starts at line firstLine of its file into HTML. Where the result has problems of severity
// error, its HTML is for looking at and not for publishing.
func (c *Converter) Convert(body []byte, firstLine int, env Env) Result {
	if p := guard(body, firstLine); p != nil {
		return Result{Problems: []diag.Problem{*p}}
	}
	md := c.plain
	if bare(body) {
		md = c.md
	}
	doc := md.Parser().Parse(text.NewReader(body))
	w := walker{lang: c.lang, body: body, firstLine: firstLine, env: env}
	w.document(doc)
	w.terms(doc)
	if env.Sections {
		w.result.Sections = sections(doc, body)
	}
	var out bytes.Buffer
	out.Grow(len(body) + len(body)/2 + 256)
	writer := writers.Get().(*bufio.Writer) // goldmark would make one for every page
	defer writers.Put(writer)
	writer.Reset(&out)
	if err := errors.Join(md.Renderer().Render(writer, body, doc), writer.Flush()); err != nil {
		// The renderers below and goldmark's own only fail where their writer does, and a buffer does not.
		w.problem(0, 1, Trouble{Message: diag.Textf("the page cannot be turned into HTML: %s", err.Error())})
	}
	w.result.HTML = out.Bytes()
	return w.result
}

var writers = sync.Pool{New: func() any { return bufio.NewWriter(nil) }}

// walker goes once through a parsed page: it resolves links and pictures, gives ids to headings, and turns callouts and
// data blocks into nodes of their own.
type walker struct {
	lang      locale.Lang
	body      []byte
	firstLine int
	env       Env
	result    Result
	ids       ids
	tables    int
	blocks    int // data blocks so far
}

// maxProblems is how many problems of one page are told; who has more mends these first.
const maxProblems = 100

func (w *walker) problem(offset, width int, t Trouble) {
	switch n := len(w.result.Problems); {
	case n > maxProblems:
		return
	case n == maxProblems:
		t = Trouble{Message: diag.Textf("more than %d problems in this page; the others are not told", maxProblems), Hint: diag.Textf("mend those above and build again")}
	}
	w.result.Problems = append(w.result.Problems, diag.Problem{
		Severity: t.Severity, Pos: diag.At(w.body, offset, w.firstLine), Width: width, Message: t.Message, Hint: t.Hint,
	})
}

func (w *walker) document(doc ast.Node) {
	w.ids = newIDs(w.env.ReservedIDs)
	// The tree changes under the walk, so the nodes to change are collected first.
	var found []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n.Kind() {
			case ast.KindHeading, ast.KindLink, ast.KindAutoLink, ast.KindImage, ast.KindRawHTML, ast.KindHTMLBlock,
				ast.KindFencedCodeBlock, ast.KindBlockquote, ast.KindParagraph, ast.KindTextBlock, kindTable, kindTableCell:
				found = append(found, n)
			}
		}
		return ast.WalkContinue, nil
	})
	shift := 0
	for _, n := range found {
		if h, ok := n.(*ast.Heading); ok && h.Level == 1 {
			shift = 1 // the page's title is its only h1
		}
	}
	for _, n := range found {
		switch n := n.(type) {
		case *ast.Heading:
			w.heading(n, shift)
		case *ast.Link:
			w.link(n)
		case *ast.AutoLink:
			w.autoLink(n)
		case *ast.Image:
			w.image(n)
		case *ast.RawHTML:
			w.rawHTML(n.Segments)
		case *ast.HTMLBlock:
			w.rawHTML(n.Lines())
		case *ast.FencedCodeBlock:
			w.dataBlock(n)
		case *ast.Blockquote:
			w.callout(n)
		case *ast.Paragraph, *ast.TextBlock:
			w.brokenLink(n)
		default:
			w.table(n)
		}
	}
	for _, f := range w.result.Fragments {
		if f.Page == "" && !w.ids.taken[f.ID] {
			w.result.Problems = append(w.result.Problems, MissingFragment(f, w.result.IDs))
		}
	}
}

func (w *walker) rawHTML(segments *text.Segments) {
	at, first := 0, ""
	if segments.Len() > 0 {
		segment := segments.At(0)
		at = segment.Start
		first = string(bytes.TrimRight(segment.Value(w.body), "\r\n"))
	}
	if strings.HasPrefix(first, "</") && len(w.result.Problems) > 0 {
		return // the tag that it closes was told already
	}
	hint := diag.Textf("write it in Markdown; put a backslash before a < that is meant as text")
	switch tag := strings.ToLower(first); {
	case strings.HasPrefix(tag, "<!--"):
		hint = diag.Textf("remove the comment: what readers should not see does not belong in the page")
	case strings.HasPrefix(tag, "<br"):
		hint = diag.Textf("end the line with a backslash for a line break")
	case strings.HasPrefix(tag, "<img"):
		hint = diag.Textf("write ![what the picture shows](picture.jpg)")
	case strings.HasPrefix(tag, "<a "):
		hint = diag.Textf("write [text](address)")
	}
	w.problem(at, len([]rune(first)), Trouble{Message: diag.Textf("raw HTML is not allowed in a page"), Hint: hint})
}

// MissingFragment is the problem of a link to a heading that its page, which has the given ids, does not have.
func MissingFragment(f Fragment, ids []string) diag.Problem {
	hint := diag.Textf("the page has no headings")
	if len(ids) > 0 {
		hint = diag.DidYouMean(f.ID, ids, diag.Textf("use the id of one of the page's headings"))
		if near := diag.Nearest(f.ID, ids); near != "" {
			hint = diag.Textf("did you mean #%s?", near)
		}
	}
	message := diag.Textf("no heading has the id #%s", f.ID)
	if f.Page != "" {
		message = diag.Textf("no heading on %s has the id #%s", f.Page, f.ID)
	}
	return diag.Problem{Pos: f.Pos, Width: f.Width, Message: message, Hint: hint}
}
