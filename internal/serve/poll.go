package serve

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pendapa/internal/build"
	"pendapa/internal/source"
)

// poller looks at the files again and again, where the system does not tell of changes.
type poller struct {
	dir     string
	changes chan batch
	stop    chan struct{}
	stopped chan struct{}
}

// seen is what a look at a file shows of it. A file that changes twice within one tick of the file system's clock and
// keeps its size is only seen once; where the system tells of changes, this does not matter.
type seen struct {
	size int64
	time time.Time
	mode fs.FileMode
}

func newPoller(dir string) *poller {
	p := &poller{dir: dir, changes: make(chan batch), stop: make(chan struct{}), stopped: make(chan struct{})}
	before := p.look()
	go p.run(before)
	return p
}

func (p *poller) Changes() <-chan batch { return p.changes }

func (p *poller) Close() error {
	close(p.stop)
	<-p.stopped
	return nil
}

// run looks every second, or less often where a look takes long, so that it takes at most a tenth of the time.
func (p *poller) run(before map[string]seen) {
	defer close(p.stopped)
	pause := time.Second
	for {
		select {
		case <-p.stop:
			return
		case <-time.After(pause):
		}
		start := time.Now()
		now := p.look()
		pause = max(time.Second, 10*time.Since(start))
		b := batch{build.Changes{Paths: differences(before, now)}, time.Now()}
		before = now
		if len(b.Paths) == 0 {
			continue
		}
		select {
		case <-p.stop:
			return
		case p.changes <- b:
		}
	}
}

func differences(before, now map[string]seen) []string {
	var paths []string
	for name, is := range now {
		if was, ok := before[name]; !ok || was != is {
			paths = append(paths, name)
		}
	}
	for name := range before {
		if _, ok := now[name]; !ok {
			paths = append(paths, name)
		}
	}
	return paths
}

// look lists every file of the portal.
func (p *poller) look() map[string]seen {
	files := make(map[string]seen)
	for _, top := range watched {
		_ = filepath.WalkDir(filepath.Join(p.dir, top), func(name string, e os.DirEntry, err error) error {
			if err != nil {
				return nil // gone while it was looked at, or not to be read; the portal's own reading says so
			}
			if source.Ignored(e.Name()) {
				if e.IsDir() {
					return filepath.SkipDir
				}
				return nil
			}
			info, err := e.Info()
			if relative, relErr := filepath.Rel(p.dir, name); err == nil && relErr == nil && !e.IsDir() {
				files[filepath.ToSlash(relative)] = seen{info.Size(), info.ModTime(), info.Mode()}
			}
			return nil
		})
	}
	return files
}
