// Package locale writes dates, numbers, money and the words of the interface as readers of a language expect them.
package locale

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of a portal, by its BCP 47 tag.
type Lang string

const (
	Indonesian Lang = "id"
	English    Lang = "en"
)

// Languages are the languages that Pendapa speaks.
func Languages() []Lang { return []Lang{Indonesian, English} }

// Known reports whether Pendapa has the words of the language.
func (l Lang) Known() bool { return l == Indonesian || l == English }

// Name is the language's name in itself.
func (l Lang) Name() string {
	if l == English {
		return "English"
	}
	return "Bahasa Indonesia"
}

var (
	months = map[Lang][12]string{
		Indonesian: {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
		English:    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	}
	shortMonths = map[Lang][12]string{
		Indonesian: {"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"},
		English:    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	}
	weekdays = map[Lang][7]string{
		Indonesian: {"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"},
		English:    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
)

// Date is a day in full: "26 September 2018".
func (l Lang) Date(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[l][t.Month()-1], t.Year())
}

// ShortDate is a day with its month cut to three letters: "31 Des 2019".
func (l Lang) ShortDate(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), shortMonths[l][t.Month()-1], t.Year())
}

// ShortMonth is a month cut to three letters, with its year: "Des 2019".
func (l Lang) ShortMonth(t time.Time) string {
	return fmt.Sprintf("%s %d", shortMonths[l][t.Month()-1], t.Year())
}

// Weekday is the name of a day's weekday.
func (l Lang) Weekday(t time.Time) string { return weekdays[l][t.Weekday()] }

// Clock is a time of day with its zone: "09.00 WIB", in English "09:00 WIB".
func (l Lang) Clock(t time.Time) string {
	if l == English {
		return t.Format("15:04 MST")
	}
	return t.Format("15.04 MST")
}

// Number writes v with the given number of decimals, halves away from zero: "1.324.188", "12,5"; in English
// "1,324,188", "12.5". With decimals below 0, as many are written as v has.
func (l Lang) Number(v float64, decimals int) string {
	if decimals >= 0 {
		scale := math.Pow10(decimals)
		if r := math.Round(v*scale) / scale; !math.IsInf(r, 0) {
			v = r
		}
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(text, "-") {
		text = text[1:]
		if strings.Trim(text, "0.") != "" {
			sign = "−" // U+2212, as wide as a digit
		}
	}
	whole, fraction, _ := strings.Cut(text, ".")
	thousands, point := ".", ","
	if l == English {
		thousands, point = ",", "."
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point)
		b.WriteString(fraction)
	}
	return b.String()
}

// Int writes a whole number.
func (l Lang) Int(n int) string { return l.Number(float64(n), 0) }

// Percent writes a share of 1 in whole per cent, rounded down, so that 99.9 % is not shown as done: "63%".
func (l Lang) Percent(share float64) string {
	// A product such as 0.29 × 100 lies a hair below its whole number; 1e-9 lifts it back and nothing else.
	return l.Number(math.Floor(share*100+1e-9), 0) + "%"
}

// Rupiah writes an amount of whole rupiah exactly: "Rp1.500.000.000".
func (l Lang) Rupiah(amount int64) string {
	return "Rp" + l.Number(float64(amount), 0)
}

// ShortRupiah writes an amount of rupiah in at most three digits and a word: "Rp1,5 miliar", "Rp750 juta". Amounts
// under a million are written exactly.
func (l Lang) ShortRupiah(amount int64) string {
	words := [3]string{"juta", "miliar", "triliun"}
	if l == English {
		words = [3]string{"million", "billion", "trillion"}
	}
	v, word := float64(amount)/1e6, 0
	if math.Abs(v) < 1 {
		return l.Rupiah(amount)
	}
	for ; word < len(words)-1 && math.Abs(v) >= 999.5; word++ {
		v /= 1e3
	}
	decimals := 0
	if math.Abs(v) < 99.95 {
		decimals = 1
	}
	text := l.Number(v, decimals)
	if decimals == 1 {
		text = strings.TrimSuffix(strings.TrimSuffix(text, ",0"), ".0")
	}
	return "Rp" + text + " " + words[word]
}

// T is the interface word of a key, filled with the arguments as fmt does. Where the first argument is the number 1 and
// the language has a singular (the key with ".one"), that is taken. An unknown key is a programming error; it is
// returned in brackets so that a test finds it.
func (l Lang) T(key string, args ...any) string {
	words := words[l]
	if len(args) > 0 && args[0] == 1 {
		if one, ok := words[key+".one"]; ok {
			return fill(l, one, args)
		}
	}
	text, ok := words[key]
	if !ok {
		return "[" + key + "]"
	}
	return fill(l, text, args)
}

// Has reports whether the language has a word of the key.
func (l Lang) Has(key string) bool {
	_, ok := words[l][key]
	return ok
}

func fill(l Lang, text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "%") {
		return text // a word that follows its number
	}
	shown := make([]any, len(args))
	for i, arg := range args {
		shown[i] = arg
		if n, ok := arg.(int); ok {
			shown[i] = l.Int(n)
		}
	}
	return fmt.Sprintf(text, shown...)
}

var words = map[Lang]map[string]string{Indonesian: indonesian, English: english}
