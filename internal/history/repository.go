package history

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Repository is the git repository in whose work tree a folder lies.
type Repository struct {
	git
	prefix      string // of the folder below the top of the work tree: "" or "a/b/"
	shallowFile string
	width       int // hexadecimal digits of a hash: 40 (SHA-1) or 64 (SHA-256)
}

// Open finds the repository of a site's folder. The folder may lie anywhere in a work tree, also one that git worktree or
// git submodule made. Where the repository says that its work tree is elsewhere (core.worktree) and the folder is not in
// there, it has no history: [ErrNone].
func Open(ctx context.Context, dir string) (*Repository, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("history: %s is not a folder", dir)
	}
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, none("there is no git program (%v)", err)
	}
	r := &Repository{git: git{program, dir, environment()}}
	facts, err := r.run(ctx, "rev-parse", "--is-bare-repository", "--is-inside-git-dir", "--is-inside-work-tree", "--show-object-format")
	if failed(err) {
		return nil, none("%w", err)
	} else if err != nil {
		return nil, err
	}
	switch fact := strings.Split(facts, "\n"); {
	case len(fact) != 4:
		return nil, none("git is too old, or too new")
	case fact[0] == "true":
		return nil, none("the repository is bare")
	case fact[1] == "true":
		return nil, none("the folder is a part of the repository itself")
	case fact[2] != "true":
		return nil, none("the repository's work tree is elsewhere")
	case fact[3] == "sha1":
		r.width = 40
	case fact[3] == "sha256":
		r.width = 64
	default:
		return nil, none("the repository's hashes are %s", fact[3])
	}
	if err := r.locate(ctx); err != nil {
		return nil, err
	}
	head, err := r.Head(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"ls-tree", "--name-only", "-z", head}
	if r.prefix != "" {
		args = append(args, "--", r.prefix)
	}
	p, err := r.start(ctx, false, args...)
	if err != nil {
		return nil, err
	}
	_, empty := p.out.ReadByte()
	p.stop()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if empty != nil {
		return nil, none("nothing of the folder is committed")
	}
	return r, nil
}

// locate finds the folder in the repository, and fixes the repository for all further commands. Each path is asked for
// alone, as it may hold line feeds.
func (r *Repository) locate(ctx context.Context) error {
	prefix, err := r.run(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return err
	}
	at, err := r.run(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return err
	}
	r.prefix, r.dir = prefix, at
	// No index is read: one that says which files are as committed would have git look at the work tree.
	r.env = environment("GIT_DIR="+at, "GIT_INDEX_FILE="+filepath.Join(at, "none-for-pendapa"))
	if r.shallowFile, err = r.run(ctx, "rev-parse", "--git-path", "shallow"); err != nil {
		return err
	}
	if !filepath.IsAbs(r.shallowFile) {
		r.shallowFile = filepath.Join(at, r.shallowFile)
	}
	return nil
}

// Head returns the hash of the commit that is checked out. It takes some milliseconds. The error is [ErrNone] where
// nothing is committed.
func (r *Repository) Head(ctx context.Context) (string, error) {
	head, err := r.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if failed(err) {
		return "", none("there is no commit yet")
	}
	return head, err
}

// Refs tells one state of all branches and tags from another: what a revision is called may lead elsewhere while the commit
// that is checked out stays the same.
func (r *Repository) Refs(ctx context.Context) (string, error) {
	list, err := r.run(ctx, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(list))
	return hex.EncodeToString(sum[:]), nil
}

// Shallow reports whether older commits are left out, as they are in a clone with a depth.
func (r *Repository) Shallow() bool {
	_, err := os.Stat(r.shallowFile)
	return err == nil
}

// Folder is where the site lies below the top of the work tree: empty, or a path that ends with a slash.
func (r *Repository) Folder() string { return r.prefix }

