package history

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRevisionsTellHowEachFileCameToBe(t *testing.T) {
	page, other := lines("page"), lines("other")
	for name, test := range map[string]struct {
		make func(r *repo)
		want map[string]string
	}{
		"one line": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.commit("two", "b.md", other)
			r.commit("nothing")
			r.commit("three", "a.md", page+"3")
		}, map[string]string{"a.md": "M three; A one", "b.md": "A two"}},
		"deleted and written again": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", "b")
			r.git("rm", "-q", "a.md")
			r.commit("two")
			r.commit("three", "a.md", other)
		}, map[string]string{"a.md": "A three; D two; A one", "b.md": "A one"}},
		"deleted": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", "b")
			r.git("rm", "-q", "a.md")
			r.commit("two")
		}, map[string]string{"a.md": "D two; A one", "b.md": "A one"}},
		"renamed twice": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("mv", "a.md", "b.md")
			r.commit("two", "b.md", page+"2")
			r.commit("three", "b.md", page+"3")
			r.git("mv", "b.md", "c.md")
			r.commit("four")
		}, map[string]string{"c.md": "R four (b.md>c.md); M three; R two (a.md>b.md); A one"}},
		"renamed and its place taken": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("mv", "a.md", "b.md")
			r.commit("two")
			r.commit("three", "a.md", other)
		}, map[string]string{"b.md": "R two (a.md>b.md); A one", "a.md": "A three"}},
		"moved where another was": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", other)
			r.git("rm", "-q", "b.md")
			r.commit("two")
			r.git("mv", "a.md", "b.md")
			r.commit("three")
		}, map[string]string{"b.md": "R three (a.md>b.md); A one"}},
		"permissions": {func(r *repo) {
			r.commit("one", "a.md", page)
			_ = os.Chmod(filepath.Join(r.dir, "a.md"), 0o755)
			r.commit("two")
		}, map[string]string{"a.md": "A one"}},
		"a link": {func(r *repo) {
			r.commit("one", "a.md", page)
			_ = os.Remove(filepath.Join(r.dir, "a.md"))
			_ = os.Symlink("b.md", filepath.Join(r.dir, "a.md"))
			r.commit("two")
			_ = os.Remove(filepath.Join(r.dir, "a.md"))
			r.commit("three", "a.md", other)
		}, map[string]string{"a.md": "A three; D two; A one"}},
		"a clean merge": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", other)
			r.git("switch", "-qc", "side")
			r.commit("side", "a.md", page+"side")
			r.git("switch", "-q", "main")
			r.commit("main", "b.md", other+"main")
			r.merge("merge", []string{"side"})
		}, map[string]string{"a.md": "M side; A one", "b.md": "M main; A one"}},
		"both sides changed it": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-qc", "side")
			r.commit("side", "a.md", page+"side")
			r.git("switch", "-q", "main")
			r.commit("main", "a.md", "main"+page)
			r.merge("merge", []string{"side"})
		}, map[string]string{"a.md": "X merge; M main; M side; A one"}},
		"both sides changed it alike": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-qc", "side")
			r.commit("side", "a.md", page+"same")
			r.git("switch", "-q", "main")
			r.commit("main", "a.md", page+"same")
			r.merge("merge", []string{"side"})
		}, map[string]string{"a.md": "M main; A one"}},
		"one side dropped": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", other)
			r.git("switch", "-qc", "side")
			r.commit("side", "a.md", page+"side", "c.md", "c")
			r.git("mv", "b.md", "d.md")
			r.commit("side again")
			r.git("switch", "-q", "main")
			r.commit("main", "a.md", page+"main")
			r.merge("merge", []string{"-s", "ours", "side"})
			r.commit("after", "a.md", page+"after")
		}, map[string]string{"a.md": "M after; M main; A one", "b.md": "A one"}},
		"a foxtrot": {func(r *repo) { // the main line becomes the second parent
			r.commit("one", "a.md", page, "b.md", other)
			r.git("switch", "-qc", "side")
			r.commit("side", "b.md", other+"side")
			r.git("switch", "-q", "main")
			r.commit("main", "a.md", page+"main")
			r.git("switch", "-q", "side")
			r.merge("merge", []string{"main"})
			r.git("switch", "-q", "main")
			r.git("merge", "-q", "--ff-only", "side")
			r.commit("after", "a.md", page+"after")
		}, map[string]string{"a.md": "M after; M main; A one", "b.md": "M side; A one"}},
		"an octopus": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", other, "c.md", "c")
			for _, side := range []string{"a", "b", "c"} {
				r.git("switch", "-qc", side, "main")
				r.commit("side "+side, side+".md", lines(side))
			}
			r.git("switch", "-q", "main")
			r.commit("main", "d.md", "d")
			r.merge("merge", []string{"a", "b", "c"})
		}, map[string]string{"a.md": "M side a; A one", "b.md": "M side b; A one", "c.md": "M side c; A one", "d.md": "A main"}},
		"an evil merge": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", other, "c.md", "c")
			r.git("switch", "-qc", "side")
			r.commit("side", "b.md", other+"side")
			r.git("switch", "-q", "main")
			r.commit("main", "d.md", "d")
			r.merge("merge", []string{"side"}, "a.md", page+"evil", "e.md", "new")
			r.git("rm", "-q", "c.md")
			r.git("commit", "-q", "--amend", "--no-edit")
		}, map[string]string{"a.md": "X merge; A one", "b.md": "M side; A one", "c.md": "X merge; A one", "d.md": "A main", "e.md": "X merge"}},
		"renamed on a side": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-qc", "side")
			r.git("mv", "a.md", "b.md")
			r.commit("side")
			r.git("switch", "-q", "main")
			r.commit("main", "c.md", "c")
			r.merge("merge", []string{"side"})
			r.commit("after", "b.md", page+"after")
		}, map[string]string{"b.md": "M after; R side (a.md>b.md); A one", "c.md": "A main"}},
		"renamed on a side and changed on the other": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-qc", "side")
			r.git("mv", "a.md", "b.md")
			r.commit("side")
			r.git("switch", "-q", "main")
			r.commit("main", "a.md", page+"main")
			r.merge("merge", []string{"side"})
		}, map[string]string{"b.md": "X merge (a.md>b.md); M main; R side (a.md>b.md); A one"}},
		"renamed on a side and kept on the other": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-qc", "side")
			r.git("mv", "a.md", "b.md")
			r.commit("side")
			r.git("switch", "-q", "main")
			r.commit("main", "a.md", other)
			r.merge("merge", []string{"-s", "ours", "side"}, "b.md", page)
		}, map[string]string{"a.md": "M main; A one", "b.md": "R side (a.md>b.md); A one"}},
		"renamed by a merge": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-qc", "side")
			r.commit("side", "c.md", "c")
			r.git("switch", "-q", "main")
			r.commit("main", "d.md", "d")
			r.merge("merge", []string{"side"})
			r.git("mv", "a.md", "b.md")
			r.git("commit", "-q", "--amend", "--no-edit")
		}, map[string]string{"b.md": "X merge (a.md>b.md); A one", "c.md": "A side", "d.md": "A main"}},
		"deleted on a side": {func(r *repo) {
			r.commit("one", "a.md", page, "b.md", other)
			r.git("switch", "-qc", "side")
			r.git("rm", "-q", "a.md")
			r.commit("side")
			r.git("switch", "-q", "main")
			r.commit("main", "b.md", "b")
			r.merge("merge", []string{"side"})
		}, map[string]string{"a.md": "D side; A one", "b.md": "M main; A one"}},
		"two beginnings": {func(r *repo) {
			r.commit("one", "a.md", page)
			r.git("switch", "-q", "--orphan", "side")
			r.commit("side", "b.md", other)
			r.git("switch", "-q", "main")
			r.merge("merge", []string{"--allow-unrelated-histories", "side"})
		}, map[string]string{"a.md": "A one", "b.md": "A side"}},
		"names": {func(r *repo) {
			r.commit("one", "a b.md", page, "line\nfeed.md", other, "\"quoted\"\t.md", "q", ":(glob)*.md", "g", "é☕.md", "coffee", "-x", "option", "\xff.md", "latin")
		}, map[string]string{"a b.md": "A one", "line\nfeed.md": "A one", "\"quoted\"\t.md": "A one", ":(glob)*.md": "A one", "é☕.md": "A one", "-x": "A one", "\xff.md": "A one"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			test.make(r)
			got := make(map[string]string)
			for file, revisions := range r.log("", nil).Revisions() {
				got[file] = told(revisions)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s\n%s", diff, r.git("log", "--graph", "--raw", "-m", "--format=%h %s"))
			}
		})
	}
}

