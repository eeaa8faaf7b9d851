package book

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// How goldmark names footnotes: fn:2 is the second note of a page, fnref:2 the first place that refers to it and
// fnref1:2 the next.
var (
	notePattern      = regexp.MustCompile(`^fn:([0-9]+)$`)
	referencePattern = regexp.MustCompile(`^fnref([0-9]*):([0-9]+)$`)
)

// countNotes finds the notes of a part and gives them the next numbers of the book.
func (m *maker) countNotes(p *part) {
	p.numbers = make(map[string]int)
	for n := range p.root.Descendants() {
		if isElement(n, "div") && hasClass(n, "footnotes") {
			p.notes = n
			break
		}
	}
	if p.notes == nil {
		return
	}
	start := m.notes + 1
	for n := range p.notes.Descendants() {
		id, _ := attribute(n, "id")
		if name := notePattern.FindStringSubmatch(id); name != nil && isElement(n, "li") && p.numbers[name[1]] == 0 {
			m.notes++
			p.numbers[name[1]] = m.notes
			if m.o.XHTML {
				set(n, "epub:type", "footnote")
			}
		}
	}
	if list := find(p.notes, "ol"); list != nil && start > 1 {
		set(list, "start", strconv.Itoa(start))
	}
	if m.o.Footnotes != "" { // with the part's number, since each landmark needs a name of its own
		set(p.notes, "aria-label", strings.TrimSpace(m.o.Footnotes+" "+p.Number))
	}
	for _, n := range elements(p.root, func(n *html.Node) bool { return isElement(n, "a") }) {
		href, _ := attribute(n, "href")
		name := notePattern.FindStringSubmatch(strings.TrimPrefix(href, "#"))
		switch {
		case hasClass(n, "footnote-ref") && name != nil && p.numbers[name[1]] > 0:
			replaceChildren(n, strconv.Itoa(p.numbers[name[1]]))
			if m.o.XHTML {
				set(n, "epub:type", "noteref")
			}
		case hasClass(n, "footnote-backref") && m.o.Back != "":
			replaceChildren(n, "↩")
			set(n, "aria-label", m.o.Back)
		}
	}
}

func replaceChildren(n *html.Node, s string) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
	}
	n.AppendChild(text(s))
}

// noteID is what an id is called in the book, without the prefix: those of notes have the number that is read there.
func (p *part) noteID(id string) string {
	if name := notePattern.FindStringSubmatch(id); name != nil && p.numbers[name[1]] > 0 {
		return "fn-" + strconv.Itoa(p.numbers[name[1]])
	}
	name := referencePattern.FindStringSubmatch(id)
	if name == nil || p.numbers[name[2]] == 0 {
		return id
	}
	reference := "fnref-" + strconv.Itoa(p.numbers[name[2]])
	if again, _ := strconv.Atoi(name[1]); again > 0 {
		reference += "-" + strconv.Itoa(again+1)
	}
	return reference
}

// takeNotes takes the notes out of a part.
func (m *maker) takeNotes(p *part) []*html.Node {
	p.notes.Parent.RemoveChild(p.notes)
	list := find(p.notes, "ol")
	if list == nil {
		return nil
	}
	var notes []*html.Node
	for c := list.FirstChild; c != nil; c = list.FirstChild {
		list.RemoveChild(c)
		if isElement(c, "li") {
			if p.Lang != "" && p.Lang != m.parts[0].Lang {
				set(c, "lang", p.Lang)
			}
			notes = append(notes, c)
		}
	}
	return notes
}

// notesList is the list of all notes of the book, below a <div> as the parts are.
func (m *maker) notesList(notes []*html.Node) *html.Node {
	list := element("ol")
	for _, n := range notes {
		list.AppendChild(text("\n"))
		list.AppendChild(n)
	}
	list.AppendChild(text("\n"))
	around := element("div", "class", "footnotes", "role", "doc-endnotes")
	if m.o.Footnotes != "" {
		set(around, "aria-label", m.o.Footnotes)
	}
	around.AppendChild(text("\n"))
	around.AppendChild(list)
	around.AppendChild(text("\n"))
	root := element("div")
	root.AppendChild(around)
	root.AppendChild(text("\n"))
	return root
}
