package render

import (
	"bytes"
	"errors"
	"html/template"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"
	"unicode/utf8"

	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/source"
)

// templates are the layouts in one language.
type templates struct {
	pages    map[string]*template.Template // by the layout's name: "quick-win.html"
	partials *template.Template
}

// Layouts are the layouts in every language of a portal.
type Layouts struct{ sets map[locale.Lang]*templates }

// ParseLayouts reads every layout once, the site's own over the built-in ones, and makes the templates of each language.
// What is wrong with them goes to problems.
func ParseLayouts(tree *source.Tree, builtin fs.FS, settings *config.Settings, assets *Assets, problems *diag.List) *Layouts {
	layouts, funcs := source.NewOverlay(tree, "layouts", builtin), funcs(settings, assets)
	langs := append([]locale.Lang{settings.Lang()}, settings.Translations()...)
	sets := make(map[locale.Lang]*templates, len(langs))
	names, err := layouts.List(problems)
	if err != nil {
		problems.Add(diag.Problem{File: layouts.Folder, Message: diag.Of(err)})
		return &Layouts{sets}
	}
	texts := make(map[string]string, len(names))
	for _, name := range names {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		text, err := layouts.Read(name, source.MaxFile)
		if err != nil {
			problems.Add(source.Problem(layouts.Folder+"/"+name, err))
			continue
		}
		if !utf8.Valid(text) {
			problems.Add(diag.Problem{File: layouts.Folder + "/" + name, Message: diag.Textf("the layout is not UTF-8"), Hint: diag.Textf("save the file again with the encoding UTF-8")})
			continue
		}
		texts[name] = string(text)
	}
	for _, lang := range langs {
		// html/template refuses to clone what was executed, so this one stays untouched and pages are clones of it.
		common := template.New("layouts").Option("missingkey=error").Funcs(funcs(lang))
		add := func(set *template.Template, name string) {
			if _, err := set.New(layouts.Folder + "/" + name).Parse(texts[name]); err != nil {
				problems.Add(templateProblem(err, layouts.Folder+"/"+name, ""))
				return
			}
			for _, t := range set.Templates() {
				if t.Tree != nil {
					fold(t.Tree.Root, lang)
				}
			}
		}
		shared := func(name string) bool {
			return strings.HasPrefix(name, "partials/") || name == "base.html" || name == "alias.html"
		}
		for _, name := range names {
			if _, ok := texts[name]; ok && shared(name) {
				add(common, name)
			}
		}
		set := &templates{pages: make(map[string]*template.Template), partials: template.Must(common.Clone())}
		for _, name := range names {
			if _, ok := texts[name]; ok && !shared(name) {
				page := template.Must(common.Clone())
				add(page, name)
				set.pages[name] = page
			}
		}
		sets[lang] = set
	}
	return &Layouts{sets}
}

// fold puts words of the interface that take no arguments into the text of a layout, which is parsed for
// one language anyway.
func fold(n parse.Node, lang locale.Lang) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for i, child := range n.Nodes {
			if word, ok := constant(child, lang); ok {
				n.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: child.Position(), Text: []byte(word)}
				continue
			}
			fold(child, lang)
		}
	case *parse.IfNode:
		fold(n.List, lang)
		fold(n.ElseList, lang)
	case *parse.RangeNode:
		fold(n.List, lang)
		fold(n.ElseList, lang)
	case *parse.WithNode:
		fold(n.List, lang)
		fold(n.ElseList, lang)
	}
}

// constant is the word of an action that is no more than such a word, where it is the same in every place of a page:
// without signs that would have to be escaped.
func constant(n parse.Node, lang locale.Lang) (string, bool) {
	action, ok := n.(*parse.ActionNode)
	if !ok || len(action.Pipe.Decl) > 0 || len(action.Pipe.Cmds) != 1 || len(action.Pipe.Cmds[0].Args) != 2 {
		return "", false
	}
	name, isName := action.Pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	key, isKey := action.Pipe.Cmds[0].Args[1].(*parse.StringNode)
	if !isName || !isKey || name.Ident != "t" || !lang.Has(key.Text) {
		return "", false
	}
	word := lang.T(key.Text)
	return word, !strings.ContainsAny(word, "&<>\"'`=%")
}

// TemplateError is a layout that failed on a page. It is the site owner's mistake and likely to fail on every page of
// its kind, so it ends the build at once.
type TemplateError struct{ Problem diag.Problem }

func (e *TemplateError) Error() string { return e.Problem.Error() }

var templatePlace = regexp.MustCompile(`^(?:html/)?template: ?([^:\s]+):(\d+)(?::(\d+))?: (?s:(.*))$`)

// templateProblem finds the place in what the template library says.
func templateProblem(err error, file, page string) diag.Problem {
	p := diag.Problem{File: file, Message: diag.Of(err), Hint: diag.Textf("correct the layout, or remove it to use the built-in one")}
	if m := templatePlace.FindStringSubmatch(err.Error()); m != nil {
		p.File, p.Message = m[1], diag.Textf("%s", m[4])
		p.Pos.Line, _ = strconv.Atoi(m[2])
		if p.Pos.Col, _ = strconv.Atoi(m[3]); m[3] != "" {
			p.Pos.Col++ // the library counts columns from 0
		}
	}
	if page != "" {
		p.Message = diag.Textf("the layout fails on %s: %s", page, p.Message)
	}
	return p
}

// maxPage is the most bytes of one page; a layout that writes more has run away.
const maxPage = 32 << 20

var errPageTooLarge = errors.New("the page grows beyond 32 MiB")

// limited is a buffer that ends a template that does not end by itself.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > maxPage {
		return 0, errPageTooLarge
	}
	return l.Buffer.Write(p)
}

// buffers are those that pages grow in; a page is copied out of one at its right size.
var buffers = sync.Pool{New: func() any { return new(limited) }}

// execute runs a template; page names what it is run for.
func execute(t *template.Template, name string, data any, page string) ([]byte, error) {
	out := buffers.Get().(*limited)
	defer buffers.Put(out)
	out.Reset()
	if err := t.ExecuteTemplate(out, name, data); err != nil {
		return nil, &TemplateError{templateProblem(err, "layouts", page)}
	}
	return bytes.Clone(out.Bytes()), nil
}
