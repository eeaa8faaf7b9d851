//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pendapa/internal/demo"
	"pendapa/internal/treetest"
)

// served is the real command, serving.
type served struct {
	cmd *exec.Cmd
	url string

	mu  sync.Mutex
	out strings.Builder
}

var shownAt = regexp.MustCompile(`(?:the portal is shown at|portal tampil di) (http://\S+/) `)

// serveSite starts the real command on a free port and waits until it says where the portal is shown.
func serveSite(t testing.TB, site string, args ...string) *served {
	t.Helper()
	s := &served{cmd: exec.Command("pendapa", append([]string{"serve", "-C", site, "--addr", "127.0.0.1:0", "--as-of", demo.AsOf}, args...)...)}
	s.cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0") // the race detector waits a second before a program ends
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = s
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	url := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			if m := shownAt.FindStringSubmatch(lines.Text()); m != nil {
				url <- m[1]
			}
			fmt.Fprintln(s, lines.Text())
		}
	}()
	select {
	case s.url = <-url:
	case <-time.After(20 * time.Second):
		t.Fatalf("serve does not say where\n%s", s)
	}
	return s
}

func (s *served) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// String is what the command printed so far.
func (s *served) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

func (s *served) get(t testing.TB, path string) string {
	t.Helper()
	response, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A99: Ctrl-C at any moment ends serve within a second, with status 0, and leaves no file behind.
func TestServeEndsAtCtrlC(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	before := treetest.Digest(t, site)
	for i := range 10 {
		s := serveSite(t, site)
		if i%2 == 0 { // a page follows the preview
			response, err := http.Get(s.url + ".pendapa/live?page=/")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
		}
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		start := time.Now()
		if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		if err := s.cmd.Wait(); err != nil {
			t.Errorf("%v\n%s", err, s)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("took %v to end", took)
		}
	}
	if err := os.RemoveAll(filepath.Join(site, ".pendapa")); err != nil { // what it keeps for the next time
		t.Fatal(err)
	}
	if treetest.Digest(t, site) != before {
		t.Error("serve changed the site's folder")
	}
}

// A82: a port that is taken is said, with one that is free.
func TestServeNamesTheNextFreePort(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	s := serveSite(t, site)
	port := strings.Trim(strings.TrimPrefix(s.url, "http://127.0.0.1:"), "/")
	out, err := exec.Command("pendapa", "serve", "-C", site, "--addr", "127.0.0.1:"+port).CombinedOutput()
	if err == nil || err.(*exec.ExitError).ExitCode() != 3 || !regexp.MustCompile(`port `+port+` is in use .*; \d+ is free: pendapa serve --addr 127\.0\.0\.1:\d+`).Match(out) {
		t.Errorf("%v: %s", err, out)
	}
}

// A88: a preview shows drafts where they are asked for, each with a mark, on its page and in lists; a build does not have them.
func TestServedDraftsCarryAMark(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pendapa", "new", "quick-win", "Janji yang belum jadi", "-C", site).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const address = "quick-wins/janji-yang-belum-jadi/"
	with := serveSite(t, site, "--drafts")
	if page := with.get(t, address); !strings.Contains(page, "Draf: halaman ini belum diterbitkan.") {
		t.Errorf("the draft carries no mark\n%s", page)
	}
	if list := with.get(t, "quick-wins/"); !strings.Contains(list, `Janji yang belum jadi</a> <b class="draft">Draf</b>`) {
		t.Error("the draft carries no mark in its list")
	}
	without := serveSite(t, site)
	if page := without.get(t, address); strings.Contains(page, "Janji yang belum jadi") {
		t.Error("a draft is shown that nobody asked for")
	}
}

// A81: whoever lets others see the preview is told so; under another name than its own it answers to nobody.
func TestServeWarnsOfOtherReaders(t *testing.T) {
	site := filepath.Join(t.TempDir(), "site")
	if err := copyDemo(site); err != nil {
		t.Fatal(err)
	}
	s := serveSite(t, site, "--addr", "0.0.0.0:0", "--lang", "en")
	if !strings.Contains(s.String(), "everybody in the network can read the preview, drafts included") {
		t.Errorf("no warning\n%s", s)
	}
	if page := s.get(t, ""); !strings.Contains(page, "Kabupaten Contoh") {
		t.Error("the preview does not answer under its own address")
	}
	request, err := http.NewRequest(http.MethodGet, s.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "rebound.example" + strings.TrimRight(strings.TrimPrefix(s.url, "http://127.0.0.1"), "/")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("another name is answered with %d", response.StatusCode)
	}
}

// BenchmarkSave measures the editor's wait with the real command: from the end of a save to the new bytes being served.
// PENDAPA_BENCH_SITE names the site's folder. A save changes a body, or the front matter too, with which every list that
// names the page changes.
func BenchmarkSave(b *testing.B) {
	site := os.Getenv("PENDAPA_BENCH_SITE")
	if site == "" {
		b.Skip("PENDAPA_BENCH_SITE names no site")
	}
	s := serveSite(b, site, "--lang", "en")
	for end := time.Now().Add(2 * time.Minute); !strings.Contains(s.String(), "every page was looked at"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatal(s)
		}
	}
	pages, err := filepath.Glob(filepath.Join(site, "content/bintek/*/*.md"))
	if err != nil || len(pages) == 0 {
		b.Fatal(pages, err)
	}
	for _, change := range []string{"body", "front"} {
		b.Run(change, func(b *testing.B) {
			var waits []time.Duration
			for i := 0; b.Loop(); i++ {
				file := pages[rand.IntN(len(pages))]
				text, err := os.ReadFile(file)
				if err != nil {
					b.Fatal(err)
				}
				mark := fmt.Sprintf("simpanan-%d-%d", i, rand.Uint64())
				fresh := string(text) + "\n" + mark + "\n"
				if change == "front" {
					fresh = regexp.MustCompile(`(?m)^summary: .*$`).ReplaceAllLiteralString(string(text), "summary: "+mark)
				}
				address := strings.TrimSuffix(strings.TrimPrefix(file, filepath.Join(site, "content")+"/"), ".md") + "/"
				if err := os.WriteFile(file, []byte(fresh), 0o644); err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				for !strings.Contains(s.get(b, address), mark) {
					if time.Since(start) > 10*time.Second {
						b.Fatal(file, "is stale\n", s)
					}
					time.Sleep(time.Millisecond)
				}
				waits = append(waits, time.Since(start))
				if err := os.WriteFile(file, text, 0o644); err != nil {
					b.Fatal(err)
				}
				time.Sleep(100 * time.Millisecond) // the save that puts the page back is not measured
			}
			slices.Sort(waits)
			at := func(share float64) float64 {
				return float64(waits[min(int(share*float64(len(waits))), len(waits)-1)].Microseconds()) / 1000
			}
			b.ReportMetric(at(0.5), "ms-median")
			b.ReportMetric(at(0.99), "ms-p99")
			b.ReportMetric(0, "ns/op")
		})
	}
}
