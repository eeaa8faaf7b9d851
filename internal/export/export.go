// Package export writes what leaves the portal as a document of its own: the masterplan as PDF and EPUB, and a folder for
// the ministry that evaluates the city.
package export

import (
	"context"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"pendapa/internal/build"
	"pendapa/internal/diag"
	"pendapa/internal/site"
)

// Portal is a portal that is exported. It is closed in the end.
type Portal struct {
	*build.Portal
	workspace *build.Workspace
}

// Open reads a portal. Where it has mistakes, problems tell them, and the error is [build.ErrContent].
func Open(ctx context.Context, o build.Options, problems *diag.List) (*Portal, error) {
	w, err := build.Open(o)
	if err != nil {
		return nil, err
	}
	portal, _, err := w.Update(ctx, build.Changes{All: true})
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	problems.Add(portal.Problems...)
	if portal.Broken() {
		return nil, errors.Join(build.ErrContent, w.Close())
	}
	return &Portal{portal, w}, nil
}

// Close releases the site's folder.
func (p *Portal) Close() error { return p.workspace.Close() }

// edition is the portal in its own language.
func (p *Portal) edition() *site.Edition { return p.Site.Editions[0] }

// output is a file of the finished portal, by its path in the output folder; nil: there is none.
func (p *Portal) output(name string) ([]byte, error) {
	o, found := p.Output(name)
	if !found {
		return nil, fs.ErrNotExist
	}
	return o.Make(p.Pass(&diag.List{})) // what is wrong with it, build tells
}

// path is the path in the output folder of an address within the host, without its fragment; false: it is none of the
// portal's.
func (p *Portal) path(href string) (string, bool) {
	rest, within := strings.CutPrefix(href, p.Site.Settings.Base())
	if !within || strings.HasPrefix(href, "//") {
		return "", false
	}
	rest, _, _ = strings.Cut(rest, "#")
	if rest == "" || strings.HasSuffix(rest, "/") {
		rest += "index.html"
	}
	return rest, true
}

// absolute is the full address of one within the host.
func (p *Portal) absolute(href string) string {
	u := *p.Site.Settings.URL
	u.Path, u.RawPath = "", ""
	return u.String() + href
}

// ServeHTTP serves the portal's files to a browser on this machine.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ours := p.path(r.URL.Path)
	data, err := []byte(nil), error(fs.ErrNotExist)
	if ours && r.Method == http.MethodGet {
		data, err = p.output(name)
	}
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if path.Ext(name) == ".html" {
		data = p.outward(data)
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".webp" {
		kind = "image/webp" // not every system knows
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(data)
}

// write puts a file in its place, whole or not at all.
func write(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".pendapa-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
