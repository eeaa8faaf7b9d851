package book_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pendapa/internal/book"
	"pendapa/internal/locale"
	"pendapa/internal/markdown"
)

var update = flag.Bool("update", false, "write the golden files anew")

var indonesian = book.Words{Table: "Tabel", Figure: "Gambar", Section: "Bagian", Footnotes: "Catatan kaki"}

// one is what becomes of a body that is section 1.2 between two others.
func one(t *testing.T, body string, o book.Options) book.Book {
	t.Helper()
	o.Words = indonesian
	b, err := book.Make([]book.Part{
		{ID: "bagian-1", Number: "1", Title: "Visi", Level: 1, Addresses: []string{"/visi/"}, HTML: `<h2 id="tujuan">T</h2>`},
		{ID: "bagian-1-2", Number: "1.2", Title: "Misi", Level: 2, Addresses: []string{"/visi/misi/", "/misi/"}, HTML: body},
		{ID: "bagian-2", Number: "2", Title: "Jalan", Level: 1, Addresses: []string{"/日本/"}, HTML: `<h2 id="x">X</h2><h2 id="é">É</h2>`},
		{ID: "lampiran", Title: "Lampiran", Level: 1, Addresses: []string{"/lampiran/"}},
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPartsBecomeOneDocument(t *testing.T) {
	const h = `<span class="section-number">`
	for name, pairs := range map[string][][2]string{
		"ids": {
			{`<p id="a">b</p><a href="#a">c</a>`, `<p id="bagian-1-2-a">b</p><a href="#bagian-1-2-a">c</a>`},
			{`<p id="a">b</p><p id="a">c</p>`, `<p id="bagian-1-2-a">b</p><p id="bagian-1-2-a-2">c</p>`},
			{`<p id="">b</p>`, `<p>b</p>`},
			{`<a href="#hilang">c</a> <a href="#">d</a>`, `<a href="#bagian-1-2">c</a> <a href="#bagian-1-2">d</a>`},
			{`<p id="a">b</p><p id="b">c</p><p aria-labelledby="a  b x" aria-describedby="b">d</p><label for="a">e</label>`,
				`<p id="bagian-1-2-a">b</p><p id="bagian-1-2-b">c</p><p aria-labelledby="bagian-1-2-a bagian-1-2-b x" aria-describedby="bagian-1-2-b">d</p><label for="bagian-1-2-a">e</label>`},
			{`<svg><g id="g"></g><use href="#g"></use></svg><svg><g id="g"></g><path fill="url(#g)" style="mask:url('#g')"></path><use xlink:href="#g"></use></svg>`,
				`<svg><g id="bagian-1-2-g"></g><use href="#bagian-1-2-g"></use></svg><svg><g id="bagian-1-2-g-2"></g><path fill="url(#bagian-1-2-g-2)" style="mask:url(#bagian-1-2-g-2)"></path><use xlink:href="#bagian-1-2-g-2"></use></svg>`},
		},
		"headings": {
			{`<h2 id="a">A <a class="anchor" href="#a" aria-label="x">#</a></h2><h3 id="b">B</h3><h2 id="c">C</h2>`,
				`<h4 id="bagian-1-2-a">` + h + `1.2.1</span> A</h4><h5 id="bagian-1-2-b">B</h5><h4 id="bagian-1-2-c">` + h + `1.2.2</span> C</h4>`},
			{`<h2>A</h2><h6>F</h6>`, `<h4 id="bagian-1-2-heading-1">` + h + `1.2.1</span> A</h4><h6 id="bagian-1-2-heading-2">F</h6>`},
			{`<h3 id="a">A</h3><h4 id="b">B</h4>`, `<h4 id="bagian-1-2-a">` + h + `1.2.1</span> A</h4><h5 id="bagian-1-2-b">B</h5>`},
			{`<blockquote><h2>Q</h2></blockquote><div class="indicator"><h3>I</h3></div>`, `<blockquote><h4>Q</h4></blockquote><div class="indicator"><h5>I</h5></div>`},
		},
		"tables": {
			{`<table><tbody><tr><td>1</td></tr></tbody></table>`, `<table id="bagian-1-2-table-1"><caption><span class="caption-number">Tabel 1</span></caption><tbody><tr><td>1</td></tr></tbody></table>`},
			{`<div class="scroll" role="region" tabindex="0" aria-label="x"><table id="t"><caption>A <b>B</b></caption><tbody></tbody></table></div>`,
				`<div class="scroll" role="region" tabindex="0" aria-label="Tabel 1 A B"><table id="bagian-1-2-t"><caption><span class="caption-number">Tabel 1</span> A <b>B</b></caption><tbody></tbody></table></div>`},
		},
		"figures": {
			{`<figure><img src="a.png" alt="A"><figcaption>B</figcaption></figure>`, `<figure id="bagian-1-2-figure-1"><img src="a.png" alt="A"/><figcaption><span class="caption-number">Gambar 1</span> B</figcaption></figure>`},
			{`<figure id="f"><svg></svg><figcaption></figcaption></figure>`, `<figure id="bagian-1-2-f"><svg></svg><figcaption><span class="caption-number">Gambar 1</span></figcaption></figure>`},
			{`<figure><img src="a.png" alt="A"></figure>`, `<figure><img src="a.png" alt="A"/></figure>`},
			{`<picture><source srcset="a.webp"><img src="a.png" srcset="b 2x" sizes="1px" loading="lazy" decoding="async" alt="A"></picture>`, `<img src="a.png" alt="A"/>`},
			{`<details><summary>A</summary>b</details>`, `<details open=""><summary>A</summary>b</details>`},
		},
		"links": {
			{`<a href="/visi/">v</a>.`, `<a href="#bagian-1">v</a> <span class="xref">(Bagian 1)</span>.`},
			{`<a class="x" href="/visi/#tujuan">v</a>`, `<a class="x" href="#bagian-1-tujuan">v</a> <span class="xref">(Bagian 1)</span>`},
			{`<a href="/visi/#hilang">v</a>`, `<a href="#bagian-1">v</a> <span class="xref">(Bagian 1)</span>`},
			{`<a href="/%E6%97%A5%E6%9C%AC/#%C3%A9">v</a>`, `<a href="#bagian-2-é">v</a> <span class="xref">(Bagian 2)</span>`},
			{`<a href="/lampiran/">v</a>`, `<a href="#lampiran">v</a>`},
			{`<a href="/misi/">v</a>`, `<a href="#bagian-1-2">v</a>`},
			{`<a href="/visi/">lihat Bagian 1</a>`, `<a href="#bagian-1">lihat Bagian 1</a>`},
			{`<h3 id="a"><a href="/visi/">v</a></h3>`, `<h4 id="bagian-1-2-a">` + h + `1.2.1</span> <a href="#bagian-1">v</a></h4>`},
			{`<a href="/opd/">o</a><a href="https://x.example/visi/">p</a><a href="">q</a><a href="/a.csv" download>r</a>`,
				`<a href="/opd/">o</a><a href="https://x.example/visi/">p</a><a href="">q</a><a download="" href="/a.csv">r</a>`},
		},
	} {
		for _, pair := range pairs {
			if got := one(t, pair[0], book.Options{}).Parts[1].HTML; got != pair[1] {
				t.Errorf("%s: %s\nbecame %s\nwant   %s", name, pair[0], got, pair[1])
			}
		}
	}
}

func TestXHTMLIsWellFormed(t *testing.T) {
	for in, want := range map[string]string{
		`<p>a<br>b &nbsp;&hellip; &lt;&amp; ]]>`:                                                       "<p>a<br />b \u00a0… &lt;&amp; ]]&gt;</p>",
		"<p title='\"<&\ta\nb'>a\x01\uffffb\r\nc":                                                      "<p title=\"&quot;&lt;&amp;&#9;a&#10;b\">ab\nc</p>",
		`<a href="/a.csv" download hidden>x</a><details>y</details>`:                                   `<a download="" hidden="hidden" href="/a.csv">x</a><details open="open">y</details>`,
		`<p lang="en" @click="x" a:b="c" onclick=y ID=i>t</p>`:                                         `<p lang="en" xml:lang="en" onclick="y" id="bagian-1-2-i">t</p>`,
		`<svg viewbox="0 0 1 1"><lineargradient/><a xlink:href="#q"/>`:                                 `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><linearGradient /><a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#bagian-1-2" /></svg>`,
		`<svg><foreignObject><p>x</p></foreignObject></svg>`:                                           `<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></svg>`,
		`<math><mi>x</mi></math>`:                                                                      `<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>`,
		`<!-- a --b --><a"b>c</a"b><p></p><pre tabindex="0">` + "\n\nx":                                "c<p></p><pre>\nx</pre>",
		`<div class="scroll" role="region" tabindex="0" aria-label="x"><div role="note">y</div></div>`: `<div class="scroll"><div role="note">y</div></div>`,
	} {
		got := one(t, in, book.Options{XHTML: true}).Parts[1].HTML
		if got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", in, got, want)
		}
		wellFormed(t, got)
	}
}

func wellFormed(t *testing.T, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(`<body xmlns:epub="http://www.idpf.org/2007/ops">` + body + `</body>`))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, body)
		}
	}
}

