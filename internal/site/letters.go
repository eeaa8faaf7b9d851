package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/locale"
)

// searchPath is where the page of results stands in an edition, and the list of all pages with it.
const searchPath = "cari"

// search gives an edition its page of results.
func (l *linker) search(e *Edition) {
	if !l.site.Settings.Feature("search") {
		return
	}
	own := e.own
	e.Search = l.generated(e, searchPath, e.Lang.T("search"))
	e.Search.Parent, e.own = e.Home, own
}

// Letter are the pages whose titles start with a letter.
type Letter struct {
	Name  string // "A"; "0–9" for digits, "…" for what has neither
	ID    string // for addresses: "a", "0", "lain"
	Pages []*Page
}

// Letters are all pages that the edition publishes, by their first letter: digits first, then A to Z, then what has
// neither. Within a letter they are in no order yet (see [Letter.Sorted]): sorting takes time, and a plan needs only how
// many there are.
func (e *Edition) Letters() []Letter {
	at := make(map[string]int)
	var letters []Letter
	for _, p := range e.own {
		name, id := letterOf(p.Title)
		if _, known := at[id]; !known {
			at[id] = len(letters)
			letters = append(letters, Letter{Name: name, ID: id})
		}
		letters[at[id]].Pages = append(letters[at[id]].Pages, p)
	}
	compare := collator(e.Lang)
	rank := func(l Letter) int {
		switch l.ID {
		case "0":
			return 0
		case "lain":
			return 2
		}
		return 1
	}
	slices.SortFunc(letters, func(a, b Letter) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), compare(a.Name, b.Name)) })
	return letters
}

// Sorted is the letter with its pages in the order of the alphabet, whatever signs stand before their titles.
func (l Letter) Sorted(lang locale.Lang) Letter {
	type entry struct {
		page  *Page
		title string
	}
	entries := make([]entry, len(l.Pages))
	for i, p := range l.Pages {
		title := p.Title
		if at := strings.IndexFunc(title, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }); at > 0 {
			title = title[at:]
		}
		entries[i] = entry{p, title}
	}
	compare := collator(lang)
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(compare(a.title, b.title), strings.Compare(a.page.URL, b.page.URL))
	})
	l.Pages = make([]*Page, len(entries))
	for i, e := range entries {
		l.Pages[i] = e.page
	}
	return l
}

// letterOf is the letter that a title is listed under: its first letter or digit, without accents.
func letterOf(title string) (name, id string) {
	for _, r := range title {
		switch {
		case unicode.IsNumber(r) && r < utf8.RuneSelf:
			return "0–9", "0"
		case unicode.IsLetter(r) && r < utf8.RuneSelf:
			name = strings.ToUpper(string(r))
			return name, strings.ToLower(name)
		case r >= utf8.RuneSelf:
			return foreignLetterOf(title)
		}
	}
	return "…", "lain"
}

func foreignLetterOf(title string) (name, id string) {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(title))
	for _, r := range norm.NFC.String(plain) { // syllables that were taken apart are whole again
		switch {
		case unicode.IsDigit(r):
			return "0–9", "0"
		case unicode.IsLetter(r):
			name = strings.ToUpper(string(r))
			return name, strings.ToLower(name)
		}
	}
	return "…", "lain"
}
