package history

// Mainline is the log of the states that the branch itself went through: of a merge only its first parent is followed, as
// what another line of work made became the site's with the merge. brought are, by the hash of a merge and by a file's
// path, the commits of the other lines that changed it, newest first: they say why.
func (l *Log) Mainline() (main *Log, brought map[string]map[string][]*Commit) {
	main = &Log{Head: l.Head, Folder: l.Folder, Shallow: l.Shallow}
	place := make(map[string]int) // of the main line's commits
	next := ""
	if len(l.Commits) > 0 {
		next = l.Commits[0].Hash
	}
	for i := range l.Commits { // no parent stands before its child
		c := l.Commits[i]
		if c.Hash != next {
			continue
		}
		place[c.Hash] = len(main.Commits)
		if len(c.Parents) > 1 {
			var changes []Change
			for _, change := range c.Changes {
				if change.Parent == 0 {
					changes = append(changes, change)
				}
			}
			c.Changes, c.Parents = changes, c.Parents[:1:1]
		}
		if next = ""; len(c.Parents) > 0 {
			next = c.Parents[0]
		}
		if next == "" {
			c.Parents = nil
		}
		main.Commits = append(main.Commits, c)
	}
	brought = make(map[string]map[string][]*Commit)
	by := make(map[string]int) // the oldest commit of the main line that brought a commit
	for i := range l.Commits {
		c := &l.Commits[i]
		at, isMain := place[c.Hash]
		parents := c.Parents
		if isMain {
			parents = parents[min(1, len(parents)):]
		} else {
			var known bool
			if at, known = by[c.Hash]; !known {
				continue
			}
			if len(c.Parents) < 2 {
				merge := main.Commits[at].Hash
				if brought[merge] == nil {
					brought[merge] = make(map[string][]*Commit)
				}
				for _, change := range c.Changes {
					brought[merge][change.Path] = append(brought[merge][change.Path], c)
				}
			}
		}
		for _, p := range parents {
			if _, isMain := place[p]; !isMain && p != "" && by[p] <= at {
				by[p] = at
			}
		}
	}
	return main, brought
}
