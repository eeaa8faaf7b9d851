package epub

import (
	"encoding/xml"
	"slices"
	"strings"

	"pendapa/internal/xmltext"
)

// folder holds all of the book but what the container needs.
const folder = "EPUB/"

const container = xml.Header + `<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="` + folder + packageFile + `" media-type="application/oebps-package+xml" />
</rootfiles>
</container>
`

// packageDocument lists all files and says what the book is (EPUB 3.3, 5).
func (b *builder) packageDocument() []byte {
	var s strings.Builder
	text := func(name, value, attributes string) {
		if !blank(value) {
			s.WriteString("<" + name + attributes + ">" + escape(strings.TrimSpace(value)) + "</" + name + ">\n")
		}
	}
	meta := func(property, value string) { text("meta", value, ` property="`+property+`"`) }
	s.WriteString(xml.Header)
	s.WriteString(`<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identifier" xml:lang="` + escape(b.Language) + "\">\n")
	s.WriteString(`<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">` + "\n")
	text("dc:identifier", b.Identifier, ` id="identifier"`)
	text("dc:title", b.Title, ` id="title"`)
	if !blank(b.Subtitle) {
		text("meta", "main", ` refines="#title" property="title-type"`)
		text("dc:title", b.Subtitle, ` id="subtitle"`)
		text("meta", "subtitle", ` refines="#subtitle" property="title-type"`)
	}
	text("dc:language", b.Language, "")
	text("dc:creator", b.Creator, "")
	text("dc:publisher", b.Publisher, "")
	text("dc:rights", b.Rights, "")
	text("dc:description", b.Description, "")
	text("dc:date", b.Date, "")
	meta("dcterms:modified", b.Modified)
	// What the book offers to those who cannot see it (EPUB Accessibility 1.1, 2.3).
	meta("schema:accessMode", "textual")
	if b.visual() {
		meta("schema:accessMode", "visual")
	}
	meta("schema:accessModeSufficient", "textual")
	for _, feature := range []string{"alternativeText", "structuralNavigation", "tableOfContents"} {
		meta("schema:accessibilityFeature", feature)
	}
	meta("schema:accessibilityHazard", "none")
	if blank(b.Words.Accessibility) {
		text("meta", "The book has a table of contents and headings in order, and words stand for its pictures.", ` property="schema:accessibilitySummary" xml:lang="en"`)
	} else {
		meta("schema:accessibilitySummary", b.Words.Accessibility)
	}
	if b.Cover != nil {
		s.WriteString(`<meta name="cover" content="cover-image" />` + "\n") // for readers of EPUB 2
	}
	s.WriteString("</metadata>\n<manifest>\n")
	manifest := slices.Clone(b.manifest)
	slices.SortFunc(manifest, func(x, y item) int { return strings.Compare(x.name, y.name) })
	for _, it := range manifest {
		s.WriteString(`<item id="` + it.id + `" href="` + escape(it.name) + `" media-type="` + it.mediaType + `"`)
		if it.properties != "" {
			s.WriteString(` properties="` + it.properties + `"`)
		}
		s.WriteString(" />\n")
	}
	s.WriteString("</manifest>\n<spine>\n")
	for _, id := range b.spine {
		s.WriteString(`<itemref idref="` + id + `" />` + "\n")
	}
	s.WriteString("</spine>\n</package>\n")
	return []byte(s.String())
}

// visual tells whether there is anything to see beside the text.
func (b *builder) visual() bool {
	for _, it := range b.manifest {
		if strings.HasPrefix(it.mediaType, "image/") || strings.Contains(it.properties, "svg") {
			return true
		}
	}
	return false
}

var oneLine = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

// escape is a text on one line as it stands in XML, in an attribute too.
func escape(s string) string { return xmltext.Attribute(oneLine.Replace(s)) }
