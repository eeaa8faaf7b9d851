package serve

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendapa/internal/treetest"
)

// A85, A86, A96: five hundred browsers follow the preview, of which half never read; slow ones keep the server waiting;
// a hundred ask at once, ten thousand times in all; and somebody saves, and saves. Every answer is one whole state of a
// page, and when all have gone nothing of them is left: no goroutine, no memory, no open file.
func TestPreviewUnderLoad(t *testing.T) {
	p := start(t, treetest.Demo(t))
	const (
		file    = "content/bintek/2026/kabar.md"
		page    = "/bintek/2026/kabar/"
		streams = 500
		slow    = 20
		atOnce  = 100
		large   = 5 << 20 // bytes
	)
	requests := int64(treetest.Effort(1_000, 10_000, 10_000))
	p.write(file, fmt.Sprintf(story, "0"))
	p.eventually("the page", p.shows(page, "Isi 0."))
	// Larger than what the kernel takes at once: whoever reads it slowly keeps a write waiting.
	if err := os.MkdirAll(filepath.Join(p.dir, "static"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.write("static/besar.txt", strings.Repeat("Data yang besar.\n", large/17)+"</html>")
	p.eventually("the large file", func() bool { status, _ := p.get("/besar.txt"); return status == http.StatusOK })
	others := []string{"/", "/quick-wins/", "/masterplan/", "/bintek/", "/en/", "/atom.xml", "/data/quick-wins.csv", "/tidak/ada/"}
	for _, other := range others { // what is made when it is first asked for
		p.get(other)
	}
	http.DefaultClient.CloseIdleConnections()
	runtime.GC()
	goroutines, open := runtime.NumGoroutine(), openFiles(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)

	ctx, leave := context.WithCancel(t.Context())
	follower := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	var arrived sync.WaitGroup
	for i := range streams {
		arrived.Go(func() {
			request, _ := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/.pendapa/live?page="+page, nil)
			response, err := follower.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				_, _ = response.Body.Read(make([]byte, 100))
			}
		})
	}
	arrived.Wait()
	if got := p.streams.Load(); got != streams {
		t.Errorf("%d streams are open", got)
	}

	saved := make(chan struct{})
	var saver, slowReaders, readers sync.WaitGroup
	states := 0
	saver.Go(func() {
		for ; ; states++ {
			select {
			case <-saved:
				return
			case <-time.After(time.Duration(rand.IntN(20)) * time.Millisecond):
			}
			if err := os.WriteFile(filepath.Join(p.dir, file), fmt.Appendf(nil, story, fmt.Sprint(states)), 0o644); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range slow {
		slowReaders.Go(func() {
			if err := takeSlowly(p.listener.Addr().String(), "/besar.txt"); err != nil {
				t.Error(err)
			}
		})
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}
	title, text := regexp.MustCompile(`<h1[^>]*>Kabar (\d+)`), regexp.MustCompile(`Isi (\d+)\.`)
	var asked, torn atomic.Int64
	for range atOnce {
		readers.Go(func() {
			for asked.Add(1) <= requests && torn.Load() < 10 {
				address := page
				if rand.IntN(2) == 0 {
					address = others[rand.IntN(len(others))]
				}
				response, err := client.Get(p.url + address)
				if err != nil {
					torn.Add(1)
					t.Error(err)
					continue
				}
				data, err := io.ReadAll(response.Body)
				response.Body.Close()
				body := string(data)
				whole := err == nil && response.StatusCode == http.StatusOK && len(body) > 0 || address == "/tidak/ada/" && response.StatusCode == http.StatusNotFound
				if strings.HasSuffix(address, "/") {
					whole = whole && strings.HasSuffix(strings.TrimSpace(body), "</html>")
				}
				if address == page {
					head, isi := title.FindStringSubmatch(body), text.FindStringSubmatch(body)
					whole = whole && head != nil && isi != nil && head[1] == isi[1]
				}
				if !whole {
					torn.Add(1)
					t.Errorf("%s: torn: %d, %d bytes, %v", address, response.StatusCode, len(body), err)
				}
			}
		})
	}
	readers.Wait()
	slowReaders.Wait()
	close(saved)
	saver.Wait()
	p.eventually("the last save", p.shows(page, fmt.Sprintf("Isi %d.", states-1)))

	leave()
	client.CloseIdleConnections()
	follower.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections()
	p.eventually("all have gone", func() bool {
		return p.streams.Load() == 0 && runtime.NumGoroutine() <= goroutines && openFiles(t) <= open
	})
	p.eventually("memory is as it was", func() bool { // a pool keeps what it has through one collection
		runtime.GC()
		runtime.ReadMemStats(&after)
		return int64(after.HeapAlloc)-int64(before.HeapAlloc) < 2*large
	})
	t.Logf("%d requests, %d saves, %d torn; memory before %d KB, after %d KB", requests, states, torn.Load(), before.HeapAlloc>>10, after.HeapAlloc>>10)
}

// takeSlowly asks for a large file and reads on only after a second.
func takeSlowly(address, page string) error {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	_ = connection.(*net.TCPConn).SetReadBuffer(64 << 10)
	if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", page, address); err != nil {
		return err
	}
	if _, err := io.ReadFull(connection, make([]byte, 512)); err != nil {
		return err
	}
	time.Sleep(time.Second)
	body, err := io.ReadAll(connection)
	if err == nil && !strings.HasSuffix(string(body), "</html>") {
		err = fmt.Errorf("a slow reader got %d bytes", len(body))
	}
	return err
}

// openFiles counts the program's open files, connections included; 0 where the system does not tell.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
