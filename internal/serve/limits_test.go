package serve

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// door is a server that looks at no portal, and where it answers.
func door(t *testing.T) (*Server, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := New(listener, Options{})
	server := s.server(t.Context())
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	return s, listener.Addr().String()
}

// The request's first line counts, and the empty line that ends the head.
// Limit: a request to a preview: time for its head; size of its head
func TestHeadsOfRequestsAtTheirLimit(t *testing.T) {
	s, address := door(t)
	if got := s.server(t.Context()).ReadHeaderTimeout.Seconds(); got != 5 { // TestSlowRequestsAreEnded waits for it
		t.Errorf("a head may take %g s", got)
	}
	for size, want := range map[int]string{32 << 10: "200", 32<<10 + 1: "431"} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel() // net/http lingers over what it refuses
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			head := "HEAD /.pendapa/live HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\nX: \r\n\r\n"
			_, _ = io.WriteString(conn, strings.Replace(head, "X: ", "X: "+strings.Repeat("x", size-len(head)), 1))
			answer := make([]byte, len("HTTP/1.1 200"))
			_, _ = io.ReadFull(conn, answer)
			if string(answer) != "HTTP/1.1 "+want {
				t.Errorf("%q, want %s", answer, want)
			}
		})
	}
}

// Limit: pages that follow one preview at once
func TestStreamsAtTheirLimit(t *testing.T) {
	s, _ := door(t)
	for open, want := range map[int64]int{0: http.StatusOK, 999: http.StatusOK, 1000: http.StatusServiceUnavailable} {
		s.streams.Store(open)
		answer := httptest.NewRecorder()
		s.stream(answer, httptest.NewRequest(http.MethodHead, "/.pendapa/live?page=/", nil))
		if answer.Code != want || want != http.StatusOK && !strings.Contains(answer.Body.String(), "too many pages follow this preview") {
			t.Errorf("with %d open: %d %s", open, answer.Code, answer.Body)
		}
		if got := s.streams.Load(); got != open {
			t.Errorf("%d are counted when it has ended, of %d", got, open)
		}
	}
}

// Mistakes come before warnings, so that what is not listed is what can wait.
// Limit: problems listed in a preview's panel
func TestPanelAtItsLimit(t *testing.T) {
	for _, n := range []int{99, 100, 101} {
		problems := []diag.Problem{{Severity: diag.Warning, File: "a.md", Message: diag.Textf("the file changed while the portal was built")}}
		for range n - 1 {
			problems = append(problems, diag.Problem{File: "b.md", Message: diag.Textf("the file changed while the portal was built")})
		}
		p := newPanel(problems, locale.English, nil)
		more := ""
		if n > 100 {
			more = "and 1 more; mend these first"
		}
		if len(p.Problems) != min(n, 100) || p.More != more || p.Errors != n-1 || p.Problems[len(p.Problems)-1].Error != (n > 100) {
			t.Errorf("of %d problems %d are listed, %q", n, len(p.Problems), p.More)
		}
	}
}
