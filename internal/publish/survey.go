package publish

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"time"

	"pendapa/internal/pack"
	"pendapa/internal/parallel"
)

// The seal is a file beside the trees. It holds the state of every file and folder of the published tree, and of every
// folder of its mirror, as they were when a build had looked at them or made them itself. What is in the same state as
// then, down to the time of its last change, which nobody can set, holds the same; all else is read again.

// seal is what the seal's file holds.
type seal struct {
	At       int64 // what changed from here on may have changed again without another time
	Manifest stamp
	Files    []stamp // in the order of the manifest
	Folders  []sealedFolder
}

// sealedFolder is a folder of the two trees.
type sealedFolder struct {
	Name           string
	Public, Mirror stamp
}

// stamp is what tells one state of a file or folder from another. Its zero value is no state.
type stamp struct {
	Inode    uint64
	Size     int64
	Modified int64 // when its bytes, or the names in it, last changed: nanoseconds since 1970
	Changed  int64 // when anything of it last changed
}

// content reports whether two states are of the same bytes: a link more or less changes the last time only.
func (s stamp) content(other stamp) bool {
	s.Changed = other.Changed
	return s == other
}

var sealForm = pack.New[seal](nil)

func (s *Stage) sealFile() string { return filepath.Join(s.stage, "seal") }

// tick is how far apart two changes have to be for their times to differ on every kernel. Since 6.13 Linux tells all apart
// that were asked for.
const tick = 10 * time.Millisecond

// readSeal reads the seal, which is of no use unless it was made for the manifest that is published.
func (s *Stage) readSeal(files int) (sealed seal, ok bool) {
	info, err := os.Lstat(s.sealFile())
	if err != nil || !info.Mode().IsRegular() {
		return seal{}, false
	}
	data, err := os.ReadFile(s.sealFile())
	if err != nil {
		return seal{}, false
	}
	if rest, err := sealForm.Read(string(data), &sealed); err != nil || rest != "" || len(sealed.Files) != files {
		return seal{}, false
	}
	list, err := stampOf(in(s.out, Manifest))
	return sealed, err == nil && list == sealed.Manifest
}

// survey looks at the published tree, whose manifest lists files: which of them are as they were sealed, and what else is
// in the tree. It finds out whether the trees are whole, so that one can grow out of the other.
func (s *Stage) survey(files []File) (foreign []string, err error) {
	s.old = make(map[string]known, len(files))
	for _, f := range files {
		s.old[f.Path] = known{File: f}
	}
	sealed, ok := seal{}, false
	if s.Mirror {
		sealed, ok = s.readSeal(len(files))
	}
	if !ok {
		return s.strangers(".")
	}
	jobs := runtime.GOMAXPROCS(0)
	type state struct {
		changed, moved bool // since the seal; it or one above it
		foreign        []string
		mirrored       bool
	}
	states := make([]state, len(sealed.Folders))
	err = parallel.Do(context.Background(), jobs, len(states), func(i int) (err error) {
		folder := sealed.Folders[i]
		is, statErr := stampOf(in(s.out, folder.Name))
		if states[i].changed = statErr != nil || is != folder.Public || is.Changed >= sealed.At; states[i].changed { // names may have come or gone
			states[i].foreign, err = s.strangersIn(folder.Name)
		}
		is, statErr = stampOf(in(s.mirror(), folder.Name))
		states[i].mirrored = statErr == nil && is == folder.Mirror
		return err
	})
	if err != nil {
		return nil, err
	}
	byName := make(map[string]*state, len(states))
	for i, folder := range sealed.Folders {
		byName[folder.Name] = &states[i]
	}
	s.folders, s.whole, s.mirrored = sealed.Folders, true, true
	for i, folder := range sealed.Folders {
		one := &states[i]
		foreign = append(foreign, one.foreign...)
		s.whole, s.mirrored = s.whole && !one.changed, s.mirrored && one.mirrored
		one.moved = byName["."] == nil || byName["."].changed
		for name := folder.Name; name != "." && !one.moved; name = path.Dir(name) {
			one.moved = byName[name] == nil || byName[name].changed
		}
	}
	sure := make([]stamp, len(files))
	err = parallel.Do(context.Background(), jobs, len(files), func(i int) error {
		// A folder that takes another's place brings files along that nothing has happened to.
		if folder := byName[path.Dir(files[i].Path)]; folder == nil || folder.moved {
			return nil
		}
		if is, err := stampOf(in(s.out, files[i].Path)); err == nil && is == sealed.Files[i] && is.Changed < sealed.At {
			sure[i] = is
		}
		return nil
	})
	for i, f := range files {
		s.old[f.Path] = known{f, sure[i]}
	}
	return foreign, err
}

