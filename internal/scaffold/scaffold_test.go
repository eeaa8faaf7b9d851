package scaffold

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pendapa/internal/decode"
	"pendapa/internal/demo"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/source"
)

var titles = []string{"Bank sampah", `"kutip" & <tanda>: #1 'lagi'`, "- [x] {{ .Site }}", "日本語 の 題", "no", "2026", "ya: tidak\\n", strings.Repeat("panjang ", 20)}

func page(kind model.Kind, title string, lang locale.Lang) Page {
	p := Page{Kind: kind, Title: title, Order: 3, Today: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Lang: lang}
	switch kind {
	case model.KindSection:
		p.In = "bab"
	case model.KindDimension:
		p.Slug = "living"
	}
	return p
}

// decodes reads a page as a build does.
func decodes(t *testing.T, file, text string) []diag.Problem {
	t.Helper()
	problems := &diag.List{}
	place, ok := model.Locate(file, []locale.Lang{locale.Indonesian}, problems)
	if ok {
		if split, ok := source.Split(file, []byte(text), time.UTC, problems); ok {
			model.Decode(&decode.Decoder{}, place, &split, false, decode.File{Name: file, Problems: problems, Location: time.UTC})
		}
	}
	return problems.Sorted()
}

// commentedKey is the # before a key that is not set; explanations have a blank behind it, and one only.
var commentedKey = regexp.MustCompile(`(?m)^#([^ ]|  )`)

// A new page is right as it is written, and stays right when every key in it is brought to life.
func TestNewPagesAreValid(t *testing.T) {
	for _, kind := range model.Kinds() {
		for _, lang := range locale.Languages() {
			for _, title := range titles {
				p := page(kind, title, lang)
				file, err := p.File()
				if err != nil {
					t.Errorf("%s %q: %v", kind, title, err)
					continue
				}
				text := p.Text()
				for _, problem := range decodes(t, file, text) {
					t.Errorf("%s: %v\n%s", kind, problem, text)
				}
				alive := commentedKey.ReplaceAllString(text, "$1")
				for _, problem := range decodes(t, file, alive) {
					t.Errorf("%s, every key alive: %v %s\n%s", kind, problem, problem.Hint, alive)
				}
				for _, k := range model.Keys(kind) {
					if !regexp.MustCompile(`(?m)^#?` + k.Name + `:`).MatchString(text) {
						t.Errorf("%s: %s is not explained", kind, k.Name)
					}
				}
			}
		}
	}
}

func TestEveryKeyIsDescribed(t *testing.T) {
	var look func(where string, keys []decode.Key)
	look = func(where string, keys []decode.Key) {
		for _, k := range keys {
			if k.Doc == "" {
				t.Errorf("%s.%s has no description", where, k.Name)
			}
			look(where+"."+k.Name, k.Keys)
			if k.Item != nil {
				look(where+"."+k.Name, k.Item.Keys)
			}
		}
	}
	for _, kind := range model.Kinds() {
		look(string(kind), model.Keys(kind))
	}
}

func TestTitlesWithoutAnAddressAreRefused(t *testing.T) {
	for _, title := range []string{"", "!!!", "🌊🌊", "\u200b"} {
		if file, err := page(model.KindPage, title, locale.Indonesian).File(); err == nil {
			t.Errorf("%q: %s", title, file)
		}
	}
	for _, p := range []Page{{Kind: model.KindDimension, Title: "Bukan dimensi"}, {Kind: model.KindPage, Title: "x", In: "quick-wins"}, {Kind: model.KindPage, Title: "x", In: "../.."}, {Kind: model.KindPage, Title: "x", In: "/etc"}, {Kind: model.KindPage, Title: "con"}} {
		p.Lang = locale.Indonesian
		if file, err := p.File(); err == nil && !strings.HasPrefix(file, "content/etc/") {
			t.Errorf("%+v: %s", p, file)
		}
	}
}

// A54: new never writes over a file, and never outside the site's folder.
func TestNewLeavesFilesAlone(t *testing.T) {
	dir := t.TempDir()
	p := page(model.KindPage, "Halaman", locale.Indonesian)
	file, err := New(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file), []byte("tulisan saya"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(dir, p); err == nil {
		t.Error("a file was written over")
	}
	if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(text) != "tulisan saya" {
		t.Errorf("%s, %v", text, err)
	}
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "content", "luar")); err != nil {
		t.Fatal(err)
	}
	p.In = "luar"
	if _, err := New(dir, p); err == nil {
		t.Error("a page was written through a link that leads out")
	}
	if entries, _ := os.ReadDir(outside); len(entries) > 0 {
		t.Error("something was written outside")
	}
}

// A54: init refuses a folder that is not empty, and what it writes is nothing of Pati's.
func TestInit(t *testing.T) {
	for _, lang := range locale.Languages() {
		dir := filepath.Join(t.TempDir(), "kota", "portal")
		files, err := Init(dir, "Kabupaten Rembang", lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(files, "site.yaml") || !slices.Contains(files, "content/quick-wins/_index.md") || !slices.Contains(files, ".vscode/settings.json") {
			t.Error(files)
		}
		named := false
		err = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			if regexp.MustCompile(`\bPati\b|CITY`).Match(text) {
				t.Errorf("%s speaks of Pati", name)
			}
			named = named || strings.Contains(string(text), "Kabupaten Rembang")
			return err
		})
		if err != nil || !named {
			t.Error("the city is not named", err)
		}
		if _, err := Init(dir, "Lain", lang, nil); err == nil {
			t.Error("a folder that is not empty was written to")
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "site.yaml")); strings.Contains(string(text), "Lain") {
			t.Error("a refused init changed a file")
		}
	}
	site, err := fs.Sub(demo.Site, "site")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir() // there, and empty
	if _, err := Init(dir, "", locale.Indonesian, site); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "site.yaml")); !strings.Contains(string(text), "Kabupaten Contoh") {
		t.Error("the demo is not Kabupaten Contoh")
	}
}
