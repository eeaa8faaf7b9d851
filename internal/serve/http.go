package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"pendapa/internal/build"
	"pendapa/internal/diag"
	"pendapa/internal/host"
)

//go:embed live
var live embed.FS

// own are the addresses of the server itself, which no portal uses: a portal's addresses hold no dot at their start.
const own = "/.pendapa/"

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, published := range host.Headers() { // what the published portal's headers forbid fails here first
		h.Set(published.Name, published.Value)
	}
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	switch {
	case !s.isOwn(r, r.Host):
		// A name of somebody else's that leads here: a page of theirs would read the drafts of this portal (DNS rebinding).
		http.Error(w, "this preview answers only under its own address", http.StatusForbidden)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "a preview can only be read", http.StatusMethodNotAllowed)
	case r.URL.Path == own+"live":
		s.stream(w, r)
	case strings.HasPrefix(r.URL.Path, own):
		s.liveFile(w, r)
	default:
		s.page(w, r)
	}
}

// isOwn reports whether a host and port are those under which the request reached this server.
func (s *Server) isOwn(r *http.Request, hostport string) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	reached, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return false
	}
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = strings.Trim(hostport, "[]"), "80"
	}
	if port != fmt.Sprint(reached.Port()) {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return reached.Addr().Unmap().IsLoopback()
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap() == reached.Addr().Unmap()
}

// patience is how long a page may be waited for while a large portal is read for the first time.
const patience = 10 * time.Second

// page answers with an output of the portal.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	now := s.wait(r.Context(), patience)
	if now.portal == nil {
		s.errorPage(w, r, now, now.panel)
		return
	}
	if data := s.searchFile(r.Context(), now, r.URL.Path); data != nil {
		send(w, r, http.StatusOK, "application/octet-stream", data)
		return
	}
	found := now.find(r.URL.Path)
	if found.redirect != "" {
		http.Redirect(w, r, (&url.URL{Path: found.redirect}).String(), http.StatusFound)
		return
	}
	s.output(w, r, now, found)
}

// answer is what an address leads to.
type answer struct {
	output   string // path of an output; empty: there is none
	status   int
	redirect string // path to go on to
}

// searchFile is a file of the index of words, of the portal that is shown or, where that has mistakes, of the last good
// one; nil where the address is of no such file. An index is made when it is first asked for: nobody else waits for it.
func (s *Server) searchFile(ctx context.Context, now *state, address string) []byte {
	for _, portal := range []*build.Portal{now.portal, now.good} {
		if portal == nil || portal.Site == nil {
			continue
		}
		name, below := strings.CutPrefix(address, base(portal))
		if !below || !portal.IsSearchFile(name) {
			continue
		}
		if data, err := portal.SearchFile(ctx, 0, name); err == nil && data != nil {
			return data
		}
	}
	return nil
}

// base is the path under which a portal stands, as an address has it when its percent signs are decoded.
func base(p *build.Portal) string { return p.Site.Settings.URL.Path }

// find looks an address up. Addresses are looked up in the plan of the portal and nowhere else: no address reaches a file
// that would not be published.
func (st *state) find(address string) answer {
	base := base(st.portal)
	name, below := strings.CutPrefix(address, base)
	if !below {
		if address == "/" || address+"/" == base {
			return answer{redirect: base}
		}
		return answer{status: http.StatusNotFound}
	}
	file := name
	if name == "" || strings.HasSuffix(name, "/") {
		file += "index.html"
	}
	if _, ok := st.portal.Output(file); ok {
		return answer{output: file, status: http.StatusOK}
	}
	if _, ok := st.portal.Output(name + "/index.html"); ok {
		return answer{redirect: address + "/"}
	}
	// The portal's own page for addresses that lead nowhere, in the language of the address.
	page := "404.html"
	for _, e := range st.portal.Site.Editions {
		if e.Prefix != "" && strings.HasPrefix(name, e.Prefix) {
			page = e.Prefix + page
		}
	}
	return answer{output: page, status: http.StatusNotFound}
}

// wait returns the state once there is one.
func (s *Server) wait(ctx context.Context, most time.Duration) *state {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for {
		now := s.state.Load()
		if now.ready {
			return now
		}
		select {
		case <-now.next:
		case <-ctx.Done():
			return now
		case <-timer.C:
			return now
		}
	}
}

