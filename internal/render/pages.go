package render

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"

	"pendapa/internal/model"
	"pendapa/internal/opendata"
	"pendapa/internal/site"
)

// perPage is how many entries a list shows on one page.
const perPage = 20

// onHome and onKind are how many quick wins the home page, and the page of an agency or dimension, show before they
// lead to the whole list.
const (
	onHome = 12
	onKind = 20
)

// Pagination is where in a list of several pages one is.
type Pagination struct {
	Number, Total  int
	Previous, Next string // addresses; empty at the ends
}

// paginate cuts a list into pages of perPage entries and makes an output of each; a list that is empty has one page.
func paginate[T any](r *Renderer, url string, perPage int, list []T, output func(url string, page []T, p Pagination) Output) []Output {
	total := max((len(list)+perPage-1)/perPage, 1)
	at := func(n int) string {
		switch {
		case n < 1 || n > total:
			return ""
		case n == 1:
			return url
		}
		return url + "halaman/" + strconv.Itoa(n) + "/"
	}
	link := func(n int) string {
		if n < 1 || n > total {
			return ""
		}
		return r.site.Settings.Base() + escapePath(at(n))
	}
	var outputs []Output
	for n := 1; n <= total; n++ {
		part := list[(n-1)*perPage : min(n*perPage, len(list))]
		outputs = append(outputs, output(at(n), part, Pagination{n, total, link(n - 1), link(n + 1)}))
	}
	return outputs
}

// HomeView is the home page.
type HomeView struct {
	View
	Totals       TotalsView
	QuickWins    []*site.QuickWin
	AllQuickWins *site.Page // the whole list, where it is longer
	Latest       []site.Change
	Chapters     []*site.Chapter
	Dimensions   []*site.Dimension
}

// ListView is a list of pages of a kind, or a part of it.
type ListView struct {
	View
	Lead       string
	Pagination Pagination
}

// QuickWinsView is the list of quick wins, whole or filtered.
type QuickWinsView struct {
	ListView
	QuickWins  []*site.QuickWin // on this page of the list
	Count      int              // on all of its pages
	TotalsView *TotalsView
	Filters    []Filter
	Filtered   bool
	All        *site.Page
}

// Filter is a way to narrow the list of quick wins.
type Filter struct {
	Name    string // status, dimension or agency
	Chosen  string
	Open    bool
	Choices []Choice
}

// Choice is one value of a filter.
type Choice struct {
	Text  string
	Href  string
	Count int
	Here  bool
}

// QuickWinView is the page of a quick win.
type QuickWinView struct {
	View
	Win        *site.QuickWin
	Facts      *model.QuickWin
	Indicators []IndicatorView // those that the page's own text does not show
	Road       RoadView        // empty where the page's own text shows it
	News       []*site.News
	Data       string // address of all its figures as a file, where several indicators have any
}

// NewsListView is the list of news, whole or of a year.
type NewsListView struct {
	ListView
	News  []*site.News
	Years []Choice
}

// NewsView is a page of news.
type NewsView struct {
	View
	Item     *site.News
	Facts    *model.News
	Previous *site.Page // the older
	Next     *site.Page // the newer
	Event    string     // address of its event as a file for calendars; empty: it tells of none
}

// MasterplanView is the contents of the masterplan.
type MasterplanView struct {
	View
	Plan     *site.Masterplan
	Print    *site.Page    // the masterplan as one document
	Editions []EditionLink // earlier ones, newest first
}

// ChapterView is a chapter of the masterplan.
type ChapterView struct {
	View
	Chapter *site.Chapter
}

// SectionView is a section of the masterplan.
type SectionView struct {
	View
	Section *site.Section
	Facts   *model.Section
}

// AgenciesView is the list of agencies.
type AgenciesView struct {
	ListView
	Agencies []*site.Agency
	Unowned  int // quick wins whose owner is not known
}

