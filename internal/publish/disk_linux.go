package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// exchange swaps two folders: renameat2(2) with RENAME_EXCHANGE. File systems without it answer EINVAL.
func exchange(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EOPNOTSUPP) {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return err
}

// writeFile writes a new file in as few calls as there can be: a portal has many. Durability is left to syncTree, which is
// one call for all files instead of one for each (10,000 of them take minutes on a disk that turns).
func writeFile(name string, data []byte) error {
	fail := func(call string, err error) error { return &fs.PathError{Op: call, Path: name, Err: err} }
	fd, err := again(func() (int, error) {
		return unix.Open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, fileMode)
	})
	if err != nil {
		return fail("open", err)
	}
	var info unix.Stat_t
	if err = unix.Fstat(fd, &info); err == nil && info.Mode&0o777 != fileMode {
		err = unix.Fchmod(fd, fileMode) // whatever the umask
	}
	for err == nil && len(data) > 0 {
		var n int
		n, err = again(func() (int, error) { return unix.Write(fd, data) })
		data = data[max(n, 0):]
	}
	if closeErr := unix.Close(fd); err == nil {
		err = closeErr
	}
	if err != nil {
		return fail("write", err)
	}
	return nil
}

// again makes a call again that a signal interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

// syncTree writes out the whole file system that dir is on: syncfs(2). It also reports errors of earlier writes.
func syncTree(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.Syncfs(int(d.Fd()))
}
