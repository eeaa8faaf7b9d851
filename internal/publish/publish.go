// Package publish puts a finished portal in its place, whole or not at all.
//
// A new tree is staged beside the published one, on the same file system, in a folder of Pendapa's own
// (".public.pendapa" beside "public"). Files whose bytes did not change are hard links to those of the published tree.
// When every file is there and durable, the two trees are exchanged in one system call. Whatever ends a build before
// that (an error, a kill, a full disk, a power cut) leaves the published tree as it was; the next build removes what was
// left behind.
//
// The tree before is then made equal to the published one, by links, and kept as its mirror: the next build changes in
// it what changed, instead of making and removing thousands of folders. What is no longer published is not in it either.
//
// Where a system has no such call, two renames take its place; a build that dies between them is mended at the start of
// the next.
package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"pendapa/internal/parallel"
)

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

// Stage is a tree in the making. Its Put and Keep may be called from several goroutines; it ends with Commit or Abort.
type Stage struct {
	// Compress says that files are put beside their gzip and Brotli forms, where these are smaller. It is set before the
	// first Put.
	Compress bool

	// Planned reports whether the portal has a file of its own at a path, which is then not made as a compressed form of
	// another. It is set before the first Put, and may be nil.
	Planned func(name string) bool

	// Built is what the manifest says of how the tree was made, as a JSON object; nil: nothing. It is set before Commit.
	Built json.RawMessage

	mirrors  bool // whether a second tree is used, and kept for the next build
	disk     Disk
	out      string // the published tree; absolute
	stage    string // the folder beside it
	lock     *lock
	exists   bool             // whether there is a published tree
	old      map[string]known // its files
	listed   []byte           // its manifest
	folders  []sealedFolder   // its folders; none: they were not sealed
	whole    bool             // whether these are as they were
	mirrored bool             // whether its mirror is, and later whether the new tree grows out of it

	begin     func() error // makes the folder of the new tree, once
	dirs      sync.Map     // folders made in it
	touches   sync.Map     // folders in which names came or went, in one of the trees
	published bool         // whether the new tree is the published one
	making    sync.Mutex   // of a folder where a file may stand
	made      sync.Map     // states of the files that were made or read
	copied    atomic.Bool  // whether a file could not be linked
	grew      bool         // whether a mirror of the new tree was begun
	mu        sync.Mutex
	new       []File
	fresh     []File // those of new that were written
	kept      []File // those of new that are in the published tree
}

// known is a file of the published tree.
type known struct {
	File
	state stamp // where it is as it was sealed; zero: it has to be read
}

// Result says what a commit changed.
type Result struct {
	Files    int               // in the new tree, without the manifest
	Changed  int               // new, changed or removed
	Removed  []string          // paths of those that the tree before had and the new one has not; sorted
	Manifest [sha256.Size]byte // digest of the new tree's
}

func (s *Stage) next() string     { return filepath.Join(s.stage, "next") }
func (s *Stage) previous() string { return filepath.Join(s.stage, "previous") }
func (s *Stage) mirror() string   { return filepath.Join(s.stage, "mirror") }

// in is the path of a file in one of the trees.
func in(tree, name string) string { return filepath.Join(tree, filepath.FromSlash(name)) }

// Open checks that out may be replaced, locks it, mends what an earlier build left, and starts a new tree. site is the
// folder of the site that is built; the output may not be it, nor lie around it, nor be one of its source folders. mirror
// says whether a second tree is used and kept.
func Open(disk Disk, out, site string, mirror bool) (*Stage, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	if err := allowed(out, site); err != nil {
		return nil, err
	}
	s := &Stage{mirrors: mirror, disk: disk, out: out, stage: filepath.Join(filepath.Dir(out), "."+filepath.Base(out)+".pendapa")}
	s.begin = sync.OnceValue(s.start)
	if info, err := os.Lstat(s.stage); err == nil && !info.IsDir() {
		return nil, &RefusedError{fmt.Sprintf("%s, where the new tree is made, is not a folder", s.stage), "move it away"}
	}
	if err := disk.MkdirAll(s.stage); err != nil {
		return nil, fmt.Errorf("publish: make the folder for the new tree: %w", err)
	}
	_ = os.Chmod(s.stage, 0o700) // where a server shows what lies beside the portal, nobody reads an unfinished one
	if s.lock, err = takeLock(filepath.Join(s.stage, "lock"), out); err != nil {
		return nil, err
	}
	if err := errors.Join(s.mend(), s.inspect()); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
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
		if _, err := os.Lstat(left); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		// It may be the tree before, which the earlier build could not be sure to have replaced for good.
		if err := s.disk.SyncDir(filepath.Dir(s.out)); err != nil {
			return fmt.Errorf("publish: make the published portal durable: %w", err)
		}
		if err := s.disk.RemoveAll(left); err != nil {
			return fmt.Errorf("publish: remove what an earlier build left: %w", err)
		}
	}
	return nil
}

