package cli

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

// Who interrupts a command waits less than a second, whatever it is at.
func TestInterruptedWorkIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		time.AfterFunc(time.Minute, cancel)
		start := time.Now()
		_, err := within(ctx, func() (int, error) { <-release; return 1, nil })
		if took := time.Since(start) - time.Minute; !errors.Is(err, errUnfinished) || took >= time.Second {
			t.Errorf("%v, %v after the interruption", err, took)
		}
		close(release)
	})
}

func TestWorkThatEndsInTimeIsHeard(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	failure := errors.New("tidied up")
	if _, err := within(ctx, func() (int, error) { cancel(); return 0, failure }); !errors.Is(err, failure) {
		t.Error(err)
	}
	if n, err := within(t.Context(), func() (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Error(n, err)
	}
}

func TestMemoryLimitOfAContainerIsKept(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	for text, want := range map[string]int64{
		"50000000\n": 45000000, "max\n": room, "9223372036854771712": room, "": room, "-1": room, "1000000000000": room,
	} {
		name := filepath.Join(t.TempDir(), "memory.max")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		tuneMemory(func(string) string { return "" }, []string{"/not/there", name})
		if got := debug.SetMemoryLimit(-1); got != want {
			t.Errorf("%q: a limit of %d bytes, want %d", text, got, want)
		}
	}
	for _, set := range []string{"GOGC", "GOMEMLIMIT"} {
		debug.SetMemoryLimit(math.MaxInt64)
		tuneMemory(func(name string) string { return map[string]string{set: "50"}[name] }, nil)
		if got := debug.SetMemoryLimit(-1); got != math.MaxInt64 {
			t.Errorf("%s is set, and the limit is %d", set, got)
		}
	}
}
