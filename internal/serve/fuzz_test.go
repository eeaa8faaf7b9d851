package serve

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendapa/internal/build"
	"pendapa/internal/host"
)

// secret stands in every file that no visitor may read: settings, drafts, hidden files, files beside the site.
const secret = "RAHASIA-SEKALI"

// small is a portal of few pages with everything that must not be served.
func small(t testing.TB, address string) string {
	dir := filepath.Join(t.TempDir(), "site")
	for name, text := range map[string]string{
		"site.yaml":                "# " + secret + "\ntitle: Portal\ncity: Kabupaten Uji\nurl: " + address + "\nlanguages: [id, en]\n",
		".env":                     "KUNCI=" + secret + "\n",
		".git/config":              secret,
		"README.md":                secret,
		"../luar.txt":              secret,
		"public/index.html":        secret,
		"static/.env":              secret,
		"content/.rahasia.md":      secret,
		"content/profil/.data.bak": secret,
		"content/_index.md":        "---\n# " + secret + "\ntitle: Depan\nsummary: s\n---\nSelamat datang.\n",
		"content/profil/index.md":  "---\ntitle: Profil\nsummary: s\n---\n[data](data.csv)\n",
		"content/profil/data.csv":  "a,b\n1,2\n",
		"content/bintek/a.md":      "---\ntitle: Kabar\nsummary: s\ndate: 2026-02-01\n---\nKabar sampah.\n",
		"content/日本-é.md":          "---\ntitle: Jauh\nsummary: s\n---\nJauh.\n",
		"content/bintek/b.md":      "---\ntitle: " + secret + "\nsummary: s\ndraft: true\ndate: 2026-02-01\n---\n" + secret + "\n",
		"content/bintek/c.md":      "---\ntitle: " + secret + "\nsummary: s\npublish: 2126-02-01\ndate: 2026-02-01\n---\n" + secret + "\n",
	} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// opened is a server that has read a folder, without a listener and a watch.
func opened(t testing.TB, dir string, good bool) *Server {
	s := New(nil, Options{Site: siteOptions(dir)})
	w, err := build.Open(s.options.Site)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	behind, err := s.update(t.Context(), w, batch{Changes: build.Changes{All: true}, at: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	if behind {
		s.checkBehind(t.Context(), w)
	}
	if now := s.state.Load(); hasErrors(now.problems) == good {
		t.Fatalf("mistakes in the fuzzed portal: %s", listed(now.problems))
	}
	return s
}

// answers are the digests of everything that a server may send: the outputs of its portal, and its own script and
// stylesheet.
func answers(t testing.TB, s *Server) map[[sha256.Size]byte]string {
	known := make(map[[sha256.Size]byte]string)
	files, err := live.ReadDir("live")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := live.ReadFile("live/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if f.Name() != "error.html" {
			known[sha256.Sum256(data)] = own + f.Name()
		}
	}
	portal := s.state.Load().portal
	if portal == nil {
		return known
	}
	for _, o := range portal.Outputs {
		data, problems, err := portal.Make(o)
		if err != nil || hasErrors(problems) {
			t.Fatalf("%s: %v %v", o.Path, err, problems)
		}
		known[sha256.Sum256(data)] = o.Path
	}
	for _, e := range portal.Site.Editions {
		name := e.Prefix + map[bool]string{true: "cari/", false: "search/"}[e.Prefix == ""] + "indeks/manifest.bin"
		if data, err := portal.SearchFile(t.Context(), 1, name); err == nil && data != nil {
			known[sha256.Sum256(data)] = name
		}
	}
	return known
}

// wire is an answer as a browser gets it. A stream is given up after its first message.
type wire struct {
	*httptest.ResponseRecorder
	flushes int
	leave   context.CancelFunc
}

func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

func (w *wire) FlushError() error {
	if w.flushes++; w.flushes == 2 {
		w.leave()
	}
	return nil
}

// ask is what a server answers to a request that came to 127.0.0.1:1313; nil where net/http would not take it for one.
func ask(s *Server, request []byte) (*http.Request, *httptest.ResponseRecorder) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		return nil, nil
	}
	ctx, leave := context.WithTimeout(context.WithValue(context.Background(), http.LocalAddrContextKey, net.Addr(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1313})), 5*time.Second)
	defer leave()
	w := &wire{httptest.NewRecorder(), 0, leave}
	r = r.WithContext(ctx)
	s.ServeHTTP(w, r)
	return r, w.ResponseRecorder
}

var added = regexp.MustCompile(`<script src="/\.pendapa/live\.js"[^>]*></script>`)

