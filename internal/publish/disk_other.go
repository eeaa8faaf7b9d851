//go:build !linux

package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

func exchange(string, string) error { return errors.ErrUnsupported }

func syncFile(f *os.File) error { return f.Sync() }

// syncTree makes the names durable; the files are already.
func syncTree(dir string) error {
	if runtime.GOOS == "windows" { // has no such thing for folders
		return nil
	}
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return OS{}.SyncDir(name)
	})
}
