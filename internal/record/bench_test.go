package record

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"pendapa/internal/cache"
	"pendapa/internal/locale"
)

// large makes a site whose repository has 20,000 commits on 5,000 pages, a tenth of them quick wins, or finds the one that
// was made before.
func large(b *testing.B) string {
	b.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("GIT IS NOT INSTALLED")
	}
	dir := filepath.Join(os.TempDir(), "pendapa-record-bench-1")
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		return dir
	}
	git := func(args ...string) *exec.Cmd {
		cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull)
		cmd.Stderr = os.Stderr
		return cmd
	}
	if err := os.RemoveAll(dir); err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	if err := git("init", "-q", "-b", "utama").Run(); err != nil {
		b.Fatal(err)
	}
	load := git("fast-import", "--quiet")
	in, err := load.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := load.Start(); err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(in)
	random := rand.New(rand.NewPCG(1, 2))
	page := func(i, version int) (name, text string) {
		body := fmt.Sprintf("Halaman %d keadaan %d.\n\nKalimat yang tidak berubah dari waktu ke waktu, agar ada yang dibandingkan.\n", i, version)
		if i%10 != 0 {
			return fmt.Sprintf("content/bintek/2020/warta-%d.md", i), fmt.Sprintf("---\ntitle: Warta %d\nsummary: Ringkasan.\ndate: 2020-01-02\n---\n%s", i, body)
		}
		return fmt.Sprintf("content/quick-wins/janji-%d.md", i), fmt.Sprintf("---\ntitle: Janji %d\nsummary: Ringkasan.\nowner: unknown\nstatus: on-track\nindicators:\n  - id: a\n    name: Ukuran\n    unit: unit\n    direction: up\n    target: {date: 2026-12-31, value: %d}\n    measurements: [{date: 2025-01-31, value: 1}]\n---\n%s", i, 10+version, body)
	}
	versions := make([]int, 5000)
	for commit := range 20000 {
		message := fmt.Sprintf("Perubahan %d", commit)
		fmt.Fprintf(w, "commit refs/heads/utama\ncommitter Sari <s@x.example> %d +0700\ndata %d\n%s\n", 1577836800+commit*3600, len(message), message)
		touch := []int{commit % 5000}
		if commit >= 5000 {
			touch[0] = random.IntN(5000)
		}
		for _, i := range touch {
			versions[i]++
			name, text := page(i, versions[i])
			fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n%s\n", name, len(text), text)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	in.Close()
	if err := load.Wait(); err != nil {
		b.Fatal(err)
	}
	settings := "title: Portal\ncity: Kabupaten Contoh\nurl: https://contoh.example/\n"
	if err := os.WriteFile(filepath.Join(dir, "site.yaml"), []byte(settings), 0o644); err != nil {
		b.Fatal(err)
	}
	if err := git("checkout", "-q", "-f", "utama").Run(); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "made"), nil, 0o644); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkRecord reads the record of a large repository: for the first time, and again when nothing is new.
func BenchmarkRecord(b *testing.B) {
	dir := large(b)
	folder := b.TempDir()
	open := func(b *testing.B) {
		root, err := os.OpenRoot(folder)
		if err != nil {
			b.Fatal(err)
		}
		kept := cache.Open(root, cache.Version{1})
		r, err := Open(b.Context(), dir, kept, Options{Languages: []locale.Lang{locale.Indonesian}, Location: time.UTC, AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Jobs: runtime.GOMAXPROCS(0)})
		if err != nil {
			b.Fatal(err)
		}
		if len(r.Revisions("content/quick-wins/janji-0.md")) < 2 || len(r.Amendments()) < 1000 {
			b.Fatalf("%d revisions, %d amendments", len(r.Revisions("content/quick-wins/janji-0.md")), len(r.Amendments()))
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
		if err := kept.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			if err := os.RemoveAll(folder); err != nil {
				b.Fatal(err)
			}
			if err := os.Mkdir(folder, 0o755); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			open(b)
		}
	})
	b.Run("warm", func(b *testing.B) {
		for b.Loop() {
			open(b)
		}
	})
}
