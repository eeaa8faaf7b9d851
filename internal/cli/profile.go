package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"

	"pendapa/internal/build"
)

// Names of the profiles in the folder that --profile names.
const (
	cpuProfile  = "cpu.pprof"
	heapProfile = "heap.pprof"
)

// profile starts a profile of the processor into a folder, which is made where it is not there; the function that it
// returns ends it. When the portal is made and about to be published, a profile of memory is added: what is in use then,
// and all that was asked for. An empty name starts nothing. Both are for "go tool pprof".
func profile(dir string, meter *build.Meter) (end func() error, err error) {
	if dir == "" {
		return func() error { return nil }, nil
	}
	create := func(name string) (*os.File, error) { return os.Create(filepath.Join(dir, name)) }
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("--profile: %w", err)
	}
	cpu, err := create(cpuProfile)
	if err != nil {
		return nil, fmt.Errorf("--profile: %w", err)
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(fmt.Errorf("--profile: %w", err), cpu.Close())
	}
	var heapErr error
	meter.Enter = func(stage build.Stage) {
		if stage != build.Publishing {
			return
		}
		heap, err := create(heapProfile)
		if err == nil {
			runtime.GC() // what is in use is known as of the last collection
			err = errors.Join(pprof.Lookup("heap").WriteTo(heap, 0), heap.Close())
		}
		heapErr = err
	}
	return func() error {
		pprof.StopCPUProfile()
		if err := errors.Join(cpu.Close(), heapErr); err != nil {
			return fmt.Errorf("--profile: %w", err)
		}
		return nil
	}, nil
}
