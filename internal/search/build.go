package search

import (
	"cmp"
	"encoding/binary"
	"iter"
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
	lang   locale.Lang
	full   map[string][]string // of abbreviations
	shorts map[string][]phrase // abbreviations by the first word of what they stand for

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
	length   int       // in words, without function words
	hits     []byte    // packed: those of a portal wait in memory until all pages are read
}

// hit is a word of a page.
type hit struct {
	word     uint32
	weight   uint32 // weighted count, in halves
	sections uint64 // bit i: it stands below heading i
}

func (h hit) pack(data []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(binary.AppendUvarint(data, uint64(h.word)), uint64(h.weight)), h.sections)
}

// words are the words of the page.
func (d *document) words() iter.Seq[hit] {
	return func(yield func(hit) bool) {
		data := d.hits
		next := func() uint64 {
			v, n := binary.Uvarint(data)
			data = data[n:]
			return v
		}
		for len(data) > 0 {
			if !yield(hit{uint32(next()), uint32(next()), next()}) {
				return
			}
		}
	}
}

// phrase is what an abbreviation stands for.
type phrase struct {
	words []string
	short string
}

// Abbreviation is a short form, such as OPD, and what it stands for.
type Abbreviation struct{ Short, Full string }

// NewBuilder starts an index of pages in a language. A page with an abbreviation is found by what that stands for too,
// and the other way round.
func NewBuilder(lang locale.Lang, abbreviations ...Abbreviation) *Builder {
	b := &Builder{lang: lang, ids: make(map[string]uint32), full: make(map[string][]string), shorts: make(map[string][]phrase)}
	b.readers.New = func() any { return &reader{builder: b, local: make(map[string]int)} }
	for _, a := range abbreviations {
		short, full := b.split(nil, a.Short), b.split(nil, a.Full)
		if len(short) != 1 || len(full) < 2 || b.full[short[0]] != nil {
			continue // several words cannot be told from others, one word is no expansion; the first meaning is taken
		}
		b.full[short[0]] = full
		b.shorts[full[0]] = append(b.shorts[full[0]], phrase{full, short[0]})
	}
	return b
}

// split appends the words of a text that are looked for.
func (b *Builder) split(words []string, text string) []string {
	Split(b.lang, text, func(word string) {
		if !functionWords[b.lang][word] {
			words = append(words, word)
		}
	})
	return words
}

// reader counts the words of one page.
type reader struct {
	builder *Builder
	local   map[string]int // index in hits
	names   []string
	hits    []hit
	packed  []byte
	words   []string // of the text at hand
}

func (r *reader) text(text string, weight uint32, section int) (length int) {
	mask := uint64(0)
	if section >= 0 && section < maxSections {
		mask = 1 << section
	}
	r.words = r.builder.split(r.words[:0], text)
	for i, word := range r.words {
		r.add(word, 2*weight, mask)
		for _, w := range r.builder.full[word] {
			r.add(w, weight, mask) // half: the page does not say it in so many words
		}
		for _, p := range r.builder.shorts[word] {
			if rest := r.words[i:]; len(rest) >= len(p.words) && slices.Equal(rest[:len(p.words)], p.words) {
				r.add(p.short, 2*weight, mask)
			}
		}
	}
	return len(r.words)
}

func (r *reader) add(word string, weight uint32, mask uint64) {
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
}

// Add takes a page.
func (b *Builder) Add(d Document) {
	r := b.readers.Get().(*reader)
	defer b.readers.Put(r)
	clear(r.local)
	r.names, r.hits = r.names[:0], r.hits[:0]

	doc := document{Document: d}
	doc.length = r.text(d.Title, weightTitle, -1) + r.text(d.Summary, weightSummary, -1) + r.text(d.About, weightAbout, -1)
	for _, s := range d.Sections {
		heading := -1
		if s.ID != "" {
			if heading = len(doc.headings); heading < maxSections {
				doc.headings = append(doc.headings, Section{ID: s.ID, Heading: s.Heading})
			}
		}
		doc.length += r.text(s.Heading, weightHeading, heading) + r.text(s.Text, weightText, heading)
	}
	doc.Sections, doc.About = nil, ""

	b.mu.Lock()
	defer b.mu.Unlock()
	for i, word := range r.names {
		id, known := b.ids[word]
		if !known {
			id = uint32(len(b.words))
			b.ids[word] = id
			b.words = append(b.words, word)
		}
		r.hits[i].word = id
	}
	r.packed = r.packed[:0]
	for _, h := range r.hits {
		r.packed = h.pack(r.packed)
	}
	doc.hits = slices.Clone(r.packed)
	b.docs = append(b.docs, doc)
}

