package feed_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"pendapa/internal/feed"
	"pendapa/internal/feed/feedtest"
)

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func news(t testing.TB) feed.Feed {
	jakarta := zoneNamed(t, "Asia/Jakarta")
	return feed.Feed{
		ID:        "tag:pati.example,2026:berita/",
		Title:     "Berita & <kabar>",
		Subtitle:  "Kabupaten Pati",
		Lang:      "id",
		Self:      "https://pati.example/berita/atom.xml",
		Alternate: "https://pati.example/berita/?a=1&b=2",
		Others:    []feed.Alternate{{Lang: "id", Href: "https://pati.example/berita/"}, {Lang: "en", Href: "https://pati.example/en/news/"}},
		Author:    feed.Person{Name: "Diskominfo", URI: "https://pati.example/opd/kominfo/", Email: "kominfo@pati.example"},
		Rights:    "CC BY 4.0",
		Generator: feed.Generator{Name: "Pendapa"},
		Entries: []feed.Entry{{
			ID:         "tag:pati.example,2026:berita/sampah/",
			Title:      "Sampah ]]> 40 %",
			Link:       "https://pati.example/berita/sampah/",
			Published:  time.Date(2026, 1, 31, 9, 0, 0, 0, jakarta),
			Updated:    time.Date(2026, 2, 1, 9, 30, 0, 0, jakarta),
			Summary:    "Turun <40 %",
			Content:    `<p>Turun &lt;40&nbsp;% <a href="https://pati.example/">di sini</a></p>`,
			Categories: []feed.Category{{Term: "environment", Scheme: "https://pati.example/dimensi/", Label: "Lingkungan"}},
		}, {
			ID:      "tag:pati.example,2026:en/news/x/",
			Title:   "In English",
			Lang:    "en",
			Link:    "https://pati.example/en/news/x/",
			Others:  []feed.Alternate{{Lang: "id", Href: "https://pati.example/berita/x/"}},
			Updated: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			Author:  feed.Person{Name: "Bappeda"},
		}},
	}
}

// decoded is what encoding/xml finds in a feed.
type decoded struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Program string   `xml:"generator"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Lang      string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
		Summary   string `xml:"summary"`
		Content   struct {
			Type string `xml:"type,attr"`
			HTML string `xml:",chardata"`
		} `xml:"content"`
		Categories []struct {
			Term  string `xml:"term,attr"`
			Label string `xml:"label,attr"`
		} `xml:"category"`
	} `xml:"entry"`
}

func decode(t testing.TB, data []byte) decoded {
	t.Helper()
	var d decoded
	if err := xml.Unmarshal(data, &d); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return d
}

func TestFeedIsWhatRFC4287Asks(t *testing.T) {
	data := news(t).Bytes()
	if err := feedtest.Atom(data); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
}

func TestFeedSaysWhatItWasGiven(t *testing.T) {
	f := news(t)
	d := decode(t, f.Bytes())
	if d.Title != f.Title || d.Lang != "id" || d.ID != f.ID || d.Links[0].Href != f.Self || d.Links[1].Href != f.Alternate || d.Program != "Pendapa" {
		t.Errorf("%+v", d)
	}
	e := d.Entries[0]
	if e.Title != f.Entries[0].Title || e.Summary != f.Entries[0].Summary || e.Content.HTML != f.Entries[0].Content || e.Content.Type != "html" {
		t.Errorf("%+v", e)
	}
	if e.Published != "2026-01-31T09:00:00+07:00" || e.Updated != "2026-02-01T09:30:00+07:00" {
		t.Errorf("published %s, updated %s", e.Published, e.Updated)
	}
	if e.Lang != "" || d.Entries[1].Lang != "en" {
		t.Errorf("languages %q and %q", e.Lang, d.Entries[1].Lang)
	}
}

func TestFeedIsAsNewAsItsNewestEntry(t *testing.T) {
	if d := decode(t, news(t).Bytes()); d.Updated != "2026-02-01T09:30:00+07:00" {
		t.Errorf("updated %s", d.Updated)
	}
	f := news(t)
	f.Updated = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	if d := decode(t, f.Bytes()); d.Updated != "2026-03-01T00:00:00Z" {
		t.Errorf("updated %s", d.Updated)
	}
}

func TestEntryWithoutUpdateIsAsItWasPublished(t *testing.T) {
	f := news(t)
	f.Entries[0].Updated = time.Time{}
	if e := decode(t, f.Bytes()).Entries[0]; e.Updated != e.Published {
		t.Errorf("updated %s, published %s", e.Updated, e.Published)
	}
}

func TestZoneOfOldTimesIsOneThatRFC3339CanWrite(t *testing.T) {
	f := news(t)
	f.Updated = time.Date(1900, 1, 1, 7, 7, 12, 0, zoneNamed(t, "Asia/Jakarta"))
	if d := decode(t, f.Bytes()); d.Updated != "1900-01-01T00:00:00Z" {
		t.Errorf("updated %s", d.Updated)
	}
}

func TestEmptyFeedIsValid(t *testing.T) {
	f := news(t)
	f.Entries = nil
	if err := feedtest.Atom(f.Bytes()); err != nil {
		t.Error(err)
	}
}

func TestEqualFeedsHaveEqualBytes(t *testing.T) {
	if first, second := news(t).Bytes(), news(t).Bytes(); string(first) != string(second) {
		t.Error("they differ")
	}
}

// readable is a text as a reader of XML 1.0 can get it.
func readable(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	var b strings.Builder
	for _, r := range s { // an octet that is not UTF-8 is U+FFFD here
		if r >= ' ' && r != 0xFFFE && r != 0xFFFF || r == '\t' || r == '\n' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// A35: a feed is well-formed whatever its texts hold: ends of CDATA, control characters, bytes that are not UTF-8.
func FuzzAtom(f *testing.F) {
	f.Add("a", "<p>b</p>", "c")
	f.Add("]]>", "\x00\x08\x0b\x1f\ufffe\uffff", "\xff\xed\xa0\x80")
	f.Add("\r\n\r", `"><entry>`, "<!--\t\n'")
	f.Add("&amp;&#0;", "</content></entry></feed>", "\u0085\u2028")
	f.Fuzz(func(t *testing.T, title, content, label string) {
		feed := news(t)
		feed.Title, feed.Lang, feed.Generator.Name, feed.Rights = title, label, content, label
		e := &feed.Entries[0]
		e.Title, e.Content, e.Summary, e.Categories[0].Label, e.Categories[0].Term = title, content, label, label, content
		data := feed.Bytes()
		d := decode(t, data)
		if d.Title != readable(title) || d.Program != readable(content) || len(d.Entries) != 2 {
			t.Fatalf("the title %q became %q, the program %q became %q, of %d entries", title, d.Title, content, d.Program, len(d.Entries))
		}
		got := d.Entries[0]
		if got.Title != readable(title) || got.Content.HTML != readable(content) || got.Summary != readable(label) || got.Categories[0].Label != readable(label) || got.Categories[0].Term != readable(content) {
			t.Errorf("%q, %q, %q became %+v", title, content, label, got)
		}
	})
}
