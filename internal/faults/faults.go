// Package faults helps tests to run a real program whose system calls fail, or whose end comes, where the test says so.
// Nothing in the program knows: the kernel asks before each call (seccomp_unotify(2), Linux 5.19 and later, amd64).
package faults

import (
	"errors"
	"syscall"
)

// Call is a system call that the program is about to make.
type Call struct {
	Name    string // as in syscalls(2)
	Path    string // of the file or folder that it is about; where it has two, of the second
	Changes bool   // whether it may change what the disk holds
}

// Verdict is what comes of a call. Its zero value lets it be made.
type Verdict struct {
	Fail syscall.Errno // it is not made, and fails with this
	Kill bool          // it is not made, and the program is killed, as kill -9 does
}

// ErrUnsupported says that the machine cannot fail the calls of a program.
var ErrUnsupported = errors.New("faults: this machine does not let us decide on a program's system calls")
