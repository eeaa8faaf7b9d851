package publish

import (
	"context"
	"errors"
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
