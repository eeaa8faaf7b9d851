package markdown

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"pendapa/internal/locale"
)

// nodes renders the kinds of nodes that differ from goldmark's own HTML.
type nodes struct {
	lang  locale.Lang
	plain html.Writer
}

// RegisterFuncs implements renderer.NodeRenderer.
func (r *nodes) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, r.heading)
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindAutoLink, r.autoLink)
	reg.Register(ast.KindImage, r.image)
	reg.Register(ast.KindRawHTML, r.nothing)
	reg.Register(ast.KindHTMLBlock, r.nothing)
	reg.Register(ast.KindFencedCodeBlock, r.code)
	reg.Register(ast.KindCodeBlock, r.code)
	reg.Register(extast.KindTable, r.table)
	reg.Register(extast.KindTaskCheckBox, r.checkBox)
	reg.Register(kindCallout, r.callout)
	reg.Register(kindDataBlock, r.dataBlock)
	reg.Register(kindAbbreviation, r.abbreviation)
}

func (r *nodes) nothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

func (r *nodes) heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	id := attribute(n, "id")
	if entering {
		fmt.Fprintf(w, `<h%d id="%s">`, n.Level, escape(id))
	} else {
		fmt.Fprintf(w, ` <a class="anchor" href="#%s" aria-label="%s">#</a></h%d>`+"\n",
			escape(id), escape(r.lang.T("heading.link", attribute(n, "text"))), n.Level)
	}
	return ast.WalkContinue, nil
}

func attribute(n ast.Node, name string) string {
	v, _ := n.AttributeString(name)
	s, _ := v.(string)
	return s
}

func escape(s string) []byte { return util.EscapeHTML([]byte(s)) }

func (r *nodes) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Link)
	if len(n.Destination) == 0 {
		return ast.WalkContinue, nil
	}
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(util.EscapeHTML(util.URLEscape(n.Destination, false)))
	_ = w.WriteByte('"')
	if lang := attribute(n, "hreflang"); lang != "" {
		fmt.Fprintf(w, ` lang="%s" hreflang="%s"`, escape(lang), escape(lang))
	}
	if n.Title != nil {
		_, _ = w.WriteString(` title="`)
		r.plain.Write(w, n.Title)
		_ = w.WriteByte('"')
	}
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}

func (r *nodes) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.AutoLink)
	dest := string(n.URL(source))
	if n.AutoLinkType == ast.AutoLinkEmail && len(dest) > 0 {
		if _, trouble := address(dest); trouble != nil || !scheme.MatchString(dest) {
			dest = "mailto:" + dest
		}
	}
	label := util.EscapeHTML(n.Label(source))
	if _, trouble := address(dest); trouble != nil {
		_, _ = w.Write(label)
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, `<a href="%s">%s</a>`, util.EscapeHTML(util.URLEscape([]byte(dest), false)), label)
	return ast.WalkContinue, nil
}

func (r *nodes) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Image)
	if !entering || len(n.Destination) == 0 {
		return ast.WalkSkipChildren, nil
	}
	fmt.Fprintf(w, `<img src="%s" alt="%s"`, util.EscapeHTML(util.URLEscape(n.Destination, false)), escape(plainText(n, source)))
	for _, name := range []string{"srcset", "sizes"} {
		if v := attribute(n, name); v != "" {
			fmt.Fprintf(w, ` %s="%s"`, name, escape(v))
		}
	}
	for _, side := range []string{"width", "height"} {
		if v, ok := n.AttributeString(side); ok && v.(int) > 0 {
			fmt.Fprintf(w, ` %s="%d"`, side, v)
		}
	}
	if n.Title != nil {
		_, _ = w.WriteString(` title="`)
		r.plain.Write(w, n.Title)
		_ = w.WriteByte('"')
	}
	_, _ = w.WriteString(` loading="lazy" decoding="async">`)
	return ast.WalkSkipChildren, nil
}

// code can be scrolled sideways, and so must be reachable by keyboard.
func (r *nodes) code(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</code></pre>\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<pre tabindex="0"><code`)
	if fenced, ok := node.(*ast.FencedCodeBlock); ok {
		// Goldmark ends the word at a space only; behind a tab or a carriage return another class would begin.
		if words := bytes.Fields(fenced.Language(source)); len(words) > 0 {
			fmt.Fprintf(w, ` class="language-%s"`, util.EscapeHTML(words[0]))
		}
	}
	_ = w.WriteByte('>')
	for i := range node.Lines().Len() {
		segment := node.Lines().At(i)
		_, _ = w.Write(util.EscapeHTML(segment.Value(source)))
	}
	return ast.WalkContinue, nil
}

func (r *nodes) table(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		number, _ := node.AttributeString("number")
		fmt.Fprintf(w, `<div class="scroll" role="region" tabindex="0" aria-label="%s"><table>`+"\n", escape(r.lang.T("table.label", number)))
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("</table></div>\n")
	return ast.WalkContinue, nil
}

func (r *nodes) checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		word, sign := r.lang.T("task.open"), "☐"
		if node.(*extast.TaskCheckBox).IsChecked {
			word, sign = r.lang.T("task.done"), "☑"
		}
		fmt.Fprintf(w, `<span aria-hidden="true">%s</span><span class="visually-hidden">%s:</span> `, sign, escape(word))
	}
	return ast.WalkContinue, nil
}

func (r *nodes) callout(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*Callout)
	if entering {
		fmt.Fprintf(w, `<div class="callout callout-%s" role="note"><p class="callout-title">%s</p>`+"\n", n.Style, escape(r.lang.T("callout."+n.Style)))
	} else {
		_, _ = w.WriteString("</div>\n")
	}
	return ast.WalkContinue, nil
}

func (r *nodes) dataBlock(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(node.(*DataBlock).HTML)
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}
