package epub

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xhtmlSpace = "http://www.w3.org/1999/xhtml"
	svgSpace   = "http://www.w3.org/2000/svg"
	mathSpace  = "http://www.w3.org/1998/Math/MathML"
	epubSpace  = "http://www.idpf.org/2007/ops"
	xlinkSpace = "http://www.w3.org/1999/xlink"
)

// page is what is known of a page when it was read.
type page struct {
	ids       map[string]bool
	addresses []address
	svg, math bool
	scripted  bool
}

// address is where a page leads, or what it shows.
type address struct {
	href  string
	shown bool // a picture; otherwise a link
}

// draft is a page that is not written yet.
type draft struct {
	id, name, title, lang string
	kind                  string // epub:type of the section around all; see section
	whole                 bool   // no section is put around
	xhtml                 string
}

// page checks a page and puts it next in the order of reading.
func (b *builder) page(p draft) error {
	read, err := readPage(p.xhtml)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	if blank(p.title) {
		return fmt.Errorf("%s has no title", p.name)
	}
	body := p.xhtml
	if !p.whole {
		body = section(p.kind, p.title, p.xhtml)
	}
	var s strings.Builder
	s.WriteString(xml.Header + "<!DOCTYPE html>\n")
	s.WriteString(`<html xmlns="` + xhtmlSpace + `" xmlns:epub="` + epubSpace + `" lang="` + escape(p.lang) + `" xml:lang="` + escape(p.lang) + "\">\n")
	s.WriteString("<head>\n<title>" + escape(p.title) + "</title>\n")
	if b.CSS != "" {
		s.WriteString(`<link rel="stylesheet" type="text/css" href="` + strings.Repeat("../", strings.Count(p.name, "/")) + styleFile + "\" />\n")
	}
	s.WriteString("</head>\n<body>\n" + body + "</body>\n</html>\n")
	var properties []string
	if p.name == navFile {
		properties = append(properties, "nav")
	}
	for _, has := range []struct {
		it   bool
		name string
	}{{read.math, "mathml"}, {read.scripted, "scripted"}, {read.svg, "svg"}} {
		if has.it {
			properties = append(properties, has.name)
		}
	}
	b.pages[p.name] = read
	b.spine = append(b.spine, p.id)
	b.add(item{p.id, p.name, xhtmlType, strings.Join(properties, " ")}, []byte(s.String()))
	return nil
}

// readPage checks that the body of a page is well-formed and whole in itself, and finds what it holds. Beyond what
// encoding/xml checks: prefixes are declared, no element has an attribute twice, no id is there twice.
func readPage(body string) (page, error) {
	p := page{ids: make(map[string]bool)}
	d := xml.NewDecoder(strings.NewReader(`<body xmlns="` + xhtmlSpace + `" xmlns:epub="` + epubSpace + `">` + "\n" + body + `</body>`))
	for depth, roots := 0, 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && roots == 1 {
			return p, nil
		}
		if err != nil {
			line, column := d.InputPos() // with the line before the body
			if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
				err = errors.New(syntax.Msg)
			}
			return p, fmt.Errorf("not well-formed at line %d, byte %d: %w", line-1, column, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			if err := p.element(t); err != nil {
				return p, err
			}
		case xml.EndElement:
			depth--
		case xml.Directive, xml.ProcInst:
			return p, errors.New("a page holds no declarations")
		}
		if roots > 1 {
			return p, errors.New("an end tag closes more than was opened")
		}
	}
}

func (p *page) element(e xml.StartElement) error {
	switch e.Name.Space {
	case xhtmlSpace:
		p.scripted = p.scripted || e.Name.Local == "script"
	case svgSpace:
		p.svg = true
	case mathSpace:
		p.math = true
	default:
		return fmt.Errorf("<%s> is of the namespace %q, which pages do not have", e.Name.Local, e.Name.Space)
	}
	for i, a := range e.Attr {
		switch a.Name.Space {
		case "", "xmlns", xmlSpace, epubSpace, xlinkSpace:
		default:
			return fmt.Errorf("<%s> has the attribute %s of the namespace %q, which pages do not have", e.Name.Local, a.Name.Local, a.Name.Space)
		}
		if slices.ContainsFunc(e.Attr[:i], func(other xml.Attr) bool { return other.Name == a.Name }) {
			return fmt.Errorf("<%s> has the attribute %s twice", e.Name.Local, a.Name.Local)
		}
		switch a.Name.Local {
		case "id":
			if p.ids[a.Value] || a.Value == "" {
				return fmt.Errorf("the id %q is there twice, or empty", a.Value)
			}
			p.ids[a.Value] = true
		case "src", "poster":
			p.addresses = append(p.addresses, address{a.Value, true})
		case "href":
			p.addresses = append(p.addresses, address{a.Value, e.Name.Local == "image"})
		}
		p.scripted = p.scripted || a.Name.Space == "" && strings.HasPrefix(a.Name.Local, "on")
	}
	return nil
}

// roles are the types of sections that ARIA has a role for too, doc- and the type (DPUB-ARIA 1.1).
var roles = []string{
	"acknowledgments", "afterword", "appendix", "bibliography", "chapter", "colophon", "conclusion", "credits", "dedication",
	"endnotes", "epilogue", "errata", "foreword", "glossary", "index", "introduction", "part", "preface", "prologue",
}

// section is the body of a page: one section of a type.
func section(kind, title, xhtml string) string {
	var s strings.Builder
	s.WriteString("<section")
	if kind != "" {
		s.WriteString(` epub:type="` + escape(kind) + `"`)
		if role := "doc-" + kind; slices.Contains(roles, kind) && !strings.Contains(xhtml, `role="`+role+`"`) {
			s.WriteString(` role="` + role + `" aria-label="` + escape(title) + `"`)
		}
	}
	return s.String() + ">\n" + strings.TrimSuffix(xhtml, "\n") + "\n</section>\n"
}

func (b *builder) coverPage() string {
	words := strings.TrimPrefix(b.Words.Cover+": "+b.Title, ": ")
	return `<img src="` + escape(b.Cover.Name) + `" alt="` + escape(words) + `" />`
}
