// Package publish puts a finished portal in its place, whole or not at all.
//
// A new tree is staged beside the published one, on the same file system, in a folder of Pendapa's own
// (".public.pendapa" beside "public"). Files whose bytes did not change are hard links to those of the published tree.
// When every file is there and durable, the two trees are exchanged in one system call, and the old one is removed.
// Whatever ends a build before that (an error, a kill, a full disk, a power cut) leaves the published tree as it was;
// the next build removes what was left behind.
//
// Where a system has no such call, two renames take its place; a build that dies between them is mended at the start of
// the next.
package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Manifest is the path of the file, in every published tree, that lists all others with their sizes and digests. It is
// also what shows that a folder was made by Pendapa.
const Manifest = ".well-known/pendapa/tree.json"

// Tree is the contents of the manifest.
type Tree struct {
	Version int    `json:"version"` // of this format: 1
	Files   []File `json:"files"`   // sorted by path
}

// File is one published file.
type File struct {
	Path   string `json:"path"` // with slashes
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// RefusedError says that a folder cannot be the output of a build: it would not be safe to replace it.
type RefusedError struct{ Reason, Hint string }

func (e *RefusedError) Error() string { return e.Reason }

// LockedError says that another build is publishing to the same folder.
type LockedError struct {
	Folder string
	Holder string // process id; empty: not known
}

func (e *LockedError) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("another build is publishing to %s", e.Folder)
	}
	return fmt.Sprintf("another build (process %s) is publishing to %s", e.Holder, e.Folder)
}

// Stage is a tree in the making. Its Put may be called from several goroutines; it ends with Commit or Abort.
type Stage struct {
	// Compress says that files are put beside their gzip and Brotli forms, where these are smaller. It is set before the
	// first Put.
	Compress bool

	disk   Disk
	out    string // the published tree; absolute
	stage  string // the folder beside it
	lock   *lock
	exists bool // whether there is a published tree
	old    map[string]File

	dirs sync.Map // folders made in the new tree
	mu   sync.Mutex
	new  []File
	kept int // files linked from the old tree
}

// Result says what a commit changed.
type Result struct {
	Files   int // in the new tree, without the manifest
	Changed int // new, changed or removed
}

func (s *Stage) next() string     { return filepath.Join(s.stage, "next") }
func (s *Stage) previous() string { return filepath.Join(s.stage, "previous") }

// Open checks that out may be replaced, locks it, mends what an earlier build left, and starts a new tree. site is the
// folder of the site that is built; the output may not be it, nor lie around it, nor be one of its source folders.
func Open(disk Disk, out, site string) (*Stage, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	if err := allowed(out, site); err != nil {
		return nil, err
	}
	s := &Stage{disk: disk, out: out, stage: filepath.Join(filepath.Dir(out), "."+filepath.Base(out)+".pendapa")}
	if err := disk.MkdirAll(s.stage); err != nil {
		return nil, fmt.Errorf("publish: make the folder for the new tree: %w", err)
	}
	if s.lock, err = takeLock(filepath.Join(s.stage, "lock"), out); err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *Stage) start() error {
	if err := s.mend(); err != nil {
		return err
	}
	if err := s.inspect(); err != nil {
		return err
	}
	if err := s.disk.MkdirAll(s.next()); err != nil {
		return fmt.Errorf("publish: make the new tree: %w", err)
	}
	return nil
}

// mend removes what a build that died left behind, and finishes or takes back its two renames.
func (s *Stage) mend() error {
	if _, err := os.Lstat(s.out); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(s.previous()); err == nil {
			if err := s.disk.Rename(s.previous(), s.out); err != nil {
				return fmt.Errorf("publish: put the portal back that an earlier build moved away: %w", err)
			}
		}
	}
	for _, left := range []string{s.next(), s.previous()} {
		if err := s.disk.RemoveAll(left); err != nil {
			return fmt.Errorf("publish: remove what an earlier build left: %w", err)
		}
	}
	return nil
}

