// Package epub writes an EPUB 3.3 file: a book that e-readers and phones open without a network.
//
// The caller brings the chapters as XHTML and the files that they show; the package adds what makes a publication of
// them: the package document with what it says of accessibility, the navigation, a cover, a title page. Everything is
// checked before the first byte is written: that each page is well-formed, that ids are unique, that every address
// leads to something in the book. The package reads neither clock nor disk, and equal publications give equal bytes.
package epub

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"pendapa/internal/xmltext"
)

// Publication is the book and what catalogues say of it.
type Publication struct {
	Identifier                              string // a URN or tag URI that stays the same through all editions
	Title, Subtitle                         string // plain, as are those below
	Language                                string // a language tag (BCP 47)
	Creator, Publisher, Rights, Description string // may be empty
	Date                                    string // of publication: "2026-03-01", "2026-03" or "2026"; may be empty
	Modified                                string // of the edition: "2026-03-01T00:00:00Z"
	Chapters                                []Chapter
	CSS                                     string // of all pages; may be empty
	Cover                                   *Resource
	Resources                               []Resource
	Contents                                []Entry // empty: the titles of the chapters
	Words                                   Words
	TitlePage                               string // what its body holds, as XHTML; empty: there is none
}

// Words are those that the package puts in, in the language of the publication.
type Words struct {
	Contents, Cover, Landmarks, Start, TitlePage string

	// Accessibility is a sentence on how the book can be read, for catalogues. It says no more than is true of the
	// chapters: that there is a table of contents, that headings are in order, that pictures have words. Empty: it is
	// said in English.
	Accessibility string
}

// Chapter is one page of the book.
type Chapter struct {
	File  string // "bab-1.xhtml", beside which all addresses start
	Title string // plain
	Lang  string // empty: that of the publication
	XHTML string // what its body holds, well-formed; the prefix epub may be used
	Type  string // epub:type of the section around it: "chapter", "introduction"; empty: none
}

// Resource is a file that pages show: a picture, a font, a stylesheet.
type Resource struct {
	Name      string // "gambar/peta.png"
	MediaType string // one of those that every reader must know (EPUB 3.3, 3.2)
	Data      []byte
}

// Entry is a line of the contents. One without an address stands over those below it.
type Entry struct {
	Title, Href string // plain; "bab-1.xhtml#tujuan"
	Below       []Entry
}

// The files that the package makes itself, beside those of the publication.
const (
	packageFile = "package.opf"
	navFile     = "nav.xhtml"
	styleFile   = "style.css"
	coverFile   = "cover.xhtml"
	titleFile   = "title.xhtml"
)

// Write writes the publication. An error says what is wrong with it, and of which page; then nothing was written,
// unless the error is w's.
func Write(w io.Writer, p Publication) error {
	b := builder{Publication: p, names: make(map[string]bool), pages: make(map[string]page)}
	if err := b.build(); err != nil {
		return fmt.Errorf("epub: %w", err)
	}
	if err := pack(w, b.files); err != nil {
		return fmt.Errorf("epub: %w", err)
	}
	return nil
}

// builder is one run of Write.
type builder struct {
	Publication
	names    map[string]bool // of files, in small letters
	pages    map[string]page // by file
	files    []file
	manifest []item
	spine    []string // ids of items
}

// file is one of the container, by its path there.
type file struct {
	name string
	data []byte
}

// item is a file that is listed in the manifest.
type item struct{ id, name, mediaType, properties string }

const xhtmlType = "application/xhtml+xml"

