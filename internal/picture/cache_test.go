package picture

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

type kept struct {
	*Cache
	dir  string
	root *os.Root
}

func openCache(t *testing.T, dir string) kept {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return kept{NewCache(root), dir, root}
}

func (k kept) names(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func sample(t *testing.T) (data []byte, digest [32]byte, i Info) {
	data = jpegBytes(t, photo(64, 48))
	return data, sha256.Sum256(data), inspected(t, "a.jpg", data)
}

func TestCacheGivesWhatEncodeGives(t *testing.T) {
	data, digest, i := sample(t)
	want := encoded(t, data, i, 40)
	c := openCache(t, t.TempDir())
	for _, cache := range []*Cache{nil, NewCache(nil), c.Cache, c.Cache} {
		if got, trouble := cache.Encode(data, digest, i, 40); trouble != nil || !bytes.Equal(got, want) {
			t.Errorf("%v, or other bytes", trouble)
		}
	}
	if names := c.names(t); len(names) != 1 || !entries.MatchString(names[0]) {
		t.Errorf("the folder has %v", names)
	}
	// The second time the picture is not even looked at.
	if got, trouble := openCache(t, c.dir).Encode(nil, digest, i, 40); trouble != nil || !bytes.Equal(got, want) {
		t.Errorf("%v, or other bytes", trouble)
	}
	if _, trouble := c.Encode(nil, digest, i, 41); trouble == nil {
		t.Error("another width was taken from the cache")
	}
	if names := c.names(t); len(names) != 1 {
		t.Errorf("trouble was kept: %v", names)
	}
}

// A110: a picture in the cache that is cut off, flipped or foreign is made anew.
func TestDamagedEntriesAreMadeAnew(t *testing.T) {
	data, digest, i := sample(t)
	c := openCache(t, t.TempDir())
	want, _ := c.Encode(data, digest, i, 40)
	name := filepath.Join(c.dir, c.names(t)[0])
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c.Encode(data, digest, i, 41)
	other := strings.Replace(name, "-40.", "-41.", 1)
	for what, damage := range map[string]func() error{
		"a bit":     func() error { bad := bytes.Clone(good); bad[50] ^= 1; return os.WriteFile(name, bad, 0o644) },
		"cut off":   func() error { return os.WriteFile(name, good[:len(good)/2], 0o644) },
		"only seal": func() error { return os.WriteFile(name, good[:32], 0o644) },
		"empty":     func() error { return os.WriteFile(name, nil, 0o644) },
		"foreign":   func() error { return os.WriteFile(name, []byte(strings.Repeat("foreign", 100)), 0o644) },
		"another's": func() error { b, _ := os.ReadFile(other); return os.WriteFile(name, b, 0o644) },
		"a link":    func() error { os.Remove(name); return os.Symlink(filepath.Base(other), name) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if got, trouble := c.Encode(data, digest, i, 40); trouble != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, or other bytes", what, trouble)
		}
		if healed, err := os.ReadFile(name); err != nil || !bytes.Equal(healed, good) {
			t.Errorf("%s: not made anew: %v", what, err)
		}
	}
}

func TestFolderThatCannotBeWrittenIsNoError(t *testing.T) {
	data, digest, i := sample(t)
	want := encoded(t, data, i, 40)
	for what, spoil := range map[string]func(kept, string){
		"a folder in the way": func(k kept, name string) { os.Mkdir(filepath.Join(k.dir, name), 0o755) },
		"the folder removed":  func(k kept, _ string) { os.RemoveAll(k.dir) },
		"the folder closed":   func(k kept, _ string) { k.root.Close() },
	} {
		first := openCache(t, t.TempDir())
		first.Encode(data, digest, i, 40)
		name := first.names(t)[0]
		c := openCache(t, t.TempDir())
		spoil(c, name)
		if got, trouble := c.Encode(data, digest, i, 40); trouble != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, or other bytes", what, trouble)
		}
		for _, left := range func() []string {
			if what == "the folder removed" {
				return nil
			}
			return c.names(t)
		}() {
			if strings.HasSuffix(left, ".tmp") {
				t.Errorf("%s: %s is left", what, left)
			}
		}
		c.Sweep()
	}
}

func TestTurnedPicturesAreCached(t *testing.T) {
	data := withSegments(jpegBytes(t, photo(64, 48)), app(0xe1, exifHeader+"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"))
	i := inspected(t, "a.jpg", data)
	if i.Turn != 6 {
		t.Fatalf("%+v", i)
	}
	c := openCache(t, t.TempDir())
	one, trouble := c.Clean(data, sha256.Sum256(data), i)
	if trouble != nil {
		t.Fatal(trouble)
	}
	two, trouble := c.Clean(nil, sha256.Sum256(data), i)
	if trouble != nil || !bytes.Equal(one, two) || !bytes.Equal(one, cleaned(t, data, i)) {
		t.Errorf("%v, or other bytes", trouble)
	}
	plain, digest, i := sample(t)
	if _, trouble := c.Clean(plain, digest, i); trouble != nil || len(c.names(t)) != 1 {
		t.Errorf("%v; the folder has %v", trouble, c.names(t))
	}
}

func TestSweepRemovesWhatNobodyAskedFor(t *testing.T) {
	data, digest, i := sample(t)
	old := openCache(t, t.TempDir())
	old.Encode(data, digest, i, 40)
	old.Encode(data, digest, i, 41)
	for _, name := range []string{"README", strings.Repeat("0", 64) + "-40.v1.0123456789abcdef.tmp", strings.Repeat("0", 64) + "-480.v0"} {
		if err := os.WriteFile(filepath.Join(old.dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	now := openCache(t, old.dir)
	now.Encode(data, digest, i, 41)
	now.Sweep()
	if names := now.names(t); len(names) != 2 || !strings.Contains(names[0]+names[1], "-41.v") || !strings.Contains(names[0]+names[1], "README") {
		t.Errorf("left: %v", names)
	}
	(*Cache)(nil).Sweep()
}

func TestCacheIsSharedByManyAtOnce(t *testing.T) {
	data, digest, i := sample(t)
	want := encoded(t, data, i, 40)
	c := openCache(t, t.TempDir())
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if got, trouble := c.Encode(data, digest, i, 40); trouble != nil || !bytes.Equal(got, want) {
				t.Errorf("%v, or other bytes", trouble)
			}
		})
	}
	wait.Wait()
	if names := c.names(t); len(names) != 1 {
		t.Errorf("the folder has %v", names)
	}
}

// A cache that is closed gives what it is asked for, and leaves its folder alone.
func TestAClosedCacheKeepsNothing(t *testing.T) {
	folder := t.TempDir()
	dir, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	cache := NewCache(dir)
	if err := cache.Close(); err != nil {
		t.Fatal(err)
	}
	data, digest, i := sample(t)
	if got, trouble := cache.Encode(data, digest, i, 40); trouble != nil || !bytes.Equal(got, encoded(t, data, i, 40)) {
		t.Errorf("%v, or other bytes", trouble)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
