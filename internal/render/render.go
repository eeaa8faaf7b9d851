// Package render makes the pages of a site: its layouts filled with typed page structs, and the assets beside them.
//
// [Renderer.Plan] lists every output by its path before anything is made, so that two sources of one address are found
// first; each output is then made on its own, in any order and in parallel, from the site, the layouts and the files it
// names.
package render

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/markdown"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Output is one file of the finished portal.
type Output struct {
	Path string // in the output folder, with slashes
	From string // the file of the site that it is made from, for problems

	Alias bool // whether it only leads on from an old address of its page

	// Make returns the file's bytes. The error of a layout that fails is a *TemplateError; it ends the build.
	Make func() ([]byte, error)
}

// Renderer makes the outputs of one site.
type Renderer struct {
	site      *site.Site
	tree      *source.Tree
	static    source.Overlay
	assets    map[string]source.Entry // files beside pages, by path in the site's folder (NFC)
	templates map[locale.Lang]*templates
	markdown  map[locale.Lang]*markdown.Converter

	staticNames []string // of the static files that are published, sorted
	problems    *diag.List

	chrome sync.Map // chromeKey -> chrome

	mu        sync.Mutex
	headings  map[string][]string // heading ids by file
	fragments []fragment
}

type fragment struct {
	markdown.Fragment
	file string
}

// New prepares a renderer; what is wrong with the layouts goes to problems. assets are the files of content/ that are
// not pages.
func New(s *site.Site, tree *source.Tree, layouts, static fs.FS, assets []source.Entry, problems *diag.List) *Renderer {
	r := &Renderer{site: s, tree: tree, static: source.NewOverlay(tree, "static", static), problems: problems,
		assets: make(map[string]source.Entry, len(assets)), markdown: make(map[locale.Lang]*markdown.Converter), headings: make(map[string][]string)}
	for _, a := range assets {
		r.assets[norm.NFC.String(a.Path)] = a
	}
	langs := make([]locale.Lang, len(s.Editions))
	for i, e := range s.Editions {
		langs[i] = e.Lang
		r.markdown[e.Lang] = markdown.New(e.Lang)
	}
	names, err := r.static.List(problems)
	if err != nil {
		problems.Add(diag.Problem{File: "static", Message: err.Error()})
	}
	for _, name := range names {
		if secret(name) {
			problems.Add(diag.Problem{Severity: diag.Warning, File: "static/" + name, Message: "this looks like a key; it is not published", Hint: "keep secrets out of the site's folder"})
			continue
		}
		r.staticNames = append(r.staticNames, name)
	}
	r.templates = parse(source.NewOverlay(tree, "layouts", layouts), funcs(s.Settings), langs, problems)
	return r
}

// Plan lists every output, sorted by path. Two outputs of one path, also where only their case differs, are a problem.
func (r *Renderer) Plan() []Output {
	var outputs []Output
	for _, e := range r.site.Editions {
		outputs = append(outputs, r.pages(e)...)
	}
	outputs = append(outputs, r.aliases()...)
	outputs = append(outputs, r.files()...)
	slices.SortStableFunc(outputs, func(a, b Output) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.From, b.From))
	})
	r.collisions(outputs)
	return outputs
}

// manifest is the file that publishing adds (see package publish, which is this package's neighbour).
const manifest = ".well-known/pendapa/tree.json"

func (r *Renderer) collisions(outputs []Output) {
	taken := map[string]Output{manifest: {Path: manifest, From: "Pendapa itself"}}
	claim := func(key string, o Output) {
		for part := range strings.SplitSeq(o.Path, "/") {
			if trouble := unkeepable(part); trouble != "" {
				r.problems.Add(diag.Problem{File: o.From, Message: fmt.Sprintf("the address /%s %s", diag.Clip(address(o.Path)), trouble), Hint: "rename the file, or change its slug or alias: letters, digits, hyphens"})
				return
			}
		}
		first, twice := taken[key]
		if !twice {
			taken[key] = o
			return
		}
		message, hint := fmt.Sprintf("the address /%s is taken by %s", address(o.Path), first.From), "rename one of the two, or give it a slug"
		if o.Alias {
			message, hint = fmt.Sprintf("the alias /%s is the address of %s", address(o.Path), first.From), "remove the alias"
		}
		if first.Path != o.Path {
			message = fmt.Sprintf("the address /%s differs only by case from that of %s", address(o.Path), first.From)
		}
		r.problems.Add(diag.Problem{File: o.From, Message: message, Hint: hint})
	}
	for _, alias := range []bool{false, true} { // so that of an alias and a page it is the alias that is wrong
		for _, o := range outputs {
			if o.Alias == alias {
				claim(strings.ToLower(o.Path), o)
			}
		}
	}
	// A file where another output needs a folder.
	for _, o := range outputs {
		for dir := path.Dir(o.Path); dir != "."; dir = path.Dir(dir) {
			if file, ok := taken[strings.ToLower(dir)]; ok {
				r.problems.Add(diag.Problem{File: o.From, Message: fmt.Sprintf("the address /%s lies below the file %s", address(o.Path), file.From), Hint: "rename one of the two"})
			}
		}
	}
}

