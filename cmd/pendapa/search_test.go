//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	browserpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pendapa/internal/demo"
	"pendapa/internal/locale"
	"pendapa/internal/search"
	"pendapa/internal/stem"
)

// A128, A130: hostileQueries are what people and programs may put into a search box.
var hostileQueries = []string{
	"", " ", "yang dan di", "__proto__", "constructor toString", "<img src=x onerror=alert(1)>", strings.Repeat("sampah ", 1500), strings.Repeat("x", 10000),
	"\u202eabc sampah", "sam\u0301pah", "😀 sampah", "كاتب", "\x00\x07", "日本語", "ΣΑΣ", "İSTANBUL", "ﬁle x²", "1.324.188", "Jum'at 'kutip'", "anak-anak", "½ ٣٤٥ 1.٣٤٥",
	strings.Repeat("é😀 sampah ", 200), strings.Repeat("日本", 600) + " sampah",
	strings.Repeat(" ", 994) + "sampah", strings.Repeat(" ", 995) + "sampah", "air bank desa guru hutan ikan jalan kapal laut madu nelayan ombak padi", // at their limits
	"zirkon", "zamrud59", "zamrud52 zamrud53", "zamrud0",
	"s", "sa", "sam", "samp", "sampa", "pengelo", "bank sam", "biogs", "zzzzzz",
}

// searchAnswer is what both halves say on a query.
type searchAnswer struct {
	Words     []string // as they are split
	Meant     []string
	Completed []string
	Rivals    []string
	Total     int
	Pages     []string
	Anchors   []string // of the headings of all pages
}

// hosted is a published portal on a host, under the policy of DESIGN.md and under a path, that can be made to fail.
type hosted struct {
	*httptest.Server
	base string // address of the portal

	mu    sync.Mutex
	dir   string
	asked map[string]int                                // how often each path below the portal was asked for
	twist func(name string, w http.ResponseWriter) bool // takes the place of an answer where it returns true
}

// host serves a folder under /kota/, with files of its own beside it.
func host(t *testing.T, dir string, files map[string]string) *hosted {
	t.Helper()
	h := &hosted{dir: dir, asked: make(map[string]int)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		name := strings.TrimPrefix(r.URL.Path, "/kota/")
		h.mu.Lock()
		h.asked[name]++
		twist, dir := h.twist, h.dir
		h.mu.Unlock()
		if text, ok := files[r.URL.Path]; ok {
			http.ServeContent(w, r, r.URL.Path, time.Time{}, strings.NewReader(text))
			return
		}
		if twist != nil && twist(name, w) {
			return
		}
		http.StripPrefix("/kota", http.FileServer(http.Dir(dir))).ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	h.base = h.URL + "/kota/"
	return h
}

func (h *hosted) set(twist func(name string, w http.ResponseWriter) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.twist, h.asked = twist, make(map[string]int)
}

// publish puts another build in the place of the one that is served.
func (h *hosted) publish(dir string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dir = dir
}

// slow makes the files of the index wait.
func slow(wait time.Duration) func(string, http.ResponseWriter) bool {
	return func(name string, _ http.ResponseWriter) bool {
		if strings.HasSuffix(name, ".bin") {
			time.Sleep(wait)
		}
		return false
	}
}

func (h *hosted) requests() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := make(map[string]int)
	for name, n := range h.asked {
		asked[name] = n
	}
	return asked
}

