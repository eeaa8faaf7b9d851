package feed_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendapa/internal/feed"
)

// written are entries of the demo's feeds, as our renderer wrote them.
func written(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no entries", err)
	}
	entries := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		entries[filepath.Base(file)] = string(data)
	}
	return entries
}

// bothWaysAgree tells whether a fragment needs no tree, in which case it is written as with one.
func bothWaysAgree(t testing.TB, fragment, base string) bool {
	t.Helper()
	got, sure := feed.WellFormed(fragment, base)
	if !sure {
		return false
	}
	if want, err := feed.AnyHTML(fragment, base); got != want || err != nil {
		t.Errorf("%q\n got %q\nwant %q %v", fragment, got, want, err)
	}
	return true
}

func TestWhatOurRendererWritesNeedsNoTree(t *testing.T) {
	for name, fragment := range written(t) {
		if !bothWaysAgree(t, fragment, page) {
			t.Errorf("%s is not sure", name)
		}
	}
}

// ours are pieces of what our renderer writes, and what remains of them.
func ours() map[string]string {
	return map[string]string{
		``:                                   ``,
		"\n\n<p>a</p>\n":                     "\n\n<p>a</p>\n",
		`<p>a &amp; b &lt;40 %</p>`:          `<p>a &amp; b &lt;40 %</p>`,
		`"a" 'b' > c`:                        `&#34;a&#34; &#39;b&#39; &gt; c`,
		`&quot;a&#34; &#39;b&#43;`:           `&#34;a&#34; &#39;b+`,
		`a&#160;b&nbsp;c`:                    "a\u00a0b\u00a0c",
		`<a href="/a/">b</a>`:                `<a href="https://pati.example/a/">b</a>`,
		`<a href="/a/" class="b">c</a>`:      `<a class="b" href="https://pati.example/a/">c</a>`,
		`<span lang="id" class="b">c</span>`: `<span lang="id" class="b">c</span>`,
		`<a href="/?a=1&amp;b=2" title="&lt;&quot;">c</a>`:          `<a href="https://pati.example/?a=1&amp;b=2" title="&lt;&#34;">c</a>`,
		`<a href="a.csv" download>b</a>`:                            `<a download="" href="https://pati.example/en/quick-wins/sampah/a.csv">b</a>`,
		`<h2 id="a">b <a class="anchor" href="#a">#</a></h2>`:       `<h2 id="a">b </h2>`,
		`<div hidden><p>a<br>b</p><img src="/c.png"></div>d`:        `d`,
		`<hr><hr/><img alt="" src="/a.png" /><br />`:                `<hr/><hr/><img alt="" src="https://pati.example/a.png"/><br/>`,
		`<ol start="3"><li>a</li>` + "\n</ol>":                      `<ol start="3"><li>a</li>` + "\n</ol>",
		`<ul><li><input disabled="" type="checkbox"> a</li></ul>`:   `<ul><li> a</li></ul>`,
		`<dl><dt>a</dt><dd>b</dd><div><dt>c</dt></div></dl>`:        `<dl><dt>a</dt><dd>b</dd><div><dt>c</dt></div></dl>`,
		`<blockquote><p>a <del>b</del></p></blockquote>`:            `<blockquote><p>a <del>b</del></p></blockquote>`,
		`<pre><code class="language-go">` + "\na</code>\n</pre>":    `<pre><code class="language-go">` + "\na</code>\n</pre>",
		`<b><b><b><b>a</b></b></b></b>`:                             `<b><b><b><b>a</b></b></b></b>`,
		"<table>\n<thead><tr><th>a</th></tr></thead></table>":       "<table>\n<thead><tr><th>a</th></tr></thead></table>",
		`<svg viewBox="0 0 1 1"><line x1="0"/><text>a</text></svg>`: `<svg viewBox="0 0 1 1"><line x1="0"></line><text>a</text></svg>`,
		`<div class="scroll" tabindex="0" role="region">a</div>`:    `<div class="scroll" role="region">a</div>`,
		`<img srcset="/a.png 480w, /b.png 640w" sizes="50vw">`:      `<img srcset="https://pati.example/a.png 480w, https://pati.example/b.png 640w" sizes="50vw"/>`,
	}
}

func TestWellFormedFragments(t *testing.T) {
	for fragment, want := range ours() {
		got, sure := feed.WellFormed(fragment, page)
		if !sure || got != want {
			t.Errorf("%s\n got %s %t\nwant %s", fragment, got, sure, want)
		}
		bothWaysAgree(t, fragment, page)
	}
}

