package proof

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"pendapa/internal/diag"
)

// Keeper keeps a log and its checkpoint in a folder, as the files "log" and "checkpoint".
type Keeper struct {
	Origin      string // name of the log
	PrivateKey  string // with which checkpoints are signed; empty: they are not
	VerifierKey string // with which the checkpoint before is checked; empty: that of the private key
}

// Update adds an entry to the log in a folder, which is made where it is not there, and returns both files as they are
// then, for publishing. Where the log ends with the same portal already, nothing is added.
//
// Before anything is written, the log is read and must fit its checkpoint, and that must be signed with the key;
// otherwise both stay as they are, byte for byte, and the error is a *[DamagedError], *[ForkError], *[ShortError],
// *[OriginError] or *[KeyError]. A checkpoint that is signed is never replaced by one that is not.
//
// Both files are written beside the old ones and made durable, then the log is renamed, then the checkpoint. Whatever
// ends an update leaves both as they were, or both as they should be, or the log one entry ahead of its checkpoint; the
// next update takes that entry over and goes on.
//
// The caller sees to it that one update runs at a time. One that finds, right before the renames, that the log has changed
// since it read it ends with a *[BusyError] and changes nothing. But that is no lock: of two that rename in the same moment
// one may lose its entry, or leave its checkpoint beside the log of the other, which the next update refuses.
func (k Keeper) Update(dir string, e Entry) (log, checkpoint []byte, err error) {
	return k.update(dir, e, func(step) error { return nil })
}

// step is a place in an update where tests look in, or end it.
type step string

const (
	staged  step = "staged"  // the new files are beside the old
	renamed step = "renamed" // the new log is in its place, the new checkpoint is not
)

func (k Keeper) update(dir string, e Entry, at func(step) error) (log, checkpoint []byte, err error) {
	if k.VerifierKey, err = k.verifierKey(); err != nil {
		return nil, nil, err
	}
	if err := checkOrigin(k.Origin); err != nil {
		return nil, nil, err
	}
	if err := e.Check(); err != nil {
		return nil, nil, diag.Textf("the portal cannot be added to the log: %s", diag.Of(err))
	}
	folder, err := openFolder(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("proof: open the folder of the log: %w", err)
	}
	defer folder.Close()

	before, proved, err := k.read(folder)
	if err != nil {
		return nil, nil, err
	}
	l, err := ParseLog(before.log)
	if err != nil {
		return nil, nil, err
	}
	if err := k.fits(l, proved); err != nil {
		return nil, nil, err
	}
	if proved.Size < l.Len() { // an update ended between its two renames: first what that one left undone
		checkpoint, err := l.Checkpoint(k.Origin, k.PrivateKey)
		if err != nil {
			return nil, nil, err
		}
		next := kept{before.log, checkpoint}
		if err := replace(folder, before, next, at); err != nil {
			return nil, nil, err
		}
		before = next
	}
	if _, added := l.Append(e); !added {
		if last, ok := l.Last(); !ok || !last.same(e) {
			return nil, nil, diag.Textf("the log is full: it has %d entries; begin a new one in another folder", l.Len())
		}
		return before.log, before.checkpoint, nil
	}
	checkpoint, err = l.Checkpoint(k.Origin, k.PrivateKey)
	if err != nil {
		return nil, nil, err
	}
	next := kept{l.Bytes(), checkpoint}
	if err := replace(folder, before, next, at); err != nil {
		return nil, nil, err
	}
	return next.log, next.checkpoint, nil
}

// verifierKey is the key with which the checkpoint before is checked, after making sure that it belongs to the private.
func (k Keeper) verifierKey() (string, error) {
	if k.PrivateKey == "" {
		if k.VerifierKey != "" {
			return "", &KeyError{diag.Textf("a public key is given but no private key, so that the checkpoint cannot be signed; give both")}
		}
		return "", nil
	}
	own, err := VerifierKey(k.PrivateKey)
	if err != nil || k.VerifierKey == "" {
		return own, err
	}
	if _, err := verifier(k.VerifierKey); err != nil {
		return "", err
	}
	if k.VerifierKey != own {
		return "", &KeyError{diag.Textf("the public key does not belong to the private key; give the two that were made together")}
	}
	return own, nil
}

// kept are the files of a log; nil: it is not there.
type kept struct{ log, checkpoint []byte }

