package site

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
)

// agencyFolder is the folder of the agencies, below content/.
const agencyFolder = "opd"

// Options say which pages a site takes in beyond the published ones.
type Options struct {
	Drafts bool // pages marked draft
	Future bool // pages before their publish date or after they expired

	Record     bool              // whether it is known what promises stated before
	Amendments []model.Amendment // that, newest first

	PlanAt string // where the masterplan stands, with a slash at its end; empty: where it always does
}

// The folders whose lists are pages of their own, with the kinds in them, in the order of the default menu.
var kindFolders = []string{"quick-wins", "bintek", "masterplan", "opd", "dimensi", "istilah"}

// New links documents into a site as of a day. Translations are whole documents (see [model.Translate]). Every problem
// of the graph goes to problems; where there are errors, the site is good for checking and not for publishing.
func New(settings *config.Settings, docs []*model.Document, asOf time.Time, options Options, problems *diag.List) *Site {
	s := &Site{Settings: settings, AsOf: asOf, byFile: make(map[string]*Page), hidden: make(map[string]bool)}
	l := linker{site: s, problems: problems, planAt: options.PlanAt}
	var own []*model.Document
	translations := make(map[locale.Lang]map[string]*model.Document)
	for _, doc := range docs {
		switch {
		case hidden(doc, asOf, options):
			s.hidden[norm.NFC.String(doc.File)] = true
		case doc.Lang == settings.Lang():
			own = append(own, doc)
		default:
			if translations[doc.Lang] == nil {
				translations[doc.Lang] = make(map[string]*model.Document)
			}
			translations[doc.Lang][doc.Path] = doc
		}
	}
	// A chapter that is not published takes its sections with it.
	own = slices.DeleteFunc(own, func(doc *model.Document) bool {
		if doc.Kind != model.KindSection || !s.hidden["content/"+path.Dir(doc.Path)+"/_index.md"] {
			return false
		}
		s.hidden[norm.NFC.String(doc.File)] = true
		return true
	})
	slices.SortFunc(own, func(a, b *model.Document) int { return strings.Compare(a.Path, b.Path) })
	l.original(own)
	l.drafts(docs)
	for _, lang := range settings.Translations() {
		l.translated(lang, translations[lang])
	}
	for _, e := range s.Editions {
		l.finish(e)
		if options.Record {
			l.amendments(e, options.Amendments)
		}
	}
	for _, e := range s.Editions {
		for _, other := range s.Editions {
			if e == other {
				continue
			}
			if e.Search != nil {
				e.Search.Translations = append(e.Search.Translations, other.Search)
			}
			for _, pair := range [][2]*Page{{e.Data, other.Data}, {e.Comparison, other.Comparison}, {e.Proof, other.Proof}, {e.Changes, other.Changes}, {e.Print, other.Print}} {
				if pair[0] != nil && pair[1] != nil {
					pair[0].Translations = append(pair[0].Translations, pair[1])
				}
			}
		}
	}
	return s
}

// drafts tells of drafts that could not be published, as a page stands at their address. (A page outside its dates may
// take another's place when its day comes.)
func (l *linker) drafts(docs []*model.Document) {
	if l.planAt != "" {
		return // of what was adopted nobody can rename anything
	}
	at := make(map[string]*Page)
	for _, p := range l.site.Editions[0].own {
		if !p.Generated {
			at[p.URL] = p
		}
	}
	for _, doc := range docs {
		if p := at[address(doc)]; p != nil && doc.Draft && doc.Lang == p.Lang && l.site.hidden[norm.NFC.String(doc.File)] {
			l.problems.Add(diag.Problem{File: doc.File, Message: diag.Textf("the address /%s is taken by %s", p.URL, p.File), Hint: diag.Textf("rename one of the two, or give it a slug")})
		}
	}
}

func hidden(doc *model.Document, asOf time.Time, options Options) bool {
	today := model.DayOf(asOf)
	return doc.Draft && !options.Drafts ||
		!options.Future && (doc.Publish.Set() && doc.Publish.Day() > today || doc.Expires.Set() && doc.Expires.Day() <= today)
}