// inspect reads the manifest of the published tree, and refuses a folder with anything in it that Pendapa did not make.
func (s *Stage) inspect() error {
	entries, err := os.ReadDir(s.out)
	if errors.Is(err, fs.ErrNotExist) {
		return s.disk.RemoveAll(s.mirror())
	}
	if err != nil {
		return fmt.Errorf("publish: read the published portal: %w", err)
	}
	s.exists = true
	if len(entries) == 0 {
		return s.disk.RemoveAll(s.mirror())
	}
	s.listed, err = os.ReadFile(in(s.out, Manifest))
	if errors.Is(err, fs.ErrNotExist) {
		return &RefusedError{fmt.Sprintf("the folder %s was not made by Pendapa: it has no %s", s.out, Manifest), "name another folder with --out, or move this one away"}
	} else if err != nil {
		return fmt.Errorf("publish: read the published portal: %w", err)
	}
	tree, err := parseManifest(s.listed)
	if err != nil {
		return &RefusedError{fmt.Sprintf("the folder %s cannot be compared with what Pendapa made: %v", s.out, err), "move the whole folder away and build again; the portal in it stays good to serve"}
	}
	foreign, err := s.survey(tree.Files)
	if err != nil {
		return fmt.Errorf("publish: read the published portal: %w", err)
	}
	if len(foreign) > 0 {
		slices.Sort(foreign)
		names := strings.Join(foreign[:min(len(foreign), 5)], ", ")
		return &RefusedError{fmt.Sprintf("the folder %s holds %d files that Pendapa did not make: %s", s.out, len(foreign), names), "move them away, into static/ if they belong to the portal"}
	}
	if s.mirrored = s.mirrored && sameFile(in(s.out, Manifest), in(s.mirror(), Manifest)); !s.mirrored {
		return s.disk.RemoveAll(s.mirror())
	}
	return nil
}

// start makes the folder of the new tree: of the mirror where there is one.
func (s *Stage) start() error {
	var err error
	if s.mirrored {
		err = s.disk.Rename(s.mirror(), s.next())
	} else {
		err = s.disk.MkdirAll(s.next())
	}
	if err != nil {
		return fmt.Errorf("publish: make the new tree: %w", err)
	}
	return nil
}

