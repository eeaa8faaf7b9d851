//go:build unix

package publish

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"pendapa/internal/treetest"
)

// portal is a tree by path and text.
type portal map[string]string

var (
	oldPortal = portal{"index.html": "old home", "a/index.html": "same", "b/index.html": "gone", "assets/site.css": "css"}
	newPortal = portal{"index.html": "new home", "a/index.html": "same", "c/d/index.html": "added", "assets/site.css": "css"}
)

// TestMain runs more of the tests at once than there are processors: most wait for the clock, which has to tell changes
// apart. They work in memory where there is a file system for it, as they make and remove small trees by the thousand; the
// tests of the command publish to the disk.
func TestMain(m *testing.M) {
	flag.Parse()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func put(disk Disk, out, site string, p portal) (Result, error) {
	return publish(disk, out, site, p, false)
}

func publish(disk Disk, out, site string, p portal, mirror bool) (Result, error) {
	s, err := Open(disk, out, site, mirror)
	if err != nil {
		return Result{}, err
	}
	for _, name := range []string{"index.html", "a/index.html", "b/index.html", "c/d/index.html", "assets/site.css"} {
		if text, ok := p[name]; ok {
			if _, err := s.Put(name, []byte(text)); err != nil {
				return Result{}, errors.Join(err, s.Abort())
			}
		}
	}
	return s.Commit()
}

func folders(t *testing.T) (out, site string) {
	t.Helper()
	parent := t.TempDir()
	site = filepath.Join(parent, "site")
	if err := os.Mkdir(site, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(parent, "www", "public"), site
}

func mustPut(t *testing.T, out, site string, p portal) Result {
	t.Helper()
	r, err := put(OS{}, out, site, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// both returns the digests of the old and the new portal.
func both(t *testing.T) (before, after string) {
	t.Helper()
	out, site := folders(t)
	mustPut(t, out, site, oldPortal)
	before = treetest.Digest(t, out)
	mustPut(t, out, site, newPortal)
	return before, treetest.Digest(t, out)
}

func TestPublishReplacesTheWholeTree(t *testing.T) {
	out, site := folders(t)
	if r := mustPut(t, out, site, oldPortal); r.Files != 4 || r.Changed != 4 {
		t.Errorf("first: %+v", r)
	}
	if r := mustPut(t, out, site, newPortal); r.Files != 4 || r.Changed != 3 {
		t.Errorf("second: %+v, want 3 changed (one new, one other, one gone)", r)
	}
	for name, want := range newPortal {
		if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(out, "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("b is still there: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(out))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the portal there is %v, %v", left, err)
	}
	tree, err := ReadManifest(out)
	if err != nil || len(tree.Files) != 4 || tree.Files[0].Path != "a/index.html" || tree.Files[0].SHA256 != fmt.Sprintf("%x", sha256.Sum256([]byte("same"))) {
		t.Errorf("manifest %+v, %v", tree, err)
	}
}

func TestUnchangedFilesAreLinks(t *testing.T) {
	out, site := folders(t)
	mustPut(t, out, site, oldPortal)
	same, _ := os.Stat(filepath.Join(out, "a/index.html"))
	other, _ := os.Stat(filepath.Join(out, "index.html"))
	mustPut(t, out, site, newPortal)
	if now, _ := os.Stat(filepath.Join(out, "a/index.html")); !os.SameFile(same, now) {
		t.Error("an unchanged file was written again")
	}
	if now, _ := os.Stat(filepath.Join(out, "index.html")); os.SameFile(other, now) {
		t.Error("a changed file was written in place")
	}
}

// What somebody did to a published file is mended, even though the manifest calls it unchanged.
func TestTamperedFileIsWrittenAgain(t *testing.T) {
	out, site := folders(t)
	mustPut(t, out, site, oldPortal)
	if err := os.WriteFile(filepath.Join(out, "a/index.html"), []byte("evil"), 0o644); err != nil {
		t.Fatal(err)
	}
	mustPut(t, out, site, oldPortal)
	if got, _ := os.ReadFile(filepath.Join(out, "a/index.html")); string(got) != "same" {
		t.Errorf("the file reads %q", got)
	}
}

// A52, A53, A47: nothing that Pendapa did not make is ever replaced.
func TestFolderOfOthersIsRefused(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	parent := t.TempDir()
	site := filepath.Join(parent, "site")
	for _, dir := range []string{"site/content", "full", "real", "ours"} {
		if err := os.MkdirAll(filepath.Join(parent, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	precious := filepath.Join(parent, "full", "thesis.txt")
	write := func(name string) {
		if err := os.WriteFile(name, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(precious)
	write(filepath.Join(parent, "file"))
	if err := os.Symlink(filepath.Join(parent, "real"), filepath.Join(parent, "link")); err != nil {
		t.Fatal(err)
	}
	mustPut(t, filepath.Join(parent, "ours"), site, oldPortal)
	write(filepath.Join(parent, "ours", "added.txt"))

	for name, out := range map[string]string{
		"root":               "/",
		"home":               home,
		"above home":         filepath.Dir(home),
		"the site":           site,
		"above the site":     parent,
		"content":            filepath.Join(site, "content"),
		"below content":      filepath.Join(site, "content", "public"),
		"a folder of others": filepath.Join(parent, "full"),
		"a file":             filepath.Join(parent, "file"),
		"a link":             filepath.Join(parent, "link"),
		"ours, with a guest": filepath.Join(parent, "ours"),
	} {
		_, err := put(OS{}, out, site, newPortal)
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Hint == "" {
			t.Errorf("%s: %v, want a refusal with a hint", name, err)
		}
	}
	for _, name := range []string{precious, filepath.Join(parent, "ours", "added.txt")} {
		if got, err := os.ReadFile(name); err != nil || string(got) != "mine" {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}

// A106: of two builds at once, one wins and the other says which process it waits for.
func TestSecondBuildIsTold(t *testing.T) {
	out, site := folders(t)
	first, err := Open(OS{}, out, site, false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(OS{}, out, site, false)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder != fmt.Sprint(os.Getpid()) {
		t.Errorf("the second got %v", err)
	}
	if _, err := first.Put("index.html", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	mustPut(t, out, site, oldPortal) // the lock is free again
}

// A107: a lock is held by a process and not by its file: what a dead one left is taken over, whoever has its number now.
func TestLockThatADeadBuildLeftIsTakenOver(t *testing.T) {
	out, site := folders(t)
	mustPut(t, out, site, oldPortal)
	for _, pid := range []int{os.Getpid(), 1, 1 << 22} {
		stage := filepath.Join(filepath.Dir(out), ".public.pendapa")
		if err := os.MkdirAll(stage, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(stage, "lock"), fmt.Appendln(nil, pid), 0o644); err != nil {
			t.Fatal(err)
		}
		mustPut(t, out, site, newPortal)
	}
}

func TestPutRefusesPathsOutside(t *testing.T) {
	out, site := folders(t)
	s, err := Open(OS{}, out, site, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../x", "/x", "a/../../x", "", ".", "a//b"} {
		if _, err := s.Put(name, nil); err == nil {
			t.Errorf("Put(%q) did not fail", name)
		}
	}
	if err := s.Abort(); err != nil {
		t.Error(err)
	}
}

// mode is a way to publish.
type mode struct {
	name    string
	renames bool // the system cannot exchange folders
	mirror  bool // a second tree is kept
	grown   bool // and there is one already
}

var modes = []mode{{name: "exchange"}, {name: "renames", renames: true}, {name: "first mirror", mirror: true}, {name: "mirror", mirror: true, grown: true}, {name: "renames with a mirror", renames: true, mirror: true}}

func (m mode) swap() error {
	if m.renames {
		return errors.ErrUnsupported
	}
	return nil
}

// errors are what operations fail with: all of these with PENDAPA_LONG=1.
func (m mode) errors() []error {
	if m.mirror && os.Getenv("PENDAPA_LONG") == "" {
		return []error{syscall.ENOSPC}
	}
	return []error{syscall.ENOSPC, syscall.EIO, syscall.EMFILE, syscall.EDQUOT}
}

// prepare publishes the old portal.
func (m mode) prepare(t *testing.T, out, site string) {
	t.Helper()
	if m.grown {
		for _, p := range []portal{newPortal, oldPortal} {
			if _, err := publish(hasty{}, out, site, p, true); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(out), ".public.pendapa/mirror/b/index.html")); err != nil {
			t.Fatalf("there is no mirror: %v", err)
		}
		return
	}
	if _, err := publish(hasty{}, out, site, oldPortal, m.mirror); err != nil {
		t.Fatal(err)
	}
}

// mend builds the new portal once more, whatever happened, and checks it and what is left beside it.
func (m mode) mend(t *testing.T, out, site, after string) {
	t.Helper()
	if _, err := publish(hasty{}, out, site, newPortal, m.mirror); err != nil {
		t.Fatal(err)
	}
	if got := treetest.Digest(t, out); got != after {
		t.Fatal("the next build made another tree")
	}
	var left []string
	entries, _ := os.ReadDir(filepath.Dir(out))
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	if m.mirror {
		left = slices.DeleteFunc(left, func(name string) bool { return name == ".public.pendapa" })
		mirror := filepath.Join(filepath.Dir(out), ".public.pendapa", "mirror")
		if _, err := os.Stat(mirror); err == nil && treetest.Digest(t, mirror) != after {
			t.Fatal("the mirror is another tree")
		}
	}
	if len(left) != 1 {
		t.Fatalf("left beside the portal: %v", left)
	}
}

// faulty fails its nth change with an error.
type faulty struct {
	hasty
	n    *atomic.Int64 // changes left until the one that fails
	err  error
	half bool // a failing write leaves half of its bytes
	swap error
}

func (d faulty) fails() bool { return d.n.Add(-1) == 0 }

func (d faulty) MkdirAll(dir string) error {
	if d.fails() {
		return d.err
	}
	return d.OS.MkdirAll(dir)
}

func (d faulty) WriteFile(name string, data []byte) error {
	if d.fails() {
		if d.half {
			_ = d.OS.WriteFile(name, data[:len(data)/2])
		}
		return d.err
	}
	return d.OS.WriteFile(name, data)
}

func (d faulty) Link(from, to string) error {
	if d.fails() {
		return d.err
	}
	return d.OS.Link(from, to)
}

func (d faulty) Rename(from, to string) error {
	if d.fails() {
		return d.err
	}
	return d.OS.Rename(from, to)
}

func (d faulty) Exchange(a, b string) error {
	if d.fails() {
		return d.err
	}
	if d.swap != nil {
		return d.swap
	}
	return d.OS.Exchange(a, b)
}

func (d faulty) Remove(name string) error {
	if d.fails() {
		return d.err
	}
	return d.OS.Remove(name)
}

func (d faulty) RemoveAll(dir string) error {
	if d.fails() {
		return d.err
	}
	return d.OS.RemoveAll(dir)
}

func (d faulty) Sync(dir string) error {
	if d.fails() {
		return d.err
	}
	return d.hasty.Sync(dir)
}

func (d faulty) SyncDir(dir string) error {
	if d.fails() {
		return d.err
	}
	return d.hasty.SyncDir(dir)
}

// A101, A105: whichever operation fails, with whatever error, the published tree is wholly the old one or the new one,
// and the next build works. Once with the exchange in one call, once with two renames.
func TestPublishedTreeIsWholeWhateverFails(t *testing.T) {
	before, after := both(t)
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			failed := 0
			for _, errno := range mode.errors() {
				for n := int64(1); ; n++ {
					out, site := folders(t)
					mode.prepare(t, out, site)
					left := &atomic.Int64{}
					left.Store(n)
					_, err := publish(faulty{n: left, err: errno, half: true, swap: mode.swap()}, out, site, newPortal, mode.mirror)
					if err != nil {
						failed++
						if !errors.Is(err, errno) {
							t.Fatalf("operation %d: %v, want %v", n, err, errno)
						}
					}
					if _, statErr := os.Lstat(out); statErr != nil {
						// Two renames and a failure of the way back: the next build mends it, and only it can.
						if !mode.renames {
							t.Fatalf("operation %d, %v: the published tree is gone", n, errno)
						}
					} else if got := treetest.Digest(t, out); got != before && got != after {
						t.Fatalf("operation %d, %v: the published tree is neither the old nor the new one", n, errno)
					} else if got == after && err != nil && !errors.Is(err, ErrLeftovers) {
						t.Fatalf("operation %d, %v: published, and yet %v", n, errno, err)
					}
					mode.mend(t, out, site, after)
					if left.Load() > 0 {
						break // there is no nth operation
					}
				}
			}
			if failed < 10 {
				t.Errorf("only %d operations failed", failed)
			}
			t.Logf("%d operations failed", failed)
		})
	}
}

// deadly kills the process at its nth change, as power cuts and kill -9 do.
type deadly struct{ faulty }

func (d deadly) die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func (d deadly) MkdirAll(dir string) error {
	if d.fails() {
		d.die()
	}
	return d.OS.MkdirAll(dir)
}

func (d deadly) WriteFile(name string, data []byte) error {
	if d.fails() {
		_ = d.OS.WriteFile(name, data[:len(data)/2])
		d.die()
	}
	return d.OS.WriteFile(name, data)
}

func (d deadly) Link(from, to string) error {
	if d.fails() {
		d.die()
	}
	return d.OS.Link(from, to)
}

func (d deadly) Rename(from, to string) error {
	if d.fails() {
		d.die()
	}
	return d.OS.Rename(from, to)
}

func (d deadly) Exchange(a, b string) error {
	if d.fails() {
		d.die()
	}
	if d.swap != nil {
		return d.swap
	}
	return d.OS.Exchange(a, b)
}

func (d deadly) Remove(name string) error {
	if d.fails() {
		d.die()
	}
	return d.OS.Remove(name)
}

func (d deadly) Sync(dir string) error {
	if d.fails() {
		d.die()
	}
	return d.hasty.Sync(dir)
}

func (d deadly) SyncDir(dir string) error {
	if d.fails() {
		d.die()
	}
	return d.hasty.SyncDir(dir)
}

func (d deadly) RemoveAll(dir string) error {
	if d.fails() {
		_ = os.Remove(filepath.Join(dir, "index.html")) // half-way
		d.die()
	}
	return d.OS.RemoveAll(dir)
}

// A100: a kill at any step leaves the old tree or the new one; where two renames stand in for the exchange it may also
// leave none, and the next build brings the old one back before it does anything else.
func TestPublishedTreeIsWholeAfterKill(t *testing.T) {
	if n, out, site := os.Getenv("PENDAPA_DIE_AT"), os.Getenv("PENDAPA_OUT"), os.Getenv("PENDAPA_SITE"); n != "" {
		left := &atomic.Int64{}
		var at int64
		fmt.Sscan(n, &at)
		left.Store(at)
		for _, mode := range modes {
			if mode.name == os.Getenv("PENDAPA_MODE") {
				if _, err := publish(deadly{faulty{n: left, swap: mode.swap()}}, out, site, newPortal, mode.mirror); err != nil {
					t.Fatal(err)
				}
			}
		}
		if left.Load() <= 0 {
			t.Fatal("it lives: a step does not kill it")
		}
		return
	}
	before, after := both(t)
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			kills := 0
			for n := 1; ; n++ {
				out, site := folders(t)
				mode.prepare(t, out, site)
				cmd := exec.Command(os.Args[0], "-test.run=^TestPublishedTreeIsWholeAfterKill$")
				cmd.Env = append(os.Environ(), "PENDAPA_DIE_AT="+fmt.Sprint(n), "PENDAPA_OUT="+out, "PENDAPA_SITE="+site, "PENDAPA_MODE="+mode.name)
				var output bytes.Buffer
				cmd.Stdout, cmd.Stderr = &output, &output
				err := cmd.Run()
				if err == nil {
					break // there is no nth step
				}
				if !strings.Contains(err.Error(), "killed") {
					t.Fatalf("step %d: %v\n%s", n, err, output.String())
				}
				kills++
				if _, err := os.Lstat(out); err != nil {
					if !mode.renames {
						t.Fatalf("step %d: the published tree is gone", n)
					}
				} else if got := treetest.Digest(t, out); got != before && got != after {
					t.Fatalf("step %d: the published tree is neither the old nor the new one", n)
				}
				// The next build starts from what is there, and cleans up.
				s, err := Open(hasty{}, out, site, false)
				if err != nil {
					t.Fatalf("step %d: the next build: %v", n, err)
				}
				if got := treetest.Digest(t, out); got != before && got != after {
					t.Fatalf("step %d: the next build did not bring the portal back", n)
				}
				if err := s.Abort(); err != nil {
					t.Fatal(err)
				}
				mode.mend(t, out, site, after)
			}
			if kills < 10 {
				t.Errorf("only %d kills: the steps are not counted", kills)
			}
			t.Logf("%d kills survived", kills)
		})
	}
}

// A104: who reads during a hundred builds never misses a page.
func TestReaderNeverMissesAPage(t *testing.T) {
	out, site := folders(t)
	mustPut(t, out, site, oldPortal)
	stop, missed := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				missed <- n
				return
			default:
			}
			for _, name := range []string{"index.html", "a/index.html", "assets/site.css"} {
				if data, err := os.ReadFile(filepath.Join(out, name)); err != nil || len(data) == 0 {
					n++
				}
			}
		}
	}()
	for i := range 100 {
		p := oldPortal
		if i%2 == 0 {
			p = newPortal
		}
		mustPut(t, out, site, p)
	}
	close(stop)
	if n := <-missed; n > 0 {
		t.Errorf("%d reads missed a page", n)
	}
}
