package host

import (
	"os"
	"strings"
	"testing"
)

func TestRulesStandInTheirOrder(t *testing.T) {
	got := string(HeadersFile("/pati/", []Rule{{"/pati/assets/site.0123abcd.css", []Header{Forever}}}))
	want := "/pati/*\n  Content-Security-Policy: " + Policy + "\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n  Access-Control-Allow-Origin: *\n" +
		"/pati/assets/site.0123abcd.css\n  Cache-Control: public, max-age=31536000, immutable\n"
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestRedirectsAreSorted(t *testing.T) {
	if got := string(RedirectsFile([]Redirect{{"/b/", "/x/"}, {"/a/", "/y/"}})); got != "/a/ /y/ 301\n/b/ /x/ 301\n" {
		t.Errorf("%s", got)
	}
}

// The README has the same headers for servers that take none from files.
func TestReadmeHasTheHeadersOfEveryServer(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []string{"nginx", "Caddy", "Apache"} {
		_, rest, found := strings.Cut(string(readme), "<details><summary>"+server+"</summary>")
		snippet, _, _ := strings.Cut(rest, "</details>")
		if !found {
			t.Errorf("no lines for %s", server)
		}
		for _, h := range append(Headers(), Forever, Open) {
			if !strings.Contains(snippet, h.Name) || !strings.Contains(snippet, h.Value) {
				t.Errorf("%s: no %s: %s", server, h.Name, h.Value)
			}
		}
	}
}
