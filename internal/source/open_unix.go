//go:build unix

package source

import "syscall"

// openFlags keep an open from waiting where a pipe took the place of a file.
const openFlags = syscall.O_NONBLOCK | syscall.O_NOFOLLOW
