package markdown

import (
	"bytes"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

var update = flag.Bool("update", false, "write the golden files anew")

func env() Env {
	return Env{
		Link: func(dest string) (Target, *Trouble) {
			path, fragment, _ := strings.Cut(dest, "#")
			switch path {
			case "":
				return Target{Href: dest, Fragment: fragment}, nil
			case "ada.md", "../opd/dlh.md":
				return Target{Href: "/" + strings.TrimSuffix(strings.TrimPrefix(path, "../"), ".md") + "/", Page: path, Fragment: fragment}, nil
			case "rancangan.md":
				return Target{}, &Trouble{Severity: diag.Warning, Message: diag.Textf("not published")}
			}
			return Target{}, &Trouble{Message: diag.Textf("there is no file %s", path), Hint: diag.Textf("check the path")}
		},
		Image: func(dest string) (Picture, *Trouble) {
			if dest == "foto.png" {
				return Picture{Src: "/foto.png", Width: 640, Height: 480}, nil
			}
			return Picture{}, &Trouble{Message: diag.Textf("there is no file %s", dest)}
		},
		Blocks: map[string]func(string) (string, *Trouble){
			"indicator": func(argument string) (string, *Trouble) {
				if argument != "quick-wins/sampah#bank" {
					return "", &Trouble{Message: diag.Textf("no such indicator")}
				}
				return `<div class="indicator">38</div>`, nil
			},
		},
		ReservedIDs: []string{"isi", "main"},
	}
}

func convert(text string) Result { return New(locale.Indonesian).Convert([]byte(text), 1, env()) }

// Golden pairs: testdata/NAME.md and NAME.html. A new case is a new file and -update.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		result := convert(string(text))
		if len(result.Problems) > 0 {
			t.Errorf("%s: %v", file, result.Problems)
		}
		golden := strings.TrimSuffix(file, ".md") + ".html"
		if *update {
			if err := os.WriteFile(golden, result.HTML, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(result.HTML) != string(want) {
			t.Errorf("%s became\n%s\nwant\n%s", file, result.HTML, want)
		}
	}
}

func TestProblemsHaveTheirPlace(t *testing.T) {
	for _, test := range []struct{ name, text, want, hint string }{
		{"raw block", "a\n\n<div>x</div>\n", "3:1 raw HTML", "Markdown"},
		{"raw inline", "some <b>bold</b>\n", "1:6 raw HTML", ""},
		{"line break", "a<br>b\n", "1:2 raw HTML", "backslash"},
		{"comment", "a\n\n<!-- rahasia -->\n", "3:1 raw HTML", "comment"},
		{"script (A24)", "<script>alert(1)</script>\n", "1:1 raw HTML", ""},
		{"svg (A24)", "x <svg onload=alert(1)>\n", "1:3 raw HTML", ""},
		{"nowhere (A38)", "teks [tautan](tidak-ada.md) lagi\n", "1:15 there is no file tidak-ada.md", "check the path"},
		{"own fragment (A38)", "# Satu\n\n[x](#dua)\n", "3:5 no heading has the id #dua", ""},
		{"near fragment", "## Latar belakang\n\n[x](#latar-belakan)\n", "3:5 no heading has the id #latar-belakan", "did you mean #latar-belakang?"},
		{"link text that is the address", "see [ada.md](x.md)\n", "1:14 there is no file x.md", ""},
		{"javascript (A25)", "[x](javascript:alert(1))\n", `1:5 links with "javascript:" are not allowed`, "https"},
		{"data (A26)", "[x](data:text/html,x)\n", "1:5 links with", ""},
		{"reference (A25)", "[x]\n\n[x]: javascript:alert(1)\n", "1:1 links with", ""},
		{"protocol relative (A27)", "[x](//evil.example)\n", "1:5 the address starts with //", ""},
		{"backslashes (A27)", "[x](<\\\\\\\\evil>)\n", "the address holds a backslash", ""},
		{"credentials", "[x](https://u:p@x.example/)\n", "1:5 the address holds a user name", ""},
		{"no host", "[x](https:///x)\n", "is not a full web address", ""},
		{"ftp", "[x](ftp://x.example/)\n", "links with", ""},
		{"no words", "![](foto.png)\n", "1:5 the picture has no words", "!["},
		{"remote picture (A39)", "![x](https://x.example/a.png)\n", "1:6 the picture is on another site", "beside the page"},
		{"missing picture (A39)", "![x](y.png)\n", "1:6 there is no file y.png", ""},
		{"empty link", "[](ada.md)\n", "the link has no text", ""},
		{"callout", "> [!NOTES]\n> x\n", "1:3 unknown callout [!NOTES]", `did you mean "NOTE"?`},
		{"data block", "```indicator\nquick-wins/x\n```\n", "2:1 no such indicator", ""},
		{"nested quotations (A42)", strings.Repeat(">", 60000) + " x\n", "1:1 quotations or lists nested", ""},
		{"nested lists (A42)", strings.Repeat("- ", 5000) + "x\n", "1:1 quotations or lists nested", ""},
		{"blank in an address", "lihat [teks](dinas komunikasi.md) lagi\n", "1:12 this looks like a link, and is none", "%20"},
		{"blank before an address", "lihat [teks] (ada.md)\n", "1:12 this looks like a link", ""},
		{"misspelt data block", "```indikator\nquick-wins/sampah#bank\n```\n", `1:1 there is no data block "indikator"`, `did you mean "indicator"?`},
		{"direction (A20)", "a\u202eb\n", "1:2 the invisible character U+202E", "remove"},
		{"control character (A20)", "a\x07b\n", "1:2 the invisible character U+0007", ""},
		{"deep lists (A42)", deepList(1900), "51:1 quotations or lists nested", ""},
		{"long table (A41)", strings.Repeat("|a", 150) + "|\n" + strings.Repeat("|-", 150) + "|\n" + strings.Repeat("|\n", 20000), "a table of more than 100000 cells", "CSV"},
		{"many mistakes", strings.Repeat("a <b> ", 40000), "more than 100 problems in this page", ""},
		{"wide table (A41)", strings.Repeat("|a", 2000) + "|\n" + strings.Repeat("|-", 2000) + "|\n" + strings.Repeat("|\n", 20000), "2:1 a table of 2000 columns", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			result := convert(test.text)
			for _, p := range result.Problems {
				if got := fmt.Sprintf("%d:%d %s", p.Pos.Line, p.Pos.Col, p.Message.String()); strings.Contains(got, test.want) && strings.Contains(p.Hint.String(), test.hint) {
					if took := time.Since(start); took > 2*time.Second {
						t.Errorf("took %v", took)
					}
					return
				}
			}
			t.Errorf("got %v\nwant %s (%s)", result.Problems, test.want, test.hint)
		})
	}
}