// Put adds a file to the new tree, with its compressed forms where these are asked for, and returns them all. Where the
// published tree has the same bytes at the same path, that file is kept.
func (s *Stage) Put(name string, data []byte) ([]File, error) {
	file, err := s.put(name, data)
	if err != nil || !s.Compress {
		return []File{file}, err
	}
	files := []File{file}
	for _, form := range siblings(name, data) {
		if s.Planned != nil && s.Planned(name+form.ending) {
			continue
		}
		file, err := s.put(name+form.ending, form.data)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// Keep adds files of the published tree to the new one as they are, and reports false where one of them is not there, or
// no longer as it was published: then nothing was added.
func (s *Stage) Keep(files ...File) bool {
	for _, file := range files {
		if !s.has(file) {
			return false
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.new, s.kept = append(s.new, files...), append(s.kept, files...)
	return true
}

// Files are the files of the new tree so far, sorted by path.
func (s *Stage) Files() []File {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.new, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return slices.Clone(s.new)
}

// KeepAll keeps the whole published tree as it is, where its manifest has a digest and every file is as it was published;
// it reports whether it did.
func (s *Stage) KeepAll(manifest [sha256.Size]byte) bool {
	if s.listed == nil || sha256.Sum256(s.listed) != manifest {
		return false
	}
	tree, err := parseManifest(s.listed)
	if err != nil {
		return false
	}
	s.Built = tree.Built
	files := make([]File, 0, len(s.old))
	for _, f := range s.old {
		files = append(files, f.File)
	}
	return s.Keep(files...)
}

// has reports whether the published tree has a file. The manifest says so; the file itself decides, as somebody may have
// changed it since.
func (s *Stage) has(file File) bool {
	old, ok := s.old[file.Path]
	if !ok || old.File != file {
		return false
	}
	if old.state != (stamp{}) {
		return true
	}
	at := in(s.out, file.Path)
	before, _ := stampOf(at) // none: another state than any
	info, err := os.Lstat(at)
	if err != nil || !info.Mode().IsRegular() || info.Size() != file.Size {
		return false
	}
	data, err := os.ReadFile(at)
	if err != nil || fileOf(file.Path, data) != file {
		return false
	}
	s.made.Store(file.Path, before)
	return true
}

// fileOf is a file as the manifest lists it.
func fileOf(name string, data []byte) File {
	digest := sha256.Sum256(data)
	return File{Path: name, Size: int64(len(data)), SHA256: hex.EncodeToString(digest[:])}
}

func (s *Stage) put(name string, data []byte) (File, error) {
	if !fs.ValidPath(name) || name == "." {
		return File{}, fmt.Errorf("publish: %q is not a path below the output", name)
	}
	file := fileOf(name, data)
	if s.Keep(file) {
		return file, nil
	}
	if err := s.begin(); err != nil {
		return file, err
	}
	if err := s.place(name, func(to string) error { return s.disk.WriteFile(to, data) }); err != nil {
		return file, err
	}
	if state, err := stampOf(in(s.next(), name)); err == nil {
		s.made.Store(name, state)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.new, s.fresh = append(s.new, file), append(s.fresh, file)
	return file, nil
}

// place makes a file in the new tree. In a mirror it takes the place of what stands there.
func (s *Stage) place(name string, make func(to string) error) error {
	s.touch(path.Dir(name))
	if err := s.folder(path.Dir(name)); err != nil {
		return fmt.Errorf("publish: make the folder of %s: %w", name, err)
	}
	to := in(s.next(), name)
	if s.mirrored {
		if err := s.clear(to); err != nil {
			return fmt.Errorf("publish: replace %s: %w", name, err)
		}
	}
	if err := make(to); err != nil {
		return fmt.Errorf("publish: write %s: %w", name, err)
	}
	return nil
}

// touch notes that names come or go in a folder; where it comes or goes itself, in those above it too.
func (s *Stage) touch(dir string) {
	for known := false; !known && dir != "."; dir = path.Dir(dir) {
		_, known = s.touches.LoadOrStore(dir, true)
	}
}

// clear removes what stands at a path; a folder too.
func (s *Stage) clear(at string) error {
	err := s.disk.Remove(at)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return s.disk.RemoveAll(at)
}

// folder makes a folder of the new tree. In a mirror a file may stand where it is needed, or where one above it is.
func (s *Stage) folder(dir string) error {
	if _, made := s.dirs.Load(dir); made {
		return nil
	}
	at := in(s.next(), dir)
	if s.mirrored {
		s.making.Lock()
		defer s.making.Unlock()
		for above := at; len(above) > len(s.next()); above = filepath.Dir(above) {
			if info, err := os.Lstat(above); err == nil && !info.IsDir() {
				if err := s.disk.Remove(above); err != nil {
					return err
				}
			} else if err == nil {
				break
			}
		}
	}
	if err := s.disk.MkdirAll(at); err != nil {
		return err
	}
	s.dirs.Store(dir, true)
	return nil
}

// Commit finishes the new tree and puts it in the place of the published one. After an error the published tree is as
// it was, unless the error wraps [ErrLeftovers].
func (s *Stage) Commit() (Result, error) {
	slices.SortFunc(s.new, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	removed := s.removed()
	list := manifest(s.new, s.Built)
	result := Result{Files: len(s.new), Changed: len(s.fresh) + len(removed), Removed: removed, Manifest: sha256.Sum256(list)}
	if s.exists && result.Changed == 0 && bytes.Equal(list, s.listed) {
		return result, s.unchanged()
	}
	if err := s.commit(list, removed); err != nil {
		return Result{}, errors.Join(err, s.Abort())
	}
	// The portal is published; what follows only tidies up. Until the exchange is durable a power cut may bring the tree
	// before back, which has to be whole then.
	err := s.disk.SyncDir(filepath.Dir(s.out))
	if err == nil {
		err = s.tidy(removed)
	} else {
		err = fmt.Errorf("make the exchange durable: %w", err)
	}
	if err := errors.Join(err, s.close()); err != nil {
		return result, fmt.Errorf("publish: %w: %w", ErrLeftovers, err)
	}
	return result, nil
}

// ErrLeftovers says that a portal was published, and that the one before could not be removed wholly, or must not be yet;
// the next build tries again.
var ErrLeftovers = errors.New("the portal is published, but the folder of the one before is still there")

// removed are the files of the published tree that the new one does not have.
func (s *Stage) removed() []string {
	current := make(map[string]bool, len(s.new))
	for _, f := range s.new {
		current[f.Path] = true
	}
	var removed []string
	for name := range s.old {
		if !current[name] {
			removed = append(removed, name)
		}
	}
	slices.Sort(removed)
	return removed
}

// unchanged ends a build that changed nothing: the published tree stays where it is.
func (s *Stage) unchanged() error {
	if !s.mirrors {
		return errors.Join(s.unkeep(), s.close())
	}
	// What was read this time need not be the next.
	if unsure := s.unsure(); len(unsure) > 0 && s.whole && s.mirrored && len(s.astray(unsure, s.mirror())) == 0 {
		s.makeSeal()
	}
	return s.close()
}

// unsure are the kept files that somebody may have touched. They had to be read, and their links in the mirror may be
// others.
func (s *Stage) unsure() []string {
	var names []string
	for _, f := range s.kept {
		if s.old[f.Path].state == (stamp{}) {
			names = append(names, f.Path)
		}
	}
	return names
}

// astray are those of the names that do not lead to the same file in a mirror as in the published tree.
func (s *Stage) astray(names []string, mirror string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return sameFile(in(s.out, name), in(mirror, name)) })
}

func (s *Stage) commit(list []byte, removed []string) error {
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.complete(); err != nil {
		return err
	}
	if s.mirrored {
		if err := s.drop(removed); err != nil {
			return err
		}
	}
	if err := s.place(Manifest, func(to string) error { return s.disk.WriteFile(to, list) }); err != nil {
		return err
	}
	grown := make(chan error, 1)
	if s.mirrors && !s.reflects() {
		s.grew = true
		go func() { grown <- s.grow() }() // while the disk is at work
	} else {
		grown <- nil
	}
	err := s.disk.Sync(s.next())
	if growErr := <-grown; growErr != nil {
		s.mirrors = false // what was begun is removed; publishing needs no mirror
	}
	if err != nil {
		return fmt.Errorf("publish: make the new portal durable: %w", err)
	}
	if err := s.swap(); err != nil {
		return err
	}
	s.published = true // from here on the new portal is what visitors see
	return nil
}

// complete links the kept files into the new tree. A mirror has them, where nobody touched it.
func (s *Stage) complete() error {
	var names []string
	if s.mirrored {
		names = s.astray(s.unsure(), s.next())
	} else {
		for _, f := range s.kept {
			names = append(names, f.Path)
		}
	}
	return parallel.Do(context.Background(), runtime.GOMAXPROCS(0), len(names), func(i int) error {
		s.made.Store(names[i], s.stampOf(names[i])) // another link gives it another state
		return s.place(names[i], func(to string) error {
			from := in(s.out, names[i])
			if s.disk.Link(from, to) == nil {
				return nil
			}
			s.copied.Store(true)
			data, err := os.ReadFile(from) // no links here, or too many: a copy is as good
			if err != nil {
				return err
			}
			return s.disk.WriteFile(to, data)
		})
	})
}

// reflects reports whether the published tree can become the mirror of the new one: somebody may have put folders in it,
// or changed what may be done with them.
func (s *Stage) reflects() bool { return s.exists && s.whole && !s.copied.Load() }

// grow makes a mirror of the new tree where there is no tree that can become it.
func (s *Stage) grow() error {
	var folders sync.Map
	files := append([]File{{Path: Manifest}}, s.new...)
	return parallel.Do(context.Background(), runtime.GOMAXPROCS(0), len(files), func(i int) error {
		name := files[i].Path
		if _, made := folders.Load(path.Dir(name)); !made {
			if err := s.disk.MkdirAll(in(s.mirror(), path.Dir(name))); err != nil {
				return err
			}
			folders.Store(path.Dir(name), true)
		}
		return s.disk.Link(in(s.next(), name), in(s.mirror(), name))
	})
}

// drop removes files from the tree in the stage, and the folders that are empty without them.
func (s *Stage) drop(names []string) error {
	for _, name := range names {
		s.touch(path.Dir(name))
		if info, err := os.Lstat(in(s.next(), name)); err == nil && !info.IsDir() { // where a folder took its place, it is gone
			if err := s.disk.Remove(in(s.next(), name)); err != nil {
				return fmt.Errorf("publish: remove %s: %w", name, err)
			}
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if entries, err := os.ReadDir(in(s.next(), dir)); err != nil || len(entries) > 0 {
				break
			}
			if err := s.disk.Remove(in(s.next(), dir)); err != nil {
				return fmt.Errorf("publish: remove the empty folder %s: %w", dir, err)
			}
			s.dirs.Delete(dir)
		}
	}
	return nil
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

// tidy makes the tree before the mirror of the published one, unless a mirror has grown, and removes it where that cannot
// be.
func (s *Stage) tidy(removed []string) error {
	if s.mirrors && s.reflects() && (s.reflect(removed) != nil || s.disk.Rename(s.next(), s.mirror()) != nil) {
		s.mirrors = false
	}
	err := errors.Join(s.disk.RemoveAll(s.next()), s.disk.RemoveAll(s.previous()))
	if !s.mirrors {
		return errors.Join(err, s.unkeep())
	}
	s.makeSeal()
	return err
}

// reflect makes the tree before equal to the published one.
func (s *Stage) reflect(removed []string) error {
	if _, err := os.Lstat(s.previous()); err == nil {
		return errors.ErrUnsupported // two renames: the system is one where mirrors are of no use
	}
	if s.touched() {
		return errors.ErrUnsupported
	}
	s.mirrored = true // whatever stands at a path is replaced
	s.dirs.Clear()
	if err := s.drop(removed); err != nil {
		return err
	}
	changed := append(s.fresh, File{Path: Manifest})
	return parallel.Do(context.Background(), runtime.GOMAXPROCS(0), len(changed), func(i int) error {
		return s.place(changed[i].Path, func(to string) error { return s.disk.Link(in(s.out, changed[i].Path), to) })
	})
}

// touched reports whether somebody put something into the tree before while the new one was made.
func (s *Stage) touched() bool {
	return slices.ContainsFunc(s.folders, func(f sealedFolder) bool {
		is, err := stampOf(in(s.next(), f.Name))
		if f.Name == "." { // it was renamed
			return err != nil || !is.content(f.Public)
		}
		return err != nil || is != f.Public
	})
}

// unkeep removes what was kept for later builds.
func (s *Stage) unkeep() error {
	_ = os.Remove(s.sealFile())
	return s.disk.RemoveAll(s.mirror())
}

// Abort throws the new tree away.
func (s *Stage) Abort() error {
	err := s.disk.RemoveAll(s.next())
	if s.grew {
		err = errors.Join(err, s.unkeep())
	}
	return errors.Join(err, s.close())
}

// close releases the lock and removes the folder beside the output, if nothing is left in it.
func (s *Stage) close() error {
	if s.lock == nil {
		return nil
	}
	err := s.lock.release()
	s.lock = nil
	_ = os.Remove(s.stage) // fails where the next build has locked it already, or something is kept in it
	return err
}

// sameFile reports whether two paths are names of one file.
func sameFile(a, b string) bool {
	first, err := os.Lstat(a)
	if err != nil {
		return false
	}
	second, err := os.Lstat(b)
	return err == nil && os.SameFile(first, second)
}
