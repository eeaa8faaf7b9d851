package check_test

import (
	"os"
	"testing"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/check"
)

// BenchmarkCheck checks a whole portal. PENDAPA_BENCH_SITE names its folder.
func BenchmarkCheck(b *testing.B) {
	site := os.Getenv("PENDAPA_BENCH_SITE")
	if site == "" {
		b.Skip("PENDAPA_BENCH_SITE names no site")
	}
	for b.Loop() {
		result, err := check.Run(b.Context(), check.Options{Site: build.Options{Dir: site, Layouts: pendapa.Layouts, Static: pendapa.Static}})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(result.Pages), "pages")
	}
}
