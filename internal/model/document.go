package model

import (
	"bytes"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/source"
)

// Document is one Markdown file as its kind: the common fields, and those of its kind in the pointer that is not nil.
type Document struct {
	Common
	Place

	QuickWin  *QuickWin  // KindQuickWin
	News      *News      // KindNews
	Section   *Section   // KindSection, KindChapter
	Agency    *Agency    // KindAgency
	Dimension *Dimension // KindDimension
	Term      *Term      // KindTerm
	Plain     *Plain     // KindPage, KindFolder, KindHome, KindPlan
	Plan      *Plan      // KindPlan

	BodyLine int  // the line of the file where the body starts
	HasBody  bool // whether there is any text in the body
	Broken   bool // whether its front matter had mistakes; what is missing may stand there

	Front *decode.Node // of a translation, for the places of what its original lacks
}

// Place is what a file's path says about it.
type Place struct {
	File   string // path in the site's folder: "content/quick-wins/sampah.en.md"
	Kind   Kind
	ID     string      // path below the folder of its kind, without language and ending: "sampah"
	Path   string      // path below content/, without language and ending: "quick-wins/sampah"; the home page's is "."
	Lang   locale.Lang // of the text
	Bundle bool        // whether it is the index.md of a folder of its own
}

// Dir is the folder of the file, from which its relative links start.
func (p Place) Dir() string { return path.Dir(p.File) }

var kindFolders = map[string]Kind{
	"quick-wins": KindQuickWin, "bintek": KindNews, "masterplan": KindSection,
	"opd": KindAgency, "dimensi": KindDimension, "istilah": KindTerm,
}

