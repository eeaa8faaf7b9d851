//go:build unix

package publish

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"pendapa/internal/treetest"
)

// hasty is the machine's file system, which does not wait for the disk: for tests that lose no power.
type hasty struct{ OS }

func (hasty) Sync(string) error { return nil }

func (hasty) SyncDir(string) error { return nil }

// node is a file or folder: a name is an entry of the folder that it is in, and a file may have several.
type node struct {
	data    []byte
	safe    bool             // whether the disk has the data for certain
	entries map[string]*node // of a folder, as programs see them; nil: a file
	kept    map[string]*node // those that the disk has
}

// entry is a name that comes to mean another node, or none.
type entry struct {
	folder *node
	name   string
	to     *node
}

// mains is a file system on mains electricity: it notes what the disk has for certain, and what it may have. Data and
// names reach the disk when they are synced, and before that in any order or not at all. POSIX promises no more than that
// the entries of one rename come together.
type mains struct {
	OS
	root    string // the folder that is watched
	until   int    // changes until power is lost
	dead    bool   // whether asking for names to be durable fails
	mu      sync.Mutex
	top     *node
	pending [][]entry // changes that the disk may not have yet; those of one come together
	written []*node   // files whose data it may not have yet
}

var errDark = errors.New("no power")

// watch begins with what is on the disk.
func watch(t *testing.T, root string, until int) *mains {
	t.Helper()
	var load func(name string) *node
	load = func(name string) *node {
		info, err := os.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		n := &node{safe: true}
		if !info.IsDir() { // links to one file are as good as copies of it: nobody writes into a file
			if n.data, err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
			return n
		}
		n.entries, n.kept = make(map[string]*node), make(map[string]*node)
		entries, err := os.ReadDir(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			n.entries[e.Name()] = load(filepath.Join(name, e.Name()))
			n.kept[e.Name()] = n.entries[e.Name()]
		}
		return n
	}
	return &mains{root: root, until: until, top: load(root)}
}

// at is the folder and the name of a path.
func (m *mains) at(name string) (*node, string) {
	relative, err := filepath.Rel(m.root, name)
	if err != nil || strings.HasPrefix(relative, "..") {
		panic(name + " is not watched")
	}
	n := m.top
	parts := strings.Split(filepath.ToSlash(relative), "/")
	for _, part := range parts[:len(parts)-1] {
		if n = n.entries[part]; n == nil {
			panic(name + " is not known")
		}
	}
	return n, parts[len(parts)-1]
}

func (m *mains) entry(name string, to *node) entry {
	folder, base := m.at(name)
	return entry{folder, base, to}
}

func (m *mains) node(name string) *node {
	folder, base := m.at(name)
	return folder.entries[base]
}

// change makes a change, unless power is lost by then, and notes what entries came of it.
func (m *mains) change(make func() error, entries func() []entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.until--; m.until <= 0 {
		return errDark
	}
	noted := entries() // of the state before
	if err := make(); err != nil {
		return err
	}
	m.note(noted)
	return nil
}

func (m *mains) note(change []entry) {
	for _, e := range change {
		if e.to == nil {
			delete(e.folder.entries, e.name)
		} else {
			e.folder.entries[e.name] = e.to
		}
	}
	m.pending = append(m.pending, change)
}

func (m *mains) MkdirAll(dir string) error {
	if n := func() *node { m.mu.Lock(); defer m.mu.Unlock(); return m.find(dir) }(); n != nil {
		return nil
	}
	if err := m.MkdirAll(filepath.Dir(dir)); err != nil {
		return err
	}
	return m.change(func() error { return m.OS.MkdirAll(dir) }, func() []entry {
		if m.find(dir) != nil {
			return nil // by another goroutine
		}
		return []entry{m.entry(dir, &node{entries: map[string]*node{}, kept: map[string]*node{}})}
	})
}

// find is a node, or nil.
func (m *mains) find(name string) *node {
	relative, _ := filepath.Rel(m.root, name)
	n := m.top
	for part := range strings.SplitSeq(filepath.ToSlash(relative), "/") {
		if n == nil || part == "." {
			break
		}
		n = n.entries[part]
	}
	return n
}

