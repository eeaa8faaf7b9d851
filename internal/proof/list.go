package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"pendapa/internal/diag"
)

// File is a file in the list of a published folder.
type File struct {
	Path   string `json:"path"` // with slashes
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// list is a tree.json. What else stands in it is for later versions.
type list struct {
	files []File          // sorted by path
	built json.RawMessage // the object "built"; nil: none
}

// OfLog reports whether a file is one of the log itself, which no root is made of: it names them.
func (f File) OfLog() bool { return f.Path == LogFile || f.Path == CheckpointFile }

// Root is the one number that stands for a portal's files, sorted by path: the SHA-256, in lower-case hex, of the text that
// sha256sum would print of them, without those of the log itself.
func Root(files []File) string {
	h := sha256.New()
	for _, f := range files {
		if !f.OfLog() {
			fmt.Fprintf(h, "%s  %s\n", f.SHA256, f.Path)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// parseList reads a tree.json. The error is a *[DamagedError], as where it names a file outside the folder, or a
// *[VersionError].
func parseList(data []byte) (list, error) {
	damaged := func(reason diag.Text) (list, error) {
		return list{}, &DamagedError{File: manifestName, Reason: reason}
	}
	var tree struct {
		Version json.RawMessage `json:"version"`
		Files   json.RawMessage `json:"files"`
		Built   json.RawMessage `json:"built"`
	}
	if json.Unmarshal(data, &tree) != nil || tree.Version == nil {
		return damaged(diag.Textf("it is not a list of files"))
	}
	if version := string(tree.Version); version != "1" {
		return list{}, &VersionError{version}
	}
	var l list
	if json.Unmarshal(tree.Files, &l.files) != nil || l.files == nil {
		return damaged(diag.Textf("it is not a list of files"))
	}
	for i, f := range l.files {
		switch {
		case !fs.ValidPath(f.Path) || f.Path == "." || strings.Contains(f.Path, `\`) || strings.ContainsFunc(f.Path, isControl):
			return damaged(diag.Textf("it names %q, which is not the path of a file in the folder", f.Path))
		case f.Path == ManifestFile:
			return damaged(diag.Textf("it names itself"))
		case f.Size < 0 || !isDigest(f.SHA256):
			return damaged(diag.Textf("the size or the digest of %s cannot be right", f.Path))
		case i > 0 && f.Path == l.files[i-1].Path:
			return damaged(diag.Textf("it names %s twice", f.Path))
		case i > 0 && f.Path < l.files[i-1].Path:
			return damaged(diag.Textf("it is not sorted: %s stands too late", f.Path))
		}
	}
	if built := string(tree.Built); built != "" && built != "null" {
		if built[0] != '{' {
			return damaged(diag.Textf("what it says about the build cannot be read"))
		}
		l.built = tree.Built
	}
	return l, nil
}
