package build

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/diag"
	"pendapa/internal/render"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// reader reads files of the site for one output, and notes which.
type reader struct {
	files
	memory *memory
	mu     sync.Mutex
	reads  []read
	failed []diag.Problem // files that are there and could not be read
}

// Read implements render.Files.
func (r *reader) Read(name string, limit int64) ([]byte, error) {
	data, err := r.files.Read(name, limit)
	if err == nil {
		is, known := r.digest(name)
		if !known {
			is = sha256.Sum256(data)
		}
		r.note(name, is)
	} else if !errors.Is(err, fs.ErrNotExist) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed = append(r.failed, source.Problem(name, err))
	}
	return data, err
}

// digest is that of a file, or of what the record tells of one, where it is known without reading it.
func (f files) digest(name string) (digest, bool) {
	if file, of := strings.CutPrefix(name, pastPrefix); of {
		return f.record.Digest(file), true
	}
	if p := f.pages[name]; p != nil {
		return p.digest, true
	}
	if p := f.pictures[name]; p != nil {
		return p.Digest, true
	}
	return digest{}, false
}

func (r *reader) note(name string, is digest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at := (read{name, is}); !slices.Contains(r.reads, at) {
		r.reads = append(r.reads, at)
	}
}

// Body implements render.Bodies.
func (r *reader) Body(p *site.Page) ([]byte, bool) {
	is, known := r.digest(p.File)
	if !known {
		return nil, false
	}
	data, ok := r.memory.body(p.File, is)
	if ok {
		r.note(p.File, is)
	}
	return data, ok
}

// KeepBody implements render.Bodies.
func (r *reader) KeepBody(p *site.Page, data []byte) { r.memory.keep(r.memory.bodies, p.File, data) }

// same reports whether every file that an output was made from reads as it did.
func (f files) same(reads []read) bool {
	for _, r := range reads {
		is, known := f.digest(r.File)
		if !known {
			data, err := f.tree.Read(r.File, render.MaxAsset)
			if err != nil {
				return false
			}
			is = sha256.Sum256(data)
		}
		if is != r.Digest {
			return false
		}
	}
	return true
}
