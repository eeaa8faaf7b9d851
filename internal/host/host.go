// Package host writes what static hosts read beside the pages: headers and redirects for those that take them from files
// (Netlify and Cloudflare Pages read _headers and _redirects). The same for other servers stands in the README.
package host

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Policy is the content security policy of every page (W3C Content Security Policy Level 3; DESIGN.md, section 6): no
// inline script or style, nothing from other sites.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Header is a header of an answer.
type Header struct{ Name, Value string }

// Headers are those of every answer.
func Headers() []Header {
	return []Header{
		{"Content-Security-Policy", Policy},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
	}
}

// Forever is how long a file may be kept whose name tells its contents.
var Forever = Header{"Cache-Control", "public, max-age=31536000, immutable"}

// Open lets programs on other sites read what is published: all of it is for everybody, and no cookie makes it another's.
// A preview, which may show drafts, does not send it.
var Open = Header{"Access-Control-Allow-Origin", "*"}

// Rule are the headers of some addresses.
type Rule struct {
	Path    string // from the first slash; * at its end stands for anything, :name for one part
	Headers []Header
}

// HeadersFile is the file _headers: first the headers of every answer, then the rules in their order. No header may
// stand in two rules that fit one address: hosts would send both.
func HeadersFile(base string, rules []Rule) []byte {
	var b bytes.Buffer
	for _, r := range append([]Rule{{base + "*", append(Headers(), Open)}}, rules...) {
		fmt.Fprintln(&b, r.Path)
		for _, h := range r.Headers {
			fmt.Fprintf(&b, "  %s: %s\n", h.Name, h.Value)
		}
	}
	return b.Bytes()
}

// Redirect leads from an old address to a new one, both from the first slash.
type Redirect struct{ From, To string }

// RedirectsFile is the file _redirects: every redirect for good (301), sorted.
func RedirectsFile(redirects []Redirect) []byte {
	slices.SortFunc(redirects, func(a, b Redirect) int { return strings.Compare(a.From+" "+a.To, b.From+" "+b.To) })
	var b bytes.Buffer
	for _, r := range redirects {
		fmt.Fprintf(&b, "%s %s 301\n", r.From, r.To)
	}
	return b.Bytes()
}
