package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"pendapa"
	"pendapa/internal/demo"
	"pendapa/internal/diag"
	"pendapa/internal/publish"
	"pendapa/internal/treetest"
)

func options(dir string) Options {
	return Options{Dir: dir, Out: "public", AsOf: demo.AsOf, Layouts: pendapa.Layouts, Static: pendapa.Static}
}

func mustRun(t testing.TB, o Options) Summary {
	t.Helper()
	problems := &diag.List{}
	summary, err := Run(context.Background(), o, problems)
	if err != nil || len(problems.Sorted()) > 0 {
		t.Fatalf("%v: %v", err, problems.Sorted())
	}
	return summary
}

// Promise 2, A112, A115: the same input gives the same bytes, with any number of workers, in any time zone and locale, in any
// folder, on a first build and on a later one.
func TestSameInputSameBytes(t *testing.T) {
	first := options(treetest.Demo(t))
	first.Jobs = 1
	mustRun(t, first)
	want := treetest.Digest(t, filepath.Join(first.Dir, "public"))
	if again := mustRun(t, first); again.Changed != 0 || treetest.Digest(t, filepath.Join(first.Dir, "public")) != want {
		t.Errorf("a second build changes %d files", again.Changed)
	}
	for i, jobs := range []int{2, 16} {
		t.Setenv("TZ", []string{"America/New_York", "Pacific/Kiritimati"}[i])
		t.Setenv("LANG", "de_DE.UTF-8")
		t.Setenv("LC_ALL", "tr_TR.UTF-8")
		local, processors := time.Local, runtime.GOMAXPROCS(jobs)
		time.Local = time.FixedZone("odd", (i*23-11)*3600)
		o := options(treetest.Demo(t))
		o.Jobs = jobs
		mustRun(t, o)
		time.Local = local
		runtime.GOMAXPROCS(processors)
		if got := treetest.Digest(t, filepath.Join(o.Dir, "public")); got != want {
			t.Errorf("%d jobs in %s: other bytes", jobs, os.Getenv("TZ"))
		}
	}
}

