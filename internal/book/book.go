// Package book makes one numbered document of many pages, to be printed or read as an EPUB.
//
// A page of the portal stands alone: its headings start at h2, its footnotes at 1, its links lead to other pages. In a
// book the headings of a part lie below the part's own, notes, tables and figures are counted from the first page to the
// last, links between parts stay in the book and say where they lead on paper, and every id is unique. The headings of
// the parts themselves, and what goes around them, are the caller's.
//
// Equal parts give equal bytes. The package knows the HTML of package markdown and of the data blocks in it; scripts and
// forms it leaves as they are.
package book

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Part is one page of the book.
type Part struct {
	ID        string   // the anchor that the caller gives the part's own heading: "bagian-1-2"
	Number    string   // "1", "1.2"; empty: neither the part nor its headings are numbered
	Title     string   // plain
	Level     int      // 1: a chapter, 2: a section
	HTML      string   // the body, as package markdown renders it
	Addresses []string // by which other parts link to it: "/masterplan/visi/misi/"
	Lang      string   // a language tag (BCP 47); may be empty
}

// Words are those that the book puts in, in its language.
type Words struct {
	Table, Figure, Section string // "Tabel", "Gambar", "Bagian"; a number follows
	Footnotes              string // "Catatan kaki": what a list of notes is called to screen readers
	Back                   string // of the link from a note to the text, for screen readers; empty: as in the part
}

// Options say what the book is for.
type Options struct {
	Words
	FootnotesPerPart bool // notes stand at the end of their part, numbered through the book all the same; false: in Book.Notes
	XHTML            bool // well-formed XML for EPUB, with epub:type; the prefix epub must be declared around it

	// File is the file of each part, by its index, where the book is several files; len(parts) asks for the file of
	// Book.Notes. A link into another file is then "file#id". nil: the book is one document.
	File func(part int) string
}

// Book is the document in pieces.
type Book struct {
	Parts           []Out
	Notes           string    // a list of all notes; empty: there are none, or they stand in their parts
	Tables, Figures []Caption // in the order of the book
	Contents        []Entry   // the parts and their headings, in the order of the book
}

// Out is a part as it stands in the book.
type Out struct {
	Part
	HTML     string  // the body, without the part's own heading
	Headings []Entry // of the body
}

// Caption is a table or a figure with its number.
type Caption struct {
	Number int    // from 1 through the book
	Text   string // without the number; empty: it had no caption
	Anchor string // an id in the book
	Part   int    // index of its part
}

// Entry is a line of the contents.
type Entry struct {
	Number string // "1.2.1"; deeper headings have none
	Title  string // plain
	Anchor string // an id in the book
	Level  int    // 1 and 2: parts; what is below a part has its level and more
	Part   int    // index of its part
}

// Make makes the book. The error says which part cannot be read, or that two parts have the same id or address.
func Make(parts []Part, o Options) (Book, error) {
	m := maker{o: o, taken: make(map[string]bool), addresses: make(map[string]int)}
	for i, p := range parts {
		if err := m.add(i, p); err != nil {
			return Book{}, err
		}
	}
	for _, p := range m.parts {
		m.prepare(p)
	}
	for _, p := range m.parts {
		m.links(p) // when all ids are known
	}
	var notes []*html.Node
	for _, p := range m.parts {
		if p.notes != nil && !o.FootnotesPerPart {
			notes = append(notes, m.takeNotes(p)...)
		}
	}
	book := Book{Tables: m.tables, Figures: m.figures}
	for _, p := range m.parts {
		text, err := m.render(p.root)
		if err != nil {
			return Book{}, fmt.Errorf("book: %s: %w", p.ID, err)
		}
		book.Parts = append(book.Parts, Out{Part: p.Part, HTML: text, Headings: p.headings})
		book.Contents = append(book.Contents, Entry{p.Number, p.Title, p.ID, p.Level, p.index})
		book.Contents = append(book.Contents, p.headings...)
	}
	if len(notes) > 0 {
		text, err := m.render(m.notesList(notes))
		if err != nil {
			return Book{}, fmt.Errorf("book: the footnotes: %w", err)
		}
		book.Notes = text
	}
	return book, nil
}

// maker is one run of Make.
type maker struct {
	o               Options
	parts           []*part
	taken           map[string]bool // ids of the book
	addresses       map[string]int  // to parts
	notes           int             // that are counted so far
	tables, figures []Caption
}

// part is a page while it becomes one of the book.
type part struct {
	Part
	index    int
	root     *html.Node
	ids      map[string]string                // of the page, to those of the book
	drawings map[*html.Node]map[string]string // those in each svg, which may be the same in several
	notes    *html.Node                       // the list of footnotes, or nil
	noteIDs  map[string]bool                  // of the book, in that list
	numbers  map[string]int                   // of footnotes: "1", as in fn:1, to the number in the book
	headings []Entry
}

func (m *maker) add(index int, p Part) error {
	if p.ID == "" || strings.ContainsAny(p.ID, " \t\n\f\r") {
		return fmt.Errorf("book: part %d (%s) has the id %q", index+1, p.Title, p.ID)
	}
	if m.taken[p.ID] {
		return fmt.Errorf("book: two parts have the id %q", p.ID)
	}
	m.taken[p.ID] = true
	p.Level = max(p.Level, 1)
	for _, a := range p.Addresses {
		a = unescaped(a)
		if other, ok := m.addresses[a]; ok && other != index {
			return fmt.Errorf("book: %s and %s have the address %s", m.parts[other].ID, p.ID, a)
		}
		m.addresses[a] = index
	}
	root, err := parse(p.HTML)
	if err != nil {
		return fmt.Errorf("book: %s: %w", p.ID, err)
	}
	m.parts = append(m.parts, &part{Part: p, index: index, root: root})
	return nil
}

