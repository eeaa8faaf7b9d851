package render

import (
	"bytes"
	"crypto/sha256"
	"html/template"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"text/template/parse"
	"time"
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
type Layouts struct {
	sets  map[locale.Lang]*templates
	Texts map[string][sha256.Size]byte  // digests of the files that they were made of, by name
	late  atomic.Pointer[TemplateError] // that one of them did not end in time; they are not asked again
}

// ParseLayouts reads every layout once, the site's own over the built-in ones, and makes the templates of each language.
// What is wrong with them goes to problems.
func ParseLayouts(tree *source.Tree, builtin fs.FS, settings *config.Settings, assets *Assets, problems *diag.List) *Layouts {
	layouts, funcs := source.NewOverlay(tree, "layouts", builtin), funcs(settings, assets)
	langs := settings.Langs()
	sets := make(map[locale.Lang]*templates, len(langs))
	names, err := layouts.List(problems)
	if err != nil {
		problems.Add(diag.Problem{File: layouts.Folder, Message: diag.Of(err)})
		return &Layouts{sets: sets}
	}
	digests := make(map[string][sha256.Size]byte)
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
		digests[name] = sha256.Sum256(text)
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
					(&constants{lang: lang, settings: settings, assets: assets}).list(t.Tree.Root)
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
	return &Layouts{sets: sets, Texts: digests}
}

// constants puts what is the same on every page of a portal into the text of a layout, which is parsed for one portal and
// one language anyway: words of the interface, addresses of static files, and what depends on a switched feature.
type constants struct {
	lang     locale.Lang
	settings *config.Settings
	assets   *Assets

	before string // the text that stands before the node at hand; empty where that is no text
	script bool   // whether it is in a script or a stylesheet, where words are quoted in other ways
}

func (c *constants) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			c.text(string(n.Text))
			continue
		case *parse.ActionNode:
			if text, ok := c.constant(n.Pipe); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}
			}
		case *parse.IfNode:
			c.branches(&n.BranchNode)
			if on, ok := c.feature(n.Pipe); ok && on {
				list.Nodes[i] = inPlace(n, n.List)
			} else if ok {
				list.Nodes[i] = inPlace(n, n.ElseList)
			}
		case *parse.RangeNode:
			c.branches(&n.BranchNode)
		case *parse.WithNode:
			c.branches(&n.BranchNode)
			if c.never(n.Pipe) {
				list.Nodes[i] = inPlace(n, n.ElseList)
			}
		}
		c.before = ""
	}
}

func (c *constants) branches(n *parse.BranchNode) {
	before := c.before
	c.list(n.List)
	c.before = before
	c.list(n.ElseList)
}

func (c *constants) text(text string) {
	c.before = text
	lower := strings.ToLower(text)
	for _, name := range []string{"script", "style"} {
		if open, end := strings.LastIndex(lower, "<"+name), strings.LastIndex(lower, "</"+name); open != end {
			c.script = open > end
		}
	}
}

// inPlace is what stands in the place of a condition that always takes one branch; the condition itself where the branch
// declares variables, which it ends.
func inPlace(condition parse.Node, branch *parse.ListNode) parse.Node {
	switch {
	case branch == nil:
		return &parse.ListNode{NodeType: parse.NodeList, Pos: condition.Position()}
	case strings.Contains(branch.String(), ":="):
		return condition
	}
	return branch
}

// single is the name and the only argument, a text, of a pipeline that is one call with it.
func single(pipe *parse.PipeNode) (parse.Node, string, bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 2 {
		return nil, "", false
	}
	argument, ok := pipe.Cmds[0].Args[1].(*parse.StringNode)
	if !ok {
		return nil, "", false
	}
	return pipe.Cmds[0].Args[0], argument.Text, true
}

// constant is what an action writes on every page, where html/template would write it as it is: a word without signs that
// are escaped, in text or in quotes, and an address or a digest that is the whole of a quoted attribute.
func (c *constants) constant(pipe *parse.PipeNode) (text string, ok bool) {
	call, argument, ok := single(pipe)
	name, isName := call.(*parse.IdentifierNode)
	if !ok || !isName || c.script || strings.HasSuffix(c.before, "=") {
		return "", false
	}
	whole := strings.HasSuffix(c.before, `="`)
	switch name.Ident {
	case "t":
		text = c.lang.T(argument)
		return text, c.lang.Has(argument) && !strings.ContainsAny(text, "&<>\"'`=%")
	case "asset":
		text, err := words{c.lang, c.settings}.asset(c.assets)(argument)
		return text, err == nil && whole && !strings.ContainsAny(text, "&<>\"'`=%")
	case "integrity":
		text = c.assets.Integrity(argument)
		return text, whole && !strings.ContainsAny(text, "&<>\"'`%") // Base64, with its + and =
	}
	return "", false
}

// feature is whether the feature is on that a condition asks for, and asks for nothing else: ".Settings.Feature "dark"".
func (c *constants) feature(pipe *parse.PipeNode) (on, ok bool) {
	call, argument, ok := single(pipe)
	if field, isField := call.(*parse.FieldNode); !ok || !isField || !slices.Equal(field.Ident, []string{"Settings", "Feature"}) {
		return false, false
	}
	return c.settings.Feature(argument), true
}

// never reports whether a pipeline asks for the language of a page where it is another than that of the text around it,
// in a portal of one language.
func (c *constants) never(pipe *parse.PipeNode) bool {
	if len(c.settings.Translations()) > 0 || len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 2 {
		return false
	}
	name, ok := pipe.Cmds[0].Args[0].(*parse.IdentifierNode)
	return ok && name.Ident == "foreign"
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

var errPageTooLarge error = diag.Textf("the page grows beyond %d MiB", maxPage>>20)

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

// maxTime is the longest that a layout may take for one page: a loop that writes nothing never meets [maxPage].
const maxTime = time.Minute

// execute runs a template; page names what it is run for.
func (l *Layouts) execute(t *template.Template, name string, data any, page string) ([]byte, error) {
	return l.executeWithin(maxTime, t, name, data, page)
}

// partial runs a component in a language.
func (l *Layouts) partial(lang locale.Lang, name string, data any, page string) ([]byte, error) {
	return l.execute(l.sets[lang].partials, name, data, page)
}

// executeWithin runs a template, and leaves one alone that does not end within a time. Nothing can stop it before the
// program ends; so that a preview has no more of them than it makes pages at once, no other page is then made of these
// layouts.
func (l *Layouts) executeWithin(limit time.Duration, t *template.Template, name string, data any, page string) ([]byte, error) {
	if late := l.late.Load(); late != nil {
		return nil, late
	}
	out := buffers.Get().(*limited)
	out.Reset()
	done := make(chan error, 1)
	go func() { done <- t.ExecuteTemplate(out, name, data) }()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case err := <-done:
		defer buffers.Put(out)
		if err != nil {
			return nil, &TemplateError{templateProblem(err, "layouts", page)}
		}
		return bytes.Clone(out.Bytes()), nil
	case <-late.C:
		l.late.CompareAndSwap(nil, &TemplateError{diag.Problem{
			File: "layouts", Message: diag.Textf("the layout of %s does not end within %d seconds", page, int(limit.Seconds())),
			Hint: diag.Textf("look for a range over a large number, in the layout and its partials"),
		}})
		return nil, l.late.Load()
	}
}