func (m *mains) WriteFile(name string, data []byte) error {
	return m.change(func() error { return m.OS.WriteFile(name, data) }, func() []entry {
		n := &node{data: data}
		m.written = append(m.written, n)
		return []entry{m.entry(name, n)}
	})
}

func (m *mains) Link(from, to string) error {
	return m.change(func() error { return m.OS.Link(from, to) }, func() []entry { return []entry{m.entry(to, m.node(from))} })
}

func (m *mains) Rename(from, to string) error {
	return m.change(func() error { return m.OS.Rename(from, to) }, func() []entry {
		return []entry{m.entry(to, m.node(from)), m.entry(from, nil)}
	})
}

func (m *mains) Exchange(a, b string) error {
	return m.change(func() error { return m.OS.Exchange(a, b) }, func() []entry {
		return []entry{m.entry(a, m.node(b)), m.entry(b, m.node(a))}
	})
}

func (m *mains) Remove(name string) error {
	return m.change(func() error { return m.OS.Remove(name) }, func() []entry { return []entry{m.entry(name, nil)} })
}

func (m *mains) RemoveAll(dir string) error {
	return m.change(func() error { return m.OS.RemoveAll(dir) }, func() []entry {
		n := m.find(dir)
		if n == nil {
			return nil
		}
		var empty func(n *node)
		empty = func(n *node) {
			for name, below := range n.entries {
				empty(below)
				m.pending = append(m.pending, []entry{{n, name, nil}}) // each by itself
			}
		}
		empty(n)
		return []entry{m.entry(dir, nil)}
	})
}

func (m *mains) Sync(string) error {
	return m.change(func() error { return nil }, func() []entry {
		for _, change := range m.pending {
			keep(change)
		}
		for _, n := range m.written {
			n.safe = true
		}
		m.pending, m.written = nil, nil
		return nil
	})
}

func (m *mains) SyncDir(dir string) error {
	if m.dead {
		return syscall.EIO
	}
	return m.change(func() error { return nil }, func() []entry {
		n := m.find(dir)
		m.pending = slices.DeleteFunc(m.pending, func(change []entry) bool {
			if !slices.ContainsFunc(change, func(e entry) bool { return e.folder == n }) {
				return false
			}
			keep(change)
			return true
		})
		return nil
	})
}

// keep brings a change to the disk.
func keep(change []entry) {
	for _, e := range change {
		if e.to == nil {
			delete(e.folder.kept, e.name)
		} else {
			e.folder.kept[e.name] = e.to
		}
	}
}

// goDark leaves in the folder what the disk has: all that was synced, and of the rest each change with a probability.
func (m *mains) goDark(t *testing.T, random *rand.Rand, probability float64) {
	t.Helper()
	for _, change := range m.pending {
		if random.Float64() < probability {
			keep(change)
		}
	}
	if err := os.RemoveAll(m.root); err != nil {
		t.Fatal(err)
	}
	stored := make(map[*node]string) // where a file stands already: its other names are links to it
	var store func(n *node, name string)
	store = func(n *node, name string) {
		var err error
		switch first, again := stored[n]; {
		case n.entries != nil:
			err = os.Mkdir(name, 0o755)
			for below, to := range n.kept {
				store(to, filepath.Join(name, below))
			}
		case again:
			err = os.Link(first, name)
		default:
			data := n.data
			if !n.safe {
				data = data[:[]int{0, len(data) / 2, len(data)}[random.IntN(3)]]
			}
			stored[n], err = name, os.WriteFile(name, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	store(m.top, m.root)
}

// A103: a power cut at any step, whatever the disk had by then of what was not synced, leaves the old portal or the new
// one, and no file of it empty. Where two renames stand in for the exchange it may also leave none, and the next build
// brings one back.
func TestPublishedTreeIsWholeAfterPowerCut(t *testing.T) {
	before, after := both(t)
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			cuts, fresh := 0, 0
			random := rand.New(rand.NewPCG(1, 2))
			for until := 1; ; until++ {
				dark := false
				for _, probability := range probabilities() {
					out, site := folders(t)
					mode.prepare(t, out, site)
					m := watch(t, filepath.Dir(out), until)
					var disk Disk = m
					if mode.renames {
						disk = withoutExchange{m}
					}
					_, _ = publish(disk, out, site, newPortal, mode.mirror)
					dark = m.until <= 0
					m.goDark(t, random, probability)
					if _, err := os.Lstat(out); errors.Is(err, fs.ErrNotExist) && mode.renames {
						s, err := Open(hasty{}, out, site, false)
						if err != nil {
							t.Fatal(err)
						}
						if err := s.Abort(); err != nil {
							t.Fatal(err)
						}
					}
					switch got := treetest.Digest(t, out); got {
					case before:
					case after:
						fresh++
					default:
						t.Fatalf("step %d, %v of what was not synced: the published tree is neither the old nor the new one", until, probability)
					}
					mode.mend(t, out, site, after)
					cuts++
				}
				if !dark {
					break // there is no such step
				}
			}
			if cuts < 36 || fresh == 0 || fresh == cuts {
				t.Errorf("%d cuts, %d of them with the new portal: the steps are not counted", cuts, fresh)
			}
			t.Logf("%d cuts of power", cuts)
		})
	}
}

