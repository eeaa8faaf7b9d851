package check

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"pendapa/internal/diag"
)

// known are abbreviations that need no explaining to anybody, and Roman numbers.
var known = regexp.MustCompile(`^(?:[IVXLCDM]+|RI|PT|CV|NO|RT|RW|WIB|WITA|WIT|PDF|CSV|URL|HTML|HTTP|HTTPS|JSON|XML|SMS|HP|CC|BY|SA|TV|CD|USB|GPS|AC|ID|EN|OK|AM|PM|SD|SMP|SMA|SMK|TK|KM|HA|CO|UTF|IT|UI|FAQ|WA|DVD|TNI|NKRI|PNS|PKK|HUT)$`)

// Abbreviations are words of 2 to 8 capitals, as Indonesian administrations coin them: OPD, APBD, DLH.
const shortest, longest = 2, 8

// inBrackets is the sign before an abbreviation that stands in brackets of its own, behind the words that it is made of:
// Organisasi Perangkat Daerah (OPD).
const inBrackets = "("

// abbreviations adds the abbreviations of a text to those found before, each once; such as explain themselves have the
// sign inBrackets before them. Parts of longer words (E-KIR, 2TAK) are none.
func abbreviations(found []string, text []byte) []string {
	inWord := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c >= 0x80
	}
	for i := 0; i < len(text); {
		if !inWord(text[i]) {
			i++
			continue
		}
		start, capitals := i, true
		for ; i < len(text) && inWord(text[i]); i++ {
			capitals = capitals && text[i] >= 'A' && text[i] <= 'Z'
		}
		word := text[start:i]
		if !capitals || len(word) < shortest || len(word) > longest || known.Match(word) {
			continue
		}
		sign := ""
		if start > 0 && text[start-1] == '(' && i < len(text) && text[i] == ')' {
			sign = inBrackets
		}
		if !slices.Contains(found, sign+string(word)) {
			found = append(found, sign+string(word))
		}
	}
	return found
}

// enough is on how many pages an abbreviation stands before it has to be explained.
const enough = 2

// unexplained looks for abbreviations that many pages use and no term, no agency and no page spells out.
func (p *pages) unexplained() {
	explained := make(map[string]bool)
	explain := func(texts ...string) {
		for _, text := range texts {
			for _, word := range abbreviations(nil, []byte(text)) {
				explained[strings.TrimPrefix(word, inBrackets)] = true
			}
		}
	}
	for _, e := range p.f.portal.Site.Editions {
		for _, t := range e.Terms {
			explain(t.Title, t.Document.Term.Full)
			explained[strings.ToUpper(t.Title)] = true
		}
		for _, a := range e.Agencies {
			explain(a.Document.Agency.Abbreviation, a.Title)
		}
	}
	for _, word := range slices.Sorted(maps.Keys(p.words)) {
		files := slices.Sorted(maps.Keys(p.words[word]))
		if explained[word] || p.words[inBrackets+word] != nil || strings.HasPrefix(word, inBrackets) || len(files) < enough {
			continue
		}
		pos, width := p.f.place(files[0], word)
		p.f.add("term-unexplained", diag.Problem{File: files[0], Pos: pos, Width: width, Message: diag.Textf("%s stands on %d pages and is explained on none", word, len(files)),
			Hint: diag.Textf("explain it in content/istilah/%s.md:  pendapa new istilah %s", strings.ToLower(word), word)})
	}
}