// Promise 5, A88: no word of a page that is not published is anywhere in the output, and with the flags all of them are.
func TestUnpublishedWordsLeakNowhere(t *testing.T) {
	t.Parallel()
	found := func(o Options) map[string]bool {
		mustRun(t, o)
		words := make(map[string]bool)
		err := filepath.WalkDir(filepath.Join(o.Dir, "public"), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			for _, mark := range demo.Marks() {
				if strings.Contains(strings.ToLower(string(data)+name), strings.ToLower(mark)) {
					words[mark] = true
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	o := options(treetest.Demo(t))
	if got := found(o); len(got) > 0 {
		t.Errorf("published: %v", got)
	}
	o.Drafts, o.Future = true, true
	if got := found(o); len(got) != len(demo.Marks()) {
		t.Errorf("with drafts and future pages: %v", got)
	}
}

// put replaces a file of the site.
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A109, A152 and all of "Bad input": whatever is wrong with the content, everything wrong is told in one run, and the
// published portal stays as it was.
func TestMistakesAreToldTogetherAndNothingIsPublished(t *testing.T) {
	o := options(treetest.Demo(t))
	mustRun(t, o)
	want := treetest.Digest(t, filepath.Join(o.Dir, "public"))
	put(t, o.Dir, "content/quick-wins/baru.md", "---\ntitel: x\nowner: nobody\nstatus: maybe\n---\n<b>x</b> [y](z.md)\n")
	put(t, o.Dir, "content/rusak.md", "---\ntitle: a: b\n---\n[x](javascript:alert(1))\n")
	put(t, o.Dir, "content/kembar.md", "---\ntitle: a\nsummary: b\nslug: tentang\n---\n")
	put(t, o.Dir, "content/rumah/_index.md", "---\ntitle: a\n---\n[hilang](../tentang.md#tidak-ada)\n")
	put(t, o.Dir, "content/gelap.md", "\xff\xfe")
	put(t, o.Dir, "content/program.exe", "MZ")
	problems := &diag.List{}
	if _, err := Run(context.Background(), o, problems); !errors.Is(err, ErrContent) {
		t.Fatal(err)
	}
	var told strings.Builder
	for _, p := range problems.Sorted() {
		fmt.Fprintln(&told, p)
	}
	for _, part := range []string{
		`content/gelap.md:1:1: error: the file is encoded as UTF-16`,
		`content/tentang.md: error: the address /tentang/ is taken by content/kembar.md`,
		`content/program.exe: error: files of this kind are not published`,
		`content/quick-wins/baru.md:2:1: error: unknown key "titel"`,
		`content/quick-wins/baru.md:3:8: error: no agency has the id "nobody"`,
		`content/quick-wins/baru.md:4:9: error: status "maybe" is not one of`,
		`content/quick-wins/baru.md:6:1: error: raw HTML is not allowed`,
		`content/quick-wins/baru.md:6:14: error: there is no file content/quick-wins/z.md`,
		`content/rumah/_index.md:4:10: error: no heading on content/tentang.md has the id #tidak-ada`,
		`content/rusak.md:2:9: error: a colon in the middle of a value`,
		`content/rusak.md:4:5: error: links with "javascript:" are not allowed`,
	} {
		if !strings.Contains(told.String(), part) {
			t.Errorf("not told: %s", part)
		}
	}
	if t.Failed() {
		t.Log(told.String())
	}
	if treetest.Digest(t, filepath.Join(o.Dir, "public")) != want {
		t.Error("the published portal changed")
	}
}

// A layout's mistake names the layout, its line and the page, and ends the build at once.
func TestLayoutThatFails(t *testing.T) {
	t.Parallel()
	o := options(treetest.Demo(t))
	mustRun(t, o)
	want := treetest.Digest(t, filepath.Join(o.Dir, "public"))
	for _, test := range []struct{ name, layout, text, want string }{
		{"does not parse (A70)", "layouts/page.html", "{{define \"main\"}}\n{{if}}\n{{end}}", "layouts/page.html:2: error: missing value for if"},
		{"fails on a page", "layouts/term.html", "{{define \"main\"}}\n\n  {{.Term.Nothing}}{{end}}", "layouts/term.html:3:10: error: the layout fails on content/istilah/"},
		{"missing partial (A70)", "layouts/term.html", "{{define \"main\"}}{{template \"nope\"}}{{end}}", "layouts/term.html"},
		{"unknown function (A74)", "layouts/term.html", "{{define \"main\"}}{{env \"HOME\"}}{{end}}", `layouts/term.html:1: error: function "env" not defined`},
		{"calls itself (A71)", "layouts/partials/status.html", "{{define \"status\"}}{{template \"status\" .}}{{end}}", "exceeded maximum template depth"},
		{"nil field (A75)", "layouts/quick-win.html", "{{define \"main\"}}{{.Facts.Budget.Nothing}}{{end}}", "layouts/quick-win.html:1:"},
		{"panics (A72)", "layouts/quick-win.html", "{{define \"main\"}}\n{{figure nil 1.0}}{{end}}", "layouts/quick-win.html:2:3: error: the layout fails on content/quick-wins/"},
		{"runs away (A73)", "layouts/term.html", "{{define \"main\"}}{{range 100000000}}xxxxxxxxxxxxxxxx{{end}}{{end}}", "the page grows beyond 32 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			put(t, o.Dir, test.layout, test.text)
			defer os.RemoveAll(filepath.Join(o.Dir, "layouts"))
			problems := &diag.List{}
			start := time.Now()
			_, err := Run(context.Background(), o, problems)
			if !errors.Is(err, ErrContent) || len(problems.Sorted()) == 0 || !strings.Contains(problems.Sorted()[0].Error(), test.want) {
				t.Errorf("%v: %v, want %s", err, problems.Sorted(), test.want)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if treetest.Digest(t, filepath.Join(o.Dir, "public")) != want {
				t.Error("the published portal changed")
			}
		})
	}
}

// Another city changes its settings and its content, and a layout only if it wants to.
func TestSiteReplacesBuiltInFiles(t *testing.T) {
	o := options(treetest.Demo(t))
	put(t, o.Dir, "layouts/page.html", "{{define \"main\"}}<h1>{{.Title}} sendiri</h1>{{end}}")
	put(t, o.Dir, "static/robots.txt", "User-agent: *\n")
	put(t, o.Dir, "static/.sendiri", "x\n")
	mustRun(t, o)
	page, _ := os.ReadFile(filepath.Join(o.Dir, "public/tentang/index.html"))
	if !strings.Contains(string(page), " sendiri</h1>") {
		t.Error("the site's layout was not used")
	}
	if _, err := os.Stat(filepath.Join(o.Dir, "public/robots.txt")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(o.Dir, "public/.sendiri")); err == nil {
		t.Error("a hidden file was published")
	}
}

// A portal works under a path: every address in it starts with the base.
func TestEveryAddressIsUnderTheBase(t *testing.T) {
	o := options(treetest.Demo(t))
	o.BaseURL = "https://x.example/pati"
	mustRun(t, o)
	err := filepath.WalkDir(filepath.Join(o.Dir, "public"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		data, err := os.ReadFile(name)
		for _, attribute := range []string{`href="/`, `src="/`, `url=/`} {
			for _, rest := range strings.Split(string(data), attribute)[1:] {
				if !strings.HasPrefix(rest, "pati/") {
					t.Errorf("%s: %s%.30s", name, attribute, rest)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestInterruptedBuildPublishesNothing(t *testing.T) {
	o := options(treetest.Demo(t))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, o, &diag.List{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if entries, _ := os.ReadDir(o.Dir); len(entries) != 3 { // .pendapa, content, site.yaml
		t.Errorf("left behind: %v", entries)
	}
}

// A50: of a file that changes or goes while the portal is built, half a page is never published.
func TestFileThatChangesDuringTheBuild(t *testing.T) {
	o := options(treetest.Demo(t))
	name := "content/tentang.md"
	text, err := os.ReadFile(filepath.Join(o.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	o.Jobs = 1 // the page that changes is made after the first output
	for want, meddle := range map[string]func(){
		"content/tentang.md: error: the file changed while the portal was built": func() { put(t, o.Dir, name, string(text)+"\nlagi\n") },
		"content/tentang.md: error: the file disappeared while it was read":      func() { os.Remove(filepath.Join(o.Dir, name)) },
	} {
		put(t, o.Dir, name, string(text))
		o.Disk = &meddler{then: meddle}
		if got := tell(o); !strings.HasPrefix(got, ErrContent.Error()) || !strings.Contains(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
		if _, err := os.Stat(filepath.Join(o.Dir, "public")); err == nil {
			t.Error("something was published")
		}
	}
}

// meddler changes a file of the site as soon as the first output is written.
type meddler struct {
	publish.OS
	then func()
}

func (m *meddler) WriteFile(name string, data []byte) error {
	if m.then != nil {
		m.then()
		m.then = nil
	}
	return m.OS.WriteFile(name, data)
}

func tell(o Options) string {
	problems := &diag.List{}
	_, err := Run(context.Background(), o, problems)
	return fmt.Sprintf("%v %v", err, problems.Sorted())
}

func TestFilesBesidePages(t *testing.T) {
	t.Parallel()
	o := options(treetest.Demo(t))
	const page = "---\ntitle: a\nsummary: b\n---\n"
	// A140: a name in decomposed letters and a link in composed ones are one page and one picture.
	put(t, o.Dir, "content/cafe\u0301.md", page)
	put(t, o.Dir, "content/e\u0301.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"/>`)
	put(t, o.Dir, "content/baru.md", page+"[x](caf\u00e9.md) ![y](\u00e9.svg) [z](tabel.csv) [s](/assets/site.css)\n")
	put(t, o.Dir, "content/tabel.csv", "a,b\n")
	if got := tell(o); got != "<nil> []" {
		t.Fatal(got)
	}
	html, _ := os.ReadFile(filepath.Join(o.Dir, "public/baru/index.html"))
	for _, part := range []string{`href="/caf%C3%A9/"`, `src="/%C3%A9.svg" alt="y" width="8" height="4"`, `href="/tabel.csv"`, `href="/assets/site.`} {
		if !strings.Contains(string(html), part) {
			t.Errorf("no %s in %s", part, html)
		}
	}
	put(t, o.Dir, "content/jahat.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	if got := tell(o); !strings.Contains(got, "content/jahat.svg:1:41: error: the drawing holds <script>") {
		t.Error(got)
	}
	put(t, o.Dir, "content/jahat.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	put(t, o.Dir, "content/baru.md", "---\ntitle: a\nsummary: b\nimage: {src: hilang.png, alt: x}\n---\n")
	if got := tell(o); !strings.Contains(got, "content/baru.md:4:14: error: there is no file content/hilang.png") {
		t.Error(got)
	}
}

// A portal without search has nothing of it: no box, no page, no script, no index.
func TestSearchSwitchedOffIsGone(t *testing.T) {
	o := options(treetest.Demo(t))
	settings, err := os.ReadFile(filepath.Join(o.Dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, o.Dir, "site.yaml", strings.Replace(string(settings), "features:\n", "features:\n  search: false\n", 1))
	if got := tell(o); got != "<nil> []" {
		t.Fatal(got)
	}
	err = filepath.WalkDir(filepath.Join(o.Dir, "public"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		data = bytes.ReplaceAll(data, []byte(`<script type="application/ld+json">`), nil) // data, and no script
		if strings.Contains(name, "/cari/") || strings.HasSuffix(name, ".js") || strings.HasSuffix(name, ".html") && (bytes.Contains(data, []byte("<script")) || bytes.Contains(data, []byte("<form"))) {
			t.Errorf("%s is there, or has a box or a script", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A141, A151, A153, A154, A156: two sources of one address are told with both names, on every system.
func TestTwoSourcesOfOneAddress(t *testing.T) {
	t.Parallel()
	const page = "---\ntitle: a\nsummary: b\n---\n"
	for name, files := range map[string][2]string{
		"case":            {"content/Profil.md", "content/profil.md"},
		"file and bundle": {"content/a.md", "content/a/index.md"},
		"page and folder": {"content/a.md", "content/a/_index.md"},
		"composed or not": {"content/e\u0301.md", "content/\u00e9.md"},
		"page and static": {"content/assets.md", "static/assets/index.html"},
		"page and list":   {"content/bintek/2024.md", "content/bintek/_index.md"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(treetest.Demo(t))
			for _, file := range files {
				if _, err := os.Stat(filepath.Join(o.Dir, file)); err != nil {
					text := page
					if strings.HasPrefix(file, "content/bintek/") {
						text = "---\ntitle: a\nsummary: b\ndate: 2024-01-01\n---\n"
					}
					put(t, o.Dir, file, text)
				}
			}
			if entries, _ := filepath.Glob(filepath.Join(o.Dir, "content/[Pp]rofil.md")); name == "case" && len(entries) == 1 {
				t.Skip("this file system cannot tell the two apart")
			}
			got := tell(o)
			if !strings.Contains(got, "is taken by") && !strings.Contains(got, "differs only by case") {
				t.Errorf("%v", got)
			}
		})
	}
	// The portal's own pages keep their addresses: what is told of is the file that can be renamed.
	for file, want := range map[string]string{
		"content/cari.md":                 "content/cari.md: error: the address /cari/ is taken by layouts/search.html",
		"content/cari/a.md":               "content/cari: error: the address /cari/ is taken by layouts/search.html",
		"content/cari/_index.md":          "content/cari/_index.md: error: the address /cari/ is taken by layouts/search.html",
		"static/cari/indeks/manifest.bin": "static/cari/indeks/manifest.bin: error: the address /cari/indeks/manifest.bin is taken by Pendapa itself",
	} {
		o := options(treetest.Demo(t))
		put(t, o.Dir, file, page)
		if got := tell(o); !strings.Contains(got, want) {
			t.Errorf("%s: %s", file, got)
		}
	}
	o := options(treetest.Demo(t))
	put(t, o.Dir, "static/assets/search/box.js", "let a\nlet x = {")
	if got := tell(o); !strings.Contains(got, "static/assets/search/box.js:2:10: error: the script cannot be read: expected } instead of EOF in object literal") || strings.Contains(got, "\x00") {
		t.Error(got)
	}
	o = options(treetest.Demo(t))
	put(t, o.Dir, "content/a.md", "---\ntitle: a\nsummary: b\naliases: [/tentang/]\n---\n") // A155
	if got := tell(o); !strings.Contains(got, "content/a.md: error: the alias /tentang/ is the address of content/tentang.md") {
		t.Error(got)
	}
	o = small(t)
	put(t, o.Dir, "content/a.md", "---\ntitle: a\nsummary: b\naliases: [/b/]\n---\n") // A155: in a circle
	put(t, o.Dir, "content/b.md", "---\ntitle: a\nsummary: b\naliases: [/a/]\n---\n")
	if got := tell(o); !strings.Contains(got, "content/a.md: error: the alias /b/ is the address of content/b.md") || !strings.Contains(got, "content/b.md: error: the alias /a/ is the address of content/a.md") {
		t.Error(got)
	}
	o = small(t)
	put(t, o.Dir, "content/diam.md", "---\ntitle: a\nsummary: b\nslug: \"404.html\"\n---\n") // A154
	put(t, o.Dir, "static/404.html", "<p>Tidak ada.</p>")
	put(t, o.Dir, "static/tentang/index.html", "<p>Lain.</p>")
	for _, want := range []string{"content/diam.md", "static/404.html", "static/tentang/index.html"} {
		if got := tell(o); !strings.Contains(got, want) {
			t.Errorf("not told: %s in %s", want, got)
		}
		if err := os.Remove(filepath.Join(o.Dir, want)); err != nil {
			t.Fatal(err)
		}
	}
	// A142: a title of which nothing is left has the address of its file's name; a file's name of the kind has none.
	o = small(t)
	put(t, o.Dir, "content/emoji.md", "---\ntitle: 🎉🎉\nsummary: b\n---\n## 日本語\n")
	if got := tell(o); got != "<nil> []" {
		t.Error(got)
	}
	if text := treetest.Files(t, filepath.Join(o.Dir, "public"))["emoji/index.html"]; !strings.Contains(text, "🎉🎉</h1>") || !strings.Contains(text, `id="日本語"`) {
		t.Error("the page of a title without letters is not at its file's name")
	}
	put(t, o.Dir, "content/\U0001F389.md", page)
	if got := tell(o); !strings.Contains(got, "cannot be part of an address") {
		t.Error(got)
	}
}

// A66: a file is what its name says, or it is not published.
func TestFilesThatAreNotWhatTheirNameSays(t *testing.T) {
	o := options(treetest.Demo(t))
	put(t, o.Dir, "content/a.png", "<html><script>alert(1)</script></html>")
	put(t, o.Dir, "content/b.pdf", "")
	put(t, o.Dir, "content/c.jpg", "\x89PNG\r\n\x1a\n")
	put(t, o.Dir, "content/d.gif", "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	put(t, o.Dir, "content/e.md.txt", "---\ntitle: a\n---\n")
	put(t, o.Dir, "content/Thumbs.db", "x")
	got := tell(o)
	for _, want := range []string{"content/a.png: error: the file is not what its name says", "content/b.pdf: error: the file is not", "content/c.jpg: error: the file is not", "content/e.md.txt: error: the name of a page ends with .md"} {
		if strings.HasPrefix(want, "content/e.") != strings.Contains(got, "e.md.txt") {
			continue // a wrong name is told before files are read
		}
		if !strings.Contains(got, want) {
			t.Errorf("not told: %s in %s", want, got)
		}
	}
	if err := os.Remove(filepath.Join(o.Dir, "content/e.md.txt")); err != nil {
		t.Fatal(err)
	}
	got = tell(o)
	for _, name := range []string{"a.png", "b.pdf", "c.jpg"} {
		if !strings.Contains(got, "content/"+name+": error: the file is not what its name says") {
			t.Errorf("%s is not told in %s", name, got)
		}
	}
	if strings.Contains(got, "d.gif") || strings.Contains(got, "Thumbs") {
		t.Error(got)
	}
}

// One mistake is told once, and not again wherever its page is used.
func TestOneMistakeIsToldOnce(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"direction":   {"direction: up", "direction: naik"},
		"not YAML":    {"title: ", "title: a: b "},
		"image":       {"src: ", "src: hilang-"},
		"order":       {"order: ", "order: dua"},
		"bad number":  {"decimals: ", "decimals: x"},
		"unknown key": {"owner: ", "pemilik: x\nowner: "},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(treetest.Demo(t))
			file := "content/quick-wins/pantau-sungai.md"
			if name == "order" {
				file = "content/masterplan/arah/visi-dan-sasaran.md"
			}
			text, err := os.ReadFile(filepath.Join(o.Dir, file))
			if err != nil || !strings.Contains(string(text), change[0]) {
				t.Fatalf("%s has no %q, %v", file, change[0], err)
			}
			put(t, o.Dir, file, strings.Replace(string(text), change[0], change[1], 1))
			problems := &diag.List{}
			if _, err := Run(context.Background(), o, problems); !errors.Is(err, ErrContent) {
				t.Fatal(err)
			}
			for _, p := range problems.Sorted() {
				if p.File != file {
					t.Errorf("told elsewhere: %v", p)
				}
			}
		})
	}
}

// A49. Root may read everything, so as root this test can only be skipped.
func TestUnreadableFile(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	o := options(treetest.Demo(t))
	if err := os.Chmod(filepath.Join(o.Dir, "content/tentang.md"), 0); err != nil {
		t.Fatal(err)
	}
	if got := tell(o); !strings.Contains(got, "content/tentang.md: error: cannot be read: permission denied") {
		t.Error(got)
	}
}

// A city's own mark and pattern are used; a key in static/ is passed over with a warning.
func TestBrand(t *testing.T) {
	o := options(treetest.Demo(t))
	settings, err := os.ReadFile(filepath.Join(o.Dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, o.Dir, "site.yaml", strings.Replace(string(settings), "brand:\n", "brand:\n  logo: assets/logo.svg\n  pattern: pola.svg\n", 1))
	put(t, o.Dir, "static/assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
	put(t, o.Dir, "static/pola.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
	put(t, o.Dir, "static/server.pem", "secret")
	if got := tell(o); !strings.HasPrefix(got, "<nil> [static/server.pem: warning:") {
		t.Fatal(got)
	}
	html, _ := os.ReadFile(filepath.Join(o.Dir, "public/index.html"))
	sheets, _ := filepath.Glob(filepath.Join(o.Dir, "public/assets/site.????????.css"))
	css, _ := os.ReadFile(strings.Join(sheets, " "))
	if !regexp.MustCompile(`src="/assets/logo\.[0-9a-f]{8}\.svg"`).Match(html) || !strings.Contains(string(css), "--pattern:url(../pola.svg)") {
		t.Error("the brand is not used")
	}
	if _, err := os.Stat(filepath.Join(o.Dir, "public/server.pem")); err == nil {
		t.Error("a key was published")
	}
}
