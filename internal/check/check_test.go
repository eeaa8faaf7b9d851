package check

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/palette"
	"pendapa/internal/scaffold"
)

// newSite is a new portal of a city, in which check finds nothing, with files changed.
func newSite(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	if _, err := scaffold.Init(dir, "Kabupaten Uji", locale.Indonesian, nil); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		full := filepath.Join(dir, name)
		if add, ok := strings.CutPrefix(text, "+"); ok {
			before, err := os.ReadFile(full)
			if err != nil {
				t.Fatal(err)
			}
			text = string(before) + add
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func options(dir string) build.Options {
	return build.Options{Dir: dir, AsOf: "2026-03-01", Layouts: pendapa.Layouts, Static: pendapa.Static}
}

func run(t *testing.T, o Options) []string {
	t.Helper()
	result, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range result.Problems {
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", p.Place(), p.Severity, p.Rule, p.Message))
	}
	return lines
}

const win = "---\ntitle: Janji\nsummary: Janji.\nowner: unknown\nstatus: on-track\nmasterplan: [pendahuluan]\n"

// Each rule finds what it is for, names the place, and finds nothing else.
func TestRules(t *testing.T) {
	const page = "---\ntitle: Halaman\nsummary: Halaman.\nmenu: Halaman\n---\n"
	tests := map[string]struct {
		files map[string]string
		want  []string
	}{
		"": {nil, nil},
		"broken-link": {map[string]string{
			"content/tentang.md": "+\n[ke sana](https://smartcity.example.go.id/tidak/ada/), [ke bagian](https://smartcity.example.go.id/quick-wins/#tidak), [baik](https://smartcity.example.go.id/quick-wins/#isi)\n",
		}, []string{
			"content/tentang.md:13:11 error broken-link: the link leads to https://smartcity.example.go.id/tidak/ada/, which is not there",
			"content/tentang.md:13:68 error broken-link: the link leads to #tidak, which is not on the page",
		}},
		"redirected-link": {map[string]string{
			"content/tentang.md": "+\n[ke yang lama](https://smartcity.example.go.id/lama/)\n",
			"content/baru.md":    strings.Replace(page, "menu:", "aliases: [/lama/]\nmenu:", 1),
		}, []string{"content/tentang.md:13:16 warning redirected-link: the link leads to an old address of content/baru.md"}},
		"orphan": {map[string]string{
			"content/sendiri.md": "---\ntitle: Sendiri\nsummary: s\n---\n[ke sini](sendiri.md)\n",
		}, []string{"content/sendiri.md warning orphan: no page links to this one"}},
		"image-alt": {map[string]string{
			"layouts/term.html": `{{define "main"}}<main><h1>{{.Title}}</h1><img src="/assets/mark.svg"></main>{{end}}`,
		}, []string{"content/istilah/opd.md error image-alt: the picture /assets/mark.svg has no words for those who cannot see it"}},
		"image-size": {map[string]string{
			"content/tentang.md": "+\n![Lebar](lebar.png)\n", "content/lebar.png": wide(t, 3000, 10),
		}, []string{"content/lebar.png warning image-size: the picture has 0 KiB and is 3000 pixels wide"}},
		"heading-order": {map[string]string{
			"content/tentang.md": "+\n#### Terlalu dalam\n",
		}, []string{`content/tentang.md:13:6 warning heading-order: the heading "Terlalu dalam" skips a level: it is of level 4 below one of level 2`}},
		"link-text": {map[string]string{
			"content/tentang.md": "+\nDaftarnya [di sini](opd/_index.md).\n",
		}, []string{`content/tentang.md:13:12 warning link-text: the link text "di sini" does not say where it leads`}},
		"summary": {map[string]string{
			"content/opd/dlh.md": "---\ntitle: Dinas Lingkungan\n---\n",
		}, []string{"content/opd/dlh.md:2:1 warning summary: the page has no summary"}},
		"overdue": {map[string]string{
			"content/quick-wins/janji.md": win + "start: 2025-01-01\nreview: quarterly\n---\n",
		}, []string{"content/quick-wins/janji.md:8:1 warning overdue: a new figure was due on 2025-04-01"}},
		"indicator-method": {map[string]string{
			"content/quick-wins/janji.md": win + "indicators:\n  - id: a\n    name: A\n    unit: u\n    direction: up\n---\n",
		}, []string{`content/quick-wins/janji.md:8:9 warning indicator-method: the indicator "a" does not say how it is measured`}},
		"indicator-source": {map[string]string{
			"content/quick-wins/janji.md": win + "indicators:\n  - id: a\n    name: A\n    unit: u\n    direction: up\n    method: m\n    measurements:\n      - {date: 2026-01-01, value: 1}\n      - {date: 2026-02-01, value: 2, source: S}\n---\n",
		}, []string{`content/quick-wins/janji.md:8:9 warning indicator-source: the figure of 2026-01-01 of the indicator "a" does not say where it comes from`}},
		"milestone-late": {map[string]string{
			"content/quick-wins/janji.md": win + "milestones:\n  - {title: Lewat, due: 2026-01-01}\n  - {title: Ditepati, due: 2026-01-01, done: 2026-01-02}\n  - {title: Nanti, due: 2027-01-01}\n---\n",
		}, []string{"content/quick-wins/janji.md:8:13 warning milestone-late: the milestone was due on 2026-01-01 and is not done"}},
		"section-unserved": {map[string]string{
			"content/masterplan/pendahuluan/latar.md": "---\ntitle: Latar\nsummary: s\norder: 1\n---\n",
		}, []string{"content/masterplan/pendahuluan/latar.md warning section-unserved: no quick win serves the section 1.1 Latar"}},
		"win-unserving": {map[string]string{
			"content/quick-wins/janji.md": strings.Replace(win, "masterplan: [pendahuluan]\n", "", 1) + "---\n",
		}, []string{"content/quick-wins/janji.md warning win-unserving: the quick win serves no section of the masterplan"}},
		"term-unexplained": {map[string]string{
			"content/tentang.md": "+\nAnggaran dari APBD dan E-KIR, `SQL`, OPD, URL, III, Badan Usaha Milik Desa (BUMDES).\n", "content/quick-wins/_index.md": "+\nAPBD lagi, BUMDES lagi.\n",
		}, []string{"content/quick-wins/_index.md:8:1 warning term-unexplained: APBD stands on 2 pages and is explained on none"}},
		"duplicate-title": {map[string]string{
			"content/satu.md": page, "content/tiga.md": strings.ReplaceAll(page, "title: Halaman", "title: halaman "),
		}, []string{`content/tiga.md:2:8 warning duplicate-title: the title "halaman" is that of content/satu.md too`}},
		"translation-stale": {map[string]string{
			"site.yaml":             "+languages: [id, en]\n",
			"content/tentang.md":    "---\ntitle: Tentang\nsummary: s\nupdated: 2026-02-02\n---\n",
			"content/tentang.en.md": "---\ntitle: About\nsummary: s\nupdated: 2026-02-01\n---\n",
		}, []string{"content/tentang.en.md:4:1 warning translation-stale: the translation is of 2026-02-01, and content/tentang.md was changed on 2026-02-02"}},
	}
	for _, rule := range Rules() {
		if _, ok := tests[rule.Name]; !ok && rule.Name != "contrast" && rule.Name != "external-link" { // they have tests of their own
			t.Errorf("the rule %s has no test", rule.Name)
		}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newSite(t, test.files)
			if got, want := strings.Join(run(t, Options{Site: options(dir)}), "\n"), strings.Join(test.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if name == "" {
				return
			}
			// The settings make a rule heavier, and switch it off.
			settings, err := os.ReadFile(filepath.Join(dir, "site.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			for level, want := range map[string]string{"off": "", "error": " error " + name, "warning": " warning " + name} {
				if err := os.WriteFile(filepath.Join(dir, "site.yaml"), fmt.Appendf(nil, "%scheck:\n  %s: %s\n", settings, name, level), 0o644); err != nil {
					t.Fatal(err)
				}
				if got := run(t, Options{Site: options(dir)}); (len(got) > 0) != (level != "off") || len(got) > 0 && !strings.Contains(got[0], want) {
					t.Errorf("with %s: %v", level, got)
				}
			}
		})
	}
}

// The names that site.yaml takes are those of the rules.
func TestSettingsKnowEveryRule(t *testing.T) {
	for _, rule := range Rules() {
		problems := &diag.List{}
		settings := config.Parse(fmt.Appendf(nil, "title: T\ncity: K\nurl: https://x.example/\ncheck:\n  %s: \"off\"\n", rule.Name), "", func(string) bool { return true }, problems)
		if settings == nil || settings.Check[rule.Name] != config.Off {
			t.Errorf("%s: %v", rule.Name, problems.Sorted())
		}
	}
}

func TestContrastIsMeasured(t *testing.T) {
	dir := newSite(t, nil)
	w, err := build.Open(options(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	portal, _, err := w.Update(context.Background(), build.Changes{All: true})
	if err != nil {
		t.Fatal(err)
	}
	f := &finder{portal: portal, levels: map[string]config.Level{"contrast": config.Error}, problems: &diag.List{}}
	f.contrast()
	if got := f.problems.Sorted(); len(got) > 0 {
		t.Error(got)
	}
	tokens := portal.Site.Settings.Palette.Light.Tokens
	for i := range tokens {
		if tokens[i].Name == "quiet" {
			tokens[i].Color, _ = palette.Parse("#cccccc")
		}
	}
	f.contrast()
	if got := f.problems.Sorted(); len(got) != 2 || !strings.Contains(got[0].Message.String(), "quiet (#cccccc) on ground") {
		t.Error(got)
	}
}

// What a build refuses is told, and the rules wait until the portal can be linked.
func TestMistakesOfTheBuildComeFirst(t *testing.T) {
	dir := newSite(t, map[string]string{"content/salah.md": "---\ntitel: x\n---\n[x](tidak.md)\n"})
	got := strings.Join(run(t, Options{Site: options(dir)}), "\n")
	if !strings.Contains(got, `unknown key "titel"`) || !strings.Contains(got, "there is no file content/tidak.md") || strings.Contains(got, "orphan") {
		t.Error(got)
	}
}

func wide(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Other sites are asked politely: one question at a time, HEAD first, and not again what they answered lately.
func TestExternalLinks(t *testing.T) {
	var at, most, asked atomic.Int64
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if n := at.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer at.Add(-1)
		time.Sleep(5 * time.Millisecond)
		switch r.URL.Path {
		case "/baik", "/baru":
		case "/tanpa-head":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		case "/pindah":
			http.Redirect(w, r, "/baru", http.StatusMovedPermanently)
		case "/sementara":
			http.Redirect(w, r, "/baru", http.StatusFound)
		case "/putar":
			http.Redirect(w, r, "/putar", http.StatusFound)
		case "/dilarang":
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer site.Close()
	dead := httptest.NewServer(nil)
	dead.Close()
	var links strings.Builder
	for _, path := range []string{"/baik", "/baik#bagian", "/tanpa-head", "/pindah", "/sementara", "/putar", "/dilarang", "/hilang"} {
		fmt.Fprintf(&links, "[Tautan %s](%s%s)\n\n", path, site.URL, path)
	}
	fmt.Fprintf(&links, "[Mati](%s/)\n", dead.URL)
	dir := newSite(t, map[string]string{"content/tentang.md": "+\n" + links.String()})
	cache := filepath.Join(dir, ".pendapa", "external.json")
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	ask := func() string {
		asked.Store(0)
		o := Options{Site: options(dir), External: &Asker{Cache: cache, Private: true, Now: func() time.Time { return now }}}
		return strings.ReplaceAll(strings.ReplaceAll(strings.Join(run(t, o), "\n"), site.URL, "SITE"), dead.URL, "DEAD")
	}
	got := ask()
	for _, want := range []string{
		"content/tentang.md:19:18 warning external-link: SITE/pindah has moved for good",
		"SITE/putar does not answer: more than 5 redirects",
		"SITE/hilang answers with 404",
		"DEAD/ does not answer: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not told: %s\n%s", want, got)
		}
	}
	if n := strings.Count(got, "external-link"); n != 4 {
		t.Errorf("%d findings\n%s", n, got)
	}
	if most.Load() != 1 {
		t.Errorf("%d questions at once to one host", most.Load())
	}
	again := ask()
	if again != got || asked.Load() != 0 {
		t.Errorf("the second time %d questions\n%s", asked.Load(), again)
	}
	now = now.Add(keepBad + time.Minute)
	if ask(); asked.Load() == 0 || asked.Load() > 16 {
		t.Errorf("after hours %d questions", asked.Load())
	}
	if err := os.WriteFile(cache, []byte("{broken"), 0o644); err != nil {
		t.Fatal(err)
	}
	if ask(); asked.Load() < 8 {
		t.Error("a damaged cache was believed")
	}
}

func TestPrivateNetworksAreNotAsked(t *testing.T) {
	asked := false
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer site.Close()
	dir := newSite(t, map[string]string{"content/tentang.md": "+\n[Dalam](" + site.URL + "/)\n"})
	if got := strings.Join(run(t, Options{Site: options(dir), External: &Asker{}}), "\n"); asked || !strings.Contains(got, "private network") {
		t.Errorf("asked: %v\n%s", asked, got)
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(`<main id=a><h2>x<a href="#">#</a></h2><a href="/x">di sini <img src=x></a><svg><text>OPD</text></svg><pre>APBD</pre>`))
	f.Add([]byte("<a href=x><a href=y></h1><h1></svg></svg>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := scan(data, true)
		for _, h := range s.headings {
			if h.level < 1 || h.level > 6 {
				t.Errorf("a heading of level %d", h.level)
			}
		}
		for _, w := range s.words {
			w = strings.TrimPrefix(w, inBrackets)
			if len(w) < shortest || len(w) > longest || strings.ToUpper(w) != w {
				t.Errorf("%q is no abbreviation", w)
			}
		}
	})
}
