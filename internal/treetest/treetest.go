// Package treetest helps tests that look at whole folders.
package treetest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pendapa/internal/demo"
)

// Demo writes Kabupaten Contoh to a folder of the test's own and returns its path.
func Demo(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	site, err := fs.Sub(demo.Site, "site")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, site); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Files are the texts of all files of a folder, by their paths in it with slashes; none where there is no such folder.
func Files(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(relative)] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// Digest is one number for all that a folder holds: the names of its files and their bytes.
func Digest(t testing.TB, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		fmt.Fprintf(h, "%s %d\n%s", filepath.ToSlash(relative), len(data), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
