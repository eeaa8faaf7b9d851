package feedtest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// element is an XML element with all that it holds.
type element struct {
	name     xml.Name
	attrs    []xml.Attr // without declarations of namespaces
	children []*element
	text     string // directly in it, in one
}

func (e *element) attr(name string) (string, bool) {
	for _, a := range e.attrs {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

func (e *element) all(space, local string) []*element {
	var found []*element
	for _, c := range e.children {
		if c.name == (xml.Name{Space: space, Local: local}) {
			found = append(found, c)
		}
	}
	return found
}

// parse reads a whole document. What encoding/xml lets pass, it refuses: attributes given twice, prefixes that stand for
// nothing, text beside the root.
func parse(data []byte) (*element, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	if !bytes.HasPrefix(data, []byte("<?xml ")) {
		return nil, errors.New("no XML declaration at the very beginning")
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	top := &element{}
	open := []*element{top}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		inner := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name}
			seen := map[xml.Name]bool{}
			for _, a := range t.Attr {
				if seen[a.Name] {
					return nil, fmt.Errorf("<%s> has the attribute %s twice", t.Name.Local, a.Name.Local)
				}
				seen[a.Name] = true
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					e.attrs = append(e.attrs, a)
				}
			}
			inner.children = append(inner.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			inner.text += string(t)
		case xml.Directive:
			return nil, errors.New("a document type, which readers must not follow")
		}
	}
	if len(top.children) != 1 || strings.TrimSpace(top.text) != "" {
		return nil, errors.New("not exactly one root element")
	}
	return top.children[0], nil
}
