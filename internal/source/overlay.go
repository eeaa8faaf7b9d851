package source

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"pendapa/internal/diag"
)

// Overlay is a folder of the site laid over the files of the same folder inside the binary: a site's own file replaces
// the built-in one of the same name.
type Overlay struct {
	Folder  string // in the site, and the start of every path that List returns
	tree    *Tree
	builtin fs.FS
}

// NewOverlay lays the site's folder over built-in files; builtin holds a folder of the same name.
func NewOverlay(tree *Tree, folder string, builtin fs.FS) Overlay {
	return Overlay{folder, tree, builtin}
}

// List returns the paths of all files, relative to the folder, sorted.
func (o Overlay) List(problems *diag.List) ([]string, error) {
	var names []string
	for _, e := range o.tree.List(o.Folder, problems) {
		names = append(names, strings.TrimPrefix(e.Path, o.Folder+"/"))
	}
	err := fs.WalkDir(o.builtin, o.Folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, strings.TrimPrefix(name, o.Folder+"/"))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the built-in %s: %w", o.Folder, err)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Read returns the site's own file of this name, or else the built-in one.
func (o Overlay) Read(name string, limit int64) ([]byte, error) {
	name = path.Join(o.Folder, name)
	if o.tree.Exists(name) {
		return o.tree.Read(name, limit)
	}
	return fs.ReadFile(o.builtin, name)
}
