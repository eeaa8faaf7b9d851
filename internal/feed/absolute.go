package feed

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Absolute prepares a page's HTML to be read away from its page: every address in it becomes absolute, by the page's own
// address, and #ids lead to the page. Left out, with all they hold, are what only a browser on the page has a use for:
// anchors of headings, hidden elements, scripts, styles, frames, forms and their fields; further comments, and the
// attributes of scripts, styles and focus. An address that cannot be made absolute is left out too.
//
// The fragment is read as browsers read it, so that it may have left out end tags. The error says that base is not
// absolute, or that the fragment cannot be read: x/net/html refuses more than 512 elements in each other.
func Absolute(fragment, base string) (string, error) {
	page, err := url.Parse(base)
	if err != nil {
		return "", fmt.Errorf("feed: %w", err)
	}
	if page.Scheme == "" || page.Host == "" {
		return "", fmt.Errorf("feed: the address %q is not absolute", base)
	}
	// Cleaned before it is read, or <s&#1;cript> without the reference would become a script later.
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(clean(fragment)), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return "", fmt.Errorf("feed: the page %s: %w", base, err)
	}
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	a := absolute{page}
	a.children(root)
	var b strings.Builder
	if err := html.Render(&b, root); err != nil {
		return "", fmt.Errorf("feed: the page %s: %w", base, err)
	}
	return b.String(), nil
}

type absolute struct{ page *url.URL }

func (a absolute) children(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		switch {
		case n.Type == html.TextNode:
			n.Data = clean(n.Data)
		case n.Type != html.ElementNode || dropped(n):
			parent.RemoveChild(n)
		default:
			a.attributes(n)
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

// useless are elements that make no sense outside their page, with their text.
var useless = map[string]bool{
	"base": true, "button": true, "canvas": true, "datalist": true, "embed": true, "fieldset": true, "form": true,
	"frame": true, "frameset": true, "iframe": true, "input": true, "keygen": true, "link": true, "meta": true,
	"noembed": true, "noframes": true, "object": true, "optgroup": true, "option": true, "script": true, "select": true,
	"style": true, "template": true, "textarea": true, "title": true,
}

func dropped(n *html.Node) bool {
	if useless[n.Data] && (n.Namespace == "" || n.Data != "title") { // the title of a figure in SVG says what it shows
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

func (a absolute) attributes(n *html.Node) {
	kept := n.Attr[:0]
	for _, at := range n.Attr {
		at.Val = clean(at.Val)
		keep := true
		switch key := at.Key; {
		case strings.HasPrefix(key, "on"), key == "style", key == "tabindex", key == "accesskey", key == "autofocus",
			key == "ping", key == "base", key == "xml:base", key == "srcdoc":
			keep = false
		case key == "srcset" || key == "imagesrcset":
			at.Val = a.set(at.Val)
			keep = at.Val != ""
		case addresses[strings.TrimPrefix(key, "xlink:")]:
			if n.Namespace == "svg" && n.Data != "a" && strings.HasPrefix(at.Val, "#") {
				break // a shape that is used again; it is in the same figure
			}
			at.Val, keep = a.address(at.Val)
		}
		if keep {
			kept = append(kept, at)
		}
	}
	n.Attr = kept
}

// addresses are the attributes that hold one (HTML Living Standard, "List of attributes"), and those of older HTML.
var addresses = map[string]bool{
	"action": true, "background": true, "cite": true, "classid": true, "codebase": true, "data": true, "formaction": true,
	"href": true, "icon": true, "itemid": true, "longdesc": true, "lowsrc": true, "manifest": true, "poster": true,
	"profile": true, "src": true,
}

// address makes one address absolute; false: there is no way to.
func (a absolute) address(s string) (string, bool) {
	// As browsers do (URL Standard, 4.4).
	s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }))
	u, err := url.Parse(s)
	if err != nil {
		return "", false
	}
	u = a.page.ResolveReference(u)
	switch u.Scheme {
	case "javascript", "vbscript":
		return "", false
	case "http", "https":
		if u.Host == "" { // "https:page", which browsers take for a relative one
			return "", false
		}
	}
	return u.String(), true
}

// set makes the addresses of a srcset absolute. It is cut as in HTML Living Standard, "Parsing a srcset attribute": an
// address may have commas in it, and descriptors in brackets too.
func (a absolute) set(s string) string {
	const space = " \t\n\f\r"
	var out []string
	for s = strings.TrimLeft(s, space+","); s != ""; s = strings.TrimLeft(s, space+",") {
		at := strings.IndexAny(s, space)
		if at < 0 {
			at = len(s)
		}
		address, descriptors := s[:at], ""
		s = s[at:]
		if bare := strings.TrimRight(address, ","); bare != address {
			address = bare
		} else {
			end := commaOutsideBrackets(s)
			descriptors, s = strings.Join(strings.Fields(s[:end]), " "), s[end:]
		}
		if address, ok := a.address(address); ok {
			out = append(out, strings.TrimRight(address+" "+descriptors, " "))
		}
	}
	return strings.Join(out, ", ")
}

func commaOutsideBrackets(s string) int {
	inside := false
	for i := range len(s) {
		switch {
		case s[i] == '(':
			inside = true
		case s[i] == ')':
			inside = false
		case s[i] == ',' && !inside:
			return i
		}
	}
	return len(s)
}
