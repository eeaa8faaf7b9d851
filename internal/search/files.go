package search

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"pendapa/internal/parallel"
)

// manifest is the file that a browser reads first. Shards and blocks are told by where each starts; their files stand in
// folders of several, each named by what its files hold, and are numbered there.
type manifest struct {
	Version   int               `json:"v"`
	Lang      string            `json:"lang"`
	Documents int               `json:"n"`
	Aliases   map[string]string `json:"alias"`
	Function  []string          `json:"function"` // words that are not looked for
	Groups    [2]int            `json:"groups"`   // how many shards, and files of words by alphabet, stand in a folder; how many blocks
	Shards    string            `json:"shards"`   // folders, each of nameLength characters
	Terms     string            `json:"terms"`    // of each shard where it starts, in lines; see separators
	Blocks    string            `json:"blocks"`
	First     []int             `json:"first"`  // how many pages each block has
	Words     string            `json:"words"`  // folders of the spelling files, by length
	Starts    string            `json:"starts"` // folders of the files of words by alphabet
	From      []string          `json:"from"`   // the first word of each of these files
}

const (
	manifestName = "manifest.bin"
	nameLength   = 8
)

// writer makes the files of an index.
type writer struct {
	jobs     int // goroutines
	keep     Keep
	manifest manifest
	files    []File
	shards   []shard
	blocks   [][]byte
	words    [][]byte
	alphabet [][]byte
	taken    map[string][sha256.Size]byte // digests of the folders, by their names
}

// shard is a file of terms.
type shard struct {
	first, last string // of its terms
	data        []byte
}

// size is about how many bytes of a compressed shard a list takes, in an index of so many pages: a gap takes the bits
// that its place among as many pages needs, what is known of a page about six.
func (l list) size(documents int) int {
	n := float64(len(l.postings))
	gap := math.Log2(float64(max(documents, 1))/n) + 1.4
	return len(l.term)/2 + 2 + int(n*(gap*1.1+6)/8)
}

// layout is how an index is cut into files.
type layout struct {
	shard, block int    // most bytes of each, compressed
	groups       [2]int // shards and blocks in a folder
}

// layoutOf is how an index of so many pages is cut: into small files in small folders, where their number and names
// matter little, as these spare a query bytes that it does not ask for, and keep their names when others change.
func layoutOf(documents int) layout {
	if documents <= 2500 {
		return layout{9 << 10, 1600, [2]int{2, 4}}
	}
	return layout{MaxShard, MaxBlock, [2]int{8, 16}}
}

// terms cuts the terms, sorted, into shards. Shards end at terms that are chosen by their own letters, so that a list
// that grows moves no other shard's ends.
func (w *writer) terms(lists []list) {
	most := layoutOf(w.manifest.Documents).shard
	var groups [][]list
	start, size := 0, 0
	flush := func(end int) {
		if end > start {
			groups = append(groups, lists[start:end])
		}
		start, size = end, 0
	}
	for i, l := range lists {
		n := l.size(w.manifest.Documents)
		if size > 0 && size+n > most*9/10 {
			flush(i)
		}
		if size += n; size > most*6/10 && chosen(l.term, 8) {
			flush(i + 1)
		}
	}
	flush(len(lists))
	for _, shards := range each(w.jobs, groups, func(lists []list) []shard { return w.cut(lists, most) }) {
		w.shards = append(w.shards, shards...)
	}
}

// chosen reports whether a word is one of those, one of n, at which files may end.
func chosen(word string, n uint32) bool {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(word))
	return hash.Sum32()%n == 0
}

// cut makes a shard of lists, or several where they are too large for one.
func (w *writer) cut(lists []list, most int) []shard {
	data := w.pack(encodeShard(lists))
	one := lists[0]
	switch {
	case len(data) <= most || len(lists) == 1 && len(one.postings) == 1:
		return []shard{{one.term, lists[len(lists)-1].term, data}}
	case len(lists) > 1:
		return append(w.cut(lists[:len(lists)/2], most), w.cut(lists[len(lists)/2:], most)...)
	}
	half := len(one.postings) / 2 // one list alone is too large: it goes on in the next shard
	return append(w.cut([]list{{one.term, one.postings[:half]}}, most), w.cut([]list{{one.term, one.postings[half:]}}, most)...)
}

