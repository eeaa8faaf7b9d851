package feed

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"pendapa/internal/xmltext"
)

// Absolute prepares a page's HTML to be read away from its page: every address in it becomes absolute, by the page's own
// address, and #ids lead to the page. Left out, with all they hold, are what only a browser on the page has a use for:
// anchors of headings, hidden elements, scripts, styles, frames, forms and their fields; further comments, and the
// attributes of scripts, styles and focus. An address that cannot be made absolute is left out too.
//
// The fragment is read as browsers read it, so that it may have left out end tags. The error says that base is not
// absolute, or that the fragment cannot be read: x/net/html refuses more than 512 elements in each other.
func Absolute(fragment, base string) (string, error) {
	a, err := on(base)
	if err != nil {
		return "", err
	}
	// Cleaned before it is read, or <s&#1;cript> without the reference would become a script later.
	fragment = xmltext.Clean(fragment)
	if s, ok := a.wellFormed(fragment); ok {
		return s, nil
	}
	s, err := a.anyHTML(fragment)
	if err != nil {
		return "", fmt.Errorf("feed: the page %s: %w", base, err)
	}
	return s, nil
}

// anyHTML does what Absolute does with a tree of the fragment, which x/net/html builds as browsers do.
func (a absolute) anyHTML(fragment string) (string, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(fragment), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return "", err
	}
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	a.children(root)
	var b strings.Builder
	if err := html.Render(&b, root); err != nil {
		return "", err
	}
	return b.String(), nil
}

func (a absolute) children(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		switch {
		case n.Type == html.TextNode:
			n.Data = xmltext.Clean(n.Data)
		case n.Type != html.ElementNode || dropped(n):
			parent.RemoveChild(n)
		default:
			for i := range n.Attr {
				n.Attr[i].Val = xmltext.Clean(n.Attr[i].Val)
			}
			n.Attr = a.attributes(n)
			a.children(n)
			switch n.Data {
			case "noscript": // readers run no scripts
				for c := n.FirstChild; c != nil; c = n.FirstChild {
					n.RemoveChild(c)
					parent.InsertBefore(c, n)
				}
				parent.RemoveChild(n)
			case "plaintext", "xmp", "listing": // long gone from HTML, and unlike pre not able to hold a &lt;
				n.Data, n.DataAtom = "pre", atom.Pre
			}
		}
		n = next
	}
}

// useless tells whether an element makes no sense outside its page, nor does its text.
func useless(name string) bool {
	switch name {
	case "base", "button", "canvas", "datalist", "embed", "fieldset", "form", "frame", "frameset", "iframe", "input",
		"keygen", "link", "meta", "noembed", "noframes", "object", "optgroup", "option", "script", "select", "style",
		"template", "textarea", "title":
		return true
	}
	return false
}

func dropped(n *html.Node) bool {
	if useless(n.Data) && (n.Namespace == "" || n.Data != "title") { // the title of a figure in SVG says what it shows
		return true
	}
	for _, at := range n.Attr {
		if at.Key == "hidden" {
			return true
		}
		if at.Key == "class" {
			for class := range strings.FieldsSeq(at.Val) {
				if class == "anchor" {
					return true
				}
			}
		}
	}
	return false
}

// attributes are those that an element keeps, with absolute addresses; they are where the element's own were.
func (a absolute) attributes(n *html.Node) []html.Attribute {
	kept := n.Attr[:0]
	for _, at := range n.Attr {
		keep := true
		switch key := at.Key; {
		case strings.HasPrefix(key, "on"), key == "style", key == "tabindex", key == "accesskey", key == "autofocus",
			key == "ping", key == "base", key == "xml:base", key == "srcdoc":
			keep = false
		case key == "srcset" || key == "imagesrcset":
			at.Val = a.set(at.Val)
			keep = at.Val != ""
		case holdsAddress(strings.TrimPrefix(key, "xlink:")):
			if n.Namespace == "svg" && n.Data != "a" && strings.HasPrefix(at.Val, "#") {
				break // a shape that is used again; it is in the same figure
			}
			at.Val, keep = a.address(at.Val)
		}
		if keep {
			kept = append(kept, at)
		}
	}
	return kept
}
