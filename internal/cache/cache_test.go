package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var version = Version{1}

func open(t *testing.T, dir string, v Version) *Cache {
	t.Helper()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	return Open(folder, v)
}

// kept saves an index with two blobs, and returns these.
func kept(t *testing.T, dir string) (a, b Extent) {
	t.Helper()
	c := open(t, dir, version)
	a, b = c.Add([]byte("sampah")), c.Add([]byte("biogas"))
	if err := c.Save(int64(a.Size+b.Size), []byte("the "), []byte("index")); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return a, b
}

func TestWhatIsKeptComesBack(t *testing.T) {
	dir := t.TempDir()
	a, b := kept(t, dir)
	c := open(t, dir, version)
	defer c.Close()
	if c.Index() != "the index" {
		t.Errorf("the index reads %q", c.Index())
	}
	for want, e := range map[string]Extent{"sampah": a, "biogas": b} {
		if data, ok := c.Read(e); !ok || string(data) != want {
			t.Errorf("%q, %v, want %q", data, ok, want)
		}
	}
	added := c.Add([]byte("baru"))
	if data, ok := c.Added(added); !ok || string(data) != "baru" {
		t.Errorf("added: %q, %v", data, ok)
	}
}

// A110: what cannot be trusted is as if it were not there, and the next run starts anew.
func TestDamagedAndForeignFilesAreNothing(t *testing.T) {
	change := func(name string, with func(data []byte) []byte) func(string) {
		return func(dir string) {
			at := filepath.Join(dir, name)
			data, _ := os.ReadFile(at)
			_ = os.WriteFile(at, with(data), 0o644)
		}
	}
	flip := func(data []byte) []byte { data[len(data)-1] ^= 1; return data }
	for name, test := range map[string]struct {
		spoil   func(dir string)
		version Version
		index   string
		blobs   string
	}{
		"nothing happened":      {func(string) {}, version, "the index", "sampah biogas"},
		"another version":       {func(string) {}, Version{2}, "", ""},
		"an index cut off":      {change("index", func(d []byte) []byte { return d[:len(d)-1] }), version, "", ""},
		"a header cut off":      {change("index", func(d []byte) []byte { return d[:20] }), version, "", ""},
		"an empty index":        {change("index", func(d []byte) []byte { return nil }), version, "", ""},
		"a wrong bit in it":     {change("index", flip), version, "", ""},
		"a wrong bit at head":   {change("index", func(d []byte) []byte { d[50] ^= 1; return d }), version, "", ""},
		"a foreign index":       {change("index", func(d []byte) []byte { return []byte(strings.Repeat("x", 500)) }), version, "", ""},
		"a folder for an index": {func(dir string) { os.Remove(dir + "/index"); os.Mkdir(dir+"/index", 0o755) }, version, "", ""},
		"no blobs":              {func(dir string) { os.Remove(dir + "/blobs-1") }, version, "", ""},
		"blobs cut off":         {change("blobs-1", func(d []byte) []byte { return d[:8] }), version, "the index", "sampah"},
		"a wrong bit in a blob": {change("blobs-1", flip), version, "the index", "sampah"},
		"longer blobs":          {change("blobs-1", func(d []byte) []byte { return append(d, "half of a blob"...) }), version, "the index", "sampah biogas"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a, b := kept(t, dir)
			test.spoil(dir)
			c := open(t, dir, test.version)
			var got []string
			for _, e := range []Extent{a, b} {
				if data, ok := c.Read(e); ok {
					got = append(got, string(data))
				}
			}
			if c.Index() != test.index || strings.Join(got, " ") != test.blobs {
				t.Errorf("index %q, blobs %q", c.Index(), got)
			}
			e := c.Add([]byte("baru"))
			err := c.Save(int64(e.Size), []byte("next"))
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if name == "a folder for an index" {
				if err == nil {
					t.Error("saved over a folder")
				}
				return
			}
			c = open(t, dir, test.version)
			defer c.Close()
			if data, ok := c.Read(e); err != nil || c.Index() != "next" || !ok || string(data) != "baru" {
				t.Errorf("next run: %q, %q, %v", c.Index(), data, err)
			}
		})
	}
}

// A file of blobs that hold little of use is left for another.
func TestBlobsDoNotGrowForEver(t *testing.T) {
	dir := t.TempDir()
	a, _ := kept(t, dir)
	for i := range 50 {
		c := open(t, dir, version)
		a = c.Keep(a)
		e := c.Add([]byte(fmt.Sprint("blob ", i)))
		if err := c.Save(int64(a.Size+e.Size), []byte("index")); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		size := int64(0)
		names, _ := filepath.Glob(dir + "/blobs-*")
		for _, name := range names {
			info, _ := os.Stat(name)
			size += info.Size()
		}
		if len(names) != 1 || size > 60 {
			t.Fatalf("after %d runs: %v of %d bytes", i, names, size)
		}
	}
	c := open(t, dir, version)
	defer c.Close()
	if data, ok := c.Read(a); !ok || string(data) != "sampah" {
		t.Errorf("what was kept all the time reads %q, %v", data, ok)
	}
}

// A run that ends without saving leaves what was there.
func TestWithoutSaveNothingChanges(t *testing.T) {
	dir := t.TempDir()
	a, _ := kept(t, dir)
	c := open(t, dir, version)
	c.Add([]byte("never saved"))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = open(t, dir, version)
	if data, ok := c.Read(a); c.Index() != "the index" || !ok || string(data) != "sampah" {
		t.Errorf("%q, %q", c.Index(), data)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	c = open(t, empty, version)
	c.Add([]byte("never saved"))
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(empty); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNoCacheKeepsNothing(t *testing.T) {
	var c *Cache
	e := c.Add([]byte("x"))
	if _, ok := c.Read(e); ok || c.Index() != "" || c.Keep(Extent{Size: 1}) != (Extent{}) || c.Save(0) != nil || c.Close() != nil {
		t.Error("it kept something")
	}
}
