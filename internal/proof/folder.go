package proof

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/diag"
	"pendapa/internal/parallel"
)

// Kind is what is wrong with a file of a published folder.
type Kind uint8

const (
	Missing    Kind = iota + 1 // listed, and not there
	Extra                      // there, and not listed
	Changed                    // there, and not as listed
	Unreadable                 // there, and cannot be read
	Linked                     // a symbolic link, whether listed or not; it is not followed
)

// Text is the word for the kind.
func (k Kind) Text() diag.Text {
	switch k {
	case Missing:
		return diag.Textf("missing")
	case Extra:
		return diag.Textf("extra")
	case Changed:
		return diag.Textf("changed")
	case Unreadable:
		return diag.Textf("unreadable")
	case Linked:
		return diag.Textf("linked")
	}
	return diag.Text{}
}

func (k Kind) String() string { return k.Text().String() }

// Finding is what is wrong with one file of a published folder.
type Finding struct {
	Path   string // with slashes, relative to the folder
	Kind   Kind
	Reason diag.Text
}

// Report is what came out of comparing a folder with its list.
type Report struct {
	List     []File          // the files that were published, sorted by path
	Files    int             // of these, that are as they are listed
	Bytes    int64           // of these files
	Tree     string          // the root of the files by the list (see [Root]): what the entry in the log has
	Built    json.RawMessage // the object "built" of tree.json as it stands there; nil: none
	Findings []Finding       // sorted by path; none: the folder is as it was published
}

// CheckFolder compares a published folder with its own list of files, by their sizes and digests. That the list is the
// one that was published, the log says: see [Log.Find] with the report's Tree.
//
// Where partial is true, files that are not there are no finding: a copy of some pages. Files that are not listed are a
// finding in any case, those of editors and systems too, but empty folders are not, nor are tree.json, log and checkpoint.
// Links, pipes and devices are findings; they are never opened.
//
// The error is a *[FolderError] (there is no such folder, or Pendapa did not publish it), a *[DamagedError] or a
// *[VersionError] (its list), or the context's. A folder that changes meanwhile may give findings.
func CheckFolder(ctx context.Context, dir string, partial bool) (Report, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Report{}, &FolderError{dir, diag.Textf("there is none; name the folder of a published portal"), err}
	}
	if err != nil {
		return Report{}, &FolderError{dir, cause(err), err}
	}
	defer root.Close()
	data, err := readList(root, dir)
	if err != nil {
		return Report{}, err
	}
	list, err := parseList(data)
	if err != nil {
		return Report{}, err
	}
	report := Report{List: list.files, Tree: Root(list.files), Built: list.built}

	w := walk{ctx: ctx, root: root, files: list.files, there: make([]fs.FileInfo, len(list.files)), seen: make([]bool, len(list.files)), closed: make(map[string]bool)}
	w.folder(".")
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	if !partial {
		for i, f := range list.files {
			if !w.seen[i] && !w.below(f.Path) {
				w.find(f.Path, Missing, diag.Textf("it is in the list and not in the folder"))
			}
		}
	}
	compared, err := compare(ctx, root, list.files, w.there)
	if err != nil {
		return Report{}, err
	}
	for i, finding := range compared {
		switch {
		case w.there[i] == nil:
		case finding.Kind != 0:
			w.findings = append(w.findings, finding)
		default:
			report.Files++
			report.Bytes += list.files[i].Size
		}
	}
	slices.SortFunc(w.findings, func(a, b Finding) int { return cmp.Compare(a.Path, b.Path) })
	report.Findings = w.findings
	return report, nil
}

// readList reads tree.json, through no link.
func readList(root *os.Root, dir string) ([]byte, error) {
	for _, above := range []string{path.Dir(path.Dir(ManifestFile)), path.Dir(ManifestFile)} {
		if info, err := root.Lstat(above); err == nil && !info.IsDir() {
			return nil, &FolderError{dir, diag.Textf("%s is a link or a file, not a folder", above), nil}
		}
	}
	data, err := readSmall(root, ManifestFile, maxManifest)
	if err != nil && !errors.As(err, new(*DamagedError)) {
		return nil, &FolderError{dir, cause(err), err}
	}
	if err == nil && data == nil {
		return nil, &FolderError{dir, diag.Textf("it has no %s, so Pendapa did not publish it; name the folder of a published portal", ManifestFile), fs.ErrNotExist}
	}
	return data, err
}