// deepList is a list in a list in a list.
func deepList(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

func TestLinesCountFromTheFile(t *testing.T) {
	result := New(locale.Indonesian).Convert([]byte("a\n\n<b>\n"), 10, env())
	if len(result.Problems) != 1 || result.Problems[0].Pos != (diag.Pos{Line: 12, Col: 1}) {
		t.Errorf("%v", result.Problems)
	}
}

func TestABoxIsFollowedByABlank(t *testing.T) {
	for text, want := range map[string]string{
		"- [x](ada.md)\n":              `<li><a href="/ada/">x</a></li>`,
		"- [x][a]\n\n[a]: ada.md\n":    `<li><a href="/ada/">x</a></li>`,
		"- [x] selesai\n":              `selesai:</span> selesai</li>`,
		"- [ ]\tbelum\n":               `belum</li>`,
		"- [x] [ada](ada.md)\n":        `selesai:</span> <a href="/ada/">ada</a></li>`,
		"1. [X](ada.md) dan [x] dua\n": `<li><a href="/ada/">X</a> dan [x] dua</li>`,
	} {
		if result := convert(text); len(result.Problems) > 0 || !strings.Contains(string(result.HTML), want) {
			t.Errorf("%q: %s %v", text, result.HTML, result.Problems)
		}
	}
}

func TestUnpublishedLinkBecomesText(t *testing.T) {
	result := convert("lihat [rencana](rancangan.md).\n")
	if string(result.HTML) != "<p>lihat rencana.</p>\n" || len(result.Problems) != 1 || result.Problems[0].Severity != diag.Warning {
		t.Errorf("%s %v", result.HTML, result.Problems)
	}
}

// A32, A136: ids are unique, stable, of any script, and never those of the layout; equal headings cost the same each.
func TestHeadingIDs(t *testing.T) {
	result := convert("## Latar Belakang\n## Latar belakang\n## Latar belakang 2\n## Isi\n## 日本語 & Co.\n## !!!\n## `kode` *miring* [x](ada.md)\n## E\u0301\n")
	want := []string{"latar-belakang", "latar-belakang-2", "latar-belakang-2-2", "isi-2", "日本語-co", "bagian", "kode-miring-x", "é"}
	if !slices.Equal(result.IDs, want) {
		t.Errorf("%q, want %q", result.IDs, want)
	}
	start := time.Now()
	if result := convert(strings.Repeat("## Sama\n\n", 10000)); len(result.IDs) != 10000 || time.Since(start) > 5*time.Second {
		t.Errorf("%d ids in %v", len(result.IDs), time.Since(start))
	}
}

// A144: an id is cut between characters, and the marks of a letter stay with it, however many.
func TestIDsAreCutBetweenCharacters(t *testing.T) {
	marks := strings.Repeat("\u0323\u0301", 500)
	for heading, want := range map[string]string{
		strings.Repeat("q\u0323", 200): strings.Repeat("q\u0323", longestID),
		strings.Repeat("日", 200):       strings.Repeat("日", longestID),
		strings.Repeat("🙂 ka", 200):    strings.TrimSuffix(strings.Repeat("ka-", longestID/2), "-"),
		"q" + marks:                    norm.NFC.String("q" + marks),
	} {
		result := convert("## " + heading + "\n")
		if len(result.IDs) != 1 || result.IDs[0] != want || !utf8.ValidString(want) || len(audit(result.HTML)) > 0 {
			t.Errorf("%.20q: %q, not %q", heading, result.IDs, want)
		}
	}
}

func TestSectionsArePlainText(t *testing.T) {
	text := "Pembuka *miring*, \\* dan &amp;.\n[tautan](ada.md) ![gambar kapal](foto.png)[^1]\n\n## Sampah `organik` #1\n\n- satu\n- dua\n\n" +
		"| A | B |\n|---|---|\n| c | d |\n\n```indicator\nquick-wins/sampah#bank\n```\n\n```\nkode = 1\n```\n\n## Sampah `organik` #1\n\n> [!NOTE]\n> Awas https://contoh.example/x\n\n### Kosong\n\n[^1]: Catatan kaki.\n"
	wanted := env()
	wanted.Sections = true
	got := New(locale.Indonesian).Convert([]byte(text), 1, wanted)
	want := []Section{
		{"", "", "Pembuka miring, * dan &. tautan gambar kapal"},
		{"sampah-organik-1", "Sampah organik #1", "satu dua A B c d kode = 1"},
		{"sampah-organik-1-2", "Sampah organik #1", "Awas https://contoh.example/x"},
		{"kosong", "Kosong", "Catatan kaki."},
	}
	for i := range got.Sections { // blanks between words are not told apart
		got.Sections[i].Text = strings.Join(strings.Fields(got.Sections[i].Text), " ")
	}
	if !slices.Equal(got.Sections, want) {
		t.Errorf("%q\nnot\n%q", got.Sections, want)
	}
	if plain := convert(text); plain.Sections != nil || string(plain.HTML) != string(got.HTML) {
		t.Error("sections are gathered unasked, or change the page")
	}
}

func TestFirstLevelHeadingsMoveDown(t *testing.T) {
	result := convert("# Satu\n\n## Dua\n")
	if result.Headings[0].Level != 2 || result.Headings[1].Level != 3 {
		t.Errorf("%+v", result.Headings)
	}
}

// allowed is what a page's Markdown may come out as: elements, and their attributes.
var allowed = map[string][]string{
	"p": {"class"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"}, "a": {"href", "title", "class", "role", "aria-label", "lang", "hreflang"},
	"em": {}, "strong": {}, "del": {}, "code": {"class"}, "pre": {"tabindex"}, "ul": {}, "ol": {"start"}, "li": {"id"}, "blockquote": {}, "hr": {}, "br": {},
	"img": {"src", "alt", "title", "width", "height", "loading", "decoding"}, "table": {}, "thead": {}, "tbody": {}, "tr": {}, "th": {"class"}, "td": {"class"},
	"div": {"class", "role", "tabindex", "aria-label"}, "span": {"class", "aria-hidden"}, "sup": {"id"}, "dl": {}, "dt": {}, "dd": {}, "abbr": {"title"},
	"html": {}, "head": {}, "body": {},
}

// classes are those that the stylesheet gives a page's Markdown; no text can name another.
var classes = strings.Fields("anchor callout callout-note callout-tip callout-important callout-warning callout-caution callout-title footnote-backref footnote-ref footnotes indicator num scroll term visually-hidden")

// schemes are those of addresses that lead to a place, and start no program.
var schemes = []string{"http", "https", "mailto", "tel"}

// browsed says what is wrong with where an address leads, read as browsers do (WHATWG URL, 4.4): without blanks around it
// and line breaks and tabs in it, a backslash for a slash.
func browsed(value string, link bool) string {
	value = strings.TrimFunc(value, func(r rune) bool { return r <= ' ' })
	value = strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(value)
	scheme := leading.FindStringSubmatch(value)
	switch {
	case strings.HasPrefix(value, "//"):
		return "foreign address"
	case scheme != nil && (!link || !slices.Contains(schemes, strings.ToLower(scheme[1]))):
		return "scheme"
	case scheme == nil && !strings.HasPrefix(value, "/") && !(link && strings.HasPrefix(value, "#")):
		return "relative address" // of what an Env has answered, none is
	}
	return ""
}

var leading = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)

// audit parses a page as browsers do and reports everything that is not allowed.
func audit(page []byte) []string {
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	ids := make(map[string]bool)
	for _, id := range env().ReservedIDs {
		ids[id] = true
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.CommentNode {
			found = append(found, "comment "+n.Data)
		}
		if n.Type == html.ElementNode {
			attributes, ok := allowed[n.Data]
			if !ok {
				found = append(found, "element "+n.Data)
			}
			for _, a := range n.Attr {
				if ok && !slices.Contains(attributes, a.Key) {
					found = append(found, "attribute "+n.Data+"."+a.Key)
				}
				switch a.Key {
				case "href", "src":
					if wrong := browsed(a.Val, a.Key == "href"); wrong != "" {
						found = append(found, wrong+" "+a.Val)
					}
				case "class":
					for class := range strings.FieldsSeq(a.Val) {
						if n.Data == "code" && class != a.Val || n.Data != "code" && !slices.Contains(classes, class) || n.Data == "code" && !strings.HasPrefix(class, "language-") {
							found = append(found, "class "+class)
						}
					}
				case "role":
					if !slices.Contains([]string{"region", "note", "doc-noteref", "doc-backlink", "doc-endnotes"}, a.Val) {
						found = append(found, "role "+a.Val)
					}
				}
				if a.Key == "id" {
					if ids[a.Val] {
						found = append(found, "id twice: "+a.Val)
					}
					ids[a.Val] = true
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return found
}

var vectors = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe src=//x>", "<style>*{}</style>", "a <svg onload=alert(1)> b", "<div\nonclick=x>",
	"[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](javascript&colon;alert(1))", "[x](javascript&#58;alert(1))", "[x](&#106;avascript:alert(1))", "[x](java\tscript:alert(1))", "[x](<java\nscript:alert(1)>)",
	"[x](\x01javascript:alert(1))", "[x](javascript\\:alert(1))", "[x](vbscript:x)", "[x](data:text/html;base64,PHN2Zz4=)", "[x](blob:x)", "[x](file:///etc/passwd)", "[x](intent:x)", "![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg>)",
	"[x]: javascript:alert(1)\n[x]", "<javascript:alert(1)>", "<data:text/html,x>", "[^1]\n\n[^1]: [x](javascript:alert(1))", "[x](//evil)", "[x](\\\\evil)", "[x](/\\evil)", "[x](https:evil)", "[x](http://a@b)",
	"# x {onclick=alert(1)}", "# x {#main style=x}", "# x {autofocus=1}", "[x](ada.md){onclick=alert(1)}", "![x](foto.png){onerror=x}", "```\"><script>\nx\n```", "~~~a onclick=x\n~~~", "[x](ada.md \"\\\" onclick=alert(1)\")", "![\" onerror=alert(1)](foto.png)", "# <b>x</b>", "# `<script>`",
	"> [!NOTE]<script>", "| a |\n|---|\n| <b> |", "{{ .Site }}", "- [x] <i>", "www.x.example/<script>", "http://x.example/\"onmouseover=x", "term\n: <b>def</b>", "\\<script>alert(1)\\</script>", "&lt;script&gt;", "<!DOCTYPE x>", "<?php x ?>", "<![CDATA[x]]>", "</p><script>",
	"[x](/\t/evil)", "[x](</ /evil>)", "[x](/&#9;/evil)", "[x](&#x20;//evil)", "[x](///evil)", "[x](http:evil)", "[x](HTTP://x)", "[x](https:\\\\evil)", "[x](mailto:a@b\"onclick=x)", "[x](tel:<b>)", "<https://x.example/\"onclick=x>", "[x](#\"onclick=x)", "![x](//evil/a.png)", "![x](foto.png \"&quot; onerror=x\")", "![<b>](foto.png)", "OPD <b> OPD Rp", "# OPD [OPD](ada.md) OPD",
	"# isi\n\n[x](#isi)", "# main {#main}", "# a\n# a\n# a-2\n[x](#a-2)", "[^<b>]\n\n[^<b>]: x", "[^a]\n\n[^a]: [^a]", "[x](#fn:1)", "```indicator\nquick-wins/sampah#bank\n```", "``` class=\"anchor\"\nx\n```", "```a b\nx\n```", "| a |\n|:-:|\n| `|` \\| <i> |", "> [!WARNING]\n> > [!TIP]\n> > x", "a\u202eb", "\x00[x](java\x00script:x)", "\xff<b>", "&#0;&#x202e;&#xd800;", "<a href=x>", "</div></div>", "<!-- --><b>", "<x:y>", "[<script>](ada.md)", "[x](ada.md '<b>')", "~~~a\ranchor", "```a\tcallout\nx\n```", "```a\fb\nx\n```", "0    \n0", "0 \t\n0", "0\r \n0",
	"[x](jav&#x0A;ascript:alert(1))", "[x](javascript&NewLine;:alert(1))", "[x](&Tab;javascript:alert(1))", "mailto:x@y.example <mailto:a@b.example>", "[x](tel:+62)", "<x@y.example>",
}

// A24, A25, A26, A27, A28, A29, A30: whatever spelling it comes in, a browser finds nothing active in what comes out.
func TestNothingActiveComesOut(t *testing.T) {
	for _, v := range vectors {
		result := convert(v + "\n\nafter\n")
		if found := audit(result.HTML); len(found) > 0 {
			t.Errorf("%q became %s\n%v", v, result.HTML, found)
		}
	}
}

// A40: shapes on which goldmark takes quadratic time are refused where they would take long, and end where they are not.
func TestHostileShapesEnd(t *testing.T) {
	for _, shape := range []string{"[](", "*a_", "a**b_c*", "[a](<b", "[^1]", "\"", "[a]: b\n", "![a](", "<a ", "`", "~~a", "- a\n", "a\n: b\n", "|a", "1. a\n", "> a\n"} {
		for _, text := range []string{
			strings.Repeat(shape, 200000/len(shape)),                                 // one paragraph
			strings.Repeat(strings.Repeat(shape, 200)+"\n\n", 200000/len(shape)/200), // many
			"|a|b|\n|-|-|\n" + strings.Repeat(shape, 200000/len(shape)),
		} {
			start := time.Now()
			convert(text)
			// The race detector and a busy machine make it ten times slower than it is.
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%d times %q takes %v", 200000/len(shape), shape, took)
			}
		}
	}
	start := time.Now() // A138
	if result := convert(strings.Repeat("- [ada](ada.md)\n", 10000)); len(result.Problems) > 0 || bytes.Count(result.HTML, []byte("<a href")) != 10000 || time.Since(start) > 5*time.Second {
		t.Errorf("%d of a list of 10,000 links: %v after %v", bytes.Count(result.HTML, []byte("<a href")), result.Problems, time.Since(start))
	}
	if result := convert("|a|b|\n|-|-|\n" + strings.Repeat("|[ada](ada.md)|*y*|\n", 3000)); len(result.Problems) > 0 {
		t.Errorf("a table of 3,000 links: %v", result.Problems)
	}
}

// astray is a link of a page to a part of itself that it does not have; empty where there is none.
func astray(page []byte) string {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return err.Error()
	}
	ids, links := make(map[string]bool), []string{}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if to, within := strings.CutPrefix(a.Val, "#"); within && a.Key == "href" && to != "" {
				links = append(links, to)
			} else if a.Key == "id" {
				ids[a.Val] = true
			}
		}
	}
	for _, to := range links {
		if plain, err := url.PathUnescape(to); !ids[to] && (err != nil || !ids[plain]) && !slices.Contains(env().ReservedIDs, to) {
			return to
		}
	}
	return ""
}

