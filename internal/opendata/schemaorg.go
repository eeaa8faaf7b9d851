package opendata

import (
	"encoding/json"
	"time"

	"pendapa/internal/site"
)

// The things of schema.org that pages tell search engines of, as JSON-LD (www.w3.org/TR/json-ld11). Each has only what
// its page shows.

// Thing is one of them: what stands in the graph of a page.
type Thing interface{ thing() }

type kind struct {
	Type string `json:"@type"`
	ID   string `json:"@id,omitempty"`
}

func (kind) thing() {}

type organisation struct {
	kind
	Name        string        `json:"name"`
	Alternate   string        `json:"alternateName,omitempty"`
	URL         string        `json:"url,omitempty"`
	Logo        string        `json:"logo,omitempty"`
	Description string        `json:"description,omitempty"`
	Email       string        `json:"email,omitempty"`
	Telephone   string        `json:"telephone,omitempty"`
	Address     string        `json:"address,omitempty"`
	SameAs      string        `json:"sameAs,omitempty"`
	Parent      *organisation `json:"parentOrganization,omitempty"`
}

type webSite struct {
	kind
	Name        string        `json:"name"`
	URL         string        `json:"url"`
	Description string        `json:"description,omitempty"`
	Language    string        `json:"inLanguage"`
	Publisher   *organisation `json:"publisher"`
	Search      *searchAction `json:"potentialAction,omitempty"`
}

type searchAction struct {
	Type   string     `json:"@type"`
	Target entryPoint `json:"target"`
	Query  string     `json:"query-input"`
}

type entryPoint struct {
	Type     string `json:"@type"`
	Template string `json:"urlTemplate"`
}

// work is a WebPage, an Article, a NewsArticle, a Book or a DefinedTerm: they have the same properties here.
type work struct {
	kind
	Name        string        `json:"name,omitempty"`
	Headline    string        `json:"headline,omitempty"`
	URL         string        `json:"url,omitempty"`
	Description string        `json:"description,omitempty"`
	Language    string        `json:"inLanguage,omitempty"`
	Published   string        `json:"datePublished,omitempty"`
	Modified    string        `json:"dateModified,omitempty"`
	Image       string        `json:"image,omitempty"`
	Author      *organisation `json:"author,omitempty"`
	Publisher   *organisation `json:"publisher,omitempty"`
	Number      string        `json:"position,omitempty"`
	Part        *work         `json:"isPartOf,omitempty"`
	Main        *kind         `json:"mainEntity,omitempty"`
	Set         string        `json:"inDefinedTermSet,omitempty"`
}

type breadcrumbs struct {
	kind
	Items []listItem `json:"itemListElement"`
}

type listItem struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	Name     string `json:"name"`
	Item     string `json:"item"`
}

type event struct {
	kind
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	URL         string        `json:"url"`
	Language    string        `json:"inLanguage"`
	Start       string        `json:"startDate"`
	End         string        `json:"endDate,omitempty"`
	Place       *place        `json:"location,omitempty"`
	Organizer   *organisation `json:"organizer"`
}