// AgencyView is the page of an agency.
type AgencyView struct {
	View
	Agency     *site.Agency
	Facts      *model.Agency
	HasFacts   bool
	TotalsView TotalsView
	Wins       []*site.QuickWin
	MoreWins   string // address of the whole list, where it is longer
	Partner    []*site.QuickWin
	News       []*site.News
}

// DimensionsView is the list of dimensions.
type DimensionsView struct {
	ListView
	Dimensions []*site.Dimension
	Unplaced   int // quick wins of no dimension
}

// DimensionView is the page of a dimension.
type DimensionView struct {
	View
	Dimension  *site.Dimension
	Facts      *model.Dimension
	TotalsView TotalsView
	Wins       []*site.QuickWin
	MoreWins   string
	Sections   []*site.Section
	News       []*site.News
}

// TermsView is the list of terms.
type TermsView struct {
	ListView
	Terms []*site.Term
}

// TermView is the page of a term.
type TermView struct {
	View
	Term *site.Term
}

// FolderView is the list of a folder's pages.
type FolderView struct {
	ListView
	Pages   []*site.Page
	Folders []*site.Folder
}

// PageView is a plain page.
type PageView struct{ View }

// NotFoundView is the page that a host shows for an address that leads nowhere.
type NotFoundView struct {
	View
	Menu []*site.Page
}

// pages plans the pages of an edition.
func (r *Renderer) pages(e *site.Edition) []Output {
	outputs := []Output{r.home(e), r.notFound(e)}
	add := func(p *site.Page, layout string, view func(View) (any, error)) {
		if p.Edition == e {
			outputs = append(outputs, r.page(e, p, p.URL, layout, view))
		}
	}
	outputs = append(outputs, r.quickWins(e)...)
	for _, q := range e.QuickWins {
		add(q.Page, "quick-win.html", func(v View) (any, error) { return r.quickWin(v, q), nil })
	}
	outputs = append(outputs, r.newsLists(e)...)
	for i, n := range e.News {
		add(n.Page, "news.html", func(v View) (any, error) {
			view := NewsView{Item: n, Facts: n.Document.News}
			view.View, _ = r.withBody(v)
			if hasDay(n) {
				view.Event = r.site.Settings.Base() + escapePath(n.URL) + eventFile
			}
			if i > 0 {
				view.Next = e.News[i-1].Page
			}
			if i+1 < len(e.News) {
				view.Previous = e.News[i+1].Page
			}
			return view, nil
		})
	}
	outputs = append(outputs, r.masterplan(e)...)
	outputs = append(outputs, r.agenciesAndDimensions(e)...)
	if p := e.Section("istilah"); p != nil {
		add(p, "terms.html", func(v View) (any, error) {
			v, _ = r.withBody(v)
			return TermsView{ListView{View: v, Lead: p.Summary}, e.Terms}, nil
		})
	}
	for _, t := range e.Terms {
		add(t.Page, "term.html", func(v View) (any, error) {
			v, _ = r.withBody(v)
			return TermView{v, t}, nil
		})
	}
	for _, f := range e.Folders {
		if f.Page.Edition == e && !r.isYear(e, f.Page) {
			outputs = append(outputs, r.folder(e, f)...)
		}
	}
	outputs = append(outputs, r.search(e)...)
	for _, p := range e.Plain {
		add(p, "page.html", func(v View) (any, error) {
			v, _ = r.withBody(v)
			return PageView{v}, nil
		})
	}
	return outputs
}

func (r *Renderer) home(e *site.Edition) Output {
	return r.page(e, e.Home, e.Prefix, "home.html", func(v View) (any, error) {
		v, _ = r.withBody(v)
		v.Contents = nil
		view := HomeView{View: v, Totals: r.totalsView(e, e.Totals, true), Latest: e.Latest(6), Chapters: e.Masterplan.Chapters, Dimensions: e.Dimensions}
		view.QuickWins = e.QuickWins[:min(onHome, len(e.QuickWins))]
		if len(e.QuickWins) > onHome {
			view.AllQuickWins = e.Section("quick-wins")
		}
		view.Chapters = view.Chapters[:min(len(view.Chapters), onHome)]
		return view, nil
	})
}

