//go:build linux

package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendapa/internal/treetest"
)

// renew publishes a portal as a build does that knows what it made before: what can be kept is not made again.
func renew(t *testing.T, out, site string, p portal) (made []string, r Result) {
	t.Helper()
	s, err := Open(OS{}, out, site, true)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range p {
		if s.Keep(fileOf(name, []byte(text))) {
			continue
		}
		made = append(made, name)
		if _, err := s.Put(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if r, err = s.Commit(); err != nil {
		t.Fatal(err)
	}
	return made, r
}

func TestMirrorIsThePublishedTree(t *testing.T) {
	out, site := folders(t)
	stage := filepath.Join(filepath.Dir(out), ".public.pendapa")
	for i, p := range []portal{oldPortal, newPortal, oldPortal, newPortal} {
		renew(t, out, site, p)
		if info, err := os.Stat(stage); err != nil || info.Mode().Perm() != 0o700 {
			t.Fatalf("the folder beside the portal: %v, %v", info.Mode(), err)
		}
		mirror := filepath.Join(stage, "mirror")
		if treetest.Digest(t, mirror) != treetest.Digest(t, out) {
			t.Fatalf("build %d: the mirror is another tree", i)
		}
		for name := range p {
			if !sameFile(filepath.Join(out, name), filepath.Join(mirror, name)) {
				t.Errorf("build %d: %s takes its room twice", i, name)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(stage, "mirror/b")); err == nil {
		t.Error("what was withdrawn is still beside the portal")
	}
}

func TestNothingNewChangesNothing(t *testing.T) {
	out, site := folders(t)
	renew(t, out, site, oldPortal)
	before, _ := os.Stat(out)
	made, r := renew(t, out, site, oldPortal)
	after, _ := os.Stat(out)
	if len(made) > 0 || r.Changed != 0 || r.Files != 4 || !os.SameFile(before, after) {
		t.Errorf("made %v, %d changed of %d, same folder %v", made, r.Changed, r.Files, os.SameFile(before, after))
	}
}

// What somebody did to the published tree after it was sealed is seen, whatever its size and its times say, and mended.
func TestTouchedFilesAreNotKept(t *testing.T) {
	write := func(out, name, text string) { _ = os.WriteFile(filepath.Join(out, name), []byte(text), 0o644) }
	for name, touch := range map[string]func(out string){
		"nothing":   func(string) {},
		"same size": func(out string) { write(out, "a/index.html", "evil") },
		"same size, its time set": func(out string) {
			write(out, "a/index.html", "evil")
			_ = os.Chtimes(filepath.Join(out, "a/index.html"), time.Unix(1, 0), time.Unix(1, 0))
		},
		"removed":            func(out string) { _ = os.Remove(filepath.Join(out, "a/index.html")) },
		"its folder removed": func(out string) { _ = os.RemoveAll(filepath.Join(out, "a")) },
		"two folders in each other's place": func(out string) {
			_ = os.Rename(filepath.Join(out, "a"), filepath.Join(out, "x"))
			_ = os.Rename(filepath.Join(out, "b"), filepath.Join(out, "a"))
			_ = os.Rename(filepath.Join(out, "x"), filepath.Join(out, "b"))
		},
		"two files in each other's place": func(out string) {
			_ = os.Rename(filepath.Join(out, "a/index.html"), filepath.Join(out, "x"))
			_ = os.Rename(filepath.Join(out, "b/index.html"), filepath.Join(out, "a/index.html"))
			_ = os.Rename(filepath.Join(out, "x"), filepath.Join(out, "b/index.html"))
		},
		"another file under its name": func(out string) {
			write(out, "x", "evil")
			_ = os.Rename(filepath.Join(out, "x"), filepath.Join(out, "a/index.html"))
		},
		"a copy of the whole tree": func(out string) {
			_ = os.CopyFS(out+"2", os.DirFS(out))
			write(out+"2", "a/index.html", "evil")
			_ = os.RemoveAll(out)
			_ = os.Rename(out+"2", out)
		},
		"the mirror touched": func(out string) {
			write(filepath.Dir(out), ".public.pendapa/mirror/a/index.html", "evil")
		},
		"a file of the mirror removed": func(out string) {
			_ = os.Remove(filepath.Join(filepath.Dir(out), ".public.pendapa/mirror/a/index.html"))
		},
	} {
		for what, next := range map[string]portal{"the same": oldPortal, "another": {"index.html": "newer", "a/index.html": "same", "b/index.html": "gone", "assets/site.css": "css"}} {
			t.Run(name+", then "+what, func(t *testing.T) {
				t.Parallel()
				out, site := folders(t)
				for _, p := range []portal{newPortal, oldPortal} {
					renew(t, out, site, p)
				}
				touch(out)
				renew(t, out, site, next)
				renew(t, out, site, next)
				for file, want := range next {
					if got, err := os.ReadFile(filepath.Join(out, file)); err != nil || string(got) != want {
						t.Errorf("%s is %q, %v", file, got, err)
					}
				}
			})
		}
	}
}

// What was a file may become a folder, and the other way round.
func TestFilesAndFoldersTakeEachOthersPlace(t *testing.T) {
	out, site := folders(t)
	portals := []portal{{"index.html": "1", "a": "file"}, {"index.html": "1", "a/b/c": "deep"}, {"index.html": "1", "a/b": "file"}, {"index.html": "1", "a": "file"}}
	for round := range 8 {
		p := portals[round%len(portals)]
		if _, r := renew(t, out, site, p); r.Files != 2 {
			t.Fatalf("round %d: %+v", round, r)
		}
		want, site := folders(t)
		putNew(t, want, site, p)
		if treetest.Digest(t, out) != treetest.Digest(t, want) {
			t.Fatalf("round %d: another tree than one made anew", round)
		}
	}
}

func putNew(t *testing.T, out, site string, p portal) {
	t.Helper()
	s, err := Open(OS{}, out, site, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range p {
		if _, err := s.Put(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestWithoutMirrorNothingIsLeft(t *testing.T) {
	out, site := folders(t)
	renew(t, out, site, oldPortal)
	renew(t, out, site, newPortal)
	mustPut(t, out, site, newPortal)
	if left, _ := os.ReadDir(filepath.Dir(out)); len(left) != 1 {
		t.Errorf("left beside the portal: %v", left)
	}
}

// A portal that is published for the first time is there wholly or not at all, whatever fails.
func TestFirstPublicationIsWholeWhateverFails(t *testing.T) {
	_, after := both(t)
	for n := int64(1); ; n++ {
		out, site := folders(t)
		left := &atomic.Int64{}
		left.Store(n)
		_, err := publish(faulty{n: left, err: syscall.ENOSPC, half: true}, out, site, newPortal, true)
		if _, statErr := os.Lstat(out); statErr == nil && treetest.Digest(t, out) != after {
			t.Fatalf("operation %d: half a portal is published: %v", n, err)
		} else if statErr != nil && err == nil {
			t.Fatalf("operation %d: nothing is published, and nothing is said", n)
		}
		mode{mirror: true}.mend(t, out, site, after)
		if left.Load() > 0 {
			return // there is no nth operation
		}
	}
}

// What somebody put into the mirror, or took from it, is not published, and nothing is written through a link in it.
func TestMirrorThatWasTouchedIsNotUsed(t *testing.T) {
	outside := t.TempDir()
	if err := os.Mkdir(filepath.Join(outside, "d"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, touch := range map[string]func(mirror string) error{
		"a file more": func(mirror string) error {
			return os.WriteFile(filepath.Join(mirror, "a/.nfs0001"), []byte("withdrawn"), 0o644)
		},
		"a folder moved":      func(mirror string) error { return os.Rename(filepath.Join(mirror, "a"), filepath.Join(outside, "a")) },
		"a link to elsewhere": func(mirror string) error { return os.Symlink(outside, filepath.Join(mirror, "x")) },
		"a mode of its own":   func(mirror string) error { return os.Chmod(filepath.Join(mirror, "a"), 0o700) },
	} {
		out, site := folders(t)
		for _, text := range []string{"1", "2"} {
			renew(t, out, site, portal{"index.html": text, "a/b": "file"})
		}
		if err := touch(filepath.Join(filepath.Dir(out), ".public.pendapa/mirror")); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"3", "4", "5"} {
			p := portal{"index.html": text, "a/b": "file", "x/d/new": "text"}
			renew(t, out, site, p)
			sameAsNew(t, out, p, name)
		}
		if left, _ := os.ReadDir(filepath.Join(outside, "d")); len(left) > 0 {
			t.Errorf("%s: written outside: %v", name, left)
		}
	}
}

// Folders that somebody made in the published tree, and modes that he gave, are gone with the next change, and stay gone.
func TestFoldersAreAsPendapaMakesThem(t *testing.T) {
	out, site := folders(t)
	for _, text := range []string{"1", "2"} {
		renew(t, out, site, portal{"index.html": text, "a/b": "file"})
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(out, "empty/deep"), 0o755), os.Chmod(filepath.Join(out, "a"), 0o700), os.Chmod(out, 0o750)); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"3", "4", "5", "6"} {
		p := portal{"index.html": text, "a/b": "file"}
		renew(t, out, site, p)
		sameAsNew(t, out, p, "build "+text)
	}
}

// sameAsNew compares a published tree with one made anew: its files, folders and modes.
func sameAsNew(t *testing.T, out string, p portal, what string) {
	t.Helper()
	want, site := folders(t)
	putNew(t, want, site, p)
	tree := func(dir string) (lines []string) {
		_ = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := e.Info()
			relative, _ := filepath.Rel(dir, name)
			lines = append(lines, fmt.Sprint(relative, " ", info.Mode()))
			return err
		})
		return lines
	}
	if got, want := tree(out), tree(want); !slices.Equal(got, want) || treetest.Digest(t, out) != treetest.Digest(t, filepath.Join(filepath.Dir(site), "www", "public")) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// slow takes long to remove a file.
type slow struct{ OS }

func (d slow) Remove(name string) error {
	time.Sleep(5 * time.Millisecond)
	return d.OS.Remove(name)
}

// A file that becomes a folder may be asked for by several goroutines at once.
func TestFileBecomesAFolderOfMany(t *testing.T) {
	out, site := folders(t)
	for _, text := range []string{"1", "2"} {
		renew(t, out, site, portal{"index.html": text, "a": "file"})
	}
	s, err := Open(slow{}, out, site, true)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.Put(fmt.Sprintf("a/f%d/index.html", i), []byte("x")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := s.Commit(); err != nil {
		t.Error(err)
	}
}

func TestFolderForTheTreesMustBeOne(t *testing.T) {
	out, site := folders(t)
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(filepath.Dir(out), ".public.pendapa")); err != nil {
		t.Fatal(err)
	}
	var refused *RefusedError
	if _, err := Open(OS{}, out, site, true); !errors.As(err, &refused) {
		t.Error(err)
	}
}

// Whatever a build did with the trees, the next one reads no file of them again.
func TestNothingIsReadTwice(t *testing.T) {
	for name, between := range map[string]func(out, site string){
		"nothing":       func(string, string) {},
		"a change":      func(out, site string) { renew(t, out, site, newPortal) },
		"a mirror gone": func(out, _ string) { _ = os.RemoveAll(filepath.Join(filepath.Dir(out), ".public.pendapa/mirror")) },
		"a mirror touched": func(out, _ string) {
			_ = os.WriteFile(filepath.Join(filepath.Dir(out), ".public.pendapa/mirror/more"), nil, 0o644)
		},
		"a build given up": func(out, site string) {
			s, err := Open(OS{}, out, site, true)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Put("index.html", []byte("half")); err != nil {
				t.Fatal(err)
			}
			if err := s.Abort(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		out, site := folders(t)
		renew(t, out, site, newPortal)
		renew(t, out, site, oldPortal)
		between(out, site)
		renew(t, out, site, portal{"index.html": "another", "a/index.html": "same", "b/index.html": "gone", "assets/site.css": "css"})
		s, err := Open(OS{}, out, site, true)
		if err != nil {
			t.Fatal(err)
		}
		for file, known := range s.old {
			if known.state == (stamp{}) {
				t.Errorf("after %s %s has to be read", name, file)
			}
		}
		if err := s.Abort(); err != nil {
			t.Fatal(err)
		}
	}
}