// walk goes through a folder, and notes which of the listed files are there.
type walk struct {
	ctx      context.Context
	root     *os.Root
	files    []File
	there    []fs.FileInfo   // of the listed that are files; nil: not
	seen     []bool          // whether there is anything at the path of a listed one
	closed   map[string]bool // folders that were not looked into
	findings []Finding
}

func (w *walk) find(name string, kind Kind, reason diag.Text) {
	w.findings = append(w.findings, Finding{strings.ToValidUTF8(name, "\uFFFD"), kind, reason})
}

// below reports whether a path is in a folder that was not looked into: then nothing is known of it.
func (w *walk) below(name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if w.closed[dir] {
			return true
		}
	}
	return w.closed["."]
}

func (w *walk) folder(dir string) {
	children, err := w.read(dir)
	if err != nil {
		w.closed[dir] = true
		w.find(dir, Unreadable, diag.Textf("it cannot be read: %s", cause(err)))
	}
	for _, child := range children {
		if w.ctx.Err() != nil {
			return
		}
		w.child(path.Join(dir, child.Name()))
	}
}

// read lists a folder. What took its place since it was seen, a pipe or a link, is not opened or not followed.
func (w *walk) read(dir string) ([]fs.DirEntry, error) {
	info, err := w.root.Lstat(dir)
	if err != nil {
		return nil, err
	}
	f, err := openSeen(w.root, dir, info)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

func (w *walk) child(name string) {
	at, isListed := slices.BinarySearchFunc(w.files, name, func(f File, name string) int { return cmp.Compare(f.Path, name) })
	if isListed {
		w.seen[at] = true
	}
	kind := Extra // what is no file is, in the place of one, a change
	if isListed {
		kind = Changed
	}
	info, err := w.root.Lstat(name)
	switch {
	case err != nil:
		w.find(name, Unreadable, diag.Textf("it cannot be read: %s", cause(err)))
	case info.Mode()&fs.ModeSymlink != 0:
		w.closed[name] = true
		w.find(name, Linked, diag.Textf("it is a symbolic link, which is not followed"))
	case info.IsDir():
		if isListed {
			w.find(name, Changed, diag.Textf("it is a folder, not a file"))
		}
		w.folder(name)
	case !info.Mode().IsRegular():
		w.find(name, kind, diag.Textf("it is a pipe, socket or device, not a file"))
	case isListed:
		w.there[at] = info
	case IsProof(name):
	default:
		w.find(name, Extra, diag.Textf("it is in the folder and not in the list"))
	}
}

// compare reads the files that are there, several at a time, and returns for each what is wrong with it.
func compare(ctx context.Context, root *os.Root, files []File, there []fs.FileInfo) ([]Finding, error) {
	findings := make([]Finding, len(files))
	buffers := sync.Pool{New: func() any { return new([128 << 10]byte) }}
	return findings, parallel.Do(ctx, min(max(runtime.GOMAXPROCS(0), 2), 8), len(files), func(i int) error {
		if there[i] == nil {
			return nil
		}
		buffer := buffers.Get().(*[128 << 10]byte)
		defer buffers.Put(buffer)
		if kind, reason := files[i].compare(ctx, root, there[i], buffer[:]); kind != 0 {
			findings[i] = Finding{files[i].Path, kind, reason}
		}
		return nil
	})
}

// compare reads a file and compares it with what is listed. The kind is 0 where they are the same.
func (f File) compare(ctx context.Context, root *os.Root, info fs.FileInfo, buffer []byte) (Kind, diag.Text) {
	if info.Size() != f.Size {
		return Changed, diag.Textf("it has %d bytes; the list says %d", info.Size(), f.Size)
	}
	file, err := openSeen(root, f.Path, info)
	if err != nil {
		return Unreadable, diag.Textf("it cannot be read: %s", cause(err))
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.CopyBuffer(hash, &reader{ctx, io.LimitReader(file, f.Size+1)}, buffer); err != nil {
		return Unreadable, diag.Textf("it cannot be read: %s", cause(err))
	}
	if hex.EncodeToString(hash.Sum(nil)) != f.SHA256 {
		return Changed, diag.Textf("its bytes are not those of the list")
	}
	return 0, diag.Text{}
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// openSeen opens a file or folder that was seen before, and makes sure that it is still the same: no link, no pipe.
func openSeen(root *os.Root, name string, seen fs.FileInfo) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	now, err := f.Stat()
	if err == nil && !os.SameFile(seen, now) {
		err = diag.Textf("another file took its place meanwhile")
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// cause is what the system said, without the name of the file, which the reader has.
func cause(err error) diag.Text {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return diag.Of(err)
}
