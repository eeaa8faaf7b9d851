package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestDigestsAreThoseOfTheFiles(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 3 * batch {
		name := fmt.Sprintf("content/f%d/%03d.md", i%3, i)
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), fmt.Append(nil, "text ", i), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := os.WriteFile(filepath.Join(dir, "large"), make([]byte, 100), 0o644); err != nil {
		t.Fatal(err)
	}
	unreadable := []string{"content/f0/gone.md", "nowhere/a.md", "content", "large"}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	digests, err := tree.Digests(t.Context(), 3, append(names, unreadable...), 50)
	if err != nil {
		t.Fatal(err)
	}
	for i, is := range digests {
		want := [sha256.Size]byte{}
		if i < len(names) {
			want = sha256.Sum256(fmt.Append(nil, "text ", i))
		}
		if is != want {
			t.Errorf("%s: another digest", append(names, unreadable...)[i])
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tree.Digests(ended, 1, names, 50); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
