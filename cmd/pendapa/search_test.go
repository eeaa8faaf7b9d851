package main

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pendapa/internal/locale"
	"pendapa/internal/search"
	"pendapa/internal/stem"
)

// hostileQueries are what people and programs may put into a search box.
var hostileQueries = []string{
	"", " ", "yang dan di", "__proto__", "constructor toString", "<img src=x onerror=alert(1)>", strings.Repeat("sampah ", 1500), strings.Repeat("x", 10000),
	"\u202eabc sampah", "sam\u0301pah", "😀 sampah", "كاتب", "\x00\x07", "日本語", "ΣΑΣ", "İSTANBUL", "ﬁle x²", "1.324.188", "Jum'at 'kutip'", "anak-anak", "½ ٣٤٥ 1.٣٤٥",
}

// searchAnswer is what both sides say on a query.
type searchAnswer struct {
	Words  []string // as they are split
	Meant  []string
	Total  int
	Pages  []string
	Anchor []string // of the first heading of each page
}

// The browser's half of search answers as the Go half does, over Pati's own texts, under the portal's policy: stems,
// words, guesses, order, headings.
func TestSearchIsTheSameInTheBrowser(t *testing.T) {
	builder := search.NewBuilder(locale.Indonesian, search.Abbreviation{Short: "OPD", Full: "Organisasi Perangkat Daerah"})
	var words []string
	content := os.DirFS("../../content")
	err := fs.WalkDir(content, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		data, err := fs.ReadFile(content, name)
		d := search.Document{URL: strings.TrimSuffix(name, ".md") + "/", Title: strings.TrimSuffix(path.Base(name), ".md"), Kind: "page"}
		for i, part := range strings.Split(string(data), "\n## ") {
			s := search.Section{Text: part}
			if i > 0 {
				s.Heading, s.Text, _ = strings.Cut(part, "\n")
				s.ID = strings.ToLower(s.Heading)
			}
			d.Sections = append(d.Sections, s)
		}
		builder.Add(d)
		search.Split(locale.Indonesian, string(data), func(w string) { words = append(words, w) })
		return err
	})
	if err != nil || len(words) < 5000 {
		t.Fatal(err, len(words))
	}
	files := make(map[string][]byte)
	for _, f := range builder.Files() {
		files[f.Name] = f.Data
	}
	index, err := search.Open(func(name string) ([]byte, error) { return files[name], nil })
	if err != nil {
		t.Fatal(err)
	}

	queries := append([]string(nil), hostileQueries...)
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 400 {
		a, b := words[r.IntN(len(words))], words[r.IntN(len(words))]
		if letters := []rune(a); i%3 == 0 && len(letters) > 4 {
			at := 1 + r.IntN(len(letters)-2)
			a = string(letters[:at]) + string(letters[at+1:])
		}
		queries = append(queries, a+" "+b)
	}
	var want []searchAnswer
	for _, query := range queries {
		answer, err := index.Search(query, 10)
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		w := searchAnswer{Total: answer.Total}
		search.Split(locale.Indonesian, query, func(word string) { w.Words = append(w.Words, word) })
		for _, word := range answer.Words {
			w.Meant = append(w.Meant, word.Meant)
		}
		for _, result := range answer.Results {
			w.Pages = append(w.Pages, result.URL)
			anchor := ""
			if len(result.Sections) > 0 {
				anchor = result.Sections[0].ID
			}
			w.Anchor = append(w.Anchor, anchor)
		}
		want = append(want, w)
	}
	stems := make(map[string]string)
	for _, w := range words {
		stems[w] = stem.Indonesian(w)
	}
	vectors, err := os.ReadFile("../../internal/stem/testdata/indonesian.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(vectors)) {
		word, s, _ := strings.Cut(strings.TrimSpace(line), " ")
		stems[word] = s
	}

	const script = `
		import { Index, split } from "/browser/index.js"
		import { stem } from "/browser/stem-id.js"
		const { Queries, Stems } = await (await fetch("/given.json")).json()
		const index = await Index.open("/index/", stem)
		const answers = []
		for (const query of Queries) {
			const { words, matches } = await index.search(query)
			const results = await Promise.all(matches.slice(0, 10).map(m => index.result(m)))
			answers.push({ Words: split(query, "id"), Meant: words.map(w => w.meant), Total: matches.length, Pages: results.map(r => r.url), Anchor: results.map(r => r.sections[0]?.id ?? "") })
		}
		const wrong = Object.entries(Stems).filter(([word, s]) => stem(word) !== s).map(([word]) => word)
		document.body.dataset.answers = JSON.stringify({ Answers: answers, Wrong: wrong })`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'")
		switch name := request.URL.Path; {
		case name == "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<!doctype html><meta charset="utf-8"><title>x</title><script type="module" src="/test.js"></script>`))
		case name == "/test.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = w.Write([]byte(script))
		case name == "/given.json":
			_ = json.NewEncoder(w).Encode(map[string]any{"Queries": queries, "Stems": stems})
		case strings.HasPrefix(name, "/browser/"):
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			http.ServeFileFS(w, request, os.DirFS("../../static/assets/search"), strings.TrimPrefix(name, "/browser/"))
		case files[strings.TrimPrefix(name, "/index/")] != nil:
			_, _ = w.Write(files[strings.TrimPrefix(name, "/index/")])
		default:
			http.NotFound(w, request)
		}
	}))
	defer server.Close()
	ctx := browser(t)
	complaints := complaintsOf(t, ctx)
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/")); err != nil {
		t.Fatal(err)
	}
	said := ""
	for end := time.Now().Add(60 * time.Second); said == "" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		said = evaluate[string](t, ctx, `document.body?.dataset.answers ?? ""`)
	}
	var got struct {
		Answers []searchAnswer
		Wrong   []string
	}
	if err := json.Unmarshal([]byte(said), &got); err != nil || len(got.Answers) != len(want) {
		t.Fatalf("%v: %.200s %v", err, said, complaints())
	}
	if len(got.Wrong) > 0 {
		t.Errorf("%d stems differ: %.10q", len(got.Wrong), got.Wrong)
	}
	for i, w := range want {
		a, _ := json.Marshal(nonNil(got.Answers[i]))
		b, _ := json.Marshal(nonNil(w))
		if string(a) != string(b) {
			t.Errorf("%.80q:\nbrowser %.600s\nGo      %.600s", queries[i], a, b)
		}
	}
	for _, c := range complaints() {
		if !strings.Contains(c, "favicon") {
			t.Errorf("the browser says: %s", c)
		}
	}
}

// nonNil makes empty lists of those that are not there.
func nonNil(a searchAnswer) searchAnswer {
	for _, list := range []*[]string{&a.Words, &a.Meant, &a.Pages, &a.Anchor} {
		if *list == nil {
			*list = []string{}
		}
	}
	return a
}
