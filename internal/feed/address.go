package feed

import (
	"fmt"
	"net/url"
	"strings"
)

// absolute makes the addresses of one page absolute.
type absolute struct {
	page         *url.URL
	origin, self string // https://pati.example, and the page's whole address; empty unless it is plain
}

// on makes addresses absolute by the one of their page, which must be absolute itself.
func on(base string) (absolute, error) {
	page, err := url.Parse(base)
	if err != nil {
		return absolute{}, fmt.Errorf("feed: %w", err)
	}
	if page.Scheme == "" || page.Host == "" {
		return absolute{}, fmt.Errorf("feed: the address %q is not absolute", base)
	}
	a := absolute{page: page}
	if origin, _, ok := plain(base); ok && page.Fragment == "" {
		a.origin, a.self = origin, base
	}
	return a, nil
}

// holdsAddress tells whether an attribute holds an address (HTML Living Standard, "List of attributes", and older HTML).
func holdsAddress(key string) bool {
	switch key {
	case "action", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon", "itemid", "longdesc",
		"lowsrc", "manifest", "poster", "profile", "src":
		return true
	}
	return false
}

// address makes one address absolute; false: there is no way to.
func (a absolute) address(s string) (string, bool) {
	if a.origin != "" {
		switch origin, path, ok := plain(s); {
		case !ok:
		case origin != "":
			return s, true
		case path != "":
			return a.origin + s, true
		default:
			return a.self + s, true
		}
	}
	return a.resolve(s)
}

// plain tells whether an address is one that resolve would do nothing to but put what is missing before it, and cuts it:
// https://pati.example/berita/#a, /berita/ or #a, of characters that are never written in percent signs, and without a
// segment that begins with a dot. Nearly all are so; resolve takes twenty times as long.
func plain(s string) (origin, path string, ok bool) {
	const unreserved = "-._~" // RFC 3986, 2.3
	s, id, marked := strings.Cut(s, "#")
	for _, scheme := range []string{"https://", "http://"} {
		if host, ok := strings.CutPrefix(s, scheme); ok {
			end := strings.IndexByte(host, '/')
			if end <= 0 || !consists(host[:end], unreserved) {
				return "", "", false
			}
			origin, s = s[:len(scheme)+end], host[end:]
		}
	}
	switch {
	case marked && (id == "" || !consists(id, unreserved+":")):
		return "", "", false
	case s == "":
		return "", "", marked
	}
	return origin, s, s[0] == '/' && consists(s, unreserved+"/") && !strings.Contains(s, "/.") && !strings.Contains(s, "//")
}

// consists tells whether a text has no characters but letters and digits of ASCII, and those of marks.
func consists(s, marks string) bool {
	for i := range len(s) {
		c := s[i]
		if letter := c | 0x20; (letter < 'a' || letter > 'z') && (c < '0' || c > '9') && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return true
}

// resolve makes any address absolute.
func (a absolute) resolve(s string) (string, bool) {
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