type linker struct {
	site     *Site
	problems *diag.List
	planAt   string

	wins     map[string]*QuickWin
	sections map[string]*Section
	chapters map[string]*Chapter
	agencies map[string]*Agency
	terms    map[string]*Term
	pages    map[string]*Page // by path below content/
}

func (l *linker) edition(lang locale.Lang) *Edition {
	e := &Edition{Site: l.site, Lang: lang, sections: make(map[string]*Page)}
	if lang != l.site.Settings.Lang() {
		e.Prefix = string(lang) + "/"
	}
	l.site.Editions = append(l.site.Editions, e)
	return e
}

func (l *linker) page(e *Edition, doc *model.Document) *Page {
	p := &Page{Document: doc, Edition: e, URL: e.Prefix + address(doc)}
	if rest, of := strings.CutPrefix(p.URL, "masterplan/"); of && l.planAt != "" {
		p.URL = l.planAt + rest
	}
	l.site.byFile[norm.NFC.String(doc.File)] = p
	e.own = append(e.own, p)
	return p
}

// address is where a document stands, below the edition's prefix.
func address(doc *model.Document) string {
	if doc.Kind == model.KindHome {
		return ""
	}
	if doc.Slug != "" {
		return path.Join(path.Dir(doc.Path), doc.Slug) + "/"
	}
	return doc.Path + "/"
}

// generated is a page that has no file, such as the list of a folder without an _index.md.
func (l *linker) generated(e *Edition, contentPath, title string) *Page {
	doc := &model.Document{Common: model.Common{Title: title}, Plain: &model.Plain{},
		Place: model.Place{File: "content/" + contentPath + "/_index.md", Kind: model.KindFolder, ID: contentPath, Path: contentPath, Lang: e.Lang}}
	p := &Page{Document: doc, Edition: e, URL: e.Prefix + address(doc), Generated: true}
	if contentPath == "." {
		doc.Kind, doc.File = model.KindHome, "content/_index.md"
		p.URL = e.Prefix
	}
	e.own = append(e.own, p)
	return p
}

// original builds the edition of the portal's own language, with every relation.
func (l *linker) original(docs []*model.Document) {
	e := l.edition(l.site.Settings.Lang())
	l.wins, l.sections, l.chapters = make(map[string]*QuickWin), make(map[string]*Section), make(map[string]*Chapter)
	l.agencies, l.terms, l.pages = make(map[string]*Agency), make(map[string]*Term), make(map[string]*Page)
	dimensions := make(map[string]*Page)
	var folders []*Page
	for _, doc := range docs {
		p := l.page(e, doc)
		l.pages[doc.Path] = p
		switch doc.Kind {
		case model.KindHome:
			e.Home = p
		case model.KindQuickWin:
			q := &QuickWin{Page: p}
			l.wins[doc.ID] = q
			e.QuickWins = append(e.QuickWins, q)
		case model.KindNews:
			e.News = append(e.News, &News{Page: p})
		case model.KindChapter:
			l.chapters[doc.ID] = &Chapter{Page: p}
		case model.KindSection:
			l.sections[doc.ID] = &Section{Page: p}
		case model.KindAgency:
			a := &Agency{Page: p}
			l.agencies[doc.ID] = a
			e.Agencies = append(e.Agencies, a)
		case model.KindDimension:
			dimensions[doc.ID] = p
		case model.KindTerm:
			t := &Term{Page: p}
			l.terms[doc.ID] = t
			e.Terms = append(e.Terms, t)
		case model.KindFolder, model.KindPlan:
			if slices.Contains(kindFolders, doc.Path) {
				e.sections[doc.Path] = p
			} else {
				folders = append(folders, p)
			}
		default:
			e.Plain = append(e.Plain, p)
		}
	}
	if e.Home == nil {
		e.Home = l.generated(e, ".", l.site.Settings.Title)
	}
	for _, id := range model.DimensionIDs() {
		p := dimensions[id]
		if p == nil {
			p = l.generated(e, "dimensi/"+id, e.Lang.T("dimension."+id))
			p.Kind, p.ID, p.Dimension = model.KindDimension, id, &model.Dimension{Icon: id}
			p.Summary = e.Lang.T("dimension." + id + ".summary")
			l.pages[p.Path] = p
		}
		e.Dimensions = append(e.Dimensions, &Dimension{Page: p})
	}
	slices.SortStableFunc(e.Dimensions, func(a, b *Dimension) int {
		return cmp.Compare(a.Document.Dimension.Order, b.Document.Dimension.Order)
	})
	l.masterplan(e)
	for _, folder := range kindFolders {
		if e.sections[folder] == nil && (folder == "dimensi" || l.anyBelow(folder)) {
			e.sections[folder] = l.generated(e, folder, e.Lang.T("section."+folder))
		}
		if p := e.sections[folder]; p != nil {
			l.pages[folder] = p
		}
	}
	e.Masterplan.Page = e.sections["masterplan"]
	l.relate(e)
	l.folders(e, folders)
}

