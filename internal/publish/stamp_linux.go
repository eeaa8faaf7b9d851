package publish

import "golang.org/x/sys/unix"

func stampOf(name string) (stamp, error) {
	var info unix.Stat_t
	if err := unix.Lstat(name, &info); err != nil {
		return stamp{}, err
	}
	return stamp{info.Ino, info.Size, info.Mtim.Nano(), info.Ctim.Nano()}, nil
}
