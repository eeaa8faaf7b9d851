package search

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pendapa/internal/locale"
	"pendapa/internal/stem"
)

// ErrDamaged says that a file of an index is not what its index says: cut off, or of another build.
var ErrDamaged = errors.New("the search index is damaged")

// Index is an index that is read file by file, as queries need them.
type Index struct {
	fetch    func(name string) ([]byte, error)
	manifest manifest
	starts   []start
	firsts   []int // of each block its first page

	// What was read already.
	shards    map[int]map[string][]posting
	blocks    map[int][]page
	spellings map[string][]spelled
}

// start is where a shard starts.
type start struct {
	term    string
	further bool // it goes on with the last list of the shard before
}

// Result is a page that answers a query.
type Result struct {
	URL, Title, Summary, Kind, Date, State string
	Score                                  float64
	Matched                                int       // how many of the query's words the page has
	Sections                               []Section // without text: those that the query's words point to, best first; at most three
}

// Open reads the manifest of an index. fetch returns the bytes of a file of the index.
func Open(fetch func(name string) ([]byte, error)) (*Index, error) {
	x := &Index{fetch: fetch, shards: make(map[int]map[string][]posting), blocks: make(map[int][]page), spellings: make(map[string][]spelled)}
	data, err := x.read(manifestName)
	if err != nil {
		return nil, err
	}
	m := &x.manifest
	if err := json.Unmarshal(data, m); err != nil || m.Version != formatVersion {
		return nil, damaged(manifestName)
	}
	if len(m.Shards) > 0 {
		last := ""
		for i, line := range strings.Split(m.Terms, "\n") {
			if line != "" {
				shared, err := strconv.ParseUint(line[:1], 36, 8)
				if err != nil || int(shared) > len(last) {
					return nil, misplaced()
				}
				before := last
				if last = last[:shared] + line[1:]; last <= before || i == 0 { // the first starts before every term
					return nil, misplaced()
				}
			}
			x.starts = append(x.starts, start{last, line == "" && i > 0})
		}
	}
	n := 0
	for _, pages := range m.First {
		if pages < 1 || pages > m.Documents-n {
			return nil, fmt.Errorf("%w: %s does not say where blocks start", ErrDamaged, manifestName)
		}
		x.firsts = append(x.firsts, n)
		n += pages
	}
	groups := func(n, size int) int { return (n + size - 1) / size }
	if m.Groups[0] < 1 || m.Groups[1] < 1 || n != m.Documents || len(m.Shards) != nameLength*groups(len(x.starts), m.Groups[0]) || len(m.Blocks) != nameLength*groups(len(m.First), m.Groups[1]) ||
		len(m.Words) != nameLength*(longestWord-shortestWord+1) || len(m.Starts) != nameLength*groups(len(m.From), m.Groups[0]) {
		return nil, fmt.Errorf("%w: %s does not agree with itself", ErrDamaged, manifestName)
	}
	return x, nil
}

func misplaced() error {
	return fmt.Errorf("%w: %s does not say where shards start", ErrDamaged, manifestName)
}

func damaged(name string) error { return fmt.Errorf("%w: %s cannot be read", ErrDamaged, name) }

// largest is how many bytes a file of an index can have when it is unpacked; the writer makes none of a tenth of that.
const largest = 4 << 20

func (x *Index) read(name string) ([]byte, error) {
	data, err := x.fetch(name)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	data, err = io.ReadAll(io.LimitReader(z, largest+1))
	if err != nil || len(data) > largest {
		return nil, fmt.Errorf("%w: %s is cut off or too large", ErrDamaged, name)
	}
	return data, nil
}

// Answer is what an index has on a query.
type Answer struct {
	Results []Result
	Total   int    // pages, those that are not among the results too
	Words   []Word // of the query, without function words
}

// Word is a word of a query.
type Word struct {
	Typed     string   // in small letters
	Completed []string // words that were looked for in its place: it is not finished, and these start like it
	Meant     string   // a word that was looked for in its place, as no page has this one and none starts like it
	Pages     int      // that have it, or what was looked for in its place
}

// key is the term of a word.
func (x *Index) key(word string) string {
	term := word
	if locale.Lang(x.manifest.Lang) == locale.Indonesian {
		term = stem.Indonesian(word)
	} else {
		term = stem.English(word)
	}
	if to, ok := x.manifest.Aliases[term]; ok {
		return to
	}
	return term
}

// Limits of a query: what is longer is cut.
const (
	maxQuery = 1000 // characters
	maxTerms = 12   // words
)