// strangersIn are the files in a folder of the published tree, and in those that Pendapa did not make below it, that its
// manifest does not list.
func (s *Stage) strangersIn(dir string) ([]string, error) {
	if info, err := os.Lstat(in(s.out, dir)); err != nil || !info.IsDir() {
		return nil, nil // it is gone, or something else now, which the folder above tells
	}
	entries, err := os.ReadDir(in(s.out, dir))
	if err != nil {
		return nil, err
	}
	var foreign []string
	for _, entry := range entries {
		more, err := s.strangers(path.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		foreign = append(foreign, more...)
	}
	return foreign, nil
}

// strangers are the files of the published tree, at a path and below it, that its manifest does not list.
func (s *Stage) strangers(at string) ([]string, error) {
	var foreign []string
	err := filepath.WalkDir(in(s.out, at), func(name string, entry fs.DirEntry, err error) error {
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
	return foreign, err
}

// makeSeal seals the published tree and its mirror. A file whose bytes changed since this build looked at it, or made it,
// is left out: the next build reads it. Without a seal the next build reads every file, so nothing depends on its
// success.
func (s *Stage) makeSeal() {
	time.Sleep(2*tick + tick/10) // what was just done is told apart from what comes, by a clock that may be a tick behind
	write := func(data []byte) error { return os.WriteFile(s.sealFile(), data, 0o600) }
	err := write(nil)
	now, timeErr := stampOf(s.sealFile())
	sealed, stateErr := s.states()
	sealed.At = now.Changed - int64(tick)
	if err = errors.Join(err, timeErr, stateErr); err == nil {
		err = write(sealForm.Append(nil, &sealed))
	}
	if err != nil {
		_ = os.Remove(s.sealFile())
	}
}

// states are those of the published tree and its mirror. Where the one grew out of the other, what this build left alone
// is as it was sealed before, or else the next build sees that it is not; all else is asked for.
func (s *Stage) states() (sealed seal, err error) {
	if sealed.Manifest, err = stampOf(in(s.out, Manifest)); err != nil {
		return sealed, err
	}
	grown := s.mirrored && !s.grew
	jobs := runtime.GOMAXPROCS(0)
	sealed.Files = make([]stamp, len(s.new))
	_ = parallel.Do(context.Background(), jobs, len(s.new), func(i int) error {
		was := s.stampOf(s.new[i].Path)
		if _, made := s.made.Load(s.new[i].Path); grown && !made {
			sealed.Files[i] = was
		} else if is, err := stampOf(in(s.out, s.new[i].Path)); err == nil && is.content(was) {
			sealed.Files[i] = is
		}
		return nil
	})
	before := make(map[string]sealedFolder, len(s.folders))
	if grown && s.published {
		for _, f := range s.folders {
			before[f.Name] = sealedFolder{f.Name, f.Mirror, f.Public} // they changed places
		}
	}
	names := map[string]bool{}
	add := func(name string) {
		for ; !names[name]; name = path.Dir(name) {
			names[name] = true
			sealed.Folders = append(sealed.Folders, sealedFolder{Name: name})
		}
	}
	add(path.Dir(Manifest))
	for _, f := range s.new {
		add(path.Dir(f.Path))
	}
	return sealed, parallel.Do(context.Background(), jobs, len(sealed.Folders), func(i int) (err error) {
		folder := &sealed.Folders[i]
		_, touched := s.touches.Load(folder.Name)
		if was, known := before[folder.Name]; known && !touched && folder.Name != "." {
			*folder = was
			return nil
		}
		if folder.Public, err = stampOf(in(s.out, folder.Name)); err == nil {
			folder.Mirror, err = stampOf(in(s.mirror(), folder.Name))
		}
		return err
	})
}

// stampOf is the state in which this build saw a file of the new tree.
func (s *Stage) stampOf(name string) stamp {
	if made, ok := s.made.Load(name); ok {
		return made.(stamp)
	}
	return s.old[name].state
}
