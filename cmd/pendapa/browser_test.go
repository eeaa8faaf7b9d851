//go:build unix

package main

import (
	"context"
	"fmt"
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

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"pendapa/internal/demo"
	hosting "pendapa/internal/host"
)

// policy is the one with which every host should serve a portal.
const policy = hosting.Policy

// asset is a static file of a published portal, by its path where ? stands for the digest in its name.
func asset(t testing.TB, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, strings.Replace(pattern, "?", "????????", 1)))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v %v", pattern, found, err)
	}
	return found[0]
}

// serveFolder serves a published portal as a static host does, with the policy.
func serveFolder(t *testing.T, dir string) *httptest.Server {
	t.Helper()
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

// browser starts Chromium. Without it the test is skipped, and fails where CI=true.
func browser(t *testing.T) context.Context {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium: pages were not looked at")
		}
		t.Skip("NO CHROMIUM: pages are not looked at; install it to run this test")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true), chromedp.WSURLReadTimeout(60*time.Second))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancelTimeout := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancelTimeout)
	return ctx
}

// onePageOfEachLayout are pages of the demo portal that between them use every layout and every component.
var onePageOfEachLayout = []string{
	"/", "/en/", "/quick-wins/", "/quick-wins/status/on-track/", "/quick-wins/bank-sampah/", "/quick-wins/angkutan-sekolah/", "/en/quick-wins/pasar-daring/",
	"/bintek/", "/bintek/2024/", "/bintek/2025/pameran/", "/masterplan/", "/masterplan/tata-kelola/", "/masterplan/tata-kelola/satu-data/",
	"/opd/", "/opd/diskominfo/", "/dimensi/", "/dimensi/environment/", "/istilah/", "/istilah/opd/", "/panduan/", "/tentang/", "/404.html",
}

// Under the real policy no page gives the browser anything to complain about, and at no width does a page have to be
// scrolled sideways.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pendapa", "build", "-C", site, "--as-of", demo.AsOf).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := serveFolder(t, filepath.Join(site, "public"))
	ctx := browser(t)

	complaints := complaintsOf(t, ctx)
	for _, page := range onePageOfEachLayout {
		for _, width := range []int64{320, 360, 1280} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(server.URL+page)); err != nil {
				t.Fatalf("%s: %v", page, err)
			}
			inner := evaluate[int](t, ctx, `document.documentElement.clientWidth`)
			scroll := evaluate[int](t, ctx, `document.documentElement.scrollWidth`)
			small := evaluate[string](t, ctx, smallTargets)
			if scroll > inner {
				t.Errorf("%s at %d px is %d px wide", page, width, scroll)
			}
			if small != "" {
				t.Errorf("%s at %d px: targets under 24 px: %s", page, width, small)
			}
		}
	}
	for _, c := range complaints() {
		t.Errorf("the browser says: %s", c)
	}
}

// complaintsOf collects what the browser has to say about pages: in its console, its log and thrown exceptions.
func complaintsOf(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var complaints []string
	if err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *cdplog.EventEntryAdded:
			if !strings.Contains(e.Entry.URL, "favicon.ico") { // Chromium asks for it by itself
				complaints = append(complaints, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			complaints = append(complaints, fmt.Sprint("console.", e.Type))
		}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, cdplog.Enable, struct{}{}); err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(complaints)
	}
}

// smallTargets lists links that are no part of a text and smaller than 24 by 24 px (WCAG 2.2, 2.5.8).
const smallTargets = `[...document.querySelectorAll('a[href], summary')].filter(e => {
	const box = e.getBoundingClientRect(), inText = e.closest('p, dd, .prose, .road, td') !== null
	return !inText && box.width > 0 && !e.classList.contains('skip') && (box.height < 24 || box.width < 24)
}).map(e => e.textContent.trim().slice(0, 30)).slice(0, 3).join(' | ')`

// Without a mouse: the first Tab shows the way past the header, and Enter takes it.
func TestSkipLinkByKeyboard(t *testing.T) {
	server := serveFolder(t, buildPati(t))
	ctx := browser(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/"), chromedp.KeyEvent("\t")); err != nil {
		t.Fatal(err)
	}
	text := evaluate[string](t, ctx, `document.activeElement.textContent`)
	visible := evaluate[bool](t, ctx, `document.activeElement.getBoundingClientRect().top >= 0`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent("\r")); err != nil {
		t.Fatal(err)
	}
	hash := evaluate[string](t, ctx, `location.hash`)
	if text != "Langsung ke isi" || !visible || hash != "#isi" {
		t.Errorf("focus on %q, visible %v, then at %q", text, visible, hash)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}
