package feed

import (
	"bytes"

	"pendapa/internal/xmltext"
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
	d.WriteString(xmltext.Text(text))
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
			d.WriteString(" " + attributes[i] + `="` + xmltext.Attribute(attributes[i+1]) + `"`)
		}
	}
}
