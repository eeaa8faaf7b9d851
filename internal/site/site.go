// Package site links the documents of a portal into one graph: addresses, menus, relations in both directions, and what
// follows from the figures (progress, pace, what is overdue).
//
// A [Site] is complete and does not change once [New] has returned it. Each language has an [Edition]; the portal's own
// language comes first and holds the facts. In another language's edition a page that is not translated is stood in for
// by the original, so that lists and counts are the same in every language.
package site

import (
	"path"
	"slices"
	"strings"
	"time"

	"pendapa/internal/config"
	"pendapa/internal/locale"
	"pendapa/internal/model"
)

// Site is a whole portal as of a day.
type Site struct {
	Settings *config.Settings
	AsOf     time.Time // midnight of the day, in the portal's time zone
	Editions []*Edition

	byFile map[string]*Page // by the path of the file, in NFC as links are
	hidden map[string]bool  // paths of files that are drafts, not yet or no longer published
}

// Edition is the portal in one language.
type Edition struct {
	Site   *Site
	Lang   locale.Lang
	Prefix string // of every address: "", or "en/"

	Home       *Page
	QuickWins  []*QuickWin // by end, then title
	News       []*News     // newest first
	Masterplan *Masterplan
	Agencies   []*Agency    // by title
	Dimensions []*Dimension // in the order of the framework
	Terms      []*Term      // by title
	Folders    []*Folder    // every folder that is not one of the above
	Plain      []*Page      // pages of no other kind
	Menu       []*Page
	Footer     []*Page
	Search     *Page        // the page of results; nil where search is switched off. It is not among the edition's own pages
	Data       *Page        // the catalogue of the data files; like the next it is not among the edition's own pages
	Proof      *Page        // how to check that the portal was published as it was
	Comparison *Page        // what was promised and what was kept, by dimension and agency
	Print      *Page        // the masterplan as one document; nil where it has no chapters. It is not among the edition's own pages
	Changes    *Page        // what promises stated before; nil where it is not known. It is not among the edition's own pages
	Amendments []*Amendment // newest first
	Totals     Totals

	sections map[string]*Page // pages of the kinds' folders, by folder
	own      []*Page          // every page that this edition itself publishes, by address
}

// Page is a page of the portal with an address.
type Page struct {
	*model.Document
	Edition      *Edition
	URL          string // below the portal's base, with a slash at its end: "quick-wins/sampah/"; the home page's is ""
	Parent       *Page  // nil for the home page
	Translations []*Page
	Generated    bool      // it has no file of its own
	Changed      time.Time // the newest day, up to the as-of date, that the page tells of; zero: not known
}

// Link is the page's address for a link: absolute within the host.
func (p *Page) Link() string { return p.Edition.Site.Settings.Base() + p.URL }

// Permalink is the page's full address.
func (p *Page) Permalink() string {
	u := *p.Edition.Site.Settings.URL
	return u.String() + p.URL
}

// MenuTitle is the page's short title for menus and breadcrumbs.
func (p *Page) MenuTitle() string {
	switch {
	case p.Plain != nil && p.Plain.Menu != "":
		return p.Plain.Menu
	case p.Agency != nil && p.Agency.Abbreviation != "":
		return p.Agency.Abbreviation
	}
	return p.Title
}

// Breadcrumbs are the pages above this one, from the home page down.
func (p *Page) Breadcrumbs() []*Page {
	var trail []*Page
	for above := p.Parent; above != nil; above = above.Parent {
		trail = append([]*Page{above}, trail...)
	}
	return trail
}

// QuickWin is a promise with what is known of its keeping.
type QuickWin struct {
	*Page
	Owner      *Agency // nil: not known
	Partners   []*Agency
	Dimensions []*Dimension
	Indicators []*Indicator
	Milestones []Milestone
	News       []*News // newest first
	Sections   []*Section
	Chapters   []*Chapter
	NextUpdate time.Time    // day by which a new figure is due; zero: no rhythm was promised
	Overdue    bool         // whether that day has passed
	LastReport time.Time    // day of the newest figure; zero: none
	Absorbed   *float64     // share of the budget spent; nil: not known
	Amendments []*Amendment // what it stated before, newest first
}

