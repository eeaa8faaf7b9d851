package search

import (
	"strings"

	"pendapa/internal/stem"
)

// nasals are the prefixes that may have swallowed the first letter of a word, with the letters that each swallows or
// that stand unchanged behind it: mengirim is from kirim, menulis from tulis, menilai from nilai, memasak from masak.
// Snowball puts back s behind meny- and p behind mem-, and takes the others for words that start with a vowel.
var nasals = []struct {
	prefixes [2]string
	stemmed  string   // what Snowball puts before the rest
	letters  []string // what may belong there instead
}{
	{[2]string{"meny", "peny"}, "s", []string{"ny"}},
	{[2]string{"meng", "peng"}, "", []string{"k", "ng"}},
	{[2]string{"mem", "pem"}, "p", []string{"m"}},
	{[2]string{"men", "pen"}, "", []string{"t", "n"}},
}

// Aliases learns from the words of a portal, with how often each stands there, which Indonesian stems are one. The table
// leads from a stem to the stem that takes its place: irim to kirim, where kirim or a form of it stands in the text and
// irim is no word itself.
func Aliases(words map[string]int) map[string]string {
	// What is attested without a nasal prefix: words, and the stems of these.
	attested := make(map[string]int, len(words))
	for word, n := range words {
		if nasal, _ := swallowed(word); nasal < 0 {
			attested[stem.Indonesian(word)] += n
		}
	}
	weights := make(map[string]int) // of the best root of each stem so far
	aliases := make(map[string]string)
	for word := range words {
		nasal, rest := swallowed(word)
		if nasal < 0 {
			continue
		}
		n := nasals[nasal]
		bare := stem.Indonesian(word)
		tail, ok := strings.CutPrefix(bare, n.stemmed)
		if !ok || len(tail) < 2 || !strings.HasPrefix(rest, tail) || words[bare] > 0 || attested[bare] > 0 {
			continue
		}
		for _, letter := range n.letters {
			root := letter + tail
			weight := attested[root]
			if weight > weights[bare] || weight > 0 && weight == weights[bare] && root < aliases[bare] {
				weights[bare], aliases[bare] = weight, root
			}
		}
	}
	// What looks like a clitic may belong to the word: Snowball takes mengolah for mengo with -lah.
	clear(weights)
	for word := range words {
		bare, whole := stem.Indonesian(word), stem.IndonesianWhole(word)
		if bare == whole || strings.HasPrefix(whole, bare) || words[bare] > 0 || cliticOf(word, words) {
			continue
		}
		weight := attested[whole]
		if weight > weights[bare] || weight > 0 && weight == weights[bare] && whole < aliases[bare] {
			weights[bare], aliases[bare] = weight, whole
		}
	}
	// A stem that is a word of the text itself goes on to that word's own stem: pemakaian to pakai, pakai to paka.
	for word := range words {
		s := stem.Indonesian(word)
		if deeper := stem.Indonesian(s); deeper != s && words[s] > 0 && aliases[s] == "" {
			aliases[s] = deeper
		}
	}
	ends := make(map[string]string, len(aliases))
	for from, to := range aliases {
		for range 4 { // more steps than any chain has; and none ends where it began
			next, more := aliases[to]
			if !more || next == from {
				break
			}
			to = next
		}
		ends[from] = to
	}
	return ends
}

// cliticOf reports whether a word is another word of the text with a clitic.
func cliticOf(word string, words map[string]int) bool {
	for _, ending := range [...]string{"lah", "kah", "pun", "nya", "ku", "mu"} {
		if rest, ok := strings.CutSuffix(word, ending); ok && words[rest] > 0 {
			return true
		}
	}
	return false
}

// swallowed finds the nasal prefix of a word before a vowel, and what follows it; the first is negative where there is
// none.
func swallowed(word string) (nasal int, rest string) {
	for i, n := range nasals {
		for _, prefix := range n.prefixes {
			if rest, ok := strings.CutPrefix(word, prefix); ok && rest != "" && strings.IndexByte("aeiou", rest[0]) >= 0 {
				return i, rest
			}
		}
	}
	return -1, ""
}
