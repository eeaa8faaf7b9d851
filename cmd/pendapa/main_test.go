//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pendapa/internal/demo"
	"pendapa/internal/faults"
)

// TestMain makes the real command available to scripts, and to tests as the program "pendapa" in PATH.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pendapa": main, "under-faults": faults.Main})
}

// Each file in testdata/script is one theme of what the command does, as a user at a terminal sees it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			return os.Mkdir(filepath.Join(env.WorkDir, "home"), 0o755)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":  exits,
			"commit": commit,
			"demo":   func(ts *testscript.TestScript, _ bool, args []string) { ts.Check(copyDemo(ts.MkAbs(args[0]))) },
		},
	})
}

// exits STATUS COMMAND ARGS... runs a command that must end with the status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(status) != args[0] {
		ts.Fatalf("exit status %d, want %s", status, args[0])
	}
}

// commit DATE MESSAGE commits all that changed in the current folder, in the repository that it lies in.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: commit DATE MESSAGE")
	}
	when := args[0] + "T09:00:00+07:00"
	for key, value := range map[string]string{"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_NAME": "Sari Penulis", "GIT_COMMITTER_NAME": "Sari Penulis", "GIT_AUTHOR_EMAIL": "sari@dinas.example", "GIT_COMMITTER_EMAIL": "sari@dinas.example"} {
		ts.Setenv(key, value)
	}
	ts.Check(ts.Exec("git", "add", "-A"))
	ts.Check(ts.Exec("git", "commit", "--allow-empty", "-q", "-m", strings.ReplaceAll(args[1], `\n`, "\n")))
}

func copyDemo(dir string) error {
	site, err := fs.Sub(demo.Site, "site")
	if err != nil {
		return err
	}
	return os.CopyFS(dir, site)
}

// buildPati builds the real portal into a folder of the test's.
func buildPati(t testing.TB) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "pati")
	if text, err := exec.Command("pendapa", "build", "-C", "../..", "--out", out).CombinedOutput(); err != nil || strings.Contains(string(text), "warning") {
		t.Fatalf("the portal of Pati does not build cleanly: %v\n%s", err, text)
	}
	return out
}

func compressed(t *testing.T, name string) int {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// A page costs one round trip: HTML and stylesheet together at most 14 KB compressed, the stylesheet at most 8 KB.
func TestPagesFitInOneRoundTrip(t *testing.T) {
	out := buildPati(t)
	css := compressed(t, asset(t, out, "assets/site.?.css"))
	if css > 8<<10 {
		t.Errorf("the stylesheet has %d bytes compressed, at most %d are allowed", css, 8<<10)
	}
	largest, pages := 0, 0
	err := filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		pages++
		size := compressed(t, name) + css
		if size > 14<<10 && !strings.Contains(filepath.ToSlash(name), "/masterplan/cetak/") { // the whole masterplan, to be printed
			t.Errorf("%s: %d bytes compressed with the stylesheet, at most %d are allowed", name, size, 14<<10)
		}
		largest = max(largest, size)
		return nil
	})
	if err != nil || pages < 50 {
		t.Fatalf("%d pages, %v", pages, err)
	}
	t.Logf("stylesheet %d bytes, largest page with it %d, of %d pages", css, largest, pages)
}

// scripts are what pages may have of scripts: the search box, and data for search engines, which is none.
var scripts = regexp.MustCompile(`<script type="module" src="/assets/search\.[0-9a-f]{8}/box\.js" integrity="sha384-[^"]*"></script>|<script type="application/ld\+json">`)

// No style attribute, inline script or third party is in any page: the policy would refuse it, and the reader would wait.
func TestPagesAskNobodyElse(t *testing.T) {
	out := buildPati(t)
	err := filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		data, err := os.ReadFile(name)
		data = scripts.ReplaceAll(data, nil)
		for _, banned := range []string{" style=", "<script", "<style", "<iframe", " onclick", `src="http`, `src="//`, "<no value>", "%!", "NaN"} {
			if strings.Contains(string(data), banned) {
				t.Errorf("%s holds %s", name, banned)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A108: a build that is interrupted ends at once, says so with the status that shells expect, and leaves nothing.
func TestInterruptedBuildCleansUp(t *testing.T) {
	t.Parallel()
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	for i := range 2000 { // long enough to be interrupted
		page := fmt.Sprintf("---\ntitle: Halaman %d\nsummary: s\n---\n%s", i, strings.Repeat("Satu kalimat dengan *tekanan*.\n\n", 100))
		name := filepath.Join(site, "content/panduan", fmt.Sprintf("halaman-%d.md", i))
		if err := os.WriteFile(name, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for sig, status := range map[os.Signal]int{os.Interrupt: 130, syscall.SIGTERM: 143} {
		var errors bytes.Buffer
		cmd := exec.Command("pendapa", "build", "-C", site, "--as-of", demo.AsOf)
		cmd.Stderr = &errors
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stage := filepath.Join(site, ".public.pendapa", "next", "index.html")
		for range 1000 {
			if _, err := os.Stat(stage); err == nil {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		sent := time.Now()
		_ = cmd.Wait()
		if took := time.Since(sent); took > 5*time.Second {
			t.Errorf("%v: ended after %v", sig, took)
		}
		if got := cmd.ProcessState.ExitCode(); got != status || !strings.Contains(errors.String(), "the published portal is as it was") {
			t.Errorf("%v: exit status %d, want %d: %s", sig, got, status, errors.String())
		}
		if left, _ := os.ReadDir(site); len(left) != 3 { // .pendapa, content, site.yaml
			t.Errorf("%v: left behind %v", sig, left)
		}
	}
}
