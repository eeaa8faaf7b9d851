package book

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"pendapa/internal/xmltext"
)

// render writes what is below a root.
func (m *maker) render(root *html.Node) (string, error) {
	var b strings.Builder
	for n := range root.ChildNodes() {
		if m.o.XHTML {
			xhtml(&b, n, "")
		} else if err := html.Render(&b, n); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

const (
	xhtmlSpace = "http://www.w3.org/1999/xhtml"
	xlinkSpace = "http://www.w3.org/1999/xlink"
)

var spaces = map[string]string{"": xhtmlSpace, "svg": "http://www.w3.org/2000/svg", "math": "http://www.w3.org/1998/Math/MathML"}

// xhtml writes a node as XML. around is the namespace of the element that it is in, as x/net/html calls it. Comments are
// left out; of an element whose name XML cannot carry, what it holds is written.
func xhtml(b *strings.Builder, n *html.Node, around string) {
	if n.Type == html.TextNode {
		b.WriteString(xmltext.Text(n.Data))
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	named := xmlName.MatchString(n.Data)
	if named {
		b.WriteString("<" + n.Data)
		if n.Namespace != around {
			b.WriteString(` xmlns="` + spaces[n.Namespace] + `"`)
		}
		attributes(b, n)
		if n.FirstChild == nil && (n.Namespace != "" || void(n.Data)) {
			b.WriteString(" />")
			return
		}
		b.WriteByte('>')
		around = n.Namespace
	}
	for c := range n.ChildNodes() {
		xhtml(b, c, around)
	}
	if named {
		b.WriteString("</" + n.Data + ">")
	}
}

// attributes are written in their order, the first of each name. Those are left out that no XML can have, or none
// without declaring more.
func attributes(b *strings.Builder, n *html.Node) {
	var written []string
	write := func(name, value string) {
		if !slices.Contains(written, name) {
			written = append(written, name)
			b.WriteString(" " + name + `="` + xmltext.Attribute(value) + `"`)
		}
	}
	for _, a := range n.Attr {
		switch {
		case a.Namespace == "xlink":
			write("xmlns:xlink", xlinkSpace)
			write("xlink:"+a.Key, a.Val)
		case a.Namespace == "xml":
			write("xml:"+a.Key, a.Val)
		case a.Namespace != "", strings.HasPrefix(a.Key, "xmlns"):
			// xmlns is written where it is needed.
		case a.Key == "lang":
			write("lang", a.Val)
			write("xml:lang", a.Val) // EPUB readers look for either, and both must be the same
		case a.Key == "epub:type":
			write(a.Key, a.Val)
		case !xmlName.MatchString(a.Key):
		case a.Val == "" && n.Namespace == "" && boolean(a.Key):
			write(a.Key, a.Key)
		default:
			write(a.Key, a.Val)
		}
	}
}

// xmlName is a name without a namespace (XML 1.0, 2.3), of ASCII.
var xmlName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// void tells whether an element never holds anything (HTML, 13.1.2).
func void(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}

// boolean tells whether an attribute means something by being there. download, which may have a value, is none.
func boolean(key string) bool {
	switch key {
	case "allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer", "disabled",
		"hidden", "inert", "ismap", "itemscope", "loop", "multiple", "muted", "novalidate", "open", "playsinline",
		"readonly", "required", "reversed", "selected":
		return true
	}
	return false
}