// read reads both files, and parses the checkpoint. Where there is none, nothing is proved: as with one of size 0.
func (k Keeper) read(folder *os.Root) (files kept, proved Checkpoint, err error) {
	if files, err = readKept(folder); err != nil {
		return kept{}, Checkpoint{}, err
	}
	if files.checkpoint == nil {
		root, err := new(Log).Root(0)
		return files, Checkpoint{Origin: k.Origin, Root: root}, err
	}
	if proved, err = ParseCheckpoint(files.checkpoint, k.VerifierKey); err != nil {
		return kept{}, Checkpoint{}, err
	}
	if proved.Signed && k.PrivateKey == "" {
		return kept{}, Checkpoint{}, &KeyError{diag.Textf("the checkpoint is signed with the key of %s, and no private key is given; give it", strings.Join(proved.Signers, ", "))}
	}
	return files, proved, nil
}

// fits makes sure that the log is the one of its checkpoint, and at most the one entry ahead that an update may leave.
func (k Keeper) fits(l *Log, proved Checkpoint) error {
	if err := l.Check(proved, k.Origin); err != nil {
		return err
	}
	if l.Len() > proved.Size+1 {
		return damagedCheckpoint(diag.Textf("it tells of %d of the %d entries of the log", proved.Size, l.Len()))
	}
	return nil
}

func readKept(folder *os.Root) (files kept, err error) {
	if files.log, err = readSmall(folder, LogName, maxLog); err != nil {
		return kept{}, err
	}
	files.checkpoint, err = readSmall(folder, CheckpointName, maxCheckpoint)
	return files, err
}

// readSmall reads a file of at most limit bytes; nil: there is none. A link is not followed.
func readSmall(folder *os.Root, name string, limit int64) ([]byte, error) {
	base := filepath.Base(name)
	info, err := folder.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("proof: read %s: %w", base, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &DamagedError{File: base, Reason: diag.Textf("it is a link, a folder or a device, not a file")}
	}
	if info.Size() > limit {
		return nil, &DamagedError{File: base, Reason: diag.Textf("it is longer than %d bytes", limit)}
	}
	f, err := openSeen(folder, name, info)
	if err != nil {
		return nil, fmt.Errorf("proof: read %s: %w", base, err)
	}
	defer f.Close()
	var b bytes.Buffer
	b.Grow(int(info.Size()) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(f, limit+1)); err != nil {
		return nil, fmt.Errorf("proof: read %s: %w", base, err)
	}
	if int64(b.Len()) > limit {
		return nil, &DamagedError{File: base, Reason: diag.Textf("it is longer than %d bytes", limit)}
	}
	return b.Bytes(), nil
}

// openFolder opens a folder, and makes it where it is not there.
func openFolder(dir string) (*os.Root, error) {
	folder, err := os.OpenRoot(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if above, err := os.OpenRoot(filepath.Dir(filepath.Clean(dir))); err == nil {
		_ = syncFolder(above) // a folder that a power cut takes is made again
		above.Close()
	}
	return os.OpenRoot(dir)
}

// temporary is what names of files begin with that are not in their place yet.
const temporary = ".pendapa-new-"

// replace puts new files in the place of the old, where those are still as they were.
func replace(folder *os.Root, old, new kept, at func(step) error) error {
	fail := func(err error) error {
		if err == nil {
			return nil
		}
		return fmt.Errorf("proof: write the log: %w", err)
	}
	if err := sweep(folder); err != nil {
		return fail(err)
	}
	own := temporary + rand.Text() // nobody else writes to this name
	defer func() {
		_, _ = folder.Remove(own+LogName), folder.Remove(own+CheckpointName) // what stays, the next update sweeps
	}()
	if err := errors.Join(write(folder, own+LogName, new.log), write(folder, own+CheckpointName, new.checkpoint)); err != nil {
		return fail(err)
	}
	if err := at(staged); err != nil {
		return err
	}
	if now, err := readKept(folder); err != nil || !bytes.Equal(now.log, old.log) || !bytes.Equal(now.checkpoint, old.checkpoint) {
		return &BusyError{folder.Name()}
	}
	// Durable before the next rename: a power cut must not leave a checkpoint of entries that are not there.
	if err := errors.Join(folder.Rename(own+LogName, LogName), syncFolder(folder)); err != nil {
		return fail(err)
	}
	if err := at(renamed); err != nil {
		return err
	}
	return fail(errors.Join(folder.Rename(own+CheckpointName, CheckpointName), syncFolder(folder)))
}

// sweep removes what updates left that died.
func sweep(folder *os.Root) error {
	dir, err := folder.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	entries, err := dir.ReadDir(-1)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), temporary) {
			err = errors.Join(err, folder.RemoveAll(entry.Name()))
		}
	}
	return err
}

// write makes a new file, and makes it durable.
func write(folder *os.Root, name string, data []byte) error {
	f, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes the names in a folder durable.
func syncFolder(folder *os.Root) error {
	if runtime.GOOS == "windows" { // has no such thing for folders
		return nil
	}
	dir, err := folder.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
