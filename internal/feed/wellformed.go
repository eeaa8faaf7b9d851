package feed

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// wellFormed does what anyHTML does, to the byte, in one pass without a tree. false: it is not sure of the fragment.
//
// It is sure of what our own renderer writes: every element in order and closed, tags in small letters with values in
// double quotes, and none that the builder of trees would move, end early or put another around. What stays as it is is
// listed, not what does not: see kindOf.
func (a absolute) wellFormed(fragment string) (string, bool) {
	w := writer{absolute: a, open: make([]element, 1, 16)}
	w.Grow(len(fragment) + len(fragment)/8 + 256) // addresses grow
	for more := true; more; {
		var text string
		text, fragment, more = strings.Cut(fragment, "<")
		ok := w.text(text)
		if tag, isEnd := strings.CutPrefix(fragment, "/"); ok && isEnd {
			fragment, ok = w.end(tag)
		} else if ok && more {
			fragment, ok = w.start(fragment)
		}
		if !ok {
			return "", false
		}
	}
	return w.String(), len(w.open) == 1
}

// deepest is how many elements may be in each other; pages of ours have eight, and x/net/html reads no more than 511.
const deepest = 64

// writer writes what is kept of a fragment while it is read.
type writer struct {
	absolute
	strings.Builder
	open []element // those around what comes, the body without a name first
	gone int       // where in open the outermost is that is left out with all in it; 0: there is none
}

// text writes what is between two tags.
func (w *writer) text(s string) bool {
	if s == "" {
		return true
	}
	in := &w.open[len(w.open)-1]
	if in.kind.wordless() && strings.Trim(s, " \t\n") != "" {
		return false
	}
	if in.name == "pre" && s[0] == '\n' && w.Len() == in.start { // a newline that is not read, or that another is put before
		return false
	}
	s, ok := unescaped(s)
	if ok && w.gone == 0 {
		w.escape(s)
	}
	return ok
}

// start writes a start tag; s is what follows its <.
func (w *writer) start(s string) (rest string, ok bool) {
	name, s := word(s)
	k, in := kindOf(name), w.open[len(w.open)-1]
	if !in.holds(name, k) {
		return "", false
	}
	var few [8]html.Attribute // more would be garbage, but elements of ours have no more
	attributes, s, ok := readAttributes(few[:0], k, s)
	s, closed := strings.CutPrefix(s, "/")
	rest, whole := strings.CutPrefix(s, ">")
	if !ok || !whole || closed && !k.foreign() && !k.empty() {
		return "", false
	}
	if k == formatting {
		slices.SortFunc(attributes, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	}
	n := html.Node{Data: name, Attr: attributes}
	if k.foreign() {
		n.Namespace = "svg"
	}
	gone := w.gone > 0 || dropped(&n)
	if !gone {
		n.Attr = w.attributes(&n)
		w.tag(&n, k)
	}
	if k.empty() {
		return rest, true
	}
	if gone && w.gone == 0 {
		w.gone = len(w.open)
	}
	e := in.around(name, k)
	e.start = w.Len()
	w.open = append(w.open, e)
	if closed {
		w.close()
	}
	return rest, len(w.open) <= deepest
}

// end writes an end tag; s is what follows its </.
func (w *writer) end(s string) (rest string, ok bool) {
	name, rest, ok := strings.Cut(s, ">")
	if !ok || len(w.open) == 1 || name != w.open[len(w.open)-1].name {
		return "", false
	}
	w.close()
	return rest, true
}

// close ends the innermost element.
func (w *writer) close() {
	last := len(w.open) - 1
	switch w.gone {
	case 0:
		w.WriteString("</")
		w.WriteString(w.open[last].name)
		w.WriteByte('>')
	case last:
		w.gone = 0
	}
	w.open = w.open[:last]
}

// tag writes a start tag as html.Render does.
func (w *writer) tag(n *html.Node, k kind) {
	w.WriteByte('<')
	w.WriteString(n.Data)
	for _, at := range n.Attr {
		w.WriteByte(' ')
		w.WriteString(at.Key)
		w.WriteString(`="`)
		w.escape(at.Val)
		w.WriteByte('"')
	}
	if k.empty() {
		w.WriteByte('/')
	}
	w.WriteByte('>')
}

// escape writes a text or a value. Nearly all need no escaping, and to see it here saves a tenth of all the time.
func (w *writer) escape(s string) {
	const special uint64 = 1<<'"' | 1<<'&' | 1<<'\'' | 1<<'<' | 1<<'>'
	for i := range len(s) {
		if special>>s[i]&1 == 1 {
			s = html.EscapeString(s)
			break
		}
	}
	w.WriteString(s)
}

// readAttributes adds the attributes of an element to those read; s is what follows its name, rest is the end of the tag.
func readAttributes(read []html.Attribute, k kind, s string) (attributes []html.Attribute, rest string, ok bool) {
	for {
		next := strings.TrimLeft(s, " ")
		if next == "" || next[0] == '>' || next[0] == '/' {
			return read, next, true
		}
		if len(next) == len(s) {
			return nil, "", false
		}
		var at html.Attribute
		if at.Key, s = word(next); !k.keeps(at.Key) {
			return nil, "", false
		}
		if value, has := strings.CutPrefix(s, `="`); has {
			if value, s, ok = strings.Cut(value, `"`); !ok {
				return nil, "", false
			}
			if at.Val, ok = unescaped(value); !ok {
				return nil, "", false
			}
		}
		if slices.ContainsFunc(read, func(other html.Attribute) bool { return other.Key == at.Key }) {
			return nil, "", false
		}
		read = append(read, at)
	}
}

// word cuts a text after its letters and digits of ASCII and its hyphens.
func word(s string) (word, rest string) {
	for i := range len(s) {
		if c, letter := s[i], s[i]|0x20; (letter < 'a' || letter > 'z') && (c < '0' || c > '9') && c != '-' {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// unescaped reads the character references in a text. false: there is one that our renderer does not write, or a bare &.
func unescaped(s string) (string, bool) {
	before, s, found := strings.Cut(s, "&")
	if !found {
		return before, true
	}
	var b strings.Builder
	b.Grow(len(before) + len(s))
	for found {
		b.WriteString(before)
		var name string
		if name, s, found = strings.Cut(s, ";"); !found {
			return "", false
		}
		switch name {
		case "amp":
			b.WriteByte('&')
		case "lt":
			b.WriteByte('<')
		case "gt":
			b.WriteByte('>')
		case "quot", "#34":
			b.WriteByte('"')
		case "#39":
			b.WriteByte('\'')
		case "#43":
			b.WriteByte('+')
		case "nbsp", "#160":
			b.WriteString("\u00a0")
		default:
			return "", false
		}
		before, s, found = strings.Cut(s, "&")
	}
	b.WriteString(before)
	return b.String(), true
}