// random makes a history of many lines and merges without renames, with git fast-import, from which it may go on.
type random struct {
	rnd   *rand.Rand
	marks []map[string]string // what each commit holds
	tips  []int
	now   int64
}

func (g *random) grow(r *repo, commits int) {
	var to strings.Builder
	for range commits {
		n := len(g.marks)
		g.now += int64(g.rnd.IntN(100)) - 20 // clocks go wrong
		var parents []int
		if n > 0 {
			parents = []int{g.tips[g.rnd.IntN(len(g.tips))]}
			if g.rnd.IntN(8) == 0 { // a line begins at some older commit
				parents[0] = max(0, n-1-g.rnd.IntN(10))
			}
			for g.rnd.IntN(3) == 0 && len(parents) < 4 {
				parents = append(parents, max(0, n-1-g.rnd.IntN(15)))
			}
		}
		tree := make(map[string]string)
		for i := range 12 {
			file := fmt.Sprintf("site/%d/%c.md", i%3, 'a'+i)
			if len(parents) > 0 { // each file as some parent has it, mostly the first
				from := parents[0]
				if g.rnd.IntN(3) == 0 {
					from = parents[g.rnd.IntN(len(parents))]
				}
				if text, ok := g.marks[from][file]; ok {
					tree[file] = text
				}
			}
			if chance := g.rnd.IntN(30); chance == 0 {
				delete(tree, file)
			} else if chance < 3 {
				tree[file] = fmt.Sprintf("%x", g.rnd.Uint64())
			} else if chance == 3 && n > 3 { // what it was at some time
				if text, ok := g.marks[g.rnd.IntN(n)][file]; ok {
					tree[file] = text
				}
			}
		}
		fmt.Fprintf(&to, "commit refs/heads/main\nmark :%d\ncommitter Budi <b@c> %d +0000\ndata <<X\nc%d\nX\n", n+1, g.now, n)
		for i, parent := range parents {
			fmt.Fprintf(&to, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], parent+1)
		}
		if n == 0 {
			to.WriteString("M 644 inline README\ndata 1\nx\n")
		}
		to.WriteString("D site\n")
		for file, text := range tree {
			fmt.Fprintf(&to, "M 644 inline %s\ndata %d\n%s\n", file, len(text), text)
		}
		g.marks = append(g.marks, tree)
		if len(g.tips) < 4 {
			g.tips = append(g.tips, n)
		} else {
			g.tips[g.rnd.IntN(4)] = n
		}
		if len(parents) > 0 && g.rnd.IntN(2) == 0 {
			g.tips[0] = n
		}
	}
	if _, err := r.run(to.String(), "fast-import", "--quiet", "--force", "--import-marks-if-exists="+r.dir+"/.git/m", "--export-marks="+r.dir+"/.git/m"); err != nil {
		r.tb.Fatal(err)
	}
}

