package serve

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/source"
)

// watcher tells of changes in a site's folder.
type watcher interface {
	// Changes gives what may have changed, gathered; a batch that nobody takes grows.
	Changes() <-chan batch
	Close() error
}

// batch is what changed within one breath.
type batch struct {
	build.Changes
	at time.Time // of the last change
}

// watched are the parts of a site's folder that a portal is made of.
var watched = []string{"content", "layouts", "static", config.File}

// watch tells of changes by the system's own notices, and where these cannot be had by looking again and again.
func watch(dir string, notice func(diag.Text)) (watcher, error) {
	n, err := newNotifier(dir, notice)
	if err == nil {
		return n, nil
	}
	notice(limitReached(err))
	return newPoller(dir), nil
}

// limitReached says what to do where the system gives no more notices.
func limitReached(err error) diag.Text {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return diag.Textf("the system watches no more folders; raise fs.inotify.max_user_watches (sudo sysctl fs.inotify.max_user_watches=524288). Until then the folder is looked at every second")
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return diag.Textf("the system gives no more watches; raise fs.inotify.max_user_instances (sudo sysctl fs.inotify.max_user_instances=512) or the limit of open files (ulimit -n). Until then the folder is looked at every second")
	}
	return diag.Textf("the folder cannot be watched (%s); it is looked at every second", err.Error())
}

// notifier watches folders through fsnotify.
type notifier struct {
	dir     string
	fs      *fsnotify.Watcher
	notice  func(diag.Text)
	changes chan batch
	stop    chan struct{}
	stopped chan struct{}
	dirs    map[string]bool // that are watched, by full path
	root    fs.FileInfo     // of dir, when it was watched last; nil: it is gone
	poll    *poller         // after the system's limit was reached
}

