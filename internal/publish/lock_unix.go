//go:build unix

package publish

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// lock is held on an open file (flock(2)): it ends with the process, however that ends, so there is no stale lock.
type lock struct{ f *os.File }

func takeLock(name, out string) (*lock, error) {
	for {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, fmt.Errorf("publish: lock %s: %w", out, err)
		}
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			holder, _ := io.ReadAll(io.LimitReader(f, 20))
			f.Close()
			if errors.Is(err, unix.EWOULDBLOCK) {
				return nil, &LockedError{out, strings.TrimSpace(string(holder))}
			}
			return nil, fmt.Errorf("publish: lock %s: %w", out, err)
		}
		// The holder before may have removed the file between the two calls; then this lock is on nothing.
		ours, err := f.Stat()
		if there, statErr := os.Stat(name); err == nil && statErr == nil && os.SameFile(ours, there) {
			if err := f.Truncate(0); err == nil {
				_, _ = fmt.Fprintf(f, "%d\n", os.Getpid())
			}
			return &lock{f}, nil
		}
		f.Close()
		if _, err := os.Stat(name); err != nil {
			// The folder may be gone with the file.
			if err := (OS{}).MkdirAll(filepath.Dir(name)); err != nil {
				return nil, fmt.Errorf("publish: lock %s: %w", out, err)
			}
		}
	}
}

func (l *lock) release() error {
	// Removed while it is held: who opened it before this finds out (see takeLock) and tries again.
	return errors.Join(os.Remove(l.f.Name()), l.f.Close())
}
