package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"strings"

	"pendapa/internal/cache"
	"pendapa/internal/compare"
	"pendapa/internal/diag"
	"pendapa/internal/model"
	"pendapa/internal/pack"
	"pendapa/internal/record"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// recordFolder is where the record keeps what it read, so that a preview has it as well as a build.
const recordFolder = cacheFolder + "/record"

// readRecord reads what git tells of the site's earlier states, where that is wanted and may have changed, and reports
// whether it did.
func (w *Workspace) readRecord(ctx context.Context, c Changes, otherwise bool) (changed bool, err error) {
	before := w.record
	if !c.All && !c.Repository && !otherwise {
		return false, nil // a save is no commit, and asking git takes as long as all else that a save asks for
	}
	if !w.settings.Feature("history") {
		w.record = nil
		return before != nil, before.Close()
	}
	was := w.point
	now, err := w.now(ctx)
	switch {
	case err != nil:
		return false, err
	case now.Head == "":
		w.record = nil
		return before != nil, nil
	case before != nil && before.Head == now.Head && !otherwise:
		return was.Refs != now.Refs, nil
	}
	w.found.record = diag.List{}
	var kept *cache.Cache
	if !w.options.NoCache {
		if folder := ownFolder(w.options.Dir, recordFolder); folder != nil {
			version, err := w.version()
			if err != nil {
				return false, err
			}
			kept = cache.Open(folder, version)
			defer kept.Close()
		}
	}
	w.record, err = record.Open(ctx, w.repository(), kept, record.Options{
		Languages: w.settings.Langs(), Location: w.settings.Location, AsOf: w.asOf, Jobs: w.options.Jobs,
		Authors: w.settings.Feature("authors"), Commit: now.Head,
	})
	if err != nil {
		w.record = nil
		return before != nil, err
	}
	// Pages of the portal before may still be made; its record is left to them, as its tree of files is.
	if w.record != nil && w.record.Shallow {
		w.found.record.Add(diag.Problem{Severity: diag.Warning, File: ".git", Message: diag.Textf("the repository is a shallow or partial clone: what is older is not known, and the pages of history say so"), Hint: diag.Textf("fetch the whole history (git fetch --unshallow; a clone without --filter; fetch-depth: 0 where a service checks it out)")})
	}
	return true, nil
}

// repository is the folder whose history is read.
func (w *Workspace) repository() string {
	if w.options.Repository != "" {
		return w.options.Repository
	}
	return w.options.Dir
}

// Committed reports whether something was committed, or a branch or tag leads elsewhere, since the record was read.
func (w *Workspace) Committed(ctx context.Context) bool {
	if w.settings == nil || !w.settings.Feature("history") {
		return false
	}
	now, err := record.Now(ctx, w.repository())
	return err == nil && now != w.point
}

// now is where the repository is. A build asks once.
func (w *Workspace) now(ctx context.Context) (record.Point, error) {
	if w.frozen && w.point.Refs != "" {
		return w.point, nil
	}
	now, err := record.Now(ctx, w.repository())
	if w.options.Commit != "" {
		now.Head = w.options.Commit
	}
	w.point = now
	return now, err
}

// pastPrefix tells what an output read of the record apart from the files that it read.
const pastPrefix = ".git/"

var amendmentsForm = pack.New[[]model.Amendment](nil)

// amended is a digest of what promises stated before.
func (w *Workspace) amended() digest {
	list := w.record.Amendments()
	return sha256.Sum256(fmt.Appendf(amendmentsForm.Append(nil, &list), "%v %v", w.record != nil, w.record != nil && w.record.Shallow))
}

// past are the earlier states of a portal's pages.
type past struct{ files }

// Revisions implements render.Past.
func (p past) Revisions(page *site.Page) []record.Revision { return p.record.Revisions(page.File) }

// State implements render.Past.
func (p past) State(page *site.Page) record.State {
	is, _ := p.digest(page.File)
	return p.record.State(page.File, is)
}

// Compare implements render.Past.
func (p past) Compare(v record.Revision) ([]compare.Row, error) {
	return p.record.Compare(context.Background(), v)
}

// Passages implements render.Past.
func (p past) Passages(text []byte) []compare.Block { return p.record.Passages(text) }

// Shallow implements render.Past.
func (p past) Shallow() bool { return p.record.Shallow }

// notedPast notes what an output read of the record.
type notedPast struct {
	past
	reader *reader
}

// Revisions implements render.Past.
func (p notedPast) Revisions(page *site.Page) []record.Revision {
	p.reader.note(pastPrefix+page.File, p.record.Digest(page.File))
	return p.past.Revisions(page)
}

// State implements render.Past.
func (p notedPast) State(page *site.Page) record.State {
	p.reader.note(pastPrefix+page.File, p.record.Digest(page.File))
	if is, known := p.digest(page.File); known {
		p.reader.note(page.File, is)
	}
	return p.past.State(page)
}

// Compare implements render.Past.
func (p notedPast) Compare(v record.Revision) ([]compare.Row, error) {
	if p.reader.memory == nil {
		return p.past.Compare(v)
	}
	key := fmt.Sprintf("%s %s %v", v.Before, v.After, p.record.Authors()) // names are told or not
	data, err := p.reader.memory.comparison(key, func() ([]byte, error) {
		rows, err := p.past.Compare(v)
		return rowsForm.Append(nil, &rows), err
	})
	if err != nil {
		return nil, err
	}
	var rows []compare.Row
	if _, err := rowsForm.Read(string(data), &rows); err != nil {
		return p.past.Compare(v)
	}
	return rows, nil
}

var rowsForm = pack.New[[]compare.Row](nil)

// recorded is the commit that the site's files are those of; empty: they are of none.
func (w *Workspace) recorded(seen map[string]digest) string {
	if w.record == nil || len(seen) == 0 {
		return ""
	}
	for name, is := range seen {
		// Of a page the ends of lines do not matter; of another file every byte is published.
		if !w.record.Exact(name, is) && (!strings.HasSuffix(name, ".md") || w.record.State(name, is) != record.Recorded) {
			return ""
		}
	}
	for _, name := range w.record.Files() {
		if _, there := seen[name]; !there && !ignored(name) {
			return ""
		}
	}
	return w.record.Head
}

// ignored reports whether a file, or a folder that it lies in, is one that a portal is not made of.
func ignored(name string) bool {
	for part := name; part != "."; part = path.Dir(part) {
		if source.Ignored(path.Base(part)) {
			return true
		}
	}
	return strings.HasPrefix(name, ".")
}
