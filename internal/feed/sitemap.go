package feed

import "time"

// What one sitemap, and one index of sitemaps, may hold (sitemaps.org, 0.9).
const (
	MaxAddresses    = 50_000
	MaxSitemapBytes = 52_428_800 // not compressed
)

// Address is a page in a sitemap, or a sitemap in an index.
type Address struct {
	Loc        string      // absolute, and shorter than 2,048 characters
	Modified   time.Time   // zero: not known; at midnight it is written as a day
	Alternates []Alternate // the page in every language, its own included; none: there is only one
}

const (
	sitemapHead = xmlDeclaration + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n"
	sitemapFoot = "</urlset>\n"
	indexHead   = xmlDeclaration + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n"
	indexFoot   = "</sitemapindex>\n"
)

// Split cuts addresses, in their order, into the fewest parts that Sitemap writes with at most maxCount addresses and
// maxBytes bytes each; 0 stands for what sitemaps.org allows. An address that alone is larger than maxBytes has a part
// of its own. No addresses make no part.
func Split(addresses []Address, maxCount, maxBytes int) [][]Address {
	if maxCount <= 0 {
		maxCount = MaxAddresses
	}
	if maxBytes <= 0 {
		maxBytes = MaxSitemapBytes
	}
	const frame = len(sitemapHead) + len(sitemapFoot)
	var parts [][]Address
	var d document
	first, size := 0, frame
	for i, a := range addresses {
		d.Reset()
		d.url(a)
		if i > first && (i-first == maxCount || size+d.Len() > maxBytes) {
			parts = append(parts, addresses[first:i:i])
			first, size = i, frame
		}
		size += d.Len()
	}
	if first < len(addresses) {
		parts = append(parts, addresses[first:])
	}
	return parts
}

// Sitemap is one sitemap with the addresses in their order.
func Sitemap(addresses []Address) []byte {
	var d document
	d.WriteString(sitemapHead)
	for _, a := range addresses {
		d.url(a)
	}
	d.WriteString(sitemapFoot)
	return d.Bytes()
}

// SitemapIndex lists sitemaps, with when each was Modified: see Newest.
func SitemapIndex(sitemaps []Address) []byte {
	var d document
	d.WriteString(indexHead)
	for _, a := range sitemaps {
		d.open("sitemap")
		d.location(a)
		d.close("sitemap")
	}
	d.WriteString(indexFoot)
	return d.Bytes()
}

// Newest is when the last of the addresses was modified; zero: not known of any.
func Newest(addresses []Address) time.Time {
	var newest time.Time
	for _, a := range addresses {
		if a.Modified.After(newest) {
			newest = a.Modified
		}
	}
	return newest
}

func (d *document) url(a Address) {
	d.open("url")
	d.location(a)
	for _, o := range a.Alternates {
		d.empty("xhtml:link", "rel", "alternate", "hreflang", o.Lang, "href", o.Href)
	}
	d.close("url")
}

func (d *document) location(a Address) {
	d.text("loc", a.Loc)
	if a.Modified.IsZero() {
		return
	}
	if h, m, s := a.Modified.Clock(); h == 0 && m == 0 && s == 0 {
		d.text("lastmod", a.Modified.Format(time.DateOnly))
	} else {
		d.text("lastmod", atomTime(a.Modified))
	}
}
