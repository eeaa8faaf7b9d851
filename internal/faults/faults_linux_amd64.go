package faults

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// kind is how the arguments of a call say what it is about.
type kind int

const (
	ofFile    kind = iota // the first is an open file
	ofPath                // the first two are a folder and a path in it
	ofNewFile             // the third is an open file
	ofNewPath             // the third and fourth are a folder and a path in it
	ofOpen                // as ofPath, and the third are flags
)

type callee struct {
	name    string
	kind    kind
	changes bool
}

// calls are those that are decided on.
var calls = map[int32]callee{
	unix.SYS_OPENAT:          {"openat", ofOpen, false},
	unix.SYS_READ:            {"read", ofFile, false},
	unix.SYS_PREAD64:         {"pread64", ofFile, false},
	unix.SYS_GETDENTS64:      {"getdents64", ofFile, false},
	unix.SYS_FSTAT:           {"fstat", ofFile, false},
	unix.SYS_NEWFSTATAT:      {"newfstatat", ofPath, false},
	unix.SYS_STATX:           {"statx", ofPath, false},
	unix.SYS_OPENAT2:         {"openat2", ofPath, false},
	unix.SYS_READLINKAT:      {"readlinkat", ofPath, false},
	unix.SYS_FACCESSAT:       {"faccessat", ofPath, false},
	unix.SYS_CLOSE:           {"close", ofFile, false},
	unix.SYS_FLOCK:           {"flock", ofFile, true},
	unix.SYS_WRITE:           {"write", ofFile, true},
	unix.SYS_PWRITE64:        {"pwrite64", ofFile, true},
	unix.SYS_WRITEV:          {"writev", ofFile, true},
	unix.SYS_PWRITEV:         {"pwritev", ofFile, true},
	unix.SYS_UTIMENSAT:       {"utimensat", ofPath, true},
	unix.SYS_COPY_FILE_RANGE: {"copy_file_range", ofNewFile, true},
	unix.SYS_FTRUNCATE:       {"ftruncate", ofFile, true},
	unix.SYS_FCHMOD:          {"fchmod", ofFile, true},
	unix.SYS_FCHMODAT:        {"fchmodat", ofPath, true},
	unix.SYS_FCHMODAT2:       {"fchmodat2", ofPath, true},
	unix.SYS_FSYNC:           {"fsync", ofFile, true},
	unix.SYS_FDATASYNC:       {"fdatasync", ofFile, true},
	unix.SYS_SYNCFS:          {"syncfs", ofFile, true},
	unix.SYS_MKDIRAT:         {"mkdirat", ofPath, true},
	unix.SYS_UNLINKAT:        {"unlinkat", ofPath, true},
	unix.SYS_LINKAT:          {"linkat", ofNewPath, true},
	unix.SYS_RENAMEAT:        {"renameat", ofNewPath, true},
	unix.SYS_RENAMEAT2:       {"renameat2", ofNewPath, true},
}

// notification is struct seccomp_notif, and answer struct seccomp_notif_resp, of linux/seccomp.h.
type notification struct {
	id     uint64
	thread uint32
	_      uint32
	call   int32
	_      uint32
	_      uint64
	args   [6]uint64
}

type answer struct {
	id    uint64
	value int64
	errno int32
	flags uint32
}

const (
	receive    = 0xc0502100 // SECCOMP_IOCTL_NOTIF_RECV
	send       = 0xc0182101 // SECCOMP_IOCTL_NOTIF_SEND
	letThrough = 1          // SECCOMP_USER_NOTIF_FLAG_CONTINUE
)

// filter asks for the calls that are decided on, and lets all others through.
func filter() []unix.SockFilter {
	const archOffset, callOffset = 4, 0
	n := len(calls)
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: archOffset},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.AUDIT_ARCH_X86_64, Jf: uint8(n + 1)},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: callOffset},
	}
	left := n
	for number := range calls {
		program = append(program, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: uint32(number), Jt: uint8(left)})
		left--
	}
	return append(program,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_USER_NOTIF},
	)
}

// Main runs the program and the arguments that the command line names, under the eyes of [Run]. It does not return.
func Main() {
	fail := func(what string, err error) {
		fmt.Fprintf(os.Stderr, "faults: %s: %v\n", what, err)
		os.Exit(125)
	}
	program, err := exec.LookPath(os.Args[1])
	if err != nil {
		fail("find the program", err)
	}
	runtime.LockOSThread() // the filter is this thread's, and that of what it becomes
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		fail("give up privileges", err)
	}
	instructions := filter()
	list := unix.SockFprog{Len: uint16(len(instructions)), Filter: &instructions[0]}
	// Waiting threads are woken by fatal signals only: otherwise the Go runtime's own signals would make a call twice.
	const waitKillable = 1 << 5
	listener, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER|waitKillable, uintptr(unsafe.Pointer(&list)))
	if errno != 0 {
		fail("install the filter", errno)
	}
	if err := unix.Sendmsg(3, []byte{0}, unix.UnixRights(int(listener)), nil, 0); err != nil {
		fail("hand over the filter", err)
	}
	fail("run the program", syscall.Exec(program, os.Args[1:], os.Environ()))
}

