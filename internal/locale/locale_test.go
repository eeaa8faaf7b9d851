package locale

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		v        float64
		decimals int
		id, en   string
	}{
		{1324188, 0, "1.324.188", "1,324,188"},
		{12.5, 1, "12,5", "12.5"},
		{12.5, 0, "13", "13"},
		{-1234.25, 2, "−1.234,25", "−1,234.25"},
		{-0.2, 0, "0", "0"},
		{0, 2, "0,00", "0.00"},
		{999.995, 2, "1.000,00", "1,000.00"},
		{0.1, -1, "0,1", "0.1"},
		{1500, -1, "1.500", "1,500"},
	} {
		if got := Indonesian.Number(test.v, test.decimals); got != test.id {
			t.Errorf("Indonesian %g with %d: %s, want %s", test.v, test.decimals, got, test.id)
		}
		if got := English.Number(test.v, test.decimals); got != test.en {
			t.Errorf("English %g with %d: %s, want %s", test.v, test.decimals, got, test.en)
		}
	}
}

func TestMoney(t *testing.T) {
	for amount, want := range map[int64]string{
		0: "Rp0", 999999: "Rp999.999", 1e6: "Rp1 juta", 1500000: "Rp1,5 juta", 750e6: "Rp750 juta", 999_600_000: "Rp1 miliar", 1_500_000_000: "Rp1,5 miliar",
		15_600_000_000: "Rp15,6 miliar", 2_340_000_000_000: "Rp2,3 triliun", 123_456_000_000_000_000: "Rp123.456 triliun", -1_500_000_000: "Rp−1,5 miliar",
	} {
		if got := Indonesian.ShortRupiah(amount); got != want {
			t.Errorf("ShortRupiah(%d) = %s, want %s", amount, got, want)
		}
	}
	if got := English.ShortRupiah(1_500_000_000); got != "Rp1.5 billion" {
		t.Error(got)
	}
	if got := Indonesian.Rupiah(1_500_000_000); got != "Rp1.500.000.000" {
		t.Error(got)
	}
}

func TestPercentIsNeverRoundedUpToDone(t *testing.T) {
	for share, want := range map[float64]string{0.999: "99%", 1: "100%", 0.29: "29%", 0.634: "63%", -0.05: "−5%", 1.5: "150%"} {
		if got := Indonesian.Percent(share); got != want {
			t.Errorf("Percent(%g) = %s, want %s", share, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2018, 9, 26, 9, 5, 0, 0, time.FixedZone("WIB", 7*3600))
	for got, want := range map[string]string{
		Indonesian.Date(day): "26 September 2018", English.Date(day): "26 September 2018",
		Indonesian.ShortDate(day.AddDate(0, -1, 0)): "26 Agu 2018", Indonesian.Weekday(day): "Rabu", English.Weekday(day): "Wednesday",
		Indonesian.Clock(day): "09.05 WIB", English.Clock(day): "09:05 WIB", Indonesian.ShortMonth(day.AddDate(0, 3, 0)): "Des 2018",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	verbs := regexp.MustCompile(`%s`)
	for key, id := range indonesian {
		en, ok := english[key]
		if !ok {
			t.Errorf("English lacks %q", key)
		}
		if !strings.HasSuffix(key, ".one") && len(verbs.FindAllString(id, -1)) != len(verbs.FindAllString(en, -1)) {
			t.Errorf("%q takes other arguments in English: %q, %q", key, id, en)
		}
	}
	if len(indonesian) != len(english) {
		t.Errorf("%d and %d words", len(indonesian), len(english))
	}
}

func TestSingular(t *testing.T) {
	if got := English.T("totals.n", 1) + "|" + English.T("totals.n", 1200); got != "1 quick win|1,200 quick wins" {
		t.Error(got)
	}
	if got := Indonesian.T("no.such.word"); got != "[no.such.word]" {
		t.Error(got)
	}
}

// Every word that a layout or the code asks for exists, and every word that exists is asked for.
func TestWordsAreThoseThatAreUsed(t *testing.T) {
	asked := regexp.MustCompile(`(?:\bt|\.T\(|\bT\() ?\(?(?:print )?"([a-z0-9.-]+)"`)
	used, prefixes := make(map[string]bool), []string{}
	root := "../.."
	for _, pattern := range []string{"layouts/*.html", "layouts/partials/*.html", "internal/*/*.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
				used[m[1]] = true
				if strings.HasSuffix(m[1], ".") {
					prefixes = append(prefixes, m[1])
				}
			}
		}
	}
	for key := range used {
		if !Indonesian.Has(key) && !strings.HasSuffix(key, ".") {
			t.Errorf("there is no word for %q", key)
		}
	}
	for key := range indonesian {
		ok := used[strings.TrimSuffix(key, ".one")]
		for _, p := range prefixes {
			ok = ok || strings.HasPrefix(key, p)
		}
		if !ok {
			t.Errorf("nothing uses the word %q", key)
		}
	}
}

func FuzzNumber(f *testing.F) {
	f.Add(12.5, 1)
	f.Add(-1e15, 0)
	f.Fuzz(func(t *testing.T, v float64, decimals int) {
		if math.IsNaN(v) || math.IsInf(v, 0) || decimals > 6 || decimals < -1 {
			t.Skip()
		}
		if got := Indonesian.Number(v, decimals); got == "" || strings.ContainsAny(got, "eNI") {
			t.Errorf("Number(%g, %d) = %q", v, decimals, got)
		}
	})
}
