package book

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// references are attributes that hold ids, with blanks between them.
var references = map[string]bool{
	"aria-activedescendant": true, "aria-controls": true, "aria-describedby": true, "aria-details": true,
	"aria-errormessage": true, "aria-flowto": true, "aria-labelledby": true, "aria-owns": true,
	"for": true, "headers": true, "itemref": true, "list": true,
}

// urlReference is how the attributes of a drawing name another element of it: fill="url(#warna)".
var urlReference = regexp.MustCompile(`url\(\s*(["']?)#([^"')\s]+)["']?\s*\)`)

// links leads all that refers to an id or to another part to its place in the book.
func (m *maker) links(p *part) {
	for _, n := range elements(p.root, func(*html.Node) bool { return true }) {
		svg := drawing(n)
		for i := range n.Attr {
			a := &n.Attr[i]
			switch {
			case a.Key == "href" && (isElement(n, "a") || isElement(n, "area")):
				m.link(p, n, &a.Val)
			case references[a.Key] && svg == nil || strings.HasPrefix(a.Key, "aria-") && references[a.Key]:
				a.Val = p.renamed(a.Val, svg)
			case a.Key == "href" && svg != nil && n.Data == "a": // may lead out of the drawing
				m.link(p, n, &a.Val)
			case a.Key == "href" && svg != nil, a.Key == "usemap":
				if id, ok := strings.CutPrefix(a.Val, "#"); ok {
					a.Val = "#" + p.renamed(id, svg)
				}
			case strings.Contains(a.Val, "url("):
				a.Val = urlReference.ReplaceAllStringFunc(a.Val, func(s string) string {
					return "url(#" + p.renamed(urlReference.FindStringSubmatch(s)[2], svg) + ")"
				})
			}
		}
	}
}

// renamed are ids as they are called in the book. One that is not there stays.
func (p *part) renamed(ids string, svg *html.Node) string {
	list := strings.Fields(ids)
	for i, id := range list {
		if inside, ok := p.drawings[svg][id]; ok {
			list[i] = inside
		} else if inBook, ok := p.ids[id]; ok {
			list[i] = inBook
		}
	}
	return strings.Join(list, " ")
}

// link changes the address of a link into the book, and says after it where that is on paper.
func (m *maker) link(p *part, n *html.Node, href *string) {
	address, fragment, _ := strings.Cut(*href, "#")
	target := p.index
	if address != "" {
		var ok bool
		if target, ok = m.addresses[unescaped(address)]; !ok {
			return
		}
	} else if !strings.HasPrefix(*href, "#") {
		return // href="" is the page itself, of which nothing is left
	}
	to := m.parts[target]
	id, ok := to.ids[fragment]
	if !ok {
		id, ok = to.ids[unescaped(fragment)]
	}
	if !ok {
		id = to.ID
	}
	*href = m.href(p, n, to, id)
	if number := strings.TrimSpace(m.o.Section + " " + to.Number); to != p && to.Number != "" && n.Namespace == "" &&
		headingAround(n) == nil && !strings.Contains(words(n), number) {
		xref := element("span", "class", "xref")
		xref.AppendChild(text("(" + number + ")"))
		n.Parent.InsertBefore(xref, n.NextSibling)
		n.Parent.InsertBefore(text(" "), xref)
	}
}

// href is the address of an id for a link from a node.
func (m *maker) href(from *part, n *html.Node, to *part, id string) string {
	fragment := "#" + strings.ReplaceAll(id, "%", "%25")
	if m.o.File == nil {
		return fragment
	}
	here, there := m.o.File(from.index), m.o.File(to.index)
	if !m.o.FootnotesPerPart { // then notes are in a file of their own
		if from.inNotes(n) {
			here = m.o.File(len(m.parts))
		}
		if to.noteIDs[id] {
			there = m.o.File(len(m.parts))
		}
	}
	if here == there {
		return fragment
	}
	return there + fragment
}

// inNotes tells whether a node is in the part's list of footnotes.
func (p *part) inNotes(n *html.Node) bool {
	for ; n != nil && p.notes != nil; n = n.Parent {
		if n == p.notes {
			return true
		}
	}
	return false
}

// unescaped resolves percent signs, so that an address is the same however it is written.
func unescaped(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}
