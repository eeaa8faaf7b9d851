// Package source reads a site's folder safely: its list of files, their bytes, and a page's front matter split from its
// body with every position kept.
//
// Nothing outside the folder is ever read: all access goes through [os.Root], and symbolic links are refused wherever
// they point, so that a portal is what its own files say.
package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"pendapa/internal/diag"
	"pendapa/internal/parallel"
)

// MaxFile is the largest Markdown file, layout or settings file that is read, in bytes.
const MaxFile = 4 << 20

// Tree is a site's folder, opened for reading.
type Tree struct {
	root *os.Root
	dir  string
}

// Open opens a site's folder.
func Open(dir string) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the site's folder: %w", err)
	}
	return &Tree{root, dir}, nil
}

// Close releases the folder.
func (t *Tree) Close() error { return t.root.Close() }

// Moved reports whether the folder at the tree's path is no longer the one that was opened: removed, or replaced.
func (t *Tree) Moved() bool {
	opened, err := t.root.Stat(".")
	if err != nil {
		return true
	}
	now, err := os.Stat(t.dir)
	return err != nil || !os.SameFile(opened, now)
}

// Stat describes a file or folder; it does not follow links.
func (t *Tree) Stat(name string) (fs.FileInfo, error) { return t.root.Lstat(name) }

// Dir is the folder as it was given to [Open].
func (t *Tree) Dir() string { return t.dir }

// Entry is a file of the tree.
type Entry struct {
	Path string // with slashes, relative to the site's folder
	Size int64  // bytes
}

// List returns the files below a folder, sorted by path; none where the folder is missing. Files that editors and
// systems leave behind (hidden ones, backups) are passed over. What cannot be part of a portal is a problem: symbolic
// links, unreadable folders, names that are not UTF-8; devices and the like are passed over with a warning.
func (t *Tree) List(folder string, problems *diag.List) []Entry {
	var entries []Entry
	info, err := t.root.Lstat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		problems.Add(unreadable(folder, err))
		return nil
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		problems.Add(linked(folder))
		return nil
	}
	t.list(folder, problems, &entries)
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	return entries
}

func (t *Tree) list(folder string, problems *diag.List, entries *[]Entry) {
	dir, err := t.root.Open(folder)
	if err != nil {
		problems.Add(unreadable(folder, err))
		return
	}
	children, err := dir.ReadDir(-1)
	dir.Close()
	if err != nil {
		problems.Add(unreadable(folder, err))
	}
	for _, child := range children {
		name := path.Join(folder, child.Name())
		switch kind := child.Type(); {
		case strings.HasPrefix(child.Name(), ".env"):
			problems.Add(diag.Problem{Severity: diag.Warning, File: name, Message: diag.Textf("this looks like a key; it is not published"), Hint: diag.Textf("keep secrets out of the site's folder")})
		case Ignored(child.Name()):
		case !utf8.ValidString(child.Name()):
			problems.Add(diag.Problem{File: strings.ToValidUTF8(name, "�"), Message: diag.Textf("the file's name is not UTF-8"), Hint: diag.Textf("rename it with letters, digits and hyphens")})
		case kind&fs.ModeSymlink != 0:
			problems.Add(linked(name))
		case kind.IsDir():
			t.list(name, problems, entries)
		case !kind.IsRegular():
			problems.Add(diag.Problem{Severity: diag.Warning, File: name, Message: diag.Textf("this is not a file but a pipe, socket or device; it is passed over"), Hint: diag.Textf("remove it from the site's folder")})
		default:
			info, err := child.Info()
			if err != nil {
				problems.Add(unreadable(name, err))
				continue
			}
			*entries = append(*entries, Entry{name, info.Size()})
		}
	}
}

// Ignored reports whether a file or folder of this name is one that editors and systems leave behind and that is no
// part of a portal: hidden, a backup, a swap file.
func Ignored(name string) bool {
	return strings.HasPrefix(name, ".") && name != ".well-known" ||
		strings.HasSuffix(name, "~") || strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".tmp") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") || strings.HasPrefix(name, "~$") ||
		name == "Thumbs.db" || name == "desktop.ini"
}

// Read returns a file's bytes. A file of more than limit bytes is an error: [ErrTooLarge].
func (t *Tree) Read(name string, limit int64) ([]byte, error) { return read(t.root, name, limit, nil) }

// batch is how many files of a folder are read one after the other.
const batch = 64