// others are fragments that only the builder of trees knows how to read.
func others() []string {
	return []string{
		`<p>a`, `a</p>`, `<p>a</div>`, `<b><i>a</b></i>`, `<p`, `<p a`, `<p a="`, `<p a="b"`, `</`, `</p`, `a < b`, `<>`, `</>`,
		`<P>a</P>`, `<p>a</p >`, `<p >a</ p>`, `<p/>a</p>`, `<p/>a`, `<p / >a</p>`, `</br>`, `<br></br>`, "<p\nid=\"a\">b</p>",
		`<p id=a>b</p>`, `<p id='a'>b</p>`, `<p id = "a">b</p>`, `<p ID="a">b</p>`, `<p id="a"class="b">c</p>`, `<p id="a" id="b">c</p>`,
		`<p ="a">b</p>`, `<p xml:lang="id">a</p>`, `<p é="a">b</p>`,
		`a & b`, `a &amp b`, `a &copy; b`, `&#13;`, `&#1;`, `&#x27;`, `&#128;`, `<a title="&ampb">c</a>`, `<a href="?a=1&copy=2">b</a>`,
		`<p><p>a</p></p>`, `<p><div>a</div></p>`, `<p><b><ul></ul></b></p>`, `<p><table></table></p>`, `<p>a<hr></p>`, `<h1><h2>a</h2></h1>`,
		`<a>b<a>c</a></a>`, `<li>a</li>`, `<ul><li>a<li>b</li></li></ul>`, `<dt>a</dt>`, `<dl><dt><div><dt>a</dt></div></dt></dl>`,
		`<table><tr><td>a</td></tr></table>`, `<table>a</table>`, `<table><tbody>&nbsp;</tbody></table>`, `<table><p>a</p></table>`,
		`<table><col></table>`, `<table><tbody><td>a</td></tbody></table>`, `<td>a</td>`, `<tbody></tbody>`, `<table><table></table></table>`,
		`<table><colgroup>a</colgroup></table>`, `<table><colgroup><p>a</p></colgroup></table>`, `<table><tbody><tr><tr></tr></tr></tbody></table>`,
		"<pre>\na</pre>", "<pre><b hidden>a</b>\nb</pre>", "<pre>\n</pre>",
		`<svg><p>a</p></svg>`, `<svg viewbox="0"></svg>`, `<svg refx="0"></svg>`, `<svg aria-Label="a"></svg>`, `<svg><title>a</title></svg>`, `<svg><a href="#b">c</a></svg>`,
		`<svg><line xlink:href="#a"/></svg>`, `<line/>`, `<svg><g><svg></svg></g></svg>`, `<svg><![CDATA[a]]></svg>`, `<svg><LINE/></svg>`,
		`<!-- a -->`, `<!doctype html>`, `<?a?>`, `<script>a</script>`, `<style>a</style>`, `<title>a</title>`, `<textarea>a</textarea>`,
		`<noscript>a</noscript>`, `<template>a</template>`, `<select><option>a</option></select>`, `<math><mi>a</mi></math>`, `<x-y>a</x-y>`,
		`<html>a</html>`, `<body>a</body>`, `<image>`, `<plaintext>`, `<form></form>`, `<button>a</button>`, `<font>a</font>`,
		strings.Repeat("<b>", 64) + strings.Repeat("</b>", 64), strings.Repeat("<b>", 600),
	}
}

func TestOtherFragmentsNeedATree(t *testing.T) {
	for _, fragment := range others() {
		if got, sure := feed.WellFormed(fragment, page); sure {
			t.Errorf("%s became %s", fragment, got)
		}
	}
}

// TestNoElementIsElsewhereInTheTree puts every element in every other, in the places where the builder of trees has rules.
func TestNoElementIsElsewhereInTheTree(t *testing.T) {
	names := strings.Fields(`a abbr address article b blockquote br button caption circle code col colgroup dd details div dl
		dt em figcaption figure font form g h1 h2 hr i img input li line main math nav ol option p path pre rt ruby section
		select small span strong sub summary svg table tbody td text tfoot th thead time title tr u ul var x-y`)
	element := func(name, contents string) string {
		switch name {
		case "br", "col", "hr", "img", "input":
			return "<" + name + ">" + contents
		}
		return "<" + name + ">" + contents + "</" + name + ">"
	}
	places := []string{
		"*", "a*b", "<p>*</p>", "<a>*</a>", "<h3>*</h3>", "<b><b><b>*</b></b></b>", "<ul><li>*</li></ul>", "<dl><div>*</div></dl>",
		"<dl><dt>*</dt></dl>", "<table>*</table>", "<table><tbody>*</tbody></table>", "<table><caption>*</caption></table>",
		"<i><table><tbody><tr>*</tr></tbody></table></i>", "<a><table><tbody><tr><td>*</td></tr></tbody></table></a>", "<svg>*</svg>",
	}
	sure := 0
	for _, outer := range names {
		for _, inner := range names {
			for _, place := range places {
				if bothWaysAgree(t, strings.Replace(place, "*", element(outer, element(inner, "x")), 1), page) {
					sure++
				}
			}
		}
	}
	if sure < 1000 {
		t.Errorf("only %d need no tree", sure)
	}
}

func FuzzAbsoluteAgrees(f *testing.F) {
	for fragment := range ours() {
		f.Add(fragment)
		f.Add(`<div>` + fragment + `</div>`)
	}
	for _, fragment := range others() {
		f.Add(fragment)
		f.Add(`<div>` + fragment + `</div>`)
	}
	f.Fuzz(func(t *testing.T, fragment string) { bothWaysAgree(t, fragment, page) })
}

func BenchmarkAbsolute(b *testing.B) {
	for name, way := range map[string]func(string, string) bool{
		"well-formed": func(fragment, base string) bool { _, err := feed.Absolute(fragment, base); return err == nil },
		"any-HTML":    func(fragment, base string) bool { _, err := feed.AnyHTML(fragment, base); return err == nil },
	} {
		b.Run(name, func(b *testing.B) {
			entries, octets := written(b), 0
			for _, fragment := range entries {
				octets += len(fragment)
			}
			b.SetBytes(int64(octets))
			b.ReportAllocs()
			for b.Loop() {
				for _, fragment := range entries {
					if !way(fragment, page) {
						b.Fatal(fragment)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(entries)), "ns/fragment")
		})
	}
}
