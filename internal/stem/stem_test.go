package stem

import (
	_ "embed"
	"strings"
	"testing"
)

// The words are from our own content, as they stand there and with prefixes and suffixes put to them by chance; the
// stems are those of the Snowball project's own program (its Python edition, 2.2.0).
//
//go:embed testdata/indonesian.txt
var indonesian string

func TestIndonesianIsSnowballs(t *testing.T) {
	n := 0
	for line := range strings.Lines(indonesian) {
		word, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		if got := Indonesian(word); got != want {
			t.Errorf("%s: %s, Snowball says %s", word, got, want)
		}
		n++
	}
	if n < 3000 {
		t.Errorf("only %d words were looked at", n)
	}
}

func TestIndonesianForms(t *testing.T) {
	for _, forms := range []string{
		"bangun membangun dibangun pembangunan bangunannya terbangunlah",
		"sapu menyapu", "pakai memakai dipakainya", "ajar belajar pelajaran",
	} {
		words := strings.Fields(forms)
		want := Indonesian(words[0])
		for _, w := range words[1:] {
			if got := Indonesian(w); got != want {
				t.Errorf("%s: %s, not %s as %s", w, got, want, words[0])
			}
		}
	}
}

func FuzzIndonesian(f *testing.F) {
	for _, w := range []string{"", "be", "beér", "memerlukan", "meny", "\xff\xfe", "kah", "nyanyanya"} {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, word string) {
		got := Indonesian(word)
		if len(got) > len(word) || got == "" && word != "" {
			t.Errorf("%q: %q", word, got)
		}
	})
}

func TestEnglishForms(t *testing.T) {
	for _, forms := range []string{"plan plans planned planning", "service services serviced", "agency agencies", "public publicly"} {
		words := strings.Fields(forms)
		for _, w := range words[1:] {
			if got, want := English(w), English(words[0]); got != want {
				t.Errorf("%s: %s, not %s as %s", w, got, want, words[0])
			}
		}
	}
}
