//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendapa/internal/demo"
	"pendapa/internal/faults"
	"pendapa/internal/treetest"
)

// unraced leaves a test to the runs without the race detector, which watches this process and not those that it starts
// one after the other.
func unraced(t *testing.T) {
	t.Helper()
	if treetest.Raced {
		t.Skip("the race detector sees no more of it, and makes it slow")
	}
}

// works is a site that is built in two states by turns, with what comes of each.
type works struct {
	site    string
	states  [2]func(t *testing.T) []string // makes the state, and returns the arguments of its build
	portals [2]string                      // digests of what is published
	first   bool                           // each build that is tried is the site's first
	mends   int                            // after how many tries a build without faults follows
}

// twoDays is Kabupaten Contoh as of two days: nearly every page differs.
func twoDays(t *testing.T) *works {
	w := &works{site: treetest.Demo(t), mends: 20}
	for i, day := range []string{demo.AsOf, "2026-09-01"} {
		w.states[i] = func(*testing.T) []string { return []string{"build", "-C", w.site, "--as-of", day} }
	}
	return w.start(t)
}

// firstBuild is Kabupaten Contoh before anything is published or kept.
func firstBuild(t *testing.T) *works {
	w := twoDays(t)
	w.first, w.mends = true, 20
	return w
}

// oneEdit is Kabupaten Contoh with an announcement saved in two forms.
func oneEdit(t *testing.T) *works {
	w := &works{site: treetest.Demo(t), mends: treetest.Effort(10, 1, 10)}
	for i, sentence := range []string{"Loket tutup pada hari Senin.", "Loket tutup pada hari Selasa."} {
		w.states[i] = func(t *testing.T) []string {
			text := "---\ntitle: Loket tutup\nsummary: Loket tutup sehari.\n---\n\n" + sentence + "\n"
			if err := os.WriteFile(filepath.Join(w.site, "content/loket-tutup.md"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			return []string{"build", "-C", w.site, "--as-of", demo.AsOf}
		}
	}
	return w.start(t)
}

// start builds both states, so that the second is the published one.
func (w *works) start(t *testing.T) *works {
	for i := range w.states {
		w.mustBuild(t, i)
		w.portals[i] = w.published(t)
	}
	if w.portals[0] == w.portals[1] {
		t.Fatal("both states give one portal: the test would see nothing")
	}
	return w
}

const nothing = "nothing"

func (w *works) published(t *testing.T) string {
	t.Helper()
	public := filepath.Join(w.site, "public")
	if _, err := os.Lstat(public); errors.Is(err, fs.ErrNotExist) {
		return nothing
	}
	return treetest.Digest(t, public)
}

// clear makes the next build the first one.
func (w *works) clear(t *testing.T) {
	t.Helper()
	for _, name := range []string{"public", ".public.pendapa", ".pendapa"} {
		if err := os.RemoveAll(filepath.Join(w.site, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *works) mustBuild(t *testing.T, state int) {
	t.Helper()
	if out, err := exec.Command("pendapa", w.states[state](t)...).CombinedOutput(); err != nil {
		t.Fatalf("the next build: %v\n%s", err, out)
	}
}

// mend builds a state without faults: it must come out, and nothing half made be left beside it.
func (w *works) mend(t *testing.T, state int) {
	t.Helper()
	w.mustBuild(t, state)
	if w.published(t) != w.portals[state] {
		t.Fatal("the next build made another portal")
	}
	for folder, kept := range map[string]string{".public.pendapa": "mirror seal", ".pendapa": "gambar index record blobs-"} {
		entries, err := os.ReadDir(filepath.Join(w.site, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			name, _, _ := strings.Cut(entry.Name(), "-")
			if !slices.Contains(strings.Fields(strings.ReplaceAll(kept, "-", "")), name) {
				t.Fatalf("left behind: %s/%s", folder, entry.Name())
			}
		}
	}
}

// under builds a state while a test decides on its calls, and returns its messages. It skips where no machine can.
func (w *works) under(t *testing.T, state int, decide func(faults.Call) faults.Verdict) (string, error) {
	t.Helper()
	cmd := exec.Command("under-faults", append([]string{"pendapa"}, w.states[state](t)...)...)
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := faults.Run(cmd, w.site, decide)
	if errors.Is(err, faults.ErrUnsupported) {
		t.Skipf("NO FAULTS: this machine cannot fail the calls of a program: %v\n%s", err, &out)
	}
	return out.String(), err
}

// step is a call by name and by what it is about: the same for all files of a kind in a tree.
func step(site string, c faults.Call) string {
	name := strings.TrimPrefix(c.Path, site)
	parts := strings.Split(name, "/")
	if deep := map[string]int{".public.pendapa": 3, ".pendapa": 3}[parts[min(1, len(parts)-1)]]; len(parts) > max(deep, 2) {
		parts = append(parts[:max(deep, 2)], "*"+filepath.Ext(name))
	}
	return fmt.Sprintf("%s %s %v", c.Name, strings.Join(parts, "/"), c.Changes)
}

// moment is a call that is to fail, or before which the program is to be killed: the nth of its step.
type moment struct {
	step string
	n    int
	faults.Verdict
}

// changes reports whether the call would have changed something.
func (m moment) changes() bool { return strings.HasSuffix(m.step, " true") }

func (m moment) String() string {
	if m.Kill {
		return fmt.Sprintf("killed before %s, number %d", m.step, m.n)
	}
	return fmt.Sprintf("%s, number %d: %v", m.step, m.n, m.Fail)
}

// decide brings a moment about, and notes whether it came.
func (m moment) decide(site string, came *bool) func(faults.Call) faults.Verdict {
	seen := 0
	return func(c faults.Call) faults.Verdict {
		if step(site, c) != m.step {
			return faults.Verdict{}
		}
		if seen++; seen != m.n {
			return faults.Verdict{}
		}
		*came = true
		return m.Verdict
	}
}

// census counts the calls of a build, step by step.
func (w *works) census(t *testing.T, state int) map[string]int {
	steps := make(map[string]int)
	if out, err := w.under(t, state, func(c faults.Call) faults.Verdict {
		steps[step(w.site, c)]++
		return faults.Verdict{}
	}); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return steps
}

// errnos are what a step may fail with: a disk that is full or broken, and a process with too many open files.
func errnos(step string) []syscall.Errno {
	switch changes := strings.HasSuffix(step, " true"); {
	case changes:
		return []syscall.Errno{syscall.ENOSPC, syscall.EIO, syscall.EMFILE, syscall.EDQUOT}
	case strings.HasPrefix(step, "openat "):
		return []syscall.Errno{syscall.EIO, syscall.EMFILE}
	case strings.HasPrefix(step, "close "):
		return []syscall.Errno{syscall.EIO, syscall.ENOSPC, syscall.EDQUOT}
	}
	return []syscall.Errno{syscall.EIO}
}

// endures brings moments about, one build each, and returns how many came. After each the published portal is wholly that
// of before or the new one, and what the program says of it is true. The next build starts from what was left; one without
// a fault, after as many as the works say, makes the right portal and cleans up.
func (w *works) endures(t *testing.T, moments []moment) (came int) {
	t.Helper()
	at := 1 // the state that is published
	for i, m := range moments {
		next, hit := 1-at, false
		old := w.portals[at]
		if w.first {
			w.clear(t)
			old = nothing
		}
		out, err := w.under(t, next, m.decide(w.site, &hit))
		got := w.published(t)
		var exit *exec.ExitError
		switch isExit := errors.As(err, &exit); {
		case err != nil && !isExit:
			t.Fatalf("%v: %v\n%s", m, err, out)
		case got != old && got != w.portals[next]:
			t.Errorf("%v: the published portal is neither the old nor the new one: %v\n%s", m, err, out)
		case !hit: // how often a call is made depends on what the scheduler did
			if isExit {
				t.Errorf("without a fault: %v\n%s", err, out)
			}
		case m.Kill:
			if exit == nil || exit.ExitCode() != -1 {
				t.Errorf("%v: it lives: %v\n%s", m, err, out)
			}
		case strings.Contains(out, "panic") || strings.Contains(out, "goroutine "):
			t.Errorf("%v: it says %q", m, out)
		case err == nil && got != w.portals[next]:
			t.Errorf("%v: all is said to be well, and the old portal stands\n%s", m, out)
		case isExit && got != old:
			t.Errorf("%v: the new portal is published, and it says %v\n%s", m, err, out)
		case isExit && exit.ExitCode() != 3 && (exit.ExitCode() != 1 || m.changes()):
			t.Errorf("%v: %v\n%s", m, err, out)
		case isExit && !strings.Contains(out, m.Fail.Error()):
			t.Errorf("%v: it does not say so: %s", m, out)
		}
		if hit {
			came++
		}
		if got == w.portals[next] && !w.first {
			at = next
		}
		if i%500 == 499 {
			t.Logf("%d of %d", i+1, len(moments))
		}
		if i%w.mends == 0 || i == len(moments)-1 {
			w.mend(t, 1-at)
			at = 1 - at
		}
	}
	return came
}

// few, some and all say which of the calls that a census counted are to fail: one of each name that changes something; the
// first and the last of each step that does, and the first of every third that does not, others each time; each of them.
const (
	few = iota
	some
	all
)

// moments are calls of a census, each with one of its errors, in turn.
func moments(census map[string]int, which int) (list []moment) {
	names := make(map[string]bool)
	third := rand.IntN(3)
	for i, at := range slices.Sorted(maps.Keys(census)) {
		name, _, _ := strings.Cut(at, " ")
		changes := moment{step: at}.changes()
		var numbers []int
		switch {
		case which == few && (names[name] || !changes), which == some && !changes && i%3 != third:
		case which == all:
			for n := range census[at] {
				numbers = append(numbers, n+1)
			}
		case which == some && changes && census[at] > 1:
			numbers = []int{1, census[at]}
		default:
			numbers = []int{1}
		}
		names[name] = names[name] || changes
		for _, n := range numbers {
			possible := errnos(at)
			list = append(list, moment{at, n, faults.Verdict{Fail: possible[len(list)%len(possible)]}})
		}
	}
	return list
}

// withEach gives each moment all its errors.
func withEach(list []moment) (more []moment) {
	for _, m := range list {
		for _, m.Fail = range errnos(m.step) {
			more = append(more, m)
		}
	}
	return more
}

// onlyChanges are the moments that would have changed something.
func onlyChanges(list []moment) []moment {
	return slices.DeleteFunc(list, func(m moment) bool { return !m.changes() })
}

// kills makes of moments those before which the program is killed.
func kills(list []moment) []moment {
	for i := range list {
		list[i].Verdict = faults.Verdict{Kill: true}
	}
	return list
}

// A100, A101: whichever call of the program fails, with whatever error, and whenever it is killed, the old portal stands or
// the new one.
func TestPortalIsWholeWhateverFails(t *testing.T) {
	unraced(t)
	which := treetest.Effort(few, some, all)
	for _, test := range []struct {
		name    string
		site    func(*testing.T) *works
		effort  int // that it is worth
		moments func(census map[string]int) []moment
	}{
		{"an edit", oneEdit, few, func(census map[string]int) []moment {
			list := moments(census, which)
			if which == all { // those that read have few ways to fail
				list = append(withEach(onlyChanges(slices.Clone(list))), slices.DeleteFunc(list, moment.changes)...)
			}
			return list
		}},
		{"an edit, killed", oneEdit, some, func(census map[string]int) []moment { return kills(onlyChanges(moments(census, which))) }},
		{"a picture", oneEdit, some, func(census map[string]int) []moment { // whichever output it is read for
			return slices.DeleteFunc(moments(census, all), func(m moment) bool { return m.step != "fstat /content/*.svg false" || m.n > 15 })
		}},
		{"another day", twoDays, all, func(census map[string]int) []moment { return onlyChanges(moments(census, which)) }},
		{"the first build", firstBuild, all, func(census map[string]int) []moment { return onlyChanges(moments(census, which)) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			if which < test.effort {
				t.Skip("too long for now: see treetest.Effort")
			}
			t.Parallel()
			w := test.site(t)
			if w.first {
				w.clear(t)
			}
			list := test.moments(w.census(t, 0))
			came := w.endures(t, list)
			if came < len(list)*9/10 || came == 0 { // how often some are made depends on what the scheduler does
				t.Errorf("only %d of %d came", came, len(list))
			}
			t.Logf("%d of %d came", came, len(list))
		})
	}
}

// A100: the real command, killed at random moments of the clock. Both portals come of it: some kills are before the
// exchange and some after.
func TestPortalIsWholeAfterKillAtRandom(t *testing.T) {
	unraced(t)
	w := twoDays(t)
	start := time.Now()
	w.mustBuild(t, 0)
	took := time.Since(start)
	at, kills, kept, replaced := 0, treetest.Effort(3, 40, 500), 0, 0
	for killed := 0; killed < kills; {
		next := 1 - at
		cmd := exec.Command("pendapa", w.states[next](t)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(took)*6/5 + 1)))
		_ = cmd.Process.Kill()
		dead := cmd.Wait() != nil
		switch got := w.published(t); {
		case got == w.portals[at] && dead:
			kept++
		case got == w.portals[next]:
			at = next
			if dead {
				replaced++
			}
		default:
			t.Fatalf("kill %d left a portal that is neither the old nor the new one", killed)
		}
		if !dead { // the machine is quicker than it was, perhaps
			took -= took / 50
			continue
		}
		took += took / 100
		if killed++; killed%20 == 0 || killed == kills {
			w.mend(t, 1-at)
			at = 1 - at
		}
	}
	if kills >= 500 && (kept == 0 || replaced == 0) {
		t.Errorf("%d kills left the old portal, %d the new one: they did not come at random", kept, replaced)
	}
	t.Logf("%d kills: %d left the old portal, %d the new one", kills, kept, replaced)
}

// A104: who reads the published folder while it is built anew, and anew, never misses a page, and never gets half of one.
func TestReadersMissNothing(t *testing.T) {
	unraced(t)
	w := oneEdit(t)
	builds := treetest.Effort(5, 50, 1000)
	public := filepath.Join(w.site, "public")
	pages := make(map[string][]string) // what both portals have, each in its forms
	for i := range w.states {
		w.mustBuild(t, i)
		for name, text := range treetest.Files(t, public) {
			pages[name] = append(pages[name], text)
		}
	}
	maps.DeleteFunc(pages, func(_ string, forms []string) bool { return len(forms) < len(w.states) })
	names := slices.Sorted(maps.Keys(pages))
	server := httptest.NewServer(http.FileServer(http.Dir(public)))
	defer server.Close()
	readers := map[string]func(name string) ([]byte, error){
		"by path": func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(public, name)) },
		"by HTTP": func(name string) ([]byte, error) {
			answer, err := http.Get(server.URL + "/" + strings.TrimSuffix(name, "index.html"))
			if err != nil {
				return nil, err
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if answer.StatusCode != http.StatusOK {
				err = errors.New(answer.Status)
			}
			return text, err
		},
	}
	var reads, missed atomic.Int64
	var wg sync.WaitGroup
	done := make(chan struct{})
	for how, read := range readers {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				name := names[rand.IntN(len(names))]
				if text, err := read(name); err != nil || !slices.Contains(pages[name], string(text)) {
					if missed.Add(1) < 5 {
						t.Errorf("%s: %s: %d bytes, %v", how, name, len(text), err)
					}
				}
				reads.Add(1)
			}
		})
	}
	for i := range builds {
		w.mustBuild(t, i%2)
	}
	close(done)
	wg.Wait()
	if reads.Load() < int64(builds) {
		t.Errorf("only %d reads", reads.Load())
	}
	t.Logf("%d builds, %d reads, %d missed", builds, reads.Load(), missed.Load())
}

// A49: a page that may not be read is told, and nothing is published without it.
func TestPageThatMayNotBeRead(t *testing.T) {
	unraced(t)
	w := oneEdit(t)
	out, err := w.under(t, 0, func(c faults.Call) faults.Verdict {
		if c.Name == "openat" && strings.HasSuffix(c.Path, "/content/loket-tutup.md") {
			return faults.Verdict{Fail: syscall.EACCES}
		}
		return faults.Verdict{}
	})
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(out, "content/loket-tutup.md: kesalahan:") || !strings.Contains(out, syscall.EACCES.Error()) {
		t.Errorf("%v\n%s", err, out)
	}
	if w.published(t) != w.portals[1] {
		t.Error("the published portal changed")
	}
}
