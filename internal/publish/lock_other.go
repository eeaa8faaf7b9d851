//go:build !unix

package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// lock is a file that only one build can make.
type lock struct{ name string }

func takeLock(name, out string) (*lock, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		holder, _ := os.ReadFile(name)
		return nil, &LockedError{out, strings.TrimSpace(string(holder))}
	}
	if err != nil {
		return nil, fmt.Errorf("publish: lock %s: %w", out, err)
	}
	fmt.Fprintf(f, "%d\n", os.Getpid())
	return &lock{name}, f.Close()
}

func (l *lock) release() error { return os.Remove(l.name) }