// output makes an output and sends it.
func (s *Server) output(w http.ResponseWriter, r *http.Request, now *state, found answer) {
	if found.output == "" {
		http.NotFound(w, r)
		return
	}
	data, problems := now.make(found.output)
	if data == nil {
		s.errorPage(w, r, now, newPanel(problems, now.lang, nil))
		return
	}
	if strings.HasSuffix(found.output, ".html") {
		data = inject(data, s.tag(now, pageVersion(data)))
	}
	send(w, r, found.status, contentType(found.output), data)
}

// make makes an output of the portal that is shown; where that has mistakes, of the last good one. Data is nil where
// there is none that can be shown; then the problems tell why.
func (st *state) make(name string) ([]byte, []diag.Problem) {
	var all []diag.Problem
	for _, portal := range []*build.Portal{st.portal, st.good} {
		if portal == nil {
			continue
		}
		o, ok := portal.Output(name)
		if !ok {
			continue
		}
		data, problems, err := portal.Make(o)
		if err == nil && data != nil && !hasErrors(problems) {
			return data, nil
		}
		if err != nil {
			problems = append(problems, diag.Problem{File: o.From, Message: diag.Of(err)})
		}
		all = append(all, problems...)
	}
	return nil, all
}

// version tells two versions of an output apart.
func version(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// sheet is a link to a stylesheet, whose name and digest change with its contents.
var sheet = regexp.MustCompile(`<link rel="stylesheet"[^>]*>`)

// pageVersion tells two versions of a page apart, but for its stylesheets: these are swapped in an open page without
// loading it again.
func pageVersion(page []byte) string { return version(sheet.ReplaceAllLiteral(page, nil)) }

// styles is the version of all stylesheets of a portal together.
func styles(p *build.Portal) string {
	if p == nil {
		return ""
	}
	hash := sha256.New()
	for _, o := range p.Outputs {
		if strings.HasSuffix(o.Path, ".css") {
			data, _, err := p.Make(o)
			fmt.Fprintf(hash, "%s %d %v\n", o.Path, len(data), err)
			hash.Write(data)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}

// tag is what served pages have and published ones do not: the script that follows changes.
func (s *Server) tag(now *state, version string) string {
	return fmt.Sprintf(`<script src="%slive.js" data-version="%s" data-styles="%s" data-files="%s" data-lang="%s"></script>`, own, version, now.styles, now.files, html.EscapeString(string(now.lang)))
}

// inject puts the tag at the end of a page.
func inject(page []byte, tag string) []byte {
	at := bytes.LastIndex(page, []byte("</body>"))
	if at < 0 {
		at = len(page)
	}
	out := make([]byte, 0, len(page)+len(tag))
	out = append(out, page[:at]...)
	out = append(out, tag...)
	return append(out, page[at:]...)
}

func send(w http.ResponseWriter, r *http.Request, status int, kind string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	if strings.HasPrefix(kind, "font/") {
		h.Set("Cache-Control", "private, max-age=300") // a font that has to be asked for first comes too late for the page
	}
	if status == http.StatusOK {
		etag := `"` + version(data) + `"`
		h.Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(data)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // who has gone away is not told
	}
}

// liveFile answers with the script and the stylesheet of the panel.
func (s *Server) liveFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, own)
	data, err := live.ReadFile("live/" + name)
	if err != nil || name == "error.html" {
		http.NotFound(w, r)
		return
	}
	send(w, r, http.StatusOK, contentType(name), data)
}

// contentTypes are those of what a portal publishes. The machine's own table is not asked: it differs from one to the
// next.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json", ".jsonld": "application/ld+json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif", ".avif": "image/avif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".xml": "application/xml", ".ics": "text/calendar; charset=utf-8", ".pdf": "application/pdf",
	".geojson": "application/geo+json", ".webmanifest": "application/manifest+json", ".zip": "application/zip",
}

func contentType(name string) string {
	if path.Base(name) == "atom.xml" {
		return "application/atom+xml"
	}
	if kind, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return kind
	}
	return "application/octet-stream"
}
