package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Disk are the changes that publishing makes to a file system. [OS] is the real one; tests have one that fails, and one
// that dies.
type Disk interface {
	// MkdirAll makes a folder and those above it, readable for everybody.
	MkdirAll(dir string) error
	// WriteFile makes a new file, readable for everybody; it fails where there is one.
	WriteFile(name string, data []byte) error
	// Link makes another name for a file.
	Link(from, to string) error
	// Rename gives a folder another name that is free.
	Rename(from, to string) error
	// Exchange swaps two folders in one step that cannot be seen half done. It returns an error that is
	// [errors.ErrUnsupported] where the system cannot.
	Exchange(a, b string) error
	// Remove removes a file or an empty folder.
	Remove(name string) error
	// RemoveAll removes a folder with all that is in it, if it is there.
	RemoveAll(dir string) error
	// Sync makes everything below a folder durable.
	Sync(dir string) error
	// SyncDir makes the names in a folder durable.
	SyncDir(dir string) error
}

// OS is the machine's own file system.
type OS struct{}

const (
	dirMode  = 0o755
	fileMode = 0o644
)

// MkdirAll implements [Disk].
func (OS) MkdirAll(dir string) error {
	err := os.Mkdir(dir, dirMode)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		if err := (OS{}).MkdirAll(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, dirMode)
	}
	info, statErr := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrExist) && statErr != nil:
		return statErr
	case err != nil && (statErr != nil || !info.IsDir()):
		return err
	case err == nil && statErr == nil && info.Mode().Perm() != dirMode:
		return os.Chmod(dir, dirMode) // whatever the umask
	}
	return nil
}

// WriteFile implements [Disk].
func (OS) WriteFile(name string, data []byte) error { return writeFile(name, data) }

// Link implements [Disk].
func (OS) Link(from, to string) error { return os.Link(from, to) }

// Rename implements [Disk].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Exchange implements [Disk].
func (OS) Exchange(a, b string) error { return exchange(a, b) }

// Remove implements [Disk].
func (OS) Remove(name string) error { return os.Remove(name) }

// RemoveAll implements [Disk].
func (OS) RemoveAll(dir string) error { return os.RemoveAll(dir) }

// Sync implements [Disk].
func (OS) Sync(dir string) error { return syncTree(dir) }

// SyncDir implements [Disk].
func (OS) SyncDir(dir string) error {
	if runtime.GOOS == "windows" { // has no such thing for folders
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	// Some file systems, as those that a virtual machine shares with its host, have no such thing for folders either.
	if err := d.Sync(); !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
