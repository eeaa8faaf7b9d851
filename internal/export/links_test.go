package export

import (
	"strings"
	"testing"
)

func TestLinksAreRewrittenAndNothingElse(t *testing.T) {
	absolute := func(element, attribute, value string) string {
		if element == "a" && strings.HasPrefix(value, "/") {
			return "https://x.example" + value
		}
		return value
	}
	for in, want := range map[string]string{
		`<a href="/opd/dlh/">DLH</a>`:                            `<a href="https://x.example/opd/dlh/">DLH</a>`,
		`<a class="term" href="/istilah/a&amp;b/?x=1#y">x</a>`:   `<a class="term" href="https://x.example/istilah/a&amp;b/?x=1#y">x</a>`,
		`<a href="#bab-1">x</a><a href="https://y.example/">`:    `<a href="#bab-1">x</a><a href="https://y.example/">`,
		`<img src="/a.png" alt="&lt;a href=&quot;/x&quot;&gt;">`: `<img src="/a.png" alt="&lt;a href=&quot;/x&quot;&gt;">`,
		`<p>teks "href=" &amp; <br/></p><!-- <a href="/x"> -->`:  `<p>teks "href=" &amp; <br/></p><!-- <a href="/x"> -->`,
		`<link rel="stylesheet" href="/assets/site.css">`:        `<link rel="stylesheet" href="/assets/site.css">`,
	} {
		if got := string(rewrite([]byte(in), absolute)); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add(`<a href="/x">y</a><img src='/z'><script>a<b</script>`)
	f.Add(`<a href=/x/>&<`)
	f.Fuzz(func(t *testing.T, text string) {
		same := rewrite([]byte(text), func(_, _, value string) string { return value })
		if string(same) != text {
			t.Errorf("%q became %q", text, same)
		}
	})
}
