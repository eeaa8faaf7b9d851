package check

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// Limit: redirects that `pendapa check` follows from one link
func TestRedirectsAtTheirLimit(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n, _ := strconv.Atoi(r.URL.Path[1:]); n > 0 {
			http.Redirect(w, r, "/"+strconv.Itoa(n-1), http.StatusFound)
		}
	}))
	defer site.Close()
	asker := &Asker{Now: func() time.Time { return time.Time{} }, Private: true}
	if a := asker.askOne(t.Context(), site.Client(), site.URL+"/5"); !a.good() || a.Error != "" {
		t.Errorf("five: %+v", a)
	}
	if a := asker.askOne(t.Context(), site.Client(), site.URL+"/6"); a.good() || a.Error != "more than 5 redirects" {
		t.Errorf("six: %+v", a)
	}
}