// A103: a portal that is published for the first time is there wholly or not at all.
func TestFirstPublicationIsWholeAfterPowerCut(t *testing.T) {
	_, after := both(t)
	random := rand.New(rand.NewPCG(3, 4))
	cuts, fresh := 0, 0
	for until, dark := 1, true; dark; until++ {
		for _, probability := range probabilities() {
			out, site := folders(t)
			if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
				t.Fatal(err)
			}
			m := watch(t, filepath.Dir(out), until)
			_, _ = publish(m, out, site, newPortal, true)
			dark = m.until <= 0
			m.goDark(t, random, probability)
			if _, err := os.Lstat(out); err == nil {
				if treetest.Digest(t, out) != after {
					t.Fatalf("step %d, %v of what was not synced: half a portal is published", until, probability)
				}
				fresh++
			}
			mode{mirror: true}.mend(t, out, site, after)
			cuts++
		}
	}
	if cuts < 20 || fresh == 0 {
		t.Errorf("%d cuts, %d with the portal", cuts, fresh)
	}
}

// A103: nor is it torn where an earlier build could not make its exchange durable: the tree before stays until that is.
func TestTreeBeforeStaysUntilItsReplacementIsDurable(t *testing.T) {
	before, after := both(t)
	random := rand.New(rand.NewPCG(5, 6))
	for _, mode := range []mode{modes[0], modes[3]} {
		for _, stillDead := range []bool{true, false} {
			old := 0
			for until, dark := 1, true; dark; until++ {
				for _, probability := range probabilities() {
					out, site := folders(t)
					mode.prepare(t, out, site)
					m := watch(t, filepath.Dir(out), 1000)
					m.dead = true
					if _, err := publish(m, out, site, newPortal, mode.mirror); !errors.Is(err, ErrLeftovers) || !errors.Is(err, syscall.EIO) {
						t.Fatalf("%s: %v", mode.name, err)
					}
					m.dead, m.until = stillDead, until
					_, _ = publish(m, out, site, newPortal, mode.mirror)
					dark = m.until <= 0
					m.goDark(t, random, probability)
					switch treetest.Digest(t, out) {
					case before:
						old++
					case after:
					default:
						t.Fatalf("%s, step %d, %v of what was not synced: the published tree is torn", mode.name, until, probability)
					}
					mode.mend(t, out, site, after)
				}
			}
			if old == 0 {
				t.Errorf("%s: the old portal never came back: the test sees nothing", mode.name)
			}
		}
	}
}

// probabilities are how likely each change that was not synced is to be on the disk.
func probabilities() []float64 { return []float64{0, 0.5, 1}[:treetest.Effort(2, 3, 3)] }

// withoutExchange is a file system that cannot exchange folders.
type withoutExchange struct{ *mains }

func (withoutExchange) Exchange(string, string) error { return errors.ErrUnsupported }
