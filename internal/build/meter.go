package build

import (
	"sync"
	"time"
)

// Stage is a part of a build.
type Stage string

// The stages of a build, in their order.
const (
	Reading    Stage = "reading"    // settings, content and what the build before kept
	Linking    Stage = "linking"    // the graph, and the list of all outputs
	Making     Stage = "making"     // pages, data, feeds, pictures
	Indexing   Stage = "indexing"   // the files of search
	Publishing Stage = "publishing" // durable, and in the place of the old portal
	Keeping    Stage = "keeping"    // what the next build can use
)

// Meter tells how far a build is, and how long its stages took. Its zero value is ready; one that is nil measures nothing.
// Its methods may be called from several goroutines.
type Meter struct {
	Enter func(Stage) // is called when a stage begins; may be nil

	mu   sync.Mutex
	laps []Lap
}

// Lap is a stage with what was done in it.
type Lap struct {
	Stage       Stage
	Done, Total int           // pages read, outputs made and the like; total is 0 where nothing is counted
	Kept        int           // of those done: taken over from the build before
	Time        time.Duration // by the clock on the wall; so far, of the stage that is not over

	began time.Time
	over  bool
}

// Laps are the stages so far.
func (m *Meter) Laps() []Lap {
	m.mu.Lock()
	defer m.mu.Unlock()
	laps := append([]Lap(nil), m.laps...)
	if n := len(laps); n > 0 && !laps[n-1].over {
		laps[n-1].Time = time.Since(laps[n-1].began)
	}
	return laps
}

// begin ends the stage before and begins one in which so many things are to be done.
func (m *Meter) begin(stage Stage, total int) {
	if m == nil {
		return
	}
	if m.end(); m.Enter != nil {
		m.Enter(stage)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.laps = append(m.laps, Lap{Stage: stage, Total: total, began: time.Now()})
}

// end ends the stage.
func (m *Meter) end() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.laps); n > 0 && !m.laps[n-1].over {
		m.laps[n-1].over, m.laps[n-1].Time = true, time.Since(m.laps[n-1].began)
	}
}

// count says how many things are to be done in the stage, where that was not known at its start.
func (m *Meter) count(total int) {
	m.change(func(lap *Lap) { lap.Total = total })
}

// step counts one thing done; kept says that it was taken over.
func (m *Meter) step(kept bool) {
	m.change(func(lap *Lap) {
		if lap.Done++; kept {
			lap.Kept++
		}
	})
}

func (m *Meter) change(with func(*Lap)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.laps); n > 0 {
		with(&m.laps[n-1])
	}
}