func (l *linker) anyBelow(folder string) bool {
	for p := range l.pages {
		if strings.HasPrefix(p, folder+"/") {
			return true
		}
	}
	return false
}

// unknownRef reports a reference that leads nowhere, with the nearest that leads somewhere. References to pages that are
// not published are dropped without a word: they come by themselves when the page is.
func (l *linker) unknownRef(p *Page, ref model.Ref, what diag.Text, folder string, ids []string) {
	if l.hiddenRef(folder, ref.ID) {
		return
	}
	hint := diag.Textf("there is none yet; write it as content/%s/%s.md", folder, ref.ID)
	if len(ids) > 0 {
		slices.Sort(ids)
		hint = diag.DidYouMean(ref.ID, ids, diag.Textf("use the name of a file in content/%s without .md", folder))
	}
	l.problems.Add(diag.Problem{File: p.File, Pos: ref.Pos, Width: len([]rune(ref.ID)), Message: diag.Textf("no %s has the id %q", what, ref.ID), Hint: hint})
}

// hiddenRef reports whether an id names a page that is not published.
func (l *linker) hiddenRef(folder, id string) bool {
	for _, ending := range []string{".md", "/index.md", "/_index.md"} {
		if l.site.hidden["content/"+folder+"/"+id+ending] {
			return true
		}
	}
	return false
}

// resolve looks references up, each once, and reports the unknown.
func resolve[T any](l *linker, p *Page, refs []model.Ref, known map[string]T, what diag.Text, folder string) []T {
	var found []T
	for i, ref := range refs {
		if ref.ID == "" || folder == agencyFolder && ref.ID == model.UnknownOwner {
			continue // none is named
		}
		if slices.ContainsFunc(refs[:i], func(r model.Ref) bool { return r.ID == ref.ID }) {
			continue
		}
		if t, ok := known[ref.ID]; ok {
			found = append(found, t)
		} else {
			l.unknownRef(p, ref, what, folder, slices.Collect(maps.Keys(known)))
		}
	}
	return found
}

func one[T any](found []T) T {
	var none T
	if len(found) == 0 {
		return none
	}
	return found[0]
}

