package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/demo"
	"pendapa/internal/diag"
	"pendapa/internal/render"
	"pendapa/internal/search"
	"pendapa/internal/treetest"
)

// preview is a server under test, of a copy of Kabupaten Contoh.
type preview struct {
	*Server
	t   *testing.T
	dir string
	url string

	mu     sync.Mutex
	events []Event
}

func siteOptions(dir string) build.Options {
	return build.Options{Dir: dir, AsOf: demo.AsOf, Layouts: pendapa.Layouts, Static: pendapa.Static}
}

func start(t *testing.T, dir string, change ...func(*Server)) *preview {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &preview{t: t, dir: dir, url: "http://" + listener.Addr().String()}
	p.Server = New(listener, Options{Site: siteOptions(dir), Event: func(e Event) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.events = append(p.events, e)
	}})
	for _, c := range change {
		c(p.Server)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the server ends with %v", err)
			}
		case <-time.After(time.Second):
			t.Error("the server does not end within a second")
		}
	})
	p.eventually("the portal is looked at", func() bool { return p.count(Checked) > 0 || p.count(Kept) > 0 })
	return p
}

// count is how many events of a kind there were.
func (p *preview) count(kind Kind) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, e := range p.events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func (p *preview) eventually(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	p.t.Fatalf("not within half a minute: %s\n%s", what, listed(p.state.Load().problems))
}

func listed(problems []diag.Problem) string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

