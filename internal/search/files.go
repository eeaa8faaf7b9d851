package search

import (
	"bytes"
	"compress/gzip"
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
	"unicode"
	"unicode/utf8"
)

// manifest is the file that a browser reads first. Shards and blocks are told by where each starts; their files stand in
// folders of shardGroup and blockGroup, each named by what its files hold, and are numbered there.
type manifest struct {
	Version   int               `json:"v"`
	Lang      string            `json:"lang"`
	Documents int               `json:"n"`
	Aliases   map[string]string `json:"alias"`
	Function  []string          `json:"function"` // words that are not looked for
	Shards    string            `json:"shards"`   // folders, each of nameLength characters
	Terms     string            `json:"terms"`    // of each shard where it starts, in lines; see separators
	Blocks    string            `json:"blocks"`
	First     []int             `json:"first"` // how many pages each block has
	Words     string            `json:"words"` // folders of the spelling files, by length
}

const (
	manifestName = "manifest.bin"
	nameLength   = 8
	shardGroup   = 8
	blockGroup   = 16
)

// writer makes the files of an index.
type writer struct {
	manifest manifest
	files    []File
	shards   [][]byte
	starts   []string // the first term of each shard
	ends     []string // the last
	blocks   [][]byte
	words    [][]byte
}

// list is a term with its postings, or with a part of them.
type list struct {
	term     string
	postings []posting
}

// size is about how many bytes of a compressed shard a list takes, in an index of so many pages: a gap takes the bits
// that its place among as many pages needs, what is known of a page about six.
func (l list) size(documents int) int {
	n := float64(len(l.postings))
	gap := math.Log2(float64(max(documents, 1))/n) + 1.4
	return len(l.term)/2 + 2 + int(n*(gap*1.1+6)/8)
}

// sizes are how large shards and blocks become in an index of so many pages: small ones, where the number of files
// does not matter, spare a query bytes that it does not ask for.
func sizes(documents int) (shard, block int) {
	if documents <= 2500 {
		return 9 << 10, 1600
	}
	return MaxShard, MaxBlock
}

// terms cuts the terms into shards. Shards end at terms that are chosen by their own letters, so that a list that grows
// moves no other shard's ends.
func (w *writer) terms(lists map[string][]posting) {
	var open []list
	most, _ := sizes(w.manifest.Documents)
	size := 0
	flush := func() {
		w.shard(open)
		open, size = nil, 0
	}
	for _, term := range sorted(lists) {
		l := list{term, lists[term]}
		n := l.size(w.manifest.Documents)
		if size > 0 && size+n > most*9/10 {
			flush()
		}
		open, size = append(open, l), size+n
		if hash := fnv.New32a(); size > most*6/10 {
			_, _ = hash.Write([]byte(term))
			if hash.Sum32()%8 == 0 {
				flush()
			}
		}
	}
	if len(open) > 0 {
		flush()
	}
}

// shard writes lists as a shard, or as several where they are too large for one.
func (w *writer) shard(lists []list) {
	data := compress(encodeShard(lists))
	most, _ := sizes(w.manifest.Documents)
	switch {
	case len(data) <= most || len(lists) == 1 && len(lists[0].postings) == 1:
		w.shards = append(w.shards, data)
		w.starts, w.ends = append(w.starts, lists[0].term), append(w.ends, lists[len(lists)-1].term)
	case len(lists) > 1:
		w.shard(lists[:len(lists)/2])
		w.shard(lists[len(lists)/2:])
	default: // one list alone is too large: it goes on in the next shard, whole
		half := len(lists[0].postings) / 2
		w.shard([]list{{lists[0].term, lists[0].postings[:half]}})
		w.shard([]list{{lists[0].term, lists[0].postings[half:]}})
	}
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
			data = binary.AppendUvarint(data, uint64(p.doc-last-1))
			last = p.doc
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
			data = append(data, byte(p.impact|nibble<<4))
		}
	}
	return append(data, sets...)
}

// page is a document in its block, as JSON: address, title, summary, kind, date, headings.
type page [6]any

// documents cuts the pages into blocks.
func (w *writer) documents(docs []document) {
	encode := func(docs []document, headings int) []byte {
		pages := make([]page, len(docs))
		for i, d := range docs {
			var heads []string
			for _, h := range d.headings[:min(headings, len(d.headings))] {
				heading, id := clip(h.Heading, 120), h.ID
				if id == plainID(heading) {
					id = "" // the usual case: the browser makes it of the heading
				}
				heads = append(heads, id, heading)
			}
			pages[i] = page{d.URL, clip(d.Title, 200), clip(d.Summary, 300), d.Kind, d.Date, heads}
		}
		data, err := json.Marshal(pages)
		if err != nil {
			panic(err) // texts and numbers always have a form in JSON
		}
		return compress(data)
	}
	_, most := sizes(len(docs))
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

// spelling makes the files of words.
func (w *writer) spelling(pages map[string]int) {
	for _, words := range spellings(pages) {
		w.words = append(w.words, compress(encodeWords(words)))
	}
}

// finish names the files and writes the manifest.
func (w *writer) finish() []File {
	w.manifest.Shards, w.manifest.Blocks = w.group(w.shards, shardGroup), w.group(w.blocks, blockGroup)
	w.manifest.Words = w.group(w.words, 1)
	w.manifest.Terms = strings.Join(w.separators(), "\n")
	data, err := json.Marshal(w.manifest)
	if err != nil {
		panic(err)
	}
	w.files = append(w.files, File{manifestName, compress(data)})
	slices.SortFunc(w.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return w.files
}

// separators tell where each shard starts: a text that is after the last term of the shard before, and not after its own
// first term. Each is the letters that it shares with the one before, counted as one digit to base 36, and the rest.
// It is empty where a shard goes on with the last list of the one before, and for the first.
func (w *writer) separators() []string {
	lines, last := make([]string, len(w.starts)), ""
	for i := 1; i < len(w.starts); i++ {
		if w.starts[i] == w.ends[i-1] {
			continue
		}
		start := shortest(w.ends[i-1], w.starts[i])
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

// group puts files into folders named by what they hold, so that the manifest names one folder for several.
func (w *writer) group(files [][]byte, size int) string {
	var names strings.Builder
	for group := range slices.Chunk(files, size) {
		hash := sha256.New()
		for _, data := range group {
			sum := sha256.Sum256(data)
			_, _ = hash.Write(sum[:])
		}
		name := strings.ToLower(base32.StdEncoding.EncodeToString(hash.Sum(nil)))[:nameLength] // one case: not every disk tells two apart
		names.WriteString(name)
		for i, data := range group {
			w.files = append(w.files, File{fmt.Sprintf("%s/%d.bin", name, i), data})
		}
	}
	return names.String()
}

// clip cuts a text at a number of letters.
func clip(s string, most int) string {
	if letters := []rune(s); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return s
}

// compress is a text compressed by gzip, the same bytes at any time and on any machine.
func compress(data []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists
	_, _ = z.Write(data)                                  // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
