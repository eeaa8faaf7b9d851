package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFoldersWithoutHistoryAreTold(t *testing.T) {
	for name, test := range map[string]struct {
		make func(r *repo) string
		says string
	}{
		"no repository": {func(r *repo) string { return r.tb.TempDir() }, "not a git repository"},
		"bare": {func(r *repo) string {
			r.commit("one", "a", "a")
			r.git("clone", "-q", "--bare", ".", "bare.git")
			return r.dir + "/bare.git"
		}, "bare"},
		"no commit":      {func(r *repo) string { r.write("a", "a"); r.git("add", "a"); return r.dir }, "no commit"},
		"inside .git":    {func(r *repo) string { r.commit("one", "a", "a"); return r.dir + "/.git/refs" }, "part of the repository itself"},
		"not tracked":    {func(r *repo) string { r.commit("one", "a", "a"); r.write("site/b", "b"); return r.dir + "/site" }, "nothing of the folder"},
		"nothing at all": {func(r *repo) string { r.commit("one"); return r.dir }, "nothing of the folder"},
		"damaged HEAD":   {func(r *repo) string { r.commit("one", "a", "a"); r.write(".git/HEAD", "x"); return r.dir }, "not a git repository"},
		"damaged config": {func(r *repo) string { r.commit("one", "a", "a"); r.write(".git/config", "[x"); return r.dir }, "bad config"},
		"unknown format": {func(r *repo) string {
			r.commit("one", "a", "a")
			r.git("config", "core.repositoryformatversion", "9")
			return r.dir
		}, "version"},
		"another's files": {func(r *repo) string {
			r.commit("one", "a", "a")
			r.git("config", "core.worktree", r.tb.TempDir())
			return r.dir
		}, "elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(context.Background(), test.make(newRepo(t)))
			if !errors.Is(err, ErrNone) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

func TestWithoutGitThereIsNoHistory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", "")
	if _, err := Open(context.Background(), dir); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, err := Open(context.Background(), dir+"/none"); err == nil || errors.Is(err, ErrNone) {
		t.Error(err)
	}
}

func TestRepositoriesOfAllKindsAreRead(t *testing.T) {
	ctx := context.Background()
	for name, test := range map[string]struct {
		make   func(t *testing.T) (*Repository, string)
		want   string // of a.md
		folder string
	}{
		"plain": {func(t *testing.T) (*Repository, string) {
			r := newRepo(t)
			r.commit("one", "a.md", "1")
			return r.open(""), r.commit("two", "a.md", "2")
		}, "M two; A one", ""},
		"SHA-256": {func(t *testing.T) (*Repository, string) {
			r := newRepo(t, "--object-format=sha256")
			r.commit("one", "a.md", "1")
			return r.open(""), r.commit("two", "a.md", "2")
		}, "M two; A one", ""},
		"subfolder": {func(t *testing.T) (*Repository, string) {
			r := newRepo(t)
			r.commit("one", "*/-s\n/a.md", "1", "a.md", "other", "*/-s\n/sub/x", "x")
			r.commit("elsewhere", "a.md", "1", "x/-s\n/a.md", "9")
			return r.open("*/-s\n"), r.commit("two", "*/-s\n/a.md", "2")
		}, "M two; A one", "*/-s\n/"},
		"worktree": {func(t *testing.T) (*Repository, string) {
			r := newRepo(t)
			r.commit("one", "a.md", "1")
			r.git("worktree", "add", "-q", "-b", "other", "../002-tree")
			t.Cleanup(func() { os.RemoveAll(filepath.Join(r.dir, "../002-tree")) })
			tree := *r
			tree.dir = filepath.Join(r.dir, "../002-tree")
			head := tree.commit("two", "a.md", "2")
			return tree.open(""), head
		}, "M two; A one", ""},
		"submodule": {func(t *testing.T) (*Repository, string) {
			r, outer := newRepo(t), newRepo(t)
			r.commit("one", "a.md", "1")
			head := r.commit("two", "a.md", "2")
			outer.git("submodule", "--quiet", "add", r.dir, "site")
			outer.commit("with a submodule")
			return outer.open("site"), head
		}, "M two; A one", ""},
		"shallow": {func(t *testing.T) (*Repository, string) {
			r := newRepo(t)
			r.commit("one", "a.md", "1")
			r.commit("two", "a.md", "2")
			head := r.commit("three", "a.md", "3")
			r.git("clone", "-q", "--depth=2", "file://"+r.dir, "clone")
			clone := *r
			clone.dir += "/clone"
			opened := clone.open("")
			if l := clone.log("", nil); !opened.Shallow() || !l.Shallow {
				t.Error("it is not shallow")
			} else {
				clone.git("fetch", "-q", "--unshallow")
				if got := told(clone.log("", l).Revisions()["a.md"]); opened.Shallow() || got != "M three; M two; A one" {
					t.Errorf("unshallow: %s", got)
				}
			}
			r.git("clone", "-q", "--depth=2", "file://"+r.dir, "again")
			return r.open("again"), head
		}, "M three; A two", ""},
		"partial": {func(t *testing.T) (*Repository, string) {
			r := newRepo(t)
			r.git("config", "uploadpack.allowFilter", "true")
			r.commit("one", "b.md", lines("1"))
			r.git("mv", "b.md", "a.md")
			head := r.commit("two", "a.md", lines("1"))
			r.git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+r.dir, "clone")
			opened := r.open("clone")
			files, err := opened.Files(ctx, head)
			if err != nil || len(files) != 1 || files[0].Size != -1 {
				t.Error(files, err)
			}
			blobs := opened.Blobs()
			defer blobs.Close()
			if _, err := blobs.Read(ctx, files[0].Blob, 10); !errors.Is(err, ErrMissing) {
				t.Error(err)
			}
			if digests, err := Digests(ctx, blobs, files, nil); err != nil || digests[files[0].Blob] != (Digest{}) {
				t.Error(digests, err)
			}
			return opened, head
		}, "R two (b.md>a.md); A one", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened, want := test.make(t)
			head, err := opened.Head(ctx)
			if err != nil || head != want || opened.Folder() != test.folder {
				t.Fatalf("head %s, want %s; folder %q; %v", head, want, opened.Folder(), err)
			}
			l, err := opened.Log(ctx, head, nil)
			if err != nil {
				t.Fatal(err)
			}
			revisions := l.Revisions()
			if got := told(revisions["a.md"]); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			for _, c := range l.Commits {
				if c.Subject == "elsewhere" {
					t.Error("a commit that does not touch the folder is told")
				}
			}
			files, err := opened.Files(ctx, head)
			if err != nil || len(files) == 0 || files[0].Path != "a.md" || files[0].Blob != revisions["a.md"][0].After {
				t.Errorf("%v, %v", files, err)
			}
		})
	}
}

