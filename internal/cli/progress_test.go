package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pendapa/internal/build"
	"pendapa/internal/locale"
)

func TestProgressSaysWhatIsLeft(t *testing.T) {
	for want, laps := range map[string][]build.Lap{
		"":                              nil,
		"publishing …":                  {{Stage: build.Publishing}},
		"making pages: 7 of 12, 5 left": {{Stage: build.Reading, Done: 3, Total: 3}, {Stage: build.Making, Done: 7, Total: 12}},
	} {
		if got := progressLine(laps, locale.English); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := progressLine([]build.Lap{{Stage: build.Making, Done: 1234, Total: 10000}}, locale.Indonesian); got != "membuat halaman: 1.234 dari 10.000, tinggal 8.766" {
		t.Error(got)
	}
}

// A pipe is shown no progress.
func TestProgressIsForTerminals(t *testing.T) {
	var out bytes.Buffer
	a := &app{streams: Streams{Err: &out}}
	stop := a.progress(&build.Meter{})
	stop()
	if out.Len() > 0 {
		t.Errorf("%q", out.String())
	}
}

func TestStatsNameEveryStage(t *testing.T) {
	var out bytes.Buffer
	a := &app{lang: locale.English}
	a.stats(&out, []build.Lap{{Stage: build.Reading, Done: 10, Kept: 9, Time: 1500 * time.Millisecond}, {Stage: build.Publishing, Time: time.Millisecond}})
	got := strings.Fields(out.String())
	if want := strings.Fields("reading 1.500 s 10, 9 of them taken over publishing 0.001 s"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%q", out.String())
	}
	for _, stage := range []build.Stage{build.Reading, build.Linking, build.Making, build.Indexing, build.Publishing, build.Keeping} {
		if _, named := stages[stage]; !named {
			t.Errorf("no name for %s", stage)
		}
	}
}