func (r *Renderer) notFound(e *site.Edition) Output {
	o := r.page(e, e.Home, e.Prefix+"404.html", "404.html", func(v View) (any, error) {
		v.NoIndex, v.Breadcrumbs, v.Alternates, v.Languages = true, nil, nil, nil
		v.retitle(e.Lang.T("404.title"))
		return NotFoundView{v, append([]*site.Page{e.Home}, e.Menu...)}, nil
	})
	o.Path = e.Prefix + "404.html"
	return o
}

// filterFolders are the parts of an address that filters stand under.
var filterFolders = map[string]string{"status": "status", "dimension": "dimensi", "agency": "opd"}

func filterURL(e *site.Edition, filter, value string) string {
	return e.Prefix + "quick-wins/" + filterFolders[filter] + "/" + value + "/"
}

// quickWins plans the list of quick wins and its parts by status, dimension and agency.
func (r *Renderer) quickWins(e *site.Edition) []Output {
	p := e.Section("quick-wins")
	if p == nil {
		return nil
	}
	base := r.site.Settings.Base()
	choices := func(filter, value string) []Filter {
		filters := []Filter{{Name: "status"}, {Name: "dimension"}, {Name: "agency"}}
		add := func(f *Filter, id, text string, count int) {
			if count == 0 {
				return
			}
			c := Choice{Text: text, Href: base + filterURL(e, f.Name, id), Count: count, Here: f.Name == filter && id == value}
			if c.Here {
				f.Chosen, f.Open = text, true
			}
			f.Choices = append(f.Choices, c)
		}
		for _, s := range model.Statuses() {
			add(&filters[0], string(s), e.Lang.T("status."+string(s)), e.Totals.Count(s))
		}
		for _, d := range e.Dimensions {
			add(&filters[1], d.ID, d.Title, len(d.QuickWins))
		}
		for _, a := range e.Agencies {
			add(&filters[2], a.ID, a.MenuTitle(), len(a.QuickWins))
		}
		return slices.DeleteFunc(filters, func(f Filter) bool { return len(f.Choices) == 0 })
	}
	list := func(url, title, filter, value string, wins []*site.QuickWin, totals *TotalsView) []Output {
		return paginate(r, url, perPage, wins, func(at string, part []*site.QuickWin, pagination Pagination) Output {
			return r.page(e, p, at, "quick-wins.html", func(v View) (any, error) {
				if at == p.URL {
					v, _ = r.withBody(v)
					v.Contents = nil
				}
				view := QuickWinsView{ListView: r.list(v, title, p, pagination), QuickWins: part, Count: len(wins), TotalsView: totals, Filters: choices(filter, value), Filtered: filter != "", All: p}
				return view, nil
			})
		})
	}
	var outputs []Output
	if p.Edition == e {
		whole := r.totalsView(e, e.Totals, true)
		outputs = list(p.URL, p.Title, "", "", e.QuickWins, &whole)
	}
	for _, s := range model.Statuses() {
		var wins []*site.QuickWin
		for _, q := range e.QuickWins {
			if q.Document.QuickWin.Status == s {
				wins = append(wins, q)
			}
		}
		if len(wins) > 0 {
			outputs = append(outputs, list(filterURL(e, "status", string(s)), p.Title+": "+e.Lang.T("status."+string(s)), "status", string(s), wins, nil)...)
		}
	}
	for _, d := range e.Dimensions {
		if len(d.QuickWins) > 0 {
			totals := r.totalsView(e, d.Totals, false)
			outputs = append(outputs, list(filterURL(e, "dimension", d.ID), p.Title+": "+d.Title, "dimension", d.ID, d.QuickWins, &totals)...)
		}
	}
	for _, a := range e.Agencies {
		if len(a.QuickWins) > 0 {
			totals := r.totalsView(e, a.Totals, false)
			outputs = append(outputs, list(filterURL(e, "agency", a.ID), p.Title+": "+a.MenuTitle(), "agency", a.ID, a.QuickWins, &totals)...)
		}
	}
	return outputs
}

