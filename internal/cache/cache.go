// Package cache keeps what one run made for the next, in two files of a folder: an index, which is read in one go and
// written anew as a whole, and blobs, which are read one by one where they are wanted and only ever added to.
//
// What is damaged, cut off or of another version is as if it were not there. That is told by sums which are no protection
// against who writes into the folder on purpose: it is to be trusted as the program itself.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

// Version tells apart what made and what reads a cache: what was kept under one is nothing to another.
type Version [sha256.Size]byte

// Extent is where a blob stands. Its zero value is no blob.
type Extent struct {
	At   int64
	Size uint32
	Sum  uint32 // CRC-32C (Castagnoli) of its bytes
}

// Cache is what is kept. Its methods but for [Cache.Save] and [Cache.Close] may be called from several goroutines. A nil
// cache keeps nothing.
type Cache struct {
	folder  *os.Root
	version Version
	index   string

	old     *os.File // the blobs that the index tells of; nil: none
	new     *os.File // where blobs are added; nil: none was
	number  uint64   // of the file of new blobs
	appends bool     // whether that is the one of the old
	begin   func() error
	end     atomic.Int64
	saved   bool
}

const (
	indexName  = "index"
	blobsName  = "blobs-" // with a number: the next file of blobs has another
	magic      = "pendapa cache 1\n"
	largest    = 1 << 30                                  // bytes of an index
	headerSize = len(magic) + sha256.Size + 8 + 8 + 8 + 4 // version, number and end of the blobs, bytes in use, sum
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func blobs(number uint64) string { return blobsName + strconv.FormatUint(number, 10) }

// Open opens the cache in a folder, which it closes in the end. A cache of another version is empty.
func Open(folder *os.Root, version Version) *Cache {
	c := &Cache{folder: folder, version: version}
	number, end, live := c.readIndex()
	c.number = number + 1
	if c.index != "" {
		old, err := folder.OpenFile(blobs(number), os.O_RDWR, 0)
		if err != nil {
			c.index = ""
		}
		c.old = old
	}
	if c.old != nil && live >= end/2 { // otherwise what is still wanted moves to a new file
		c.number, c.appends = number, true
		c.end.Store(end)
	}
	c.begin = sync.OnceValue(func() (err error) {
		if c.new = c.old; !c.appends {
			c.new, err = folder.OpenFile(blobs(c.number), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		}
		return err
	})
	return c
}

// readIndex reads the index, where there is one of this version.
func (c *Cache) readIndex() (number uint64, end, live int64) {
	if info, err := c.folder.Lstat(indexName); err != nil || !info.Mode().IsRegular() || info.Size() < int64(headerSize) || info.Size() > largest {
		return 0, 0, 0
	}
	data, err := c.folder.ReadFile(indexName)
	if err != nil || len(data) < headerSize {
		return 0, 0, 0
	}
	head, body := data[:headerSize], data[headerSize:]
	rest, ok := bytes.CutPrefix(head, []byte(magic))
	if !ok {
		return 0, 0, 0
	}
	number = binary.LittleEndian.Uint64(rest[sha256.Size:])
	sum := crc32.Update(crc32.Checksum(head[:headerSize-4], castagnoli), castagnoli, body)
	if binary.LittleEndian.Uint32(rest[sha256.Size+24:]) != sum || Version(rest[:sha256.Size]) != c.version {
		return number, 0, 0
	}
	c.index = string(body)
	return number, int64(binary.LittleEndian.Uint64(rest[sha256.Size+8:])), int64(binary.LittleEndian.Uint64(rest[sha256.Size+16:]))
}

// Index is what was last saved; empty: nothing that is of use.
func (c *Cache) Index() string {
	if c == nil {
		return ""
	}
	return c.index
}

// Read returns a blob that the index names; false: it is not there as it was.
func (c *Cache) Read(e Extent) ([]byte, bool) {
	if c == nil || c.old == nil || e == (Extent{}) {
		return nil, false
	}
	return read(c.old, e)
}

// Added returns a blob that this run added.
func (c *Cache) Added(e Extent) ([]byte, bool) {
	if c == nil || e == (Extent{}) {
		return nil, false
	}
	return read(c.new, e)
}

func read(f *os.File, e Extent) ([]byte, bool) {
	data := make([]byte, e.Size)
	if _, err := f.ReadAt(data, e.At); err != nil || crc32.Checksum(data, castagnoli) != e.Sum {
		return nil, false
	}
	return data, true
}

// Add adds a blob. Where it cannot be kept, the extent is zero.
func (c *Cache) Add(data []byte) Extent {
	if c == nil || len(data) == 0 || c.begin() != nil {
		return Extent{}
	}
	e := Extent{At: c.end.Add(int64(len(data))) - int64(len(data)), Size: uint32(len(data)), Sum: crc32.Checksum(data, castagnoli)}
	if _, err := c.new.WriteAt(data, e.At); err != nil {
		return Extent{}
	}
	return e
}

// Keep keeps a blob of the index for the next, and returns where it will stand then.
func (c *Cache) Keep(e Extent) Extent {
	if c != nil && c.appends {
		return e
	}
	data, ok := c.Read(e)
	if !ok {
		return Extent{}
	}
	return c.Add(data)
}

// Save makes the parts of an index, one behind the other, what the next run reads; live is how many bytes of blobs it
// names.
func (c *Cache) Save(live int64, index ...[]byte) error {
	if c == nil {
		return nil
	}
	if err := c.begin(); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	head := append([]byte(magic), c.version[:]...)
	head = binary.LittleEndian.AppendUint64(head, c.number)
	head = binary.LittleEndian.AppendUint64(head, uint64(c.end.Load()))
	head = binary.LittleEndian.AppendUint64(head, uint64(live))
	sum := crc32.Checksum(head, castagnoli)
	for _, part := range index {
		sum = crc32.Update(sum, castagnoli, part)
	}
	head = binary.LittleEndian.AppendUint32(head, sum)
	// Not made durable: what a power cut leaves half is told by its sum.
	const fresh = indexName + ".new"
	if err := errors.Join(c.write(fresh, append([][]byte{head}, index...)), c.folder.Rename(fresh, indexName)); err != nil {
		_ = c.folder.Remove(fresh)
		return fmt.Errorf("cache: %w", err)
	}
	c.saved = true
	return nil
}

// write writes a file of several parts.
func (c *Cache) write(name string, parts [][]byte) error {
	f, err := c.folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if _, err = f.Write(part); err != nil {
			break
		}
	}
	return errors.Join(err, f.Close())
}

// Close releases the files, and removes those that are of no use.
func (c *Cache) Close() error {
	if c == nil {
		return nil
	}
	var errs []error
	if c.old != nil {
		errs = append(errs, c.old.Close())
	}
	if c.new != nil && c.new != c.old {
		errs = append(errs, c.new.Close())
	}
	if c.new != nil && !c.appends {
		wanted := blobs(c.number)
		names, _ := fs.Glob(c.folder.FS(), blobsName+"*")
		for _, name := range names {
			if (name == wanted) != c.saved {
				_ = c.folder.Remove(name)
			}
		}
	}
	return errors.Join(append(errs, c.folder.Close())...)
}
