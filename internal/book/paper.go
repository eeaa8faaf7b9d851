package book

import (
	"strings"

	"golang.org/x/net/html"
)

// forPaper takes away what only a page on a screen has a use for: the links of headings to themselves, the choice
// between several sizes of a picture, the waiting for a picture to be scrolled to; what is folded is opened. A reader of
// EPUB turns leaves, so that there nothing is scrolled in itself either.
func forPaper(root *html.Node, xhtml bool) {
	for _, n := range elements(root, func(n *html.Node) bool { return n.Namespace == "" }) {
		switch n.Data {
		case "a":
			if hasClass(n, "anchor") && headingAround(n) != nil {
				heading := n.Parent
				heading.RemoveChild(n)
				if last := heading.LastChild; last != nil && last.Type == html.TextNode {
					last.Data = strings.TrimRight(last.Data, " \t\n")
				}
			}
		case "img":
			removeAttributes(n, "loading", "decoding", "fetchpriority", "srcset", "sizes")
		case "picture":
			if img := find(n, "img"); img != nil {
				img.Parent.RemoveChild(img)
				n.Parent.InsertBefore(img, n)
			}
			n.Parent.RemoveChild(n)
		case "details":
			set(n, "open", "")
		}
		if xhtml {
			removeAttributes(n, "tabindex")
			if hasClass(n, "scroll") {
				removeAttributes(n, "role", "aria-label")
			}
		}
	}
}

func headingAround(n *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		if headingLevel(n) > 0 {
			return n
		}
	}
	return nil
}
