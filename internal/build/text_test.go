package build_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pendapa/internal/feed/feedtest"
	"pendapa/internal/search"
)

// A31, A33, A34, A35: whatever a title, a summary, a heading and a unit hold, they are text wherever they come out: in
// pages and their contents, in what search engines are told, in feeds, calendars, data and the index of words.
func TestTextStaysText(t *testing.T) {
	const title = "</script><script>alert(1)</script> ]]> <b>tebal</b> & \"kutip\" {{ .Site }} a\u2028b zamrud"
	const heading = "<script>alert(2)</script> {{ .Page }}"
	quoted, err := json.Marshal(title) // JSON's texts are YAML's
	if err != nil {
		t.Fatal(err)
	}
	front := fmt.Sprintf("---\ntitle: %s\nsummary: %[1]s\n", quoted)
	body := fmt.Sprintf("---\n## %s\n\n{{ .Site.Title }} {{template \"x\"}} zirkon\n\n## b\n\n## c\n\n## d\n", strings.ReplaceAll(heading, "<", `\<`))
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"site.yaml":                      smallSite,
		"content/bintek/a.md":            front + "date: 2026-02-01\nevent: {start: 2026-02-02, place: " + string(quoted) + "}\n" + body,
		"content/quick-wins/b.md":        front + "owner: c\nstatus: on-track\ngoal: " + string(quoted) + "\nindicators: [{id: x, name: " + string(quoted) + ", unit: \"\\\"><i>\", direction: up, method: " + string(quoted) + ", measurements: [{date: 2026-01-01, value: 1, note: " + string(quoted) + "}, {date: 2026-02-01, value: 2}]}]\nmilestones: [{title: " + string(quoted) + "}]\n" + body,
		"content/opd/c.md":               front + body,
		"content/istilah/d.md":           front + "full: " + string(quoted) + "\n" + body,
		"content/masterplan/e/_index.md": front + "order: 1\n" + body,
	})
	files := publish(t, dir, "", "2026-03-01")
	for _, name := range files.below("*.html") {
		doc, err := html.Parse(bytes.NewReader(files[name]))
		if err != nil {
			t.Fatal(name, err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
			}
			switch n.Data {
			case "script":
				data := textOf(n)
				if kind := attribute(n, "type"); kind == "module" && data == "" && strings.HasPrefix(attribute(n, "src"), "/sub/assets/") {
				} else if kind != "application/ld+json" || !json.Valid([]byte(data)) || strings.ContainsAny(data, "<>\u2028") {
					t.Errorf("%s: a script: %.200s", name, data)
				}
			case "b", "i":
				if text := textOf(n); text == "tebal" || n.Data == "i" {
					t.Errorf("%s: a text became markup: %s", name, text)
				}
			}
		}
	}
	for _, name := range []string{"bintek/a", "quick-wins/b", "opd/c", "istilah/d", "masterplan/e"} {
		page := files[name+"/index.html"]
		doc, err := html.Parse(bytes.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			switch text := strings.TrimSpace(textOf(n)); {
			case n.Data == "title" && n.Parent.Data == "head" && !strings.HasPrefix(text, title), n.Data == "h1" && !strings.Contains(text, title):
				t.Errorf("%s: <%s> is %q", name, n.Data, text)
			case n.Data == "h2" && attribute(n, "id") == "script-alert-2-script-page" && !strings.HasPrefix(text, heading):
				t.Errorf("%s: a heading is %q", name, text)
			}
		}
		times := bytes.Count(page, []byte(`href="#script-alert-2-script-page"`)) // at the heading, and in the contents of the page
		if name == "bintek/a" && times != 2 {
			t.Errorf("%s has no contents", name)
		}
		if got := textOf(doc); strings.Count(got, heading) < times || !strings.Contains(got, `{{ .Site.Title }} {{template "x"}} zirkon`) {
			t.Errorf("%s: its heading is not in it, or an action was carried out", name)
		}
	}
	feeds := 0
	for _, name := range files.below("*.xml") {
		if path.Base(name) != "atom.xml" {
			continue
		}
		if err := feedtest.Atom(files[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var feed struct {
			Entries []struct {
				Title string `xml:"title"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal(files[name], &feed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, e := range feed.Entries {
			if strings.Contains(e.Title, title) {
				feeds++
			}
		}
	}
	if feeds == 0 {
		t.Error("no feed has the title")
	}
	for _, name := range files.below("*.ics") {
		if err := feedtest.Calendar(files[name]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range append(files.below("*.json"), files.below("*.jsonld")...) {
		if !json.Valid(files[name]) {
			t.Errorf("%s is not JSON", name)
		}
	}
	index, err := search.Open(func(name string) ([]byte, error) { return files["cari/indeks/"+name], nil })
	if err != nil {
		t.Fatal(err)
	}
	answer, err := index.Search("zamrud", 10)
	if err != nil || len(answer.Results) != 5 {
		t.Fatal(answer, err)
	}
	for _, r := range answer.Results {
		if !strings.HasPrefix(r.Title, title) || r.Summary != title {
			t.Errorf("the index says %q, %q", r.Title, r.Summary)
		}
	}
}

func textOf(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		return n.Data
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
