package picture

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"regexp"
	"sync"
)

// version is of the encoding: it is raised whenever [Encode] or [Clean] would give other bytes, so that what older
// programs left in a cache is not taken for theirs.
const version = 1

// Cache keeps encoded versions in a folder, by what they were made from: the original's SHA-256, the width, the version of
// this package's encoding. An entry that is damaged, cut off or was renamed is ignored and made anew. The sum in an entry
// guards against accidents and not against an enemy: whoever can write into the cache could write into the published
// site as well. A folder that cannot be written to is no error, and a nil Cache keeps nothing.
//
// It may be used concurrently, and unfolds no more than two pictures at once: one of a camera takes 80 MB, and one that
// has to be turned more.
type Cache struct {
	dir    *os.Root      // nil: nothing is kept
	slots  chan struct{} // holds one for each picture that is unfolded
	mu     sync.Mutex
	used   map[string]bool // names asked for since the cache was opened
	folder sync.RWMutex    // held while the folder is written to
	closed bool
}

// unfolded is how many pictures are unfolded at once.
const unfolded = 2

// NewCache keeps its entries in a folder that the caller opened, and that [Cache.Close] closes. Without a folder (nil) it
// makes everything anew.
func NewCache(dir *os.Root) *Cache {
	return &Cache{dir: dir, slots: make(chan struct{}, unfolded), used: make(map[string]bool)}
}

// Encode is [Encode], from the cache where it has been done before. digest is the SHA-256 of data.
func (c *Cache) Encode(data []byte, digest [sha256.Size]byte, i Info, width int) ([]byte, *Trouble) {
	return c.get(fmt.Sprintf("%x-%d.v%d", digest, width, version), func() ([]byte, *Trouble) { return Encode(data, i, width) })
}

// Clean is [Clean], from the cache where that takes time: for pictures that are turned.
func (c *Cache) Clean(data []byte, digest [sha256.Size]byte, i Info) ([]byte, *Trouble) {
	if i.Turn <= 1 { // nothing is unfolded
		return Clean(data, i)
	}
	return c.get(fmt.Sprintf("%x-%s.v%d", digest, i.Format, version), func() ([]byte, *Trouble) { return Clean(data, i) })
}

func (c *Cache) get(name string, make func() ([]byte, *Trouble)) ([]byte, *Trouble) {
	if c == nil {
		return make()
	}
	c.mu.Lock()
	c.used[name] = true
	c.mu.Unlock()
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	// Looked for only now: who had the place before may have made it.
	if payload, ok := c.read(name); ok {
		return payload, nil
	}
	payload, trouble := make()
	if trouble == nil {
		c.write(name, payload)
	}
	return payload, trouble
}

// seal is the first bytes of an entry: the SHA-256 of its name and payload. The name is in it so that an entry under
// another's name is not taken for it.
func seal(name string, payload []byte) []byte {
	sum := sha256.New()
	fmt.Fprintf(sum, "pendapa picture %s\n", name)
	sum.Write(payload)
	return sum.Sum(nil)
}

func (c *Cache) read(name string) ([]byte, bool) {
	if c.dir == nil {
		return nil, false
	}
	const most = 256 << 20 // bytes; more than any version can have
	if info, err := c.dir.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return nil, false
	}
	entry, err := c.dir.ReadFile(name)
	if err != nil || len(entry) <= sha256.Size {
		return nil, false
	}
	payload := entry[sha256.Size:]
	return payload, bytes.Equal(entry[:sha256.Size], seal(name, payload))
}

// write puts an entry into the folder at once, by renaming. A process that dies before leaves a file for Sweep. The seal
// makes it unnecessary to wait until the disk has the bytes.
func (c *Cache) write(name string, payload []byte) {
	c.folder.RLock()
	defer c.folder.RUnlock()
	if c.dir == nil || c.closed {
		return
	}
	temporary := fmt.Sprintf("%s.%016x.tmp", name, rand.Uint64())
	file, err := c.dir.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return
	}
	_, err = file.Write(append(seal(name, payload), payload...))
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = c.dir.Rename(temporary, name)
	}
	if err != nil {
		_ = c.dir.Remove(temporary) // a full disk, a folder in the way: the cache goes without
	}
}

// Close ends the keeping of entries, once those that are being written are. What is still being made then, and what is
// asked for later, is made and not kept.
func (c *Cache) Close() error {
	if c == nil || c.dir == nil {
		return nil
	}
	c.folder.Lock()
	defer c.folder.Unlock()
	c.closed = true
	return c.dir.Close()
}

// entries are the names of files that a cache of any version wrote.
var entries = regexp.MustCompile(`^[0-9a-f]{64}-[0-9a-z]+\.v[0-9]+(\.[0-9a-f]{16}\.tmp)?$`)

// Sweep removes the entries that nobody asked for since the cache was opened. It is for the end of a build that planned
// all pictures, while no other uses the folder: another's unfinished entries would go, too (it would only have to make
// them anew).
func (c *Cache) Sweep() {
	if c == nil || c.dir == nil {
		return
	}
	files, err := fs.ReadDir(c.dir.FS(), ".")
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, file := range files {
		if name := file.Name(); entries.MatchString(name) && !c.used[name] && file.Type().IsRegular() {
			_ = c.dir.Remove(name)
		}
	}
}
