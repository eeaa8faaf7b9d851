package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	mostStreams   = 1000             // that are open at once
	streamTimeout = 5 * time.Second  // for one message to be taken
	heartbeat     = 15 * time.Second // between messages that say nothing, so that a browser that has gone is noticed
)

// message is what the script in a page gets to know.
type message struct {
	Version string `json:"version"` // of the page; empty: it is not there any more
	Styles  string `json:"styles"`
	Files   string `json:"files"`
	Panel   panel  `json:"panel"`
}

// stream follows the changes of one page by server-sent events (WHATWG HTML, 9.2): the state as it is now, and again
// whenever it changes. Nothing is queued: a browser that is slow gets the newest state when it is ready for it.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	if !s.sameOrigin(r) {
		http.Error(w, "only pages of this preview can follow it", http.StatusForbidden)
		return
	}
	if s.streams.Add(1) > mostStreams {
		s.streams.Add(-1)
		http.Error(w, "too many pages follow this preview", http.StatusServiceUnavailable)
		return
	}
	defer s.streams.Add(-1)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	if r.Method == http.MethodHead {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	// The server's limits are for requests that end.
	_ = control.SetReadDeadline(time.Time{})
	write := func(text string) bool {
		if control.SetWriteDeadline(time.Now().Add(streamTimeout)) != nil {
			return false
		}
		_, err := fmt.Fprint(w, text)
		return err == nil && control.Flush() == nil
	}
	if !write("retry: 500\n\n") {
		return
	}
	page := r.URL.Query().Get("page")
	for {
		now := s.state.Load()
		if now.ready {
			data, err := json.Marshal(message{now.version(page), now.styles, now.files, now.panel})
			if err != nil || !write("data: "+string(data)+"\n\n") {
				return
			}
		}
		for waiting := true; waiting; {
			select {
			case <-r.Context().Done():
				return
			case <-now.next:
				waiting = false
			case <-beat.C:
				if !write(": still here\n\n") {
					return
				}
			}
		}
	}
}

// sameOrigin reports whether a request comes from a page of this server, or from no page at all. Both headers are asked:
// not every browser sends both (Fetch standard, 3.2; Fetch Metadata, 2.4).
func (s *Server) sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && s.isOwn(r, u.Host)
}

// version is the version of what a request for an address (percent-encoded, as browsers have it) is answered with now;
// empty where no page can be shown.
func (st *state) version(address string) string {
	plain, err := url.PathUnescape(address)
	if err != nil || st.portal == nil {
		return ""
	}
	found := st.find(plain)
	data, _ := st.make(found.output)
	if data == nil {
		return ""
	}
	return pageVersion(data)
}