func (l *linker) relate(e *Edition) {
	dimensions := make(map[string]*Dimension)
	for _, d := range e.Dimensions {
		dimensions[d.ID] = d
	}
	agency := func(p *Page, refs ...model.Ref) []*Agency {
		return resolve(l, p, refs, l.agencies, diag.Textf("agency"), agencyFolder)
	}
	for _, a := range e.Agencies {
		a.Above = one(agency(a.Page, a.Document.Agency.Parent))
	}
	l.breakCycles(e)
	for _, q := range e.QuickWins {
		facts := q.Document.QuickWin
		q.Owner = one(agency(q.Page, facts.Owner))
		if q.Owner == nil && l.hiddenRef("opd", facts.Owner.ID) {
			l.problems.Add(diag.Problem{File: q.File, Pos: facts.Owner.Pos, Width: len([]rune(facts.Owner.ID)), Message: diag.Textf("the owner %q is not published", facts.Owner.ID), Hint: diag.Textf("publish the agency's page, or make this page a draft too: a promise without its owner would be half a truth")})
		}
		q.Partners = agency(q.Page, facts.Partners...)
		q.Dimensions = resolve(l, q.Page, facts.Dimensions, dimensions, diag.Textf("dimension"), "dimensi")
		l.derive(q)
		for _, ref := range facts.Masterplan {
			if c, ok := l.chapters[ref.ID]; ok {
				c.Serving = appendOnce(c.Serving, q)
				q.Chapters = appendOnce(q.Chapters, c)
			} else if s := one(resolve(l, q.Page, []model.Ref{ref}, l.sections, diag.Textf("section or chapter of the masterplan"), "masterplan")); s != nil {
				s.QuickWins = appendOnce(s.QuickWins, q)
				q.Sections = appendOnce(q.Sections, s)
			}
		}
	}
	sort := l.collator()
	slices.SortStableFunc(e.QuickWins, func(a, b *QuickWin) int {
		endA, endB := a.Document.QuickWin.End, b.Document.QuickWin.End
		if endA.Set() != endB.Set() {
			if endA.Set() {
				return -1
			}
			return 1
		}
		return cmp.Or(endA.Compare(endB.Time), sort(a.Title, b.Title))
	})
	slices.SortStableFunc(e.Agencies, func(a, b *Agency) int { return sort(a.Title, b.Title) })
	slices.SortStableFunc(e.Terms, func(a, b *Term) int { return sort(a.Title, b.Title) })
	slices.SortFunc(e.News, func(a, b *News) int {
		return cmp.Or(b.Document.News.Date.Compare(a.Document.News.Date.Time), strings.Compare(a.Path, b.Path))
	})
	// From here on in the order of the lists, so that what is collected is in that order too.
	for _, q := range e.QuickWins {
		if q.Owner != nil {
			q.Owner.QuickWins = append(q.Owner.QuickWins, q)
		}
		for _, a := range q.Partners {
			if a != q.Owner {
				a.Partner = append(a.Partner, q)
			}
		}
		for _, d := range q.Dimensions {
			d.QuickWins = append(d.QuickWins, q)
		}
	}
	for _, n := range e.News {
		facts := n.Document.News
		n.QuickWins = resolve(l, n.Page, facts.QuickWins, l.wins, diag.Textf("quick win"), "quick-wins")
		n.Dimensions = resolve(l, n.Page, facts.Dimensions, dimensions, diag.Textf("dimension"), "dimensi")
		n.Owner = one(agency(n.Page, facts.Owner))
		for _, q := range n.QuickWins {
			q.News = append(q.News, n)
		}
		for _, d := range n.Dimensions {
			d.News = append(d.News, n)
		}
		if n.Owner != nil {
			n.Owner.News = append(n.Owner.News, n)
		}
	}
	for _, c := range e.Masterplan.Chapters {
		for _, q := range resolve(l, c.Page, c.Document.Section.QuickWins, l.wins, diag.Textf("quick win"), "quick-wins") {
			c.Serving = appendOnce(c.Serving, q)
			q.Chapters = appendOnce(q.Chapters, c)
		}
		resolve(l, c.Page, c.Document.Section.Dimensions, dimensions, diag.Textf("dimension"), "dimensi")
		for _, s := range c.Sections {
			for _, q := range resolve(l, s.Page, s.Document.Section.QuickWins, l.wins, diag.Textf("quick win"), "quick-wins") {
				s.QuickWins = appendOnce(s.QuickWins, q)
				q.Sections = appendOnce(q.Sections, s)
			}
			s.Dimensions = resolve(l, s.Page, s.Document.Section.Dimensions, dimensions, diag.Textf("dimension"), "dimensi")
			for _, d := range s.Dimensions {
				d.Sections = append(d.Sections, s)
			}
			if len(s.QuickWins) == 0 && len(c.Serving) == 0 {
				e.Masterplan.Unserved = append(e.Masterplan.Unserved, s)
			}
		}
	}
	for _, q := range e.QuickWins {
		if len(q.Sections) == 0 && len(q.Chapters) == 0 {
			e.Masterplan.Homeless = append(e.Masterplan.Homeless, q)
		}
	}
	for _, t := range e.Terms {
		t.See = resolve(l, t.Page, t.Document.Term.See, l.terms, diag.Textf("term"), "istilah")
	}
}