func (p *preview) write(name, text string) {
	p.t.Helper()
	full := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *preview) read(name string) string {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

func (p *preview) get(path string) (int, string) {
	p.t.Helper()
	response, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func (p *preview) shows(path, text string) func() bool {
	return func() bool { _, body := p.get(path); return strings.Contains(body, text) }
}

const story = "---\ntitle: Kabar %s\nsummary: Kabar.\ndate: 2026-02-01\n---\n\nIsi %[1]s.\n"

// A89: how editors save: each way ends with the newest text being served, and with one state shown for one save.
func TestEverySaveIsSeen(t *testing.T) {
	p := start(t, treetest.Demo(t))
	const file, page = "content/bintek/2026/kabar.md", "/bintek/2026/kabar/"
	full := filepath.Join(p.dir, file)
	ways := map[string]func(text string) error{
		"write in place": func(text string) error { return os.WriteFile(full, []byte(text), 0o644) },
		"empty, wait, write": func(text string) error {
			if err := os.WriteFile(full, nil, 0o644); err != nil {
				return err
			}
			time.Sleep(10 * time.Millisecond)
			return os.WriteFile(full, []byte(text), 0o644)
		},
		"write beside and rename over (VS Code, JetBrains)": func(text string) error {
			return errors.Join(os.WriteFile(full+".tmp", []byte(text), 0o644), os.Rename(full+".tmp", full))
		},
		"move away, write anew, remove the backup (vim)": func(text string) error {
			return errors.Join(os.WriteFile(filepath.Join(p.dir, "content/bintek/2026/4913"), nil, 0o644), os.Remove(filepath.Join(p.dir, "content/bintek/2026/4913")),
				os.Rename(full, full+"~"), os.WriteFile(full, []byte(text), 0o644), os.Remove(full+"~"))
		},
		"lock and autosave files (emacs)": func(text string) error {
			return errors.Join(os.Symlink("user@host.1", filepath.Join(p.dir, "content/bintek/2026/.#kabar.md")), os.WriteFile(filepath.Join(p.dir, "content/bintek/2026/#kabar.md#"), []byte("x"), 0o644),
				os.WriteFile(full, []byte(text), 0o644), os.Remove(filepath.Join(p.dir, "content/bintek/2026/.#kabar.md")), os.Remove(filepath.Join(p.dir, "content/bintek/2026/#kabar.md#")))
		},
		"remove and write": func(text string) error {
			return errors.Join(os.Remove(full), os.WriteFile(full, []byte(text), 0o644))
		},
	}
	p.write(file, fmt.Sprintf(story, "pertama"))
	p.eventually("the new page", p.shows(page, "Isi pertama."))
	for name, save := range ways {
		t.Run(name, func(t *testing.T) {
			for i := range 5 {
				before := p.count(Shown) + p.count(Kept)
				text := fmt.Sprintf("%s %d", name, i)
				if err := save(fmt.Sprintf(story, "1") + text); err != nil {
					t.Fatal(err)
				}
				p.eventually("the save", p.shows(page, text))
				time.Sleep(20 * time.Millisecond)
				if got := p.count(Shown) + p.count(Kept) - before; got != 1 {
					t.Errorf("%d states were shown for one save", got)
				}
			}
		})
	}
}

// A97, A98: a file that is touched is no change, nor is what a build writes beside the sources.
func TestTouchedFilesChangeNothing(t *testing.T) {
	p := start(t, treetest.Demo(t))
	before := p.state.Load()
	for _, name := range []string{"site.yaml", "content/_index.md", "content/quick-wins/_index.md"} {
		full := filepath.Join(p.dir, name)
		now := time.Now()
		if err := errors.Join(os.Chtimes(full, now, now), os.Chmod(full, 0o600), os.WriteFile(full, []byte(p.read(name)), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	o := siteOptions(p.dir) // a build publishes into the folder that is watched
	o.Out = "public"
	if _, err := build.Run(t.Context(), o, &diag.List{}); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		p.write("public/index.html", fmt.Sprint(i))
	}
	time.Sleep(300 * time.Millisecond)
	if p.state.Load() != before {
		t.Error("a file that was touched, or saved with the same text, or published, was shown as a change")
	}
}

// A79: a link in the site's folder is told of and leads nowhere, whatever its address is asked for.
func TestLinksLeadNowhere(t *testing.T) {
	t.Parallel()
	p := start(t, treetest.Demo(t))
	secret := filepath.Join(t.TempDir(), "rahasia.txt")
	if err := os.WriteFile(secret, []byte("RAHASIA-SEKALI"), 0o644); err != nil {
		t.Fatal(err)
	}
	p.write("static/berkas/a.txt", "terbuka")
	p.eventually("a file", p.shows("/berkas/a.txt", "terbuka"))
	for name, target := range map[string]string{"static/berkas/file.txt": secret, "static/folder": filepath.Dir(secret), "content/teks.txt": secret, "content/halaman.md": secret} {
		if err := os.Symlink(target, filepath.Join(p.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	p.eventually("four links are told of", func() bool {
		return strings.Count(listed(p.state.Load().problems), "symbolic links are not followed") == 4
	})
	// A link that takes the place of a file whose address is served.
	full := filepath.Join(p.dir, "static/berkas/a.txt")
	if err := errors.Join(os.Remove(full), os.Symlink(secret, full)); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		for _, address := range []string{"/berkas/a.txt", "/berkas/file.txt", "/folder/rahasia.txt", "/teks.txt", "/halaman/", "/folder/"} {
			if _, body := p.get(address); strings.Contains(body, "RAHASIA-SEKALI") {
				t.Fatalf("%s leads out of the site's folder", address)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// A90, A94: new folders in each other, a folder renamed, the content and the site gone and back: all is followed.
func TestFoldersComeAndGo(t *testing.T) {
	p := start(t, treetest.Demo(t))
	// A folder in a folder in a new folder, with its file at once.
	p.write("content/berita/a/b/c/halaman.md", "---\ntitle: Dalam\nsummary: s\n---\nJauh di dalam.\n")
	p.eventually("a page in new folders", p.shows("/berita/a/b/c/halaman/", "Jauh di dalam."))
	p.write("content/berita/a/b/c/halaman.md", "---\ntitle: Dalam\nsummary: s\n---\nDiubah di dalam.\n")
	p.eventually("a change in new folders", p.shows("/berita/a/b/c/halaman/", "Diubah di dalam."))
	// A folder that is renamed: its pages move.
	if err := os.Rename(filepath.Join(p.dir, "content/berita/a"), filepath.Join(p.dir, "content/berita/z")); err != nil {
		t.Fatal(err)
	}
	p.eventually("pages of a renamed folder", p.shows("/berita/z/b/c/halaman/", "Diubah di dalam."))
	if status, _ := p.get("/berita/a/b/c/halaman/"); status != http.StatusNotFound {
		t.Errorf("the old address answers with %d", status)
	}
	p.write("content/berita/z/b/c/halaman.md", "---\ntitle: Dalam\nsummary: s\n---\nDi tempat baru.\n")
	p.eventually("a change in a renamed folder", p.shows("/berita/z/b/c/halaman/", "Di tempat baru."))
	// All of the content goes, and comes back.
	away := filepath.Join(t.TempDir(), "content")
	if err := os.Rename(filepath.Join(p.dir, "content"), away); err != nil {
		t.Fatal(err)
	}
	p.eventually("that the menu leads nowhere is said", func() bool { return hasErrors(p.state.Load().problems) })
	if err := os.CopyFS(filepath.Join(p.dir, "content"), os.DirFS(away)); err != nil {
		t.Fatal(err)
	}
	p.sameAsClean()
	p.write("content/berita/z/b/c/halaman.md", "---\ntitle: Dalam\nsummary: s\n---\nSesudah kembali.\n")
	p.eventually("a change after that", p.shows("/berita/z/b/c/halaman/", "Sesudah kembali."))
	// The site's folder itself goes, and another comes in its place.
	moved := p.dir + "-moved"
	if err := os.Rename(p.dir, moved); err != nil {
		t.Fatal(err)
	}
	p.eventually("that the folder is gone is said", func() bool { return hasErrors(p.state.Load().problems) })
	if _, body := p.get("/berita/z/b/c/halaman/"); !strings.Contains(body, "Sesudah kembali.") {
		t.Error("the last good page did not stay")
	}
	if err := os.CopyFS(p.dir, os.DirFS(moved)); err != nil {
		t.Fatal(err)
	}
	p.eventually("the folder is back", func() bool { return !hasErrors(p.state.Load().problems) })
	p.write("content/berita/z/b/c/halaman.md", "---\ntitle: Dalam\nsummary: s\n---\nDi folder lain.\n")
	p.eventually("a change in the new folder", p.shows("/berita/z/b/c/halaman/", "Di folder lain."))
}

// A91: git checkout and cp -r change thousands of files within a moment.
func TestManyFilesAtOnceAreFewStates(t *testing.T) {
	p := start(t, treetest.Demo(t))
	before := p.count(Shown)
	files := treetest.Effort(400, 5000, 5000)
	for i := range files {
		p.write(fmt.Sprintf("content/bintek/2025/k%04d.md", i), fmt.Sprintf(story, fmt.Sprint(i)))
	}
	p.eventually("the last file", p.shows(fmt.Sprintf("/bintek/2025/k%04d/", files-1), fmt.Sprintf("Isi %d.", files-1)))
	p.sameAsClean()
	if got := p.count(Shown) - before; got > 2 {
		t.Errorf("%d states were shown for one checkout", got)
	}
}

// A92: lossy is a watcher that loses every notice, as a queue that ran over does, and then says so.
type lossy struct{ changes chan batch }

func (l lossy) Changes() <-chan batch { return l.changes }
func (l lossy) Close() error          { return nil }

func TestLostNoticesLeaveNothingStale(t *testing.T) {
	l := lossy{make(chan batch)}
	dir := treetest.Demo(t)
	if err := os.WriteFile(filepath.Join(dir, "content/lama.md"), []byte("---\ntitle: Lama\nsummary: s\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, dir, func(s *Server) { s.watch = func(string, func(diag.Text)) (watcher, error) { return l, nil } })
	p.write("content/bintek/2026/kabar.md", fmt.Sprintf(story, "baru"))
	p.write("content/istilah/opd.md", strings.ReplaceAll(p.read("content/istilah/opd.md"), "\n\n", "\n\nKalimat baru. "))
	if err := os.Remove(filepath.Join(p.dir, "content/lama.md")); err != nil {
		t.Fatal(err)
	}
	l.changes <- batch{build.Changes{All: true}, time.Now()}
	p.eventually("the new page", p.shows("/bintek/2026/kabar/", "Isi baru."))
	p.sameAsClean()
	if status, _ := p.get("/lama/"); status != http.StatusNotFound {
		t.Error("a removed page is still served")
	}
}

// A93: where the system gives no notices, the files are looked at again and again.
func TestPollingSeesWhatNoticesWould(t *testing.T) {
	t.Parallel()
	p := start(t, treetest.Demo(t), func(s *Server) {
		s.watch = func(dir string, _ func(diag.Text)) (watcher, error) { return newPoller(dir), nil }
	})
	p.write("content/berita/a/halaman.md", "---\ntitle: Dalam\nsummary: s\n---\nDengan jajak.\n")
	p.eventually("a new page", p.shows("/berita/a/halaman/", "Dengan jajak."))
	if err := os.RemoveAll(filepath.Join(p.dir, "content/berita/a")); err != nil {
		t.Fatal(err)
	}
	p.eventually("a page that is gone", func() bool { status, _ := p.get("/berita/a/halaman/"); return status == http.StatusNotFound })
	// The site's folder goes, and another comes in its place.
	if err := os.Rename(p.dir, p.dir+"-away"); err != nil {
		t.Fatal(err)
	}
	p.eventually("that the folder is gone is said", func() bool { return hasErrors(p.state.Load().problems) })
	if err := os.CopyFS(p.dir, os.DirFS(p.dir+"-away")); err != nil {
		t.Fatal(err)
	}
	p.eventually("the folder is back", func() bool { return !hasErrors(p.state.Load().problems) })
	p.write("content/berita/b.md", "---\ntitle: Dalam\nsummary: s\n---\nSesudah kembali.\n")
	p.eventually("a page in the new folder", p.shows("/berita/b/", "Sesudah kembali."))
}

// A93: and it is said how the system can be made to give more.
func TestLimitsOfTheSystemAreNamed(t *testing.T) {
	for err, want := range map[error]string{
		&os.PathError{Op: "inotify_add_watch", Path: "x", Err: syscall.ENOSPC}: "max_user_watches",
		&os.PathError{Op: "inotify_init", Path: "", Err: syscall.EMFILE}:       "max_user_instances",
		errors.New("odd"): "odd",
	} {
		if got := limitReached(err).String(); !strings.Contains(got, want) || !strings.Contains(got, "every second") {
			t.Errorf("%v: %s", err, got)
		}
	}
}

// sameAsClean compares what is served with a clean build of the same files.
func (p *preview) sameAsClean() {
	p.t.Helper()
	want, problems := p.clean()
	var got map[string]string
	var now *state
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		now = p.state.Load()
		complete := now.portal == now.good || hasErrors(now.problems)
		if complete && listed(now.problems) == listed(problems) {
			if hasErrors(problems) {
				return // the last good portal stays, and every mistake is told
			}
			if got = outputs(p.t, now.portal); cmp.Equal(got, want) {
				break
			}
		}
		if time.Now().After(end) {
			p.t.Fatalf("what is served is not what a clean build makes\n%s\n%s", cmp.Diff(listed(problems), listed(now.problems)), cmp.Diff(want, got))
		}
	}
}

func (p *preview) clean() (map[string]string, []diag.Problem) {
	w, err := build.Open(siteOptions(p.dir))
	if err != nil {
		p.t.Fatal(err)
	}
	defer w.Close()
	portal, _, err := w.Update(context.Background(), build.Changes{All: true})
	if err != nil {
		p.t.Fatal(err)
	}
	problems, err := w.Check(context.Background(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if hasErrors(problems) {
		return nil, problems
	}
	return outputs(p.t, portal), problems
}

func outputs(t *testing.T, portal *build.Portal) map[string]string {
	t.Helper()
	all := make(map[string]string, len(portal.Outputs))
	for _, o := range portal.Outputs {
		data, _, err := portal.Make(o)
		if err != nil {
			continue // a file that was removed while it was read: the next look differs
		}
		all[o.Path] = version(data)
	}
	return all
}

// sameIndex compares the index of words with that of a clean build. A manifest names every other file of its index by what
// that holds.
func (p *preview) sameIndex() {
	p.t.Helper()
	w, err := build.Open(siteOptions(p.dir))
	if err != nil {
		p.t.Fatal(err)
	}
	defer w.Close()
	clean, _, err := w.Update(p.t.Context(), build.Changes{All: true})
	if err != nil {
		p.t.Fatal(err)
	}
	state := p.state.Load()
	if clean.Broken() || hasErrors(state.problems) {
		return // the last good portal is searched
	}
	now := state.portal
	for _, e := range clean.Site.Editions {
		name := render.IndexFolder(e) + render.IndexManifest
		want, err := clean.SearchFile(p.t.Context(), 2, name)
		if err != nil || want == nil {
			p.t.Fatalf("%s: %v", name, err)
		}
		if got, err := now.SearchFile(p.t.Context(), 2, name); err != nil || version(got) != version(want) {
			p.t.Fatalf("%s is not what a clean build makes (%v)", name, err)
		}
	}
}

// The words of a page can be found as soon as the page is shown, and where a page has a mistake those of its last good
// form.
func TestServedPortalCanBeSearched(t *testing.T) {
	p := start(t, treetest.Demo(t))
	find := func(folder, query string) string {
		index, err := search.Open(func(name string) ([]byte, error) {
			status, body := p.get(folder + name)
			if status != http.StatusOK {
				return nil, fmt.Errorf("%s: %d", name, status)
			}
			return []byte(body), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := index.Search(query, 10)
		if err != nil || len(answer.Results) == 0 {
			return fmt.Sprint(err)
		}
		return answer.Results[0].URL
	}
	if got := find("/cari/indeks/", "bank sampah"); got != "quick-wins/bank-sampah/" {
		t.Errorf("found %s", got)
	}
	if got := find("/en/cari/indeks/", "online markets"); got != "quick-wins/pasar-daring/" {
		t.Errorf("found %s", got)
	}
	page := p.read("content/tentang.md")
	p.write("content/tentang.md", page+"\nKata kunci: zamrudkhatulistiwa.\n")
	p.eventually("the new word is found", func() bool { return find("/cari/indeks/", "zamrudkhatulistiwa ") == "tentang/" })
	p.write("content/tentang.md", page+"\n[rusak](tidak-ada.md) zamrudkhatulistiwa\n")
	p.eventually("the mistake is told", func() bool { return hasErrors(p.state.Load().problems) })
	if got := find("/cari/indeks/", "zamrudkhatulistiwa "); got != "tentang/" {
		t.Errorf("with a mistake in the page, %s is found", got)
	}
	for _, address := range []string{"/cari/indeks/", "/cari/indeks/x.bin", "/cari/indeks/../../site.yaml", "/indeks/manifest.bin"} {
		if status, _ := p.get(address); status != http.StatusNotFound {
			t.Errorf("%s: %d", address, status)
		}
	}
}

// A113: a random sequence of edits, additions, renames and removals, of every kind of file: after each few of them, what is
// served is what a clean build makes, and what is told is what a clean build tells.
func TestServedPortalEqualsACleanBuild(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	p := start(t, treetest.Demo(t))
	rounds, edits := treetest.Effort(4, 15, 200), 0
	for round := range rounds {
		for range 1 + random.IntN(9) {
			p.edit(random)
			edits++
			if random.IntN(3) == 0 {
				time.Sleep(time.Duration(random.IntN(12)) * time.Millisecond)
			}
		}
		p.sameAsClean()
		if round%5 == 0 {
			p.sameIndex()
		}
		if t.Failed() {
			return
		}
	}
	good := 0
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if !hasErrors(e.Problems) {
			good++
		}
	}
	t.Logf("%d edits, %d states shown, %d without mistakes", edits, len(p.events), good)
	if good < rounds/4 {
		t.Error("too few portals without mistakes: the test sees little")
	}
}

// files are the site's own files of a kind.
func (p *preview) files(ending string) []string {
	var names []string
	err := filepath.WalkDir(p.dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(name, ending) {
			relative, err := filepath.Rel(p.dir, name)
			names = append(names, filepath.ToSlash(relative))
			return err
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

var titleLine = regexp.MustCompile(`(?m)^title: .*$`)

// edit makes one change at random. Half of the mistakes that it makes are mended by a later one.
func (p *preview) edit(random *rand.Rand) {
	pages := p.files(".md")
	name := pages[random.IntN(len(pages))]
	number := fmt.Sprint(random.IntN(1000))
	replace := func(name string, change func(string) string) { p.write(name, change(p.read(name))) }
	original := func(name string) {
		if data, err := fs.ReadFile(demo.Site, "site/"+name); err == nil {
			p.write(name, string(data))
		}
	}
	switch random.IntN(14) {
	case 0, 1, 2: // a sentence more
		replace(name, func(s string) string { return s + "\nKalimat " + number + ".\n" })
	case 3: // another title
		replace(name, func(s string) string { return titleLine.ReplaceAllString(s, "title: Judul "+number) })
	case 4: // a new page
		p.write("content/bintek/2026/k"+number+".md", fmt.Sprintf(story, number))
	case 5: // a page of its own folder, with a file beside it
		p.write("content/info/h"+number+"/index.md", "---\ntitle: H\nsummary: s\n---\n[data](angka.csv)\n")
		p.write("content/info/h"+number+"/angka.csv", "a,b\n1,"+number+"\n")
	case 6: // a new page that links to another
		p.write("content/info/tautan"+number+".md", "---\ntitle: T\nsummary: s\n---\n[ke]("+strings.Repeat("../", 1)+strings.TrimPrefix(name, "content/")+")\n")
	case 7: // gone
		if err := os.Remove(filepath.Join(p.dir, name)); err != nil {
			p.t.Fatal(err)
		}
	case 8: // renamed
		if strings.Contains(name, "/bintek/") && !strings.Contains(name, "index") {
			if err := os.MkdirAll(filepath.Join(p.dir, "content/bintek/2026"), 0o755); err != nil {
				p.t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(p.dir, name), filepath.Join(p.dir, "content/bintek/2026/pindah"+number+".md")); err != nil {
				p.t.Fatal(err)
			}
		}
	case 9: // a draft, or no longer
		replace(name, func(s string) string {
			if strings.Contains(s, "\ndraft: true\n") {
				return strings.Replace(s, "\ndraft: true\n", "\n", 1)
			}
			return strings.Replace(s, "\n---\n", "\ndraft: true\n---\n", 1)
		})
	case 10: // a layout or a stylesheet of the site's own, or no longer
		if random.IntN(2) == 0 {
			p.write("layouts/page.html", strings.Replace(builtin(p.t, "layouts/page.html"), "{{define", "{{/* "+number+" */}}{{define", 1))
			p.write("static/assets/site.css", builtin(p.t, "static/assets/site.css")+"/* "+number+" */")
		} else {
			_ = os.RemoveAll(filepath.Join(p.dir, "layouts"))
			_ = os.Remove(filepath.Join(p.dir, "static/assets/site.css"))
		}
	case 11: // another motto, so that every page changes
		replace("site.yaml", func(s string) string {
			return regexp.MustCompile(`(?m)^motto: .*$`).ReplaceAllString(s, "motto: Semboyan "+number)
		})
	default: // as it was at first: what earlier edits broke is mended
		site, _ := fs.Sub(demo.Site, "site")
		_ = fs.WalkDir(site, ".", func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && random.IntN(2) == 0 {
				original(name)
			}
			return err
		})
		for _, name := range p.files(".md") {
			if _, err := fs.Stat(site, name); err != nil && random.IntN(2) == 0 {
				_ = os.Remove(filepath.Join(p.dir, name))
			}
		}
	}
}

func builtin(t *testing.T, name string) string {
	t.Helper()
	var from fs.FS = pendapa.Layouts
	if strings.HasPrefix(name, "static") {
		from = pendapa.Static
	}
	data, err := fs.ReadFile(from, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWhoMayAsk(t *testing.T) {
	p := start(t, treetest.Demo(t))
	port := p.listener.Addr().(*net.TCPAddr).Port
	at := func(host string) string { return fmt.Sprintf("%s:%d", host, port) }
	tests := map[string]struct {
		request string
		want    string
	}{
		"its own address":             {"GET / HTTP/1.1\r\nHost: " + at("127.0.0.1"), "200"},
		"localhost":                   {"GET / HTTP/1.1\r\nHost: " + at("localhost"), "200"},
		"A76 another name":            {"GET / HTTP/1.1\r\nHost: " + at("evil.example"), "403"},
		"A76 another name, stream":    {"GET /.pendapa/live HTTP/1.1\r\nHost: " + at("evil.example"), "403"},
		"A76 another port":            {"GET / HTTP/1.1\r\nHost: 127.0.0.1:1", "403"},
		"A76 no port":                 {"GET / HTTP/1.1\r\nHost: 127.0.0.1", "403"},
		"A76 absolute target":         {"GET http://evil.example/ HTTP/1.1\r\nHost: " + at("127.0.0.1"), "403"},
		"A76 a name that starts so":   {"GET / HTTP/1.1\r\nHost: " + at("127.0.0.1.evil.example"), "403"},
		"A77 forwarded host":          {"GET / HTTP/1.1\r\nX-Forwarded-Host: 127.0.0.1\r\nHost: evil.example", "403"},
		"A77 foreign origin":          {"GET /.pendapa/live HTTP/1.1\r\nOrigin: http://evil.example\r\nHost: " + at("127.0.0.1"), "403"},
		"A77 no origin of a page":     {"GET /.pendapa/live HTTP/1.1\r\nOrigin: null\r\nHost: " + at("127.0.0.1"), "403"},
		"A77 cross-site":              {"GET /.pendapa/live HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\nHost: " + at("127.0.0.1"), "403"},
		"A77 own origin":              {"HEAD /.pendapa/live HTTP/1.1\r\nOrigin: http://" + at("127.0.0.1") + "\r\nSec-Fetch-Site: same-origin\r\nHost: " + at("127.0.0.1"), "200"},
		"A78 up":                      {"GET /../site.yaml HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 up, encoded":             {"GET /%2e%2e%2fsite.yaml HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 up, backslash":           {"GET /..%5csite.yaml HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 NUL":                     {"GET /%00 HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 two slashes":             {"GET //evil.example HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 hidden":                  {"GET /.env HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 hidden, own folder":      {"GET /.pendapa/../site.yaml HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 the error page's layout": {"GET /.pendapa/error.html HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 a number sign":           {"GET /# HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 a drive":                 {"GET /C:/windows HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A78 a source":                {"GET /content/_index.md HTTP/1.1\r\nHost: " + at("127.0.0.1"), "404"},
		"A80 POST":                    {"POST / HTTP/1.1\r\nContent-Length: 0\r\nHost: " + at("127.0.0.1"), "405"},
		"A80 PUT":                     {"PUT /x HTTP/1.1\r\nContent-Length: 0\r\nHost: " + at("127.0.0.1"), "405"},
		"A84 large header":            {"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 1<<20) + "\r\nHost: " + at("127.0.0.1"), "431"},
		"a page without its slash":    {"GET /opd HTTP/1.1\r\nHost: " + at("127.0.0.1"), "302"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", p.listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			go func() { _, _ = io.WriteString(conn, test.request+"\r\nConnection: close\r\n\r\n") }()
			answer := make([]byte, 4096)
			n, _ := io.ReadAtLeast(conn, answer, len("HTTP/1.1 200"))
			if got := string(answer[:n]); !strings.HasPrefix(got, "HTTP/1.1 "+test.want) || strings.Contains(got, "Access-Control") {
				first, _, _ := strings.Cut(got, "\n")
				t.Errorf("want %s, got %s", test.want, first)
			}
		})
	}
}

// A84: a request that never ends does not keep its connection.
// Limit: a request to a preview: time for its head; size of its head
func TestSlowRequestsAreEnded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as a request may")
	}
	t.Parallel()
	p := start(t, treetest.Demo(t))
	conn, err := net.Dial("tcp", p.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: ")
	_ = conn.SetReadDeadline(time.Now().Add(headerTimeout + 3*time.Second))
	if _, err := io.ReadAll(conn); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a request that never ends keeps its connection")
	}
}

// A87, A95: a mistake leaves the last good page, is told with all others, and goes when it is mended.
func TestMistakesLeaveTheLastGoodPage(t *testing.T) {
	t.Parallel()
	p := start(t, treetest.Demo(t))
	const file, page = "content/bintek/2026/kabar.md", "/bintek/2026/kabar/"
	p.write(file, fmt.Sprintf(story, "baik"))
	p.eventually("the page", p.shows(page, "Isi baik."))
	mistakes := map[string]struct{ file, text, want string }{
		"half a file":      {file, "---\ntitle: Kab", "the front matter is not closed"},
		"front matter":     {file, strings.Replace(fmt.Sprintf(story, "baik"), "date: 2026-02-01", "dato: besok", 1), `unknown key "dato"`},
		"broken link":      {file, fmt.Sprintf(story, "baik") + "[ke](tidak-ada.md) <script>alert(1)</script>\n", "there is no file content/bintek/2026/tidak-ada.md"},
		"the settings":     {"site.yaml", "title: [", "this is not valid YAML"},
		"a broken layout":  {"layouts/news.html", "{{define", "unclosed action"},
		"a failing layout": {"layouts/news.html", `{{define "main"}}{{.Nothing}}{{end}}`, "Nothing"},
	}
	for name, test := range mistakes {
		t.Run(name, func(t *testing.T) {
			before, err := os.ReadFile(filepath.Join(p.dir, test.file))
			p.write(test.file, test.text)
			p.eventually("the mistake is told", func() bool { return strings.Contains(listed(p.state.Load().problems), test.want) })
			if status, body := p.get(page); status != http.StatusOK || !strings.Contains(body, "Isi baik.") {
				t.Errorf("the last good page did not stay: %d", status)
			}
			data := p.state.Load().panel
			if data.Errors == 0 || data.Title == "" || data.Problems[0].Message == "" {
				t.Errorf("the panel says nothing: %+v", data)
			}
			if err == nil {
				p.write(test.file, string(before))
			} else if err := os.Remove(filepath.Join(p.dir, test.file)); err != nil {
				t.Fatal(err)
			}
			p.eventually("the mistake is mended", func() bool { now := p.state.Load(); return !hasErrors(now.problems) && now.good == now.portal })
			p.sameAsClean()
		})
	}
}

// A83: where there is no page to show, the mistakes are the page; what stands in a file stays text there.
func TestWithoutAnyGoodPageTheMistakesAreThePage(t *testing.T) {
	dir := treetest.Demo(t)
	if err := os.WriteFile(filepath.Join(dir, "content/bintek/kabar.md"), []byte("---\ntitle: <script>alert(1)</script>\nsummary: s\ndate: besok\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, dir)
	status, body := p.get("/")
	if status != http.StatusInternalServerError || !strings.Contains(body, "kabar.md:4:7") || strings.Contains(body, "<script>alert") || !strings.Contains(body, "<mark>besok</mark>") {
		t.Errorf("%d\n%s", status, body)
	}
	p.write("content/bintek/kabar.md", fmt.Sprintf(story, "baik"))
	p.eventually("the portal comes by itself", p.shows("/", "Kabupaten Contoh"))
	p.sameAsClean()
}

// A88: what serve adds is the script tag and nothing else; no page that is published has it.
func TestServedPageIsThePublishedPageWithAScript(t *testing.T) {
	p := start(t, treetest.Demo(t))
	tag := regexp.MustCompile(`<script src="/\.pendapa/live\.js"[^>]*></script>`)
	now := p.state.Load()
	base := now.portal.Site.Settings.Base()
	for _, o := range now.portal.Outputs {
		data, problems, err := now.portal.Make(o)
		if err != nil || hasErrors(problems) {
			t.Fatal(o.Path, err, listed(problems))
		}
		if strings.Contains(string(data), own) {
			t.Errorf("%s: a page that is published knows of the preview", o.Path)
		}
		_, body := p.get(base + strings.TrimSuffix(o.Path, "index.html"))
		if got := tag.ReplaceAllString(body, ""); got != string(data) {
			t.Errorf("%s: served otherwise than published\n%s", o.Path, cmp.Diff(string(data), got))
		}
	}
}

// A commit changes no file of the site, and is seen all the same.
func TestCommitsAreSeen(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("GIT IS NOT INSTALLED")
	}
	dir := treetest.Demo(t)
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Sari", "-c", "user.email=sari@dinas.example"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	git("add", "-A")
	git("commit", "-q", "-m", "Terbitkan")
	p := start(t, dir)
	const page = "/quick-wins/bank-sampah/"
	p.eventually("a page is recorded", p.shows(page, "Tercatat sejak"))
	const file = "content/quick-wins/bank-sampah.md"
	p.write(file, p.read(file)+"\nSatu kalimat lagi.\n")
	p.eventually("a save is not recorded", p.shows(page, "belum tercatat"))
	git("commit", "-q", "-am", "Satu kalimat")
	p.eventually("a commit is", p.shows(page, "Terakhir diubah"))
	p.eventually("with what it changed", p.shows(page+"riwayat/", "Satu kalimat lagi"))
}