var namePattern = regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*$`)

// reserved are names that some file systems keep for devices; a portal must be good on all of them.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// longestName is how many bytes a part of a page's path may have: a letter takes one to four.
const longestName = 120

// Locate says what a Markdown file below content/ is by its path. It reports false where the path cannot be that of a
// page; then problems tell why. languages are those of the portal, its own first.
func Locate(file string, languages []locale.Lang, problems *diag.List) (Place, bool) {
	fail := func(message, hint diag.Text) (Place, bool) {
		problems.Add(diag.Problem{File: file, Message: message, Hint: hint})
		return Place{}, false
	}
	p := Place{File: file, Lang: languages[0]}
	name := strings.TrimSuffix(strings.TrimPrefix(norm.NFC.String(file), "content/"), ".md")
	if dot := strings.LastIndexByte(name, '.'); dot > strings.LastIndexByte(name, '/') {
		lang := locale.Lang(name[dot+1:])
		switch {
		case slices.Contains(languages[1:], lang):
			p.Lang, name = lang, name[:dot]
		case lang == languages[0]:
			return fail(diag.Textf("the portal's own language (%s) is not part of a file's name", lang), diag.Textf("remove .%s from the name", string(lang)))
		case lang.Known():
			return fail(diag.Textf("the portal has no language %q", lang), diag.Textf("add it to languages in site.yaml, or rename the file"))
		}
	}
	dir, base := path.Split(name)
	var segments []string
	if dir != "" {
		segments = strings.Split(strings.TrimSuffix(dir, "/"), "/")
	}
	for _, segment := range append(slices.Clone(segments), base) {
		if len(segment) > longestName {
			return fail(diag.Textf("the name %q is longer than %d bytes", diag.Clip(segment), longestName), diag.Textf("give it a shorter name"))
		}
		if !namePattern.MatchString(segment) || reserved.MatchString(segment) {
			return fail(diag.Textf("the name %q cannot be part of an address", diag.Clip(segment)), diag.Textf("rename it with letters, digits and hyphens: %s", Slugify(segment)))
		}
	}
	if at := strings.Join(append(segments, base), "/"); lookAlikes(at) {
		problems.Add(diag.Problem{Severity: diag.Warning, File: file, Message: diag.Textf("the name %q mixes Latin letters with Greek or Cyrillic ones, which look alike", diag.Clip(at)), Hint: diag.Textf("type it anew")})
	}
	switch base {
	case "_index":
		p.Path = path.Clean(dir)
		if dir == "" {
			p.Kind = KindHome
			p.Path = "."
			return p, true
		}
		p.Kind, p.ID = KindFolder, p.Path
		switch {
		case segments[0] == "masterplan" && len(segments) == 1:
			p.Kind = KindPlan
		case segments[0] == "masterplan" && len(segments) == 2:
			p.Kind, p.ID = KindChapter, segments[1]
		}
		return p, true
	case "index":
		if dir == "" {
			return fail(diag.Textf("the home page's file is _index.md"), diag.Textf("rename index.md to _index.md"))
		}
		p.Bundle = true
		name = path.Clean(dir)
		segments, base = segments[:len(segments)-1], segments[len(segments)-1]
	}
	p.Path, p.Kind, p.ID = name, KindPage, name
	if len(segments) > 0 {
		if kind, ok := kindFolders[segments[0]]; ok {
			p.Kind, p.ID = kind, strings.TrimPrefix(name, segments[0]+"/")
		}
	}
	switch {
	case p.Kind == KindSection && len(segments) != 2:
		return fail(diag.Textf("a section of the masterplan stands in the folder of its chapter"), diag.Textf("move it to masterplan/CHAPTER/%s.md", base))
	case p.Kind == KindDimension && !slices.Contains(DimensionIDs(), p.ID):
		return fail(diag.Textf("%q is not one of the six dimensions", p.ID), diag.DidYouMean(p.ID, DimensionIDs(), diag.Textf("they are %s", strings.Join(DimensionIDs(), ", "))))
	case p.Kind == KindAgency && p.ID == UnknownOwner:
		return fail(diag.Textf("the id \"unknown\" stands for an agency that is not known"), diag.Textf("name the file after the agency"))
	}
	return p, true
}

// lookAlikes reports whether a word of a path has letters of scripts whose letters are taken for each other (UTS #39,
// 5.1): who reads the address cannot type it.
func lookAlikes(name string) bool {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		latin := strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
		if latin && strings.ContainsFunc(word, func(r rune) bool { return unicode.In(r, unicode.Greek, unicode.Cyrillic) }) {
			return true
		}
	}
	return false
}

// Slugify is a text as a part of an address: letters and digits of any script in lower case, everything else as one
// hyphen.
func Slugify(s string) string {
	var b strings.Builder
	hyphen := false
	for _, r := range norm.NFC.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && b.Len() > 0 && !hyphen:
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(r)
		default:
			hyphen = true
		}
	}
	return b.String()
}

// once are tags without those that differ from an earlier one by case or signs only: readers and search take them for
// one.
func once(tags []string) []string {
	seen := make(map[string]bool, len(tags))
	return slices.DeleteFunc(tags, func(tag string) bool {
		is := Slugify(tag)
		twice := is != "" && seen[is]
		seen[is] = true
		return twice
	})
}

// fields makes room for the fields of the document's kind and returns a pointer to a struct of these with the common
// ones.
func (d *Document) fields() any {
	switch d.Kind {
	case KindQuickWin:
		d.QuickWin = &QuickWin{}
		return &struct {
			*Common
			*QuickWin
		}{&d.Common, d.QuickWin}
	case KindNews:
		d.News = &News{}
		return &struct {
			*Common
			*News
		}{&d.Common, d.News}
	case KindSection, KindChapter:
		d.Section = &Section{}
		return &struct {
			*Common
			*Section
		}{&d.Common, d.Section}
	case KindAgency:
		d.Agency = &Agency{}
		return &struct {
			*Common
			*Agency
		}{&d.Common, d.Agency}
	case KindDimension:
		d.Dimension = &Dimension{}
		return &struct {
			*Common
			*Dimension
		}{&d.Common, d.Dimension}
	case KindTerm:
		d.Term = &Term{}
		return &struct {
			*Common
			*Term
		}{&d.Common, d.Term}
	case KindPlan:
		d.Plain, d.Plan = &Plain{}, &Plan{}
		return &struct {
			*Common
			*Plain
			*Plan
		}{&d.Common, d.Plain, d.Plan}
	}
	d.Plain = &Plain{}
	return &struct {
		*Common
		*Plain
	}{&d.Common, d.Plain}
}

// Keys describes what the front matter of a kind may hold.
func Keys(kind Kind) []decode.Key {
	doc := &Document{Place: Place{Kind: kind}}
	keys := decode.Describe(reflect.TypeOf(doc.fields()).Elem())
	for i := range keys {
		if keys[i].Name == "summary" {
			keys[i].Required = kind.NeedsSummary()
		}
	}
	return slices.DeleteFunc(keys, func(k decode.Key) bool { return k.Name == "slug" && kind.isFolder() })
}

// isFolder reports whether the address of a page of the kind is its folder's name.
func (k Kind) isFolder() bool {
	return k == KindFolder || k == KindHome || k == KindPlan || k == KindChapter || k == KindDimension
}

// NeedsSummary reports whether every page of the kind has a summary.
func (k Kind) NeedsSummary() bool {
	switch k {
	case KindAgency, KindDimension, KindFolder, KindPlan, KindChapter, KindHome:
		return false
	}
	return true
}

// Decode reads the front matter of a page into a document, and reports its problems to the file's. The document is
// never nil: where the page is nil (it could not be read or split, and that was reported), or its front matter cannot
// be used, it is empty but for its place, so that the rest of the portal can still be checked. A decoder may be shared
// by calls in several goroutines.
func Decode(decoder *decode.Decoder, place Place, page *source.Page, translation bool, file decode.File) *Document {
	doc := &Document{Place: place}
	doc.Title = place.ID
	out := doc.fields()
	if page == nil {
		doc.Broken = true
		return doc
	}
	doc.BodyLine, doc.HasBody = page.BodyLine, len(bytes.TrimSpace(page.Body)) > 0
	if page.Front == nil {
		doc.Broken = true
		if !page.Broken {
			file.At(nil, diag.Textf("the page has no front matter"), diag.Textf("start the file with  ---  then  title: …  then  ---"))
		}
		return doc
	}
	mode := decode.Whole
	if translation {
		mode = decode.Translation
	}
	mistakes := &diag.List{}
	reported := file.Problems
	file.Problems = mistakes
	defer func() {
		doc.Broken = mistakes.Errors() > 0
		reported.Add(mistakes.Sorted()...)
	}()
	decoder.Into(file, page.Front, out, mode)
	doc.Tags = once(doc.Tags)
	c := checker{file: file, root: page.Front}
	c.common(doc)
	if translation {
		doc.Front = page.Front
	} else {
		c.facts(doc)
	}
	return doc
}