// Search returns the pages that have words of a query, best first, at most limit of them.
func (x *Index) Search(query string, limit int) (Answer, error) {
	if letters := []rune(query); len(letters) > maxQuery {
		query = string(letters[:maxQuery])
	}
	lang := locale.Lang(x.manifest.Lang)
	var answer Answer
	var keys []string
	Split(lang, query, func(word string) {
		if key := x.key(word); !functionWords[lang][word] && len(keys) < maxTerms && !slices.Contains(keys, key) {
			keys, answer.Words = append(keys, key), append(answer.Words, Word{Typed: word})
		}
	})
	matches := make(map[uint32]*match)
	for i, key := range keys {
		lists, err := x.look(&answer.Words[i], key, i+1 == len(keys) && unfinished(query))
		if err != nil {
			return Answer{}, err
		}
		answer.Words[i].Pages = x.weigh(lists, matches)
	}
	ranked := make([]*match, 0, len(matches))
	for _, m := range matches {
		// A page with all words of the query comes before one with many mentions of a few.
		share := float64(m.matched) / float64(len(keys))
		m.score *= share * share
		ranked = append(ranked, m)
	}
	slices.SortFunc(ranked, func(a, b *match) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.doc, a.doc)) })
	answer.Total = len(ranked)
	for _, m := range ranked[:min(limit, len(ranked))] {
		p, err := x.document(m.doc)
		if err != nil {
			return Answer{}, err
		}
		answer.Results = append(answer.Results, m.result(p))
	}
	return answer, nil
}

// look returns the lists of the pages that a word of a query stands for. A word that no page has is completed where it
// is not finished, and otherwise taken for what it was probably meant to be.
func (x *Index) look(word *Word, key string, open bool) ([][]posting, error) {
	postings, err := x.postings(key)
	if err != nil || len(postings) > 0 {
		return [][]posting{postings}, err
	}
	if open {
		if word.Completed, err = x.Completions(word.Typed); err != nil {
			return nil, err
		}
	}
	instead := word.Completed
	if len(instead) == 0 {
		if word.Meant, err = x.Meant(word.Typed); err != nil || word.Meant == "" {
			return nil, err
		}
		instead = []string{word.Meant}
	}
	var lists [][]posting
	for _, w := range instead {
		postings, err := x.postings(x.key(w))
		if err != nil {
			return nil, err
		}
		lists = append(lists, postings)
	}
	return lists, nil
}

// unfinished reports whether a query ends within a word.
func unfinished(query string) bool {
	last, _ := utf8.DecodeLastRuneInString(query)
	return unicode.IsLetter(last) || unicode.IsNumber(last)
}

// match is a page with what of a query it has.
type match struct {
	doc      uint32
	matched  int
	score    float64
	sections [maxSections]float64
}

// weigh adds what the lists of a word say to the pages that they name, and returns how many these are. A page in several
// of the lists has the word once, as well as the best of them says.
func (x *Index) weigh(lists [][]posting, matches map[uint32]*match) (pages int) {
	best := make(map[uint32]float64)
	for _, postings := range lists {
		df := float64(len(postings))
		idf := math.Log(1 + (float64(x.manifest.Documents)-df+0.5)/(df+0.5))
		for _, p := range postings {
			m := matches[p.doc]
			if m == nil {
				m = &match{doc: p.doc}
				matches[p.doc] = m
			}
			before, again := best[p.doc]
			if !again {
				m.matched++
			}
			if score := idf * float64(p.impact) / 15; score > before {
				best[p.doc] = score
				m.score += score - before
			}
			for i := range maxSections {
				if p.sections>>i&1 == 1 {
					m.sections[i] += idf
				}
			}
		}
	}
	return len(best)
}

func (m *match) result(p page) Result {
	r := Result{Score: m.score, Matched: m.matched}
	for i, to := range []*string{&r.URL, &r.Title, &r.Summary, &r.Kind, &r.Date, nil, &r.State} {
		if to != nil && i < len(p) {
			*to, _ = p[i].(string)
		}
	}
	var heads []any
	if len(p) > 5 {
		heads, _ = p[5].([]any)
	}
	var order []int
	for i := range min(len(heads)/2, maxSections) {
		if m.sections[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.sections[b], m.sections[a]) })
	for _, i := range order[:min(3, len(order))] {
		id, _ := heads[2*i].(string)
		heading, _ := heads[2*i+1].(string)
		if id == "" {
			id = plainID(heading)
		}
		r.Sections = append(r.Sections, Section{ID: id, Heading: heading})
	}
	return r
}

