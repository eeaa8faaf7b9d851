package history

import (
	"container/heap"
	"slices"
)

// ordered sorts commits, newest first and never a parent before its child, as git's --date-order does. The order depends on
// nothing but the commits, so that a log that was read in pieces has the same as one that was read at once.
func ordered(commits []Commit) []Commit {
	index := make(map[string]int, len(commits))
	for i := range commits {
		index[commits[i].Hash] = i
	}
	children := make([]int, len(commits))
	for i := range commits {
		for _, parent := range commits[i].Parents {
			if at, ok := index[parent]; ok {
				children[at]++
			}
		}
	}
	q := queue{commits: commits}
	for i := range commits {
		if children[i] == 0 {
			heap.Push(&q, i)
		}
	}
	sorted := make([]Commit, 0, len(commits))
	for q.Len() > 0 {
		c := commits[heap.Pop(&q).(int)]
		sorted = append(sorted, c)
		for _, parent := range c.Parents {
			if at, ok := index[parent]; ok {
				if children[at]--; children[at] == 0 {
					heap.Push(&q, at)
				}
			}
		}
	}
	return sorted
}

// queue is the commits that may come next.
type queue struct {
	commits []Commit
	next    []int
}

func (q *queue) Len() int { return len(q.next) }
func (q *queue) Less(i, j int) bool {
	a, b := &q.commits[q.next[i]], &q.commits[q.next[j]]
	if !a.Time.Equal(b.Time) {
		return a.Time.After(b.Time)
	}
	return a.Hash < b.Hash
}
func (q *queue) Swap(i, j int) { q.next[i], q.next[j] = q.next[j], q.next[i] }
func (q *queue) Push(x any)    { q.next = append(q.next, x.(int)) }
func (q *queue) Pop() any {
	last := q.next[len(q.next)-1]
	q.next = q.next[:len(q.next)-1]
	return last
}

// thinner leaves out commits that neither touch the site nor join lines that do.
type thinner struct {
	nearest map[string]string                 // by commit: itself, or the nearest ancestor that is kept; empty: none
	outside func(hash string) (string, error) // the same for a commit that is not among the new ones
}

// thin takes commits in order and leaves out what is of no interest.
func (t *thinner) thin(commits []Commit) ([]Commit, error) {
	var kept []Commit
	for _, c := range slices.Backward(commits) {
		parents := make([]string, len(c.Parents))
		for i, parent := range c.Parents {
			near, ok := t.nearest[parent]
			if !ok {
				var err error
				if near, err = t.outside(parent); err != nil {
					return nil, err
				}
				t.nearest[parent] = near
			}
			parents[i] = near
		}
		if same(parents) && (len(parents) == 0 || parents[0] == "") { // it is the first of the site
			parents = nil
			c.Changes = slices.DeleteFunc(c.Changes, func(change Change) bool { return change.Parent > 0 })
		}
		if len(c.Changes) == 0 && same(parents) {
			t.nearest[c.Hash] = ""
			if len(parents) > 0 {
				t.nearest[c.Hash] = parents[0]
			}
			continue
		}
		t.nearest[c.Hash] = c.Hash
		c.Parents, c.Changes = parents, telling(c.Changes)
		kept = append(kept, c)
	}
	slices.Reverse(kept)
	return kept, nil
}

func same(hashes []string) bool {
	return !slices.ContainsFunc(hashes, func(h string) bool { return h != hashes[0] })
}

// telling are the changes against the first parent, and against others those of paths that differ from the first too.
func telling(changes []Change) []Change {
	if len(changes) == 0 || changes[len(changes)-1].Parent == 0 {
		return changes
	}
	first := make(map[string]bool)
	for _, c := range changes {
		if c.Parent == 0 {
			first[c.Path] = true
			if c.From != "" {
				first[c.From] = true
			}
		}
	}
	var told []Change
	for _, c := range changes {
		if c.Parent == 0 || first[c.Path] || c.From != "" && first[c.From] {
			told = append(told, c)
		}
	}
	return told
}
