package build_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendapa"
	"pendapa/internal/build"
)

// A change is looked after wherever it can show: in pages that link to what changed, show its figures or its picture, or
// stand below it. Each case starts from a portal without mistakes, and the workspace tells what a fresh one tells.
func TestMistakesThatAChangeMakesElsewhereAreTold(t *testing.T) {
	const win = "---\ntitle: Janji\nsummary: s\nowner: unknown\nstatus: planned\nindicators:\n  - {id: %s, name: A, unit: u, direction: up}\n---\n"
	base := map[string]string{
		"site.yaml":                        "title: T\ncity: K\nurl: https://x.example/\nlanguages: [id, en]\n",
		"content/a.md":                     "---\ntitle: A\nsummary: s\n---\n[b](b.md#bagian) ![g](g.svg) [mark](/assets/mark.svg)\n\n```indicator\nquick-wins/rapi#satu\n```\n\n```indicator\nquick-wins/berkas#satu\n```\n\n[bab](masterplan/bab/sub.md)\n",
		"content/b.md":                     "---\ntitle: B\nsummary: s\n---\n## Bagian\n",
		"content/b.en.md":                  "---\ntitle: B\nsummary: s\n---\n## Bagian\n",
		"content/g.svg":                    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>`,
		"content/quick-wins/rapi/index.md": fmt.Sprintf(win, "satu"),
		"content/quick-wins/berkas.md":     fmt.Sprintf(win, "satu"),
		"content/masterplan/bab/_index.md": "---\ntitle: Bab\norder: 1\n---\n",
		"content/masterplan/bab/sub.md":    "---\ntitle: Sub\nsummary: s\norder: 1\n---\n",
		"static/assets/lain.svg":           "x",
	}
	changes := map[string]struct{ file, text, want string }{
		"a heading goes":                   {"content/b.md", strings.Replace(base["content/b.md"], "## Bagian", "## Lain", 1), "content/a.md"},
		"a page goes":                      {"content/b.md", "", "content/a.md"},
		"a page becomes a draft":           {"content/b.md", strings.Replace(base["content/b.md"], "summary", "draft: true\nsummary", 1), "content/a.md"},
		"an indicator goes":                {"content/quick-wins/berkas.md", fmt.Sprintf(win, "dua"), "content/a.md"},
		"an indicator in a folder goes":    {"content/quick-wins/rapi/index.md", fmt.Sprintf(win, "dua"), "content/a.md"},
		"a picture goes":                   {"content/g.svg", "", "content/a.md"},
		"a picture becomes something else": {"content/g.svg", "<html>", "content/g.svg"},
		"a chapter becomes a draft":        {"content/masterplan/bab/_index.md", strings.Replace(base["content/masterplan/bab/_index.md"], "order", "draft: true\norder", 1), "content/a.md"},
		"a language goes":                  {"site.yaml", strings.Replace(base["site.yaml"], "[id, en]", "[id]", 1), "content/b.en.md"},
		"a layout fails on a page":         {"layouts/page.html", "{{define \"main\"}}{{.Tidak}}{{end}}", "layouts/page.html"},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put := func(file, text string) {
				full := filepath.Join(dir, file)
				if text == "" {
					if err := os.Remove(full); err != nil {
						t.Fatal(err)
					}
					return
				}
				if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for file, text := range base {
				put(file, text)
			}
			o := build.Options{Dir: dir, AsOf: "2026-03-01", Layouts: pendapa.Layouts, Static: pendapa.Static, KeepTexts: true}
			w, err := build.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			look := func(w *build.Workspace, c build.Changes) string {
				t.Helper()
				if _, _, err := w.Update(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				problems, err := w.Check(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				var lines []string
				for _, p := range problems {
					lines = append(lines, p.Error())
				}
				return strings.Join(lines, "\n")
			}
			if got := look(w, build.Changes{All: true}); got != "" {
				t.Fatal(got)
			}
			put(change.file, change.text)
			got := look(w, build.Changes{Paths: []string{change.file}})
			fresh, err := build.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer fresh.Close()
			if want := look(fresh, build.Changes{All: true}); got != want || !strings.Contains(got, change.want) {
				t.Errorf("told\n%s\na fresh look tells\n%s\nand %s should be among it", got, want, change.want)
			}
			// Mended, nothing is left.
			if text, was := base[change.file]; was {
				put(change.file, text)
			} else {
				put(change.file, "")
			}
			if got := look(w, build.Changes{Paths: []string{change.file}}); got != "" {
				t.Errorf("mended, and still told:\n%s", got)
			}
		})
	}
}

// A folder that was gone and is back is a change, also where it holds the same as before: what was told of its absence
// has to go.
func TestAFolderThatIsBackIsAChange(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "site.yaml"), []byte("title: T\ncity: K\nurl: https://x.example/\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w, err := build.Open(build.Options{Dir: dir, Layouts: pendapa.Layouts, Static: pendapa.Static})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, _, err := w.Update(t.Context(), build.Changes{All: true}); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Update(t.Context(), build.Changes{All: true}); err == nil {
		t.Error("a folder that is gone was read")
	}
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	if portal, changed, err := w.Update(t.Context(), build.Changes{All: true}); err != nil || !changed || portal.Broken() {
		t.Error(changed, err)
	}
}

// BenchmarkUpdate measures what a saved page costs in a portal that is in memory already: reading it, linking what must
// be linked anew, and making the page. PENDAPA_BENCH_SITE names the site's folder.
func BenchmarkUpdate(b *testing.B) {
	dir := os.Getenv("PENDAPA_BENCH_SITE")
	if dir == "" {
		b.Skip("PENDAPA_BENCH_SITE names no site")
	}
	w, err := build.Open(build.Options{Dir: dir, Layouts: pendapa.Layouts, Static: pendapa.Static, KeepTexts: true})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	if _, _, err := w.Update(b.Context(), build.Changes{All: true}); err != nil {
		b.Fatal(err)
	}
	if _, err := w.Check(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "content/bintek/*/*.md"))
	if err != nil || len(pages) == 0 {
		b.Fatal(pages, err)
	}
	text, err := os.ReadFile(pages[0])
	if err != nil {
		b.Fatal(err)
	}
	defer os.WriteFile(pages[0], text, 0o644)
	name, _ := filepath.Rel(dir, pages[0])
	for _, change := range []struct{ name, format string }{
		{"body", "%s\n\nKalimat ke-%d.\n"},
		{"front", "---\ntags: [ke-%[2]d]\n%[1]s"},
	} {
		b.Run(change.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				fresh := fmt.Sprintf(change.format, text, i)
				if change.name == "front" {
					fresh = fmt.Sprintf(change.format, text[len("---\n"):], i)
				}
				if err := os.WriteFile(pages[0], []byte(fresh), 0o644); err != nil {
					b.Fatal(err)
				}
				if _, changed, err := w.Update(b.Context(), build.Changes{Paths: []string{name}}); err != nil || !changed {
					b.Fatal(changed, err)
				}
				if problems, err := w.Check(b.Context(), nil); err != nil || len(problems) > 0 {
					b.Fatal(problems, err)
				}
			}
		})
	}
}
