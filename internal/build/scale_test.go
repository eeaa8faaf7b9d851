package build

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A134, A137, A138: four times as many pages, in one folder, each with tags of its own, and a page that links to all of
// them, take about four times the memory, by the bytes that are asked for: no clock is looked at. What 100,000 pages take is
// measured by BenchmarkBuild, over a site that PENDAPA_BENCH_SITE names.
func TestWorkGrowsWithThePages(t *testing.T) {
	work := func(pages int) (allocated uint64) {
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
		runtime.ReadMemStats(&before)
		mustRun(t, o)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	work(10) // what is made once in a program
	fixed := work(10)
	memory, memory4 := work(100), work(400)
	t.Logf("10 pages: %d MB; 100: %d MB; 400: %d MB", fixed>>20, memory>>20, memory4>>20)
	if memory4-fixed > 5*(memory-fixed) {
		t.Errorf("four times as many pages take %.1f times the memory", float64(memory4-fixed)/float64(memory-fixed))
	}
}
