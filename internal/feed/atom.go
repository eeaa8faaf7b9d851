package feed

import "time"

// Feed is an Atom feed (RFC 4287).
type Feed struct {
	ID        string // an IRI that never changes: see Authority.Tag
	Title     string // text, as all that is not said to be HTML
	Subtitle  string
	Lang      string      // language tag of everything in it
	Self      string      // absolute address of the feed
	Alternate string      // absolute address of the page that it follows
	Others    []Alternate // that page in other languages
	Updated   time.Time   // when the portal last changed in a way that matters; zero: when its newest entry did
	Author    Person      // of entries without one; required unless every entry has one
	Rights    string
	Generator Generator
	Entries   []Entry
}

// Person is somebody who writes, or an agency.
type Person struct{ Name, URI, Email string }

// Generator is the program that made a feed.
type Generator struct{ Name string }

// Entry is one item of a feed. Entries are written in the order given, which should be the newest first.
type Entry struct {
	ID         string // an IRI that never changes, of this entry alone
	Title      string
	Lang       string      // language tag; empty: that of the feed
	Link       string      // absolute address of its page
	Others     []Alternate // that page in other languages
	Published  time.Time   // zero: not known
	Updated    time.Time   // zero: as Published
	Summary    string      // text
	Content    string      // HTML, whole, with absolute addresses: see Absolute
	Author     Person      // no name: the author of the feed
	Categories []Category
}

// Category is a theme of an entry.
type Category struct {
	Term   string // what programs read
	Scheme string // absolute IRI of the list that the term is from
	Label  string // what people read
}

// Bytes is the feed as a file of media type application/atom+xml. It is well-formed whatever the texts hold.
func (f Feed) Bytes() []byte {
	var d document
	size := 2048
	for _, e := range f.Entries {
		size += 1024 + len(e.Content)*5/4 // its signs are escaped
	}
	d.Grow(size)
	d.WriteString(xmlDeclaration)
	d.open("feed", "xmlns", "http://www.w3.org/2005/Atom", "xml:lang", f.Lang)
	d.WriteByte('\n')
	d.text("id", f.ID)
	d.text("title", f.Title)
	d.optional("subtitle", f.Subtitle)
	d.text("updated", atomTime(f.updated()))
	d.empty("link", "rel", "self", "type", "application/atom+xml", "href", f.Self)
	d.alternates(f.Alternate, f.Lang, f.Others)
	d.person(f.Author)
	d.optional("rights", f.Rights)
	d.optional("generator", f.Generator.Name)
	for _, e := range f.Entries {
		d.entry(e, f.Lang)
	}
	d.close("feed")
	return d.Bytes()
}

func (f Feed) updated() time.Time {
	t := f.Updated
	if t.IsZero() {
		for _, e := range f.Entries {
			if e.updated().After(t) {
				t = e.updated()
			}
		}
	}
	return t
}

func (e Entry) updated() time.Time {
	if e.Updated.IsZero() {
		return e.Published
	}
	return e.Updated
}

func (d *document) entry(e Entry, feedLang string) {
	lang := e.Lang
	if lang == feedLang {
		lang = ""
	}
	d.open("entry", "xml:lang", lang)
	d.WriteByte('\n')
	d.text("id", e.ID)
	d.text("title", e.Title)
	if !e.Published.IsZero() {
		d.text("published", atomTime(e.Published))
	}
	d.text("updated", atomTime(e.updated()))
	if lang == "" {
		lang = feedLang
	}
	d.alternates(e.Link, lang, e.Others)
	d.person(e.Author)
	for _, c := range e.Categories {
		d.empty("category", "term", c.Term, "scheme", c.Scheme, "label", c.Label)
	}
	d.optional("summary", e.Summary)
	d.optional("content", e.Content, "type", "html")
	d.close("entry")
}

// alternates links to a page in its own language and the others. Each says its language, since two without one would be
// one too many (RFC 4287, 4.1.1).
func (d *document) alternates(href, lang string, others []Alternate) {
	if href != "" {
		d.empty("link", "rel", "alternate", "type", "text/html", "hreflang", lang, "href", href)
	}
	for _, o := range others {
		if o.Lang != lang {
			d.empty("link", "rel", "alternate", "type", "text/html", "hreflang", o.Lang, "href", o.Href)
		}
	}
}

func (d *document) person(p Person) {
	if p.Name == "" {
		return
	}
	d.open("author")
	d.WriteByte('\n')
	d.text("name", p.Name)
	d.optional("uri", p.URI)
	d.optional("email", p.Email)
	d.close("author")
}

// atomTime keeps the zone that a time has, unless it is one that RFC 3339 cannot write: before 1932 Jakarta was 7:07:12
// ahead.
func atomTime(t time.Time) string {
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339)
}
