package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pendapa/internal/locale"
	"pendapa/internal/stem"
)

func split(lang locale.Lang, text string) []string {
	var words []string
	Split(lang, text, func(w string) { words = append(words, w) })
	return words
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		lang       locale.Lang
		text, want string
	}{
		{locale.Indonesian, "Bank Sampah, di Juwana!", "bank sampah di juwana"},
		{locale.Indonesian, "anak-anak", "anak anak"},
		{locale.Indonesian, "1.324.188 jiwa; Rp1.500.000,50", "1324188 jiwa rp 1500000 50"},
		{locale.English, "1,324,188 people, 4.5 %", "1324188 people 4 5"},
		{locale.Indonesian, "26.09.2018", "26 09 2018"},
		{locale.Indonesian, "Jum'at Jum’at 'kutipan'", "jumat jumat kutipan"},
		{locale.English, "the regency's don't 's", "the regency dont"},
		{locale.Indonesian, "café CAFÉ ﬁle x²", "cafe cafe file 2"},
		{locale.Indonesian, "Pasal 28F a", "pasal 28"},
		{locale.Indonesian, "日 本語 ΣΑΣ", "日 本語 σασ"},
		{locale.Indonesian, "__proto__ constructor <b>x</b> \xff\xfe", "proto constructor"},
		{locale.Indonesian, "", ""},
	} {
		if got := strings.Join(split(c.lang, c.text), " "); got != c.want {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"Bank Sampah", "1.324.188", "a'b'c", "''''s's", "\xff", "\u202eabc", "e\u0301\u0301", "1.٣٤٥", "\xf7\u0374"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := split(locale.Indonesian, text)
		for _, w := range words {
			if w == "" || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
				t.Fatalf("%q in %q", w, text)
			}
		}
		if again := split(locale.Indonesian, strings.Join(words, " ")); !slices.Equal(again, words) {
			t.Fatalf("%q is split into %q, and these into %q", text, words, again)
		}
	})
}

func TestAliasesOfNasalPrefixes(t *testing.T) {
	words := func(text string) map[string]int {
		n := make(map[string]int)
		for _, w := range strings.Fields(text) {
			n[w]++
		}
		return n
	}
	for _, c := range []struct{ name, text, from, to string }{
		{"k", "mengirim dikirim", "mengirim", "kirim"},
		{"k of a form", "pengiriman kiriman", "pengiriman", "kirim"},
		{"t", "penulis tulisan", "penulis", "tulis"},
		{"n, by its stem", "menilai penilaian nilai", "menilai", "nilai"},
		{"m", "memasak masak dimasak", "memasak", "dimasak"},
		{"s by Snowball itself", "menyapu sapu", "menyapu", "sapu"},
		{"ny", "menyanyi nyanyian", "menyanyi", "nyanyian"},
		{"an ending that is no clitic", "mengolah olah diolah", "mengolah", "diolah"},
		{"the same behind another prefix", "pelaku berlaku laku", "pelaku", "berlaku"},
		{"a clitic", "rumahnya rumah", "rumahnya", "rumah"},
		{"a stem that is a word", "pemakaian pakai memakai", "pemakaian", "memakai"},
	} {
		aliases := Aliases(words(c.text))
		key := func(word string) string {
			s := stem.Indonesian(word)
			if to, ok := aliases[s]; ok {
				return to
			}
			return s
		}
		if key(c.from) != key(c.to) {
			t.Errorf("%s: %s is %s, %s is %s", c.name, c.from, key(c.from), c.to, key(c.to))
		}
	}
	for name, text := range map[string]string{
		"the root is not in the text":      "mengirim surat",
		"the bare stem is a word itself":   "keempat empat pengempat tempat",
		"the bare stem is a form's stem":   "mengarang karang arangnya",
		"no nasal prefix":                  "menang kang",
		"a word of one vowel after prefix": "mengebor",
	} {
		for from, to := range Aliases(words(text)) {
			t.Errorf("%s: %s is taken for %s", name, from, to)
		}
	}
}

func TestAliasesAreTheSameInAnyOrder(t *testing.T) {
	words := map[string]int{"menulis": 1, "tulis": 2, "nulis": 2, "penulisan": 1, "mengaku": 3, "aku": 0, "kaku": 1,
		"mengolah": 1, "olah": 1, "mengopun": 1, "opun": 1, "mengoku": 1, "oku": 1, "pelaku": 2, "laku": 2, "pelanya": 1, "lanya": 2, "pelamu": 1, "lamu": 2}
	first := Aliases(words)
	for range 50 {
		again := Aliases(words)
		if len(again) != len(first) {
			t.Fatal(first, again)
		}
		for from, to := range first {
			if again[from] != to {
				t.Fatal(first, again)
			}
		}
	}
}
