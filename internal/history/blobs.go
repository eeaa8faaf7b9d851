package history

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
)

// Blobs reads what files held. It starts one git, when the first is asked for, and another where that one ended. It may be
// used from several goroutines, one of which reads at a time.
type Blobs struct {
	git     git
	width   int
	lock    sync.Mutex
	process *process // nil: none runs
	closed  bool
}

// Blobs returns a reader of the repository's blobs, which must be closed.
func (r *Repository) Blobs() *Blobs { return &Blobs{git: r.git, width: r.width} }

// Read returns a blob's content. The error is [ErrTooLarge] where it has more than limit bytes, and [ErrMissing].
func (b *Blobs) Read(ctx context.Context, id string, limit int64) ([]byte, error) {
	var data []byte
	var refused error
	err := b.each(ctx, []string{id}, limit, func(_ int, size int64, content io.Reader, err error) error {
		if refused = err; err != nil {
			return nil
		}
		data = make([]byte, size)
		_, err = io.ReadFull(content, data)
		return err
	})
	if err = cmp.Or(err, refused); err != nil {
		return nil, err
	}
	return data, nil
}

// Close ends the git that was started.
func (b *Blobs) Close() error {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.end()
	b.closed = true
	return nil
}

func (b *Blobs) end() {
	if b.process != nil {
		b.process.stop()
		b.process = nil
	}
}

// Of blobs that are not wanted, small ones are read and forgotten; git is ended in the middle of larger ones.
const drained = 1 << 20

// ahead is how many blobs are asked for before the first is read: few enough for any system's pipe (4 KiB) to hold the
// questions, so that git and this program never wait for one another.
const ahead = 32

// each reads blobs, and calls a function with the content of each or with [ErrTooLarge] or [ErrMissing]. It reads all of
// the content, and ends everything with its error.
func (b *Blobs) each(ctx context.Context, ids []string, limit int64, use func(i int, size int64, content io.Reader, err error) error) error {
	for _, id := range ids {
		if !isHash(id, b.width) {
			return fmt.Errorf("%w: %q", ErrMissing, id)
		}
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.closed {
		return fmt.Errorf("git cat-file: %w", os.ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	asked, old := 0, b.process // old: it was there before, and may have died since
	for i := 0; i < len(ids); i++ {
		if b.process == nil {
			// It outlives this call, so it does not end with its context.
			p, err := b.git.start(context.WithoutCancel(ctx), true, "cat-file", "--batch")
			if err != nil {
				return err
			}
			b.process, asked = p, i
		}
		var ask []byte
		if asked == i {
			for ; asked < min(i+ahead, len(ids)); asked++ {
				ask = append(append(ask, ids[asked]...), '\n')
			}
		}
		answered := false
		whole, err := b.answer(ctx, ask, limit, func(size int64, content io.Reader, err error) error {
			answered = true
			return use(i, size, content, err)
		})
		died := err != nil && !answered && b.process == old && ctx.Err() == nil
		if !whole || err != nil {
			b.end()
		}
		if died { // another is asked
			i--
		} else if err != nil {
			return err
		}
	}
	return nil
}

// answer asks for blobs and reads the first answer. Not whole: git must be ended, as there is more to come of it.
func (b *Blobs) answer(ctx context.Context, ask []byte, limit int64, use func(size int64, content io.Reader, err error) error) (whole bool, err error) {
	p := b.process
	stop := context.AfterFunc(ctx, p.kill)
	defer func() {
		if !stop() {
			whole, err = false, ctx.Err()
		}
	}()
	wrong := func(err error) (bool, error) {
		p.kill()
		return false, settle(ctx, "cat-file", err, p.wait())
	}
	if _, err := p.in.Write(ask); err != nil {
		return wrong(err)
	}
	line, err := p.out.ReadSlice('\n')
	if err != nil {
		if _, err = wrong(err); errors.Is(err, ErrMissing) {
			err = use(0, nil, ErrMissing)
		}
		return false, err
	}
	fact := bytes.Fields(line)
	if len(fact) == 2 {
		return true, use(0, nil, ErrMissing)
	}
	if len(fact) != 3 {
		return wrong(errOutput)
	}
	size, err := strconv.ParseInt(string(fact[2]), 10, 64)
	if err != nil || size < 0 {
		return wrong(errOutput)
	}
	refused := ErrTooLarge
	if string(fact[1]) != "blob" {
		refused = ErrMissing
	} else if size <= limit {
		refused = nil
	}
	content := &io.LimitedReader{R: p.out, N: size}
	switch {
	case refused == nil:
		err = use(size, content, nil)
	case size > drained:
		return false, use(0, nil, refused)
	default:
		err = use(0, nil, refused)
	}
	if _, drain := io.Copy(io.Discard, content); drain != nil || content.N > 0 {
		return wrong(errors.Join(io.ErrUnexpectedEOF, drain))
	}
	if end, read := p.out.ReadByte(); read != nil || end != '\n' {
		return wrong(io.ErrUnexpectedEOF)
	}
	return true, err
}

// Digest is the SHA-256 of a blob as it is, and of what a Windows work tree makes of it: with a carriage return before
// each line feed that has none. Zero: it was not read.
type Digest struct{ Plain, CRLF [sha256.Size]byte }

// maxDigested is the largest blob that is read for its digest, in bytes.
const maxDigested = 256 << 20

// Digests returns the digests of files by their blobs. Only those that are not among the known are read. Blobs of more than
// 256 MiB, and such as the repository does not hold, have the digest zero.
func Digests(ctx context.Context, b *Blobs, files []File, known map[string]Digest) (map[string]Digest, error) {
	digests := make(map[string]Digest, len(files))
	var ids []string
	for _, file := range files {
		if _, done := digests[file.Blob]; done {
			continue
		}
		digest, ok := known[file.Blob]
		if !ok {
			ids = append(ids, file.Blob)
		}
		digests[file.Blob] = digest
	}
	buffer := make([]byte, 64<<10)
	err := b.each(ctx, ids, maxDigested, func(i int, _ int64, content io.Reader, err error) error {
		if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrMissing) {
			return nil
		}
		if err == nil {
			digests[ids[i]], err = digest(content, buffer)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return digests, nil
}

func digest(content io.Reader, buffer []byte) (Digest, error) {
	plain, crlf := sha256.New(), sha256.New()
	returned := false // whether the last byte was a carriage return
	for {
		n, err := content.Read(buffer)
		part := buffer[:n]
		plain.Write(part)
		for len(part) > 0 {
			end := bytes.IndexByte(part, '\n')
			if end < 0 {
				crlf.Write(part)
				returned = part[len(part)-1] == '\r'
				break
			}
			if end > 0 {
				returned = part[end-1] == '\r'
			}
			crlf.Write(part[:end])
			if !returned {
				crlf.Write([]byte{'\r'})
			}
			crlf.Write([]byte{'\n'})
			part, returned = part[end+1:], false
		}
		if errors.Is(err, io.EOF) {
			return Digest{[sha256.Size]byte(plain.Sum(nil)), [sha256.Size]byte(crlf.Sum(nil))}, nil
		}
		if err != nil {
			return Digest{}, err
		}
	}
}
