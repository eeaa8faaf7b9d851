package render

import (
	"encoding/json"
	"strings"
	"sync"

	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/site"
)

// searchLayout is the layout of the page of results and of the list of all pages.
const searchLayout = "search.html"

// onSearch is up to how many pages the page of results lists them all itself; with more it lists letters.
const onSearch = 200

// perLetter is how many pages of a letter are listed on one page.
const perLetter = 100

// IndexFolder is the folder of an edition's index of words, in the output folder. What lies in it is made when all pages
// are (see package search).
func IndexFolder(e *site.Edition) string { return e.Search.URL + "indeks/" }

// IndexManifest is the name, in the index's folder, of the file that is there in every build (see package search, this
// package's neighbour).
const IndexManifest = "manifest.bin"

// SearchView is the page of results, with the list of all pages for those without scripts, or a part of that list.
type SearchView struct {
	View
	Results    bool   // whether it is the page of results
	Words      string // of the interface, as a JSON object
	Letters    []site.Letter
	Choices    []Choice // letters that have pages of their own
	Pagination Pagination
	Others     []Alternate // the page in other languages
}

// search plans the page of results and the list of all pages.
func (r *Renderer) search(e *site.Edition) []Output {
	p := e.Search
	if p == nil {
		return nil
	}
	letters := e.Letters()
	base := r.site.Settings.Base()
	output := func(url string, view func(View) SearchView) Output {
		return r.generated(e, p, url, searchLayout, func(v View) (any, error) { return view(v), nil })
	}
	whole := len(e.Own()) <= onSearch
	choices := func(here string) []Choice {
		var list []Choice
		for _, l := range letters {
			if !whole {
				list = append(list, Choice{Text: l.Name, Href: base + escapePath(p.URL+l.ID+"/"), Count: len(l.Pages), Here: l.ID == here})
			}
		}
		return list
	}
	outputs := []Output{output(p.URL, func(v View) SearchView {
		v.Description, v.OpenGraphType = e.Lang.T("search.lead"), "website"
		view := SearchView{View: v, Results: true, Words: searchWords(e.Lang), Choices: choices("")}
		for _, other := range v.Languages {
			if !other.Current {
				view.Others = append(view.Others, other)
			}
		}
		if whole {
			for _, l := range letters {
				view.Letters = append(view.Letters, l.Sorted(e.Lang))
			}
		}
		return view
	})}
	if whole {
		return outputs
	}
	for _, l := range letters {
		sorted := sync.OnceValue(func() site.Letter { return l.Sorted(e.Lang) })
		outputs = append(outputs, paginate(r, p.URL+l.ID+"/", perLetter, l.Pages, func(at string, part []*site.Page, pagination Pagination) Output {
			return output(at, func(v View) SearchView {
				v = r.list(v, e.Lang.T("search.letter", l.Name), p, pagination).View
				from := (pagination.Number - 1) * perLetter // the parts were counted before they were sorted
				return SearchView{View: v, Letters: []site.Letter{{Name: l.Name, ID: l.ID, Pages: sorted().Pages[from : from+len(part)]}}, Choices: choices(l.ID), Pagination: pagination}
			})
		})...)
	}
	return outputs
}

// searchWords are the words that the page of results needs, as a JSON object: those of the search itself, kinds, statuses
// and the names of what results can be narrowed by.
func searchWords(lang locale.Lang) string {
	words := make(map[string]string)
	for _, key := range strings.Fields("some one none narrowed function failed loading instead completed rival more") {
		words[key] = lang.T("search." + key)
	}
	for _, key := range strings.Fields("kind status dimension agency year") {
		words["filter."+key] = lang.T("search." + key)
	}
	for _, kind := range model.Kinds() {
		words["kind."+string(kind)] = lang.T("kind." + string(kind))
	}
	for _, status := range model.Statuses() {
		words["status."+string(status)] = lang.T("status." + string(status))
	}
	data, err := json.Marshal(words)
	if err != nil {
		panic(err) // texts always have a form in JSON
	}
	return string(data)
}