// blanks are those at the end of a line, of which goldmark leaves one where it looks for addresses.
var blanks = regexp.MustCompile(`[ \t\r]+(<br>)?\n`)

// A43: no panic, nothing active, every position in range. The vectors run with every test; CI goes on from them.
func FuzzConvert(f *testing.F) {
	for _, v := range vectors {
		f.Add(v)
	}
	files, _ := filepath.Glob("testdata/*.md")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		f.Add(string(text))
	}
	converter := New(locale.English)
	thorough := &Converter{converter.md, converter.md, locale.English}
	around := env()
	around.Sections, around.Terms = true, NewTerms([]Term{{"OPD", "Organisasi <b>Perangkat</b> \"Daerah\"", "/istilah/opd/", ""}, {"Rp", "Rupiah", "/en/istilah/rp/", "en"}})
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			t.Skip()
		}
		result := converter.Convert([]byte(text), 1, around)
		if all := thorough.Convert([]byte(text), 1, around); !bytes.Equal(blanks.ReplaceAll(all.HTML, []byte("$1\n")), blanks.ReplaceAll(result.HTML, []byte("$1\n"))) {
			t.Fatalf("%q became %s, and %s where bare addresses are looked for", text, result.HTML, all.HTML)
		}
		if found := audit(result.HTML); len(found) > 0 {
			t.Fatalf("%q became %s\n%v", text, result.HTML, found)
		}
		lines := strings.Count(text, "\n") + 1
		for _, p := range result.Problems {
			if p.Pos.Line < 1 || p.Pos.Line > lines || p.Pos.Col < 1 {
				t.Fatalf("a problem out of range: %+v", p)
			}
		}
		if len(result.Problems) == 0 {
			if to := astray(result.HTML); to != "" {
				t.Fatalf("%q became %s\nwhere no element has the id of the link to %s", text, result.HTML, to)
			}
		}
	})
}

