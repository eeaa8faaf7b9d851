package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pendapa/internal/feed"
	"pendapa/internal/feed/feedtest"
)

func pages(n int) []feed.Address {
	var list []feed.Address
	for i := range n {
		id, en := fmt.Sprintf("https://pati.example/%d/?a&b", i), fmt.Sprintf("https://pati.example/en/%d/", i)
		alternates := []feed.Alternate{{Lang: "id", Href: id}, {Lang: "en", Href: en}, {Lang: "x-default", Href: id}}
		list = append(list,
			feed.Address{Loc: id, Modified: time.Date(2026, 1, 1+i%28, 0, 0, 0, 0, time.UTC), Alternates: alternates},
			feed.Address{Loc: en, Alternates: alternates})
	}
	return list
}

func TestSitemapIsWhatSitemapsOrgAsks(t *testing.T) {
	data := feed.Sitemap(pages(3))
	if err := feedtest.Sitemap(data); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
}

func TestModifiedIsADayAtMidnightAndATimeOtherwise(t *testing.T) {
	jakarta := zoneNamed(t, "Asia/Jakarta")
	data := string(feed.Sitemap([]feed.Address{
		{Loc: "https://pati.example/", Modified: time.Date(2026, 1, 31, 0, 0, 0, 0, jakarta)},
		{Loc: "https://pati.example/a", Modified: time.Date(2026, 1, 31, 9, 30, 0, 0, jakarta)},
		{Loc: "https://pati.example/b"},
	}))
	for _, want := range []string{"<lastmod>2026-01-31</lastmod>", "<lastmod>2026-01-31T09:30:00+07:00</lastmod>", "<loc>https://pati.example/b</loc>\n</url>"} {
		if !strings.Contains(data, want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
}

func TestSplitKeepsBothLimitsExactly(t *testing.T) {
	all := pages(500)
	for _, limit := range []struct{ count, bytes int }{{0, 0}, {1, 0}, {7, 0}, {1000, 0}, {999, 0}, {0, 4000}, {3, 1000}, {0, len(feed.Sitemap(all))}, {0, len(feed.Sitemap(all)) - 1}} {
		parts := feed.Split(all, limit.count, limit.bytes)
		var joined []feed.Address
		for i, p := range parts {
			size := len(feed.Sitemap(p))
			if limit.count > 0 && len(p) > limit.count || limit.bytes > 0 && size > limit.bytes && len(p) > 1 {
				t.Errorf("%v: a part of %d addresses and %d bytes", limit, len(p), size)
			}
			if i+1 < len(parts) { // full: the next address does not fit
				more := append(p[:len(p):len(p)], parts[i+1][0])
				if (limit.count == 0 || len(more) <= limit.count) && (limit.bytes == 0 || len(feed.Sitemap(more)) <= limit.bytes) {
					t.Errorf("%v: part %d has room for another address", limit, i)
				}
			}
			joined = append(joined, p...)
		}
		if len(joined) != len(all) || joined[999].Loc != all[999].Loc {
			t.Errorf("%v: %d addresses of %d", limit, len(joined), len(all))
		}
	}
}

// A139: what sitemaps.org allows fits in one, and one address or one byte more makes a second.
// Limit: a sitemap, before there are several
func TestSplitAtTheLimitsOfSitemapsOrg(t *testing.T) {
	small := make([]feed.Address, 50_001)
	for i := range small {
		small[i].Loc = fmt.Sprintf("https://pati.example/%d", i)
	}
	if parts := feed.Split(small[:50_000], 0, 0); len(parts) != 1 {
		t.Errorf("%d parts of 50,000 addresses", len(parts))
	}
	if parts := feed.Split(small, 0, 0); len(parts) != 2 || len(parts[0]) != 50_000 || len(parts[1]) != 1 {
		t.Errorf("%d parts of 50,001 addresses", len(parts))
	}
	large := make([]feed.Address, 25_000)
	for i := range large {
		large[i].Loc = "https://pati.example/" + strings.Repeat("x", 2000)
	}
	fill := &large[len(large)-1].Loc
	*fill += strings.Repeat("x", 52_428_800-len(feed.Sitemap(large)))
	if parts := feed.Split(large, 0, 0); len(parts) != 1 {
		t.Errorf("%d parts of 52,428,800 bytes", len(parts))
	}
	*fill += "x"
	if parts := feed.Split(large, 0, 0); len(parts) != 2 || len(parts[0]) != len(large)-1 {
		t.Errorf("%d parts of 52,428,801 bytes", len(parts))
	}
	if feed.Split(nil, 0, 0) != nil {
		t.Error("a part of nothing")
	}
}

func TestIndexSaysWhenEachPartWasModified(t *testing.T) {
	all := pages(20)
	var parts []feed.Address
	for i, p := range feed.Split(all, 15, 0) {
		parts = append(parts, feed.Address{Loc: fmt.Sprintf("https://pati.example/sitemap-%d.xml", i+1), Modified: feed.Newest(p)})
	}
	data := feed.SitemapIndex(parts)
	if err := feedtest.SitemapIndex(data); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
	if !bytes.Contains(data, []byte("<loc>https://pati.example/sitemap-1.xml</loc>\n<lastmod>2026-01-08</lastmod>")) {
		t.Errorf("%s", data)
	}
	if !feed.Newest(nil).IsZero() {
		t.Error("nothing was modified")
	}
}

func TestAddressesDoNotEscapeTheSitemap(t *testing.T) {
	data := feed.Sitemap([]feed.Address{{Loc: "https://pati.example/</loc>]]>\x00&'\"", Alternates: []feed.Alternate{{Lang: `"><x>`, Href: "\xff\n"}}}})
	if n := bytes.Count(data, []byte("<loc>")); n != 1 || bytes.Contains(data, []byte("<x>")) {
		t.Errorf("%s", data)
	}
	if err := feedtest.Sitemap(data); err == nil || strings.Contains(err.Error(), "well-formed") {
		t.Errorf("%v", err)
	}
}
