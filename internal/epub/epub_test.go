package epub_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pendapa/internal/book"
	"pendapa/internal/epub"
	"pendapa/internal/locale"
	"pendapa/internal/markdown"
)

func picture(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 24))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// small is the least that a publication can be, with everything of which there can be none.
func small(t testing.TB) epub.Publication {
	return epub.Publication{
		Identifier: "tag:contoh.example,2026:masterplan", Title: "Rencana <Induk> & Janji", Language: "id", Modified: "2026-03-01T00:00:00Z",
		Chapters: []epub.Chapter{
			{File: "bab-1.xhtml", Title: "Visi", Type: "chapter", XHTML: `<h1 id="a">Visi</h1><p><a href="bab-2.xhtml#b">2</a> <img src="peta.png" alt="Peta" /></p>`},
			{File: "bab-2.xhtml", Title: "Misi", XHTML: `<h1 id="b">Misi</h1>`, Lang: "en"},
		},
		Resources: []epub.Resource{{Name: "peta.png", MediaType: "image/png", Data: picture(t)}},
		Words:     epub.Words{Contents: "Isi", Cover: "Sampul", Landmarks: "Penanda", Start: "Mulai", TitlePage: "Judul"},
	}
}

func written(t testing.TB, p epub.Publication) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := epub.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read are the names of the files of an EPUB in their order, and their texts.
func read(t testing.TB, data []byte) ([]string, map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	texts := make(map[string]string)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		texts[f.Name] = string(text)
	}
	return names, texts
}

// A reader knows an EPUB by what stands at bytes 30 to 58 (EPUB 3.3, 4.3.3).
func TestContainerStartsWithItsType(t *testing.T) {
	data := written(t, small(t))
	if got := string(data[30:58]); got != "mimetypeapplication/epub+zip" {
		t.Errorf("%q", got)
	}
	names, _ := read(t, data)
	want := []string{"mimetype", "META-INF/container.xml", "EPUB/bab-1.xhtml", "EPUB/bab-2.xhtml", "EPUB/nav.xhtml", "EPUB/package.opf", "EPUB/peta.png"}
	if !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	z, _ := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if f := z.File[0]; f.Method != zip.Store || f.Flags != 0 || len(f.Extra) > 0 {
		t.Errorf("%+v", f.FileHeader)
	}
}

func TestEqualPublicationsAreEqualBytes(t *testing.T) {
	p := portal(t)
	first := written(t, p)
	slices.Reverse(p.Resources)
	if !bytes.Equal(first, written(t, p)) {
		t.Error("they differ")
	}
}

func TestAllFilesAreWellFormed(t *testing.T) {
	_, texts := read(t, written(t, portal(t)))
	for name, text := range texts {
		if !strings.HasSuffix(name, "l") && !strings.HasSuffix(name, ".opf") {
			continue
		}
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
		}
	}
}

func TestPackageSaysWhatTheBookIs(t *testing.T) {
	p := small(t)
	p.Subtitle, p.Creator, p.Date = "Kerangka", "Diskominfo", "2026-03"
	p.CSS = "p { margin: 0 }"
	p.TitlePage = "<h1>Judul</h1>"
	p.Cover = &p.Resources[0]
	p.Chapters[1].XHTML += `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg><math xmlns="http://www.w3.org/1998/Math/MathML"></math>`
	p.Chapters[1].File = "lampiran/b.xhtml"
	p.Chapters[0].XHTML = "<p>a</p>"
	p.Contents = []epub.Entry{{Title: "Bagian", Below: []epub.Entry{{Title: "Visi & \x01misi", Href: "bab-1.xhtml"}, {Title: "B", Href: "lampiran/b.xhtml#b"}}}}
	_, texts := read(t, written(t, p))
	for name, wants := range map[string][]string{
		"EPUB/package.opf": {
			`<dc:title id="title">Rencana &lt;Induk&gt; &amp; Janji</dc:title>`, `<meta refines="#subtitle" property="title-type">subtitle</meta>`,
			`<dc:creator>Diskominfo</dc:creator>`, `<dc:date>2026-03</dc:date>`, `<meta property="dcterms:modified">2026-03-01T00:00:00Z</meta>`,
			`<meta property="schema:accessMode">visual</meta>`, `<meta property="schema:accessibilityHazard">none</meta>`, `<meta property="schema:accessibilitySummary" xml:lang="en">`,
			`<item id="chapter-2" href="lampiran/b.xhtml" media-type="application/xhtml+xml" properties="mathml svg" />`,
			`<item id="cover-image" href="peta.png" media-type="image/png" properties="cover-image" />`,
			"<spine>\n<itemref idref=\"cover\" />\n<itemref idref=\"title-page\" />\n<itemref idref=\"nav\" />\n<itemref idref=\"chapter-1\" />\n<itemref idref=\"chapter-2\" />\n</spine>",
		},
		"EPUB/nav.xhtml": {
			"<li><span>Bagian</span>\n<ol>\n<li><a href=\"bab-1.xhtml\">Visi &amp; misi</a></li>", `<a epub:type="cover" href="cover.xhtml">Sampul</a>`,
			`<a epub:type="titlepage" href="title.xhtml">Judul</a>`, `<a epub:type="bodymatter" href="bab-1.xhtml">Mulai</a>`,
		},
		"EPUB/bab-1.xhtml":      {`lang="id" xml:lang="id"`, `<link rel="stylesheet" type="text/css" href="style.css" />`, `<section epub:type="chapter" role="doc-chapter" aria-label="Visi">`},
		"EPUB/lampiran/b.xhtml": {`lang="en" xml:lang="en"`, `href="../style.css"`, "<body>\n<section>\n"},
		"EPUB/cover.xhtml":      {`<img src="peta.png" alt="Sampul: Rencana &lt;Induk&gt; &amp; Janji" />`},
	} {
		for _, want := range wants {
			if !strings.Contains(texts[name], want) {
				t.Errorf("%s lacks %s:\n%s", name, want, texts[name])
			}
		}
	}
}

