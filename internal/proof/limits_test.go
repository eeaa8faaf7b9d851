package proof

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// A log of a million entries is whole, and takes no more: whoever keeps it is told to begin a new one.
// Limit: entries of a transparency log
func TestALogAtItsLimit(t *testing.T) {
	// It stands for one that has all its lines: adding a million takes seconds, and the last one is all that matters here.
	last := entry(1)
	text := append(last.line(), '\n')
	const n = maxEntries - 1
	l := &Log{text: text, starts: make([]int, n, maxEntries+1), hashes: make([]tlog.Hash, tlog.StoredHashCount(n), tlog.StoredHashCount(maxEntries+1))}
	if line, added := l.Append(entry(2)); !added || line == nil || l.Len() != 1_000_000 {
		t.Errorf("the millionth entry is refused: %d entries", l.Len())
	}
	if line, added := l.Append(entry(3)); added || line != nil || l.Len() != 1_000_000 {
		t.Errorf("one more is taken: %d entries", l.Len())
	}
	if line, added := l.Append(entry(2)); added || line == nil {
		t.Error("a portal that is published again as it is is no entry more")
	}
	// When it is read, lines are counted before the first is looked at.
	for lines, want := range map[int]string{1_000_000: "", 1_000_001: "a log has at most 1000000 entries"} {
		_, err := ParseLog([]byte(strings.Repeat("\n", lines)))
		var damaged *DamagedError
		if !errors.As(err, &damaged) || (damaged.Reason.String() == want) != (want != "") || want != "" && damaged.Line != lines {
			t.Errorf("%d lines: %v", lines, err)
		}
	}
}

// Limit: a log's entry; its file; its checkpoint; a list of files
func TestFilesOfAProofAtTheirLimits(t *testing.T) {
	e := entry(1)
	e.URL = "https://x.example/"
	e.URL += strings.Repeat("x", 4<<10-len(e.line()))
	if err := e.Check(); err != nil || len(e.line()) != 4<<10 {
		t.Errorf("an entry of %d bytes: %v", len(e.line()), err)
	}
	if _, err := parseEntry(e.line()); err != nil {
		t.Error(err)
	}
	if e.URL += "x"; e.Check() == nil || !strings.Contains(e.Check().Error(), "it is longer than 4096 bytes") {
		t.Errorf("an entry of %d bytes: %v", len(e.line()), e.Check())
	}
	if _, err := parseEntry(e.line()); err == nil {
		t.Error("it is read")
	}
	dir := t.TempDir()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for name, c := range map[string]struct {
		limit int64
		want  string
	}{
		LogName:        {maxLog, "it is longer than 1073741824 bytes"},
		CheckpointName: {maxCheckpoint, "it is longer than 65536 bytes"},
		manifestName:   {maxManifest, "it is longer than 268435456 bytes"},
	} {
		put(t, dir, name, "")
		if err := os.Truncate(filepath.Join(dir, name), c.limit+1); err != nil { // sparse
			t.Fatal(err)
		}
		var damaged *DamagedError
		if _, err := readSmall(folder, name, c.limit); !errors.As(err, &damaged) || damaged.Reason.String() != c.want {
			t.Errorf("%s of a byte more: %v", name, err)
		}
	}
	// At the limit only the smallest is read: the others take as much memory.
	if err := os.Truncate(filepath.Join(dir, CheckpointName), maxCheckpoint); err != nil {
		t.Fatal(err)
	}
	if data, err := readSmall(folder, CheckpointName, maxCheckpoint); err != nil || len(data) != maxCheckpoint {
		t.Errorf("%d bytes of a checkpoint, %v", len(data), err)
	}
}
