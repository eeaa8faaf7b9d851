package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"pendapa/internal/build"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// When a line of progress is first shown, and how often it changes.
const (
	patience = time.Second
	interval = 200 * time.Millisecond
)

// stages are what the stages of a build are called.
var stages = map[build.Stage]diag.Text{
	build.Reading:    diag.Textf("reading"),
	build.Linking:    diag.Textf("linking"),
	build.Making:     diag.Textf("making pages"),
	build.Indexing:   diag.Textf("indexing words"),
	build.Publishing: diag.Textf("publishing"),
	build.Keeping:    diag.Textf("keeping for the next build"),
}

// progress shows on a terminal how far a build is, in one line that is wiped away by the function it returns. In a pipe
// nothing is shown.
func (a *app) progress(meter *build.Meter) (stop func()) {
	if !terminal(a.streams.Err) || os.Getenv("TERM") == "dumb" {
		return func() {}
	}
	lang := a.speaks()
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		shown := false
		for wait := patience; ; wait = interval {
			select {
			case <-done:
				if shown {
					fmt.Fprint(a.streams.Err, "\r\x1b[K")
				}
				return
			case <-time.After(wait):
				if line := progressLine(meter.Laps(), lang); line != "" {
					fmt.Fprint(a.streams.Err, "\r\x1b[K", line)
					shown = true
				}
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// progressLine is the stage that a build is in, with how much of it is left.
func progressLine(laps []build.Lap, lang locale.Lang) string {
	if len(laps) == 0 {
		return ""
	}
	lap := laps[len(laps)-1]
	name := stages[lap.Stage].In(lang.Message)
	if lap.Total == 0 {
		return name + " …"
	}
	return fmt.Sprintf("%s: %s", name, diag.Textf("%s of %s, %s left", lang.Int(lap.Done), lang.Int(lap.Total), lang.Int(max(lap.Total-lap.Done, 0))).In(lang.Message))
}

// stats writes how long the stages of a build took, one a line.
func (a *app) stats(w io.Writer, laps []build.Lap) {
	lang := a.speaks()
	for _, lap := range laps {
		line := fmt.Sprintf("%-28s %8s s", stages[lap.Stage].In(lang.Message), lang.Number(lap.Time.Seconds(), 3))
		if lap.Done > 0 {
			line += "   " + diag.Textf("%s, %s of them taken over", lang.Int(lap.Done), lang.Int(lap.Kept)).In(lang.Message)
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// terminal reports whether w is a terminal.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
