//go:build unix

package build

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pendapa/internal/treetest"
)

// A55, A148, A149: what one system takes as a name and another does not is told, for pages, for files beside them and for
// static files, before anything is published. One byte less than what is too long is published.
// Limit: a name of a page or folder in `content/`; of any other file
// Limit: an address, `index.html` at its end included
func TestNamesThatNotEveryHostKeeps(t *testing.T) {
	const page = "---\ntitle: a\nsummary: b\n---\n"
	o := small(t)
	names := map[string]string{
		"content/a:b.md":  `the name "a:b" cannot be part of an address`,
		"content/a?.md":   `the name "a?" cannot be part of an address`,
		"content/a..md":   `the name "a." cannot be part of an address`,
		"content/a .md":   `the name "a " cannot be part of an address`,
		`content/a\b.md`:  `cannot be part of an address`,
		"content/d:e.txt": "the address /d:e.txt has signs that not every host can keep",
		`content/f\g.txt`: `the address /f\g.txt has signs`,
		"content/h.csv.":  "files of this kind are not published",
		"static/i:j.txt":  "the address /i:j.txt has signs",
		"static/k?.txt":   "the address /k?.txt has signs",
		"static/l.":       "the address /l. has signs",
		"static/m ":       "the address /m  has signs",
		`static/n\o.txt`:  `the address /n\o.txt has signs`,
		"content/" + strings.Repeat("r", 121) + ".md":                "is longer than 120 bytes",
		"static/" + strings.Repeat("p", 253):                         "has a part of more than 252 bytes",
		"static/" + deep(2001):                                       "is longer than 2000 bytes",
		"content/" + path.Dir(deep(2001)) + ".md":                    "is longer than 2000 bytes",
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
	put(t, o.Dir, "static/"+strings.ReplaceAll(deep(2000), "d", "e"), "abc")
	put(t, o.Dir, "content/"+path.Dir(deep(2000))+".md", page)
	put(t, o.Dir, "content/"+strings.Repeat("r", 120)+".md", page)
	if got := tell(o); got != "<nil> []" {
		t.Error(got)
	}
	for _, name := range []string{strings.Repeat("p", 248) + ".txt", strings.ReplaceAll(deep(2000), "d", "e"), deep(2000), strings.Repeat("r", 120) + "/index.html"} {
		if _, err := os.Stat(filepath.Join(o.Dir, "public", name)); err != nil {
			t.Errorf("not published: %.40s… of %d bytes", name, len(name))
		}
	}
}

// deep is a path of so many bytes, about 2,000, that ends with index.html, in folders of at most 120.
func deep(bytes int) string {
	name := "/index.html"
	for len(name) < bytes {
		part := min(bytes-len(name), 101)
		name = "/" + strings.Repeat("d", part-1) + name
	}
	return name[1:]
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

// A111, A115: the machine's clock is in no output of a day that is given, wherever it stands; and a page that keeps its
// size and its time is read anew all the same.
func TestNoClockIsTrusted(t *testing.T) {
	o := small(t)
	o.AsOf = "2026-03-01"
	mustRun(t, o)
	for _, year := range []int{1970, 2100} {
		cold := o
		cold.Out, cold.NoCache = filepath.Join(t.TempDir(), "cold"), true
		cold.Now = func() time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
		mustRun(t, cold)
		if treetest.Digest(t, cold.Out) != treetest.Digest(t, filepath.Join(o.Dir, "public")) {
			t.Errorf("in %d other bytes than today", year)
		}
	}
	name := filepath.Join(o.Dir, "content/tentang.md")
	for i, day := range []time.Time{time.Unix(0, 0), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} {
		for k := range 2 {
			word := fmt.Sprintf("kata%d%d", i, k)
			put(t, o.Dir, "content/tentang.md", "---\ntitle: Tentang\nsummary: s\n---\n"+word+"\n")
			if err := os.Chtimes(name, day, day); err != nil {
				t.Fatal(err)
			}
			mustRun(t, o)
			if page := treetest.Files(t, filepath.Join(o.Dir, "public"))["tentang/index.html"]; !strings.Contains(page, word) {
				t.Errorf("%s of %v is stale", word, day)
			}
		}
	}
}

// A112: whatever files a user's umask lets others read, a server may read the portal.
func TestUmaskChangesNothing(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o077))
	o := small(t)
	mustRun(t, o)
	strict := treetest.Digest(t, filepath.Join(o.Dir, "public"))
	modes := func() string {
		var list strings.Builder
		err := filepath.WalkDir(filepath.Join(o.Dir, "public"), func(name string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			fmt.Fprintln(&list, entry.Name(), info.Mode())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list.String()
	}
	was := modes()
	syscall.Umask(0)
	for _, kept := range []string{"public", cacheFolder, ".public.pendapa"} {
		if err := os.RemoveAll(filepath.Join(o.Dir, kept)); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, o)
	if treetest.Digest(t, filepath.Join(o.Dir, "public")) != strict || modes() != was {
		t.Errorf("with another umask:\n%s\nnot\n%s", modes(), was)
	}
}
