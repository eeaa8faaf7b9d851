//go:build unix

package build

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A134, A137, A138: four times as many pages, in one folder, each with tags of its own, and a page that links to all of
// them, take about four times the memory and the time. What 100,000 pages take is measured by BenchmarkBuild, over a site
// that PENDAPA_BENCH_SITE names.
func TestWorkGrowsWithThePages(t *testing.T) {
	work := func(pages int) (allocated uint64, user time.Duration) {
		o := small(t)
		o.NoCache = true
		folder := filepath.Join(o.Dir, "content/info")
		var links strings.Builder
		for i := range pages {
			text := fmt.Sprintf("---\ntitle: Halaman %d\nsummary: Tentang hal %[1]d.\ntags: [a%[1]d, b%[1]d, c%[1]d, d%[1]d]\n---\nSatu kalimat tentang hal ke-%[1]d.\n", i)
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("h%d.md", i)), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&links, "- [hal %d](info/h%[1]d.md)\n", i)
		}
		put(t, o.Dir, "content/semua.md", "---\ntitle: Semua\nsummary: s\n---\n"+links.String())
		var before, after runtime.MemStats
		var start, end syscall.Rusage
		runtime.ReadMemStats(&before)
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &start)
		mustRun(t, o)
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &end)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc, time.Duration(end.Utime.Nano() - start.Utime.Nano())
	}
	work(10) // what is made once in a program
	fixed, _ := work(10)
	memory, user := work(200)
	memory4, user4 := work(800)
	t.Logf("10 pages: %d MB; 200: %d MB in %v; 800: %d MB in %v", fixed>>20, memory>>20, user, memory4>>20, user4)
	if memory4-fixed > 5*(memory-fixed) {
		t.Errorf("four times as many pages take %.1f times the memory", float64(memory4-fixed)/float64(memory-fixed))
	}
	if user4 > 5*user { // with what takes as long for one page: less than four times
		t.Errorf("four times as many pages take %.1f times the time", float64(user4)/float64(user))
	}
}
