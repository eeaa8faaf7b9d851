// Package proof shows that a portal was published as it was.
//
// Every published folder has a list of its files with their digests, tree.json. [CheckFolder] compares the two, so that
// whoever holds a copy knows whether it is whole. The [Root] stands for all of it: one number for one published portal.
//
// These numbers are kept in a log that only grows. A [Log] is a text file with one line, an [Entry], for each portal that
// was published; its lines are the leaves of the Merkle tree of RFC 6962, 2.1. A [Checkpoint] (C2SP tlog-checkpoint) says
// in three lines how long the log was and what the root of its tree was then, signed where there is a key. Whoever kept a
// checkpoint can show later, with [Log.Since], that no entry up to it was changed, removed or put in between.
//
// What is promised: a [Keeper] never writes a log that an older checkpoint of it does not fit, and never one over a log
// that is damaged, was cut off or changed. What is not: that a log nobody kept a checkpoint of was not written anew as a
// whole. Without a key that includes everybody who can write to the folder.
package proof

// Where the proof of a published folder is, with slashes. The log and the checkpoint prove themselves: they are listed as
// other files are, and no part of the root, which they name.
const (
	ManifestFile   = ".well-known/pendapa/tree.json"
	LogFile        = ".well-known/pendapa/log"
	CheckpointFile = ".well-known/pendapa/checkpoint"
)

// IsProof reports whether a path is one of these, where publishing puts a file when all others are made.
func IsProof(path string) bool { return path == ManifestFile || File{Path: path}.OfLog() }

// Names of the log and its checkpoint in the folder where a Keeper keeps them, and beside each other where they are
// published.
const (
	LogName        = "log"
	CheckpointName = "checkpoint"
)

const manifestName = "tree.json" // in errors

const (
	maxLine       = 4 << 10   // bytes of an entry, without its newline
	maxEntries    = 1_000_000 // of a log
	maxLog        = 1 << 30   // bytes of a log that is read from a file
	maxCheckpoint = 64 << 10  // bytes, signatures and all
	maxManifest   = 256 << 20 // bytes
)