// News is a report from the workshops.
type News struct {
	*Page
	Owner      *Agency
	QuickWins  []*QuickWin
	Dimensions []*Dimension
}

// Masterplan is the plan as a book.
type Masterplan struct {
	*Page
	Chapters []*Chapter
	Unserved []*Section  // sections that no quick win serves
	Homeless []*QuickWin // quick wins that serve no section
}

// Chapter is a chapter of the masterplan.
type Chapter struct {
	*Page
	Number   string
	Sections []*Section
	Serving  []*QuickWin // quick wins that name the chapter as a whole
	Previous *Page       // in reading order
	Next     *Page
}

// Section is a section of a chapter.
type Section struct {
	*Page
	Number     string
	Chapter    *Chapter
	QuickWins  []*QuickWin // that serve the section, by its own word or by theirs
	Dimensions []*Dimension
	Previous   *Page
	Next       *Page
}

// Agency is an organisation of the regency.
type Agency struct {
	*Page
	Above     *Agency // nil: none
	Below     []*Agency
	QuickWins []*QuickWin // that it owns
	Partner   []*QuickWin // that it takes part in
	News      []*News
	Totals    Totals // of the quick wins that it owns
}

// Name is the agency's title with its abbreviation.
func (a *Agency) Name() string {
	if a.Document.Agency.Abbreviation == "" || a.Document.Agency.Abbreviation == a.Title {
		return a.Title
	}
	return a.Title + " (" + a.Document.Agency.Abbreviation + ")"
}

// Dimension is one of the six dimensions. A quick win of several dimensions counts in each.
type Dimension struct {
	*Page
	QuickWins []*QuickWin
	News      []*News
	Sections  []*Section
	Totals    Totals
}

// Term is a word explained.
type Term struct {
	*Page
	See []*Term
}

// Folder is a folder of pages.
type Folder struct {
	*Page
	Pages   []*Page
	Folders []*Folder
}

// Section returns the page of a kind's folder, such as "quick-wins".
func (e *Edition) Section(folder string) *Page { return e.sections[folder] }

// Own are all pages that the edition itself publishes, sorted by address.
func (e *Edition) Own() []*Page { return e.own }

// ByFile returns the page that is made from a file, or nil.
func (s *Site) ByFile(file string) *Page { return s.byFile[file] }

// Hidden reports whether a file is a page that is not published: a draft, or one outside its dates.
func (s *Site) Hidden(file string) bool { return s.hidden[file] }

// HiddenBeside reports whether a file of content/ lies beside a page that is not published: in the folder of a page of its
// own, or in that of a chapter.
func (s *Site) HiddenBeside(file string) bool {
	for dir := path.Dir(file); dir != "." && dir != "content"; dir = path.Dir(dir) {
		if s.hidden[dir+"/index.md"] || path.Dir(dir) == "content/masterplan" && s.hidden[dir+"/_index.md"] {
			return true
		}
	}
	return false
}

// Versions are the page in every language that it stands in, by language; none where that is one only.
func (p *Page) Versions() []*Page {
	if len(p.Translations) == 0 {
		return nil
	}
	all := append([]*Page{p}, p.Translations...)
	slices.SortFunc(all, func(a, b *Page) int { return strings.Compare(string(a.Edition.Lang), string(b.Edition.Lang)) })
	return all
}

// In returns the page in the language of an edition, or the page itself where it is not translated.
func (p *Page) In(e *Edition) *Page {
	if p.Edition == e {
		return p
	}
	for _, t := range p.Translations {
		if t.Edition == e {
			return t
		}
	}
	return p
}
