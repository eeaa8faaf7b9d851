//go:build unix

package build

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pendapa"
	"pendapa/internal/diag"
	"pendapa/internal/publish"
	"pendapa/internal/render"
	"pendapa/internal/treetest"
)

// small is a portal of few pages: a draft, a page, an agency, and news of it.
func small(t *testing.T) Options {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":                    "title: Portal Uji\ncity: Kabupaten Uji\nurl: https://portal.example/\n",
		"content/tentang.md":           "---\ntitle: Tentang\nsummary: s\n---\n[Kabar](bintek/2025/kabar.md)\n",
		"content/info/rancangan.md":    "---\ntitle: Rancangan\nsummary: s\ndraft: true\n---\nIsi.\n",
		"content/opd/dlh.md":           "---\ntitle: Dinas Lingkungan Hidup\n---\n",
		"content/bintek/2025/kabar.md": "---\ntitle: Kabar\nsummary: s\ndate: 2025-03-01\nowner: dlh\n---\n## Isi\n\nTeks.\n",
	} {
		put(t, dir, name, text)
	}
	return options(dir)
}

// asCold checks that a warm build shows what a cold one shows.
func asCold(t *testing.T, o Options, after string) {
	t.Helper()
	cold := o
	cold.Out, cold.NoCache = filepath.Join(t.TempDir(), "cold"), true
	wantShown, wantTree, _ := outcomeOf(t, cold)
	shown, tree, _ := outcomeOf(t, o)
	if shown != wantShown || tree != wantTree {
		t.Errorf("after %s warm and cold differ\nwarm: %.600s\ncold: %.600s\n%s", after, shown, wantShown, differences(t, filepath.Join(o.Dir, o.Out), cold.Out))
	}
}

// meddlingFS calls meddle when a file or folder is opened.
type meddlingFS struct {
	fs.FS
	meddle func(name string)
}

func (m meddlingFS) Open(name string) (fs.File, error) { m.meddle(name); return m.FS.Open(name) }

// meddlingDisk calls functions before the disk does what it is asked for.
type meddlingDisk struct {
	publish.OS
	mkdir, sync func()
}

func (m meddlingDisk) MkdirAll(dir string) error {
	if m.mkdir != nil {
		m.mkdir()
	}
	return m.OS.MkdirAll(dir)
}

func (m meddlingDisk) Sync(dir string) error {
	if m.sync != nil {
		m.sync()
	}
	return m.OS.Sync(dir)
}

// What is saved while a build runs is in the next one, whether this one has seen it or not.
func TestLayoutThatIsSavedDuringABuild(t *testing.T) {
	for name, text := range map[string]string{"partials/draft.html": `{{define "draft"}}<b>dua</b>{{end}}`, "partials/zz.html": `{{define "draft"}}<b>baru</b>{{end}}`} {
		o := small(t)
		o.Drafts = true
		put(t, o.Dir, "layouts/partials/draft.html", `{{define "draft"}}<b>satu</b>{{end}}`)
		var once atomic.Bool
		o.Layouts = meddlingFS{pendapa.Layouts, func(opened string) {
			if opened == "layouts" && once.CompareAndSwap(false, true) { // after the site's own were listed
				put(t, o.Dir, "layouts/"+name, text)
			}
		}}
		outcomeOf(t, o)
		o.Layouts = pendapa.Layouts
		asCold(t, o, name+" was saved")
	}
}

// A build is of one day, and of one state of the settings, whenever it reads them.
func TestDayAndSettingsThatChangeDuringABuild(t *testing.T) {
	o := small(t)
	o.AsOf = ""
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int32
	o.Now = func() time.Time {
		return time.Date(2026, 3, 31, 23, 59, 59, 0, zone).Add(time.Duration(n.Add(1)-1) * time.Second)
	}
	outcomeOf(t, o)
	o.Now, o.AsOf = nil, "2026-03-31"
	asCold(t, o, "midnight")

	settings := treetest.Files(t, o.Dir)["site.yaml"] + "timezone: Asia/Jakarta\n"
	put(t, o.Dir, "site.yaml", settings)
	put(t, o.Dir, "content/bintek/2025/zona.md", "---\ntitle: Zona\nsummary: Kabar.\ndate: 2025-03-01T01:00\nevent:\n  start: 2025-03-02T23:30\n---\nIsi.\n")
	o.Disk = meddlingDisk{mkdir: func() {
		put(t, o.Dir, "site.yaml", strings.Replace(settings, "Asia/Jakarta", "Asia/Jayapura", 1))
	}}
	outcomeOf(t, o)
	o.Disk = nil
	asCold(t, o, "another time zone")
	put(t, o.Dir, "site.yaml", settings)
	asCold(t, o, "the first again")
}

