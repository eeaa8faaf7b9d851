package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestCancelledContextEndsEverything(t *testing.T) {
	r := newRepo(t)
	r.commit("one", "a.md", "a")
	opened := r.open("")
	ctx, cancel := context.WithCancel(context.Background())
	head, _ := opened.Head(ctx)
	blobs := opened.Blobs()
	defer blobs.Close()
	cancel()
	_, log := opened.Log(ctx, head, nil)
	_, files := opened.Files(ctx, head)
	_, read := blobs.Read(ctx, head, 1)
	_, open := Open(ctx, r.dir)
	for i, err := range []error{log, files, read, open} {
		if err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// slow puts a git in place that never ends, and returns where it writes the numbers of its processes.
func slow(t *testing.T, sleep string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED: it needs a shell")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\necho $$ >>" + dir + "/pids\n" + sleep + "\n"
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir + "/pids"
}

func TestEndOfContextEndsGit(t *testing.T) {
	r := newRepo(t)
	head := r.commit("one", "a.md", "a")
	opened := r.open("")
	pids := slow(t, "exec sleep 60")
	opened.program = filepath.Join(filepath.Dir(pids), "git")
	opened.env = environment() // with the other PATH
	blobs := opened.Blobs()
	defer blobs.Close()
	for name, run := range map[string]func(ctx context.Context) error{
		"open": func(ctx context.Context) error { _, err := Open(ctx, r.dir); return err },
		"log":  func(ctx context.Context) error { _, err := opened.read(ctx, head, ""); return err },
		"known": func(ctx context.Context) error {
			_, err := opened.Log(ctx, head, &Log{Head: strings.Repeat("1", 40)})
			return err
		},
		"files":  func(ctx context.Context) error { _, err := opened.Files(ctx, head); return err },
		"blob":   func(ctx context.Context) error { _, err := blobs.Read(ctx, head, 5); return err },
		"commit": func(ctx context.Context) error { _, err := opened.Commit(ctx, head); return err },
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		begun := time.Now()
		if err := run(ctx); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrNone) || errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
		cancel()
	}
	data, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range strings.Fields(string(data)) {
		pid, _ := strconv.Atoi(text)
		if p, err := os.FindProcess(pid); err == nil && p.Signal(syscall.Signal(0)) == nil {
			t.Errorf("process %d is still there, or a zombie", pid)
		}
	}
}

func TestErrorsTellWhatGitSaid(t *testing.T) {
	r := newRepo(t)
	head := r.commit("one", "a.md", "a")
	tree := r.git("rev-parse", "HEAD:a.md")
	opened, ctx := r.open(""), context.Background()
	if err := os.Remove(filepath.Join(r.dir, ".git/objects", tree[:2], tree[2:])); err != nil {
		t.Fatal(err)
	}
	if _, err := opened.Log(ctx, head, nil); err != nil {
		t.Errorf("a blob is missing, which no log looks into: %v", err)
	}
	tree = r.git("rev-parse", "HEAD^{tree}")
	if err := os.Remove(filepath.Join(r.dir, ".git/objects", tree[:2], tree[2:])); err != nil {
		t.Fatal(err)
	}
	_, log := opened.Log(ctx, head, nil)
	_, files := opened.Files(ctx, head)
	for _, err := range []error{log, files} {
		if err == nil || !strings.Contains(err.Error(), tree) && !strings.Contains(err.Error(), "tree object") || strings.Contains(err.Error(), "\n") {
			t.Error(err)
		} else {
			t.Log(err)
		}
	}
}
