package proof

import (
	"bytes"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"pendapa/internal/diag"
)

// Log is a whole log in memory. Its zero value is an empty log. It is not safe for concurrent use.
type Log struct {
	text   []byte // the lines, each with its newline
	starts []int  // where each line begins in text
	hashes stored
}

// stored are the hashes of a log's tree in the order of [tlog.StoredHashIndex]: about two for each entry.
type stored []tlog.Hash

// ReadHashes implements [tlog.HashReader].
func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(s)) {
			return nil, fmt.Errorf("proof: there is no hash %d", at)
		}
		hashes[i] = s[at]
	}
	return hashes, nil
}

// ParseLog reads a log. The error is a *[DamagedError], with the first line that Pendapa did not write.
func ParseLog(data []byte) (*Log, error) {
	l := new(Log)
	if bytes.Count(data, []byte{'\n'}) > maxEntries { // told before a million of them are read
		return nil, &DamagedError{LogName, maxEntries + 1, diag.Textf("a log has at most %d entries", maxEntries)}
	}
	for number := 1; len(data) > 0; number++ {
		line, rest, whole := bytes.Cut(data, []byte{'\n'})
		if !whole {
			return nil, &DamagedError{LogName, number, diag.Textf("it has no end, as if the file was cut off")}
		}
		if _, err := parseEntry(line); err != nil {
			return nil, &DamagedError{LogName, number, diag.Of(err)}
		}
		l.add(line)
		data = rest
	}
	return l, nil
}

// Len is the number of entries.
func (l *Log) Len() int64 { return int64(len(l.starts)) }

// Bytes is the log as it stands in its file.
func (l *Log) Bytes() []byte { return bytes.Clone(l.text) }

// line is an entry's line without its newline; not to be changed.
func (l *Log) line(i int64) []byte {
	end := len(l.text)
	if i+1 < l.Len() {
		end = l.starts[i+1]
	}
	return l.text[l.starts[i] : end-1]
}

// Entry returns an entry, counted from 0. It panics where there is none.
func (l *Log) Entry(i int64) Entry {
	e, _ := parseEntry(l.line(i)) // it was parsed, or checked, when it came in
	return e
}

// Last returns the newest entry; false: the log is empty.
func (l *Log) Last() (Entry, bool) {
	if l.Len() == 0 {
		return Entry{}, false
	}
	return l.Entry(l.Len() - 1), true
}

// Find returns the number of the newest entry of a tree, counted from 0; false: the tree was never published.
func (l *Log) Find(tree string) (int64, bool) {
	if !isDigest(tree) {
		return 0, false
	}
	start := []byte(`{"tree":"` + tree + `"`)
	for i := l.Len() - 1; i >= 0; i-- {
		if bytes.HasPrefix(l.line(i), start) {
			return i, true
		}
	}
	return 0, false
}

// Append adds an entry and returns its line, without the newline. Where the last entry is of the same tree and address,
// nothing is added, and the line is that of the last: building twice adds nothing. An entry that cannot stand
// in a log ([Entry.Check]), or would be one too many (a log has at most 1,000,000), is not added; then the line is nil.
func (l *Log) Append(e Entry) (line []byte, added bool) {
	if last, ok := l.Last(); ok && last.same(e) {
		return bytes.Clone(l.line(l.Len() - 1)), false
	}
	if e.Check() != nil || l.Len() >= maxEntries {
		return nil, false
	}
	line = e.line()
	l.add(line)
	return line, true
}

// add adds a line that is good.
func (l *Log) add(line []byte) {
	hashes, err := tlog.StoredHashes(l.Len(), line, l.hashes)
	if err != nil {
		panic(err) // all hashes before are there
	}
	l.hashes = append(l.hashes, hashes...)
	l.starts = append(l.starts, len(l.text))
	l.text = append(append(l.text, line...), '\n')
}

// Root is the root of the Merkle tree of the first entries (RFC 6962, 2.1): of 0 to all of them.
func (l *Log) Root(size int64) (tlog.Hash, error) {
	if size < 0 || size > l.Len() {
		return tlog.Hash{}, fmt.Errorf("proof: a log of %d entries has no root of %d", l.Len(), size)
	}
	return tlog.TreeHash(size, l.hashes)
}

// Since proves that the log only grew since a checkpoint: that all entries of then are there unchanged, in their order,
// before all others. The error is a *[ShortError] or a *[ForkError].
//
// It takes the way that a reader with nothing but the two checkpoints and a proof would take (RFC 6962, 2.1.2).
func (l *Log) Since(old Checkpoint) error {
	if old.Size > l.Len() {
		return &ShortError{Size: old.Size, Length: l.Len()}
	}
	root, err := l.Root(old.Size)
	if err != nil {
		return err
	}
	fork := &ForkError{Size: old.Size, Want: old.Root, Got: root}
	if root != old.Root {
		return fork
	}
	if old.Size == 0 {
		return nil // there is no proof of nothing
	}
	now, err := l.Root(l.Len())
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(l.Len(), old.Size, l.hashes)
	if err != nil {
		return fmt.Errorf("proof: %w", err)
	}
	if tlog.CheckTree(proof, l.Len(), now, old.Size, old.Root) != nil {
		return fork
	}
	return nil
}

// Check proves that a checkpoint is one of this log, of its full length or from when it was shorter. The error is an
// *[OriginError], a *[ShortError] (the log was cut off) or a *[ForkError].
func (l *Log) Check(c Checkpoint, origin string) error {
	if c.Origin != origin {
		return &OriginError{Got: c.Origin, Want: origin}
	}
	return l.Since(c)
}
