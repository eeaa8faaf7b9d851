package site

import (
	"path"
	"slices"
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
)

// translated builds the edition of another language: its own pages where there are translations, the original's
// elsewhere, and between them the relations of the original.
func (l *linker) translated(lang locale.Lang, docs map[string]*model.Document) {
	from := l.site.Editions[0]
	e := l.edition(lang)
	t := translator{l: l, e: e, docs: docs,
		pages: make(map[*Page]*Page), wins: make(map[*QuickWin]*QuickWin), news: make(map[*News]*News), agencies: make(map[*Agency]*Agency),
		dimensions: make(map[*Dimension]*Dimension), chapters: make(map[*Chapter]*Chapter), sections: make(map[*Section]*Section),
		terms: make(map[*Term]*Term), folders: make(map[*Folder]*Folder)}

	for _, p := range from.own {
		t.page(p)
	}
	for folder, p := range from.sections {
		e.sections[folder] = t.pages[p]
	}
	e.Home = t.pages[from.Home]
	e.Plain = each(from.Plain, func(p *Page) *Page { return t.pages[p] })

	// First every node, then the relations between them.
	e.QuickWins = each(from.QuickWins, t.newQuickWin)
	e.News = each(from.News, func(n *News) *News { return node(&t, t.news, n, n.Page, func(p *Page) *News { return &News{Page: p} }) })
	e.Agencies = each(from.Agencies, func(a *Agency) *Agency {
		return node(&t, t.agencies, a, a.Page, func(p *Page) *Agency { return &Agency{Page: p, Totals: a.Totals} })
	})
	e.Dimensions = each(from.Dimensions, func(d *Dimension) *Dimension {
		return node(&t, t.dimensions, d, d.Page, func(p *Page) *Dimension { return &Dimension{Page: p, Totals: d.Totals} })
	})
	e.Terms = each(from.Terms, func(x *Term) *Term {
		return node(&t, t.terms, x, x.Page, func(p *Page) *Term { return &Term{Page: p} })
	})
	e.Folders = each(from.Folders, func(f *Folder) *Folder {
		return node(&t, t.folders, f, f.Page, func(p *Page) *Folder { return &Folder{Page: p} })
	})
	e.Masterplan = &Masterplan{Page: t.pages[from.Masterplan.Page]}
	e.Masterplan.Chapters = each(from.Masterplan.Chapters, func(c *Chapter) *Chapter {
		return node(&t, t.chapters, c, c.Page, func(p *Page) *Chapter { return &Chapter{Page: p, Number: c.Number} })
	})
	for _, c := range from.Masterplan.Chapters {
		for _, s := range c.Sections {
			node(&t, t.sections, s, s.Page, func(p *Page) *Section { return &Section{Page: p, Number: s.Number} })
		}
	}
	t.relations(from)
}

type translator struct {
	l    *linker
	e    *Edition
	docs map[string]*model.Document

	pages      map[*Page]*Page // every page of the original to its stand-in here
	wins       map[*QuickWin]*QuickWin
	news       map[*News]*News
	agencies   map[*Agency]*Agency
	dimensions map[*Dimension]*Dimension
	chapters   map[*Chapter]*Chapter
	sections   map[*Section]*Section
	terms      map[*Term]*Term
	folders    map[*Folder]*Folder
}

// page makes the translation of a page, where there is one. Lists without a file of their own, which hold no words but
// Pendapa's, exist in every language.
func (t *translator) page(original *Page) {
	doc := t.docs[original.Path]
	var p *Page
	switch {
	case doc != nil:
		p = t.l.page(t.e, doc)
	case original.Kind == model.KindHome:
		p = t.l.generated(t.e, ".", t.l.site.Settings.Title)
	case (original.Kind == model.KindFolder || original.Kind == model.KindPlan) && slices.Contains(kindFolders, original.Path):
		p = t.l.generated(t.e, original.Path, t.e.Lang.T("section."+original.Path))
	case original.Kind == model.KindDimension && original.Generated:
		p = t.l.generated(t.e, original.Path, t.e.Lang.T("dimension."+original.ID))
		p.Kind, p.ID, p.Dimension = model.KindDimension, original.ID, original.Dimension
		p.Summary = t.e.Lang.T("dimension." + original.ID + ".summary")
	default:
		t.pages[original] = original
		return
	}
	for _, other := range append([]*Page{original}, original.Translations...) {
		p.Translations = append(p.Translations, other)
		other.Translations = append(other.Translations, p)
	}
	t.pages[original] = p
}

// node is the stand-in of a typed node: the original itself where its page is not translated.
func node[T any](t *translator, known map[*T]*T, original *T, page *Page, fresh func(*Page) *T) *T {
	p := t.pages[page]
	stand := original
	if p != page {
		stand = fresh(p)
	}
	known[original] = stand
	return stand
}

func (t *translator) newQuickWin(q *QuickWin) *QuickWin {
	return node(t, t.wins, q, q.Page, func(p *Page) *QuickWin {
		fresh := &QuickWin{Page: p}
		t.l.derive(fresh)
		return fresh
	})
}

func each[T, U any](list []T, f func(T) U) []U {
	if list == nil {
		return nil
	}
	out := make([]U, len(list))
	for i, item := range list {
		out[i] = f(item)
	}
	return out
}

func through[T any](known map[*T]*T, list []*T) []*T {
	return each(list, func(item *T) *T { return known[item] })
}