func (b *builder) build() error {
	if err := b.described(); err != nil {
		return err
	}
	for _, name := range []string{packageFile, navFile, styleFile, coverFile, titleFile} {
		b.names[name] = true
	}
	if b.CSS != "" {
		b.add(item{"style", styleFile, "text/css", ""}, []byte(b.CSS))
	}
	if err := b.resources(); err != nil {
		return err
	}
	if b.Cover != nil {
		if err := b.page(draft{id: "cover", name: coverFile, title: b.Words.Cover, lang: b.Language, kind: "cover", xhtml: b.coverPage()}); err != nil {
			return err
		}
	}
	if b.TitlePage != "" {
		if err := b.page(draft{id: "title-page", name: titleFile, title: b.Title, lang: b.Language, kind: "titlepage", xhtml: b.TitlePage}); err != nil {
			return err
		}
	}
	for i, c := range b.Chapters {
		if err := b.name(c.File); err != nil {
			return err
		}
		if !strings.HasSuffix(c.File, ".xhtml") {
			return fmt.Errorf("the name of the chapter %s does not end in .xhtml", c.File)
		}
		lang := cmp.Or(c.Lang, b.Language)
		if err := b.page(draft{id: fmt.Sprintf("chapter-%d", i+1), name: c.File, title: c.Title, lang: lang, kind: c.Type, xhtml: c.XHTML}); err != nil {
			return err
		}
	}
	if err := b.navigation(); err != nil {
		return err
	}
	if err := b.links(); err != nil {
		return err
	}
	b.files = append([]file{{"META-INF/container.xml", []byte(container)}, {folder + packageFile, b.packageDocument()}}, b.files...)
	return nil
}

var (
	modifiedPattern = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	datePattern     = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)
)

// described checks what a publication must say of itself (EPUB 3.3, 5.5.3).
func (b *builder) described() error {
	switch {
	case blank(b.Identifier):
		return fmt.Errorf("the publication has no identifier")
	case blank(b.Title):
		return fmt.Errorf("the publication has no title")
	case blank(b.Language):
		return fmt.Errorf("the publication has no language")
	case !modifiedPattern.MatchString(b.Modified):
		return fmt.Errorf("the time %q is not written as 2026-03-01T00:00:00Z", b.Modified)
	case b.Date != "" && !datePattern.MatchString(b.Date):
		return fmt.Errorf("the date %q is not written as 2026-03-01", b.Date)
	case len(b.Chapters) == 0:
		return fmt.Errorf("the publication has no chapters")
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(xmltext.Clean(s)) == "" }

// name takes a name for a file. It is one that every file system can hold, without blanks (EPUB 3.3, 4.2.3), and not
// told apart from another by capitals alone.
func (b *builder) name(name string) error {
	if !namePattern.MatchString(name) || slices.ContainsFunc(strings.Split(name, "/"), func(s string) bool {
		return strings.Trim(s, ".") == "" || strings.HasSuffix(s, ".")
	}) {
		return fmt.Errorf("%q cannot be the name of a file: use letters, digits, hyphens and dots", name)
	}
	lower := strings.ToLower(name)
	if b.names[lower] {
		return fmt.Errorf("two files have the name %s", name)
	}
	b.names[lower] = true
	return nil
}

var namePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)

// coreTypes are what every reader knows and so needs no other version beside it (EPUB 3.3, 3.2).
var coreTypes = []string{
	"image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp", "text/css", "font/ttf", "font/otf", "font/woff",
	"font/woff2", "application/font-sfnt", "application/font-woff", "application/vnd.ms-opentype", "audio/mpeg", "audio/mp4",
}

func (b *builder) resources() error {
	list := slices.Clone(b.Resources)
	if b.Cover != nil {
		if !strings.HasPrefix(b.Cover.MediaType, "image/") {
			return fmt.Errorf("the cover is %q, not a picture", b.Cover.MediaType)
		}
		if !slices.ContainsFunc(list, func(r Resource) bool { return r.Name == b.Cover.Name }) {
			list = append(list, *b.Cover)
		}
	}
	slices.SortStableFunc(list, func(x, y Resource) int { return strings.Compare(x.Name, y.Name) })
	for i, r := range list {
		if err := b.name(r.Name); err != nil {
			return err
		}
		if !slices.Contains(coreTypes, r.MediaType) {
			return fmt.Errorf("%s is %q, which readers need not know", r.Name, r.MediaType)
		}
		it := item{fmt.Sprintf("resource-%d", i+1), r.Name, r.MediaType, ""}
		if b.Cover != nil && r.Name == b.Cover.Name {
			it.id, it.properties = "cover-image", "cover-image"
		}
		b.add(it, r.Data)
	}
	return nil
}

func (b *builder) add(it item, data []byte) {
	b.manifest = append(b.manifest, it)
	b.files = append(b.files, file{folder + it.name, data})
}
