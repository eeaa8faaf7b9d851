package feed_test

import (
	"testing"

	"pendapa/internal/feed"
)

func TestRobots(t *testing.T) {
	for _, test := range []struct{ name, sitemap, want string }{
		{"everything may be read", "https://pati.example/sitemap.xml", "User-agent: *\nDisallow:\n\nSitemap: https://pati.example/sitemap.xml\n"},
		{"there is no sitemap", "", "User-agent: *\nDisallow:\n"},
		{"what no URI holds is in percent signs", "https://x.example/a b\\é%20?c=*", "User-agent: *\nDisallow:\n\nSitemap: https://x.example/a%20b%5C%C3%A9%20?c=*\n"},
		{"no line begins in the address", "https://x.example/\r\nDisallow: /", "User-agent: *\nDisallow:\n\nSitemap: https://x.example/%0ADisallow:%20/\n"},
	} {
		if got := string(feed.Robots(test.sitemap)); got != test.want {
			t.Errorf("%s:\n%q, want\n%q", test.name, got, test.want)
		}
	}
}