type place struct {
	Type    string `json:"@type"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

type figures struct {
	kind
	Name        string        `json:"name"`
	Description string        `json:"description"`
	URL         string        `json:"url"`
	Language    string        `json:"inLanguage"`
	License     string        `json:"license,omitempty"`
	Modified    string        `json:"dateModified,omitempty"`
	Temporal    string        `json:"temporalCoverage,omitempty"`
	Free        bool          `json:"isAccessibleForFree"`
	Creator     *organisation `json:"creator"`
	Measured    []measuredBy  `json:"variableMeasured,omitempty"`
	Downloads   []download    `json:"distribution"`
	Catalogue   *dataCatalog  `json:"includedInDataCatalog,omitempty"`
}

type measuredBy struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	Unit string `json:"unitText,omitempty"`
}

type download struct {
	Type   string `json:"@type"`
	Format string `json:"encodingFormat"`
	URL    string `json:"contentUrl"`
}

type dataCatalog struct {
	kind
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Names of things below the address of the page that is about them.
const (
	organisationID = "organisasi"
	siteID         = "situs"
	figuresID      = "angka"
	eventID        = "acara"
	workID         = "tulisan"
)

// Script is the graph of a page as the contents of a script element of type application/ld+json. No text in it can end
// the element: JSON's writer escapes the signs for that.
func Script(things ...Thing) ([]byte, error) {
	return json.Marshal(struct {
		Context string  `json:"@context"`
		Graph   []Thing `json:"@graph"`
	}{"https://schema.org", things})
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// publisher is the city as others refer to it.
func publisher(s *site.Site) *organisation {
	return &organisation{kind: kind{"GovernmentOrganization", s.Settings.URL.String() + "#" + organisationID}, Name: s.Settings.City, URL: s.Settings.URL.String()}
}

// refer is an agency as others refer to it; the city where no agency is named.
func (x linked) refer(a *site.Agency) *organisation {
	if a == nil {
		return publisher(x.site)
	}
	return &organisation{kind: kind{"GovernmentOrganization", a.Permalink() + "#" + organisationID}, Name: a.Title, URL: a.Permalink()}
}

type linked struct{ site *site.Site }

// City and WebSite are told of on the home page.
func City(e *site.Edition) Thing {
	settings := e.Site.Settings
	city := publisher(e.Site)
	city.Email, city.Telephone, city.Address = settings.Contact.Email, settings.Contact.Phone, settings.Contact.Address
	if settings.Brand.Logo != "" {
		city.Logo = settings.URL.String() + settings.Brand.Logo
	}
	return city
}

// WebSite is the portal.
func WebSite(e *site.Edition) Thing {
	settings := e.Site.Settings
	w := webSite{kind: kind{"WebSite", settings.URL.String() + "#" + siteID}, Name: settings.Title, URL: e.Home.Permalink(), Description: e.Home.Summary, Language: string(e.Lang), Publisher: publisher(e.Site)}
	if e.Search != nil {
		w.Search = &searchAction{"SearchAction", entryPoint{"EntryPoint", e.Search.Permalink() + "?q={search_term_string}"}, "required name=search_term_string"}
	}
	return w
}

// WebPage is a page. main is what it is about first; nil: itself.
func WebPage(e *site.Edition, p *site.Page, title, description, address string, changed time.Time, main Thing) Thing {
	w := work{kind: kind{Type: "WebPage", ID: address}, Name: title, URL: address, Description: description, Language: string(p.Lang), Modified: isoDay(changed),
		Part: &work{kind: kind{"WebSite", e.Site.Settings.URL.String() + "#" + siteID}}}
	if main, ok := main.(interface{ named() kind }); ok {
		named := main.named()
		w.Main = &named
	}
	return w
}

func (k kind) named() kind { return k }

// Breadcrumbs are the way from the home page to a page.
func Breadcrumbs(above []*site.Page, title, address string) Thing {
	b := breadcrumbs{kind: kind{Type: "BreadcrumbList"}}
	for i, p := range above {
		b.Items = append(b.Items, listItem{"ListItem", i + 1, p.Title, p.Permalink()})
	}
	b.Items = append(b.Items, listItem{"ListItem", len(above) + 1, title, address})
	return b
}

// NewsArticle is a page of news; image is the full address of its picture, or empty.
func NewsArticle(n *site.News, image string) Thing {
	x := linked{n.Edition.Site}
	w := work{kind: kind{"NewsArticle", n.Permalink() + "#" + workID}, Headline: n.Title, URL: n.Permalink(), Description: n.Summary, Language: string(n.Lang),
		Published: n.Document.News.Date.ISO(), Modified: isoDay(n.Changed), Image: image, Author: x.refer(n.Owner), Publisher: publisher(x.site)}
	return w
}

// Event is what a page of news tells of; nil where it tells of no event with a day.
func Event(n *site.News) Thing {
	facts := n.Document.News.Event
	if facts == nil || !facts.Start.Set() {
		return nil
	}
	e := event{kind: kind{"Event", n.Permalink() + "#" + eventID}, Name: n.Title, Description: n.Summary, URL: n.Permalink(), Language: string(n.Lang),
		Start: facts.Start.ISO(), Organizer: linked{n.Edition.Site}.refer(n.Owner)}
	if facts.End.Set() {
		e.End = facts.End.ISO()
	}
	if facts.Place != "" {
		e.Place = &place{"Place", facts.Place, facts.Place}
	}
	return e
}

// Figures are the figures of a quick win as a Dataset; nil where it has none, and where they are only examples: programs
// would take them for facts.
func Figures(q *site.QuickWin) Thing {
	if q.Measured() == 0 || q.Sample {
		return nil
	}
	s := q.Edition.Site
	first, last := "", ""
	d := figures{kind: kind{"Dataset", q.Permalink() + "#" + figuresID}, Name: q.Title, Description: q.Summary, URL: q.Permalink(), Language: string(q.Lang),
		License: s.Settings.License.URL, Modified: isoDay(q.LastReport), Free: true, Creator: linked{s}.refer(q.Owner),
		Downloads: []download{{"DataDownload", "text/csv", s.Settings.URL.String() + QuickWinPath(q)}},
		Catalogue: &dataCatalog{kind{"DataCatalog", q.Edition.Data.Permalink()}, q.Edition.Data.Title, q.Edition.Data.Permalink()}}
	for _, in := range q.Indicators {
		d.Measured = append(d.Measured, measuredBy{"PropertyValue", in.Name, in.Unit})
		if in.Latest == nil {
			continue
		}
		if day := isoDay(in.Series[0].Date.Time); first == "" || day < first {
			first = day
		}
		last = max(last, isoDay(in.Latest.Date.Time))
	}
	d.Temporal = first + "/" + last
	return d
}

// DataCatalog is the catalogue of the data files, and each table in it.
func (c *Catalogue) DataCatalog() []Thing {
	settings := c.Edition.Site.Settings
	catalogue := dataCatalog{kind{"DataCatalog", c.Edition.Data.Permalink()}, c.Edition.Data.Title, c.Edition.Data.Permalink()}
	things := []Thing{catalogue}
	for _, e := range c.Entries {
		things = append(things, figures{kind: kind{"Dataset", catalogue.URL + "#" + e.Name}, Name: e.Title(), Description: e.About(), URL: catalogue.URL + "#" + e.Name, Language: string(c.Edition.Lang),
			License: settings.License.URL, Modified: isoDay(e.Changed), Free: true, Creator: publisher(c.Edition.Site), Catalogue: &dataCatalog{kind: kind{"DataCatalog", catalogue.URL}, Name: catalogue.Name, URL: catalogue.URL},
			Downloads: []download{{"DataDownload", "text/csv", settings.URL.String() + e.CSV.Path}, {"DataDownload", "application/json", settings.URL.String() + e.JSON.Path}}})
	}
	return things
}

// Article is a section of the masterplan, as a part of its chapter, which is a part of the plan.
func Article(s *site.Section, plan *site.Page) Thing {
	return work{kind: kind{"Article", s.Permalink() + "#" + workID}, Headline: s.Title, URL: s.Permalink(), Description: s.Summary, Language: string(s.Lang), Number: s.Number,
		Modified: isoDay(s.Changed), Author: publisher(s.Edition.Site), Publisher: publisher(s.Edition.Site), Part: chapter(s.Chapter, plan)}
}

func chapter(c *site.Chapter, plan *site.Page) *work {
	w := &work{kind: kind{"Chapter", c.Permalink() + "#" + workID}, Name: c.Title, URL: c.Permalink(), Number: c.Number}
	if plan != nil {
		w.Part = &work{kind: kind{"Book", plan.Permalink() + "#" + workID}, Name: plan.Title, URL: plan.Permalink()}
	}
	return w
}

// Chapter is a chapter of the masterplan.
func Chapter(c *site.Chapter, plan *site.Page) Thing { return chapter(c, plan) }

// Agency is an agency.
func Agency(a *site.Agency) Thing {
	x := linked{a.Edition.Site}
	o := x.refer(a)
	facts := a.Document.Agency
	o.Alternate, o.Description, o.SameAs = facts.Abbreviation, a.Summary, string(facts.Website)
	o.Email, o.Telephone, o.Address, o.Parent = string(facts.Email), facts.Phone, facts.Address, x.refer(a.Above)
	return o
}

// Term is a word explained.
func Term(t *site.Term, all *site.Page) Thing {
	w := work{kind: kind{"DefinedTerm", t.Permalink() + "#" + workID}, Name: t.Title, URL: t.Permalink(), Description: t.Summary}
	if all != nil {
		w.Set = all.Permalink()
	}
	return w
}
