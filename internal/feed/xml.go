package feed

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const xmlDeclaration = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

// document is XML in the making.
type document struct{ bytes.Buffer }

// open begins an element. Attributes are names and values in turn; those without a value are left out.
func (d *document) open(name string, attributes ...string) {
	d.tag(name, attributes)
	d.WriteByte('>')
}

func (d *document) close(name string) { d.WriteString("</" + name + ">\n") }

// empty writes an element without contents, on a line of its own.
func (d *document) empty(name string, attributes ...string) {
	d.tag(name, attributes)
	d.WriteString("/>\n")
}

// text writes an element that holds a text, on a line of its own.
func (d *document) text(name, text string, attributes ...string) {
	d.open(name, attributes...)
	_, _ = inText.WriteString(d, clean(text))
	d.close(name)
}

// optional writes an element unless its text is empty.
func (d *document) optional(name, text string, attributes ...string) {
	if text != "" {
		d.text(name, text, attributes...)
	}
}

func (d *document) tag(name string, attributes []string) {
	d.WriteString("<" + name)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			d.WriteString(" " + attributes[i] + `="`)
			_, _ = inAttribute.WriteString(d, clean(attributes[i+1]))
			d.WriteByte('"')
		}
	}
}

// A > is escaped for the sake of ]]> (XML 1.0, 2.4); lines and tabs in an attribute, since they would be read as spaces
// (3.3.3).
var (
	inText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	inAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;")
)

// clean leaves out what XML 1.0 has no way to write, not even as a reference (2.2): the control characters but tab and
// line feed, U+FFFE and U+FFFF. Octets that are not UTF-8 become U+FFFD, and lines end as XML ends them (2.11).
func clean(s string) string {
	if isClean(s) {
		return s
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r == '\t', r == '\n':
			return r
		case r < ' ', r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// isClean tells whether clean has nothing to do, as with nearly all texts; it takes a seventh of the time.
func isClean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' && s[i] != '\n' {
			return false
		}
	}
	return utf8.ValidString(s) && !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF")
}