// device are names that Windows keeps for devices, with any ending.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// unkeepable says why a part of a path cannot be kept on every system that a portal may be served from; "" where it can.
func unkeepable(part string) string {
	switch {
	case len(part) > 255:
		return "has a part of more than 255 bytes, which no host can keep"
	case device.MatchString(part):
		return fmt.Sprintf("has the part %q, which Windows keeps for a device", part)
	case strings.ContainsAny(part, "<>:\"|?*\\") || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
		return "has signs that not every host can keep"
	case strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || diag.IsDirectionControl(r) }):
		return "has an invisible character"
	}
	return ""
}

// address is the address of an output below the portal's base.
func address(output string) string { return strings.TrimSuffix(output, "index.html") }

// Finish checks what can only be checked when every page is made: links to headings of other pages.
func (r *Renderer) Finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.fragments {
		ids, read := r.headings[f.Page]
		if read && !slices.Contains(ids, f.ID) {
			p := markdown.MissingFragment(f.Fragment, ids)
			p.File = f.file
			p.Message += " on " + f.Page
			r.problems.Add(p)
		}
	}
	r.fragments = nil
}

// Check reads a page's Markdown and picture and reports their problems, without making the page.
func (r *Renderer) Check(p *site.Page) {
	_, _ = r.body(p)
	_ = r.picture(p)
}