// allowed refuses folders that a build must never replace.
func allowed(out, site string) error {
	if info, err := os.Lstat(out); err == nil {
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			return &RefusedError{fmt.Sprintf("the output %s is a symbolic link", out), "name the folder that it leads to"}
		case !info.IsDir():
			return &RefusedError{fmt.Sprintf("the output %s is not a folder", out), "name another folder with --out"}
		}
	}
	real := resolve(out)
	site, err := filepath.Abs(site)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	site = resolve(site)
	home, _ := os.UserHomeDir()
	switch {
	case filepath.Dir(real) == real:
		return &RefusedError{"the output is the root of the file system", "name a folder of its own with --out"}
	case within(site, real):
		return &RefusedError{fmt.Sprintf("the output %s is or holds the site's own folder", out), "name a folder of its own with --out"}
	case home != "" && within(resolve(home), real):
		return &RefusedError{fmt.Sprintf("the output %s is or holds the home folder", out), "name a folder of its own with --out"}
	}
	for _, source := range []string{"content", "layouts", "static", "cmd", "internal", "docs", ".git", ".pendapa"} {
		if within(real, filepath.Join(site, source)) {
			return &RefusedError{fmt.Sprintf("the output %s lies in the site's folder %s", out, source), "name a folder of its own with --out"}
		}
	}
	return nil
}

// resolve follows links in the part of a path that exists.
func resolve(p string) string {
	rest := ""
	for at := p; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if filepath.Dir(at) == at {
			return p
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}

// within reports whether p is dir or lies below it.
func within(p, dir string) bool {
	relative, err := filepath.Rel(dir, p)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}

// inspect reads the manifest of the published tree, and refuses a folder with anything in it that Pendapa did not make.
func (s *Stage) inspect() error {
	entries, err := os.ReadDir(s.out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("publish: read the published portal: %w", err)
	}
	s.exists = true
	if len(entries) == 0 {
		return nil
	}
	tree, err := ReadManifest(s.out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &RefusedError{fmt.Sprintf("the folder %s cannot be compared with what Pendapa made: %v", s.out, err), "move the whole folder away and build again; the portal in it stays good to serve"}
	}
	if err != nil {
		return &RefusedError{fmt.Sprintf("the folder %s was not made by Pendapa: it has no %s", s.out, Manifest), "name another folder with --out, or move this one away"}
	}
	s.old = make(map[string]File, len(tree.Files))
	for _, f := range tree.Files {
		s.old[f.Path] = f
	}
	var foreign []string
	err = filepath.WalkDir(s.out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(s.out, name)
		if err != nil || entry.IsDir() {
			return err
		}
		relative = filepath.ToSlash(relative)
		if _, ours := s.old[relative]; !ours && relative != Manifest {
			foreign = append(foreign, relative)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("publish: read the published portal: %w", err)
	}
	if len(foreign) > 0 {
		names := strings.Join(foreign[:min(len(foreign), 5)], ", ")
		return &RefusedError{fmt.Sprintf("the folder %s holds %d files that Pendapa did not make: %s", s.out, len(foreign), names), "move them away, into static/ if they belong to the portal"}
	}
	return nil
}

// ReadManifest reads the manifest of a published tree.
func ReadManifest(dir string) (Tree, error) {
	var tree Tree
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(Manifest)))
	if err != nil {
		return tree, err
	}
	if err := json.Unmarshal(data, &tree); err != nil {
		return tree, fmt.Errorf("read %s: %w", Manifest, err)
	}
	if tree.Version != 1 {
		return tree, fmt.Errorf("%s has the version %d; this program knows version 1", Manifest, tree.Version)
	}
	return tree, nil
}

