// Package render makes the pages of a site: its layouts filled with typed page structs, and the assets beside them.
//
// [Renderer.Plan] lists every output by its path before anything is made, so that two sources of one address are found
// first; each output is then made on its own, in any order and in parallel, from the site, the layouts and the files it
// names. A [Pass] is one such making.
package render

import (
	"crypto/sha256"
	"fmt"
	"html/template"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/markdown"
	"pendapa/internal/opendata"
	"pendapa/internal/picture"
	"pendapa/internal/proof"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Output is one file of the finished portal.
type Output struct {
	Path string // in the output folder, with slashes
	From string // the file of the site that it is made from, for problems

	Page *site.Page // whose own address this is; nil for all else: lists in parts, files, aliases

	Asset   bool // whether it is a file of the site itself: in static/, or beside a page
	Forever bool // whether its name tells its contents, so that a browser need never ask for it again

	Alias bool // whether it only leads on from an old address of its page
	Index bool // whether it belongs to the list of all pages, where every page stands anyway

	// Make returns the file's bytes; problems of the content go to the pass. The error of a layout that fails is a
	// *TemplateError; it ends the build.
	Make func(*Pass) ([]byte, error)
}

// Renderer makes the outputs of one site.
type Renderer struct {
	site     *site.Site
	layouts  *Layouts
	assets   *Assets
	beside   map[string]Beside // files beside pages, by path in the site's folder (NFC)
	smaller  map[string]bool   // versions of pictures that are planned, by path
	cache    *picture.Cache
	past     Past
	plans    []*Plan   // earlier editions of the masterplan
	today    *Renderer // of an edition of the masterplan: the portal that it is shown in; otherwise nil
	planAt   string    // where that edition stands, with a slash at its end
	markdown map[locale.Lang]*markdown.Converter
	problems *diag.List // of the plan

	chrome     sync.Map // chromeKey -> chrome
	items      sync.Map // what Items keeps
	tables     map[*site.Edition][]*opendata.Table
	catalogues map[*site.Edition]func() *opendata.Catalogue
	terms      map[*site.Edition]*markdown.Terms
	told       map[*site.Edition][sha256.Size]byte // digests of the terms
}

// New prepares a renderer; problems of its plan go to problems. beside are the files of content/ that are not
// pages; cache keeps smaller versions of the pictures among them, and past tells earlier states of pages; both may be nil.
func New(s *site.Site, layouts *Layouts, assets *Assets, beside []Beside, cache *picture.Cache, past Past, problems *diag.List) *Renderer {
	r := &Renderer{site: s, layouts: layouts, assets: assets, problems: problems, beside: make(map[string]Beside, len(beside)), smaller: make(map[string]bool), cache: cache, past: past,
		markdown: make(map[locale.Lang]*markdown.Converter), tables: make(map[*site.Edition][]*opendata.Table),
		catalogues: make(map[*site.Edition]func() *opendata.Catalogue), terms: make(map[*site.Edition]*markdown.Terms), told: make(map[*site.Edition][sha256.Size]byte)}
	for _, a := range beside {
		if name := norm.NFC.String(a.Path); !s.HiddenBeside(name) {
			r.beside[name] = a
		}
	}
	for _, e := range s.Editions {
		r.markdown[e.Lang] = markdown.New(e.Lang)
		explained := terms(e)
		r.terms[e], r.told[e] = markdown.NewTerms(explained), sha256.Sum256(fmt.Appendf(nil, "%q", explained))
		r.tables[e] = opendata.Tables(e)
		r.catalogues[e] = sync.OnceValue(func() *opendata.Catalogue { return opendata.Describe(e, r.tables[e]) })
	}
	return r
}

// terms are the abbreviations that an edition explains.
func terms(e *site.Edition) []markdown.Term {
	var list []markdown.Term
	for _, t := range e.Terms {
		term := markdown.Term{Short: t.Title, Full: t.Document.Term.Full, Href: t.Link()}
		if t.Lang != e.Lang {
			term.Lang = string(t.Lang)
		}
		list = append(list, term)
	}
	return list
}

// Plan lists every output, sorted by path. Two outputs of one path, also where only their case differs, are a problem.
func (r *Renderer) Plan() []Output {
	var outputs []Output
	for _, e := range r.site.Editions {
		outputs = append(outputs, r.pages(e)...)
		outputs = append(outputs, r.data(e)...)
		outputs = append(outputs, r.follow(e)...)
		outputs = append(outputs, r.histories(e)...)
		outputs = append(outputs, r.changes(e)...)
		outputs = append(outputs, r.book(e)...)
		outputs = append(outputs, r.proof(e))
	}
	outputs = append(outputs, r.aliases()...)
	outputs = append(outputs, r.files()...)
	outputs = append(outputs, r.editions()...) // behind the files: those that are the same stand there already
	outputs = append(outputs, r.assets.coverOutputs()...)
	outputs = append(outputs, r.hosted(outputs)...)
	slices.SortFunc(outputs, func(a, b Output) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		switch { // of an alias and a page of one file the page comes first
		case a.Alias == b.Alias:
			return strings.Compare(a.From, b.From)
		case b.Alias:
			return -1
		}
		return 1
	})
	r.collisions(outputs)
	return outputs
}

