package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/parallel"
	"pendapa/internal/render"
	"pendapa/internal/search"
	"pendapa/internal/site"
)

// indexes gather the text of pages while these are made, for the index of words of each edition. They are the texts of a
// [render.Pass].
type indexes struct {
	docs     map[*site.Page]search.Document
	builders map[*site.Edition]*search.Builder
	editions []*site.Edition
	site     files
	memory   *memory // may be nil
	told     sync.Map
}

// newIndexes prepares the indexes of a portal; nil where search is switched off.
func newIndexes(portal *Portal, memory *memory) *indexes {
	x := &indexes{docs: make(map[*site.Page]search.Document), builders: make(map[*site.Edition]*search.Builder), site: portal.files, memory: memory}
	words := sha256.New()
	for _, e := range portal.Site.Editions {
		if e.Search == nil {
			return nil
		}
		x.editions = append(x.editions, e)
		short := abbreviations(e)
		x.builders[e] = search.NewBuilder(e.Lang, short...)
		fmt.Fprintf(words, "%q %q\n", e.Lang, short)
		for p, d := range search.Documents(e) {
			x.docs[p] = d
		}
		if memory != nil {
			x.builders[e].Keep = memory.packedFile
		}
	}
	if memory != nil {
		memory.words = digest(words.Sum(nil))
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

// Text implements [render.Texts].
func (x *indexes) Text(p *site.Page, sections []markdown.Section) {
	builder := x.builders[p.Edition]
	text := builder.Read(sections)
	if x.memory != nil && p.HasBody && !p.Generated {
		x.memory.keep(x.memory.texts, p.File, text)
	}
	if _, told := x.told.LoadOrStore(p, true); !told {
		builder.Add(x.docs[p], text)
	}
}

// Again implements [render.Texts].
func (x *indexes) Again(p *site.Page) bool {
	if _, told := x.told.Load(p); told {
		return true
	}
	var text search.Body // nil: the page has none
	if p.HasBody && !p.Generated {
		is, _ := x.site.digest(p.File)
		if text, _ = x.memory.text(p.File, is); text == nil {
			return false
		}
	}
	if _, told := x.told.LoadOrStore(p, true); !told && !x.builders[p.Edition].Add(x.docs[p], text) {
		x.told.Delete(p)
		return false
	}
	return true
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
		x := newIndexes(p, nil)
		if x == nil {
			return nil, nil
		}
		pass := p.Pass(&diag.List{}) // mistakes are told where pages are made
		pass.Texts = x
		for _, e := range p.Site.Editions {
			pages := e.Own()
			if err := parallel.Do(ctx, jobs, len(pages), func(i int) error { p.renderer.Check(pass, pages[i]); return nil }); err != nil {
				return nil, err
			}
		}
		files := make(map[string][]byte)
		_ = x.files(jobs, func(path string, data []byte) error { files[path] = data; return nil })
		p.index.files = files
	}
	return p.index.files[path], nil
}