func BenchmarkConvert(b *testing.B) {
	text, err := os.ReadFile("testdata/everything.md")
	if err != nil {
		b.Fatal(err)
	}
	c := New(locale.Indonesian)
	e := env()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		c.Convert(text, 1, e)
	}
}

// An abbreviation is opened where the running text first uses it, and nowhere else.
func TestTermsAreOpenedAtTheirFirstUse(t *testing.T) {
	terms := NewTerms([]Term{
		{Short: "OPD", Full: "organisasi perangkat daerah", Href: "/istilah/opd/"}, {Short: "OPD teknis", Full: "OPD yang bekerja di lapangan", Href: "/istilah/opd-teknis/"},
		{Short: "SPBE", Full: `sistem "pemerintahan"`, Href: "/istilah/spbe/", Lang: "en"}, {Short: "Masterplan", Href: "/istilah/masterplan/"}, {Short: "e-KTP", Full: "kartu", Href: "/istilah/e-ktp/"},
	})
	const opd = `<a class="term" href="/istilah/opd/"><abbr title="organisasi perangkat daerah">OPD</abbr></a>`
	for in, want := range map[string]string{
		"Semua OPD dan OPD lain.":            "<p>Semua " + opd + " dan OPD lain.</p>\n",
		"OPD-nya":                            "<p>" + opd + "-nya</p>\n",
		"opd, OPDs, xOPD":                    "<p>opd, OPDs, xOPD</p>\n",
		"*OPD*":                              "<p><em>" + opd + "</em></p>\n",
		"[OPD](https://x.example/) lalu OPD": `<p><a href="https://x.example/">OPD</a> lalu ` + opd + "</p>\n",
		"`OPD` dan OPD":                      "<p><code>OPD</code> dan " + opd + "</p>\n",
		"Masterplan ini":                     "<p>Masterplan ini</p>\n",
		"Organisasi Perangkat Daerah (OPD). OPD itu":      "<p>Organisasi Perangkat Daerah (OPD). OPD itu</p>\n",
		"DI**OPD**, *OPD*nya, file_OPD.csv, OPD.id, /OPD": "<p>DI<strong>OPD</strong>, <em>OPD</em>nya, file_OPD.csv, OPD.id, /OPD</p>\n",
		"OPD.":    "<p>" + opd + ".</p>\n",
		"**OPD**": "<p><strong>" + opd + "</strong></p>\n",
		"OPD (organisasi\nperangkat *daerah*) dan OPD": "<p>OPD (organisasi\nperangkat <em>daerah</em>) dan OPD</p>\n",
		"OPD teknis dan OPD":                           `<p><a class="term" href="/istilah/opd-teknis/"><abbr title="OPD yang bekerja di lapangan">OPD teknis</abbr></a> dan ` + opd + "</p>\n",
		"OPD\nbaru  \nlagi":                            "<p>" + opd + "\nbaru<br>\nlagi</p>\n",
		"SPBE, e-KTP":                                  `<p><a class="term" href="/istilah/spbe/" hreflang="en"><abbr title="sistem &quot;pemerintahan&quot;">SPBE</abbr></a>, <a class="term" href="/istilah/e-ktp/"><abbr title="kartu">e-KTP</abbr></a></p>` + "\n",
	} {
		result := New(locale.Indonesian).Convert([]byte(in), 1, Env{Terms: terms, Self: "/x/", Sections: true})
		if string(result.HTML) != want {
			t.Errorf("%q:\n%s\nwant\n%s", in, result.HTML, want)
		}
	}
	result := New(locale.Indonesian).Convert([]byte("## OPD\n\nOPD adalah"), 1, Env{Terms: terms, Self: "/istilah/opd/", Sections: true})
	if strings.Contains(string(result.HTML), "<abbr") || result.Headings[0].Text != "OPD" || result.Sections[0].Text != "OPD adalah" {
		t.Errorf("%s %+v", result.HTML, result)
	}
}
