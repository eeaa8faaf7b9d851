package history

import (
	"iter"
	"slices"
)

// Revision is a commit that changed a file.
type Revision struct {
	Commit *Commit
	Status byte   // as in [Change], or X: a merge that decided otherwise than all its parents, compared with the first
	From   string // the path before, where it is renamed
	Path   string // the file's path at that commit
	Before string // blobs; empty: none
	After  string
}

// Revisions are those of each file, newest first, by the file's path now, or its last path where it is gone.
//
// They are what git's own history simplification would find for each file alone: where a merge has the file as one of its
// parents has it, only that parent is followed, the first such. So what happened on a line of work whose outcome was
// dropped is not told: the site never stood so. Renames are followed, through both lines where they meet. What a path held
// before another file was moved there is told of no file; a file that was deleted and written again is one.
func (l *Log) Revisions() map[string][]Revision {
	w := walk{found: make(map[string][]Revision), alone: make(map[string][]string), at: make(map[string]*state)}
	for i := range l.Commits {
		c := &l.Commits[i]
		s := w.at[c.Hash]
		delete(w.at, c.Hash)
		if i == 0 {
			s = &state{identity: true, paths: make(map[string][]string)}
		}
		switch {
		case s == nil: // nothing of what it did is left
		case len(c.Parents) > 1:
			w.merge(c, s)
		default:
			w.commit(c, s)
			if len(c.Parents) == 1 {
				w.pass(c.Parents[0], s)
			}
		}
	}
	return w.found
}

// state says which paths are followed at a commit, and for which files of today. Each is handed on from child to parent and
// united with others there, never copied, so that all of them together cost no more than the changes that made them.
type state struct {
	identity bool                // whether a path that is not in paths is followed for itself; otherwise it is not
	paths    map[string][]string // files, sorted and never changed in place; none: not followed
}

type walk struct {
	found map[string][]Revision
	alone map[string][]string // slices of one path
	at    map[string]*state   // by commit, for those that are still to come
}

// files are those that a path is followed for.
func (w *walk) files(s *state, path string) []string {
	if files, ok := s.paths[path]; ok {
		return files
	}
	if !s.identity {
		return nil
	}
	files, ok := w.alone[path]
	if !ok {
		files = []string{path}
		w.alone[path] = files
	}
	return files
}

func (s *state) set(path string, files []string) {
	if s.identity && len(files) == 1 && files[0] == path || !s.identity && len(files) == 0 {
		delete(s.paths, path)
	} else {
		s.paths[path] = files
	}
}

func (w *walk) add(files []string, rev Revision) {
	for _, file := range files {
		told := w.found[file]
		if n := len(told); n == 0 || told[n-1].Commit != rev.Commit { // under two paths that became one
			w.found[file] = append(told, rev)
		}
	}
}

// pass hands a state to a commit, where it meets those of other children.
func (w *walk) pass(to string, s *state) {
	other := w.at[to]
	if other == nil {
		w.at[to] = s
		return
	}
	if s.identity || !other.identity && len(s.paths) > len(other.paths) {
		other, s = s, other
	}
	if s.identity { // both, which only a log that git did not write has
		for path := range other.paths {
			if _, ok := s.paths[path]; !ok {
				s.paths[path] = w.files(s, path)
			}
		}
	}
	for path, files := range s.paths {
		other.set(path, union(w.files(other, path), files))
	}
	w.at[to] = other
}

func union(a, b []string) []string {
	if len(b) == 0 || slices.Equal(a, b) {
		return a
	}
	if len(a) == 0 {
		return b
	}
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// follow is what a path is followed for in a parent.
type follow struct {
	path  string
	files []string
}

// commit tells of a commit with at most one parent and makes the state its parent's.
func (w *walk) commit(c *Commit, s *state) {
	var renamed []follow
	for i := range c.Changes {
		change := &c.Changes[i]
		files := w.files(s, change.Path)
		rev := Revision{c, change.Status, change.From, change.Path, change.Before, change.After}
		if change.Status == 'R' {
			if len(files) == 0 { // all that is known of it is that it went
				rev.Status, rev.From, rev.Path, rev.After = 'D', "", change.From, ""
				files = w.files(s, change.From)
			}
			renamed = append(renamed, follow{change.From, files})
		}
		w.add(files, rev)
	}
	for i := range c.Changes {
		if c.Changes[i].Status == 'R' {
			s.set(c.Changes[i].Path, nil)
		}
	}
	for _, f := range renamed {
		s.set(f.path, f.files)
	}
}

// names yields the changes against the first parent, each with its path and, where it was renamed, once more with the path
// that it had.
func names(c *Commit) iter.Seq2[*Change, string] {
	return func(yield func(*Change, string) bool) {
		for i := range c.Changes {
			change := &c.Changes[i]
			if change.Parent == 0 && (!yield(change, change.Path) || change.From != "" && !yield(change, change.From)) {
				return
			}
		}
	}
}

// merge tells of a merge and hands on states to its parents.
func (w *walk) merge(c *Commit, s *state) {
	// What differs from each parent: a path that was renamed is there under both its names.
	differs := make([]map[string]*Change, len(c.Parents))
	for i := range c.Changes {
		change := &c.Changes[i]
		if change.Parent < 0 || change.Parent >= len(differs) {
			continue
		}
		if differs[change.Parent] == nil {
			differs[change.Parent] = make(map[string]*Change)
		}
		differs[change.Parent][change.Path] = change
		if _, ok := differs[change.Parent][change.From]; change.From != "" && !ok {
			differs[change.Parent][change.From] = change
		}
	}
	follows := make([][]follow, len(c.Parents))
	renames := make([][]follow, len(c.Parents)) // they come after the others
	var gone []*Change
	for change, path := range names(c) {
		if differs[0][path] != change {
			continue // another was moved there, as well
		}
		files := w.files(s, path)
		equal := slices.IndexFunc(differs, func(d map[string]*Change) bool { return d[path] == nil })
		switch {
		case equal >= 0:
			follows[0] = append(follows[0], follow{path, nil})
			follows[equal] = append(follows[equal], follow{path, files})
		case path != change.Path: // renamed away from
			gone = append(gone, change)
		default:
			w.add(files, Revision{c, 'X', change.From, path, change.Before, change.After})
			for parent, d := range differs {
				if other := d[path]; other.Status == 'R' && other.Path == path && len(files) > 0 {
					follows[parent] = append(follows[parent], follow{path, nil})
					renames[parent] = append(renames[parent], follow{other.From, files})
				} else {
					follows[parent] = append(follows[parent], follow{path, files})
				}
			}
		}
	}
	for _, change := range gone {
		files := w.files(s, change.From)
		if !slices.ContainsFunc(renames[0], func(f follow) bool { return f.path == change.From }) {
			w.add(files, Revision{c, 'X', "", change.From, change.Before, ""})
		}
		for parent := range follows {
			follows[parent] = append(follows[parent], follow{change.From, files})
		}
	}
	states := make([]*state, len(c.Parents))
	for parent := range states {
		states[parent] = s // the first has all that does not differ from it
		if parent > 0 {
			states[parent] = &state{paths: make(map[string][]string)}
		}
		for _, f := range slices.Concat(follows[parent], renames[parent]) {
			states[parent].set(f.path, f.files)
		}
		if c.Parents[parent] != "" && (parent == 0 || len(states[parent].paths) > 0) {
			w.pass(c.Parents[parent], states[parent])
		}
	}
}
