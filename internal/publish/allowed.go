package publish

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// RefusedError says that a folder cannot be the output of a build: it would not be safe to replace it.
type RefusedError struct{ Reason, Hint string }

func (e *RefusedError) Error() string { return e.Reason }

// allowed refuses folders that a build must never replace.
func allowed(out, site string) error {
	if info, err := os.Lstat(out); err == nil {
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			return &RefusedError{fmt.Sprintf("the output %s is a symbolic link", out), "name the folder that it leads to"}
		case !info.IsDir():
			return &RefusedError{fmt.Sprintf("the output %s is not a folder", out), "name another folder with --out"}
		}
	}
	real := resolve(out)
	site, err := filepath.Abs(site)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	site = resolve(site)
	home, _ := os.UserHomeDir()
	switch {
	case filepath.Dir(real) == real:
		return &RefusedError{"the output is the root of the file system", "name a folder of its own with --out"}
	case within(site, real):
		return &RefusedError{fmt.Sprintf("the output %s is or holds the site's own folder", out), "name a folder of its own with --out"}
	case home != "" && within(resolve(home), real):
		return &RefusedError{fmt.Sprintf("the output %s is or holds the home folder", out), "name a folder of its own with --out"}
	}
	for _, source := range []string{"content", "layouts", "static", "cmd", "internal", "docs", ".git", ".pendapa", ".transparency-log"} {
		if within(real, filepath.Join(site, source)) {
			return &RefusedError{fmt.Sprintf("the output %s lies in the site's folder %s", out, source), "name a folder of its own with --out"}
		}
	}
	return nil
}

// resolve follows links in the part of a path that exists.
func resolve(p string) string {
	rest := ""
	for at := p; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if filepath.Dir(at) == at {
			return p
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}

// within reports whether p is dir or lies below it.
func within(p, dir string) bool {
	relative, err := filepath.Rel(dir, p)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
}