// Resolve returns the hash of the commit that a tag, a branch or a hash (whole, or as many digits as tell it apart) names.
// The error is [ErrUnknown].
func (r *Repository) Resolve(ctx context.Context, revision string) (string, error) {
	// What starts with these signs is an option, an exclusion, or a search through all messages.
	if revision == "" || strings.ContainsAny(revision[:1], "-^:") || strings.ContainsAny(revision, "\x00\n") || len(revision) > 1024 {
		return "", fmt.Errorf("%w: %q", ErrUnknown, revision)
	}
	hash, err := r.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if failed(err) || err == nil && !r.isHash(hash) {
		return "", fmt.Errorf("%w: %q", ErrUnknown, revision)
	}
	return hash, err
}

// Commit returns what a commit says of itself, with its parents as they are and without changes. The error is
// [ErrUnknown].
func (r *Repository) Commit(ctx context.Context, hash string) (Commit, error) {
	if !r.isHash(hash) {
		return Commit{}, fmt.Errorf("%w: %q", ErrUnknown, hash)
	}
	p, err := r.start(ctx, false, append(describe(), "--no-walk", hash, "--")...)
	if err != nil {
		return Commit{}, err
	}
	var found []Commit
	parsing := parseCommits(p.out, r.width, func(c Commit) { found = append(found, c) })
	if parsing != nil {
		p.kill()
	}
	if err := settle(ctx, "log", parsing, p.wait()); failed(err) {
		return Commit{}, fmt.Errorf("%w: %w", ErrUnknown, err)
	} else if err != nil {
		return Commit{}, err
	}
	if len(found) != 1 {
		return Commit{}, fmt.Errorf("%w: %q", ErrUnknown, hash)
	}
	return found[0], nil
}

// isHash keeps everything from git's command lines and inputs that is not the whole hash of an object.
func (r *Repository) isHash(id string) bool { return isHash(id, r.width) }

func isHash(id string, width int) bool {
	if len(id) != width {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// File is a file as a commit holds it.
type File struct {
	Path string // relative to the site's folder, with slashes; any bytes
	Blob string
	Size int64 // bytes; -1: not known, in a repository that was cloned without its blobs
}

// Files returns the files that a commit holds below folders of the site's folder, or below all of it where none is named,
// sorted by path. A folder may also name a single file. Links and submodules are left out.
func (r *Repository) Files(ctx context.Context, commit string, folders ...string) ([]File, error) {
	if !r.isHash(commit) {
		return nil, fmt.Errorf("%w: %q", ErrUnknown, commit)
	}
	args := []string{"ls-tree", "-r", "-z", "--full-tree"}
	// A size that is not there would be fetched: one by one, and in vain.
	if partial, err := r.partial(ctx); err != nil {
		return nil, err
	} else if !partial {
		args = append(args, "-l")
	}
	paths, err := r.paths(folders)
	if err != nil {
		return nil, err
	}
	p, err := r.start(ctx, false, append(append(args, commit, "--"), paths...)...)
	if err != nil {
		return nil, err
	}
	files, parsing := parseFiles(p.out, r.width, r.prefix)
	if parsing != nil {
		p.kill()
	}
	if err := settle(ctx, "ls-tree", parsing, p.wait()); err != nil {
		return nil, err
	}
	// Where two folders lie in one another git names a file once, in the order of its trees.
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// paths are folders of the site's folder as git is asked for them; none: all of the repository.
func (r *Repository) paths(folders []string) ([]string, error) {
	if len(folders) == 0 {
		folders = []string{"."}
	}
	var paths []string
	for _, folder := range folders {
		folder = path.Clean(folder)
		switch {
		case !fs.ValidPath(folder):
			return nil, fmt.Errorf("history: %q is no folder of the site", folder)
		case folder != ".":
			paths = append(paths, r.prefix+folder)
		case r.prefix == "":
			return nil, nil
		default:
			paths = append(paths, r.prefix)
		}
	}
	return paths, nil
}

// partial reports whether the repository was cloned without all of its blobs, which git would fetch where it misses one.
func (r *Repository) partial(ctx context.Context) (bool, error) {
	_, err := r.run(ctx, "config", "--get-regexp", `^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$`)
	if failed(err) {
		return false, nil
	}
	return err == nil, err
}
