package proof

import (
	"golang.org/x/mod/sumdb/tlog"

	"pendapa/internal/diag"
)

// Each error has its text for a reader, which diag.Of finds by Unwrap.

// DamagedError says that a file cannot be what Pendapa wrote.
type DamagedError struct {
	File   string // "log", "checkpoint" or "tree.json"
	Line   int    // counted from 1; 0: the file as a whole
	Reason diag.Text
}

// Text is the error for a reader.
func (e *DamagedError) Text() diag.Text {
	if e.Line > 0 {
		return diag.Textf("the file %s is damaged in line %d: %s; put it back from a copy", e.File, e.Line, e.Reason)
	}
	return diag.Textf("the file %s is damaged: %s; put it back from a copy", e.File, e.Reason)
}

func (e *DamagedError) Error() string { return e.Text().String() }

// Unwrap is the text.
func (e *DamagedError) Unwrap() error { return e.Text() }

// VersionError says that a tree.json is of another version than this program knows.
type VersionError struct{ Version string } // as it stands there

// Text is the error for a reader.
func (e *VersionError) Text() diag.Text {
	return diag.Textf("the file tree.json has the version %.20s, and this program knows version 1; take a newer Pendapa", e.Version)
}

func (e *VersionError) Error() string { return e.Text().String() }

// Unwrap is the text.
func (e *VersionError) Unwrap() error { return e.Text() }

// ForkError says that a log does not hold what it held when a checkpoint of it was made.
type ForkError struct {
	Size int64     // entries of the checkpoint
	Want tlog.Hash // root of the checkpoint
	Got  tlog.Hash // root of as many entries of the log
}

// Text is the error for a reader.
func (e *ForkError) Text() diag.Text {
	return diag.Textf("the log is not the one that the checkpoint tells of: among its first %d entries one was changed, removed or put in; put the true log back from a copy", e.Size)
}

func (e *ForkError) Error() string { return e.Text().String() }

// Unwrap is the text.
func (e *ForkError) Unwrap() error { return e.Text() }

// ShortError says that a log has fewer entries than when a checkpoint of it was made.
type ShortError struct {
	Size   int64 // entries of the checkpoint
	Length int64 // entries of the log
}

// Text is the error for a reader.
func (e *ShortError) Text() diag.Text {
	return diag.Textf("the log was cut off: it has %d of the %d entries that the checkpoint tells of; put the whole log back from a copy", e.Length, e.Size)
}

func (e *ShortError) Error() string { return e.Text().String() }

// Unwrap is the text.
func (e *ShortError) Unwrap() error { return e.Text() }

// OriginError says that a checkpoint is that of another log.
type OriginError struct {
	Got  string // origin of the checkpoint
	Want string
}

// Text is the error for a reader.
func (e *OriginError) Text() diag.Text {
	return diag.Textf("the checkpoint is that of the log %q, not of %q", e.Got, e.Want)
}

func (e *OriginError) Error() string { return e.Text().String() }

// Unwrap is the text.
func (e *OriginError) Unwrap() error { return e.Text() }

// KeyError says that a key cannot be used, or that a checkpoint is not signed with it. It never tells a private key.
type KeyError struct{ Reason diag.Text }

// Text is the error for a reader.
func (e *KeyError) Text() diag.Text { return e.Reason }

func (e *KeyError) Error() string { return e.Reason.String() }

// Unwrap is the text.
func (e *KeyError) Unwrap() error { return e.Reason }

// BusyError says that a log changed while an entry was added to it.
type BusyError struct{ Folder string }

// Text is the error for a reader.
func (e *BusyError) Text() diag.Text {
	return diag.Textf("the log in %s was changed by another program; build again when that has ended", e.Folder)
}

func (e *BusyError) Error() string { return e.Text().String() }

// Unwrap is the text.
func (e *BusyError) Unwrap() error { return e.Text() }

// FolderError says that a folder cannot be checked at all.
type FolderError struct {
	Folder string
	Reason diag.Text
	Err    error // of the system; nil: none
}

// Text is the error for a reader.
func (e *FolderError) Text() diag.Text {
	return diag.Textf("the folder %s cannot be checked: %s", e.Folder, e.Reason)
}

func (e *FolderError) Error() string { return e.Text().String() }

// Unwrap is the text, and what the system said.
func (e *FolderError) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Text()}
	}
	return []error{e.Text(), e.Err}
}
