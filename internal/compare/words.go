package compare

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// next is the length in bytes of the first token of a text that is not empty, and what it is: a run of blanks, a word, or
// one sign. What a token is depends on nothing before it, so that a part of a text has the tokens that it has in the text.
func next(s string) (size int, blank, word bool) {
	r, size := utf8.DecodeRuneInString(s)
	if unicode.IsSpace(r) {
		for size < len(s) {
			r, n := utf8.DecodeRuneInString(s[size:])
			if !unicode.IsSpace(r) {
				break
			}
			size += n
		}
		return size, true, false
	}
	last := r
	switch {
	case inWord(r):
	case signed(r) && startsNumber(s[size:]): // -5, $5
		last, size = digitAfter(s, size)
	default:
		return size + marks(s[size:]), false, false
	}
	size += marks(s[size:])
	if alone(last) {
		return size, false, true
	}
	for size < len(s) {
		r, n := utf8.DecodeRuneInString(s[size:])
		after, _ := utf8.DecodeRuneInString(s[size+n:])
		switch {
		case inWord(r) && !alone(r):
		case joins(last, r, after):
		case (r == '%' || r == '‰') && unicode.IsNumber(last):
			return size + n + marks(s[size+n:]), false, true
		default:
			return size, false, true
		}
		size += n + marks(s[size+n:])
		last = r
	}
	return size, false, true
}

func digitAfter(s string, size int) (rune, int) {
	r, n := utf8.DecodeRuneInString(s[size:])
	return r, size + n
}

func startsNumber(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsDigit(r)
}

func signed(r rune) bool {
	return r == '-' || r == '+' || r == '−' || r == '±' || unicode.Is(unicode.Sc, r)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || attached(r) }

// attached are runes that belong to the one before: combining marks, and the joiners of scripts and of emoji.
func attached(r rune) bool { return unicode.IsMark(r) || r == 0x200C || r == 0x200D }

// marks is the length of the attached runes at the front.
func marks(s string) int {
	for i, r := range s {
		if !attached(r) {
			return i
		}
	}
	return len(s)
}

// alone tells whether each letter of a script counts as a word, since the script does not put blanks between words.
func alone(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// joins tells whether a sign between two runes makes one word of them: 1.250.000,50, 10:30, 1/2, rata-rata, Jum'at.
func joins(last, sign, after rune) bool {
	switch sign {
	case '.', ',', ':', '/':
		return unicode.IsDigit(last) && unicode.IsDigit(after)
	case '-', '‑', '\'', '’', '_':
		return inWord(last) && inWord(after) && !alone(after)
	}
	return false
}

func countWords(s string) int {
	words := 0
	for s != "" {
		size, _, word := next(s)
		if word {
			words++
		}
		s = s[size:]
	}
	return words
}

// token is a word or a sign.
type token struct {
	start, end int // in the text
	id         int32
	word       bool
}

// names gives equal texts equal numbers, from 0 up.
type names map[string]int32

func (n names) of(s string) int32 {
	id, ok := n[s]
	if !ok {
		id = int32(len(n))
		n[s] = id
	}
	return id
}

// tokens are the words and signs of a text; the blanks are what lies between them.
func (n names) tokens(s string) []token {
	list := make([]token, 0, 2*strings.Count(s, " ")+2)
	for at := 0; at < len(s); {
		size, blank, word := next(s[at:])
		if !blank {
			list = append(list, token{at, at + size, n.of(s[at : at+size]), word})
		}
		at += size
	}
	return list
}

func ids(tokens []token) []int32 {
	list := make([]int32, len(tokens))
	for i, t := range tokens {
		list[i] = t.id
	}
	return list
}