// each calls work for every item, in a number of goroutines, and returns what it made in the items' order.
func each[T, R any](jobs int, items []T, work func(T) R) []R {
	made := make([]R, len(items))
	_ = parallel.Do(context.Background(), jobs, len(items), func(i int) error { // nothing of it fails or is given up
		made[i] = work(items[i])
		return nil
	})
	return made
}

// encodeShard lays lists out column by column, as equal things beside each other compress best. All numbers are
// unsigned varints (as in encoding/binary): how many terms; for each the count of bytes that it shares with the one
// before, and the rest with its length; the lengths of all lists; the gaps between pages, less one; a byte for every
// posting, with its impact in the lower half and in the upper 0 where it stands below no heading, 1 to 14 for that
// heading alone, 15 for several or a later one; and the sets of headings of the latter.
func encodeShard(lists []list) []byte {
	data := binary.AppendUvarint(nil, uint64(len(lists)))
	before := ""
	for _, l := range lists {
		shared := 0
		for shared < min(len(before), len(l.term)) && before[shared] == l.term[shared] {
			shared++
		}
		data = binary.AppendUvarint(data, uint64(shared))
		data = binary.AppendUvarint(data, uint64(len(l.term)-shared))
		data = append(data, l.term[shared:]...)
		before = l.term
	}
	for _, l := range lists {
		data = binary.AppendUvarint(data, uint64(len(l.postings)))
	}
	for _, l := range lists {
		last := -1
		for _, p := range l.postings {
			data = binary.AppendUvarint(data, uint64(int(p.doc)-last-1))
			last = int(p.doc)
		}
	}
	var sets []byte
	for _, l := range lists {
		for _, p := range l.postings {
			nibble := 0
			switch first := bits.TrailingZeros64(p.sections); {
			case p.sections == 0:
			case bits.OnesCount64(p.sections) == 1 && first < 14:
				nibble = first + 1
			default:
				nibble = 15
				sets = binary.AppendUvarint(sets, p.sections)
			}
			data = append(data, p.impact|byte(nibble<<4))
		}
	}
	return append(data, sets...)
}

// page is a document in its block, as JSON: address, title, summary, kind, date, headings, state; the last is left out
// where there is none.
type page []any

// blockOf is a block of pages, compressed, with so many headings of each.
func (w *writer) blockOf(docs []document, headings int) []byte {
	key := binary.AppendUvarint([]byte("pages "), uint64(headings))
	for i := range docs {
		key = append(key, docs[i].digest[:]...)
	}
	return w.keep(key, func() []byte {
		pages := make([]page, len(docs))
		for i := range docs {
			d, heads := &docs[i], []string{}
			for _, h := range d.headings[:min(headings, len(d.headings))] {
				heading, id := clip(h.Heading, 120), h.ID
				if id == plainID(heading) {
					id = "" // the usual case: the browser makes it of the heading
				}
				heads = append(heads, id, heading)
			}
			pages[i] = page{d.URL, clip(d.Title, 200), clip(d.Summary, 300), d.Kind, d.Date, heads}
			if d.State != "" {
				pages[i] = append(pages[i], d.State)
			}
		}
		data, err := json.Marshal(pages)
		if err != nil {
			panic(err) // texts and numbers always have a form in JSON
		}
		return compress(data)
	})
}

// documents cuts the pages into blocks.
func (w *writer) documents(docs []document) {
	encode := w.blockOf
	most := layoutOf(len(docs)).block
	guess := 12 // how many pages a block holds; the next holds about as many as this one
	for at := 0; at < len(docs); {
		n := min(guess, len(docs)-at)
		data := encode(docs[at:at+n], maxSections)
		for len(data) <= most && at+n < len(docs) {
			more := encode(docs[at:at+n+1], maxSections)
			if len(more) > most {
				break
			}
			n, data = n+1, more
		}
		for len(data) > most && n > 1 {
			n--
			data = encode(docs[at:at+n], maxSections)
		}
		guess = n
		for headings := maxSections; len(data) > most && headings > 0; {
			headings /= 2 // a page of very many long headings: the later ones are not told
			data = encode(docs[at:at+n], headings)
		}
		w.blocks, w.manifest.First = append(w.blocks, data), append(w.manifest.First, n)
		at += n
	}
}

