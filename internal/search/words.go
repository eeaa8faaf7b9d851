package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/locale"
)

// Split calls yield with each word of a text, as words are looked up: small letters without accents, digits apart from
// letters ("Rp5" is rp and 5), thousands in one piece ("1.324.188" is 1324188), "Jum'at" as jumat. Single letters of
// the alphabet are left out. The browser's static/assets/search splits queries the same way.
func Split(lang locale.Lang, text string, yield func(word string)) {
	text = fold(text)
	for text != "" {
		if text[0] <= '/' { // blanks and signs
			text = text[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case unicode.IsNumber(r):
			size = digits(text)
			word := text[:size]
			if strings.ContainsAny(word, ".,") {
				word = strings.NewReplacer(".", "", ",", "").Replace(word)
			}
			yield(word)
		case unicode.IsLetter(r):
			size = letters(text)
			word := text[:size]
			if strings.Contains(word, "'") {
				if lang == locale.English {
					word = strings.TrimSuffix(word, "'s")
				}
				word = strings.ReplaceAll(word, "'", "")
			}
			if len(word) > 1 {
				yield(word)
			}
		}
		text = text[size:]
	}
}

// fold brings a text to small letters without accents (Unicode's compatibility decomposition without its marks), with
// one kind of apostrophe.
func fold(text string) string {
	ascii := true
	for i := range len(text) {
		ascii = ascii && text[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(text)
	}
	// A byte that is no UTF-8 would leave the letter behind it as it is.
	text = strings.ToLower(norm.NFKD.String(strings.ToValidUTF8(text, " ")))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '’' || r == 'ʼ' || r == '‘':
			return '\''
		case r == 'ς':
			return 'σ' // browsers tell the last letter of a Greek word apart
		case unicode.IsMark(r):
			return -1
		}
		return r
	}, text)
}

// digits is how long the number is that a text starts with. Groups of three digits behind points or commas belong to
// it: both languages set thousands apart, each with its own sign.
func digits(text string) int {
	n := numbers(text)
	for n < len(text) && (text[n] == '.' || text[n] == ',') {
		more := numbers(text[n+1:])
		if more != 3 || utf8.RuneCountInString(text[n+1:n+4]) != 3 {
			break
		}
		n += 1 + more
	}
	return n
}

func numbers(text string) int { return span(text, unicode.IsNumber) }

func letters(text string) int {
	n := word(text)
	for n < len(text) && text[n] == '\'' {
		more := word(text[n+1:])
		if more == 0 {
			break
		}
		n += 1 + more
	}
	return n
}

// word is how many bytes of a text are letters.
func word(text string) int {
	n := 0
	for n < len(text) && 'a' <= text[n] && text[n] <= 'z' { // nearly all
		n++
	}
	if n == len(text) || text[n] < utf8.RuneSelf {
		return n
	}
	return n + span(text[n:], unicode.IsLetter)
}

// span is how many bytes of a text are of a kind.
func span(text string, is func(rune) bool) int {
	for i, r := range text {
		if !is(r) {
			return i
		}
	}
	return len(text)
}

// functionWords hold a sentence together and say nothing of what it is about; nobody looks for them. "Tidak" and
// numbers are not among them: they change what is said.
var functionWords = map[locale.Lang]map[string]bool{
	locale.Indonesian: set(`ada adalah agar akan apa atas atau bagaimana bagi bahwa berapa dalam dan dapat dari dengan di
		hal hanya harus ia ini itu jika juga kami kapan karena ke kepada ketika kita lain lebih maka mana masih mengapa mereka
		namun nya oleh pada paling para pula saat saja sampai sangat sebagai secara sehingga serta siapa sudah supaya tanpa
		telah tentang tersebut tetapi tiap untuk yaitu yakni yang`),
	locale.English: set(`about above after all also an and any are as at be because been before being between both but by
		can could did do does for from had has have how if in into is it its more most of on only or other our should so
		some such than that the their them then there these they this those to under was we were what when where which who
		will with would you your`),
}

func set(words string) map[string]bool {
	s := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}
