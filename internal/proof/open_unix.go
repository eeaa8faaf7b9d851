//go:build unix

package proof

import "syscall"

// openFlags keep an open from waiting where a pipe took the place of a file. (os.Root follows no link out of the folder.)
const openFlags = syscall.O_NONBLOCK
