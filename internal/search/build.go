package search

import (
	"cmp"
	"crypto/sha256"
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

// Keep returns what make makes, or what it made before of the same key: the results of one key are always the same. It is
// called from several goroutines.
type Keep func(key []byte, make func() []byte) []byte

func anew(_ []byte, make func() []byte) []byte { return make() }

// Builder gathers the pages of an index. Add may be called from several goroutines; the index does not depend on their
// order.
type Builder struct {
	// Keep may have kept what was made before. It is set before the first call.
	Keep Keep

	lang     locale.Lang
	function map[string]bool
	known    map[string]meanings

	mu    sync.Mutex
	ids   map[string]uint32 // of words as they stand in the text
	words []string
	docs  []document

	readers sync.Pool
}

// document is a page with its words counted.
type document struct {
	Document
	headings []Section         // those that can be told apart, without text
	length   int               // in words, without function words
	hits     []byte            // packed: those of a portal wait in memory until all pages are read
	digest   [sha256.Size]byte // of what results show of the page
}

// shown is a digest of what results show of the page.
func (d *document) shown() [sha256.Size]byte {
	data := make([]byte, 0, 1024)
	for _, s := range []string{d.URL, d.Title, d.Summary, d.Kind, d.Date, d.State} {
		data = appendText(data, s)
	}
	for _, h := range d.headings {
		data = appendText(appendText(data, h.ID), h.Heading)
	}
	return sha256.Sum256(data)
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

// meanings are what a word says beside itself.
type meanings struct {
	full   []string // of an abbreviation: what it stands for
	shorts []phrase // abbreviations of what starts with the word
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
	b := &Builder{Keep: anew, lang: lang, function: functionWords[lang], ids: make(map[string]uint32), known: make(map[string]meanings)}
	b.readers.New = func() any { return &reader{builder: b, local: make(map[string]int)} }
	for _, a := range abbreviations {
		short, full := b.split(nil, a.Short), b.split(nil, a.Full)
		if len(short) != 1 || len(full) < 2 || b.known[short[0]].full != nil {
			continue // several words cannot be told from others, one word is no expansion; the first meaning is taken
		}
		b.known[short[0]] = meanings{full, b.known[short[0]].shorts}
		first := b.known[full[0]]
		b.known[full[0]] = meanings{first.full, append(first.shorts, phrase{full, short[0]})}
	}
	return b
}

// split appends the words of a text that are looked for.
func (b *Builder) split(words []string, text string) []string {
	Split(b.lang, text, func(word string) {
		if !b.function[word] {
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
		means, any := r.builder.known[word]
		if !any {
			continue
		}
		for _, w := range means.full {
			r.add(w, weight, mask) // half: the page does not say it in so many words
		}
		for _, p := range means.shorts {
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
		r.local[word] = at
		r.names = append(r.names, word)
		r.hits = append(r.hits, hit{})
	}
	r.hits[at].weight += weight
	r.hits[at].sections |= mask
}

// reader is ready to count the words of another page.
func (b *Builder) reader() *reader {
	r := b.readers.Get().(*reader)
	clear(r.local)
	r.names, r.hits = r.names[:0], r.hits[:0]
	return r
}

// Body is the text of a page with its words counted, as bytes that may be kept: they are good for every builder of the
// same language and abbreviations.
type Body []byte

// Read counts the words of a page's text: what stands before its first heading, then heading by heading. It may be called from several goroutines.
func (b *Builder) Read(sections []Section) Body {
	r := b.reader()
	defer b.readers.Put(r)
	var headings []Section
	length := 0
	for _, s := range sections {
		heading := -1
		if s.ID != "" {
			if heading = len(headings); heading < maxSections {
				headings = append(headings, s)
			}
		}
		length += r.text(s.Heading, weightHeading, heading) + r.text(s.Text, weightText, heading)
	}
	data := binary.AppendUvarint(nil, uint64(length))
	data = binary.AppendUvarint(data, uint64(len(headings)))
	for _, h := range headings {
		data = appendText(appendText(data, h.ID), h.Heading)
	}
	for i, h := range r.hits {
		data = binary.AppendUvarint(appendText(data, r.names[i]), uint64(h.weight))
		data = binary.AppendUvarint(data, h.sections)
	}
	return data
}

func appendText(data []byte, text string) []byte {
	return append(binary.AppendUvarint(data, uint64(len(text))), text...)
}

// body reads what Read wrote. Package pack takes five times as long, for every word of a portal at every build.
type body struct {
	data    string
	damaged bool
}

func (b *body) number() uint64 {
	v, n := uint64(0), 0
	for shift := 0; n < len(b.data) && n < binary.MaxVarintLen64; shift += 7 {
		c := b.data[n]
		v |= uint64(c&0x7f) << shift
		if n++; c < 0x80 {
			b.data = b.data[n:]
			return v
		}
	}
	b.data, b.damaged = "", true
	return 0
}

func (b *body) text() string {
	n := b.number()
	if n > uint64(len(b.data)) {
		b.data, b.damaged = "", true
		return ""
	}
	text := b.data[:n]
	b.data = b.data[n:]
	return text
}

// Add takes a page and its text, which a builder like this one has read; a page without text has none. It reports false,
// and takes nothing, where the bytes are not those of a text.
func (b *Builder) Add(d Document, text Body) bool {
	if text == nil {
		text = b.Read(nil)
	}
	r := b.reader()
	defer b.readers.Put(r)
	doc := document{Document: d}
	doc.length = r.text(d.Title, weightTitle, -1) + r.text(d.Summary, weightSummary, -1) + r.text(d.About, weightAbout, -1) + r.text(d.Shown, weightText, -1)
	doc.About, doc.Shown = "", ""

	read := body{data: string(text)}
	doc.length += int(read.number())
	for range min(read.number(), maxSections) {
		doc.headings = append(doc.headings, Section{ID: read.text(), Heading: read.text()})
	}
	for read.data != "" {
		r.add(read.text(), uint32(read.number()), read.number())
	}
	if read.damaged {
		return false
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	for i, word := range r.names {
		id, known := b.ids[word]
		if !known {
			word = strings.Clone(word) // the text is not kept
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
	return true
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
	jobs = max(jobs, 1)
	_ = each(jobs, slices.Collect(slices.Chunk(b.docs, 256)), func(docs []document) bool {
		for i := range docs {
			docs[i].digest = docs[i].shown()
		}
		return true
	})
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
	w := writer{jobs: jobs, keep: b.Keep}
	w.manifest = manifest{Version: formatVersion, Lang: string(b.lang), Documents: len(b.docs), Aliases: aliases, Function: sorted(functionWords[b.lang]), First: []int{}, From: []string{}}
	var wg sync.WaitGroup
	wg.Go(func() { w.documents(b.docs) }) // one after the other, as each block starts where the one before ends
	w.terms(append(b.facets(), b.lists(keys)...))
	w.spelling(pages)
	wg.Wait()
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
