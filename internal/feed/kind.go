package feed

import "strings"

// kind is what the builder of trees (HTML Living Standard, "Tree construction") makes of an element, by its name.
type kind uint8

const (
	unknown    kind = iota
	inline          // stays where it is
	formatting      // stays, with its attributes sorted, which is a habit of x/net/html
	block           // ends a p
	heading         // a block that ends a heading
	void            // has no contents
	rule            // has none, and ends a p
	table           // a block of captions, columns and sections
	caption
	columns
	column // has no contents
	section
	row
	cell
	drawing // SVG
	shape   // a part of one
)

// kindOf knows the elements that our renderer writes, and a few more that would be no surprise.
func kindOf(name string) kind {
	switch name {
	case "abbr", "bdi", "bdo", "cite", "data", "del", "dfn", "ins", "kbd", "mark", "q", "samp", "span", "sub", "sup", "time",
		"var":
		return inline
	case "a", "b", "code", "em", "i", "s", "small", "strong", "u":
		return formatting
	case "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
		"header", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "ul":
		return block
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return heading
	case "br", "img", "input", "wbr":
		return void
	case "hr":
		return rule
	case "table":
		return table
	case "caption":
		return caption
	case "colgroup":
		return columns
	case "col":
		return column
	case "tbody", "tfoot", "thead":
		return section
	case "tr":
		return row
	case "td", "th":
		return cell
	case "svg":
		return drawing
	case "circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "text", "tspan":
		return shape
	}
	return unknown
}

// empty tells whether elements of a kind have no contents, and so no end tag.
func (k kind) empty() bool { return k == void || k == rule || k == column }

// foreign tells whether elements of a kind are not of HTML.
func (k kind) foreign() bool { return k == drawing || k == shape }

// wordless tells whether text in elements of a kind comes to stand elsewhere, unless it is only space.
func (k kind) wordless() bool { return k == table || k == columns || k == section || k == row }

// element is an element whose end tag is yet to come.
type element struct {
	name     string
	kind     kind
	inP, inA bool // its contents are in a p or an a, in which no other may be
	ofTerms  bool // it may hold a dt: it is a dl, or a div in one
	start    int  // where its contents begin in what is written
}

// around is an element in another.
func (parent element) around(name string, k kind) element {
	return element{
		name: name, kind: k, inP: parent.inP || name == "p", inA: parent.inA || name == "a",
		ofTerms: name == "dl" || name == "div" && parent.name == "dl",
	}
}

// holds tells whether an element may begin in another so that it becomes a child of it, and nothing ends or begins
// beside.
func (parent element) holds(name string, k kind) bool {
	switch parent.kind {
	case table:
		return k == caption || k == columns || k == section
	case columns:
		return k == column
	case section:
		return k == row
	case row:
		return k == cell
	case drawing, shape:
		return k == shape
	}
	switch k {
	case inline, void, drawing:
		return true
	case formatting:
		return name != "a" || !parent.inA
	case block, heading, rule, table:
		if parent.inP {
			return false
		}
	default:
		return false
	}
	switch name {
	case "li":
		return parent.name == "ul" || parent.name == "ol"
	case "dd", "dt":
		return parent.ofTerms
	}
	return k != heading || parent.kind != heading
}

// keeps tells whether the name of an attribute in an element of a kind stays as it is: in HTML capitals become small, and
// in SVG some small letters capitals again.
func (k kind) keeps(attribute string) bool {
	if !k.foreign() {
		return attribute != "" && attribute == strings.ToLower(attribute)
	}
	switch attribute {
	case "aria-hidden", "aria-label", "class", "cx", "cy", "d", "height", "id", "points", "preserveAspectRatio", "r", "role",
		"rx", "ry", "text-anchor", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2":
		return true
	}
	return false
}