func TestWhatIsWrongIsToldAndNothingWritten(t *testing.T) {
	chapter := func(xhtml string) func(p *epub.Publication) {
		return func(p *epub.Publication) { p.Chapters[0].XHTML = xhtml }
	}
	for want, spoil := range map[string]func(p *epub.Publication){
		"no identifier":           func(p *epub.Publication) { p.Identifier = " " },
		"no title":                func(p *epub.Publication) { p.Title = "\x01" },
		"no language":             func(p *epub.Publication) { p.Language = "" },
		`the time "2026-03-01"`:   func(p *epub.Publication) { p.Modified = "2026-03-01" },
		`the date "1 Maret"`:      func(p *epub.Publication) { p.Date = "1 Maret" },
		"no chapters":             func(p *epub.Publication) { p.Chapters = nil },
		"bab-1.xhtml has no":      func(p *epub.Publication) { p.Chapters[0].Title = "" },
		"no word for landmarks":   func(p *epub.Publication) { p.Words.Landmarks = "" },
		`for "bab-1.xhtml" has`:   func(p *epub.Publication) { p.Contents = []epub.Entry{{Href: "bab-1.xhtml"}} },
		`"A" of the contents`:     func(p *epub.Publication) { p.Contents = []epub.Entry{{Title: "B", Below: []epub.Entry{{Title: "A"}}}} },
		"nav.xhtml: the address":  func(p *epub.Publication) { p.Contents = []epub.Entry{{Title: "B", Href: "bab-1.xhtml#z"}} },
		`"../a.xhtml" cannot be`:  func(p *epub.Publication) { p.Chapters[0].File = "../a.xhtml" },
		`"a b.xhtml" cannot be`:   func(p *epub.Publication) { p.Chapters[0].File = "a b.xhtml" },
		"the chapter a.html does": func(p *epub.Publication) { p.Chapters[0].File = "a.html" },
		"the name NAV.xhtml":      func(p *epub.Publication) { p.Chapters[0].File = "NAV.xhtml" },
		`peta.png is "text/csv"`:  func(p *epub.Publication) { p.Resources[0].MediaType = "text/csv" },
		"the cover is":            func(p *epub.Publication) { p.Cover = &epub.Resource{Name: "a.css", MediaType: "text/css"} },
		"the name peta.png":       func(p *epub.Publication) { p.Resources = append(p.Resources, p.Resources[0]) },
		"bab-1.xhtml: not well-formed at line 2, byte 8: invalid character entity": chapter("<p>\na&nbsp;b<br></p>"),
		"bab-1.xhtml: not well-formed at line 1, byte 20: unexpected end":          chapter("<p>a</p></body></p>"),
		"closes more than":                  chapter("</body><body xmlns='http://www.w3.org/1999/xhtml'>"),
		"bab-1.xhtml: a page holds no":      chapter("<?php ?>"),
		`<p> has the attribute type of`:     chapter(`<p foo:type="a"></p>`),
		`<b> is of the namespace "foo"`:     chapter(`<foo:b></foo:b>`),
		"<p> has the attribute class twice": chapter(`<p class="a" class="b"></p>`),
		`the id "a" is there twice`:         chapter(`<p id="a"></p><p id="a"></p>`),
		`bab-1.xhtml: the address "/opd/"`:  chapter(`<a href="/opd/">x</a>`),
		`the address ""`:                    chapter(`<a href="">x</a>`),
		`the address "bab-3.xhtml"`:         chapter(`<a href="bab-3.xhtml">x</a>`),
		`the address "peta.png"`:            chapter(`<a href="peta.png">x</a>`),
		`the address "#c" leads to an id`:   chapter(`<a href="#c">x</a>`),
		`the address "foto.png"`:            chapter(`<img src="foto.png" alt="" />`),
		"the picture https://x.example/":    chapter(`<img src="https://x.example/" alt="" />`),
		"title.xhtml: not well-formed":      func(p *epub.Publication) { p.TitlePage = "<br>" },
	} {
		p := small(t)
		spoil(&p)
		var b bytes.Buffer
		if err := epub.Write(&b, p); err == nil || !strings.HasPrefix(err.Error(), "epub: ") || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("%v, and %d bytes; want %s", err, b.Len(), want)
		}
	}
}

