package render

import (
	"fmt"
	"html/template"
	"time"

	"pendapa/internal/opendata"
)

// linkedData is the graph of a page for search engines, as a script element that holds no script. The first of the
// things that the page is about, if there are any, is its main one.
func (v View) linkedData(things ...opendata.Thing) (template.HTML, error) {
	var main opendata.Thing
	if len(things) > 0 {
		main = things[0]
	}
	e, p := v.Edition, v.Page
	graph := []opendata.Thing{opendata.WebPage(e, p, v.Title, v.Description, v.Canonical, v.changed(), main)}
	if len(v.Breadcrumbs) > 0 {
		graph = append(graph, opendata.Breadcrumbs(v.Breadcrumbs, v.Title, v.Canonical))
	}
	script, err := opendata.Script(append(graph, things...)...)
	if err != nil {
		return "", fmt.Errorf("what search engines are told of %s: %w", p.File, err)
	}
	return template.HTML(`<script type="application/ld+json">` + string(script) + `</script>`), nil
}

// changed is when the page changed last, where that is known of this page and not only of the one that it is a part of.
func (v View) changed() time.Time {
	if v.Canonical != v.Page.Permalink() {
		return time.Time{}
	}
	return v.Page.Changed
}

// LinkedData is what search engines are told of the page.
func (v View) LinkedData() (template.HTML, error) { return v.linkedData() }

// LinkedData tells of the portal and of the city.
func (v HomeView) LinkedData() (template.HTML, error) {
	return v.linkedData(opendata.WebSite(v.Edition), opendata.City(v.Edition))
}

// LinkedData tells of the figures.
func (v QuickWinView) LinkedData() (template.HTML, error) {
	if figures := opendata.Figures(v.Win); figures != nil {
		return v.linkedData(figures)
	}
	return v.linkedData()
}

// LinkedData tells of the news and of its event.
func (v NewsView) LinkedData() (template.HTML, error) {
	things := []opendata.Thing{opendata.NewsArticle(v.Item, v.Cover)}
	if event := opendata.Event(v.Item); event != nil {
		things = append(things, event)
	}
	return v.linkedData(things...)
}

// LinkedData tells of the section as a part of the plan.
func (v SectionView) LinkedData() (template.HTML, error) {
	return v.linkedData(opendata.Article(v.Section, v.Edition.Masterplan.Page))
}

// LinkedData tells of the chapter as a part of the plan.
func (v ChapterView) LinkedData() (template.HTML, error) {
	return v.linkedData(opendata.Chapter(v.Chapter, v.Edition.Masterplan.Page))
}

// LinkedData tells of the agency.
func (v AgencyView) LinkedData() (template.HTML, error) {
	return v.linkedData(opendata.Agency(v.Agency))
}

// LinkedData tells of the word.
func (v TermView) LinkedData() (template.HTML, error) {
	return v.linkedData(opendata.Term(v.Term, v.Edition.Section("istilah")))
}

// LinkedData tells of the data files.
func (v DataView) LinkedData() (template.HTML, error) {
	return v.linkedData(v.catalogue.DataCatalog()...)
}
