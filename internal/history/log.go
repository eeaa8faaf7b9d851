package history

import (
	"bufio"
	"context"
	"fmt"
)

// Log returns all commits that a commit rests on. Known is an earlier log or nil: where the commit rests on its head, only
// what is new is read, and the answer is the same as without. Logs of shallow repositories are always read anew, because
// the parents of their oldest commits may have come since.
func (r *Repository) Log(ctx context.Context, head string, known *Log) (*Log, error) {
	if !r.isHash(head) {
		return nil, fmt.Errorf("%w: %q", ErrUnknown, head)
	}
	l := &Log{Head: head, Folder: r.prefix, Shallow: r.Shallow()}
	if known != nil && (known.Folder != l.Folder || known.Shallow || l.Shallow || !r.isHash(known.Head)) {
		known = nil
	}
	if known != nil && known.Head != head {
		_, err := r.run(ctx, "merge-base", "--is-ancestor", known.Head, head)
		if failed(err) {
			known = nil
		} else if err != nil {
			return nil, err
		}
	}
	if known != nil && known.Head == head {
		return known, nil
	}
	since := ""
	if known != nil {
		since = known.Head
	}
	fresh, err := r.read(ctx, head, since)
	if err != nil {
		return nil, err
	}
	t := thinner{nearest: make(map[string]string), outside: func(hash string) (string, error) { return "", nil }}
	if known != nil {
		for i := range known.Commits {
			t.nearest[known.Commits[i].Hash] = known.Commits[i].Hash
		}
		t.outside = func(hash string) (string, error) { return r.lead(ctx, hash, t.nearest) }
	}
	if l.Commits, err = t.thin(ordered(fresh)); err != nil {
		return nil, err
	}
	if known != nil {
		l.Commits = append(l.Commits, known.Commits...)
	}
	l.Commits = ordered(l.Commits)
	return l, nil
}

// read asks git for commits and what each changed, by two programs that run at the same time: one lists the commits, the
// other compares each with each of its parents. (git log could do both, but does not say which parent it compared with.)
func (r *Repository) read(ctx context.Context, head, since string) ([]Commit, error) {
	partial, err := r.partial(ctx)
	if err != nil {
		return nil, err
	}
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	list := append(describe(), head)
	if since != "" {
		list = append(list, "^"+since)
	}
	listing, err := r.start(ctx, false, append(list, "--")...)
	if err != nil {
		return nil, err
	}
	comparing, err := r.start(ctx, true, compare(r.prefix, partial)...)
	if err != nil {
		listing.stop()
		return nil, err
	}

	var commits []Commit
	listed := make(chan error, 1)
	go func() {
		to := bufio.NewWriterSize(comparing.in, 16<<10)
		err := parseCommits(listing.out, r.width, func(c Commit) {
			commits = append(commits, c)
			if len(c.Parents) == 0 {
				_, _ = to.WriteString(c.Hash + "\n")
			}
			for _, parent := range c.Parents {
				_, _ = to.WriteString(c.Hash + " " + parent + "\n") // it fails where comparing did, which tells why
			}
		})
		if err != nil {
			listing.kill()
		}
		_ = to.Flush()
		_ = comparing.in.Close()
		listed <- err
	}()
	found, compared := parseDifferences(comparing.out, r.width, r.prefix)
	if compared != nil {
		cancel()
	}
	unlisted := settle(outer, "log", <-listed, listing.wait())
	if err := settle(outer, "diff-tree", compared, comparing.wait()); err != nil {
		return nil, err // first: where it fails, the other is ended
	}
	if unlisted != nil {
		return nil, unlisted
	}
	return join(commits, found)
}

// join gives the commits what they changed.
func join(commits []Commit, found []difference) ([]Commit, error) {
	at := 0
	for i := range commits {
		c := &commits[i]
		for parent := range max(1, len(c.Parents)) {
			if at == len(found) || found[at].commit != c.Hash {
				return nil, fmt.Errorf("git diff-tree: %w", errOutput)
			}
			for _, change := range found[at].changes {
				change.Parent = parent
				c.Changes = append(c.Changes, change)
			}
			at++
		}
	}
	if at != len(found) {
		return nil, fmt.Errorf("git diff-tree: %w", errOutput)
	}
	return commits, nil
}

// lead follows a commit that an earlier log left out to the one that stands for it there; empty: none does.
func (r *Repository) lead(ctx context.Context, hash string, known map[string]string) (string, error) {
	p, err := r.start(ctx, false, "rev-list", "--first-parent", hash, "--")
	if err != nil {
		return "", err
	}
	for {
		line, err := p.out.ReadSlice('\n')
		if err != nil {
			return "", p.wait()
		}
		if found, ok := known[string(line[:len(line)-1])]; ok && found != "" {
			p.stop()
			return found, nil
		}
	}
}
