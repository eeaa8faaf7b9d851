package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/render"
	"pendapa/internal/source"
)

// graph is a digest of everything that outputs are made of, but for the bodies of pages and the files beside them, whose
// reading is noted for each output.
func (w *Workspace) graph() digest {
	h := sha256.New()
	o := w.options
	fmt.Fprintf(h, "%q %q %v %v %v %s\n", w.settingsText, o.BaseURL, o.Drafts, o.Future, o.Compress, w.asOf)
	fmt.Fprintf(h, "record %x\n", w.amended())
	for _, p := range w.plans {
		fmt.Fprintf(h, "edition %q %s\n", p.Edition.ID.ID, p.Commit)
	}
	for _, name := range slices.Sorted(maps.Keys(w.layouts.Texts)) {
		fmt.Fprintf(h, "layout %q %x\n", name, w.layouts.Texts[name])
	}
	for _, name := range w.published.Names() {
		fmt.Fprintf(h, "static %q %q %q\n", name, w.published.Path(name), w.published.Integrity(name))
	}
	for _, a := range w.assets {
		fmt.Fprintf(h, "beside %q %d", a.Path, a.Size)
		if p := w.pictures[a.Path]; p != nil {
			fmt.Fprintf(h, " %x", p.Digest)
		}
		fmt.Fprintln(h)
	}
	for _, name := range w.names {
		switch p := w.pages[name]; {
		case p.doc == nil || len(p.problems) > 0:
			fmt.Fprintf(h, "page %q %x\n", name, p.digest)
		default:
			fmt.Fprintf(h, "page %q %x %v %d\n", name, p.front, p.doc.HasBody, p.doc.BodyLine)
		}
	}
	return digest(h.Sum(nil))
}

// inputs are the files of the site that a build reads, as they were when it began.
type inputs struct {
	digest  digest            // of them all, with the build's options; zero: something cannot be read, or should not be there
	seen    map[string]digest // of each, by path
	content []source.Entry    // those of content/
}

// look looks at all files of the site.
func (w *Workspace) look(ctx context.Context) (in inputs, err error) {
	problems := &diag.List{}
	entries := w.listed(problems)
	if len(problems.Sorted()) > 0 {
		return inputs{}, nil
	}
	list, err := w.digests(ctx, entries)
	if list == nil {
		return inputs{}, err
	}
	h, o := sha256.New(), w.options
	fmt.Fprintf(h, "%q %v %v %v %s\n", o.BaseURL, o.Drafts, o.Future, o.Compress, w.asOf)
	if w.settings.Feature("history") {
		now, err := w.now(ctx)
		if err != nil {
			return inputs{}, err
		}
		fmt.Fprintf(h, "repository %s\n", now)
	}
	in.seen = make(map[string]digest, len(entries))
	for i, is := range list {
		in.seen[entries[i].Path] = is
		fmt.Fprintf(h, "%q %x\n", entries[i].Path, is)
	}
	in.digest = digest(h.Sum(nil))
	in.content = slices.DeleteFunc(entries, func(e source.Entry) bool { return !strings.HasPrefix(e.Path, "content/") })
	return in, nil
}

// digests are those of files; nil: one of them cannot be read.
func (w *Workspace) digests(ctx context.Context, entries []source.Entry) ([]digest, error) {
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Path
	}
	list, err := w.tree.Digests(ctx, w.options.Jobs, names, render.MaxAsset)
	if err != nil || slices.Contains(list, digest{}) {
		return nil, err
	}
	return list, nil
}

// listed are all files of the site that a build reads.
func (w *Workspace) listed(problems *diag.List) []source.Entry {
	entries := []source.Entry{{Path: config.File}}
	for _, folder := range []string{"content", "layouts", "static"} {
		entries = append(entries, w.tree.List(folder, problems)...)
	}
	return entries
}

// same reports whether the files of the site are still those that were looked at, and the build has read each as it was
// then.
func (w *Workspace) same(ctx context.Context, in inputs) bool {
	entries := w.listed(&diag.List{})
	if in.seen == nil || len(entries) != len(in.seen) || sha256.Sum256(w.settingsText) != in.seen[config.File] {
		return false
	}
	read := files{w.tree, w.pages, w.pictures, w.record}
	var others []string
	for _, entry := range entries {
		was, known := in.seen[entry.Path]
		is, isRead := read.digest(entry.Path)
		switch {
		case !known || isRead && is != was:
			return false
		case !isRead:
			others = append(others, entry.Path)
		}
	}
	list, err := w.tree.Digests(ctx, w.options.Jobs, others, render.MaxAsset)
	for i, is := range list {
		if is != in.seen[others[i]] {
			return false
		}
	}
	return err == nil
}