// spelling makes the files of words: by length, for mistakes, and by alphabet, for words that are not finished yet.
func (w *writer) spelling(pages map[string]int) {
	words := spellings(pages)
	pack := func(words []spelled) []byte { return w.pack(encodeWords(words)) }
	w.words = each(w.jobs, byLength(words), pack)
	files := byAlphabet(words)
	for _, file := range files {
		w.manifest.From = append(w.manifest.From, file[0].word)
	}
	w.alphabet = each(w.jobs, files, pack)
}

// finish names the files and writes the manifest.
func (w *writer) finish() []File {
	shards := make([][]byte, len(w.shards))
	for i, s := range w.shards {
		shards[i] = s.data
	}
	groups := layoutOf(w.manifest.Documents).groups
	w.manifest.Groups = groups
	w.manifest.Shards, w.manifest.Blocks = w.group(shards, groups[0]), w.group(w.blocks, groups[1])
	w.manifest.Words, w.manifest.Starts = w.group(w.words, 1), w.group(w.alphabet, groups[0])
	w.manifest.Terms = strings.Join(w.separators(), "\n")
	data, err := json.Marshal(w.manifest)
	if err != nil {
		panic(err)
	}
	w.files = append(w.files, File{manifestName, w.pack(data)})
	slices.SortFunc(w.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(w.files, func(a, b File) bool { return a.Name == b.Name }) // files that hold the same have one name
}

// separators tell where each shard starts: a text that is after the last term of the shard before, and not after its own
// first term. Each is the letters that it shares with the one before, counted as one digit to base 36, and the rest.
// It is empty where a shard goes on with the last list of the one before, and for the first.
func (w *writer) separators() []string {
	lines, last := make([]string, len(w.shards)), ""
	for i := 1; i < len(w.shards); i++ {
		if w.shards[i].first == w.shards[i-1].last {
			continue
		}
		start := shortest(w.shards[i-1].last, w.shards[i].first)
		shared := 0
		for shared < min(len(last), len(start), 35) && last[shared] == start[shared] && start[shared] < utf8.RuneSelf {
			shared++
		}
		lines[i] = strconv.FormatInt(int64(shared), 36) + start[shared:]
		last = start
	}
	return lines
}

// shortest is the shortest beginning of a term that comes after the one before it.
func shortest(before, term string) string {
	for n := range term {
		if n > 0 && term[:n] > before {
			return term[:n]
		}
	}
	return term
}

// plainID is the id that most headings have: their words in small letters with hyphens between.
func plainID(heading string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), "-")
}

// group puts files into folders named by what they hold, so that the manifest names one folder for several, and returns
// the names.
func (w *writer) group(files [][]byte, size int) string {
	var names strings.Builder
	for group := range slices.Chunk(files, size) {
		hash := sha256.New()
		for _, data := range group {
			sum := sha256.Sum256(data)
			_, _ = hash.Write(sum[:])
		}
		folder := w.folder([sha256.Size]byte(hash.Sum(nil)))
		names.WriteString(folder)
		for i, data := range group {
			w.files = append(w.files, File{fmt.Sprintf("%s/%d.bin", folder, i), data})
		}
	}
	return names.String()
}

// folder is the name of a folder whose files have a digest. Names are short; where two digests begin alike, the second is
// named by its own digest in turn.
func (w *writer) folder(sum [sha256.Size]byte) string {
	if w.taken == nil {
		w.taken = make(map[string][sha256.Size]byte)
	}
	for named := sum; ; named = sha256.Sum256(named[:]) {
		name := strings.ToLower(base32.StdEncoding.EncodeToString(named[:]))[:nameLength] // one case: not every disk tells two apart
		if other, taken := w.taken[name]; !taken || other == sum {
			w.taken[name] = sum
			return name
		}
	}
}

// clip cuts a text at a number of letters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return s
}

// pack is data compressed.
func (w *writer) pack(data []byte) []byte {
	return w.keep(data, func() []byte { return compress(data) })
}

// gzips are writers that were used: each takes long to make.
var gzips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestCompression) // the level exists
	return z
}}

// compress is a text compressed by gzip, the same bytes at any time and on any machine.
func compress(data []byte) []byte {
	var b bytes.Buffer
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(&b)
	_, _ = z.Write(data) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
