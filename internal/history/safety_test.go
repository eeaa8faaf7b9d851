package history

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever a repository configures to be run is not run. Each of the programs named here would leave a file.
func TestNothingThatARepositoryNamesIsRun(t *testing.T) {
	r := newRepo(t)
	marks := t.TempDir()
	program := func(name string) string {
		at := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(at, []byte("#!/bin/sh\ntouch '"+marks+"/"+name+"'\ncat\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return at
	}
	r.commit("one", "a.md", lines("a"), "b.txt", "b", "site/.gitattributes", "* diff=bad\n")
	r.write("a.md", lines("a")+"more")
	r.git("mv", "a.md", "c.md")
	head := r.commit("two")
	// A commit that says it is signed.
	object := r.git("cat-file", "commit", head)
	signed := strings.Replace(object, "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1) + "\n"
	hash, err := r.run(signed, "hash-object", "-t", "commit", "-w", "--stdin")
	if err != nil {
		t.Fatal(err)
	}
	r.git("update-ref", "HEAD", hash)

	hooks := t.TempDir()
	for _, hook := range []string{"post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout", "fsmonitor-watchman"} {
		if err := os.Rename(program(hook), filepath.Join(hooks, hook)); err != nil {
			t.Fatal(err)
		}
	}
	included := fmt.Sprintf("[diff \"bad\"]\n\ttextconv = %s\n\tcommand = %s\n\tcachetextconv = true\n[filter \"bad\"]\n\tclean = %s\n\tsmudge = %s\n\tprocess = %s\n\trequired = true\n",
		program("textconv"), program("command"), program("clean"), program("smudge"), program("process"))
	r.write(".git/included", included)
	config, err := os.ReadFile(r.dir + "/.git/config")
	if err != nil {
		t.Fatal(err)
	}
	config = fmt.Appendf(config, `
[core]
	fsmonitor = %s
	hooksPath = %s
	sshCommand = %s
	pager = %s
	editor = %s
	askPass = %s
	alternateRefsCommand = %s
	gitProxy = %s
	untrackedCache = true
	attributesFile = %s
[diff]
	external = %s
	orderFile = %s/none
[pager]
	log = %s
	diff-tree = true
[alias]
	log = "!%s"
	diff-tree = "!%s"
[gpg]
	program = %s
[gpg "openpgp"]
	program = %s
[log]
	showSignature = true
	follow = true
	decorate = full
	mailmap = true
	diffMerges = off
	showRoot = false
[format]
	pretty = email
	notes = true
[color]
	ui = always
[credential]
	helper = "!%s"
[extensions]
	partialClone = origin
[remote "origin"]
	url = "ext::%s %%S"
	promisor = true
	uploadpack = %s
	vcs = ext
[include]
	path = included
`, program("fsmonitor"), hooks, program("ssh"), program("pager"), program("editor"), program("askpass"), program("alternate"), program("proxy"),
		filepath.Join(r.dir, "attributes"), program("external"), r.dir, program("pager-log"), program("alias-log"), program("alias-diff"), program("gpg"), program("gpg-2"),
		program("credential"), program("ext"), program("uploadpack"))
	r.write(".git/config", string(config), "attributes", "* diff=bad filter=bad\n", ".gitattributes", "* diff=bad filter=bad\n", ".git/info/attributes", "* diff=bad filter=bad\n",
		"c.md", "changed in the work tree")
	t.Setenv("GIT_DIR", t.TempDir())
	t.Setenv("GIT_EXTERNAL_DIFF", program("environment"))
	t.Setenv("GIT_TRACE", filepath.Join(marks, "trace"))
	t.Setenv("GIT_CONFIG_COUNT", "1")
	t.Setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
	t.Setenv("GIT_CONFIG_VALUE_0", program("count"))

	ctx := context.Background()
	// With a remote that would be fetched from, and without, where renames are looked for in the contents.
	for _, partial := range []bool{true, false} {
		if !partial {
			i := strings.Index(string(config), "[extensions]")
			r.write(".git/config", string(config[:i])+"[include]\n\tpath = included\n")
		}
		opened := r.open("")
		head, err = opened.Head(ctx)
		if err != nil || head != hash {
			t.Fatal(head, err)
		}
		l, err := opened.Log(ctx, head, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := "R two (a.md>c.md); A one"
		if partial {
			want = "A two"
		}
		if got := told(l.Revisions()["c.md"]); got != want || l.Commits[0].Author != "Sri Rahayu" {
			t.Errorf("%s, want %s; %+v", got, want, l.Commits[0])
		}
		files, err := opened.Files(ctx, head)
		if err != nil || len(files) != 3 {
			t.Fatal(files, err)
		}
		if _, err := opened.Resolve(ctx, "main"); err != nil {
			t.Error(err)
		}
		if _, err := opened.Commit(ctx, head); err != nil {
			t.Error(err)
		}
		blobs := opened.Blobs()
		if data, err := blobs.Read(ctx, files[1].Blob, 10000); err != nil || string(data) != lines("a")+"more" {
			t.Errorf("%q, %v", data, err)
		}
		if _, err := blobs.Read(ctx, strings.Repeat("12", 20), 10); err == nil {
			t.Error("there is a blob 1212…")
		}
		if _, err := Digests(ctx, blobs, files, nil); err != nil {
			t.Error(err)
		}
		if err := blobs.Close(); err != nil {
			t.Error(err)
		}
		left, err := os.ReadDir(marks)
		if err != nil || len(left) > 0 {
			t.Errorf("it ran %v, %v", left, err)
		}
	}
	// The same by commands that this package does not use, so that the test is known to see what is run.
	r.write(".git/config", string(config))
	_, _ = r.run("", "-c", "safe.directory=*", "status")
	_, _ = r.run("", "diff")
	if left, _ := os.ReadDir(marks); len(left) == 0 {
		t.Error("nothing is run by git status and git diff: the test proves nothing")
	}
}
