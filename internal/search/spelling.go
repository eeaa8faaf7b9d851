package search

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The words of a spelling file: so many letters they have, in files of their own, as a mistake changes a length by one
// or two. Shorter words have too many neighbours to guess at; longer ones stand with the longest.
const (
	shortestWord = 3
	longestWord  = 18
	maxWords     = 8500 // in all files; in a large portal the words that stand on the fewest pages are left out
)

// spelled is a word as it stands in the portal, with how often it does.
type spelled struct {
	word  string
	often int // 0 to 15: on 2 to the power of so many pages, or more
}

// wordLength is the number of the file that a word stands in, less shortestWord; negative: in none.
func wordLength(word string) int {
	return min(utf8.RuneCountInString(word), longestWord) - shortestWord
}

// spellings are the words of the portal that a guess may take, sorted.
func spellings(pages map[string]int) []spelled {
	var words []string
	for word := range pages {
		if first, _ := utf8.DecodeRuneInString(word); wordLength(word) >= 0 && !unicode.IsNumber(first) {
			words = append(words, word)
		}
	}
	if len(words) > maxWords {
		slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(pages[b], pages[a]), strings.Compare(a, b)) })
		words = words[:maxWords]
	}
	slices.Sort(words)
	all := make([]spelled, len(words))
	for i, word := range words {
		all[i] = spelled{word, min(bits.Len(uint(pages[word]))-1, 15)}
	}
	return all
}

// byLength are words by the number of their letters.
func byLength(words []spelled) [][]spelled {
	files := make([][]spelled, longestWord-shortestWord+1)
	for _, w := range words {
		at := wordLength(w.word)
		files[at] = append(files[at], w)
	}
	return files
}

// byAlphabet cuts words into files of about five hundred, at words that are chosen by their own letters.
func byAlphabet(words []spelled) [][]spelled {
	var files [][]spelled
	for start, i := 0, 0; i < len(words); i++ {
		if n := i + 1 - start; i+1 == len(words) || n >= 350 && chosen(words[i].word, 64) || n == 700 {
			files = append(files, words[start:i+1])
			start = i + 1
		}
	}
	return files
}

// encodeWords lays words out: their count, for each a byte with how many bytes it shares with the one before, at most
// 15, and above that how often it stands in the portal; the lengths of the rests; the rests.
func encodeWords(words []spelled) []byte {
	data := binary.AppendUvarint(nil, uint64(len(words)))
	var lengths, rests []byte
	before := ""
	for _, w := range words {
		shared := 0
		for shared < min(len(before), len(w.word), 15) && before[shared] == w.word[shared] {
			shared++
		}
		data = append(data, byte(shared|w.often<<4))
		lengths = binary.AppendUvarint(lengths, uint64(len(w.word)-shared))
		rests = append(rests, w.word[shared:]...)
		before = w.word
	}
	return append(append(data, lengths...), rests...)
}

// decodeWords reads what encodeWords wrote.
func decodeWords(data []byte) ([]spelled, bool) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n > uint64(len(data)-size) {
		return nil, false
	}
	heads, lengths := data[size:size+int(n)], data[size+int(n):]
	rests := lengths
	for range n {
		_, size := binary.Uvarint(rests)
		if size <= 0 {
			return nil, false
		}
		rests = rests[size:]
	}
	words, before := make([]spelled, n), ""
	for i := range words {
		length, size := binary.Uvarint(lengths)
		lengths = lengths[size:]
		shared := int(heads[i] & 15)
		if length > uint64(len(rests)) || shared > len(before) {
			return nil, false
		}
		before = before[:shared] + string(rests[:length])
		rests = rests[length:]
		words[i] = spelled{before, int(heads[i] >> 4)}
	}
	return words, len(rests) == 0
}

// guess is a word of the portal that another was probably meant to be.
type guess struct {
	spelled
	weight int
}

// Meant is the word of the portal that a word was probably meant to be: one letter more, less, other or changed with its
// neighbour, in long words two; empty where there is none. Words that stand on more pages are likelier, and of two that
// are as likely the one that starts alike.
func (x *Index) Meant(word string) (string, error) {
	best, err := x.near(word)
	return best.word, err
}

func (x *Index) near(word string) (best guess, err error) {
	letters := []rune(word)
	at := wordLength(word)
	for edits := 1; at >= 0 && edits <= 2 && best.word == ""; edits++ {
		if edits == 2 && len(letters) < 7 {
			break
		}
		for length := max(at-edits, 0); length <= min(at+edits, longestWord-shortestWord); length++ {
			words, err := x.spelling(length)
			if err != nil {
				return guess{}, err
			}
			for _, w := range words {
				if w.word == word || !within(letters, []rune(w.word), edits) {
					continue
				}
				g := guess{w, 2 * w.often}
				if first, _ := utf8.DecodeRuneInString(w.word); first == letters[0] {
					g.weight += 3
				}
				if best.word == "" || cmp.Or(cmp.Compare(best.weight, g.weight), cmp.Compare(g.word, best.word)) < 0 {
					best = g
				}
			}
		}
	}
	return best, nil
}

// Rival is a word that a rare word of a query, which one or two pages have, may have been meant to be: it stands on eight
// times as many. The rare word is not replaced by it.
func (x *Index) Rival(w Word) (string, error) {
	if w.Pages < 1 || w.Pages > 2 || w.Meant != "" || len(w.Completed) > 0 {
		return "", nil
	}
	best, err := x.near(w.Typed)
	if err != nil || best.word == "" || 1<<best.often < 8*w.Pages || x.key(best.word) == x.key(w.Typed) {
		return "", err
	}
	return best.word, nil
}

func (x *Index) spelling(length int) ([]spelled, error) {
	return x.wordsOf(file(x.manifest.Words, length, 1))
}

func (x *Index) wordsOf(name string) ([]spelled, error) {
	if words, known := x.spellings[name]; known {
		return words, nil
	}
	data, err := x.read(name)
	if err != nil {
		return nil, err
	}
	words, ok := decodeWords(data)
	if !ok {
		return nil, damaged(name)
	}
	x.spellings[name] = words
	return words, nil
}

// What completes a word that is not finished: at least so many letters of it, at most so many words of different terms.
const (
	shortestStart  = 3
	maxCompletions = 6
)

// Completions are words of the portal that start as a word does that is still being typed: those on the most pages
// first, each of another term.
func (x *Index) Completions(start string) ([]string, error) {
	if utf8.RuneCountInString(start) < shortestStart {
		return nil, nil
	}
	var found []spelled
	from := x.manifest.From
	for i := range from {
		if i+1 < len(from) && from[i+1] <= start || from[i] > start && !strings.HasPrefix(from[i], start) {
			continue
		}
		words, err := x.wordsOf(file(x.manifest.Starts, i, x.manifest.Groups[0]))
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			if strings.HasPrefix(w.word, start) {
				found = append(found, w)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b spelled) int { return cmp.Compare(b.often, a.often) })
	var words, keys []string
	for _, w := range found {
		if key := x.key(w.word); len(words) < maxCompletions && !slices.Contains(keys, key) {
			words, keys = append(words, w.word), append(keys, key)
		}
	}
	return words, nil
}

// within reports whether a word becomes another by at most so many edits: a letter put in, taken out, changed, or two
// neighbours exchanged (the optimal string alignment distance).
func within(a, b []rune, edits int) bool {
	if len(a)-len(b) > edits || len(b)-len(a) > edits {
		return false
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		if slices.Min(row) > edits {
			return false
		}
		before, last, row = last, row, before
	}
	return last[len(b)] <= edits
}