// What git finds for each file alone is what the one walk finds for all; and a log that is read in two pieces, in a folder
// that not all commits touch, is the one that is read at once.
func TestRandomHistoriesAreAsGitTellsThem(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := newRepo(t)
			g := &random{rnd: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()}
			g.grow(r, 60)
			r.git("reset", "-q", "--hard", fmt.Sprintf("main~%d", seed%3))
			if _, err := os.Stat(filepath.Join(r.dir, "site/1")); err != nil {
				t.Skip("the folder is empty")
			}
			early, deep := r.log("site", nil), r.log("site/1", nil)
			g.grow(r, 60)
			r.git("reset", "-q", "--hard", "main")
			l := r.log("site", nil)
			if diff := cmp.Diff(l, r.log("site", early)); diff != "" {
				t.Errorf("read in two pieces: -at once +got\n%s", diff)
			}
			if diff := cmp.Diff(r.log("site/1", nil), r.log("site/1", deep)); diff != "" {
				t.Errorf("read in two pieces: -at once +got\n%s", diff)
			}
			count := 0
			for folder, l := range map[string]*Log{"site/": l, "site/1/": r.log("site/1", nil)} {
				revisions := l.Revisions()
				for i := range 12 {
					file := fmt.Sprintf("site/%d/%c.md", i%3, 'a'+i)
					path, ok := strings.CutPrefix(file, folder)
					if !ok {
						continue
					}
					want := make(map[string]bool)
					for _, hash := range strings.Fields(r.git("log", "--format=%H", "--", file)) {
						want[hash] = true
					}
					got := make(map[string]bool)
					for _, rev := range revisions[path] {
						got[rev.Commit.Hash] = true
						count++
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("%s: -want +got\n%s", file, diff)
					}
				}
			}
			t.Log(len(l.Commits), "commits,", count, "revisions")
		})
	}
}

func TestWhatALogTellsOfItselfIsNotTrusted(t *testing.T) {
	l := &Log{Commits: []Commit{
		{Hash: "a", Parents: []string{"b", "c"}, Changes: []Change{{Parent: 7, Status: 'M', Path: "x"}, {Parent: -1, Path: "x"}, {Path: "x", Status: 'R', From: "x"}}},
		{Hash: "b", Parents: []string{"a"}, Changes: []Change{{Status: 'M', Path: "x"}}},
		{Hash: "b", Parents: []string{"b"}},
	}}
	l.Revisions()
	(&Log{}).Revisions()
}
