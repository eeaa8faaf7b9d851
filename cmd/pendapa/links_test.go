//go:build unix

package main

import (
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pendapa/internal/demo"
)

// page is what a finished page holds that others may lead to.
type page struct {
	ids   map[string]bool
	links []string
}

func readPage(t *testing.T, name string) page {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	p := page{ids: make(map[string]bool)}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				if p.ids[a.Val] {
					t.Errorf("%s: the id %q stands twice", name, a.Val)
				}
				p.ids[a.Val] = true
			case "href", "src":
				p.links = append(p.links, a.Val)
			case "aria-labelledby":
				p.links = append(p.links, "#"+a.Val)
			}
		}
	}
	return p
}

// Every link of the finished portals leads to a file of theirs, and its fragment to an id there; at a root and under a
// path.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"pati":              {"-C", "../.."},
		"demo under a path": {"-C", site, "--as-of", demo.AsOf, "--base-url", "https://x.example/a/b/"},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			if text, err := exec.Command("pendapa", append([]string{"build", "--out", out}, args...)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			base := "/"
			if name != "pati" {
				base = "/a/b/"
			}
			pages := make(map[string]page)
			err := filepath.WalkDir(out, func(file string, entry fs.DirEntry, err error) error {
				if err == nil && filepath.Ext(file) == ".html" {
					relative, _ := filepath.Rel(out, file)
					pages[filepath.ToSlash(relative)] = readPage(t, file)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			checked := 0
			for from, p := range pages {
				for _, link := range p.links {
					u, err := url.Parse(link)
					if err != nil {
						t.Errorf("%s: %q: %v", from, link, err)
						continue
					}
					if u.Scheme != "" {
						continue // another site, or the page's own full address
					}
					checked++
					target := from
					if u.Path != "" {
						below, ok := strings.CutPrefix(u.Path, base)
						if !ok {
							t.Errorf("%s: %q is not under %s", from, link, base)
							continue
						}
						if target = below; below == "" || strings.HasSuffix(below, "/") {
							target = path.Join(below, "index.html")
						}
					}
					if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(target))); err != nil {
						t.Errorf("%s: %q leads nowhere", from, link)
					} else if u.Fragment != "" && !pages[target].ids[u.Fragment] {
						t.Errorf("%s: %q: there is no such id on %s", from, link, target)
					}
				}
			}
			if checked < 1000 {
				t.Errorf("only %d links were checked", checked)
			}
		})
	}
}
