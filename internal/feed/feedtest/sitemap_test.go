package feedtest

import (
	"strings"
	"testing"
)

const goodSitemap = `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>https://pati.example/</loc>
<lastmod>2026-01-31</lastmod>
<xhtml:link rel="alternate" hreflang="id" href="https://pati.example/"/>
<xhtml:link rel="alternate" hreflang="en" href="https://pati.example/en/"/>
</url>
<url><loc>https://pati.example/en/</loc>
<xhtml:link rel="alternate" hreflang="id" href="https://pati.example/"/>
<xhtml:link rel="alternate" hreflang="en" href="https://pati.example/en/"/>
</url>
</urlset>
`

func TestSitemapFindsMistakes(t *testing.T) {
	const id, en = `<xhtml:link rel="alternate" hreflang="id" href="https://pati.example/"/>`, `<xhtml:link rel="alternate" hreflang="en" href="https://pati.example/en/"/>`
	judge(t, goodSitemap, Sitemap, []broken{
		{"</urlset>", "", "not well-formed"},
		{"sitemap/0.9", "sitemap/0.84", "the root is"},
		{"<loc>https://pati.example/</loc>\n", "", "not exactly one loc"},
		{"<loc>https://pati.example/</loc>", "<loc>https://pati.example/</loc><loc>https://pati.example/</loc>", "does not belong"},
		{"<loc>https://pati.example/</loc>", "<loc>/</loc>", "not an address of a page"},
		{"<loc>https://pati.example/</loc>", "<loc> https://pati.example/</loc>", "not an address of a page"},
		{"<loc>https://pati.example/</loc>", "<loc>https://pati.example/#a</loc>", "not an address of a page"},
		{"<loc>https://pati.example/</loc>", "<loc>https://pati.example/" + strings.Repeat("x", 2048) + "</loc>", "not an address of a page"},
		{"<loc>https://pati.example/en/</loc>", "<loc>https://lain.example/en/</loc>", "not of the host"},
		{"<loc>https://pati.example/en/</loc>", "<loc>https://pati.example/</loc>", "twice"},
		{"<loc>https://pati.example/</loc>\n<lastmod>2026-01-31</lastmod>", "<lastmod>2026-01-31</lastmod><loc>https://pati.example/</loc>", "does not belong"},
		{"2026-01-31", "2026-02-31", "modified"},
		{"2026-01-31", "31 Januari 2026", "modified"},
		{"2026-01-31", "2026-01-31T09:00:00", "modified"},
		{`hreflang="en"`, `hreflang="en_GB"`, "the alternate"},
		{`hreflang="en"`, `hreflang="id"`, "two alternates in id"},
		{`href="https://pati.example/en/"`, `href="/en/"`, "the alternate"},
		{id + "\n", "", "not among its own"},
		{en + "\n</url>\n<url>", en + "\n</url>\n<url>" + "<priority>1</priority>", "does not belong"},
		{"</loc>\n<xhtml:link rel=\"alternate\" hreflang=\"id\" href=\"https://pati.example/\"/>", "</loc>\n", "does not name it in return"},
	})
}

func TestAlternatesAreLookedUpInAllParts(t *testing.T) {
	cut := strings.Index(goodSitemap, "<url><loc>https://pati.example/en/")
	head := goodSitemap[:strings.Index(goodSitemap, "<url>")]
	first, second := goodSitemap[:cut]+"</urlset>\n", head+goodSitemap[cut:]
	if err := Sitemaps([]byte(first), []byte(second)); err != nil {
		t.Error(err)
	}
	oneWay := strings.Replace(second, `hreflang="id" href="https://pati.example/"`, `hreflang="id" href="https://pati.example/x"`, 1)
	if err := Sitemaps([]byte(first), []byte(oneWay)); err == nil || !strings.Contains(err.Error(), "in return") {
		t.Error(err)
	}
	if err := Sitemaps([]byte(first), []byte(first)); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Error(err)
	}
}

func TestSitemapFindsWhatIsTooLarge(t *testing.T) {
	head := goodSitemap[:strings.Index(goodSitemap, "<url>")]
	if err := Sitemap([]byte(head + "</urlset>")); err == nil {
		t.Error("a sitemap of nothing")
	}
	many := strings.Repeat("<url><loc>https://pati.example/</loc></url>", 50_001)
	if err := Sitemap([]byte(head + many + "</urlset>")); err == nil || !strings.Contains(err.Error(), "50001 addresses") {
		t.Error("50,001 addresses")
	}
	if err := Sitemap([]byte(head + strings.Repeat(" ", 52_428_800) + "</urlset>")); err == nil || !strings.Contains(err.Error(), "more than 50 MB") {
		t.Error("50 MB of spaces")
	}
}

func TestSitemapIndexFindsMistakes(t *testing.T) {
	judge(t, `<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://pati.example/a.xml</loc><lastmod>2026-01-31</lastmod></sitemap>
<sitemap><loc>https://pati.example/b.xml</loc></sitemap>
</sitemapindex>
`, SitemapIndex, []broken{
		{"b.xml", "a.xml", "twice"},
		{"https://pati.example/b.xml", "b.xml", "not an address"},
		{"2026-01-31", "kemarin", "modified"},
		{"<sitemap><loc>https://pati.example/b.xml</loc></sitemap>", "<url><loc>https://pati.example/b.xml</loc></url>", "<url> in the list"},
	})
}