// posting is a page in the list of a term.
type posting struct {
	sections uint64 // bit i: the term stands below heading i
	doc      uint32
	impact   uint8 // 1 to 15
}

// list is a term with its postings, or with a part of them.
type list struct {
	term     string
	postings []posting
}

// Files are the files of the index, sorted by name; jobs goroutines make them. The builder is spent afterwards.
func (b *Builder) Files(jobs int) []File {
	slices.SortFunc(b.docs, func(a, b document) int {
		return cmp.Or(strings.Compare(a.Date, b.Date), strings.Compare(a.URL, b.URL))
	})
	pages := make(map[string]int, len(b.words)) // of each word
	for _, d := range b.docs {
		for h := range d.words() {
			pages[b.words[h.word]]++
		}
	}
	aliases, keys := b.keys(pages)
	w := writer{jobs: max(jobs, 1)}
	w.manifest = manifest{Version: formatVersion, Lang: string(b.lang), Documents: len(b.docs), Aliases: aliases, Function: sorted(functionWords[b.lang]), First: []int{}, From: []string{}}
	w.terms(append(b.facets(), b.lists(keys)...))
	w.documents(b.docs)
	w.spelling(pages)
	return w.finish()
}

// lists are the lists of all terms, sorted; keys are the terms of the words, by the words' numbers. What was kept of the
// pages' words is given up on the way.
func (b *Builder) lists(keys []string) []list {
	terms := slices.Compact(slices.Sorted(slices.Values(keys)))
	lists := make([]list, len(terms))
	numbers := make(map[string]uint32, len(terms))
	for i, term := range terms {
		lists[i].term, numbers[term] = term, uint32(i)
	}
	termOf, most := make([]uint32, len(keys)), make([]uint32, len(terms))
	for i, key := range keys {
		termOf[i] = numbers[key]
	}
	lengths := 0
	for _, d := range b.docs {
		lengths += d.length
		for h := range d.words() {
			most[termOf[h.word]]++
		}
	}
	for i := range lists {
		lists[i].postings = make([]posting, 0, most[i])
	}
	mean := step(float64(lengths) / float64(max(len(b.docs), 1)))
	weights := make([]uint32, len(terms)) // of the page at hand
	for n := range b.docs {
		d := &b.docs[n]
		for h := range d.words() { // several words may have one term
			term := termOf[h.word]
			l := &lists[term]
			if weights[term] == 0 {
				l.postings = append(l.postings, posting{doc: uint32(n)})
			}
			weights[term] += h.weight
			l.postings[len(l.postings)-1].sections |= h.sections
		}
		norm := bm25K * (1 - bm25B + bm25B*step(float64(d.length))/max(mean, 1))
		for h := range d.words() {
			if weight := float64(weights[termOf[h.word]]) / 2; weight > 0 {
				postings := lists[termOf[h.word]].postings
				postings[len(postings)-1].impact = uint8(max(math.Round(15*weight/(weight+norm)), 1))
				weights[termOf[h.word]] = 0
			}
		}
		d.hits = nil
	}
	return lists
}

// facetMark starts the terms of facets, which no word does; they come before all words.
const facetMark = "\x01"

// facets are the lists of pages that have something in common, as terms that a browser reads when a reader wants to
// narrow the results.
func (b *Builder) facets() []list {
	lists := make(map[string][]posting)
	for n, d := range b.docs {
		seen := make(map[Facet]bool)
		for _, f := range d.Facets {
			if !seen[f] {
				seen[f] = true
				lists[f.term()] = append(lists[f.term()], posting{doc: uint32(n), impact: 1})
			}
		}
	}
	var all []list
	for _, term := range sorted(lists) {
		all = append(all, list{term, lists[term]})
	}
	return all
}

// keys gives the table of aliases, which the browser needs too, and the terms of the words, by the words' numbers; pages
// are on how many pages each word stands.
func (b *Builder) keys(pages map[string]int) (map[string]string, []string) {
	root, aliases := stem.English, map[string]string{}
	if b.lang == locale.Indonesian {
		root, aliases = stem.Indonesian, Aliases(pages)
	}
	keys := make([]string, len(b.words))
	for i, w := range b.words {
		keys[i] = root(w)
		if to, ok := aliases[keys[i]]; ok {
			keys[i] = to
		}
	}
	return aliases, keys
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
