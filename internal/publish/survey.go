package publish

import (
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"

	"pendapa/internal/parallel"
)

// survey looks at the published tree, whose manifest lists files: which of them are as they were sealed, and what else is
// in the tree. It finds out whether the trees are whole, so that one can grow out of the other.
func (s *Stage) survey(files []File) (foreign []string, err error) {
	s.old = make(map[string]known, len(files))
	for _, f := range files {
		s.old[f.Path] = known{File: f}
	}
	sealed, ok := seal{}, false
	if s.mirrors {
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