// Run runs a command that ends up in [Main]: its arguments are the program and the program's own. Each call about what
// lies in a folder is decided on, one after the other, in the program and in those that it starts. The error is that of
// the command, or wraps [ErrUnsupported].
func Run(cmd *exec.Cmd, folder string, decide func(Call) Verdict) error {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	cmd.ExtraFiles = []*os.File{theirs}
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		return err
	}
	listener, err := takeOver(pair[0])
	if err != nil {
		return fmt.Errorf("%w: %w, %w", ErrUnsupported, err, cmd.Wait())
	}
	defer unix.Close(listener)
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	watchErr := watch(listener, folder, decide, cmd.Process)
	return errors.Join(cmd.Wait(), watchErr)
}

// takeOver receives the file that [Main] sends.
func takeOver(socket int) (int, error) {
	text, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(socket, text, rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return 0, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return 0, fmt.Errorf("no filter came: %w", errors.Join(err, syscall.EPROTO))
	}
	files, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, err
	}
	return files[0], nil
}

// watch decides on calls until nobody is left to make any.
func watch(listener int, folder string, decide func(Call) Verdict, process *os.Process) error {
	killed := false
	for {
		ready := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(ready, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("faults: %w", err)
		}
		if ready[0].Revents&unix.POLLIN == 0 {
			if ready[0].Revents&unix.POLLHUP != 0 {
				return nil
			}
			continue
		}
		var n notification
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(listener), receive, uintptr(unsafe.Pointer(&n))); errno != 0 {
			if errno == unix.ENOENT || errno == unix.EINTR { // who asked is dead
				continue
			}
			return fmt.Errorf("faults: %w", errno)
		}
		a := answer{id: n.id, flags: letThrough}
		if call := n.read(); !killed && (call.Path == folder || strings.HasPrefix(call.Path, folder+"/")) {
			switch verdict := decide(call); {
			case verdict.Kill:
				killed = true
				if err := process.Kill(); err != nil {
					return fmt.Errorf("faults: %w", err)
				}
				continue
			case verdict.Fail != 0:
				a = answer{id: n.id, errno: -int32(verdict.Fail)}
			}
		}
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(listener), send, uintptr(unsafe.Pointer(&a))); errno != 0 && errno != unix.ENOENT {
			return fmt.Errorf("faults: %w", errno)
		}
	}
}

// read is the call in words.
func (n *notification) read() Call {
	callee := calls[n.call]
	call := Call{Name: callee.name, Changes: callee.changes}
	switch callee.kind {
	case ofFile:
		call.Path = n.file(n.args[0])
	case ofPath:
		call.Path = n.path(n.args[0], n.args[1])
	case ofNewFile:
		call.Path = n.file(n.args[2])
	case ofNewPath:
		call.Path = n.path(n.args[2], n.args[3])
	case ofOpen:
		call.Path = n.path(n.args[0], n.args[1])
		call.Changes = n.args[2]&(unix.O_WRONLY|unix.O_RDWR|unix.O_CREAT|unix.O_TRUNC) != 0
	}
	return call
}

// file is the path of an open file.
func (n *notification) file(number uint64) string {
	path, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", n.thread, int32(number)))
	return path
}

// path is that of a text in the program's memory, below a folder that it opened.
func (n *notification) path(folder, address uint64) string {
	name := n.text(uintptr(address))
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	base := ""
	if int32(folder) == unix.AT_FDCWD {
		base, _ = os.Readlink(fmt.Sprintf("/proc/%d/cwd", n.thread))
	} else {
		base = n.file(folder)
	}
	return filepath.Join(base, name)
}

// text reads up to a zero byte, a page at a time: the next may not be there.
func (n *notification) text(address uintptr) string {
	var text []byte
	size := uintptr(os.Getpagesize())
	for len(text) < unix.PathMax {
		part := make([]byte, size-address%size)
		remote := []unix.RemoteIovec{{Base: address, Len: len(part)}}
		local := []unix.Iovec{{Base: &part[0]}}
		local[0].SetLen(len(part))
		got, err := unix.ProcessVMReadv(int(n.thread), local, remote, 0)
		if err != nil {
			return ""
		}
		if end := bytes.IndexByte(part[:got], 0); end >= 0 {
			return string(append(text, part[:end]...))
		}
		text, address = append(text, part[:got]...), address+uintptr(got)
	}
	return ""
}