func appendOnce[T comparable](list []T, t T) []T {
	if slices.Contains(list, t) {
		return list
	}
	return append(list, t)
}

// breakCycles reports agencies that stand above themselves.
func (l *linker) breakCycles(e *Edition) {
	for _, a := range e.Agencies {
		seen := make(map[*Agency]bool)
		for above := a.Above; above != nil && !seen[above]; above = above.Above {
			if above == a {
				parent := a.Document.Agency.Parent
				l.problems.Add(diag.Problem{File: a.File, Pos: parent.Pos, Width: len([]rune(parent.ID)), Message: diag.Textf("the agency stands above itself, through %q", parent.ID), Hint: diag.Textf("correct parent here or there")})
				a.Above = nil
				break
			}
			seen[above] = true
		}
	}
	for _, a := range e.Agencies {
		if a.Above != nil {
			a.Above.Below = append(a.Above.Below, a)
		}
	}
}

func (l *linker) derive(q *QuickWin) {
	q.Document = asKnown(q.Document, l.site.AsOf)
	facts := q.Document.QuickWin
	q.Indicators, q.Milestones = nil, nil
	for _, in := range facts.Indicators {
		d := derive(in, l.site.AsOf)
		d.Win = q
		q.Indicators = append(q.Indicators, d)
	}
	taken := make(map[string]bool)
	for _, m := range facts.Milestones {
		known := milestone(m, l.site.AsOf)
		id := "tonggak/" + model.Slugify(m.Title)
		known.ID = id
		for n := 2; taken[known.ID]; n++ {
			known.ID = id + "-" + strconv.Itoa(n)
		}
		taken[known.ID] = true
		q.Milestones = append(q.Milestones, known)
	}
	q.LastReport, q.NextUpdate, q.Overdue = time.Time{}, time.Time{}, false
	q.nextUpdate(l.site.AsOf)
	q.Absorbed = absorbed(facts.Budget)
}

// asKnown is a quick win as it is known on a day: money that was spent is told with its day, and one that is to come is not
// known yet.
func asKnown(doc *model.Document, asOf time.Time) *model.Document {
	b := doc.QuickWin.Budget
	if b == nil || !b.AsOf.Set() || b.AsOf.Day() <= model.DayOf(asOf) {
		return doc
	}
	known, facts, budget := *doc, *doc.QuickWin, *b
	budget.Spent, budget.AsOf = nil, model.Date{}
	facts.Budget, known.QuickWin = &budget, &facts
	return &known
}

// collator compares titles as a dictionary of the portal's language does.
func (l *linker) collator() func(a, b string) int { return collator(l.site.Settings.Lang()) }

// collator compares texts as a language orders them, numbers by their value.
func collator(lang locale.Lang) func(a, b string) int {
	c := collate.New(language.Make(string(lang)), collate.Numeric)
	return func(a, b string) int { return cmp.Or(c.CompareString(a, b), strings.Compare(a, b)) }
}

