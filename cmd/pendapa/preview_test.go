//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The editor's loop, as the editor has it: a page stands open in a browser that nobody touches; a file is saved and the
// page follows; a mistake is made and shown over the page; it is mended and gone.
func TestThePageFollowsTheEditor(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	s := serveSite(t, site)
	ctx := browser(t)
	complaints := complaintsOf(t, ctx)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 800), chromedp.Navigate(s.url+"tentang/")); err != nil {
		t.Fatal(err)
	}
	see := func(what, expression string) {
		t.Helper()
		for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			// While a page reloads there is nothing to ask.
			if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
				return
			}
		}
		body, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText + (document.querySelector('pendapa-panel')?.shadowRoot.textContent ?? '')`))
		t.Fatalf("the browser does not show: %s\n%s\n%s", what, body, s)
	}
	file := filepath.Join(site, "content/tentang.md")
	original, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	save := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const panel = `document.querySelector('pendapa-panel')?.shadowRoot`
	see("the page without a panel", `document.querySelector('h1') !== null && !`+panel)

	// The page follows, and keeps its place.
	_ = evaluate[bool](t, ctx, `scrollTo({ top: 300, behavior: "instant" }), (window.old = true)`)
	save(file, string(original)+"\nKalimat baru dari penyunting.\n")
	see("the new sentence", `document.body.innerText.includes('Kalimat baru dari penyunting.') && !window.old`)
	see("the place on the page", `Math.abs(scrollY - 300) < 5`)

	// Another page changes: this one is left alone.
	_ = evaluate[bool](t, ctx, `window.old = true`)
	other := filepath.Join(site, "content/bintek/2025/pameran/index.md")
	if text, err := os.ReadFile(other); err != nil {
		t.Fatal(err)
	} else {
		save(other, string(text)+"\nLain.\n")
	}
	for !strings.Contains(s.get(t, "bintek/2025/pameran/"), "Lain.") {
		time.Sleep(5 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	see("the same page, not reloaded", `window.old === true`)

	// A stylesheet is swapped under the page.
	save(filepath.Join(site, "static/assets/site.css"), "body { outline: 7px solid }")
	see("the new style, without a reload", `getComputedStyle(document.body).outlineWidth === '7px' && window.old === true`)
	if err := os.Remove(filepath.Join(site, "static/assets/site.css")); err != nil {
		t.Fatal(err)
	}
	see("the old style again", `getComputedStyle(document.body).outlineWidth !== '7px' && document.querySelectorAll('link[rel=stylesheet]').length === 1`)

	// Two mistakes: both are told with place, line and remedy, over the last good page.
	save(file, strings.Replace(string(original), "title:", "titel:", 1)+"\n<img src=x onerror=\"window.bad = true\">\n")
	see("the mistakes", panel+`.querySelectorAll('li.error').length === 2`)
	text := evaluate[string](t, ctx, panel+`.textContent`)
	for _, want := range []string{"Kesalahan yang perlu diperbaiki: 2", "content/tentang.md:2:1", "kunci \"titel\" tidak dikenal", "titel: ", "maksud Anda \"title\"?", "HTML mentah tidak diperbolehkan", "<img src=x onerror="} {
		if !strings.Contains(text, want) {
			t.Errorf("the panel does not say %q\n%s", want, text)
		}
	}
	see("the last good page below it", `document.querySelector('h1') !== null && window.bad === undefined`)
	see("a panel that is seen, and leaves the page to be read", `(() => { const b = `+panel+`.querySelector('.panel').getBoundingClientRect();
		return b.height > 100 && b.top > innerHeight * 0.3 && b.bottom <= innerHeight + 1 && b.width <= innerWidth && document.documentElement.scrollWidth <= innerWidth })()`)
	screenshot(t, ctx, "panel-360.png")
	if !strings.Contains(s.String(), "maksud Anda \"title\"?") {
		t.Errorf("the terminal does not say what the panel says\n%s", s)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800)); err != nil {
		t.Fatal(err)
	}
	screenshot(t, ctx, "panel-1280.png")
	save(file, string(original))
	see("no panel any more", `!`+panel+` && !document.querySelector('pendapa-panel')`)

	// A page that goes away is said to be gone, and comes back.
	save(filepath.Join(site, "content/sementara.md"), "---\ntitle: Sementara\nsummary: s\n---\nAda.\n")
	if err := chromedp.Do(ctx, chromedp.Navigate(s.url+"sementara/")); err != nil {
		t.Fatal(err)
	}
	see("the new page", `document.body.innerText.includes('Ada.')`)
	if err := os.Remove(filepath.Join(site, "content/sementara.md")); err != nil {
		t.Fatal(err)
	}
	see("that the page is gone", `document.body.innerText.includes('tidak ditemukan')`)
	save(filepath.Join(site, "content/sementara.md"), "---\ntitle: Sementara\nsummary: s\n---\nAda lagi.\n")
	see("the page again", `document.body.innerText.includes('Ada lagi.')`)

	for _, c := range complaints() {
		if !strings.Contains(c, "404") { // of the page that was removed
			t.Errorf("the browser says: %s", c)
		}
	}
}

// screenshot keeps a picture of the page in the folder that PENDAPA_SCREENSHOTS names, for looking at it.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("PENDAPA_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
