// Package stem brings the inflected forms of a word together: "membangun", "pembangunan" and "dibangunlah" have one stem.
//
// A stem is a key to look words up by, and not always a word itself. static/assets/search holds the same algorithms for
// the browser; a test holds the two against each other.
package stem

import "strings"

// class is which prefix was taken off a word; it decides which suffixes may go with it.
type class int

const (
	classNone class = iota
	classVerb       // di-, me-, ter-
	classPer        // per-, pe-
	classNoun       // ke-, pe- with a nasal
	classBer        // ber-, be-
)

// Indonesian is the stem of a word in small letters, by the Snowball project's Indonesian algorithm
// (snowballstem.org/algorithms/indonesian, after F. Z. Tala, "A Study of Stemming Effects on Information Retrieval in
// Bahasa Indonesia", 2003). A word of fewer than three syllables is its own stem; syllables are counted by their vowels.
func Indonesian(word string) string {
	syllables := vowels(word)
	for _, endings := range [2][]string{{"kah", "lah", "pun"}, {"nya", "ku", "mu"}} {
		if syllables <= 2 {
			return word
		}
		for _, ending := range endings {
			if strings.HasSuffix(word, ending) {
				word, syllables = word[:len(word)-len(ending)], syllables-1
				break
			}
		}
	}
	return IndonesianWhole(word)
}

// IndonesianWhole is the stem of a word that ends with no clitic (-lah, -kah, -pun, -nya, -ku, -mu), whatever it looks
// like: mengolah is from olah, and pelaku from laku.
func IndonesianWhole(word string) string {
	syllables := vowels(word)
	if syllables <= 2 {
		return word
	}
	// The letter that a prefix turned into its own nasal stands before what is looked at further: memerlukan is p + erlukan.
	kept, rest, first := firstPrefix(word)
	if first != classNone {
		if syllables--; syllables > 2 {
			if bare, ok := suffix(rest, first); ok {
				rest = bare
				if syllables--; syllables > 2 {
					rest, _, _ = secondPrefix(rest)
				}
			}
		}
		return kept + rest
	}
	rest, second, removed := secondPrefix(word)
	if removed {
		syllables--
	}
	if syllables > 2 {
		rest, _ = suffix(rest, second)
	}
	return rest
}

func vowels(word string) (n int) {
	for i := range len(word) {
		if vowel(word[i:]) {
			n++
		}
	}
	return n
}

func vowel(s string) bool { return s != "" && strings.IndexByte("aeiou", s[0]) >= 0 }

// firstPrefix takes the outer prefix off; kept is the first letter of the stem where the prefix had swallowed it.
func firstPrefix(word string) (kept, rest string, c class) {
	for _, p := range [...]struct {
		prefix string
		class  class
		letter string // that the prefix swallows before a vowel
		only   bool   // whether the prefix is one before a vowel only
	}{
		{"meny", classVerb, "s", true}, {"peny", classNoun, "s", true},
		{"meng", classVerb, "", false}, {"peng", classNoun, "", false},
		{"mem", classVerb, "p", false}, {"pem", classNoun, "p", false},
		{"men", classVerb, "", false}, {"pen", classNoun, "", false},
		{"ter", classVerb, "", false},
		{"di", classVerb, "", false}, {"ke", classNoun, "", false}, {"me", classVerb, "", false},
	} {
		rest, ok := strings.CutPrefix(word, p.prefix)
		switch {
		case !ok || p.only && !vowel(rest):
		case vowel(rest):
			return p.letter, rest, p.class
		default:
			return "", rest, p.class
		}
	}
	return "", word, classNone
}

// secondPrefix takes the inner prefix off.
func secondPrefix(word string) (rest string, c class, removed bool) {
	for _, p := range [...]struct {
		prefix, stem string
		class        class
	}{
		{"belajar", "ajar", classBer}, {"pelajar", "ajar", classNone},
		{"ber", "", classBer}, {"per", "", classPer}, {"pe", "", classPer},
	} {
		if rest, ok := strings.CutPrefix(word, p.prefix); ok {
			return p.stem + rest, p.class, true
		}
	}
	if rest, ok := strings.CutPrefix(word, "be"); ok && len(rest) > 2 && !vowel(rest) && strings.HasPrefix(after(rest), "er") {
		return rest, classBer, true // bekerja
	}
	return word, classNone, false
}

// after is a text without its first character.
func after(s string) string {
	for i := range s {
		if i > 0 {
			return s[i:]
		}
	}
	return ""
}

// suffix takes -kan, -an or -i off, where the prefix allows it.
func suffix(word string, c class) (string, bool) {
	if rest, ok := strings.CutSuffix(word, "kan"); ok && c != classNoun && c != classPer {
		return rest, true
	}
	if rest, ok := strings.CutSuffix(word, "an"); ok && c != classVerb {
		return rest, true
	}
	if rest, ok := strings.CutSuffix(word, "i"); ok && c <= classPer && !strings.HasSuffix(rest, "s") {
		return rest, true
	}
	return word, false
}