// masterplan orders and numbers chapters and sections.
func (l *linker) masterplan(e *Edition) {
	e.Masterplan = &Masterplan{}
	byOrder := func(a, b *model.Document) int {
		return cmp.Or(cmp.Compare(a.Section.Order.Value, b.Section.Order.Value), strings.Compare(a.Path, b.Path))
	}
	for _, c := range l.chapters {
		c.Number = cmp.Or(c.Document.Section.Number, strconv.Itoa(c.Document.Section.Order.Value))
		e.Masterplan.Chapters = append(e.Masterplan.Chapters, c)
	}
	slices.SortFunc(e.Masterplan.Chapters, func(a, b *Chapter) int { return byOrder(a.Document, b.Document) })
	for _, id := range slices.Sorted(maps.Keys(l.sections)) {
		s := l.sections[id]
		folder := path.Dir(s.ID)
		s.Chapter = l.chapters[folder]
		if s.Chapter == nil {
			if !l.site.hidden["content/masterplan/"+folder+"/_index.md"] {
				l.problems.Add(diag.Problem{File: s.File, Message: diag.Textf("the chapter %q has no _index.md", folder), Hint: diag.Textf("write content/masterplan/%s/_index.md with title and order", folder)})
			}
			continue
		}
		s.Number = cmp.Or(s.Document.Section.Number, s.Chapter.Number+"."+strconv.Itoa(s.Document.Section.Order.Value))
		s.Chapter.Sections = append(s.Chapter.Sections, s)
	}
	var reading []*Page
	link := make(map[*Page][2]**Page)
	for i, c := range e.Masterplan.Chapters {
		if i > 0 {
			l.duplicateOrder(e.Masterplan.Chapters[i-1].Page, c.Page)
		}
		slices.SortFunc(c.Sections, func(a, b *Section) int { return byOrder(a.Document, b.Document) })
		reading = append(reading, c.Page)
		link[c.Page] = [2]**Page{&c.Previous, &c.Next}
		for i, s := range c.Sections {
			if i > 0 {
				l.duplicateOrder(c.Sections[i-1].Page, s.Page)
			}
			reading = append(reading, s.Page)
			link[s.Page] = [2]**Page{&s.Previous, &s.Next}
		}
	}
	for i, p := range reading {
		if i > 0 {
			*link[p][0], *link[reading[i-1]][1] = reading[i-1], p
		}
	}
}

func (l *linker) duplicateOrder(a, b *Page) {
	if order := b.Document.Section.Order; a.Document.Section.Order.Value == order.Value && order.Pos.Line > 0 {
		l.problems.Add(diag.Problem{File: b.File, Pos: order.Pos, Width: len(strconv.Itoa(order.Value)), Message: diag.Textf("order %d is taken by %s", order.Value, a.File), Hint: diag.Textf("give each its own order")})
	}
}

// folders gathers the pages of folders that belong to no kind, and makes lists for those without an _index.md.
func (l *linker) folders(e *Edition, described []*Page) {
	byPath := make(map[string]*Folder)
	for _, p := range described {
		byPath[p.Path] = &Folder{Page: p}
	}
	folder := func(dir string) *Folder {
		f := byPath[dir]
		if f == nil {
			title := []rune(strings.ReplaceAll(path.Base(dir), "-", " "))
			f = &Folder{Page: l.generated(e, dir, strings.ToUpper(string(title[:1]))+string(title[1:]))}
			byPath[dir] = f
			l.pages[dir] = f.Page
		}
		return f
	}
	for _, p := range e.Plain {
		if dir := path.Dir(p.Path); dir != "." {
			f := folder(dir)
			f.Pages = append(f.Pages, p)
		}
	}
	// Quick wins, news and the like in a folder with a description of its own. (Years have their own lists.)
	for _, p := range e.own {
		if f := byPath[path.Dir(p.Path)]; f != nil && p.Plain == nil && p.Kind != model.KindChapter && !p.Generated {
			f.Pages = append(f.Pages, p)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(byPath)) {
		for above := path.Dir(dir); above != "." && !slices.Contains(kindFolders, above); above = path.Dir(above) {
			folder(above)
		}
	}
	sort := l.collator()
	order := func(a, b *Page) int {
		orderOf := func(p *Page) int {
			if p.Plain != nil {
				return p.Plain.Order
			}
			return 0
		}
		return cmp.Or(cmp.Compare(orderOf(a), orderOf(b)), sort(a.Title, b.Title), strings.Compare(a.Path, b.Path))
	}
	for _, dir := range slices.Sorted(maps.Keys(byPath)) {
		f := byPath[dir]
		if above := byPath[path.Dir(dir)]; above != nil {
			above.Folders = append(above.Folders, f)
		}
		slices.SortStableFunc(f.Pages, order)
		e.Folders = append(e.Folders, f)
	}
	slices.SortStableFunc(e.Plain, order)
}
