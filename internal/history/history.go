// Package history reads from git what became of a site's files: which commits changed each of them, what they held then,
// and who says so.
//
// The git program is asked, never the repository's files, and only with commands that look: git log, diff-tree, ls-tree,
// cat-file, rev-parse, rev-list, merge-base and config. None of them runs what a repository's configuration or attributes
// name (hooks, monitors, filters, converters, transports), so that a portal can be built from a repository that nobody
// has looked through.
package history

import (
	"errors"
	"fmt"
	"time"
)

// ErrNone says that there is no history to read: no git program, no repository, a bare one, none of the site's folder
// tracked, no commit yet. It is wrapped with the reason.
var ErrNone = errors.New("no history")

// ErrUnknown says that a revision names no commit of the repository.
var ErrUnknown = errors.New("no such revision")

// ErrMissing says that the repository does not hold what is asked for, as those cloned with a filter leave out blobs, or
// trees, until they are fetched. Nothing is fetched here.
var ErrMissing = errors.New("the repository does not hold it")

// ErrTooLarge says that a blob is larger than the reader's limit.
var ErrTooLarge = errors.New("the blob is too large")

func none(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrNone, fmt.Errorf(format, args...))
}

// Commit is one commit, as told by its author: nothing in it can be trusted as HTML. Its texts are UTF-8 without control
// characters but for line feeds and tabs. No e-mail address is kept: neither the author's nor those in angle brackets that
// messages thank people with.
type Commit struct {
	Hash    string
	Parents []string  // in a log: see there
	Time    time.Time // the committer's, in UTC and whole seconds, at most in the year 9999; 1970 where it cannot be read
	Author  string    // at most 256 bytes
	Subject string    // the message's first paragraph, in one line
	Body    string    // the rest; with the subject at most 4 KiB
	Changes []Change  // sorted by parent and path
}

// Change is a file that differs between a commit and one of its parents, or, for a commit without any, nothing. Links and
// submodules are no files, and a file whose permissions alone changed did not. A file that moved across the border of the
// site's folder was added or deleted.
type Change struct {
	Parent int    // index in Parents of the one it is compared with
	Status byte   // A added, M modified, D deleted, R renamed and perhaps modified
	From   string // the path in the parent, where it is renamed
	Path   string // relative to the site's folder, with slashes; any bytes
	Before string // the blob in the parent; empty: none
	After  string // the blob in the commit; empty: none
}

// Log is all commits that a commit rests on and that touch the site's folder or join lines that do. The parents of each are
// its nearest ancestors among them; where a merge joined a line that never had anything of the site, that parent is empty.
//
// Of a merge, the changes against its further parents are only those of paths that differ from its first parent too: the
// others tell no more than what a line had yet to hear of, and would be most of the log.
type Log struct {
	Head    string   // the commit it starts from; it need not be in Commits
	Folder  string   // the site's, below the top of the work tree: empty or "a/b/"
	Shallow bool     // whether older commits were left out when the repository was cloned
	Commits []Commit // newest first, never a parent before its child
}