// itself stands, where a file's name is told, for what no file of the site is the source of.
const itself = "Pendapa itself"

func (r *Renderer) collisions(outputs []Output) {
	reserved := []Output{{Path: proof.ManifestFile, From: itself}, {Path: proof.LogFile, From: itself}, {Path: proof.CheckpointFile, From: itself}}
	for _, e := range r.site.Editions {
		if e.Search != nil {
			reserved = append(reserved, Output{Path: IndexFolder(e) + IndexManifest, From: itself})
		}
	}
	outputs = append(reserved, outputs...)
	taken := make(map[string]int, len(outputs)) // index of the output by its path in small letters
	folders := make(map[string]bool)            // that were looked at, with those above
	claim := func(i int) {
		o := &outputs[i]
		if len(o.Path) > longestPath {
			r.problems.Add(diag.Problem{File: o.From, Message: diag.Textf("the address /%s is longer than %d bytes", diag.Clip(address(o.Path)), longestPath), Hint: diag.Textf("rename the file, or change its slug or alias: letters, digits, hyphens")})
			return
		}
		for part := range unseen(o.Path, folders) {
			if trouble := unkeepable(part); !trouble.IsZero() {
				r.problems.Add(diag.Problem{File: o.From, Message: diag.Textf("the address /%s %s", diag.Clip(address(o.Path)), trouble), Hint: diag.Textf("rename the file, or change its slug or alias: letters, digits, hyphens")})
				return
			}
		}
		key := strings.ToLower(o.Path)
		at, twice := taken[key]
		if !twice {
			taken[key] = i
			return
		}
		first := &outputs[at]
		if o.Page != nil && o.Page.Generated {
			o.From = path.Dir(o.From) // it has no file: what can be renamed is its folder
		}
		message, hint := diag.Textf("the address /%s is taken by %s", address(o.Path), first.From), diag.Textf("rename one of the two, or give it a slug")
		if o.Alias {
			message, hint = diag.Textf("the alias /%s is the address of %s", address(o.Path), first.From), diag.Textf("remove the alias")
		}
		if first.Path != o.Path {
			message = diag.Textf("the address /%s differs only by case from that of %s", address(o.Path), first.From)
		}
		r.problems.Add(diag.Problem{File: o.From, Message: message, Hint: hint})
	}
	// Of an alias and a page it is the alias that is wrong, and of an editor's page and one of ours the editor's.
	rank := func(o Output) int {
		switch {
		case o.Index:
			return 0
		case o.Alias:
			return 2
		}
		return 1
	}
	for turn := range 3 {
		for i := range outputs {
			if rank(outputs[i]) == turn {
				claim(i)
			}
		}
	}
	// A file where another output needs a folder.
	clear(folders)
	for _, o := range outputs {
		for dir := path.Dir(o.Path); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
			if at, ok := taken[strings.ToLower(dir)]; ok {
				r.problems.Add(diag.Problem{File: o.From, Message: diag.Textf("the address /%s lies below the file %s", address(o.Path), outputs[at].From), Hint: diag.Textf("rename one of the two")})
			}
		}
	}
}

// unseen are the parts of a path, without those of its folders that were seen before.
func unseen(name string, folders map[string]bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			dir, base := path.Split(name)
			if !yield(base) {
				return
			}
			if name = strings.TrimSuffix(dir, "/"); name == "" || folders[name] {
				return
			}
			folders[name] = true
		}
	}
}

// device reports whether Windows keeps a name for a device, whatever its ending.
func device(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	if len(base) == 4 && base[3] >= '0' && base[3] <= '9' {
		base = base[:3]
		return strings.EqualFold(base, "com") || strings.EqualFold(base, "lpt")
	}
	return len(base) == 3 && (strings.EqualFold(base, "con") || strings.EqualFold(base, "prn") || strings.EqualFold(base, "aux") || strings.EqualFold(base, "nul"))
}

