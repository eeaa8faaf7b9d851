package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// large makes a repository of 20,000 commits, 2,000 of them merges, and 5,000 files, and keeps it for the next run.
func large(b *testing.B) string {
	b.Helper()
	const stamp = "pendapa-history-bench-3"
	dir := filepath.Join(os.TempDir(), stamp)
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		return dir
	}
	r := newRepo(b)
	cmd := exec.Command("git", "fast-import", "--quiet", "--force")
	cmd.Dir, cmd.Stderr = r.dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	w, rnd := bufio.NewWriter(in), rand.New(rand.NewPCG(1, 2))
	const commits, files = 20000, 5000
	name := func(i int) string { return fmt.Sprintf("site/content/section-%d/page-%d.md", i%40, i) }
	mark, now := 0, int64(1500000000)
	commit := func(ref string, parents []int, changed []int, marks ...int) int { // marks: of the commits whose contents it takes
		mark++
		now += 3600
		fmt.Fprintf(w, "commit refs/heads/%s\nmark :%d\ncommitter Budi Santoso <b@c> %d +0700\ndata <<X\nUpdate the pages of commit %d\n\nA body that says why.\nX\n", ref, mark, now, mark)
		for i, parent := range parents {
			fmt.Fprintf(w, "%s :%d\n", []string{"from", "merge"}[i], parent)
		}
		for i, file := range changed {
			of := mark
			if marks != nil {
				of = marks[i]
			}
			text := fmt.Sprintf("---\ntitle: Page %d\n---\n%s\n%d\n", file, lines(fmt.Sprint("Page ", file)), of)
			fmt.Fprintf(w, "M 644 inline %s\ndata %d\n%s\n", name(file), len(text), text)
		}
		return mark
	}
	all := make([]int, files)
	for i := range all {
		all[i] = i
	}
	main := []int{commit("main", nil, all)}
	last := func(n int) int { return main[max(0, len(main)-n)] }
	next := 0
	for mark < commits {
		if next++; next%4 != 0 {
			main = append(main, commit("main", []int{last(1)}, []int{rnd.IntN(files), rnd.IntN(files)}))
			continue
		}
		from := last(1 + rnd.IntN(30))
		side := from
		var changed, marks []int
		for range 1 + rnd.IntN(11) {
			file := rnd.IntN(files)
			changed = append(changed, file)
			side = commit("side", []int{side}, []int{file})
			marks = append(marks, side)
		}
		if next%40 == 0 { // what the side made is dropped
			changed, marks = nil, nil
		}
		main = append(main, commit("main", []int{last(1), side}, changed, marks...))
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	r.write("made", "")
	if err := os.CopyFS(dir, os.DirFS(r.dir)); err != nil {
		b.Fatal(err)
	}
	return dir
}

func BenchmarkLog(b *testing.B) {
	ctx, dir := context.Background(), large(b)
	cmd := exec.Command("git", "symbolic-ref", "HEAD", "refs/heads/main")
	cmd.Dir = dir
	if err := cmd.Run(); err != nil {
		b.Fatal(err)
	}
	r, err := Open(ctx, dir)
	if err != nil {
		b.Fatal(err)
	}
	r.prefix = "site/"
	head, err := r.Head(ctx)
	if err != nil {
		b.Fatal(err)
	}
	read := func(head string, known *Log) *Log {
		l, err := r.Log(ctx, head, known)
		if err != nil {
			b.Fatal(err)
		}
		return l
	}
	l := read(head, nil)
	parent, err := r.Resolve(ctx, "main~10")
	if err != nil {
		b.Fatal(err)
	}
	before := read(parent, nil)
	b.Run("cold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read(head, nil)
		}
		milliseconds(b)
	})
	b.Run("ten more", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read(head, before)
		}
		milliseconds(b)
	})
	b.Run("revisions", func(b *testing.B) {
		b.ReportAllocs()
		var found map[string][]Revision
		for b.Loop() {
			found = l.Revisions()
		}
		count, merges := 0, 0
		for _, revisions := range found {
			count += len(revisions)
		}
		for _, c := range l.Commits {
			if len(c.Parents) > 1 {
				merges++
			}
		}
		milliseconds(b)
		b.ReportMetric(float64(len(l.Commits)), "commits")
		b.ReportMetric(float64(merges), "merges")
		b.ReportMetric(float64(count), "revisions")
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := Open(ctx, dir); err != nil {
				b.Fatal(err)
			}
		}
		milliseconds(b)
	})
	b.Run("head", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Head(ctx); err != nil {
				b.Fatal(err)
			}
		}
		milliseconds(b)
	})
	b.Run("digests", func(b *testing.B) {
		blobs := r.Blobs()
		defer blobs.Close()
		for b.Loop() {
			files, err := r.Files(ctx, head)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := Digests(ctx, blobs, files, nil); err != nil {
				b.Fatal(err)
			}
		}
		milliseconds(b)
	})
}

func milliseconds(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(time.Millisecond), "ms/op")
	b.ReportMetric(0, "ns/op")
}