type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

func TestFullDiskIsTold(t *testing.T) {
	data := written(t, small(t))
	for _, left := range []int{0, len(data) / 2, len(data) - 1} {
		if err := epub.Write(&full{left}, small(t)); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%d bytes of %d: %v", left, len(data), err)
		}
	}
}

const chart = `<div class="indicator" id="angka"><h3>Angka</h3><figure class="figure"><svg class="chart" viewBox="0 0 360 210" role="img" aria-label="Delapan angka"><defs><linearGradient id="warna"><stop offset="0" stop-color="#000"/></linearGradient></defs><line x1="46" y1="172" x2="346" y2="172"/><text class="chart-label" x="40" y="176" text-anchor="end">0</text><polyline fill="url(#warna)" points="75.93,36.48 105.87,58.04"/><circle cx="75.93" cy="36.48" r="2.5"/></svg>
<figcaption class="quiet">Garis: angka</figcaption></figure>
<dl class="figures"><div><dt>Awal</dt><dd>88 <time class="quiet" datetime="2024-03-31">31 Mar 2024</time></dd></div></dl>
<details class="ledger-box"><summary>Tabel</summary><table class="ledger"><thead><tr><th scope="col">Tanggal</th></tr></thead><tbody><tr><td data-label="Tanggal">1</td></tr></tbody></table></details>
<p class="downloads"><a href="https://contoh.example/a.csv" download>Unduh</a></p></div>`

const sheet = `<figure class="sheet"><div class="scroll" role="region" tabindex="0" aria-label="A, tabel yang dapat digeser"><table><caption>A</caption>
<thead><tr><th scope="col">Janji</th><th scope="col" class="num">Angka</th></tr></thead><tbody><tr><td>a</td><td class="num">1</td></tr></tbody></table></div></figure>`

var texts = []string{`
Pembuka.[^a] Lagi.[^a] Lain.[^b] Lihat [misi](/visi/misi/#sasaran) dan [portal](https://x.example/?a=1&b=2).

## Angka "penting" & lain

` + "```indicator\nx\n```" + `

` + "```go\nx := \"<y>\"\n```" + `

[^a]: Kaki *satu*, lihat [misi](/visi/misi/).
[^b]: Kaki dua.
`, `
## Sasaran

Kalimat OPD.[^1] Kembali ke [sasaran](#sasaran) dan [visi](/visi/).  
Baris **tebal**, ~~coret~~, ` + "`kode`" + `.

### Rincian

| Program | Nilai |
|:--|--:|
| a | 1.000 |

> [!WARNING]
> Awas.

> kutipan

- [x] sudah
- [ ] belum

3. tiga
4. empat

Istilah
: Arti.

![Foto kegiatan](foto.png "Judul foto")

` + "```indicator\nx\n```\n\n```table\nx\n```" + `

---

[^1]: Kaki.
`}