func TestWhatIsWrongWithThePartsIsTold(t *testing.T) {
	for want, parts := range map[string][]book.Part{
		`part 1 (A) has the id ""`:            {{Title: "A"}},
		`part 1 (A) has the id "a b"`:         {{Title: "A", ID: "a b"}},
		`two parts have the id "a"`:           {{ID: "a"}, {ID: "a"}},
		"a and b have the address /x y/":      {{ID: "a", Addresses: []string{"/x y/", "/x%20y/"}}, {ID: "b", Addresses: []string{"/x%20y/"}}},
		"book: a: html: open stack of elemen": {{ID: "a", HTML: strings.Repeat("<b>", 600)}},
	} {
		if _, err := book.Make(parts, book.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if b, err := book.Make(nil, book.Options{}); err != nil || b.Notes != "" || len(b.Parts) > 0 {
		t.Errorf("no parts: %+v %v", b, err)
	}
}

// An id of a part and of something in another may come out the same.
func TestIDsAreUniqueThroughTheBook(t *testing.T) {
	b, err := book.Make([]book.Part{
		{ID: "a", HTML: `<p id="b">1</p><p id="b-c">2</p><a href="#b">x</a>`},
		{ID: "a-b", HTML: `<p id="c">3</p><table id="t"></table><table></table>`, Addresses: []string{"/b/"}},
		{ID: "c", HTML: `<a href="/b/#c">y</a>`},
	}, book.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, p := range b.Parts {
		all += p.HTML
	}
	want := `<p id="a-b-2">1</p><p id="a-b-c">2</p><a href="#a-b-2">x</a>` +
		`<p id="a-b-c-2">3</p><table id="a-b-t"><caption><span class="caption-number">1</span></caption></table><table id="a-b-table-2"><caption><span class="caption-number">2</span></caption></table>` +
		`<a href="#a-b-c-2">y</a>`
	if all != want {
		t.Errorf("%s\nwant\n%s", all, want)
	}
}

// A chapter whose sections are parts leaves the numbers 2.1, 2.2 to them.
func TestHeadingsOfAChapterLeaveNumbersToItsSections(t *testing.T) {
	b := one(t, `<h2 id="a">A <em>a</em><sup><a class="footnote-ref" href="#fn:1">1</a></sup></h2><h3 id="b">B</h3>`, book.Options{})
	want := []book.Entry{
		{"1", "Visi", "bagian-1", 1, 0}, {"", "T", "bagian-1-tujuan", 2, 0},
		{"1.2", "Misi", "bagian-1-2", 2, 1}, {"1.2.1", "A a", "bagian-1-2-a", 3, 1}, {"", "B", "bagian-1-2-b", 4, 1},
		{"2", "Jalan", "bagian-2", 1, 2}, {"2.1", "X", "bagian-2-x", 2, 2}, {"2.2", "É", "bagian-2-é", 2, 2},
		{"", "Lampiran", "lampiran", 1, 3},
	}
	if !slices.Equal(b.Contents, want) {
		t.Errorf("%+v\nwant\n%+v", b.Contents, want)
	}
	if b.Parts[0].HTML != `<h3 id="bagian-1-tujuan">T</h3>` || !slices.Equal(b.Parts[1].Headings, want[3:5]) {
		t.Errorf("%+v", b.Parts[:2])
	}
}

var texts = []string{`
Pembuka.[^a] Lagi.[^a] Lain.[^b] Lihat [misi](/visi/misi/#sasaran) dan [portal](https://x.example/?a=1&b=2).

[^a]: Kaki *satu*, lihat [misi](/visi/misi/).
[^b]: Kaki dua.
`, `
## Sasaran

Kalimat.[^1] Kembali ke [sasaran](#sasaran) dan [visi](/visi/).

### Rincian "kecil"

| Program | Nilai |
|:--|--:|
| a | 1.000 |

## Sasaran

> [!NOTE]
> Awas.

- [x] sudah

![Foto](foto.png)

[^1]: Kaki
    berlanjut.

    Paragraf kedua.
`, "Tanpa apa pun.\n"}

// fromMarkdown is a book of real pages.
func fromMarkdown(t *testing.T, o book.Options) book.Book {
	t.Helper()
	env := markdown.Env{
		Link: func(dest string) (markdown.Target, *markdown.Trouble) { return markdown.Target{Href: dest}, nil },
		Image: func(dest string) (markdown.Picture, *markdown.Trouble) {
			return markdown.Picture{Src: "/" + dest, Srcset: "/b.png 2x", Sizes: "1px", Width: 4, Height: 3}, nil
		},
	}
	parts := []book.Part{
		{ID: "bagian-1", Number: "1", Title: "Visi", Level: 1, Addresses: []string{"/visi/"}, Lang: "id"},
		{ID: "bagian-1-1", Number: "1.1", Title: "Misi", Level: 2, Addresses: []string{"/visi/misi/"}, Lang: "en"},
		{ID: "bagian-2", Number: "2", Title: "Tutup", Level: 1, Lang: "id"},
	}
	for i := range parts {
		result := markdown.New(locale.Indonesian).Convert([]byte(texts[i]), 1, env)
		if len(result.Problems) > 0 {
			t.Fatal(result.Problems)
		}
		parts[i].HTML = string(result.HTML)
	}
	o.Words = indonesian
	o.Back = "Kembali ke teks"
	b, err := book.Make(parts, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Golden files: real pages as a book of one document, and as one of several files for EPUB.
func TestGolden(t *testing.T) {
	file := func(i int) string { return fmt.Sprintf("bab-%d.xhtml", i+1) }
	for name, o := range map[string]book.Options{
		"print.html":                {},
		"print-notes-per-part.html": {FootnotesPerPart: true},
		"epub.xhtml":                {XHTML: true, File: file},
		"epub-notes-per-part.xhtml": {XHTML: true, File: file, FootnotesPerPart: true},
	} {
		b := fromMarkdown(t, o)
		var s strings.Builder
		for i, p := range b.Parts {
			fmt.Fprintf(&s, "%s%s\n", p.HTML, strings.Repeat("-", 20)+" "+b.Parts[i].ID)
			if o.XHTML {
				wellFormed(t, p.HTML)
			}
		}
		s.WriteString(b.Notes)
		if o.XHTML {
			wellFormed(t, b.Notes)
		}
		links(t, b, o)
		if again := fromMarkdown(t, o); fmt.Sprint(again) != fmt.Sprint(b) {
			t.Errorf("%s comes out otherwise the second time", name)
		}
		if *update {
			if err := os.WriteFile("testdata/"+name, []byte(s.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if s.String() != string(want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, s.String(), want)
		}
	}
}

var (
	idPattern   = regexp.MustCompile(` id="([^"]*)"`)
	hrefPattern = regexp.MustCompile(` href="([^"#]*)#([^"]*)"`)
)

// links checks that every id is there once, and every link into the book leads to one, in the right file.
func links(t *testing.T, b book.Book, o book.Options) {
	t.Helper()
	file := o.File
	if file == nil {
		file = func(int) string { return "" }
	}
	texts := []string{}
	for _, p := range b.Parts {
		texts = append(texts, fmt.Sprintf(`<h1 id="%s">`, p.ID)+p.HTML)
	}
	texts = append(texts, b.Notes)
	seen, where := make(map[string]bool), make(map[string]bool)
	for i, s := range texts {
		for _, id := range idPattern.FindAllStringSubmatch(s, -1) {
			if seen[id[1]] {
				t.Errorf("the id %s is there twice", id[1])
			}
			seen[id[1]] = true
			where[file(i)+"#"+id[1]] = true
		}
	}
	count := 0
	for i, s := range texts {
		for _, href := range hrefPattern.FindAllStringSubmatch(s, -1) {
			to := href[1]
			if to == "" {
				to = file(i)
			}
			if count++; !where[to+"#"+href[2]] {
				t.Errorf("nothing is at %s#%s, where %s leads", to, href[2], file(i))
			}
		}
	}
	if count < 10 {
		t.Errorf("only %d links", count)
	}
}

func TestTablesAndFiguresAreListed(t *testing.T) {
	b := one(t, `<figure class="sheet"><table><caption>A <b>B</b></caption></table><figcaption>x</figcaption></figure><figure><picture><img src="a.png"></picture><figcaption>C<br>D</figcaption></figure><table id="t"></table>`, book.Options{})
	if !slices.Equal(b.Tables, []book.Caption{{1, "A B", "bagian-1-2-table-1", 1}, {2, "", "bagian-1-2-t", 1}}) ||
		!slices.Equal(b.Figures, []book.Caption{{1, "C D", "bagian-1-2-figure-1", 1}}) {
		t.Errorf("%+v %+v", b.Tables, b.Figures)
	}
}

func FuzzMake(f *testing.F) {
	for _, s := range texts {
		f.Add(string(markdown.New(locale.Indonesian).Convert([]byte(s), 1, markdown.Env{
			Link:  func(dest string) (markdown.Target, *markdown.Trouble) { return markdown.Target{Href: dest}, nil },
			Image: func(dest string) (markdown.Picture, *markdown.Trouble) { return markdown.Picture{Src: dest}, nil },
		}).HTML))
	}
	f.Add(`<svg><foreignObject><table><a xlink:href="#x" id=x><svg><![CDATA[a]]><math><mi xmlns:a="b">`)
	f.Add(`<picture><img></picture><div class=footnotes><ol><li id="fn:1"><h2><a class=anchor>#</a></div><a href="#fn:1" class=footnote-ref>`)
	f.Fuzz(func(t *testing.T, body string) {
		parts := []book.Part{{ID: "a", Number: "1", HTML: body, Addresses: []string{"/a/"}}, {ID: "b", HTML: `<a href="/a/">x</a>` + body}}
		for _, o := range []book.Options{{Words: indonesian}, {Words: indonesian, XHTML: true, FootnotesPerPart: true}, {XHTML: true, File: func(i int) string { return fmt.Sprint(i) }}} {
			b, err := book.Make(parts, o)
			if err != nil {
				t.Skip(err)
			}
			if o.XHTML {
				for _, p := range b.Parts {
					wellFormed(t, p.HTML)
				}
				wellFormed(t, b.Notes)
			}
		}
	})
}
