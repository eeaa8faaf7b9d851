package locale

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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

// readBack is a number as a reader of the language understands it: as a computer writes it, and its decimals.
func readBack(t *testing.T, l Lang, text string) (plain string, decimals int) {
	t.Helper()
	thousands, point := ".", ","
	if l == English {
		thousands, point = ",", "."
	}
	whole, fraction, _ := strings.Cut(text, point)
	digits, negative := strings.CutPrefix(whole, "−")
	for i, group := range strings.Split(digits, thousands) {
		if len(group) > 3 || len(group) < 3 && i > 0 || group == "" || strings.Trim(group, "0123456789") != "" || group[0] == '0' && i == 0 && digits != "0" {
			t.Errorf("%s: %q is not grouped", l, text)
		}
	}
	plain = strings.ReplaceAll(digits, thousands, "")
	if strings.Contains(text, point) {
		if fraction == "" || strings.Trim(fraction, "0123456789") != "" {
			t.Errorf("%s: %q has no decimals", l, text)
		}
		plain += "." + fraction
	}
	if negative {
		plain = "-" + plain
		if strings.Trim(plain, "-0.") == "" {
			t.Errorf("%s: %q is a negative nought", l, text)
		}
	}
	return plain, len(fraction)
}

// FuzzNumber: a reader of either language reads the number that was written, to the decimals that were asked for.
func FuzzNumber(f *testing.F) {
	for _, v := range []float64{0, 12.5, -1e15, 1e15, 999.995, -0.4, 0.5, 1.5, 2.675, 1324188, 1e21, -1e-7, math.SmallestNonzeroFloat64, 9007199254740993, 999999.5, math.Copysign(0, -1), 1e18, 0.1 + 0.2} {
		for _, decimals := range []int{-1, 0, 1, 2, 6} {
			f.Add(v, decimals)
		}
	}
	f.Fuzz(func(t *testing.T, v float64, decimals int) {
		if math.IsNaN(v) || math.IsInf(v, 0) || decimals > 6 || decimals < -1 {
			t.Skip()
		}
		for _, l := range Languages() {
			plain, has := readBack(t, l, l.Number(v, decimals))
			if decimals >= 0 && has != decimals {
				t.Errorf("%s: %g with %d decimals has %d", l, v, decimals, has)
			}
			got, err := strconv.ParseFloat(plain, 64)
			half := 0.5 * math.Pow10(-decimals)
			if decimals < 0 {
				half = 0
			}
			if off := math.Abs(got - v); err != nil || off > half+math.Abs(v)*1e-15 {
				t.Errorf("%s: %g with %d decimals is read as %s", l, v, decimals, plain)
			}
		}
		if math.Abs(v) > 9e15 {
			return
		}
		amount := int64(v)
		for _, l := range Languages() {
			written, is := strings.CutPrefix(l.Rupiah(amount), "Rp")
			if plain, _ := readBack(t, l, written); !is || plain != strconv.FormatInt(amount, 10) {
				t.Errorf("%s: %d rupiah are %q", l, amount, l.Rupiah(amount))
			}
			number, word, _ := strings.Cut(strings.TrimPrefix(l.ShortRupiah(amount), "Rp"), " ")
			plain, _ := readBack(t, l, number)
			got, err := strconv.ParseFloat(plain, 64)
			scale := map[string]float64{"": 1, "juta": 1e6, "million": 1e6, "miliar": 1e9, "billion": 1e9, "triliun": 1e12, "trillion": 1e12}[word]
			if err != nil || math.Abs(got*scale-float64(amount)) > 0.051*scale && math.Abs(got) < 100 && scale > 1 || math.Abs(got*scale-float64(amount)) > 0.51*scale {
				t.Errorf("%s: %d rupiah are shortened to %q", l, amount, l.ShortRupiah(amount))
			}
		}
	})
}

// FuzzDate: a reader of either language reads the day that was written, and the time of day with its zone.
func FuzzDate(f *testing.F) {
	for _, seconds := range []int64{0, 1537927200, -1, 951782400, 4107542399, -62135596800, 253402300799, 1709164800} {
		f.Add(seconds, int16(420))
		f.Add(seconds, int16(-720))
	}
	f.Fuzz(func(t *testing.T, seconds int64, zone int16) {
		at := time.Unix(seconds%253402300800, 0).In(time.FixedZone("WIB", int(zone%840)*60))
		if at.Year() < 1 || at.Year() > 9999 {
			t.Skip()
		}
		for _, l := range Languages() {
			for text, names := range map[string][12]string{l.Date(at): months[l], l.ShortDate(at): shortMonths[l]} {
				parts := strings.Split(text, " ")
				if len(parts) != 3 {
					t.Fatalf("%s: %s is %q", l, at, text)
				}
				day, err := strconv.Atoi(parts[0])
				year, errYear := strconv.Atoi(parts[2])
				month := time.Month(slices.Index(names[:], parts[1]) + 1)
				if y, m, d := at.Date(); err != nil || errYear != nil || day != d || month != m || year != y {
					t.Errorf("%s: %s is %q", l, at, text)
				}
			}
			if got := l.ShortMonth(at); !strings.HasSuffix(l.ShortDate(at), " "+got) {
				t.Errorf("%s: the month of %s is %q", l, at, got)
			}
			clock := strings.Replace(l.Clock(at), ".", ":", 1)
			if got, err := time.Parse("15:04", strings.TrimSuffix(clock, " WIB")); err != nil || got.Hour() != at.Hour() || got.Minute() != at.Minute() || !strings.HasSuffix(clock, " WIB") {
				t.Errorf("%s: the time of %s is %q", l, at, l.Clock(at))
			}
			if next := l.Weekday(at.AddDate(0, 0, 7)); next != l.Weekday(at) || next == l.Weekday(at.AddDate(0, 0, 1)) {
				t.Errorf("%s: the weekday of %s is %q", l, at, next)
			}
		}
	})
}
