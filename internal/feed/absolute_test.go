package feed_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"pendapa/internal/feed"
)

const page = "https://pati.example/en/quick-wins/sampah/"

func TestAddressesBecomeAbsolute(t *testing.T) {
	for fragment, want := range map[string]string{
		`<a href="../jalan/">x</a>`:                           `<a href="https://pati.example/en/quick-wins/jalan/">x</a>`,
		`<a href="/berita/?a=1&amp;b=2#c">x</a>`:              `<a href="https://pati.example/berita/?a=1&amp;b=2#c">x</a>`,
		`<a href="#bagian">x</a>`:                             `<a href="https://pati.example/en/quick-wins/sampah/#bagian">x</a>`,
		`<a href="">x</a>`:                                    `<a href="https://pati.example/en/quick-wins/sampah/">x</a>`,
		`<a href="//lain.example/x">x</a>`:                    `<a href="https://lain.example/x">x</a>`,
		`<a href=" /x&#10;y ">x</a>`:                          `<a href="https://pati.example/xy">x</a>`,
		`<a href="mailto:a@b.example">x</a>`:                  `<a href="mailto:a@b.example">x</a>`,
		`<img src="a.png" alt="">`:                            `<img src="https://pati.example/en/quick-wins/sampah/a.png" alt=""/>`,
		`<img srcset="a.png 1x, b,c.png 2x">`:                 `<img srcset="https://pati.example/en/quick-wins/sampah/a.png 1x, https://pati.example/en/quick-wins/sampah/b,c.png 2x"/>`,
		`<img srcset="/a.png,/b.png">`:                        `<img srcset="https://pati.example/a.png,/b.png"/>`,
		`<img srcset="/a.png, /b.png 2x">`:                    `<img srcset="https://pati.example/a.png, https://pati.example/b.png 2x"/>`,
		`<video poster="p.jpg"></video>`:                      `<video poster="https://pati.example/en/quick-wins/sampah/p.jpg"></video>`,
		`<q cite="/x">x</q>`:                                  `<q cite="https://pati.example/x">x</q>`,
		`<svg><use href="#a"></use><a href="#b">x</a></svg>`:  `<svg><use href="#a"></use><a href="https://pati.example/en/quick-wins/sampah/#b">x</a></svg>`,
		`<svg><use xlink:href="/a.svg#b"></use></svg>`:        `<svg><use xlink:href="https://pati.example/a.svg#b"></use></svg>`,
		`<a href="http://[x">x</a><a href="https:x">y</a>`:    `<a>x</a><a>y</a>`,
		`<a href="java&#9;script:alert(1)" title="t">x</a>`:   `<a title="t">x</a>`,
		`<table><tr><td><a href=x>x</a></table>`:              `<table><tbody><tr><td><a href="https://pati.example/en/quick-wins/sampah/x">x</a></td></tr></tbody></table>`,
		`<p>satu<p>dua`:                                       `<p>satu</p><p>dua</p>`,
		"<pre>\n\nx</pre>":                                    "<pre>\n\nx</pre>",
		`<details><summary>Data</summary><p>1</p></details>`:  `<details><summary>Data</summary><p>1</p></details>`,
		`Dinas &amp; <em>Badan</em> &lt;40 %`:                 `Dinas &amp; <em>Badan</em> &lt;40 %`,
		`<a href="https://pati.example/a%20b?q=%C3%A9">x</a>`: `<a href="https://pati.example/a%20b?q=%C3%A9">x</a>`,
	} {
		got, err := feed.Absolute(fragment, page)
		if err != nil || got != want {
			t.Errorf("%s\n got %s %v\nwant %s", fragment, got, err, want)
		}
		bothWaysAgree(t, fragment, page)
	}
}

