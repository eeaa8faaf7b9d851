package search

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/locale"
	"pendapa/internal/stem"
)

// Builder gathers the pages of an index. Add may be called from several goroutines; the index does not depend on their
// order.
type Builder struct {
	lang locale.Lang

	mu    sync.Mutex
	ids   map[string]uint32 // of words as they stand in the text
	words []string
	docs  []document

	readers sync.Pool
}

// document is a page with its words counted.
type document struct {
	Document
	headings []Section // those that can be told apart, without text
	length   int       // in words
	hits     []hit
}

// hit is a word of a page.
type hit struct {
	word     uint32
	weight   float32 // weighted count
	sections uint64  // bit i: it stands below heading i
}

// NewBuilder starts an index of pages in a language.
func NewBuilder(lang locale.Lang) *Builder {
	b := &Builder{lang: lang, ids: make(map[string]uint32)}
	b.readers.New = func() any { return &reader{local: make(map[string]int)} }
	return b
}

// reader counts the words of one page.
type reader struct {
	local map[string]int // index in hits
	names []string
	hits  []hit
}

func (r *reader) text(lang locale.Lang, text string, weight float32, section int) (length int) {
	mask := uint64(0)
	if section >= 0 && section < maxSections {
		mask = 1 << section
	}
	Split(lang, text, func(word string) {
		length++
		if functionWords[lang][word] {
			return
		}
		at, known := r.local[word]
		if !known {
			at = len(r.hits)
			word = strings.Clone(word) // the text is not kept
			r.local[word] = at
			r.names = append(r.names, word)
			r.hits = append(r.hits, hit{})
		}
		r.hits[at].weight += weight
		r.hits[at].sections |= mask
	})
	return length
}

// Add takes a page.
func (b *Builder) Add(d Document) {
	r := b.readers.Get().(*reader)
	defer b.readers.Put(r)
	clear(r.local)
	r.names, r.hits = r.names[:0], r.hits[:0]

	doc := document{Document: d}
	doc.length = r.text(b.lang, d.Title, weightTitle, -1) + r.text(b.lang, d.Summary, weightSummary, -1) + r.text(b.lang, d.About, weightAbout, -1)
	for _, s := range d.Sections {
		heading := -1
		if s.ID != "" {
			if heading = len(doc.headings); heading < maxSections {
				doc.headings = append(doc.headings, Section{ID: s.ID, Heading: s.Heading})
			}
		}
		doc.length += r.text(b.lang, s.Heading, weightHeading, heading) + r.text(b.lang, s.Text, weightText, heading)
	}
	doc.Sections = nil
	doc.hits = slices.Clone(r.hits)

	b.mu.Lock()
	defer b.mu.Unlock()
	for i, word := range r.names {
		id, known := b.ids[word]
		if !known {
			id = uint32(len(b.words))
			b.ids[word] = id
			b.words = append(b.words, word)
		}
		doc.hits[i].word = id
	}
	b.docs = append(b.docs, doc)
}

// posting is a page in the list of a term.
type posting struct {
	doc      int
	impact   int    // 1 to 15
	sections uint64 // bit i: the term stands below heading i
}

// Files are the files of the index, sorted by name.
func (b *Builder) Files() []File {
	slices.SortFunc(b.docs, func(a, b document) int {
		return cmp.Or(strings.Compare(a.Date, b.Date), strings.Compare(a.URL, b.URL))
	})
	pages := make(map[string]int, len(b.words))
	for _, d := range b.docs {
		for _, h := range d.hits {
			pages[b.words[h.word]]++
		}
	}
	aliases, keys := b.keys(pages)
	lists, lengths := make(map[string][]posting), 0
	for _, d := range b.docs {
		lengths += d.length
	}
	mean := step(float64(lengths) / float64(max(len(b.docs), 1)))
	type count struct {
		weight   float64
		sections uint64
	}
	terms := make(map[string]count)
	for n, d := range b.docs {
		clear(terms)
		for _, h := range d.hits {
			key := keys[h.word]
			c := terms[key]
			terms[key] = count{c.weight + float64(h.weight), c.sections | h.sections}
		}
		norm := bm25K * (1 - bm25B + bm25B*step(float64(d.length))/max(mean, 1))
		for term, c := range terms {
			impact := int(math.Round(15 * c.weight / (c.weight + norm)))
			lists[term] = append(lists[term], posting{n, max(impact, 1), c.sections})
		}
	}
	w := writer{}
	w.manifest = manifest{Version: formatVersion, Lang: string(b.lang), Documents: len(b.docs), Aliases: aliases}
	w.terms(lists)
	w.documents(b.docs)
	w.spelling(pages)
	return w.finish()
}

// keys are the terms of the words, by the words' numbers, given on how many pages each word stands, with the table of aliases that the browser needs too.
func (b *Builder) keys(pages map[string]int) (aliases map[string]string, keys []string) {
	stemmed := make([]string, len(b.words))
	switch b.lang {
	case locale.Indonesian:
		aliases = Aliases(pages)
		for i, w := range b.words {
			stemmed[i] = stem.Indonesian(w)
		}
	default:
		for i, w := range b.words {
			stemmed[i] = stem.English(w)
		}
	}
	for i, s := range stemmed {
		if to, ok := aliases[s]; ok {
			stemmed[i] = to
		}
	}
	return aliases, stemmed
}

// step rounds a length to quarter powers of two: a page that grows by a word keeps its place in the lists of its other
// words.
func step(length float64) float64 {
	if length < 1 {
		return 1
	}
	return math.Exp2(math.Round(math.Log2(length)*4) / 4)
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