const (
	longestPart = 252  // bytes: file systems take 255, and a compressed form needs three for its ending
	longestPath = 2000 // bytes: Linux takes 4,096 with the output folder, sitemaps 2,048 with the portal's address
)

// unkeepable says why a part of a path cannot be kept on every system that a portal may be served from; nothing
// where it can.
func unkeepable(part string) diag.Text {
	switch {
	case len(part) > longestPart:
		return diag.Textf("has a part of more than %d bytes, which no host can keep", longestPart)
	case device(part):
		return diag.Textf("has the part %q, which Windows keeps for a device", part)
	case strings.ContainsAny(part, "<>:\"|?*\\") || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " "):
		return diag.Textf("has signs that not every host can keep")
	case strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || diag.IsDirectionControl(r) }):
		return diag.Textf("has an invisible character")
	}
	return diag.Text{}
}

// address is the address of an output below the portal's base.
func address(output string) string { return strings.TrimSuffix(output, "index.html") }

// Check reads a page's Markdown and picture and reports their problems to the pass, without making the page.
func (r *Renderer) Check(pass *Pass, p *site.Page) {
	_, _ = r.body(pass, p)
	_ = r.picture(pass, p)
}

// body is a page's Markdown as HTML. Its problems go to the pass.
func (r *Renderer) body(pass *Pass, p *site.Page) (*bodyEnv, markdown.Result) {
	env := &bodyEnv{r: r, pass: pass, page: p, shown: make(map[string]bool)}
	if p.Generated || !p.HasBody {
		pass.text(p, nil)
		return env, markdown.Result{}
	}
	result, known := env.recall()
	if !known {
		data, err := pass.Files.Read(p.File, source.MaxFile)
		if err != nil {
			pass.Problems.Add(source.Problem(p.File, err))
			return env, markdown.Result{}
		}
		env.begin()
		result = r.markdown[p.Edition.Lang].Convert(source.Body(data, p.BodyLine), p.BodyLine, env.env())
		for _, problem := range result.Problems {
			problem.File = p.File
			pass.Problems.Add(problem)
		}
		pass.text(p, result.Sections)
		env.keep(result)
	}
	pass.read(p.File, append(result.IDs, env.anchors()...), result.Fragments)
	return env, result
}

// page is an output that is made from a page and a layout.
func (r *Renderer) page(e *site.Edition, p *site.Page, url, layout string, view func(v View) (any, error)) Output {
	own := p
	if url != p.URL || p.Edition != e {
		own = nil
	}
	return Output{
		Path: path.Join(url, "index.html"),
		From: p.File,
		Page: own,
		Make: func(pass *Pass) ([]byte, error) {
			v, err := r.view(e, p, url)
			if err != nil {
				return nil, err
			}
			v.pass = pass
			if own != nil {
				v.Record = r.recordOf(pass, p)
			}
			data, err := view(v)
			if err != nil {
				return nil, err
			}
			t, ok := r.layouts.sets[e.Lang].pages[layout]
			if !ok {
				return nil, &TemplateError{diag.Problem{File: "layouts/" + layout, Message: diag.Textf("the layout is missing")}}
			}
			return r.layouts.execute(t, "base", data, p.File)
		},
	}
}

// generated is an output that is made from a layout, for a page that no file is the source of.
func (r *Renderer) generated(e *site.Edition, p *site.Page, url, layout string, view func(v View) (any, error)) Output {
	o := r.page(e, p, url, layout, view)
	o.Page, o.From, o.Index = nil, "layouts/"+layout, true
	return o
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
	Cover         string // full address of the picture that stands for the page where it is shared
	Feeds         []Link // that follow the page: the whole edition's, and its own where it has one
	Calendar      string // address of the calendar that follows the page; empty: there is none
	Record        *RecordView

	pass *Pass
	r    *Renderer
}

// Items are quick wins as they stand in lists, by the partial "win-item". It is the same in every list of an edition, and
// a quick win stands in many.
func (v View) Items(wins []*site.QuickWin) (template.HTML, error) {
	var items strings.Builder
	for _, q := range wins {
		item, err := v.r.item(v.Edition, q)
		if err != nil {
			return "", err
		}
		items.Write(item)
	}
	return template.HTML(items.String()), nil
}

