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
	hits     []hit
}

// hit is a word of a page.
type hit struct {
	word     uint32
	weight   float32 // weighted count
	sections uint64  // bit i: it stands below heading i
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
	words   []string // of the text at hand
}

func (r *reader) text(text string, weight float32, section int) (length int) {
	mask := uint64(0)
	if section >= 0 && section < maxSections {
		mask = 1 << section
	}
	r.words = r.builder.split(r.words[:0], text)
	for i, word := range r.words {
		r.add(word, weight, mask)
		for _, w := range r.builder.full[word] {
			r.add(w, weight/2, mask) // half: the page does not say it in so many words
		}
		for _, p := range r.builder.shorts[word] {
			if rest := r.words[i:]; len(rest) >= len(p.words) && slices.Equal(rest[:len(p.words)], p.words) {
				r.add(p.short, weight, mask)
			}
		}
	}
	return len(r.words)
}

func (r *reader) add(word string, weight float32, mask uint64) {
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
	w.manifest = manifest{Version: formatVersion, Lang: string(b.lang), Documents: len(b.docs), Aliases: aliases, Function: sorted(functionWords[b.lang])}
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
