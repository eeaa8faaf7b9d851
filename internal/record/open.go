package record

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/cache"
	"pendapa/internal/history"
	"pendapa/internal/markdown"
	"pendapa/internal/pack"
)

// kept is what one run keeps of the record for the next.
type kept struct {
	Log   history.Log
	Blobs []blobRecord // of the files that the log ends with
	Files []fileRecord
}

// blobRecord is a blob with its digest.
type blobRecord struct {
	ID     string
	Digest history.Digest
}

// Inputs are what a portal is made of, in the site's folder.
var Inputs = []string{"content", "layouts", "static", "site.yaml"}

// Point tells whether there is anything new to read.
type Point struct {
	Head string // the commit with which the record of a site would end; empty: the site has no history
	Refs string // the state of all branches and tags
}

// Now is the point at which a site's repository is.
func Now(ctx context.Context, dir string) (now Point, err error) {
	repository, err := history.Open(ctx, dir)
	if err == nil {
		if now.Head, err = repository.Head(ctx); err == nil {
			now.Refs, err = repository.Refs(ctx)
		}
	}
	if errors.Is(err, history.ErrNone) {
		return Point{}, nil
	}
	return now, err
}

// Open reads the record of the site in a folder; nil where it has no history. What was read before is taken from the
// cache, and kept there; a nil cache keeps nothing.
func Open(ctx context.Context, dir string, c *cache.Cache, o Options) (*Record, error) {
	repository, err := history.Open(ctx, dir)
	if errors.Is(err, history.ErrNone) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	head := o.Commit
	if head == "" {
		if head, err = repository.Head(ctx); errors.Is(err, history.ErrNone) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	codec := pack.New[kept](o.Location)
	var before kept
	if _, err := codec.Read(c.Index(), &before); err != nil {
		before = kept{}
	}
	r := &Record{Head: head, Shallow: repository.Shallow(), repository: repository, blobs: repository.Blobs(), options: o, converter: markdown.New(o.Languages[0])}
	now, err := r.readFrom(ctx, &before)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if before.Log.Head != head || !slices.EqualFunc(before.Files, now.Files, func(a, b fileRecord) bool { return a.Key == b.Key && a.Today == b.Today }) {
		// Where it cannot be kept, it is read anew the next time.
		_ = c.Save(0, codec.Append(nil, now))
	}
	return r, nil
}

func (r *Record) readFrom(ctx context.Context, before *kept) (*kept, error) {
	var known *history.Log
	if before.Log.Head != "" {
		known = &before.Log
	}
	log, err := r.repository.Log(ctx, r.Head, known)
	if err != nil {
		return nil, err
	}
	files, err := r.repository.Files(ctx, r.Head, Inputs...)
	if err != nil {
		return nil, err
	}
	digests := make(map[string]history.Digest, len(before.Blobs))
	for _, b := range before.Blobs {
		digests[b.ID] = b.Digest
	}
	if digests, err = history.Digests(ctx, r.blobs, files, digests); err != nil {
		return nil, err
	}
	now := &kept{Log: *log}
	r.files = make(map[string]history.Digest, len(files))
	for _, f := range files {
		r.files[norm.NFC.String(f.Path)] = digests[f.Blob]
		now.Blobs = append(now.Blobs, blobRecord{f.Blob, digests[f.Blob]})
	}
	records := make(map[string]*fileRecord, len(before.Files))
	for i := range before.Files {
		records[before.Files[i].File] = &before.Files[i]
	}
	now.Files, err = r.readAll(ctx, log, records)
	return now, err
}