// prepare does what can be done before the ids of the parts that follow are known.
func (m *maker) prepare(p *part) {
	forPaper(p.root, m.o.XHTML)
	m.countNotes(p)
	m.giveIDs(p)
	m.numberHeadings(p)
	m.numberCaptions(p)
}

// giveIDs makes the ids of a part those of the book.
func (m *maker) giveIDs(p *part) {
	p.ids = make(map[string]string)
	p.drawings = make(map[*html.Node]map[string]string)
	p.noteIDs = make(map[string]bool)
	for n := range p.root.Descendants() {
		id, ok := attribute(n, "id")
		if !ok {
			continue
		}
		if id == "" {
			removeAttributes(n, "id")
			continue
		}
		unique := m.fresh(p.ID + "-" + p.noteID(id))
		set(n, "id", unique)
		if p.inNotes(n) {
			p.noteIDs[unique] = true
		}
		if _, again := p.ids[id]; !again {
			p.ids[id] = unique
		}
		if svg := drawing(n); svg != nil {
			if p.drawings[svg] == nil {
				p.drawings[svg] = make(map[string]string)
			}
			if _, again := p.drawings[svg][id]; !again {
				p.drawings[svg][id] = unique
			}
		}
	}
}

// fresh is the id itself where it is free, and otherwise with a number behind it.
func (m *maker) fresh(id string) string {
	free := id
	for n := 2; m.taken[free]; n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	m.taken[free] = true
	return free
}

// anchor is an element's id in the book; where it has none, it gets one.
func (m *maker) anchor(p *part, n *html.Node, name string) string {
	id, ok := attribute(n, "id")
	if !ok {
		id = m.fresh(p.ID + "-" + name)
		set(n, "id", id)
	}
	return id
}

// numberHeadings puts the headings of a part below the part's own, and numbers those next to it.
func (m *maker) numberHeadings(p *part) {
	first := 0 // the level of those that are next to the part's own; usually h2
	for n := range p.root.Descendants() {
		if level := headingLevel(n); level > 0 && ofText(n) && (first == 0 || level < first) {
			first = level
		}
	}
	if first == 0 {
		first = 2
	}
	numbered := p.Number != "" && !m.hasSections(p)
	count := 0
	for n := range p.root.Descendants() {
		level := headingLevel(n)
		if level == 0 {
			continue
		}
		rename(n, "h"+strconv.Itoa(min(max(level-first, 0)+p.Level+2, 6)))
		if !ofText(n) {
			continue
		}
		entry := Entry{Title: words(n), Level: level - first + p.Level + 1, Part: p.index}
		entry.Anchor = m.anchor(p, n, "heading-"+strconv.Itoa(len(p.headings)+1))
		if level == first && numbered {
			count++
			entry.Number = p.Number + "." + strconv.Itoa(count)
			prepend(n, element("span", "class", "section-number"), entry.Number, true)
		}
		p.headings = append(p.headings, entry)
	}
}

// hasSections tells whether other parts are numbered below a part, so that its headings cannot be.
func (m *maker) hasSections(p *part) bool {
	for _, other := range m.parts {
		if strings.HasPrefix(other.Number, p.Number+".") {
			return true
		}
	}
	return false
}

// numberCaptions numbers tables, and pictures that have a caption.
func (m *maker) numberCaptions(p *part) {
	for n := range p.root.Descendants() {
		switch {
		case isElement(n, "table") && within(n.Parent, "table") == nil:
			m.numberTable(p, n)
		case isElement(n, "figure"):
			caption := find(n, "figcaption")
			if caption == nil || find(n, "table") != nil || find(n, "img") == nil && find(n, "svg") == nil {
				continue
			}
			c := Caption{Number: len(m.figures) + 1, Text: words(caption), Part: p.index}
			c.Anchor = m.anchor(p, n, "figure-"+strconv.Itoa(c.Number))
			prepend(caption, element("span", "class", "caption-number"), label(m.o.Figure, c.Number), c.Text != "")
			m.figures = append(m.figures, c)
		}
	}
}

func (m *maker) numberTable(p *part, table *html.Node) {
	caption := table.FirstChild
	for caption != nil && !isElement(caption, "caption") {
		caption = caption.NextSibling
	}
	if caption == nil {
		caption = element("caption")
		table.InsertBefore(caption, table.FirstChild)
	}
	c := Caption{Number: len(m.tables) + 1, Text: words(caption), Part: p.index}
	c.Anchor = m.anchor(p, table, "table-"+strconv.Itoa(c.Number))
	name := label(m.o.Table, c.Number)
	prepend(caption, element("span", "class", "caption-number"), name, c.Text != "")
	m.tables = append(m.tables, c)
	if scroll := table.Parent; scroll != nil && hasClass(scroll, "scroll") {
		if _, ok := attribute(scroll, "aria-label"); ok { // which counted the tables of the page
			set(scroll, "aria-label", cmp.Or(strings.TrimSpace(name+" "+c.Text), name))
		}
	}
}

func label(word string, number int) string {
	return strings.TrimSpace(word + " " + strconv.Itoa(number))
}
