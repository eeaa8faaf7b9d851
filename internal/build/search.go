package build

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/render"
	"pendapa/internal/search"
	"pendapa/internal/site"
)

// indexes gather the text of pages while these are made, for the index of words of each edition.
type indexes struct {
	docs     map[*site.Page]search.Document
	builders map[*site.Edition]*search.Builder
	editions []*site.Edition
}

// newIndexes prepares the indexes of a site; nil where search is switched off.
func newIndexes(s *site.Site) *indexes {
	x := &indexes{docs: make(map[*site.Page]search.Document), builders: make(map[*site.Edition]*search.Builder)}
	for _, e := range s.Editions {
		if e.Search == nil {
			return nil
		}
		x.editions = append(x.editions, e)
		x.builders[e] = search.NewBuilder(e.Lang, abbreviations(e)...)
		for p, d := range search.Documents(e) {
			x.docs[p] = d
		}
	}
	return x
}

// abbreviations are the short forms that an edition explains: its terms, and the names of its agencies.
func abbreviations(e *site.Edition) []search.Abbreviation {
	var list []search.Abbreviation
	for _, t := range e.Terms {
		list = append(list, search.Abbreviation{Short: t.Title, Full: t.Document.Term.Full})
	}
	for _, a := range e.Agencies {
		list = append(list, search.Abbreviation{Short: a.Document.Agency.Abbreviation, Full: a.Title})
	}
	return list
}

// add takes the text of a page, once. It may be called from several goroutines.
func (x *indexes) add(p *site.Page, sections []markdown.Section) {
	d := x.docs[p]
	d.Sections = append(d.Sections[:1:1], sections...)
	x.builders[p.Edition].Add(d)
}

// files calls put with every file of the indexes, by its path in the output folder.
func (x *indexes) files(jobs int, put func(path string, data []byte) error) error {
	for _, e := range x.editions {
		for _, f := range x.builders[e].Files(jobs) {
			if err := put(render.IndexFolder(e)+f.Name, f.Data); err != nil {
				return err
			}
		}
		delete(x.builders, e)
	}
	return nil
}

// IsSearchFile reports whether a path in the output folder is one where files of the portal's index of words stand.
func (p *Portal) IsSearchFile(path string) bool {
	return p.Site != nil && slices.ContainsFunc(p.Site.Editions, func(e *site.Edition) bool {
		return e.Search != nil && strings.HasPrefix(path, render.IndexFolder(e))
	})
}

// index is the portal's index of words, made when it is first asked for.
type index struct {
	mu    sync.Mutex
	files map[string][]byte
}

// SearchFile returns a file of the portal's index of words, by its path in the output folder; nil where there is none.
// The first call reads the text of every page, in a number of goroutines (0: one a core).
func (p *Portal) SearchFile(ctx context.Context, jobs int, path string) ([]byte, error) {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if p.Broken() {
		return nil, ctx.Err()
	}
	p.index.mu.Lock()
	defer p.index.mu.Unlock()
	if p.index.files == nil {
		x := newIndexes(p.Site)
		if x == nil {
			return nil, nil
		}
		pass := p.Pass(&diag.List{}) // mistakes are told where pages are made
		pass.Text = x.add
		for _, e := range p.Site.Editions {
			pages := e.Own()
			if err := each(ctx, jobs, len(pages), func(i int) error { p.renderer.Check(pass, pages[i]); return nil }); err != nil {
				return nil, err
			}
		}
		files := make(map[string][]byte)
		_ = x.files(jobs, func(path string, data []byte) error { files[path] = data; return nil })
		p.index.files = files
	}
	return p.index.files[path], nil
}
