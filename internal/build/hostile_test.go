//go:build unix

package build

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pendapa/internal/treetest"
)

// A55, A148, A149: what one system takes as a name and another does not is told, for pages, for files beside them and for
// static files, before anything is published.
func TestNamesThatNotEveryHostKeeps(t *testing.T) {
	const page = "---\ntitle: a\nsummary: b\n---\n"
	o := small(t)
	names := map[string]string{
		"content/a:b.md":                     `the name "a:b" cannot be part of an address`,
		"content/a?.md":                      `the name "a?" cannot be part of an address`,
		"content/a..md":                      `the name "a." cannot be part of an address`,
		"content/a .md":                      `the name "a " cannot be part of an address`,
		`content/a\b.md`:                     `cannot be part of an address`,
		"content/d:e.txt":                    "the address /d:e.txt has signs that not every host can keep",
		`content/f\g.txt`:                    `the address /f\g.txt has signs`,
		"content/h.csv.":                     "files of this kind are not published",
		"static/i:j.txt":                     "the address /i:j.txt has signs",
		"static/k?.txt":                      "the address /k?.txt has signs",
		"static/l.":                          "the address /l. has signs",
		"static/m ":                          "the address /m  has signs",
		`static/n\o.txt`:                     `the address /n\o.txt has signs`,
		"static/" + strings.Repeat("p", 253): "has a part of more than 252 bytes",
		"content/" + strings.Repeat(strings.Repeat("q", 99)+"/", 20): "is longer than 2000 bytes",
	}
	for name := range names {
		if strings.HasSuffix(name, "/") {
			name += "q.md"
		}
		put(t, o.Dir, name, page)
	}
	got := tell(o)
	for name, want := range names {
		if !strings.Contains(got, want) {
			t.Errorf("%.40s: not told: %s", name, want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
	// What just fits is published; a compressed form would have room for its ending.
	o = small(t)
	put(t, o.Dir, "static/"+strings.Repeat("p", 248)+".txt", strings.Repeat("abc ", 1000))
	if got := tell(o); got != "<nil> []" {
		t.Error(got)
	}
}

// A51: what editors, git and people with secrets leave in static/ is not published, and secrets are told of.
func TestWhatIsLeftInStaticIsNotPublished(t *testing.T) {
	o := small(t)
	left := []string{".env", ".env.local", ".git/config", "server.pem", "id_rsa", "gaya.css.swp", "naskah.txt~", ".#a.txt", "#a.txt#"}
	for _, name := range left {
		put(t, o.Dir, "static/"+name, "RAHASIA-SEKALI")
	}
	want := "<nil> ["
	for _, name := range []string{".env", ".env.local", "id_rsa", "server.pem"} {
		want += "static/" + name + ": warning: this looks like a key; it is not published "
	}
	if got := tell(o); got != strings.TrimSuffix(want, " ")+"]" {
		t.Error(got)
	}
	for name, text := range treetest.Files(t, filepath.Join(o.Dir, "public")) {
		if strings.Contains(text, "RAHASIA-SEKALI") {
			t.Errorf("%s is published", name)
		}
	}
}

// A157: a draft at the address of a published page is told of before somebody publishes it; one that is to take the place
// of a page on its day is not.
func TestDraftsDoNotWaitAtATakenAddress(t *testing.T) {
	const page = "---\ntitle: a\nsummary: b\n%s---\n"
	for front, want := range map[string]string{
		"draft: true\n":           "content/tentang/index.md: error: the address /tentang/ is taken by content/tentang.md",
		"publish: 2099-01-01\n":   "<nil> []",
		"draft: true\nslug: lain": "",
	} {
		o := small(t)
		file := "content/tentang/index.md"
		if want == "" {
			file, want = "content/satu.md", "<nil> []"
		}
		put(t, o.Dir, file, fmt.Sprintf(page, strings.TrimSuffix(front, "\n")+"\n"))
		if got := tell(o); !strings.Contains(got, want) {
			t.Errorf("%q: %s", front, got)
		}
	}
}
