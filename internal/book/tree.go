package book

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads a fragment as browsers do, below a <div> without a parent.
func parse(fragment string) (*html.Node, error) {
	root := element("div")
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(fragment), root, html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

// element makes an element; attributes are names and values in turn.
func element(name string, attributes ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
	for i := 0; i < len(attributes); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attributes[i], Val: attributes[i+1]})
	}
	return n
}

func text(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

func rename(n *html.Node, name string) { n.Data, n.DataAtom = name, atom.Lookup([]byte(name)) }

// isElement tells whether a node is an element of HTML, or the svg element, with this name.
func isElement(n *html.Node, name string) bool {
	return n.Type == html.ElementNode && n.Data == name && (n.Namespace == "" || name == "svg")
}

func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func set(n *html.Node, key, value string) {
	for i, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

func removeAttributes(n *html.Node, keys ...string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Namespace == "" && slices.Contains(keys, a.Key)
	})
}

func hasClass(n *html.Node, class string) bool {
	classes, _ := attribute(n, "class")
	return slices.Contains(strings.Fields(classes), class)
}

// find is the first element of this name in a tree, its root left out.
func find(root *html.Node, name string) *html.Node {
	for n := range root.Descendants() {
		if isElement(n, name) {
			return n
		}
	}
	return nil
}

// within is the nearest element of this name around a node, or the node itself.
func within(n *html.Node, name string) *html.Node {
	for ; n != nil; n = n.Parent {
		if isElement(n, name) {
			return n
		}
	}
	return nil
}

// drawing is the outermost svg around a node, or the node itself; nil: it is in none.
func drawing(n *html.Node) *html.Node {
	var svg *html.Node
	for ; n != nil; n = n.Parent {
		if isElement(n, "svg") {
			svg = n
		}
	}
	return svg
}

// elements are those of a tree that are chosen, so that the tree can be changed while they are gone through.
func elements(root *html.Node, chosen func(n *html.Node) bool) []*html.Node {
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && chosen(n) {
			list = append(list, n)
		}
	}
	return list
}

// headingLevel is 1 to 6 for a heading and otherwise 0.
func headingLevel(n *html.Node) int {
	if n.Type == html.ElementNode && n.Namespace == "" && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
		return int(n.Data[1] - '0')
	}
	return 0
}

// ofText tells whether a heading divides the text, and is not one in a quotation, a callout or a data block.
func ofText(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		_, classed := attribute(p, "class")
		if !isElement(p, "section") && !isElement(p, "article") && (!isElement(p, "div") || classed && !hasClass(p, "prose")) {
			return false
		}
	}
	return true
}

// words are the plain words of an element, without the marks of its footnotes.
func words(root *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case hasClass(n, "footnote-ref"):
			return
		case isElement(n, "br"):
			b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(root)
	return strings.Join(strings.Fields(b.String()), " ")
}

// prepend puts an element with a text to the front of another, and a blank behind it where something follows.
func prepend(parent, n *html.Node, s string, follows bool) {
	n.AppendChild(text(s))
	first := parent.FirstChild
	parent.InsertBefore(n, first)
	if follows {
		parent.InsertBefore(text(" "), first)
	}
}
