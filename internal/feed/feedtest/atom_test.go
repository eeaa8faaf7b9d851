package feedtest

import (
	"strings"
	"testing"
)

const goodAtom = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">
<id>tag:pati.example,2026:berita/</id>
<title>Berita</title>
<updated>2026-02-01T09:30:00+07:00</updated>
<link rel="self" type="application/atom+xml" href="https://pati.example/atom.xml"/>
<link rel="alternate" type="text/html" hreflang="id" href="https://pati.example/"/>
<author><name>Diskominfo</name><uri>https://pati.example/opd/</uri><email>a@pati.example</email></author>
<generator uri="https://pendapa.example/" version="1">Pendapa</generator>
<entry>
<id>tag:pati.example,2026:berita/a/</id>
<title>A</title>
<published>2026-02-01T09:30:00Z</published>
<updated>2026-02-01T09:30:00.5Z</updated>
<link rel="alternate" href="https://pati.example/a/"/>
<category term="x" scheme="https://pati.example/x/"/>
<content type="html">&lt;p&gt;&lt;a href="https://pati.example/"&gt;x&lt;/a&gt;&lt;/p&gt;</content>
</entry>
</feed>
`

// broken is a good file with one mistake, and what is said of it.
type broken struct{ old, new, want string }

func judge(t *testing.T, good string, validate func([]byte) error, tests []broken) {
	t.Helper()
	if err := validate([]byte(good)); err != nil {
		t.Fatalf("the good file: %v", err)
	}
	for _, b := range tests {
		if !strings.Contains(good, b.old) {
			t.Fatalf("%q is not in the good file", b.old)
		}
		err := validate([]byte(strings.Replace(good, b.old, b.new, 1)))
		if err == nil || !strings.Contains(err.Error(), b.want) {
			t.Errorf("%q for %q: %v, want %q", b.new, b.old, err, b.want)
		}
	}
}

func TestAtomFindsMistakes(t *testing.T) {
	const entryTitle, entryUpdated = "<title>A</title>\n", "<updated>2026-02-01T09:30:00.5Z</updated>\n"
	judge(t, goodAtom, Atom, []broken{
		{"</feed>", "", "not well-formed"},
		{"</feed>\n", "</feed>\n<feed/>", "not exactly one root"},
		{"<?xml ", "\n<?xml ", "no XML declaration"},
		{"<feed xmlns", "<!DOCTYPE feed>\n<feed xmlns", "document type"},
		{"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "not an Atom feed"},
		{"Berita<", "Berita\xff<", "not UTF-8"},
		{"Berita<", "Berita&#1;<", "not well-formed"},
		{"<id>tag:pati.example,2026:berita/</id>\n", "", "feed: 0 times id"},
		{"<title>Berita</title>", "<title>Berita</title><title>Lagi</title>", "feed: 2 times title"},
		{"<title>Berita</title>", "<title> </title>", "empty"},
		{"<title>Berita</title>", "<title>Berita <b>x</b></title>", "elements in a text"},
		{"<title>Berita</title>", `<title type="text/plain">Berita</title>`, "the type"},
		{"<title>Berita</title>", `<title lang="id">Berita</title>`, "the attribute lang"},
		{"<title>Berita</title>", `<title type="text" type="text">Berita</title>`, "twice"},
		{"<title>Berita</title>", `Berita<title>Berita</title>`, "text between"},
		{"<title>Berita</title>", `<title>Berita</title><summary>x</summary>`, "<summary> does not belong"},
		{"<title>Berita</title>", `<title>Berita</title><x xmlns="">x</x>`, "no namespace"},
		{`xml:lang="id"`, `xml:lang="id_ID.UTF-8"`, "the language"},
		{`xml:lang="id"`, `xml:base="https://pati.example/"`, "xml:base"},
		{"09:30:00+07:00", "09:30:00", "is not a date"},
		{"2026-02-01T09:30:00+07:00", "2026-02-30T09:30:00+07:00", "is not a date"},
		{"2026-02-01T09:30:00+07:00", "2026-02-01t09:30:00z", "is not a date"},
		{"2026-02-01T09:30:00+07:00", " 2026-02-01T09:30:00Z", "is not a date"},
		{"<id>tag:pati.example,2026:berita/</id>", "<id>/berita/</id>", "not an absolute IRI"},
		{"<id>tag:pati.example,2026:berita/</id>", "<id> tag:pati.example,2026:berita/</id>", "not an absolute IRI"},
		{`rel="self"`, `rel="via"`, "0 links to itself"},
		{`rel="alternate" type="text/html" hreflang="id"`, `rel="self"`, "2 links to itself"},
		{`"https://pati.example/atom.xml"`, `"/atom.xml"`, "not absolute"},
		{`"https://pati.example/atom.xml"`, `"https:atom.xml"`, "not absolute"},
		{`href="https://pati.example/"/>`, `href="https://pati.example/"/><link type="text/html" hreflang="id" href="https://pati.example/b"/>`, "two alternates"},
		{`hreflang="id"`, `hreflang="bahasa Indonesia"`, "in the language"},
		{`type="text/html"`, `type="html"`, "of the type"},
		{`<name>Diskominfo</name>`, ``, "0 times name"},
		{`<name>Diskominfo</name>`, `<name> </name>`, "empty"},
		{`a@pati.example`, `Diskominfo`, "not a mail address"},
		{`https://pati.example/opd/`, `opd/`, "not an absolute IRI"},
		{"<author><name>Diskominfo</name><uri>https://pati.example/opd/</uri><email>a@pati.example</email></author>", "", "neither it nor the feed"},
		{">Pendapa<", "><", "generator: empty"},
		{`uri="https://pendapa.example/"`, `uri="pendapa"`, "not absolute"},
		{"<id>tag:pati.example,2026:berita/a/</id>\n", "", "0 times id"},
		{entryTitle, "", "0 times title"},
		{entryUpdated, "", "0 times updated"},
		{entryUpdated, entryUpdated + "<published>2026-02-01T09:30:00Z</published>", "2 times published"},
		{"</entry>", "</entry>\n<entry><id>tag:pati.example,2026:berita/a/</id><title>B</title><updated>2026-02-01T09:30:00Z</updated><content>x</content></entry>", "its id is that of"},
		{"</entry>", "</entry>\n<entry><id>tag:b.example,2026:b</id><title>B</title><updated>2026-02-01T09:30:00Z</updated></entry>", "neither content nor"},
		{`<category term="x" `, `<category `, "no term"},
		{`scheme="https://pati.example/x/"`, `scheme="x"`, "the scheme"},
		{`<content type="html">`, `<content type="html" src="https://pati.example/a/">`, "needs a summary"},
		{`a href="https://pati.example/"`, `a href="/"`, "is not absolute"},
		{`a href="https://pati.example/"`, `img srcset="https://pati.example/a.png 1x, b.png 2x"`, "is not absolute"},
		{`a href="https://pati.example/"`, `a onclick="x"`, "onclick"},
		{`&lt;p&gt;`, `&lt;script&gt;`, "<script>"},
		{`<content type="html">`, `<content type="xhtml">`, "XHTML is one div"},
	})
}

func TestAuthorMayBeOfEveryEntry(t *testing.T) {
	const author = "<author><name>Diskominfo</name><uri>https://pati.example/opd/</uri><email>a@pati.example</email></author>\n"
	moved := strings.Replace(strings.Replace(goodAtom, author, "", 1), "</entry>", author+"</entry>", 1)
	if err := Atom([]byte(moved)); err != nil {
		t.Error(err)
	}
}
