package markdown

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"pendapa/internal/diag"
)

// scheme is the start of an address that browsers take as a scheme (RFC 3986, 3.1), with what they forgive in it.
var scheme = regexp.MustCompile(`^[^/?#\\]*?:`)

// unescape resolves backslash escapes and character references as the rendered page would show them.
func unescape(s []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(s)))
}

// safeScheme checks an address that has a scheme: only those that every browser treats as a place to go are allowed.
func safeScheme(dest string) *Trouble {
	prefix := strings.ToLower(strings.TrimSuffix(scheme.FindString(dest), ":"))
	switch prefix {
	case "http", "https":
		u, err := url.Parse(dest)
		if err != nil || u.Host == "" {
			return &Trouble{Message: diag.Textf("%q is not a full web address", diag.Clip(dest)), Hint: diag.Textf("write it as https://host/path")}
		}
		if u.User != nil {
			return &Trouble{Message: diag.Textf("the address holds a user name or password"), Hint: diag.Textf("remove it")}
		}
		return nil
	case "mailto", "tel":
		return nil
	}
	return &Trouble{Message: diag.Textf("links with %q are not allowed", diag.Clip(prefix)+":"), Hint: diag.Textf("use https, http, mailto or tel; a file beside the page by its name")}
}

// address checks what every address must be, and reports whether it has a scheme.
func address(dest string) (external bool, trouble *Trouble) {
	for _, r := range dest {
		if r <= ' ' || r >= 0x7f && r < 0xa0 || r == 0x200b || r == 0xfeff {
			return false, &Trouble{Message: diag.Textf("the address holds a blank or an invisible character"), Hint: diag.Textf("remove it; write %20 for a blank")}
		}
	}
	switch {
	case strings.Contains(dest, `\`):
		return false, &Trouble{Message: diag.Textf("the address holds a backslash"), Hint: diag.Textf("use / between folders")}
	case strings.HasPrefix(dest, "//"):
		return false, &Trouble{Message: diag.Textf("the address starts with //"), Hint: diag.Textf("write https:// for another site, or a relative path for a page of this one")}
	case scheme.MatchString(dest):
		return true, safeScheme(dest)
	}
	return false, nil
}

func (w *walker) link(n *ast.Link) {
	dest := string(unescape(n.Destination))
	at, width := w.place(n, n.Destination)
	external, trouble := address(dest)
	if trouble == nil && !external {
		var target Target
		target, trouble = w.env.Link(dest)
		dest = target.Href
		if target.Fragment != "" {
			w.result.Fragments = append(w.result.Fragments, Fragment{target.Page, target.Fragment, w.at(at), width})
		}
		if target.Lang != "" {
			n.SetAttributeString("hreflang", target.Lang)
		}
	}
	if trouble != nil {
		w.problem(at, width, *trouble)
		dest = ""
	}
	if len(plainText(n, w.body)) == 0 && n.FirstChild() == nil {
		w.problem(at, width, Trouble{Message: diag.Textf("the link has no text"), Hint: diag.Textf("write what it leads to between the brackets")})
	}
	n.Destination = []byte(dest)
}

func (w *walker) autoLink(n *ast.AutoLink) {
	dest := string(n.URL(w.body))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(dest), "mailto:") {
		dest = "mailto:" + dest
	}
	if _, trouble := address(dest); trouble != nil {
		w.problem(max(n.Pos(), 0), len([]rune(string(n.Label(w.body)))), *trouble)
	}
}

func (w *walker) image(n *ast.Image) {
	dest := string(unescape(n.Destination))
	at, width := w.place(n, n.Destination)
	external, trouble := address(dest)
	switch {
	case trouble != nil:
	case external:
		trouble = &Trouble{Message: diag.Textf("the picture is on another site"), Hint: diag.Textf("a portal asks no other site for anything: put the file beside the page and write its name")}
	default:
		var picture Picture
		picture, trouble = w.env.Image(dest)
		dest = picture.Src
		n.SetAttributeString("width", picture.Width)
		n.SetAttributeString("height", picture.Height)
		n.SetAttributeString("srcset", picture.Srcset)
		n.SetAttributeString("sizes", picture.Sizes)
	}
	if trouble != nil {
		w.problem(at, width, *trouble)
		dest = ""
	}
	if strings.TrimSpace(plainText(n, w.body)) == "" {
		w.problem(at, width, Trouble{Message: diag.Textf("the picture has no words for those who cannot see it"), Hint: diag.Textf("write between the brackets what it shows: ![…](%s)", diag.Clip(string(n.Destination)))})
	}
	n.Destination = []byte(dest)
}

// place finds the address of a link in the text, from where the link starts; the link's start where it stands elsewhere
// (in a reference).
func (w *walker) place(n ast.Node, dest []byte) (offset, width int) {
	start := max(n.Pos(), 0)
	if len(dest) == 0 {
		return start, 1
	}
	end := min(start+4096, len(w.body))
	if paragraph := bytes.Index(w.body[min(start, end):end], []byte("\n\n")); paragraph >= 0 {
		end = start + paragraph
	}
	// The address stands after "](", behind the link's text, which may hold the same words.
	for _, opening := range []string{"](", "](<"} {
		if at := bytes.Index(w.body[min(start, end):end], append([]byte(opening), dest...)); at >= 0 {
			return start + at + len(opening), len([]rune(string(dest)))
		}
	}
	return start, 1
}