// body is a page's Markdown as HTML. Its problems go to the renderer's; an error is a file that cannot be read.
func (r *Renderer) body(p *site.Page) (*bodyEnv, markdown.Result) {
	env := &bodyEnv{r: r, page: p, shown: make(map[string]bool)}
	if p.Generated || !p.HasBody {
		return env, markdown.Result{}
	}
	data, err := r.tree.Read(p.File, source.MaxFile)
	if err != nil {
		r.problems.Add(source.Problem(p.File, err))
		return env, markdown.Result{}
	}
	if sha256.Sum256(data) != p.Digest {
		r.problems.Add(diag.Problem{File: p.File, Message: "the file changed while the portal was built", Hint: "build again"})
		return env, markdown.Result{}
	}
	page, ok := source.Split(p.File, data, r.site.Settings.Location, &diag.List{}) // its problems are known already
	if !ok {
		return env, markdown.Result{}
	}
	result := r.markdown[p.Edition.Lang].Convert(page.Body, page.BodyLine, env.env())
	for _, problem := range result.Problems {
		problem.File = p.File
		r.problems.Add(problem)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.headings[p.File] = append(result.IDs, env.anchors()...)
	for _, f := range result.Fragments {
		if f.Page != "" {
			r.fragments = append(r.fragments, fragment{f, p.File})
		}
	}
	return env, result
}

// page is an output that is made from a page and a layout.
func (r *Renderer) page(e *site.Edition, p *site.Page, url, layout string, view func(v View) (any, error)) Output {
	return Output{
		Path: path.Join(url, "index.html"),
		From: p.File,
		Make: func() ([]byte, error) {
			data, err := view(r.view(e, p, url))
			if err != nil {
				return nil, err
			}
			set := r.templates[e.Lang]
			t, ok := set.pages[layout]
			if !ok {
				return nil, &TemplateError{diag.Problem{File: "layouts/" + layout, Message: "the layout is missing"}}
			}
			return execute(t, "base", data, p.File)
		},
	}
}

// View is what every layout gets; the structs of the kinds embed it.
type View struct {
	Settings      *config.Settings
	Edition       *site.Edition
	Page          *site.Page
	Lang          locale.Lang
	Title         string // of the page, for its heading
	HeadTitle     string // for the browser's tab
	Description   string
	Canonical     string
	OpenGraphType string
	NoIndex       bool
	Draft         bool
	Sample        bool
	Alternates    []Alternate
	Languages     []Alternate // empty where the page stands in one language only
	Breadcrumbs   []*site.Page
	Header        template.HTML
	Footer        template.HTML
	Body          template.HTML
	Contents      []markdown.Heading // empty on short pages
	Picture       *Picture
}

// Alternate is the page in another language.
type Alternate struct {
	Lang    locale.Lang
	Name    string
	Href    string
	Current bool
}

func (r *Renderer) view(e *site.Edition, p *site.Page, url string) View {
	settings := r.site.Settings
	v := View{
		Settings: settings, Edition: e, Page: p, Lang: e.Lang, Title: p.Title, HeadTitle: p.Title + " – " + settings.Title,
		Description: p.Summary, Canonical: settings.URL.String() + url, OpenGraphType: "article",
		Draft: p.Draft, Sample: p.Sample, NoIndex: p.Sample || p.Draft,
	}
	if url == p.URL {
		v.Breadcrumbs = p.Breadcrumbs()
	} else {
		v.Breadcrumbs = append(p.Breadcrumbs(), p)
	}
	if p == e.Home {
		v.HeadTitle, v.OpenGraphType = settings.Title, "website"
		if p.Title != settings.Title {
			v.HeadTitle = p.Title + " – " + settings.Title
		}
	}
	if url == p.URL && len(p.Translations) > 0 {
		for _, t := range append([]*site.Page{p}, p.Translations...) {
			v.Alternates = append(v.Alternates, Alternate{Lang: t.Edition.Lang, Href: t.Permalink()})
			v.Languages = append(v.Languages, Alternate{Lang: t.Edition.Lang, Name: t.Edition.Lang.Name(), Href: t.Link(), Current: t == p})
		}
		byLang := func(a, b Alternate) int { return strings.Compare(string(a.Lang), string(b.Lang)) }
		slices.SortFunc(v.Alternates, byLang)
		slices.SortFunc(v.Languages, byLang)
	}
	c := r.chromeOf(e, p)
	v.Header, v.Footer = c.header, c.footer
	return v
}

// withBody fills in the page's Markdown, with contents where it is long.
func (r *Renderer) withBody(v View) (View, *bodyEnv) {
	env, result := r.body(v.Page)
	// goldmark and our own node renderers escape all text; what else there is was made by our templates.
	v.Body = template.HTML(result.HTML)
	if len(result.Headings) >= 4 {
		for _, h := range result.Headings {
			if h.Level <= 3 {
				v.Contents = append(v.Contents, h)
			}
		}
	}
	v.Picture = r.picture(v.Page)
	return v, env
}

// chromeKey tells apart the headers of an edition: by the menu entry that is marked.
type chromeKey struct {
	edition *site.Edition
	active  string
	home    bool
}

type chrome struct{ header, footer template.HTML }

// HeaderView is what the partials header and footer get. They are the same on every page below one entry of the menu,
// and are made once for all of these.
type HeaderView struct {
	Settings   *config.Settings
	Home       *site.Page
	AtHome     bool
	Logo       string
	NoticeLang locale.Lang // where the notice is in another language
	Menu       []MenuItem
	Pages      []*site.Page // of the footer
	Contact    bool
	AsOf       time.Time
}

// MenuItem is an entry of the menu.
type MenuItem struct {
	Page *site.Page
	Here bool // whether the page is this one, or lies below it
}

func (r *Renderer) chromeOf(e *site.Edition, p *site.Page) chrome {
	key := chromeKey{edition: e, home: p == e.Home}
	for _, m := range e.Menu {
		if m.Path == p.Path || strings.HasPrefix(p.Path, m.Path+"/") {
			key.active = m.Path
		}
	}
	if known, ok := r.chrome.Load(key); ok {
		return known.(chrome)
	}
	settings := r.site.Settings
	view := HeaderView{Settings: settings, Home: e.Home, AtHome: key.home, Pages: e.Footer, AsOf: r.site.AsOf,
		Contact: settings.Contact.Name+settings.Contact.Email+settings.Contact.Phone+settings.Contact.Address+settings.Contact.Complaints != ""}
	if settings.Brand.Logo != "" {
		view.Logo = settings.Base() + settings.Brand.Logo
	}
	if e.Lang != settings.Lang() {
		view.NoticeLang = settings.Lang()
	}
	for _, m := range e.Menu {
		view.Menu = append(view.Menu, MenuItem{m, m.Path == key.active})
	}
	part := func(name string) template.HTML {
		html, err := execute(r.templates[e.Lang].partials, name, view, "every page")
		if err != nil {
			r.problems.Add(err.(*TemplateError).Problem)
		}
		return template.HTML(html)
	}
	c := chrome{part("header"), part("footer")}
	r.chrome.Store(key, c)
	return c
}