func (t *translator) relations(from *Edition) {
	for _, q := range from.QuickWins {
		if here := t.wins[q]; here != q {
			here.Owner = t.agencies[q.Owner]
			here.Partners, here.Dimensions = through(t.agencies, q.Partners), through(t.dimensions, q.Dimensions)
			here.News, here.Sections, here.Chapters = through(t.news, q.News), through(t.sections, q.Sections), through(t.chapters, q.Chapters)
		}
	}
	for _, n := range from.News {
		if here := t.news[n]; here != n {
			here.Owner = t.agencies[n.Owner]
			here.QuickWins, here.Dimensions = through(t.wins, n.QuickWins), through(t.dimensions, n.Dimensions)
		}
	}
	for _, a := range from.Agencies {
		if here := t.agencies[a]; here != a {
			here.Above, here.Below = t.agencies[a.Above], through(t.agencies, a.Below)
			here.QuickWins, here.Partner, here.News = through(t.wins, a.QuickWins), through(t.wins, a.Partner), through(t.news, a.News)
		}
	}
	for _, d := range from.Dimensions {
		if here := t.dimensions[d]; here != d {
			here.QuickWins, here.News, here.Sections = through(t.wins, d.QuickWins), through(t.news, d.News), through(t.sections, d.Sections)
		}
	}
	for _, x := range from.Terms {
		if here := t.terms[x]; here != x {
			here.See = through(t.terms, x.See)
		}
	}
	page := func(p *Page) *Page { return t.pages[p] }
	for _, f := range from.Folders {
		if here := t.folders[f]; here != f {
			here.Pages, here.Folders = each(f.Pages, page), through(t.folders, f.Folders)
		}
	}
	for _, c := range from.Masterplan.Chapters {
		here := t.chapters[c]
		if here != c {
			here.Sections, here.Serving = through(t.sections, c.Sections), through(t.wins, c.Serving)
			here.Previous, here.Next = t.pages[c.Previous], t.pages[c.Next]
		}
		for _, s := range c.Sections {
			if here := t.sections[s]; here != s {
				here.Chapter = t.chapters[s.Chapter]
				here.QuickWins, here.Dimensions = through(t.wins, s.QuickWins), through(t.dimensions, s.Dimensions)
				here.Previous, here.Next = t.pages[s.Previous], t.pages[s.Next]
			}
		}
	}
	t.e.Masterplan.Unserved = through(t.sections, from.Masterplan.Unserved)
	t.e.Masterplan.Homeless = through(t.wins, from.Masterplan.Homeless)
}

// finish computes what needs all relations: totals, parents, menus.
func (l *linker) finish(e *Edition) {
	e.Totals = totals(e.QuickWins)
	for _, a := range e.Agencies {
		a.Totals = totals(a.QuickWins)
	}
	for _, d := range e.Dimensions {
		d.Totals = totals(d.QuickWins)
	}
	byPath := make(map[string]*Page, len(e.own))
	for _, p := range e.own {
		byPath[p.Path] = p
	}
	for _, p := range e.own {
		if p == e.Home {
			continue
		}
		p.Parent = e.Home
		for dir := path.Dir(p.Path); dir != "."; dir = path.Dir(dir) {
			above := byPath[dir]
			if above == nil && e != l.site.Editions[0] {
				above = l.pages[dir] // the page above is not translated
			}
			if above != nil {
				p.Parent = above
				break
			}
		}
	}
	l.menus(e, byPath)
	l.search(e)
	l.data(e)
	e.changed()
	slices.SortFunc(e.own, func(a, b *Page) int { return strings.Compare(a.URL, b.URL) })
}

func (l *linker) menus(e *Edition, byPath map[string]*Page) {
	find := func(name string) *Page {
		if p := byPath[name]; p != nil {
			return p
		}
		return l.pages[name]
	}
	inMenu := make(map[string]bool)
	if settings := l.site.Settings; settings.Menu != nil {
		for i, name := range settings.Menu {
			clean := strings.TrimSuffix(strings.Trim(name, "/"), ".md")
			p := find(clean)
			if p == nil {
				if e == l.site.Editions[0] && !l.site.hidden["content/"+clean+".md"] {
					var names []string
					for n := range l.pages {
						names = append(names, n)
					}
					slices.Sort(names)
					pos := diag.Pos{}
					if i < len(settings.Menus) {
						pos = settings.Menus[i]
					}
					l.problems.Add(diag.Problem{File: "site.yaml", Pos: pos, Width: len([]rune(name)), Message: diag.Textf("the menu names %q, and there is no such page", name), Hint: diag.DidYouMean(name, names, diag.Textf("write the path of a file in content without .md"))})
				}
				continue
			}
			e.Menu = append(e.Menu, p)
			inMenu[p.Path] = true
		}
	} else {
		for _, folder := range kindFolders[:4] {
			if p := e.sections[folder]; p != nil {
				e.Menu = append(e.Menu, p)
				inMenu[p.Path] = true
			}
		}
	}
	for _, folder := range kindFolders {
		if p := e.sections[folder]; p != nil && !inMenu[folder] {
			e.Footer = append(e.Footer, p)
		}
	}
	for _, p := range e.Plain {
		if !inMenu[p.Path] && p.Plain.Menu != "" {
			e.Footer = append(e.Footer, p)
		}
	}
}