// list completes the view of a list: its title says where in the list the page is.
func (r *Renderer) list(v View, title string, p *site.Page, pagination Pagination) ListView {
	whole := title
	if pagination.Number > 1 {
		whole = fmt.Sprintf("%s (%s)", title, v.Lang.T("pagination.page", pagination.Number, pagination.Total))
	}
	v.retitle(whole)
	lead := p.Summary
	if title != p.Title || pagination.Number > 1 {
		lead, v.Description = "", ""
	}
	return ListView{v, lead, pagination}
}

func (r *Renderer) quickWin(v View, q *site.QuickWin) QuickWinView {
	v, env := r.withBody(v)
	view := QuickWinView{View: v, Win: q, Facts: q.Document.QuickWin, News: q.News[:min(len(q.News), perPage)]}
	for _, in := range q.Indicators {
		if !env.shown[q.Path+"#"+in.ID.ID] {
			iv := r.indicatorView(v.Edition, in)
			iv.ID, iv.Heading = in.Anchor(), true
			view.Indicators = append(view.Indicators, iv)
		}
	}
	if q.Measured() > 1 {
		view.Data = r.site.Settings.Base() + escapePath(opendata.QuickWinPath(q))
	}
	if !env.shown[q.Path] {
		view.Road = r.roadView(v.Edition, q)
	}
	return view
}

// newsLists plans the list of all news and those of the years.
func (r *Renderer) newsLists(e *site.Edition) []Output {
	p := e.Section("bintek")
	if p == nil {
		return nil
	}
	byYear := make(map[int][]*site.News)
	var years []int
	for _, n := range e.News {
		y := n.Document.News.Date.Year()
		if byYear[y] == nil {
			years = append(years, y)
		}
		byYear[y] = append(byYear[y], n)
	}
	slices.SortFunc(years, func(a, b int) int { return cmp.Compare(b, a) })
	url := func(y int) string { return e.Prefix + "bintek/" + strconv.Itoa(y) + "/" }
	choices := func(here int) []Choice {
		var list []Choice
		for _, y := range years {
			list = append(list, Choice{Text: strconv.Itoa(y), Href: r.site.Settings.Base() + url(y), Count: len(byYear[y]), Here: y == here})
		}
		return list
	}
	list := func(p *site.Page, at, title string, year int, news []*site.News) []Output {
		return paginate(r, at, perPage, news, func(at string, part []*site.News, pagination Pagination) Output {
			return r.page(e, p, at, "news-list.html", func(v View) (any, error) {
				if at == p.URL {
					v, _ = r.withBody(v)
					v.Contents = nil
				}
				return NewsListView{r.list(v, title, p, pagination), part, choices(year)}, nil
			})
		})
	}
	var outputs []Output
	if p.Edition == e {
		outputs = list(p, p.URL, p.Title, 0, e.News)
	}
	for _, y := range years {
		page, title := p, p.Title+" "+strconv.Itoa(y)
		for _, f := range e.Folders { // a folder of the year may describe it
			if f.Path == "bintek/"+strconv.Itoa(y) && f.Page.Edition == e {
				page, title = f.Page, f.Title
			}
		}
		outputs = append(outputs, list(page, url(y), title, y, byYear[y])...)
	}
	return outputs
}

// isYear reports whether a folder describes a year that has a list of its own.
func (r *Renderer) isYear(e *site.Edition, p *site.Page) bool {
	if path.Dir(p.Path) != "bintek" {
		return false
	}
	return slices.ContainsFunc(e.News, func(n *site.News) bool {
		return strconv.Itoa(n.Document.News.Date.Year()) == path.Base(p.Path)
	})
}