// Whoever writes into the published folder while a build runs is found out by the next.
func TestPublishedFolderThatIsTouchedDuringABuild(t *testing.T) {
	for _, noCache := range []bool{false, true} {
		o := small(t)
		mustRun(t, o)
		put(t, o.Dir, "static/satu.txt", "1")
		name := filepath.Join(o.Dir, "public/index.html")
		o.Disk = meddlingDisk{sync: func() {
			put(t, o.Dir, "public/opd/asing.html", "stranger")
			info, err := os.Stat(name)
			if err != nil {
				t.Error(err)
				return
			}
			put(t, o.Dir, "public/index.html", strings.Repeat("x", int(info.Size())))
			time.Sleep(30 * time.Millisecond)
		}}
		mustRun(t, o)
		o.Disk, o.NoCache = nil, noCache
		asCold(t, o, "nothing")
		for _, text := range []string{"2", "3"} {
			if !noCache {
				put(t, o.Dir, "static/satu.txt", text)
				asCold(t, o, "a file was changed")
			}
		}
	}
}

func TestPipesWhereFilesAreExpected(t *testing.T) {
	o := small(t)
	mustRun(t, o)
	put(t, o.Dir, "layouts/a.txt", "")
	for _, name := range []string{"layouts/pipa", cacheFolder + "/index", ".public.pendapa/seal"} {
		at := filepath.Join(o.Dir, name)
		_ = os.Remove(at)
		if err := syscall.Mkfifo(at, 0o644); err != nil {
			t.Fatal(err)
		}
		asCold(t, o, name+" became a pipe")
	}
}

// Pictures that are taken over stay in their cache.
func TestPicturesAreMadeOnce(t *testing.T) {
	o := options(treetest.Demo(t))
	mustRun(t, o)
	made := treetest.Files(t, filepath.Join(o.Dir, pictureCache))
	if len(made) == 0 {
		t.Fatal("no picture was made")
	}
	for _, text := range []string{"Kalimat.", "Satu lagi."} {
		put(t, o.Dir, "content/tentang.md", "---\ntitle: T\nsummary: s\n---\n"+text+"\n")
		outcomeOf(t, o)
		if left := treetest.Files(t, filepath.Join(o.Dir, pictureCache)); len(left) != len(made) {
			t.Errorf("%d of %d are left", len(left), len(made))
		}
	}
}

// A site's own compressed file is published as it is.
func TestOwnCompressedFilesAreKept(t *testing.T) {
	o := small(t)
	o.Compress = true
	put(t, o.Dir, "static/data.txt", strings.Repeat("abc ", 1000))
	put(t, o.Dir, "static/data.txt.gz", "own")
	for range 3 {
		put(t, o.Dir, "static/lain.txt", time.Now().String())
		if shown, _, _ := outcomeOf(t, o); shown != "<nil>\n[]" {
			t.Fatal(shown)
		}
		if text := treetest.Files(t, filepath.Join(o.Dir, "public"))["data.txt.gz"]; text != "own" {
			t.Errorf("the file reads %.20q", text)
		}
	}
}

// A50: a photograph that could not be read when pictures were looked at is not published as it came from the camera, even
// where it can be read a moment later.
func TestPictureThatCouldNotBeReadIsNotPublished(t *testing.T) {
	o := options(treetest.Demo(t))
	const address = "bintek/2025/pameran/foto.jpg"
	name := filepath.Join(o.Dir, "content", address)
	photo, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, render.MaxAsset+1); err != nil {
		t.Fatal(err)
	}
	w, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	publish := func(changes Changes) (data []byte, problems *diag.List) {
		problems = &diag.List{}
		portal, _, err := w.Update(t.Context(), changes)
		if err != nil {
			t.Fatal(err)
		}
		put(t, o.Dir, "content/"+address, string(photo))
		output, planned := portal.Output(address)
		if !planned {
			t.Fatal("it is not planned")
		}
		if data, err = output.Make(portal.Pass(problems)); err != nil {
			t.Fatal(err)
		}
		return data, problems
	}
	if data, problems := publish(Changes{All: true}); problems.Errors() != 1 || len(data) > 0 {
		t.Errorf("published with %d bytes: %v", len(data), problems.Sorted())
	}
	if data, problems := publish(Changes{Paths: []string{"content/bintek/2025/pameran/index.md", "content/" + address}}); problems.Errors() != 0 || len(data) == 0 || bytes.Contains(data, []byte("Exif")) {
		t.Errorf("tried again: %d bytes, %v", len(data), problems.Sorted())
	}
}