// file is the name of a file by its number.
func file(folders string, n, size int) string {
	at := n / size * nameLength
	return fmt.Sprintf("%s/%d.bin", folders[at:at+nameLength], n%size)
}

// postings are the pages of a term; none where no page has it.
func (x *Index) postings(term string) ([]posting, error) {
	if len(x.starts) == 0 {
		return nil, nil
	}
	// The last shard that starts at the term or before it, and those that go on with its last list.
	after, _ := slices.BinarySearchFunc(x.starts, term, func(s start, term string) int {
		if s.term <= term {
			return -1
		}
		return 1
	})
	first := after - 1
	for x.starts[first].further {
		first--
	}
	var all []posting
	for i := first; i < after; i++ {
		lists, err := x.shard(i)
		if err != nil {
			return nil, err
		}
		all = append(all, lists[term]...)
	}
	return all, nil
}

// Facets are the pages, by their numbers, that have something in common.
func (x *Index) Facets() (map[Facet][]int, error) {
	facets := make(map[Facet][]int)
	for i := range x.starts {
		if x.starts[i].term > facetMark+"\xff" {
			break
		}
		lists, err := x.shard(i)
		if err != nil {
			return nil, err
		}
		for term, postings := range lists {
			parts := strings.Split(strings.TrimPrefix(term, facetMark), "\t")
			if !strings.HasPrefix(term, facetMark) || len(parts) != 3 {
				continue
			}
			f := Facet{parts[0], parts[1], parts[2]}
			for _, p := range postings {
				facets[f] = append(facets[f], int(p.doc))
			}
		}
	}
	return facets, nil
}

func (x *Index) shard(n int) (map[string][]posting, error) {
	if lists, known := x.shards[n]; known {
		return lists, nil
	}
	name := file(x.manifest.Shards, n, x.manifest.Groups[0])
	data, err := x.read(name)
	if err != nil {
		return nil, err
	}
	lists, ok := decodeShard(data, x.manifest.Documents)
	if !ok {
		return nil, damaged(name)
	}
	x.shards[n] = lists
	return lists, nil
}

// decodeShard reads what encodeShard wrote, of an index of so many pages.
func decodeShard(data []byte, documents int) (map[string][]posting, bool) {
	good := true
	number := func() uint64 {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			good = false
			return 0
		}
		data = data[n:]
		return v
	}
	terms := number()
	if uint64(documents) > math.MaxUint32 || terms > uint64(len(data)) { // a page's number takes 32 bits
		return nil, false
	}
	names, lists, before := make([]string, terms), make([][]posting, terms), ""
	for i := range names {
		shared, rest := number(), number()
		if !good || shared > uint64(len(before)) || rest > uint64(len(data)) {
			return nil, false
		}
		before = before[:shared] + string(data[:rest])
		names[i], data = before, data[rest:]
	}
	postings := 0
	for i := range lists {
		n := number()
		if !good || n > uint64(documents) || n > uint64(max(len(data)-postings, 0)) { // each takes a byte or more
			return nil, false
		}
		postings += int(n)
		lists[i] = make([]posting, n)
	}
	for _, l := range lists {
		last := -1
		for i := range l {
			gap := number()
			if !good || gap >= uint64(documents-last-1) {
				return nil, false
			}
			last += int(gap) + 1
			l[i].doc = uint32(last)
		}
	}
	if postings > len(data) {
		return nil, false
	}
	packed := data[:postings]
	data = data[postings:]
	for _, l := range lists {
		for i := range l {
			l[i].impact = packed[0] & 15
			switch nibble := packed[0] >> 4; nibble {
			case 0:
			case 15:
				l[i].sections = number()
			default:
				l[i].sections = 1 << (nibble - 1)
			}
			packed = packed[1:]
		}
	}
	if !good || len(data) > 0 {
		return nil, false
	}
	index := make(map[string][]posting, terms)
	for i, name := range names {
		index[name] = lists[i]
	}
	return index, true
}

func (x *Index) document(doc uint32) (page, error) {
	n := int(doc)
	at, found := slices.BinarySearch(x.firsts, n)
	if !found {
		at--
	}
	pages, known := x.blocks[at]
	if !known {
		name := file(x.manifest.Blocks, at, x.manifest.Groups[1])
		data, err := x.read(name)
		if err != nil {
			return page{}, err
		}
		if err := json.Unmarshal(data, &pages); err != nil || len(pages) != x.manifest.First[at] {
			return page{}, damaged(name)
		}
		x.blocks[at] = pages
	}
	return pages[n-x.firsts[at]], nil
}