// FuzzServeHTTP: whatever a request is, the answer is an output of the portal as it would be published, a page that says
// no, or one that sends on to an address of this portal; and no byte of any other file is in it.
func FuzzServeHTTP(f *testing.F) {
	const head = " HTTP/1.1\r\nHost: 127.0.0.1:1313\r\n"
	for _, target := range []string{
		"/", "/profil/", "/profil", "/profil/data.csv", "/bintek/a/", "/en/", "/en/x", "/cari/indeks/manifest.bin", "/%E6%97%A5%E6%9C%AC-%C3%A9/", "/%E6%97%A5%E6%9C%AC-%C3%A9",
		"/.pendapa/live.js", "/.pendapa/live", "/.pendapa/live?page=%2Fprofil%2F", "/.pendapa/live?page=/../site.yaml", "/.pendapa/live?page=%25", "/.pendapa/error.html", "/.pendapa/", "/.pendapa//live.js", "/.pendapa/../../site.yaml",
		"/../site.yaml", "/%2e%2e/site.yaml", "/..%2fluar.txt", "/..%5cluar.txt", "/.env", "/static/.env", "/content/_index.md", "/content/.rahasia.md", "/.git/config", "/public/index.html", "/README.md", "/profil/.data.bak", "/profil/index.md",
		"/profil/../../luar.txt", "//luar.txt", "//evil.example/", "//evil.example", "/\\evil.example", "/%00", "/%0d%0aSet-Cookie:x", "/profil/index.html", "/profil//", "/./profil", "/profil/.", "/PROFIL", "/profil%2f", "/profil?x=1", "/profil;x",
		"/bintek/b/", "/bintek/c/", "/Gr%C3%B6%C3%9Fe/pati/profil", "/Gr%C3%B6%C3%9Fe/pati/", "/Gr%C3%B6%C3%9Fe/pati", "/Größe/pati/profil/", "/Gr%25C3%25B6", "/C:/windows", "/nul", "/con/", "*", "http://127.0.0.1:1313/profil", "http://evil.example/profil", "http:/x", "/%C0%AE%C0%AE/site.yaml", "/" + strings.Repeat("../", 50) + "etc/passwd", "/" + strings.Repeat("a/", 500),
	} {
		f.Add([]byte("GET " + target + head + "\r\n"))
	}
	for _, request := range []string{
		"HEAD /profil/" + head + "\r\n", "POST /" + head + "Content-Length: 1\r\n\r\nx", "CONNECT evil.example:80 HTTP/1.1\r\nHost: 127.0.0.1:1313\r\n\r\n", "OPTIONS *" + head + "\r\n", "G\x00T /" + head + "\r\n", "PRI * HTTP/2.0\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]:1313\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::ffff:127.0.0.1]:1313\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost:1313\r\n\r\n", "GET / HTTP/1.1\r\nHost: LOCALHOST.:1313\r\n\r\n", "GET / HTTP/1.1\r\nHost: 127.0.0.1:01313\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: 127.0.0.1:1313:1313\r\n\r\n", "GET / HTTP/1.1\r\nHost: 127.0.0.1:1313@evil.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: 127.1:1313\r\n\r\n", "GET /profil HTTP/1.1\r\nHost: evil.example:1313\r\n\r\n", "GET / HTTP/1.1\r\nHost: 0.0.0.0:1313\r\n\r\n",
		"GET /profil/" + head + "If-None-Match: *\r\n\r\n", "GET /profil/data.csv" + head + "Range: bytes=0-0,-1\r\n\r\n", "GET /" + head + "X-Forwarded-Host: evil.example\r\nX-Original-URL: /.env\r\nX-Rewrite-URL: /.env\r\n\r\n", "GET /.pendapa/live" + head + "Origin: null\r\n\r\n",
		"GET /.pendapa/live" + head + "Origin: http://127.0.0.1:1313\r\nSec-Fetch-Site: same-origin\r\n\r\n", "GET /.pendapa/live" + head + "Origin: http://x@127.0.0.1:1313\r\n\r\n", "GET /.pendapa/live" + head + "Sec-Fetch-Site: cross-site\r\n\r\n", "GET /" + head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	} {
		f.Add([]byte(request))
	}
	servers := map[string]*Server{
		"at a root":    opened(f, small(f, "https://portal.example/"), true),
		"under a path": opened(f, small(f, "https://portal.example/Größe/pati/"), true),
	}
	broken := small(f, "https://portal.example/")
	if err := os.WriteFile(filepath.Join(broken, "site.yaml"), []byte("# "+secret+"\ntitle: [\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	servers["without any portal"] = opened(f, broken, false)
	known := make(map[string]map[[sha256.Size]byte]string)
	for name, s := range servers {
		known[name] = answers(f, s)
	}
	f.Fuzz(func(t *testing.T, request []byte) {
		for name, s := range servers {
			if r, w := ask(s, request); w != nil {
				judge(t, s, known[name], r, w, fmt.Sprintf("%q, of a portal %s:", request, name))
			}
		}
	})
}

// judge holds an answer against what a preview promises.
func judge(t *testing.T, s *Server, known map[[sha256.Size]byte]string, r *http.Request, w *httptest.ResponseRecorder, asked string) {
	t.Helper()
	body, header := w.Body.String(), w.Header()
	if strings.Contains(body, secret) || strings.Contains(fmt.Sprint(header), secret) {
		t.Fatalf("%s what nobody may read is in the answer\n%v\n%s", asked, header, body)
	}
	for _, published := range host.Headers() {
		if header.Get(published.Name) != published.Value {
			t.Errorf("%s the answer has no %s", asked, published.Name)
		}
	}
	for name, values := range header {
		if name == "Set-Cookie" || strings.HasPrefix(name, "Access-Control") || strings.ContainsAny(strings.Join(values, ""), "\r\n") {
			t.Errorf("%s the answer has %s: %q", asked, name, values)
		}
	}
	switch ours := s.isOwn(r, r.Host); {
	case !ours && w.Code != http.StatusForbidden:
		t.Errorf("%s the name %q is answered with %d", asked, r.Host, w.Code)
	case ours && r.Method != http.MethodGet && r.Method != http.MethodHead && w.Code != http.StatusMethodNotAllowed:
		t.Errorf("%s %s is answered with %d", asked, r.Method, w.Code)
	}
	if r.Method == http.MethodHead && body != "" && w.Code < 300 {
		t.Errorf("%s HEAD is answered with %q", asked, body)
	}
	switch w.Code {
	case http.StatusOK:
		if header.Get("Content-Type") == "text/event-stream" {
			if r.URL.Path != own+"live" || r.Method == http.MethodGet && !strings.Contains(body, "\n\ndata: {") {
				t.Errorf("%s is followed by %q", asked, body)
			}
			return
		}
		page := added.ReplaceAllLiteral(w.Body.Bytes(), nil)
		if _, ok := known[sha256.Sum256(page)]; !ok && r.Method == http.MethodGet && !isIndex(s, r.URL.Path) {
			t.Errorf("%s the answer is nothing that is published:\n%s", asked, page)
		}
	case http.StatusFound:
		to, err := url.Parse(header.Get("Location"))
		if err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "//") {
			t.Fatalf("%s leads to %q", asked, header.Get("Location"))
		}
		next := []byte("GET " + to.EscapedPath() + " HTTP/1.1\r\nHost: 127.0.0.1:1313\r\n\r\n")
		if _, w := ask(s, next); w == nil || w.Code != http.StatusOK {
			t.Errorf("%s leads to %s, where nothing is", asked, to)
		}
	case http.StatusNotModified:
		if r.Header.Get("If-None-Match") == "" || body != "" {
			t.Errorf("%s nothing is said to have changed", asked)
		}
	case http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed:
	case http.StatusInternalServerError:
		if s.state.Load().portal != nil {
			t.Errorf("%s the server fails: %s", asked, body)
		}
	default:
		t.Errorf("%s the answer is %d: %s", asked, w.Code, body)
	}
}

// isIndex reports whether an address is of a file of the index of words, which are too many to make beforehand.
func isIndex(s *Server, address string) bool {
	portal := s.state.Load().portal
	if portal == nil {
		return false
	}
	name, below := strings.CutPrefix(address, portal.Site.Settings.URL.Path)
	return below && portal.IsSearchFile(name)
}

// The oracle of the fuzzing is not content with everything: the portals have pages to be found.
func TestFuzzedPortalsAreServed(t *testing.T) {
	for base, address := range map[string]string{"/": "https://portal.example/", "/Gr%C3%B6%C3%9Fe/pati/": "https://portal.example/Größe/pati/"} {
		s := opened(t, small(t, address), true)
		for path, want := range map[string]int{"": 200, "profil/": 200, "profil": 302, "profil/data.csv": 200, "%E6%97%A5%E6%9C%AC-%C3%A9/": 200, "cari/indeks/manifest.bin": 200, "bintek/b/": 404} {
			if _, w := ask(s, []byte("GET "+base+path+" HTTP/1.1\r\nHost: 127.0.0.1:1313\r\n\r\n")); w.Code != want {
				t.Errorf("%s%s is answered with %d", base, path, w.Code)
			}
		}
	}
}