// Digests reads files, in a number of goroutines, and returns their SHA-256 in the order of the names, which are best
// sorted: each folder is opened once for many of its files. One that cannot be read, or has more than limit bytes, has the
// digest zero. The error is the context's.
func (t *Tree) Digests(ctx context.Context, jobs int, names []string, limit int64) ([][sha256.Size]byte, error) {
	type run struct{ from, to int } // of names in one folder
	var runs []run
	for i, name := range names {
		if n := len(runs); n > 0 && i-runs[n-1].from < batch && path.Dir(name) == path.Dir(names[runs[n-1].from]) {
			runs[n-1].to++
		} else {
			runs = append(runs, run{i, i + 1})
		}
	}
	digests := make([][sha256.Size]byte, len(names))
	err := parallel.Do(ctx, jobs, len(runs), func(i int) error {
		folder, err := t.root.OpenRoot(path.Dir(names[runs[i].from]))
		if err != nil {
			return nil
		}
		defer folder.Close()
		var data []byte
		for at := runs[i].from; at < runs[i].to; at++ {
			if data, err = read(folder, path.Base(names[at]), limit, data[:0]); err == nil {
				digests[at] = sha256.Sum256(data)
			}
		}
		return nil
	})
	return digests, err
}

// read appends a file of a folder to data.
func read(folder *os.Root, name string, limit int64, data []byte) ([]byte, error) {
	f, err := folder.OpenFile(name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", name)
	}
	if info.Size() > limit {
		return nil, &TooLargeError{limit}
	}
	// One byte more than the file has, so that one read finds its end; a file that grows while it is read is read on.
	data = slices.Grow(data, int(info.Size()+1))
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if errors.Is(err, io.EOF) {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
		if int64(len(data)) > limit {
			return nil, &TooLargeError{limit}
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, 4096)
		}
	}
}

// Lines finds lines of files for those who print problems: of the tree, or of the built-in files where the tree has none
// of that name. It keeps the last file that it read, as problems come sorted by file.
func (t *Tree) Lines(builtin fs.FS) func(file string, n int) (string, bool) {
	var name string
	var text []string
	return func(file string, n int) (string, bool) {
		if file != name {
			data, err := t.Read(file, MaxFile)
			if err != nil {
				data, _ = fs.ReadFile(builtin, file)
			}
			name, text = file, strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
		}
		if n < 1 || n > len(text) || len(text) == 1 && text[0] == "" {
			return "", false
		}
		return text[n-1], true
	}
}

// Exists reports whether there is a regular file of this name.
func (t *Tree) Exists(name string) bool {
	info, err := t.root.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// ErrTooLarge says that a file is larger than the reader's limit.
var ErrTooLarge = errors.New("the file is too large")

// TooLargeError is [ErrTooLarge] with the limit.
type TooLargeError struct{ Limit int64 } // bytes

func (e *TooLargeError) Error() string { return ErrTooLarge.Error() }

// Is implements the interface of [errors.Is].
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

// ErrChanged says that a file is no longer what it was when it was read first.
var ErrChanged = errors.New("the file changed while the portal was built")

// Problem describes why a file could not be read, for the person who owns it.
func Problem(name string, err error) diag.Problem {
	if errors.Is(err, ErrChanged) {
		return diag.Problem{File: name, Message: diag.Textf("the file changed while the portal was built"), Hint: diag.Textf("build again")}
	}
	if errors.Is(err, ErrTooLarge) {
		limit, hint := int64(MaxFile), diag.Textf("split it, or keep large data in a CSV file beside the page")
		if given := (*TooLargeError)(nil); errors.As(err, &given) && given.Limit > MaxFile {
			limit, hint = given.Limit, diag.Textf("make it smaller, or split it")
		}
		return diag.Problem{File: name, Message: diag.Textf("the file is larger than %d MiB", limit>>20), Hint: hint}
	}
	return unreadable(name, err)
}

func unreadable(name string, err error) diag.Problem {
	p := diag.Problem{File: name, Message: diag.Textf("cannot be read: %s", reason(err))}
	switch {
	case errors.Is(err, fs.ErrPermission):
		p.Hint = diag.Textf("give the person who builds the portal the right to read it")
	case errors.Is(err, fs.ErrNotExist):
		p.Message, p.Hint = diag.Textf("the file disappeared while it was read"), diag.Textf("build again")
	}
	return p
}

// reason is an error without the path that a problem names already.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

func linked(name string) diag.Problem {
	return diag.Problem{File: name, Message: diag.Textf("symbolic links are not followed"), Hint: diag.Textf("put the file itself here instead of a link to it")}
}