func (r *Renderer) item(e *site.Edition, q *site.QuickWin) ([]byte, error) {
	type key struct {
		edition *site.Edition
		win     *site.QuickWin
	}
	if known, ok := r.items.Load(key{e, q}); ok {
		return known.([]byte), nil
	}
	item, err := r.layouts.partial(e.Lang, "win-item", q, q.File)
	if err == nil {
		r.items.Store(key{e, q}, item)
	}
	return item, err
}

// retitle gives a page another title than that of what it is a part of.
func (v *View) retitle(title string) {
	v.Title, v.HeadTitle = title, title+" – "+v.Settings.Title
}

// Alternate is the page in another language.
type Alternate struct {
	Lang    locale.Lang
	Name    string
	Href    string
	Current bool
}

func (r *Renderer) view(e *site.Edition, p *site.Page, url string) (View, error) {
	settings := r.site.Settings
	v := View{
		r: r, Settings: settings, Edition: e, Page: p, Lang: e.Lang, Title: p.Title, HeadTitle: p.Title + " – " + settings.Title,
		Description: p.Summary, Canonical: settings.URL.String() + url, OpenGraphType: "article",
		Draft: p.Draft, Sample: p.Sample, NoIndex: noIndex(p),
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
	if url == p.URL {
		for _, t := range p.Versions() {
			v.Alternates = append(v.Alternates, Alternate{Lang: t.Edition.Lang, Href: t.Permalink()})
			v.Languages = append(v.Languages, Alternate{Lang: t.Edition.Lang, Name: t.Edition.Lang.Name(), Href: t.Link(), Current: t == p})
		}
		v.Feeds = r.feeds(e, p)
		if p == e.Section("bintek") {
			v.Calendar = settings.Base() + escapePath(p.URL) + calendar
		}
	}
	v.Cover = settings.URL.String() + coverPath(signOf(p))
	c, err := r.chromeOf(e, p)
	v.Header, v.Footer = c.header, c.footer
	return v, err
}

// withBody fills in the page's Markdown, with contents where it is long.
func (r *Renderer) withBody(v View) (View, *bodyEnv) {
	env, result := r.body(v.pass, v.Page)
	// goldmark and our own node renderers escape all text; what else there is was made by our templates.
	v.Body, v.Contents = template.HTML(result.HTML), contentsOf(result.Headings)
	if v.Picture = r.picture(v.pass, v.Page); v.Picture != nil && v.Picture.Shared != "" {
		v.Cover = v.Picture.Shared
	}
	return v, env
}

// contentsOf are the headings that the contents of a page name; none of a short page.
func contentsOf(headings []markdown.Heading) (list []markdown.Heading) {
	if len(headings) < 4 {
		return nil
	}
	for _, h := range headings {
		if h.Level <= 3 {
			list = append(list, h)
		}
	}
	return list
}

// chromeKey tells apart the headers of an edition: by the menu entry that is marked.
type chromeKey struct {
	edition *site.Edition
	active  string
	home    bool
	search  bool
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
	Search     *site.Page  // where its box leads; nil on the page of results itself, and where search is off
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

func (r *Renderer) chromeOf(e *site.Edition, p *site.Page) (chrome, error) {
	key := chromeKey{edition: e, home: p == e.Home, search: p == e.Search}
	for _, m := range e.Menu {
		if m.Path == p.Path || strings.HasPrefix(p.Path, m.Path+"/") {
			key.active = m.Path
		}
	}
	if known, ok := r.chrome.Load(key); ok {
		return known.(chrome), nil
	}
	settings := r.site.Settings
	view := HeaderView{Settings: settings, Home: e.Home, AtHome: key.home, Pages: e.Footer, AsOf: r.site.AsOf,
		Contact: settings.Contact.Name+settings.Contact.Email+settings.Contact.Phone+settings.Contact.Address+settings.Contact.Complaints != ""}
	if settings.Brand.Logo != "" {
		view.Logo = settings.Base() + r.assets.Path(settings.Brand.Logo)
	}
	if e.Lang != settings.Lang() {
		view.NoticeLang = settings.Lang()
	}
	if !key.search {
		view.Search = e.Search
	}
	for _, m := range e.Menu {
		view.Menu = append(view.Menu, MenuItem{m, m.Path == key.active})
	}
	header, err := r.layouts.partial(e.Lang, "header", view, "every page")
	if err != nil {
		return chrome{}, err
	}
	footer, err := r.layouts.partial(e.Lang, "footer", view, "every page")
	if err != nil {
		return chrome{}, err
	}
	c := chrome{template.HTML(header), template.HTML(footer)}
	r.chrome.Store(key, c)
	return c, nil
}