func (r *Renderer) masterplan(e *site.Edition) []Output {
	var outputs []Output
	add := func(p *site.Page, layout string, view func(View) any) {
		if p.Edition == e {
			outputs = append(outputs, r.page(e, p, p.URL, layout, func(v View) (any, error) {
				v, _ = r.withBody(v)
				return view(v), nil
			}))
		}
	}
	if e.Masterplan.Page != nil {
		add(e.Masterplan.Page, "masterplan.html", func(v View) any {
			v.Contents = nil
			return MasterplanView{v, e.Masterplan, e.Print, r.editionLinks()}
		})
	}
	for _, c := range e.Masterplan.Chapters {
		add(c.Page, "chapter.html", func(v View) any { return ChapterView{v, c} })
		for _, s := range c.Sections {
			add(s.Page, "section.html", func(v View) any { return SectionView{v, s, s.Document.Section} })
		}
	}
	return outputs
}

func (r *Renderer) agenciesAndDimensions(e *site.Edition) []Output {
	var outputs []Output
	add := func(p *site.Page, layout string, view func(View) any) {
		if p != nil && p.Edition == e {
			outputs = append(outputs, r.page(e, p, p.URL, layout, func(v View) (any, error) {
				v, _ = r.withBody(v)
				return view(v), nil
			}))
		}
	}
	if p := e.Section("opd"); p != nil {
		add(p, "agencies.html", func(v View) any {
			view := AgenciesView{ListView: ListView{View: v, Lead: p.Summary}, Agencies: e.Agencies}
			for _, q := range e.QuickWins {
				if q.Owner == nil {
					view.Unowned++
				}
			}
			return view
		})
	}
	base := r.site.Settings.Base()
	for _, a := range e.Agencies {
		add(a.Page, "agency.html", func(v View) any {
			facts := a.Document.Agency
			view := AgencyView{View: v, Agency: a, Facts: facts, TotalsView: r.totalsView(e, a.Totals, false),
				Wins: a.QuickWins[:min(onKind, len(a.QuickWins))], Partner: a.Partner[:min(onKind, len(a.Partner))], News: a.News[:min(onKind, len(a.News))],
				HasFacts: facts.Website != "" || facts.Email != "" || facts.Phone != "" || facts.Address != "" || len(a.Below) > 0}
			if len(a.QuickWins) > onKind {
				view.MoreWins = base + filterURL(e, "agency", a.ID)
			}
			return view
		})
	}
	if p := e.Section("dimensi"); p != nil {
		add(p, "dimensions.html", func(v View) any {
			view := DimensionsView{ListView: ListView{View: v, Lead: p.Summary}, Dimensions: e.Dimensions}
			for _, q := range e.QuickWins {
				if len(q.Dimensions) == 0 {
					view.Unplaced++
				}
			}
			return view
		})
	}
	for _, d := range e.Dimensions {
		add(d.Page, "dimension.html", func(v View) any {
			view := DimensionView{View: v, Dimension: d, Facts: d.Document.Dimension, TotalsView: r.totalsView(e, d.Totals, false),
				Wins: d.QuickWins[:min(onKind, len(d.QuickWins))], Sections: d.Sections[:min(onKind, len(d.Sections))], News: d.News[:min(onKind, len(d.News))]}
			if len(d.QuickWins) > onKind {
				view.MoreWins = base + filterURL(e, "dimension", d.ID)
			}
			return view
		})
	}
	return outputs
}

func (r *Renderer) folder(e *site.Edition, f *site.Folder) []Output {
	return paginate(r, f.URL, perPage, f.Pages, func(at string, part []*site.Page, pagination Pagination) Output {
		return r.page(e, f.Page, at, "folder.html", func(v View) (any, error) {
			view := FolderView{Pages: part}
			if at == f.URL {
				v, _ = r.withBody(v)
				view.Folders = f.Folders
			}
			view.ListView = r.list(v, f.Title, f.Page, pagination)
			return view, nil
		})
	})
}
