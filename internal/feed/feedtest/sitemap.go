package feedtest

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"
	xhtmlSpace   = "http://www.w3.org/1999/xhtml"
)

// Sitemap holds one sitemap against sitemaps.org 0.9, and its alternates against each other: see Sitemaps.
func Sitemap(data []byte) error { return Sitemaps(data) }

// Sitemaps holds all sitemaps of a portal against sitemaps.org 0.9: their sizes, absolute addresses of one host that are
// there once, days and times. An address with alternates has itself among them; where an alternate is an address of the
// set, it names the first in return, in the same language.
func Sitemaps(parts ...[]byte) error {
	var c complaints
	all := map[string]map[string]string{} // by address: its alternates, by language
	host := ""
	for _, data := range parts {
		root := c.sitemapRoot(data, "urlset")
		if root == nil {
			continue
		}
		for _, n := range root.children {
			if n.name.Space != sitemapSpace || n.name.Local != "url" {
				c.add("<%s> in the list of addresses", n.name.Local)
				continue
			}
			loc, alternates := c.address(n)
			if _, twice := all[loc]; twice {
				c.add("%s: twice", loc)
			}
			all[loc] = alternates
			if u, err := url.Parse(loc); err == nil {
				if host == "" {
					host = u.Host
				} else if host != u.Host {
					c.add("%s: not of the host %s", loc, host)
				}
			}
		}
	}
	for loc, alternates := range all {
		own := ""
		for lang, href := range alternates {
			if href == loc && lang != "x-default" {
				own = lang
			}
		}
		if len(alternates) > 0 && own == "" {
			c.add("%s: it is not among its own alternates", loc)
			continue
		}
		for lang, href := range alternates {
			if back, ok := all[href]; ok && lang != "x-default" && back[own] != loc {
				c.add("%s: its alternate %s does not name it in return", loc, href)
			}
		}
	}
	slices.SortFunc(c, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return c.err()
}

// SitemapIndex holds an index of sitemaps against sitemaps.org 0.9.
func SitemapIndex(data []byte) error {
	var c complaints
	if root := c.sitemapRoot(data, "sitemapindex"); root != nil {
		seen := map[string]bool{}
		for _, n := range root.children {
			if n.name.Space != sitemapSpace || n.name.Local != "sitemap" {
				c.add("<%s> in the list of sitemaps", n.name.Local)
				continue
			}
			loc, alternates := c.address(n)
			if seen[loc] || len(alternates) > 0 {
				c.add("%s: twice, or with alternates", loc)
			}
			seen[loc] = true
		}
	}
	return c.err()
}

func (c *complaints) sitemapRoot(data []byte, name string) *element {
	if len(data) > 52_428_800 {
		c.add("%d bytes, more than 50 MB", len(data))
		return nil
	}
	root, err := parse(data)
	switch {
	case err != nil:
		c.add("not well-formed: %w", err)
		return nil
	case root.name.Space != sitemapSpace || root.name.Local != name:
		c.add("the root is <%s> of %q, not <%s>", root.name.Local, root.name.Space, name)
		return nil
	case len(root.children) == 0 || len(root.children) > 50_000:
		c.add("%d addresses, not between 1 and 50,000", len(root.children))
	}
	if len(root.attrs) > 0 || strings.TrimSpace(root.text) != "" {
		c.add("attributes or text at the root")
	}
	return root
}

// w3cDate are the forms of W3C Datetime that a sitemap can have.
var w3cDate = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$`)

func (c *complaints) address(n *element) (loc string, alternates map[string]string) {
	alternates = map[string]string{}
	order := -1 // the schema is a sequence: loc, lastmod, changefreq, priority, others
	for _, e := range n.children {
		at := 4
		if e.name.Space == sitemapSpace {
			at = slices.Index([]string{"loc", "lastmod", "changefreq", "priority"}, e.name.Local)
		}
		if at < 0 || at < order || at == order && at < 4 {
			c.add("%s: <%s> does not belong here", loc, e.name.Local)
		}
		order = at
		switch {
		case at == 0:
			loc = e.text
		case at == 1:
			if !w3cDate.MatchString(e.text) || !datable(e.text) {
				c.add("%s: modified %q", loc, e.text)
			}
		case e.name.Space == xhtmlSpace && e.name.Local == "link":
			c.alternate(loc, e, alternates)
		}
	}
	if u, err := url.Parse(loc); err != nil || !absolute(loc) || !web(u) || u.Fragment != "" || len(loc) >= 2048 {
		c.add("%q is not an address of a page", loc)
	}
	if len(n.all(sitemapSpace, "loc")) != 1 {
		c.add("%s: not exactly one loc", loc)
	}
	return loc, alternates
}

func datable(s string) bool {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly, "2006-01-02T15:04Z07:00", time.RFC3339} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

func (c *complaints) alternate(loc string, e *element, alternates map[string]string) {
	rel, _ := e.attr("rel")
	lang, _ := e.attr("hreflang")
	href, _ := e.attr("href")
	if rel != "alternate" || !languageTag.MatchString(lang) || !absolute(href) || len(e.attrs) != 3 {
		c.add("%s: the alternate rel=%q hreflang=%q href=%q", loc, rel, lang, href)
	}
	if _, twice := alternates[lang]; twice {
		c.add("%s: two alternates in %s", loc, lang)
	}
	alternates[lang] = href
}