func newNotifier(dir string, notice func(diag.Text)) (*notifier, error) {
	w, err := fsnotify.NewBufferedWatcher(4096)
	if err != nil {
		return nil, err
	}
	n := &notifier{dir: dir, fs: w, notice: notice, changes: make(chan batch), stop: make(chan struct{}), stopped: make(chan struct{}), dirs: make(map[string]bool)}
	if n.root, err = os.Stat(dir); err == nil {
		err = n.addAll()
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	go n.run()
	return n, nil
}

func (n *notifier) Changes() <-chan batch { return n.changes }

func (n *notifier) Close() error {
	close(n.stop)
	<-n.stopped
	if n.poll != nil {
		n.poll.Close()
	}
	return n.fs.Close()
}

// addAll watches the site's folder and all folders of the portal. The site's folder itself is watched for its settings
// and for folders that come and go; what else lies in it (the published portal, git's own files) is not.
func (n *notifier) addAll() error {
	if err := n.fs.Add(n.dir); err != nil {
		return err
	}
	for _, name := range watched {
		if err := n.add(filepath.Join(n.dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// add watches a folder and those below it. A folder is watched before it is looked into: what is made in it while it is
// walked is either found or told.
func (n *notifier) add(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() {
		return nil // gone again, or not a folder
	}
	if err := n.fs.Add(dir); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	n.dirs[dir] = true
	entries, _ := os.ReadDir(dir) // what cannot be read is told when the portal is
	for _, e := range entries {
		if e.IsDir() && !source.Ignored(e.Name()) {
			if err := n.add(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// drop watches a folder and those below it no longer. A watch stays with a folder that is renamed, and would go on to
// tell of it under its old name.
func (n *notifier) drop(dir string) {
	for watched := range n.dirs {
		if watched == dir || strings.HasPrefix(watched, dir+string(filepath.Separator)) {
			_ = n.fs.Remove(watched) // the system may have removed it with the folder
			delete(n.dirs, watched)
		}
	}
}

// alive is how often it is looked whether the site's folder is still the one that is watched.
const alive = 500 * time.Millisecond

// quiet is how long nothing must have happened before a batch is given: long enough for one save, which is up to a
// handful of changes within a millisecond or two, and longer where many files change at once (git, cp -r).
func quiet(changes int) time.Duration {
	switch {
	case changes <= 3:
		return 4 * time.Millisecond
	case changes <= 10:
		return 25 * time.Millisecond
	}
	return 200 * time.Millisecond
}

// run gathers notices and gives them on.
func (n *notifier) run() {
	defer close(n.stopped)
	tick := time.NewTicker(alive)
	defer tick.Stop()
	gathered := gatherer{}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		var out chan batch
		var ripe batch
		if gathered.ripe {
			out, ripe = n.changes, gathered.batch()
		}
		var polled <-chan batch
		if n.poll != nil {
			polled = n.poll.Changes()
		}
		select {
		case <-n.stop:
			return
		case e := <-n.fs.Events:
			if n.event(e, &gathered) {
				timer.Reset(quiet(len(gathered.paths)))
			}
		case err := <-n.fs.Errors:
			if err != nil { // a queue that ran over, above all: what was lost is not known
				gathered.everything()
				timer.Reset(quiet(len(gathered.paths)))
			}
		case b := <-polled:
			gathered.add(b)
			timer.Reset(0)
		case <-timer.C:
			if !gathered.waited && n.halfSaved(gathered.paths) {
				gathered.waited = true
				timer.Reset(saving)
				continue
			}
			gathered.ripe = !gathered.empty()
		case <-tick.C:
			if n.replaced() {
				gathered.everything()
				timer.Reset(quiet(0))
			}
		case out <- ripe:
			gathered = gatherer{}
		}
	}
}

// event takes a notice in and reports whether it is about the portal.
func (n *notifier) event(e fsnotify.Event, gathered *gatherer) bool {
	name, ok := n.relative(e.Name)
	if !ok || e.Op == fsnotify.Chmod || e.Op == 0 {
		return false
	}
	if e.Has(fsnotify.Rename) || e.Has(fsnotify.Remove) {
		n.drop(e.Name)
	}
	if e.Has(fsnotify.Create) {
		if err := n.add(e.Name); err != nil && n.poll == nil {
			n.notice(limitReached(err))
			n.poll = newPoller(n.dir)
		}
	}
	gathered.note(name)
	return true
}

// relative is a path in the site's folder, with slashes; false for what is no part of the portal.
func (n *notifier) relative(name string) (string, bool) {
	name, err := filepath.Rel(n.dir, name)
	if err != nil {
		return "", false
	}
	name = filepath.ToSlash(name)
	first, _, _ := strings.Cut(name, "/")
	return name, slices.Contains(watched, first) && !source.Ignored(path.Base(name))
}

// replaced reports whether the site's folder is another than the one that was watched, and watches the new one.
func (n *notifier) replaced() bool {
	now, err := os.Stat(n.dir)
	switch {
	case err != nil:
		gone := n.root != nil
		n.root = nil
		return gone
	case n.root != nil && os.SameFile(n.root, now):
		return false
	}
	_ = n.fs.Remove(n.dir)
	n.drop(n.dir)
	if n.addAll() != nil {
		return false // next time
	}
	n.root = now
	return true
}

// gatherer collects changes until they are taken.
type gatherer struct {
	paths map[string]bool
	all   bool
	at    time.Time
	ripe  bool // whether nothing happened for a while

	waited bool // for a save that was half done
}

// saving is how long a file may be empty or away while it is saved: many programs empty it or move it away, and write it
// anew.
const saving = 40 * time.Millisecond

// halfSaved reports whether one of the files is empty, or a page that is away.
func (n *notifier) halfSaved(paths map[string]bool) bool {
	if len(paths) > 10 {
		return false
	}
	for name := range paths {
		info, err := os.Lstat(filepath.Join(n.dir, name))
		if err != nil && strings.HasSuffix(name, ".md") || err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			return true
		}
	}
	return false
}

func (g *gatherer) empty() bool { return len(g.paths) == 0 && !g.all }

func (g *gatherer) note(name string) {
	if g.paths == nil {
		g.paths = make(map[string]bool)
	}
	g.paths[name], g.at, g.ripe = true, time.Now(), false
}

func (g *gatherer) everything() { g.all, g.at, g.ripe = true, time.Now(), false }

func (g *gatherer) add(b batch) {
	for _, name := range b.Paths {
		g.note(name)
	}
	if b.All {
		g.everything()
	}
}

func (g *gatherer) batch() batch {
	b := batch{build.Changes{All: g.all}, g.at}
	for name := range g.paths {
		b.Paths = append(b.Paths, name)
	}
	slices.Sort(b.Paths)
	return b
}