// portal is a publication of pages as the portal writes them.
func portal(t testing.TB) epub.Publication {
	t.Helper()
	env := markdown.Env{
		Link: func(dest string) (markdown.Target, *markdown.Trouble) {
			return markdown.Target{Href: dest, Lang: "id"}, nil
		},
		Image: func(dest string) (markdown.Picture, *markdown.Trouble) {
			return markdown.Picture{Src: "gambar/" + dest, Srcset: "a.png 2x", Sizes: "1px", Width: 16, Height: 24}, nil
		},
		Blocks: map[string]func(string) (string, *markdown.Trouble){
			"indicator": func(string) (string, *markdown.Trouble) { return chart, nil },
			"table":     func(string) (string, *markdown.Trouble) { return sheet, nil },
		},
		Terms: markdown.NewTerms([]markdown.Term{{Short: "OPD", Full: "organisasi perangkat daerah", Href: "https://contoh.example/istilah/opd/"}}),
	}
	parts := []book.Part{
		{ID: "bagian-1", Number: "1", Title: "Visi", Level: 1, Addresses: []string{"/visi/"}, Lang: "id"},
		{ID: "bagian-1-1", Number: "1.1", Title: "Misi", Level: 2, Addresses: []string{"/visi/misi/"}, Lang: "en"},
	}
	for i := range parts {
		result := markdown.New(locale.Indonesian).Convert([]byte(texts[i]), 1, env)
		if len(result.Problems) > 0 {
			t.Fatal(result.Problems)
		}
		parts[i].HTML = string(result.HTML)
	}
	file := func(i int) string { return fmt.Sprintf("bab-%d.xhtml", i+1) }
	b, err := book.Make(parts, book.Options{
		XHTML: true, File: file,
		Words: book.Words{Table: "Tabel", Figure: "Gambar", Section: "Bagian", Footnotes: "Catatan kaki", Back: "Kembali ke teks"},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := small(t)
	p.Subtitle, p.Creator, p.Publisher, p.Rights, p.Description, p.Date = "Kerangka", "Diskominfo", "Kabupaten Contoh", "CC BY 4.0", "Apa yang dijanjikan.", "2026-03-01"
	p.CSS = ".num { text-align: right }\n"
	p.TitlePage = "<h1>Rencana Induk</h1>\n<p>Kerangka</p>"
	p.Words.Accessibility = "Buku ini mempunyai daftar isi."
	p.Cover = &epub.Resource{Name: "sampul.png", MediaType: "image/png", Data: picture(t)}
	p.Resources = []epub.Resource{{Name: "gambar/foto.png", MediaType: "image/png", Data: picture(t)}, {Name: "gambar/a.svg", MediaType: "image/svg+xml", Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`)}}
	p.Chapters = nil
	for i, part := range b.Parts {
		kind := "chapter"
		if i > 0 {
			kind = ""
		}
		p.Chapters = append(p.Chapters, epub.Chapter{
			File: file(i), Title: part.Title, Lang: part.Lang, Type: kind,
			XHTML: fmt.Sprintf(`<h%d id="%s"><span class="section-number">%s</span> %s</h%[1]d>`+"\n", part.Level+1, part.ID, part.Number, part.Title) + part.HTML,
		})
	}
	p.Chapters = append(p.Chapters, epub.Chapter{File: file(len(b.Parts)), Title: "Catatan kaki", Type: "endnotes", XHTML: "<h2>Catatan kaki</h2>\n" + b.Notes})
	p.Contents = tree(b.Contents, file)
	return p
}

// tree nests the contents of a book by their levels.
func tree(list []book.Entry, file func(int) string) []epub.Entry {
	var entries []epub.Entry
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].Level > list[i].Level {
			end++
		}
		entries = append(entries, epub.Entry{
			Title: strings.TrimSpace(list[i].Number + " " + list[i].Title), Href: file(list[i].Part) + "#" + list[i].Anchor, Below: tree(list[i+1:end], file),
		})
		i = end
	}
	return entries
}

// The checker of the W3C has nothing to say about the book.
func TestEpubcheckIsContent(t *testing.T) {
	if os.Getenv("CI") != "true" {
		t.Skip("EPUBCHECK TAKES LONG: it is run where CI=true")
	}
	checker, err := exec.LookPath("epubcheck")
	if err != nil {
		t.Skip("EPUBCHECK IS NOT INSTALLED, the book is not checked: apt-get install epubcheck")
	}
	command := []string{checker}
	if java, err := exec.LookPath("java"); err == nil {
		if head, err := os.ReadFile(checker); err == nil && bytes.HasPrefix(head, []byte("PK")) { // Debian's is a jar, which not every kernel runs; it ends before it is worth compiling well
			command = []string{java, "-XX:TieredStopAtLevel=1", "-jar", checker}
		}
	}
	for name, p := range map[string]epub.Publication{"portal": portal(t), "small": small(t)} {
		file := filepath.Join(t.TempDir(), name+".epub")
		if err := os.WriteFile(file, written(t, p), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(command[0], append(command[1:], "--failonwarnings", file)...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "No errors or warnings") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		t.Logf("%s:\n%s", name, out)
	}
}
