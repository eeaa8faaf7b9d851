package history

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// repo is a repository that a test makes with the git program. Each commit is a minute later than the one before.
type repo struct {
	tb  testing.TB
	dir string
	now time.Time
	env []string
}

func newRepo(tb testing.TB, args ...string) *repo {
	tb.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		tb.Skip("NOT TESTED: there is no git program")
	}
	r := &repo{tb: tb, dir: tb.TempDir(), now: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)}
	r.git(append([]string{"init", "-q", "-b", "main"}, args...)...)
	return r
}

func (r *repo) run(input string, args ...string) (string, error) {
	r.tb.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always", "-c", "maintenance.auto=false", "-c", "advice.detachedHead=false", "-c", "merge.renames=true"}, args...)...)
	cmd.Dir = r.dir
	stamp := fmt.Sprintf("%d +0700", r.now.Unix())
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_AUTHOR_NAME=Sri Rahayu", "GIT_AUTHOR_EMAIL=sri@kota.example", "GIT_COMMITTER_NAME=Budi", "GIT_COMMITTER_EMAIL=budi@kota.example",
		"GIT_AUTHOR_DATE=" + stamp, "GIT_COMMITTER_DATE=" + stamp}, r.env...)
	cmd.Stdin = strings.NewReader(input)
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("git %s: %w\n%s%s", strings.Join(args, " "), err, &out, &bad)
	}
	return strings.TrimSuffix(out.String(), "\n"), err
}

func (r *repo) git(args ...string) string {
	r.tb.Helper()
	out, err := r.run("", args...)
	if err != nil {
		r.tb.Fatal(err)
	}
	return out
}

// write writes files: name, content, name, content.
func (r *repo) write(files ...string) {
	r.tb.Helper()
	for i := 0; i < len(files); i += 2 {
		at := filepath.Join(r.dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			r.tb.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(files[i+1]), 0o644); err != nil {
			r.tb.Fatal(err)
		}
	}
}

// commit commits all there is, after it wrote files.
func (r *repo) commit(message string, files ...string) string {
	r.tb.Helper()
	r.write(files...)
	r.now = r.now.Add(time.Minute)
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
	return r.git("rev-parse", "HEAD")
}

// merge merges; conflicts are solved by files.
func (r *repo) merge(message string, args []string, files ...string) string {
	r.tb.Helper()
	r.now = r.now.Add(time.Minute)
	_, err := r.run("", append([]string{"merge", "-q", "--no-ff", "--no-commit"}, args...)...)
	if err != nil && len(files) == 0 {
		r.tb.Fatal(err)
	}
	r.write(files...)
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
	return r.git("rev-parse", "HEAD")
}

func (r *repo) open(folder string) *Repository {
	r.tb.Helper()
	opened, err := Open(context.Background(), filepath.Join(r.dir, folder))
	if err != nil {
		r.tb.Fatal(err)
	}
	return opened
}

func (r *repo) log(folder string, known *Log) *Log {
	r.tb.Helper()
	opened := r.open(folder)
	head, err := opened.Head(context.Background())
	if err != nil {
		r.tb.Fatal(err)
	}
	l, err := opened.Log(context.Background(), head, known)
	if err != nil {
		r.tb.Fatal(err)
	}
	return l
}

// told is what revisions say, in short: "M fix page; R draft.md>page.md name; A page".
func told(revisions []Revision) string {
	var all []string
	for _, rev := range revisions {
		text := string(rev.Status) + " " + rev.Commit.Subject
		if rev.From != "" {
			text += " (" + rev.From + ">" + rev.Path + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func lines(word string) string { return strings.Repeat(word+" stands in a line of its own\n", 20) }
