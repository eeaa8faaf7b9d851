package feed_test

import (
	"testing"

	"pendapa/internal/feed"
)

func TestRobots(t *testing.T) {
	for _, test := range []struct {
		name     string
		sitemap  string
		disallow []string
		want     string
	}{
		{"everything may be read", "https://pati.example/sitemap.xml", nil, "User-agent: *\nDisallow:\n\nSitemap: https://pati.example/sitemap.xml\n"},
		{"some may not", "", []string{"/cari/", "en/search/"}, "User-agent: *\nDisallow: /cari/\nDisallow: /en/search/\n"},
		{"nothing may", "", []string{"/"}, "User-agent: *\nDisallow: /\n"},
		{"an empty ban is none", "", []string{""}, "User-agent: *\nDisallow:\n"},
		{"patterns are at their word", "", []string{"/a*b$#c d/%20é?"}, "User-agent: *\nDisallow: /a%2Ab%24%23c%20d/%20%C3%A9?\n"},
		{"no line begins in a value", "https://x.example/\r\nAllow: /", []string{"/a\nAllow: /"}, "User-agent: *\nDisallow: /a%0AAllow:%20/\n\nSitemap: https://x.example/%0AAllow:%20/\n"},
	} {
		if got := string(feed.Robots(test.sitemap, test.disallow)); got != test.want {
			t.Errorf("%s:\n%q, want\n%q", test.name, got, test.want)
		}
	}
}
