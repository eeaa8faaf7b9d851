package cli

import (
	"context"
	"errors"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// grace is how long an interrupted command may take to tidy up. What it leaves then is tidied by the next one: a portal
// is published whole or not at all, however a build ends.
const grace = 800 * time.Millisecond

// errUnfinished says that an interrupted command did not end within grace.
var errUnfinished = errors.New("interrupted before it had tidied up")

// within runs work, and does not wait for it longer than grace once the context has ended.
func within[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
		var none T
		return none, errUnfinished
	}
}

// memoryFiles are where a container's limit of memory stands: of control groups version 2 and 1.
var memoryFiles = []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}

// How much memory may be waiting to be collected: so many bytes, or half of what is in use, where that is more.
const (
	room  = 80 << 20
	least = 50 // per cent (GOGC)
)

// tuneMemory lets memory be collected seldom as long as there is little of it: a build is faster for it. A container's
// limit, which one of the files names, is kept. Who sets GOGC or GOMEMLIMIT decides instead.
func tuneMemory(getenv func(string) string, files []string) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	limit := int64(math.MaxInt64)
	for _, name := range files {
		if most, ok := memoryLimit(name); ok {
			limit = most
			break
		}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(min(room, limit))
	type collected struct{ _ *int } // what may hold a pointer is collected on its own
	var watch func(*collected)
	watch = func(*collected) { // after each collection
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(int(max(least, room*100/max(live[0].Value.Uint64(), 1))))
		debug.SetMemoryLimit(limit)
		runtime.SetFinalizer(&collected{}, watch)
	}
	runtime.SetFinalizer(&collected{}, watch)
}

// memoryLimit is nine tenths of the limit that a file of a control group names: the rest is for what the runtime does not
// count.
func memoryLimit(name string) (int64, bool) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, false
	}
	limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || limit <= 0 || limit > 1<<50 { // "max", or version 1's way to say so
		return 0, false
	}
	return limit / 10 * 9, true
}