// Put adds a file to the new tree, with its compressed forms where these are asked for. Where the published tree has the
// same bytes at the same path, the new file is a link to the old.
func (s *Stage) Put(name string, data []byte) error {
	if err := s.put(name, data); err != nil || !s.Compress {
		return err
	}
	for _, f := range siblings(name, data) {
		if err := s.put(name+f.ending, f.data); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stage) put(name string, data []byte) error {
	if !fs.ValidPath(name) || name == "." {
		return fmt.Errorf("publish: %q is not a path below the output", name)
	}
	digest := sha256.Sum256(data)
	file := File{Path: name, Size: int64(len(data)), SHA256: hex.EncodeToString(digest[:])}
	if err := s.folder(path.Dir(name)); err != nil {
		return err
	}
	kept, err := s.place(file, data)
	if err != nil {
		return fmt.Errorf("publish: write %s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.new = append(s.new, file)
	if kept {
		s.kept++
	}
	return nil
}

func (s *Stage) place(file File, data []byte) (kept bool, err error) {
	local := filepath.FromSlash(file.Path)
	to := filepath.Join(s.next(), local)
	if old, ok := s.old[file.Path]; ok && old == file {
		from := filepath.Join(s.out, local)
		// The manifest says so; the file itself decides, as somebody may have changed it since.
		if is, err := os.ReadFile(from); err == nil && bytes.Equal(is, data) {
			if s.disk.Link(from, to) == nil {
				return true, nil
			}
			// No links here, or too many: a copy is as good.
		}
	}
	return false, s.disk.WriteFile(to, data)
}

func (s *Stage) folder(dir string) error {
	if _, made := s.dirs.Load(dir); made {
		return nil
	}
	if err := s.disk.MkdirAll(filepath.Join(s.next(), filepath.FromSlash(dir))); err != nil {
		return fmt.Errorf("publish: make the folder %s: %w", dir, err)
	}
	s.dirs.Store(dir, true)
	return nil
}

// Commit finishes the new tree and puts it in the place of the published one. After an error the published tree is as
// it was, unless the error wraps [ErrLeftovers].
func (s *Stage) Commit() (Result, error) {
	result, err := s.commit()
	if err != nil {
		return Result{}, errors.Join(err, s.Abort())
	}
	// The portal is published; what follows only tidies up.
	if err := errors.Join(s.disk.RemoveAll(s.next()), s.disk.RemoveAll(s.previous()), s.close()); err != nil {
		return result, fmt.Errorf("publish: %w: %w", ErrLeftovers, err)
	}
	return result, nil
}

// ErrLeftovers says that a portal was published, and that the one before could not be removed wholly; the next build
// tries again.
var ErrLeftovers = errors.New("the portal is published, but the folder of the one before could not be removed")

func (s *Stage) commit() (Result, error) {
	slices.SortFunc(s.new, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	result := Result{Files: len(s.new), Changed: len(s.new) - s.kept}
	current := make(map[string]bool, len(s.new))
	for _, f := range s.new {
		current[f.Path] = true
	}
	for name := range s.old {
		if !current[name] {
			result.Changed++
		}
	}
	if err := s.folder(path.Dir(Manifest)); err != nil {
		return result, err
	}
	if err := s.disk.WriteFile(filepath.Join(s.next(), filepath.FromSlash(Manifest)), manifest(s.new)); err != nil {
		return result, fmt.Errorf("publish: write %s: %w", Manifest, err)
	}
	if err := s.disk.Sync(s.next()); err != nil {
		return result, fmt.Errorf("publish: make the new portal durable: %w", err)
	}
	if err := s.swap(); err != nil {
		return result, err
	}
	// From here on the new portal is what visitors see. That the exchange itself is durable is asked for, not needed:
	// without it a power cut brings back the old portal, whole.
	_ = s.disk.SyncDir(filepath.Dir(s.out))
	return result, nil
}

func (s *Stage) swap() error {
	if !s.exists {
		if err := s.disk.Rename(s.next(), s.out); err != nil {
			return fmt.Errorf("publish: put the portal in its place: %w", err)
		}
		return nil
	}
	err := s.disk.Exchange(s.next(), s.out)
	if err == nil {
		return nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("publish: exchange %s and the new portal: %w", s.out, err)
	}
	if err := s.disk.Rename(s.out, s.previous()); err != nil {
		return fmt.Errorf("publish: move the published portal away: %w", err)
	}
	if err := s.disk.Rename(s.next(), s.out); err != nil {
		return errors.Join(fmt.Errorf("publish: put the portal in its place: %w", err), s.disk.Rename(s.previous(), s.out))
	}
	return nil
}

// manifest writes one file a line: it reads well, and compares well with the one before.
func manifest(files []File) []byte {
	var b bytes.Buffer
	b.WriteString("{\"version\": 1, \"files\": [")
	for i, f := range files {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(f) // strings and a number: it cannot fail
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

// Abort throws the new tree away.
func (s *Stage) Abort() error {
	return errors.Join(s.disk.RemoveAll(s.next()), s.close())
}

// close releases the lock and removes the folder beside the output, if nothing is left in it.
func (s *Stage) close() error {
	if s.lock == nil {
		return nil
	}
	err := s.lock.release()
	s.lock = nil
	_ = os.Remove(s.stage) // fails where the next build has locked it already, or leftovers are in it
	return err
}