// buildUnderPath builds a site for the path under which host serves it.
func buildUnderPath(t *testing.T, site string, args ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "public")
	args = append([]string{"build", "-C", site, "--out", out, "--base-url", "https://x.example/kota/"}, args...)
	if text, err := exec.Command("pendapa", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

func buildDemoUnderPath(t *testing.T) string {
	t.Helper()
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	return buildUnderPath(t, site, "--as-of", demo.AsOf)
}

// openFolder opens the index that lies in a published portal.
func openFolder(t *testing.T, dir string) *search.Index {
	t.Helper()
	index, err := search.Open(func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) })
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// The browser's half of search answers as the Go half does, over Pati's own portal as it is published: stems, words,
// guesses, completions, order, headings, facets.
func TestSearchIsTheSameInTheBrowser(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := os.CopyFS(filepath.Join(site, "content"), os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile("../../site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	long := "---\ntitle: Halaman panjang\nsummary: s\n---\n"
	for i := range 60 { // more headings than the index tells apart
		long += fmt.Sprintf("## Bagian nomor %d\n\nKata zamrud%d", i, i)
		if i < 2 || i > 50 {
			long += " dan zirkon"
		}
		long += ".\n\n"
	}
	for name, data := range map[string][]byte{"site.yaml": settings, "content/panjang.md": []byte(long)} {
		if err := os.WriteFile(filepath.Join(site, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dir := buildUnderPath(t, site)
	index := openFolder(t, filepath.Join(dir, "cari/indeks"))
	words := wordsBelow(t, "../../content")
	queries := slices.Clone(hostileQueries)
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 400 {
		a, b := words[r.IntN(len(words))], words[r.IntN(len(words))]
		letters := []rune(a)
		at := 1 + r.IntN(max(len(letters)-2, 1))
		switch {
		case len(letters) < 5:
		case i%4 == 0: // a mistake
			a = string(letters[:at]) + string(letters[at+1:])
		case i%4 == 1: // being typed
			a, b = b, string(letters[:max(at, 3)])
		case i%4 == 2:
			b += " "
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
			rival, err := index.Rival(word)
			if err != nil {
				t.Fatal(err)
			}
			w.Meant, w.Completed, w.Rivals = append(w.Meant, word.Meant), append(w.Completed, strings.Join(word.Completed, " ")), append(w.Rivals, rival)
		}
		for _, result := range answer.Results {
			w.Pages = append(w.Pages, result.URL)
			for _, section := range result.Sections {
				w.Anchors = append(w.Anchors, section.ID)
			}
		}
		want = append(want, w)
	}
	facets, err := index.Facets()
	if err != nil {
		t.Fatal(err)
	}
	wantFacets := make(map[string]int)
	for f, pages := range facets {
		wantFacets[f.Name+"|"+f.ID+"|"+f.Label] = len(pages)
	}
	given, err := json.Marshal(map[string]any{"queries": queries, "indonesian": stems(t, words, stem.Indonesian), "english": stems(t, wordsBelow(t, "../../internal"), stem.English)})
	if err != nil {
		t.Fatal(err)
	}

	modules := "/kota/" + filepath.ToSlash(strings.TrimPrefix(filepath.Dir(asset(t, dir, "assets/search.?/search.js")), dir+string(filepath.Separator))) + "/"
	h := host(t, dir, map[string]string{
		"/": `<!doctype html><html lang="id"><meta charset="utf-8"><title>x</title><script type="module" src="/test.js"></script>`,
		"/test.js": strings.ReplaceAll(`
			import { Index, split } from "MODULES/search.js"
			import { stem as indonesian } from "MODULES/stem-id.js"
			import { stem as english } from "MODULES/stem-en.js"
			const given = await (await fetch("/given.json")).json()
			const index = await Index.open("/kota/cari/indeks/")
			const answers = []
			for (const query of given.queries) {
				const { words, matches } = await index.search(query)
				const results = await Promise.all(matches.slice(0, 10).map(m => index.result(m)))
				const rivals = []
				for (const w of words) rivals.push(await index.rival(w))
				answers.push({ Words: split(query, "id"), Meant: words.map(w => w.meant), Completed: words.map(w => w.completed.join(" ")), Rivals: rivals,
					Total: matches.length, Pages: results.map(r => r.url), Anchors: results.flatMap(r => r.sections.map(s => s.id)) })
			}
			const wrong = (stem, words) => Object.entries(words).filter(([word, s]) => stem(word) !== s).map(([word]) => word)
			const facets = Object.fromEntries((await index.facets()).map(f => [f.name + "|" + f.id + "|" + f.label, f.docs.size]))
			document.body.dataset.answers = JSON.stringify({ answers, facets, wrong: [...wrong(indonesian, given.indonesian), ...wrong(english, given.english)] })`, "MODULES/", modules),
		"/given.json": string(given),
	})
	ctx := browser(t)
	complaints := complaintsOf(t, ctx)
	if err := chromedp.Do(ctx, chromedp.Navigate(h.URL+"/")); err != nil {
		t.Fatal(err)
	}
	see(t, ctx, "answers", `!!document.body?.dataset.answers`)
	var got struct {
		Answers []searchAnswer
		Facets  map[string]int
		Wrong   []string
	}
	if err := json.Unmarshal([]byte(evaluate[string](t, ctx, `document.body.dataset.answers`)), &got); err != nil || len(got.Answers) != len(want) {
		t.Fatal(err, complaints())
	}
	if len(got.Wrong) > 0 {
		t.Errorf("%d stems differ: %.10q", len(got.Wrong), got.Wrong)
	}
	for i, w := range want {
		a, _ := json.Marshal(nonNil(got.Answers[i]))
		b, _ := json.Marshal(nonNil(w))
		if !bytes.Equal(a, b) {
			t.Errorf("%.80q:\nbrowser %.600s\nGo      %.600s", queries[i], a, b)
		}
	}
	if fmt.Sprint(got.Facets) != fmt.Sprint(wantFacets) {
		t.Errorf("facets:\nbrowser %v\nGo      %v", got.Facets, wantFacets)
	}
	for _, c := range complaints() {
		t.Errorf("the browser says: %s", c)
	}
}

// nonNil makes empty lists of those that are not there.
func nonNil(a searchAnswer) searchAnswer {
	for _, list := range []*[]string{&a.Words, &a.Meant, &a.Completed, &a.Rivals, &a.Pages, &a.Anchors} {
		if *list == nil {
			*list = []string{}
		}
	}
	return a
}

// wordsBelow are the words of all texts below a folder.
func wordsBelow(t *testing.T, dir string) []string {
	t.Helper()
	var words []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".md", ".go"}, filepath.Ext(name)) {
			return err
		}
		data, err := os.ReadFile(name)
		search.Split(locale.Indonesian, string(data), func(w string) { words = append(words, w) })
		return err
	})
	if err != nil || len(words) < 5000 {
		t.Fatal(err, len(words))
	}
	return words
}

// stems are the stems of words, of words made of syllables by chance, and of the vectors of the Snowball project.
func stems(t *testing.T, words []string, stem func(string) string) map[string]string {
	t.Helper()
	vectors, err := os.ReadFile("../../internal/stem/testdata/indonesian.txt")
	if err != nil {
		t.Fatal(err)
	}
	words = slices.Concat(words, strings.Fields(string(vectors)))
	r := rand.New(rand.NewPCG(7, 7))
	parts := strings.Fields("meny peny meng mem per ber ke di ter pe be a i u e o y yy aeiou kan an i nya lah kah pun ku mu s ss ing ed eed ly ize ation ful bb ll x é gener commun")
	for range 20000 {
		word := ""
		for range 1 + r.IntN(6) {
			word += parts[r.IntN(len(parts))]
		}
		words = append(words, word)
	}
	all := make(map[string]string)
	for _, w := range words {
		all[w] = stem(w)
	}
	return all
}

// see waits until an expression is true in the browser.
func see(t *testing.T, ctx context.Context, what, expression string) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		// While a page is being left there is nothing to ask.
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return
		}
	}
	body, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 3000)`))
	t.Fatalf("the browser does not show: %s\n%s", what, body)
}

// press types keys as a keyboard does: a key that the page takes for itself puts no letter into a box.
func press(t *testing.T, ctx context.Context, keys ...string) {
	t.Helper()
	for _, r := range strings.Join(keys, "") {
		events := kb.Encode(r)
		down, up := *events[0], *events[len(events)-1]
		if len(events) == 3 {
			down.Text = events[1].Text
		}
		if r == '\r' {
			down.Text = "\r"
		}
		down.Type = input.DispatchKeyEventTypeKeyDown
		for _, event := range []input.DispatchKeyEventParams{down, up} {
			if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, event); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func open(t *testing.T, ctx context.Context, width int64, address string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	see(t, ctx, address, `document.readyState === 'complete'`)
}

const (
	hits  = `[...document.querySelectorAll('.hit h2 a')].map(a => a.textContent)`
	state = `document.getElementById('keadaan-cari').textContent`
)

// The search box of a page, by the keyboard alone: the combobox pattern of the ARIA Authoring Practices Guide.
func TestSearchBoxByKeyboard(t *testing.T) {
	t.Parallel()
	h := host(t, buildDemoUnderPath(t), nil)
	ctx := browser(t)
	complaints := complaintsOf(t, ctx)
	const box = `document.getElementById('kotak-cari')`
	const active = `document.getElementById(` + box + `.getAttribute('aria-activedescendant'))`
	open(t, ctx, 360, h.base+"bintek/2023/bintek-1/") // it has a heading "Hasil"
	press(t, ctx, "/")
	see(t, ctx, "the box has the focus, and no slash in it", `document.activeElement === `+box+` && `+box+`.value === ''`)
	see(t, ctx, "a combobox", box+`.getAttribute('role') === 'combobox' && `+box+`.getAttribute('aria-expanded') === 'false'`)
	press(t, ctx, "bank samp")
	see(t, ctx, "an open list", box+`.getAttribute('aria-expanded') === 'true' && document.querySelectorAll('#saran [role=option]').length > 2 && document.getElementById('saran').offsetHeight > 100`)
	see(t, ctx, "how many, for those who listen", `/^\d+ hasil/.test(document.querySelector('.search [role=status]').textContent)`)
	see(t, ctx, "the first answer", `document.querySelector('#saran a').textContent.startsWith('Bank sampah')`)
	see(t, ctx, "nothing chosen yet", `!`+box+`.hasAttribute('aria-activedescendant')`)
	press(t, ctx, kb.ArrowDown)
	see(t, ctx, "the first is chosen, and the focus stays", active+`?.id === 'saran-0' && `+active+`.getAttribute('aria-selected') === 'true' && document.activeElement === `+box)
	press(t, ctx, kb.ArrowUp, kb.ArrowUp)
	see(t, ctx, "all results are chosen", active+`?.className === 'search-all'`)
	screenshot(t, ctx, "suggestions-360.png")
	press(t, ctx, kb.Escape)
	see(t, ctx, "a closed list, and the words still there", box+`.getAttribute('aria-expanded') === 'false' && document.getElementById('saran').hidden && `+box+`.value === 'bank samp'`)
	press(t, ctx, kb.ArrowDown, kb.ArrowDown, kb.Enter)
	see(t, ctx, "the page that was chosen, with its words marked", `document.readyState === 'complete' && !!document.querySelector('main mark') && !location.hash.includes('cari=') && !location.search`)
	// A suggestion that is this page: the list closes, and other words are marked.
	open(t, ctx, 360, h.base+"quick-wins/bank-sampah/")
	press(t, ctx, "/")
	see(t, ctx, "a combobox", box+`.getAttribute('role') === 'combobox'`)
	press(t, ctx, "bank sampah")
	see(t, ctx, "suggestions", `!document.getElementById('saran').hidden`)
	press(t, ctx, kb.ArrowDown, kb.Enter)
	see(t, ctx, "marks on the same page", `location.pathname.endsWith('/bank-sampah/') && document.querySelectorAll('main mark').length > 3 && document.getElementById('saran').hidden && !location.hash.includes('cari=')`)

	// What was chosen for other words is not chosen any more.
	press(t, ctx, "/", "bank sampah")
	see(t, ctx, "suggestions", `!document.getElementById('saran').hidden`)
	press(t, ctx, kb.ArrowDown, "x")
	see(t, ctx, "nothing chosen", `!`+box+`.hasAttribute('aria-activedescendant')`)

	// A box that is emptied, or left by Escape, before the answer comes stays without a list.
	h.set(slow(400 * time.Millisecond))
	open(t, ctx, 360, h.base+"tentang/")
	press(t, ctx, "/", "sampah")
	time.Sleep(250 * time.Millisecond)
	press(t, ctx, kb.Escape)
	time.Sleep(1500 * time.Millisecond)
	see(t, ctx, "no list", `document.getElementById('saran')?.hidden !== false`)
	h.set(nil)

	// Enter without a choice leads to the page of results.
	open(t, ctx, 360, h.base+"tentang/")
	press(t, ctx, "/")
	press(t, ctx, "antrean puskesmas", kb.Enter)
	see(t, ctx, "the page of results", `location.pathname === '/kota/cari/' && location.search === '?q=antrean+puskesmas' && `+hits+`.length > 0`)
	for _, c := range complaints() {
		t.Errorf("the browser says: %s", c)
	}
}

// The page of results: answers as one types, in the address, narrowed, ordered, by keyboard, and back again.
func TestPageOfResults(t *testing.T) {
	t.Parallel()
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	const hostile = "---\ntitle: \"<img src=x onerror=window.bad=1> zamrud\"\nsummary: \"</p><script>window.bad=1</script> zamrud & <b>tebal</b>\"\n---\n## Zamrud \\<svg onload=window.bad=1>\n\nZamrud \\<iframe src=//x> dan `<script>window.bad=1</script>`.\n"
	if err := os.WriteFile(filepath.Join(site, "content/jahat.md"), []byte(hostile), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(site, "content/kanan.md"), []byte("---\ntitle: مرحبا بكم!\nsummary: s\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	h := host(t, buildUnderPath(t, site, "--as-of", demo.AsOf), nil)
	ctx := browser(t)
	complaints := complaintsOf(t, ctx)

	// A title from right to left ends at its left, on its page and among others (A143).
	const leftmost = `.firstChild; if (!n) return false
		const left = i => { const r = document.createRange(); r.setStart(n, i); r.setEnd(n, i + 1); return r.getBoundingClientRect().left }
		return n.data.endsWith('!') && left(n.data.length - 1) < left(0) })()`
	open(t, ctx, 360, h.base+"kanan/")
	see(t, ctx, "a title from right to left", `(() => { const n = document.querySelector('h1')`+leftmost)
	open(t, ctx, 360, h.base+"cari/")
	see(t, ctx, "a title from right to left in a list", `(() => { const n = document.querySelector('.a-z a[href$="/kanan/"]')`+leftmost)
	see(t, ctx, "the list of all pages", `document.querySelectorAll('.a-z li').length > 80 && document.getElementById('alat').hidden`)
	press(t, ctx, "/", "sampah")
	see(t, ctx, "results as one types", hits+`.includes('Bank sampah di setiap desa') || `+hits+`[0]?.startsWith('Bank sampah')`)
	see(t, ctx, "how many, in words", `/^\d+ hasil untuk “sampah”\.$/.test(`+state+`) && document.getElementById('keadaan-cari').getAttribute('role') === 'status'`)
	see(t, ctx, "the query in the address, and no page more to go back to", `location.search === '?q=sampah'`)
	see(t, ctx, "marks in titles and summaries", `!!document.querySelector('.hit h2 mark') && !!document.querySelector('.hit p mark')`)
	see(t, ctx, "a passage from the page itself", `[...document.querySelectorAll('.excerpt')].some(p => p.querySelector('mark'))`)
	see(t, ctx, "the list of all pages is out of the way", `document.getElementById('indeks').hidden`)
	see(t, ctx, "ten results at first, and how many more there are", `document.querySelectorAll('.hit').length === 10 && /^Tampilkan lagi \(\d+\)$/.test(document.getElementById('lagi').textContent)`)
	screenshot(t, ctx, "results-360.png")

	// Down through the results, and back to the box.
	press(t, ctx, kb.ArrowDown, kb.ArrowDown)
	see(t, ctx, "the second result has the focus", `document.activeElement === document.querySelectorAll('.hit h2 a')[1]`)
	press(t, ctx, kb.Escape)
	see(t, ctx, "the box has it again", `document.activeElement.id === 'kotak-cari'`)

	// Narrowed to quick wins, then to an agency, the counts following.
	_ = evaluate[bool](t, ctx, `(document.querySelector('#saringan summary').click(), true)`)
	see(t, ctx, "filters with counts", `document.querySelectorAll('#saringan fieldset').length >= 4 && [...document.querySelectorAll('#saringan .count')].every(c => +c.textContent > 0)`)
	count := `[...document.querySelectorAll('#saringan label')].find(l => l.textContent.includes('Quick win')).querySelector('.count').textContent`
	n := evaluate[string](t, ctx, count)
	_ = evaluate[bool](t, ctx, `(() => { const box = [...document.querySelectorAll('#saringan input')].find(i => i.value === 'quick-win'); box.focus(); box.click(); return true })()`)
	see(t, ctx, "as many as the filter said, and the focus on it", state+`.startsWith('`+n+` hasil') && location.search === '?q=sampah&kind=quick-win' && document.activeElement.value === 'quick-win'`)
	see(t, ctx, "quick wins only, with their status", `[...document.querySelectorAll('.hit > .quiet')].every(p => p.textContent.startsWith('Quick win · '))`)
	_ = evaluate[bool](t, ctx, `(document.querySelector('#urutan [value=date]').click(), true)`)
	see(t, ctx, "the newest first", `location.search === '?q=sampah&sort=date&kind=quick-win'`)
	dates := evaluate[[]string](t, ctx, `[...document.querySelectorAll('.hit > .quiet')].map(p => p.textContent.match(/\d+ \p{L}+ (\d{4})/u)?.[1] ?? '0')`)
	if !slices.IsSortedFunc(dates, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("not ordered by date: %q", dates)
	}

	// The address alone brings the same back, and so does the way back from a result.
	before := evaluate[string](t, ctx, `JSON.stringify(`+hits+`)`)
	open(t, ctx, 1280, evaluate[string](t, ctx, `location.href`))
	see(t, ctx, "the same results", `JSON.stringify(`+hits+`) === `+quoted(before))
	screenshot(t, ctx, "results-1280.png")
	_ = evaluate[bool](t, ctx, `(document.querySelector('.hit h2 a').click(), true)`)
	see(t, ctx, "a result, marked", `!location.pathname.endsWith('/cari/') && !!document.querySelector('main mark')`)
	_ = evaluate[bool](t, ctx, `(history.back(), true)`)
	see(t, ctx, "the results again", `location.pathname === '/kota/cari/' && JSON.stringify(`+hits+`) === `+quoted(before))

	// A result's heading is led to.
	open(t, ctx, 360, h.base+"cari/?q=sampah+rumah")
	see(t, ctx, "headings", `!!document.querySelector('.hit ul a')`)
	id := evaluate[string](t, ctx, `(() => { const a = document.querySelector('.hit ul a'); const id = a.hash.slice(1).split('&')[0]; a.click(); return decodeURIComponent(id) })()`)
	see(t, ctx, "the heading, marked words and a plain address", `decodeURIComponent(location.hash) === '#`+id+`' && !!document.querySelector('main mark') && Math.abs(document.getElementById('`+id+`').getBoundingClientRect().top) < 200`)

	// What else is said.
	for query, want := range map[string]string{
		"smapah":                           `document.getElementById('maksud').textContent.includes('Tidak ada “smapah”') && document.querySelector('#maksud a').textContent === 'sampah' && ` + state + `.includes('“sampah”')`,
		"yang di":                          state + `.startsWith('Tulis kata yang lebih khusus')`,
		"qqqqqq ":                          state + `.includes('Tidak ada halaman dengan “qqqqqq”') && !document.getElementById('indeks').hidden`,
		"sampa":                            `document.getElementById('maksud').textContent.includes('Termasuk kata: sampah')`,
		"<img src=x onerror=window.bad=1>": `document.readyState === 'complete' && ` + state + ` !== '' && !` + state + `.startsWith('Bila') && !` + state + `.startsWith('Memuat') && !window.bad`,
	} {
		open(t, ctx, 360, h.base+"cari/?"+"q="+strings.NewReplacer(" ", "+", "<", "%3C", ">", "%3E", "=", "%3D").Replace(query))
		see(t, ctx, query, want)
	}

	// Half a character, as a program may put it there, is no word and no error.
	open(t, ctx, 360, h.base+"cari/")
	_ = evaluate[bool](t, ctx, `(() => { const box = document.getElementById('kotak-cari'); box.value = '\ud800 posyandu'; return box.dispatchEvent(new Event('input')) })()`)
	see(t, ctx, "results", hits+`.length > 0`)
	open(t, ctx, 360, h.base+"tentang/")
	press(t, ctx, "/")
	see(t, ctx, "the box is at work", `document.activeElement.getAttribute('role') === 'combobox'`)
	_ = evaluate[bool](t, ctx, `(document.activeElement.value = '\ud800 posyandu', document.activeElement.dispatchEvent(new Event('input')))`)
	see(t, ctx, "suggestions", `document.querySelectorAll('#saran [role=option]').length > 1`)

	// Filters in the address: those that no page has any more are dropped, and what leaves nothing says so.
	open(t, ctx, 360, h.base+"cari/?q=sampah&agency=dinas-lama")
	see(t, ctx, "results without the unknown filter", hits+`.length > 0`)
	open(t, ctx, 360, h.base+"cari/?q=sampah&kind=quick-win&year=2023")
	see(t, ctx, "filters that leave nothing, open to be changed", state+`.startsWith('Saringan ini tidak menyisakan hasil') && document.getElementById('saringan').open && document.querySelectorAll('#saringan input:checked').length === 2`)

	// HTML in titles, summaries and passages is text, in results and in suggestions (A129).
	const text = `.textContent.includes('<img src=x onerror=window.bad=1> zamrud') && !document.querySelector('main img, main iframe, main svg:not([aria-hidden]), [role=listbox] img') && !window.bad`
	open(t, ctx, 360, h.base+"cari/?q=zamrud")
	see(t, ctx, "a title as text", hits+`.length === 1 && document.querySelector('.hit')`+text)
	see(t, ctx, "a summary and a passage as text", `document.querySelector('.hit').textContent.includes('</p><script>window.bad=1</script> zamrud & <b>tebal</b>') && document.querySelector('.excerpt').textContent.includes('<iframe src=//x>')`)
	open(t, ctx, 360, h.base+"tentang/")
	press(t, ctx, "/", "zamrud")
	see(t, ctx, "a suggestion as text", `document.querySelector('#saran [role=option]')?`+text)

	// Signs that mean something to a program mean nothing here.
	open(t, ctx, 360, h.base+"cari/?q=sampah+%24%26+%24%27")
	see(t, ctx, "the query as it was typed", state+`.includes("“sampah $& $'”")`)

	// An empty box has no results, whatever is still under way; a newer query is not overtaken.
	open(t, ctx, 360, h.base+"cari/")
	see(t, ctx, "the page", state+` === ''`)
	h.set(slow(400 * time.Millisecond))
	press(t, ctx, "/", "sampah")
	time.Sleep(250 * time.Millisecond)
	press(t, ctx, strings.Repeat(kb.Backspace, 6))
	time.Sleep(1200 * time.Millisecond)
	see(t, ctx, "no results", `document.querySelectorAll('.hit').length === 0 && !document.getElementById('indeks').hidden && location.search === ''`)
	h.set(nil)

	// Back leads through what was submitted, and a place on the page is no query.
	open(t, ctx, 360, h.base+"cari/?q=sampah")
	see(t, ctx, "more than ten results", `document.querySelectorAll('.hit').length === 10`)
	_ = evaluate[bool](t, ctx, `(document.getElementById('lagi').click(), true)`)
	see(t, ctx, "all results", `document.querySelectorAll('.hit').length > 10`)
	_ = evaluate[bool](t, ctx, `(location.hash = '#isi', true)`)
	time.Sleep(300 * time.Millisecond)
	see(t, ctx, "still all results", `document.querySelectorAll('.hit').length > 10`)
	press(t, ctx, "/", "posyandu", kb.Enter)
	see(t, ctx, "other results", `/“posyandu”/.test(`+state+`)`)
	_ = evaluate[bool](t, ctx, `(history.back(), true)`)
	see(t, ctx, "what was submitted before", `/“sampah”/.test(`+state+`) && document.getElementById('kotak-cari').value === 'sampah'`)

	// In the other language, with its own index and words.
	open(t, ctx, 360, h.base+"en/cari/?q=rivers+sensor")
	see(t, ctx, "English results", hits+`.length > 0 && / results? for “rivers sensor”\.$/.test(`+state+`) && document.querySelector('.hit a').pathname.startsWith('/kota/en/')`)
	see(t, ctx, "the way to the same query in Indonesian", `document.querySelector('[data-lang] a').search === '?q=rivers+sensor'`)
	for _, c := range complaints() {
		t.Errorf("the browser says: %s", c)
	}
}

func quoted(s string) string { data, _ := json.Marshal(s); return string(data) }

// While one types, no file is asked for twice, and what an earlier query wanted is not waited for.
func TestSearchAsksOnceForEachFile(t *testing.T) {
	t.Parallel()
	h := host(t, buildDemoUnderPath(t), nil)
	ctx := browser(t)
	open(t, ctx, 360, h.base+"cari/")
	see(t, ctx, "the page", state+` === ''`)
	h.set(slow(80 * time.Millisecond))
	press(t, ctx, "/")
	for _, letter := range strings.Split("pengelolaan sampah", "") {
		press(t, ctx, letter)
		time.Sleep(30 * time.Millisecond)
	}
	see(t, ctx, "the results of the whole query", `/“pengelolaan sampah”/.test(`+state+`) && `+hits+`.length > 0`)
	for name, n := range h.requests() {
		if n > 1 && strings.Contains(name, "/indeks/") && name != "cari/indeks/manifest.bin" {
			t.Errorf("%s was asked for %d times", name, n)
		}
	}
}

// An index that is missing, cut off, of another build or no index at all: a message and a way on, never a blank page. And
// where only what the browser kept is old, it is read anew.
func TestSearchWithoutItsFiles(t *testing.T) {
	t.Parallel()
	dir := buildDemoUnderPath(t)
	h := host(t, dir, nil)
	ctx := browser(t)
	manifest, err := os.ReadFile(filepath.Join(dir, "cari/indeks/manifest.bin"))
	if err != nil {
		t.Fatal(err)
	}
	isIndex := func(name string) bool { return strings.HasPrefix(name, "cari/indeks/") }
	isShard := func(name string) bool { return isIndex(name) && name != "cari/indeks/manifest.bin" }
	answer := func(which func(string) bool, status int, data string) func(string, http.ResponseWriter) bool {
		return func(name string, w http.ResponseWriter) bool {
			if !which(name) {
				return false
			}
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(data))
			return true
		}
	}
	for name, twist := range map[string]func(string, http.ResponseWriter) bool{
		"no index":                        answer(isIndex, http.StatusNotFound, "not found"),
		"a manifest that is cut off":      answer(isIndex, http.StatusOK, string(manifest[:len(manifest)/2])),
		"a host that answers with a page": answer(isIndex, http.StatusOK, "<!doctype html><title>Selamat datang</title>"),
		"shards that are missing":         answer(isShard, http.StatusNotFound, ""),
		"shards that are pages":           answer(isShard, http.StatusOK, "<!doctype html><title>Selamat datang</title>"),
		"shards of something else":        answer(isShard, http.StatusOK, string(manifest)),
		"empty shards":                    answer(isShard, http.StatusOK, ""),
		"an error of the host":            answer(isIndex, http.StatusInternalServerError, "x"),
	} {
		h.set(twist)
		open(t, ctx, 360, h.base+"cari/?q=sampah")
		see(t, ctx, name+": a message, and the list of all pages", state+`.startsWith('Pencarian tidak dapat dimuat') && document.querySelectorAll('.a-z li').length > 80 && document.querySelector('.a-z').offsetHeight > 500`)
		// From another page the way still leads there.
		open(t, ctx, 360, h.base+"tentang/")
		press(t, ctx, "/", "sampah", kb.Enter)
		see(t, ctx, name+": the page of results", `location.search === '?q=sampah' && document.querySelectorAll('.a-z li').length > 80`)
	}
	// It works again as soon as the files are there.
	h.set(nil)
	press(t, ctx, "/", "bank sampah", kb.Enter)
	see(t, ctx, "results", hits+`.length > 0`)

	// An older browser, or a reader without scripts: the form leads to the list of all pages.
	older, err := chromedp.Call(ctx, browserpage.AddScriptToEvaluateOnNewDocument, browserpage.AddScriptToEvaluateOnNewDocumentParams{Source: "delete globalThis.DecompressionStream"})
	if err != nil {
		t.Fatal(err)
	}
	open(t, ctx, 360, h.base+"cari/?q=sampah")
	see(t, ctx, "the list in an older browser", `document.readyState === 'complete' && !globalThis.DecompressionStream && `+state+`.startsWith('Bila pencarian tidak jalan') && document.querySelectorAll('.a-z li').length > 80`)
	open(t, ctx, 360, h.base+"tentang/")
	press(t, ctx, "/", "sampah", kb.Enter)
	see(t, ctx, "the form leads there", `location.pathname === '/kota/cari/' && location.search === '?q=sampah'`)
	if _, err := chromedp.Call(ctx, browserpage.RemoveScriptToEvaluateOnNewDocument, browserpage.RemoveScriptToEvaluateOnNewDocumentParams(older)); err != nil {
		t.Fatal(err)
	}
	h.set(func(name string, w http.ResponseWriter) bool {
		if strings.HasSuffix(name, ".js") {
			w.WriteHeader(http.StatusNotFound)
			return true
		}
		return false
	})
	open(t, ctx, 360, h.base+"tentang/")
	_ = evaluate[bool](t, ctx, `(document.querySelector('.search').requestSubmit(), true)`)
	see(t, ctx, "the list without scripts", `location.pathname === '/kota/cari/' && document.querySelectorAll('.a-z li').length > 80`)
}

// A portal that is published anew while somebody searches it: what they see is of one build.
func TestSearchWhileThePortalIsPublished(t *testing.T) {
	t.Parallel()
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	h := host(t, buildUnderPath(t, site, "--as-of", demo.AsOf), nil)
	for i := range 8 { // older than all others: every page gets another number
		name := filepath.Join(site, fmt.Sprintf("content/bintek/2023/kabar-%d.md", i))
		if err := os.WriteFile(name, []byte(fmt.Sprintf("---\ntitle: Kabar %d\nsummary: s\ndate: 2020-01-0%d\n---\nDesa.\n", i, i+1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	newer := buildUnderPath(t, site, "--as-of", demo.AsOf)
	answer, err := openFolder(t, filepath.Join(newer, "cari/indeks")).Search("desa", 1000)
	if err != nil {
		t.Fatal(err)
	}
	ctx := browser(t)
	open(t, ctx, 360, h.base+"cari/?q=desa")
	see(t, ctx, "results", `document.querySelectorAll('.hit').length === 10`)
	h.publish(newer)
	_ = evaluate[bool](t, ctx, `(document.getElementById('lagi').click(), true)`)
	total := `+` + state + `.match(/\d+/)[0]`
	see(t, ctx, "the newer portal's answer", total+` === `+fmt.Sprint(len(answer.Results)))
	for shown := 10; shown < len(answer.Results); shown += 10 {
		see(t, ctx, "some results more", fmt.Sprintf(`document.querySelectorAll('.hit').length === %d`, shown))
		_ = evaluate[bool](t, ctx, `(document.getElementById('lagi').click(), true)`)
	}
	see(t, ctx, "all results, each once", `document.querySelectorAll('.hit').length === `+total+` && new Set([...document.querySelectorAll('.hit h2 a')].map(a => a.pathname)).size === `+total)
	found := evaluate[[]string](t, ctx, `[...document.querySelectorAll('.hit h2 a')].map(a => a.pathname.replace('/kota/', ''))`)
	want := make(map[string]bool)
	for _, r := range answer.Results {
		want[r.URL] = true
	}
	for _, url := range found {
		if !want[url] {
			t.Errorf("%s does not answer the query", url)
		}
	}
	if len(found) != len(want) {
		t.Errorf("%d results, not %d", len(found), len(want))
	}
}

// Who asks to save data is sent no page for a passage; what was searched for is sent to nobody.
func TestSearchSavesDataAndTellsNobody(t *testing.T) {
	t.Parallel()
	h := host(t, buildDemoUnderPath(t), nil)
	ctx := browser(t)
	open(t, ctx, 360, h.base+"cari/")
	see(t, ctx, "the page", state+` === ''`)
	_ = evaluate[bool](t, ctx, `(Object.defineProperty(navigator, "connection", {value: {saveData: true}}), true)`)
	h.set(nil)
	press(t, ctx, "/", "posyandu")
	see(t, ctx, "results", hits+`.length > 0`)
	time.Sleep(300 * time.Millisecond)
	for name := range h.requests() {
		if !strings.HasPrefix(name, "cari/indeks/") && !strings.HasPrefix(name, "assets/mark.") { // the browser asks for a page's icon when it likes
			t.Errorf("%s was asked for", name)
		}
		if strings.Contains(name, "posyandu") {
			t.Errorf("the host hears what is searched for: %s", name)
		}
	}
}

// The budget of the browser modules: what one page loads in one language, compressed as hosts do.
func TestSearchModulesAreSmall(t *testing.T) {
	dir := buildPati(t)
	for _, lang := range []string{"id", "en"} {
		for _, page := range []string{"page", "suggest"} {
			sum := 0
			for _, name := range []string{"box", "search", "stem-" + lang, page} {
				sum += compressed(t, asset(t, dir, "assets/search.?/"+name+".js"))
			}
			if sum > 8<<10 {
				t.Errorf("%s, %s: %d bytes, at most %d are allowed", lang, page, sum, 8<<10)
			}
			t.Logf("%s, %s: %d bytes", lang, page, sum)
		}
	}
	if box := compressed(t, asset(t, dir, "assets/search.?/box.js")); box > 600 {
		t.Errorf("every page loads %d bytes of scripts before anybody searches", box)
	}
}

// A131: a page that is not published leaks into no file of the index: not its title, and not a word of it.
func TestUnpublishedPagesAreNotInTheIndex(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	for name, front := range map[string]string{"draf": "draft: true", "depan": "publish: 2026-03-02", "lewat": "expires: 2026-02-28"} {
		text := fmt.Sprintf("---\ntitle: Halaman zamrud%s\nsummary: s\n%s\n---\n## Rahasia zirkon%s\n\nKata intan%s.\n", name, front, name, name)
		if err := os.WriteFile(filepath.Join(site, "content/tersembunyi-"+name+".md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	find := func(dir, query string) int {
		answer, err := openFolder(t, filepath.Join(dir, "cari/indeks")).Search(query, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range answer.Words {
			if w.Meant != "" || len(w.Completed) > 0 {
				t.Errorf("%q is a word of the portal: %+v", query, w)
			}
		}
		return answer.Total
	}
	published := buildUnderPath(t, site, "--as-of", demo.AsOf)
	whole := buildUnderPath(t, site, "--as-of", demo.AsOf, "--drafts", "--future")
	for _, name := range []string{"draf", "depan", "lewat"} {
		for _, word := range []string{"zamrud", "zirkon", "intan"} {
			if n := find(published, word+name+" "); n > 0 {
				t.Errorf("%s%s is found", word, name)
			}
			if n := find(whole, word+name+" "); n != 1 {
				t.Errorf("with drafts, %s%s is found on %d pages", word, name, n)
			}
		}
	}
}