func TestRevisionsAreResolved(t *testing.T) {
	r := newRepo(t)
	one := r.commit("one", "a", "a")
	r.git("tag", "v1")
	r.git("tag", "-a", "-m", "said", "said", "v1")
	two := r.commit("two", "b", "b")
	opened, ctx := r.open(""), context.Background()
	for revision, want := range map[string]string{
		"v1": one, "said": one, "main": two, "HEAD": two, "HEAD~1": one, one: one, one[:10]: one, "refs/tags/v1": one,
		"": "", "nothing": "", "-h": "", "--all": "", "--help": "", "v1..main": "", "^main": "", ":a": "", ":/one": "", "main:a": "", "v1\nmain": "", "v1 main": "",
		"--end-of-options": "", strings.Repeat("0", 40): "", strings.Repeat("x", 5000): "",
	} {
		got, err := opened.Resolve(ctx, revision)
		if got != want || (want == "") != errors.Is(err, ErrUnknown) {
			t.Errorf("%.60q: %q, %v, want %q", revision, got, err, want)
		}
	}
	c, err := opened.Commit(ctx, one)
	if err != nil || c.Subject != "one" || c.Author != "Sri Rahayu" || c.Time.String() != "2024-03-01 00:01:00 +0000 UTC" || c.Parents != nil {
		t.Errorf("%+v, %v", c, err)
	}
	for _, hash := range []string{"HEAD", "--all", strings.Repeat("0", 40), r.git("rev-parse", "HEAD:a")} {
		if _, err := opened.Commit(ctx, hash); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", hash, err)
		}
	}
}

func TestFilesAreThoseOfTheFolders(t *testing.T) {
	r := newRepo(t)
	r.commit("one", "s/content/a.md", "aa", "s/content/b/c.md", "c", "s/content-2/d", "d", "s/e", "e", "t/f", "f", "s/content/x y\n", "")
	_ = os.Symlink("a.md", filepath.Join(r.dir, "s/content/link"))
	_ = os.Chmod(filepath.Join(r.dir, "s/e"), 0o755)
	head := r.commit("two")
	ctx := context.Background()
	for _, test := range []struct {
		at      string
		folders []string
		want    string
	}{
		{"s", nil, "content-2/d 1,content/a.md 2,content/b/c.md 1,content/x y\n 0,e 1"},
		{"s", []string{"."}, "content-2/d 1,content/a.md 2,content/b/c.md 1,content/x y\n 0,e 1"},
		{"s", []string{"content"}, "content/a.md 2,content/b/c.md 1,content/x y\n 0"},
		{"s", []string{"content/", "content/b", "e"}, "content/a.md 2,content/b/c.md 1,content/x y\n 0,e 1"},
		{"s", []string{"none", "*"}, ""},
		{"s", []string{"../t"}, "!"},
		{"s", []string{"/t"}, "!"},
		{"", []string{"t"}, "t/f 1"},
		{"", []string{"t", "."}, "s/content-2/d 1,s/content/a.md 2,s/content/b/c.md 1,s/content/x y\n 0,s/e 1,t/f 1"},
	} {
		files, err := r.open(test.at).Files(ctx, head, test.folders...)
		var got []string
		for _, f := range files {
			got = append(got, f.Path+" "+string('0'+rune(f.Size)))
		}
		if err != nil {
			got = []string{"!"}
		}
		if diff := cmp.Diff(test.want, strings.Join(got, ",")); diff != "" {
			t.Errorf("%v: %v, -want +got\n%s", test.folders, err, diff)
		}
	}
}
