package feedtest

import (
	"mime"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

const (
	atomSpace = "http://www.w3.org/2005/Atom"
	xmlSpace  = "http://www.w3.org/XML/1998/namespace"
)

// share is how often an element may be in another.
type share struct{ least, most int }

const many = 1 << 30

var (
	feedHas = map[string]share{ // RFC 4287, 4.1.1
		"id": {1, 1}, "title": {1, 1}, "updated": {1, 1}, "author": {0, many}, "category": {0, many},
		"contributor": {0, many}, "generator": {0, 1}, "icon": {0, 1}, "link": {1, many}, "logo": {0, 1},
		"rights": {0, 1}, "subtitle": {0, 1}, "entry": {0, many},
	}
	entryHas = map[string]share{ // 4.1.2
		"id": {1, 1}, "title": {1, 1}, "updated": {1, 1}, "author": {0, many}, "category": {0, many},
		"content": {0, 1}, "contributor": {0, many}, "link": {0, many}, "published": {0, 1}, "rights": {0, 1},
		"source": {0, 1}, "summary": {0, 1},
	}
	sourceHas = map[string]share{ // 4.2.11
		"id": {0, 1}, "title": {0, 1}, "updated": {0, 1}, "author": {0, many}, "category": {0, many},
		"contributor": {0, many}, "generator": {0, 1}, "icon": {0, 1}, "link": {0, many}, "logo": {0, 1},
		"rights": {0, 1}, "subtitle": {0, 1},
	}
	personHas = map[string]share{"name": {1, 1}, "uri": {0, 1}, "email": {0, 1}} // 3.2
	nothing   = map[string]share{}
)

var atomAttributes = map[string][]string{
	"title": {"type"}, "subtitle": {"type"}, "rights": {"type"}, "summary": {"type"}, "content": {"type", "src"},
	"link": {"href", "rel", "type", "hreflang", "title", "length"}, "category": {"term", "scheme", "label"},
	"generator": {"uri", "version"},
}

var (
	atomDate = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`) // 3.3: capitals
	mail     = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	digits   = regexp.MustCompile(`^\d+$`)
)

// Atom holds a feed against RFC 4287. Beyond it, the feed links to itself, its entries have ids of their own, every
// address is absolute, in HTML too, and the HTML runs no script.
func Atom(data []byte) error {
	var c complaints
	root, err := parse(data)
	switch {
	case err != nil:
		c.add("not well-formed: %w", err)
	case root.name.Space != atomSpace || root.name.Local != "feed":
		c.add("the root is <%s> of %q, not an Atom feed", root.name.Local, root.name.Space)
	default:
		c.feed(root)
	}
	return c.err()
}

func (c *complaints) feed(feed *element) {
	c.structure("feed", feed, feedHas)
	c.links("feed", feed)
	if self := relation(feed, "self"); len(self) != 1 {
		c.add("feed: %d links to itself, not one", len(self))
	}
	ids := map[string]bool{}
	for _, e := range feed.all(atomSpace, "entry") {
		id := strings.TrimSpace(text(e, "id"))
		where := "entry " + id
		if ids[id] {
			c.add("%s: its id is that of an entry before", where)
		}
		ids[id] = true
		c.entry(where, e)
		if len(feed.all(atomSpace, "author")) == 0 && len(e.all(atomSpace, "author")) == 0 && !sourceHasAuthor(e) {
			c.add("%s: neither it nor the feed has an author", where)
		}
	}
	if len(ids) == 0 && len(feed.all(atomSpace, "author")) == 0 {
		c.add("feed: no author")
	}
}

func sourceHasAuthor(entry *element) bool {
	for _, s := range entry.all(atomSpace, "source") {
		if len(s.all(atomSpace, "author")) > 0 {
			return true
		}
	}
	return false
}

func (c *complaints) entry(where string, e *element) {
	c.structure(where, e, entryHas)
	c.links(where, e)
	content := e.all(atomSpace, "content")
	if len(content) == 0 && len(relation(e, "alternate")) == 0 {
		c.add("%s: neither content nor a link to its page (4.1.2)", where)
	}
	for _, n := range content {
		if src, ok := n.attr("src"); ok {
			if !absolute(src) {
				c.add("%s: content from %q, which is not absolute", where, src)
			}
			if len(e.all(atomSpace, "summary")) == 0 || strings.TrimSpace(n.text) != "" {
				c.add("%s: content from elsewhere needs a summary and no text (4.1.3)", where)
			}
		}
	}
}

// structure looks at the children of an element, their attributes and their texts.
func (c *complaints) structure(where string, e *element, has map[string]share) {
	if strings.TrimSpace(e.text) != "" {
		c.add("%s: text between its elements: %.40q", where, strings.TrimSpace(e.text))
	}
	c.attributes(where, e)
	counts := map[string]int{}
	for _, n := range e.children {
		switch n.name.Space {
		case atomSpace:
			counts[n.name.Local]++
			if _, ok := has[n.name.Local]; !ok {
				c.add("%s: <%s> does not belong here", where, n.name.Local)
				continue
			}
			c.value(where+": "+n.name.Local, n)
		case "":
			c.add("%s: <%s> has no namespace", where, n.name.Local)
		}
	}
	for name, s := range has {
		if counts[name] < s.least || counts[name] > s.most {
			c.add("%s: %d times %s", where, counts[name], name)
		}
	}
}

func (c *complaints) value(where string, n *element) {
	switch n.name.Local {
	case "author", "contributor":
		c.structure(where, n, personHas)
		return
	case "source":
		c.structure(where, n, sourceHas)
		return
	case "entry":
		return // looked at by itself
	case "link", "category":
		c.structure(where, n, nothing)
	default:
		c.attributes(where, n)
	}
	value := strings.TrimSpace(n.text)
	switch n.name.Local {
	case "id", "icon", "logo", "uri":
		if value != n.text || !absolute(value) {
			c.add("%s: %q is not an absolute IRI", where, n.text)
		}
	case "updated", "published":
		if _, err := time.Parse(time.RFC3339, n.text); err != nil || !atomDate.MatchString(n.text) {
			c.add("%s: %q is not a date of RFC 3339", where, n.text)
		}
	case "name", "generator":
		if value == "" {
			c.add("%s: empty", where)
		}
	case "email":
		if !mail.MatchString(n.text) {
			c.add("%s: %q is not a mail address", where, n.text)
		}
	case "title", "subtitle", "rights", "summary", "content":
		c.words(where, n)
	case "category":
		if term, _ := n.attr("term"); term == "" {
			c.add("%s: no term", where)
		}
		if scheme, ok := n.attr("scheme"); ok && !absolute(scheme) {
			c.add("%s: the scheme %q is not absolute", where, scheme)
		}
	}
	if n.name.Local == "generator" {
		if address, ok := n.attr("uri"); ok && !absolute(address) {
			c.add("%s: %q is not absolute", where, address)
		}
	}
}

// words looks at a text construct (3.1) or content (4.1.3).
func (c *complaints) words(where string, n *element) {
	kind, given := n.attr("type")
	switch {
	case !given || kind == "text" || kind == "html":
		if len(n.children) > 0 {
			c.add("%s: elements in a text", where)
		}
		if kind == "html" {
			c.html(where, n.text)
		}
	case kind == "xhtml":
		if len(n.all("http://www.w3.org/1999/xhtml", "div")) != 1 || len(n.children) != 1 {
			c.add("%s: XHTML is one div", where)
		}
	case n.name.Local != "content" || !mediaType(kind):
		c.add("%s: the type %q", where, kind)
	}
	if n.name.Local == "title" && strings.TrimSpace(n.text) == "" && len(n.children) == 0 {
		c.add("%s: empty", where)
	}
}

func (c *complaints) attributes(where string, n *element) {
	for _, a := range n.attrs {
		switch {
		case a.Name.Space == xmlSpace && a.Name.Local == "lang":
			if !languageTag.MatchString(a.Value) {
				c.add("%s: the language %q", where, a.Value)
			}
		case a.Name.Space == xmlSpace && a.Name.Local == "base":
			c.add("%s: xml:base, which many readers do not know", where)
		case a.Name.Space == "" && !slices.Contains(atomAttributes[n.name.Local], a.Name.Local):
			c.add("%s: the attribute %s", where, a.Name.Local)
		}
	}
}

func (c *complaints) links(where string, e *element) {
	type page struct{ kind, lang string }
	pages := map[page]bool{}
	for _, l := range e.all(atomSpace, "link") {
		href, _ := l.attr("href")
		if !absolute(href) {
			c.add("%s: a link to %q, which is not absolute", where, href)
		}
		rel, given := l.attr("rel")
		if given && (rel == "" || strings.ContainsAny(rel, " ")) {
			c.add("%s: a link with the relation %q", where, rel)
		}
		kind, given := l.attr("type")
		if given && !mediaType(kind) {
			c.add("%s: a link of the type %q", where, kind)
		}
		lang, given := l.attr("hreflang")
		if given && !languageTag.MatchString(lang) {
			c.add("%s: a link in the language %q", where, lang)
		}
		if length, ok := l.attr("length"); ok && !digits.MatchString(length) {
			c.add("%s: a link with the length %q", where, length)
		}
		if rel == "" || rel == "alternate" {
			if pages[page{kind, lang}] {
				c.add("%s: two alternates of the type %q in the language %q (4.1.1)", where, kind, lang)
			}
			pages[page{kind, lang}] = true
		}
	}
}

func relation(e *element, rel string) []*element {
	return slices.DeleteFunc(e.all(atomSpace, "link"), func(l *element) bool {
		is, given := l.attr("rel")
		return is != rel && (given || rel != "alternate")
	})
}

func text(e *element, name string) string {
	for _, n := range e.all(atomSpace, name) {
		return n.text
	}
	return ""
}

func mediaType(s string) bool {
	kind, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Contains(kind, "/")
}

// html looks for addresses in HTML that lead nowhere in a reader, and for scripts.
func (c *complaints) html(where, fragment string) {
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "script" || t.Data == "iframe" || t.Data == "form" {
				c.add("%s: <%s>", where, t.Data)
			}
			for _, a := range t.Attr {
				switch a.Key {
				case "href", "src", "poster", "cite", "xlink:href":
					inFigure := strings.HasPrefix(a.Val, "#") && t.Data != "a" && t.Data != "area"
					if !absolute(a.Val) && !inFigure {
						c.add("%s: <%s %s=%q> is not absolute", where, t.Data, a.Key, a.Val)
					}
				case "srcset":
					for candidate := range strings.SplitSeq(a.Val, ", ") {
						if address, _, _ := strings.Cut(candidate, " "); !absolute(address) {
							c.add("%s: <%s srcset> with %q is not absolute", where, t.Data, address)
						}
					}
				default:
					if strings.HasPrefix(a.Key, "on") {
						c.add("%s: <%s %s>", where, t.Data, a.Key)
					}
				}
			}
		}
	}
}