func TestWhatOnlyThePageHasAUseForIsLeftOut(t *testing.T) {
	for fragment, want := range map[string]string{
		`<h2 id="a">A <a class="anchor" href="#a" aria-label="x">#</a></h2>`:           `<h2 id="a">A </h2>`,
		`<a class="x anchor y">#</a><a class="anchored">b</a>`:                         `<a class="anchored">b</a>`,
		`<div hidden><p>a<p>b</div>c`:                                                  `c`,
		`<p hidden>a<p>b`:                                                              `<p>b</p>`,
		`a<script>b</script><style>c</style><template>d</template>e`:                   `ae`,
		`<form><label>Cari <input name="q"></label></form><p>x <button>Salin</button>`: `<p>x </p>`,
		`<table tabindex="0" onclick="x" style="color:red" class="t"></table>`:         `<table class="t"></table>`,
		`a<!-- b -->c`:                  `ac`,
		`<noscript><p>a</p></noscript>`: `<p>a</p>`,
		`<iframe src="/x">y</iframe><object data="x">z</object>`: ``,
		`<xmp><b></xmp>`:                `<pre>&lt;b&gt;</pre>`,
		"<s\x01cript>alert(1)</script>": ``,
		"a\ufffeb":                      `ab`, "a\uffffb": `ab`, "a\x7f\xff\r\n": "a\x7f\ufffd\n",
	} {
		got, err := feed.Absolute(fragment, page)
		if err != nil || got != want {
			t.Errorf("%s\n got %s %v\nwant %s", fragment, got, err, want)
		}
		bothWaysAgree(t, fragment, page)
	}
}

func TestAbsoluteNeedsAnAbsolutePage(t *testing.T) {
	for _, base := range []string{"", "/x/", "pati.example", "//pati.example/", "https://%zz/"} {
		if got, err := feed.Absolute("<p>x", base); err == nil {
			t.Errorf("%q: %s", base, got)
		}
	}
	if _, err := feed.Absolute(strings.Repeat("<b>", 600), page); err == nil {
		t.Error("600 elements in each other are read")
	}
}

// body reads a fragment as readers do, which run no scripts.
func body(t testing.TB, fragment string) *html.Node {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(fragment), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Skip(err)
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return body
}

// words is the text of a tree without what Absolute promises to leave out.
func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return readable(n.Data)
	}
	gone := " base button canvas datalist embed fieldset form frame frameset iframe input keygen link meta noembed noframes object optgroup option script select style template textarea "
	if n.Type == html.CommentNode || strings.Contains(gone, " "+n.Data+" ") || n.Data == "title" && n.Namespace == "" {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "class" && strings.Contains(" "+strings.Join(strings.Fields(a.Val), " ")+" ", " anchor ") {
			return ""
		}
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(words(c))
	}
	return b.String()
}

func all(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func FuzzAbsolute(f *testing.F) {
	for _, s := range []string{
		`<p>a <a href="b">c</a>`, `<img srcset="a, b 2x,c"><img src=//x>`, `<div hidden>a<p>b</div>c<script>d</script>`,
		`<table><a href=x>y<tr><td>z</table>`, `<svg><title>a<use href="#b"><style>c</style></svg>`, "<pre>\n\na\r\x00b",
		`<math><mtext><mglyph><style><img src=x>`, `<noscript><a href="</noscript><b>">x`, `<select><a href=x>b</select>c`,
		`<a href="javascript:x" style="y" onclick=z>q</a>&#1;&#x85;`, `<plaintext><b>`, `<form><p>x</form>y`, `<h2>A <a class=anchor>#`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		want := words(body(t, readable(fragment)))
		got, err := feed.Absolute(fragment, page)
		if err != nil {
			t.Skip(err)
		}
		tree := body(t, got)
		if text := all(tree); text != want {
			t.Errorf("%q became %q, with the text %q, not %q", fragment, got, text, want)
		}
		for n := range tree.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" || n.Data == "style" {
				t.Errorf("%q became %q", fragment, got)
			}
			for _, a := range n.Attr {
				switch a.Key {
				case "href", "src", "poster", "cite", "action", "longdesc":
					u, err := url.Parse(a.Val)
					if (err != nil || !u.IsAbs()) && !(n.Namespace == "svg" && n.Data != "a" && strings.HasPrefix(a.Val, "#")) {
						t.Errorf("%q became %q, with the address %q", fragment, got, a.Val)
					}
				case "srcset":
					for candidate := range strings.SplitSeq(a.Val, ", ") {
						if u, err := url.Parse(strings.Fields(candidate)[0]); err != nil || !u.IsAbs() {
							t.Errorf("%q became %q, with the addresses %q", fragment, got, a.Val)
						}
					}
				case "style", "tabindex", "onclick":
					t.Errorf("%q became %q", fragment, got)
				}
			}
		}
	})
}
