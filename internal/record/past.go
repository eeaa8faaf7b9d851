package record

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/history"
	"pendapa/internal/source"
)

// hash is that of a commit, or as much of it as tells it apart.
var hash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// Snapshot is the site as it was at a commit. It may be read from several goroutines.
type Snapshot struct {
	Commit string // hash
	Files  []source.Entry

	record *Record
	blobs  map[string]string // by path, in NFC
}

// At is the site as it was at a tag or a commit, as far as folders of it are asked for. A branch, or a name such as HEAD,
// leads elsewhere every day: it is none.
func (r *Record) At(ctx context.Context, revision string, folders ...string) (*Snapshot, error) {
	if strings.ContainsAny(revision, "^~:?*[\\ @{") { // git's own language of revisions
		return nil, history.ErrUnknown
	}
	commit, err := r.repository.Resolve(ctx, "refs/tags/"+revision)
	if err != nil && hash.MatchString(revision) {
		if commit, err = r.repository.Resolve(ctx, revision); err == nil && !strings.HasPrefix(commit, revision) {
			err = history.ErrUnknown // a branch that looks like a hash
		}
	}
	if err != nil {
		return nil, err
	}
	files, err := r.repository.Files(ctx, commit, folders...)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Commit: commit, record: r, blobs: make(map[string]string, len(files))}
	for _, f := range files {
		ignored := false
		for part := range strings.SplitSeq(f.Path, "/") {
			ignored = ignored || source.Ignored(part)
		}
		if !ignored {
			s.Files = append(s.Files, source.Entry{Path: f.Path, Size: f.Size})
			s.blobs[norm.NFC.String(f.Path)] = f.Blob
		}
	}
	return s, nil
}

// Read returns a file as it was then.
func (s *Snapshot) Read(name string, limit int64) ([]byte, error) {
	blob := s.blobs[norm.NFC.String(name)]
	if blob == "" {
		return nil, source.ErrChanged
	}
	data, err := s.record.blobs.Read(context.Background(), blob, limit)
	if errors.Is(err, history.ErrTooLarge) {
		return nil, source.ErrTooLarge
	}
	return data, err
}

// Snap is the site in a folder as it was at a revision of its repository. Unlike those of a record it is closed in the end.
func Snap(ctx context.Context, dir, revision string, folders ...string) (*Snapshot, error) {
	repository, err := history.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	r := &Record{repository: repository, blobs: repository.Blobs()}
	s, err := r.At(ctx, revision, folders...)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return s, nil
}

// Close ends what reads the repository.
func (s *Snapshot) Close() error { return s.record.Close() }
