//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pendapa/internal/demo"
	"pendapa/internal/treetest"
)

// machine is what may differ between two machines, or two days on one, and must not show.
type machine struct {
	name     string
	folder   string // of the site
	env      []string
	umask    string
	shuffled bool // the site's files were written in another order, in which file systems may list them
	warm     bool // the portal of another day was built before
	relative bool // the site is named from its own folder
}

// machines are one where nothing is unusual, one where everything is, and in the gate another and those that differ in one
// thing.
var machines = []machine{
	{name: "plain", folder: "situs", env: []string{"GOMAXPROCS=1", "TZ=UTC", "LANG=C", "LC_ALL=C"}, umask: "022"},
	{name: "far east", folder: "Dinas «Kominfo» – ꦥꦠꦶ/situs", env: []string{"GOMAXPROCS=2", "TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "HOME=/nowhere"}, umask: "077", shuffled: true, warm: true, relative: true},
	{name: "far west", folder: "a/b/c/d/e/f", env: []string{"GOMAXPROCS=16", "TZ=America/Adak", "LANG=ar_EG.UTF-8", "LC_ALL=", "USER=other", "SOURCE_DATE_EPOCH=1"}, umask: "000", shuffled: true, warm: true, relative: true},
	{name: "two processors", env: []string{"GOMAXPROCS=2"}},
	{name: "sixteen processors", env: []string{"GOMAXPROCS=16"}},
	{name: "time zone", env: []string{"TZ=Pacific/Kiritimati"}},
	{name: "language", env: []string{"LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8"}},
	{name: "umask 077", umask: "077"},
	{name: "umask 000", umask: "000"},
	{name: "path", folder: "Dinas «Kominfo» – ꦥꦠꦶ/situs"},
	{name: "order of files", shuffled: true},
	{name: "warm", warm: true},
	{name: "relative", relative: true},
}

// A112, A115: the same site, in a repository of the same commits, gives the same files, bytes and modes, whatever the
// machine.
func TestMachinesDoNotShow(t *testing.T) {
	unraced(t)
	want := ""
	for _, m := range machines[:treetest.Effort(2, len(machines), len(machines))] {
		got := m.build(t)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s: another portal than on a plain machine: %s", m.name, firstDifference(want, got))
		}
	}
}

// build builds Kabupaten Contoh on a machine and returns all that was published, a line each.
func (m machine) build(t *testing.T) string {
	t.Helper()
	if m.folder == "" {
		m.folder = "situs"
	}
	dir := filepath.Join(t.TempDir(), m.folder)
	site, err := fs.Sub(demo.Site, "site")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	err = fs.WalkDir(site, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if m.shuffled {
		rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	}
	for _, name := range names {
		data, readErr := fs.ReadFile(site, name)
		if err == nil {
			err = readErr
		}
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	recorded := record(t, dir)
	days := []string{demo.AsOf}
	if m.warm {
		days = []string{"2026-09-01", demo.AsOf}
	}
	for _, day := range days {
		named := dir
		if m.relative {
			named = "."
		}
		// The shell has the umask; a test cannot give another process one.
		cmd := exec.Command("sh", "-c", `[ -z "$1" ] || umask "$1"; shift; exec pendapa "$@"`, "sh", m.umask, "build", "-C", named, "--as-of", day)
		cmd.Env = append(os.Environ(), m.env...)
		if m.relative {
			cmd.Dir = dir
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", m.name, err, out)
		}
	}
	public := filepath.Join(dir, "public")
	texts := treetest.Files(t, public)
	var lines []string
	err = filepath.WalkDir(public, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		relative, _ := filepath.Rel(public, name)
		lines = append(lines, fmt.Sprintf("%s %s %q", relative, info.Mode(), texts[filepath.ToSlash(relative)]))
		return err
	})
	if err != nil || len(lines) < 100 || recorded && texts["tentang/riwayat/index.html"] == "" {
		t.Fatalf("%s: %d files, or no history: %v", m.name, len(lines), err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// record makes a repository of a site, with the same commits each time; false: git is not installed.
func record(t *testing.T, dir string) bool {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Log("GIT IS NOT INSTALLED: the record is not part of this test")
		return false
	}
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("public/\n.pendapa/\n.public.pendapa/\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		for _, who := range []string{"AUTHOR", "COMMITTER"} {
			cmd.Env = append(cmd.Env, "GIT_"+who+"_NAME=Sari Penulis", "GIT_"+who+"_EMAIL=sari@dinas.example", "GIT_"+who+"_DATE=2026-02-01T09:00:00+07:00")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "utama", ".")
	git("add", "site.yaml")
	git("commit", "-q", "-m", "Mulai")
	git("add", "-A")
	git("commit", "-q", "-m", "Terbitkan semua halaman")
	return true
}

func firstDifference(a, b string) string {
	want, got := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("%.200s, want %.200s", got[i], want[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(got), len(want))
}
