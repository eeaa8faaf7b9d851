package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"pendapa/internal/diag"
)

// Asker asks other sites whether the addresses that a portal links to lead anywhere. It is polite: one question a host
// at a time, few at once, HEAD before GET, and what was answered lately is not asked again.
type Asker struct {
	Cache   string           // file that keeps answers between runs; empty: none
	Now     func() time.Time // nil: the machine's clock
	Private bool             // whether addresses of private networks are asked too: content must not be able to probe them

	answers map[string]answer
}

// Bounds of politeness and patience.
const (
	askersAtOnce = 8                // hosts
	askTimeout   = 10 * time.Second // for one answer, with what it leads on to
	keepGood     = 7 * 24 * time.Hour
	keepBad      = 6 * time.Hour
	maxRedirects = 5
)

// answer is what a site said about an address.
type answer struct {
	Asked  time.Time `json:"asked"`
	Status int       `json:"status,omitempty"` // of HTTP; 0: no answer
	Error  string    `json:"error,omitempty"`
	Moved  string    `json:"moved,omitempty"` // where a lasting redirect leads
}

func (a answer) good() bool { return a.Status >= 200 && a.Status < 300 }

// ask asks all addresses and adds findings; it returns how many were asked and not known from before.
func (a *Asker) ask(ctx context.Context, f *finder, addresses map[string][]where) int {
	if a.Now == nil {
		a.Now = time.Now
	}
	a.load()
	byHost := make(map[string][]string)
	for _, address := range slices.Sorted(maps.Keys(addresses)) {
		u, err := url.Parse(address)
		if err != nil {
			continue // told by every build
		}
		u.Fragment = ""
		known, asked := a.answers[u.String()]
		keep := keepBad
		if known.good() {
			keep = keepGood
		}
		if asked && a.Now().Sub(known.Asked) < keep || slices.Contains(byHost[u.Host], u.String()) {
			continue
		}
		byHost[u.Host] = append(byHost[u.Host], u.String())
	}
	count := a.askHosts(ctx, byHost)
	a.save(f)
	for address, places := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		u.Fragment = ""
		known, asked := a.answers[u.String()]
		for _, at := range places {
			pos, width := f.place(at.file, "]("+at.href, at.href)
			problem := diag.Problem{File: at.file, Pos: pos, Width: width, Hint: diag.Textf("correct the address, or link to where the page is now; a page that is gone may be kept by a web archive")}
			switch {
			case !asked:
				continue // the run was ended
			case known.Status == 0:
				problem.Message = diag.Textf("%s does not answer: %s", diag.Clip(address), known.Error)
			case known.Status == http.StatusTooManyRequests || known.Status == http.StatusForbidden || known.Status == http.StatusUnauthorized || known.Status >= 500:
				continue // there, and not willing or able to say more to a program
			case !known.good():
				problem.Message = diag.Textf("%s answers with %d", diag.Clip(address), known.Status)
			case known.Moved != "":
				problem.Message, problem.Hint = diag.Textf("%s has moved for good", diag.Clip(address)), diag.Textf("write %q", known.Moved)
			default:
				continue
			}
			f.add("external-link", problem)
		}
	}
	return count
}

// askHosts asks the addresses of each host one after the other, and a few hosts at once.
func (a *Asker) askHosts(ctx context.Context, byHost map[string][]string) int {
	client := &http.Client{
		Timeout: askTimeout,
		Transport: &http.Transport{
			MaxConnsPerHost: 1, ResponseHeaderTimeout: askTimeout, TLSHandshakeTimeout: askTimeout, Proxy: http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: askTimeout, Control: a.control}).DialContext,
		},
	}
	var mu sync.Mutex
	var hosts sync.WaitGroup
	count := 0
	gate := make(chan struct{}, askersAtOnce)
	for _, host := range slices.Sorted(maps.Keys(byHost)) {
		hosts.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			for _, address := range byHost[host] {
				if ctx.Err() != nil {
					return
				}
				given := a.askOne(ctx, client, address)
				mu.Lock()
				if ctx.Err() == nil {
					a.answers[address] = given
					count++
				}
				mu.Unlock()
			}
		})
	}
	hosts.Wait()
	return count
}

var errPrivate = errors.New("the address lies in a private network")

// control refuses connections into private networks, after names are resolved, so that no name leads there.
func (a *Asker) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := at.Addr().Unmap(); !a.Private && (!ip.IsGlobalUnicast() || ip.IsPrivate()) {
		return errPrivate
	}
	return nil
}

// askOne asks for one address: its head, and where a site does not answer that, the page itself.
func (a *Asker) askOne(ctx context.Context, client *http.Client, address string) answer {
	given := answer{Asked: a.Now()}
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		moved := ""
		asking := *client
		asking.CheckRedirect = func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects { // via begins with what was asked for
				return fmt.Errorf("more than %d redirects", maxRedirects)
			}
			if status := r.Response.StatusCode; status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect {
				moved = r.URL.String()
			}
			return nil
		}
		request, err := http.NewRequestWithContext(ctx, method, address, nil)
		if err != nil {
			given.Error = err.Error()
			return given
		}
		request.Header.Set("User-Agent", "pendapa-check")
		response, err := asking.Do(request)
		if err != nil {
			var refused *url.Error
			if errors.As(err, &refused) {
				err = refused.Err
			}
			given.Status, given.Error = 0, err.Error()
			continue
		}
		_, _ = io.CopyN(io.Discard, response.Body, 4<<10) // so that the connection can be used again
		response.Body.Close()
		given.Status, given.Error, given.Moved = response.StatusCode, "", moved
		if given.good() || response.StatusCode == http.StatusTooManyRequests {
			return given
		}
	}
	return given
}

// load reads the answers of earlier runs. A file that cannot be read is as none.
func (a *Asker) load() {
	a.answers = make(map[string]answer)
	if a.Cache == "" {
		return
	}
	if data, err := os.ReadFile(a.Cache); err == nil && json.Unmarshal(data, &a.answers) != nil {
		a.answers = make(map[string]answer)
	}
}

// save keeps the answers that will still be good, written beside and renamed.
func (a *Asker) save(f *finder) {
	if a.Cache == "" {
		return
	}
	maps.DeleteFunc(a.answers, func(_ string, given answer) bool { return a.Now().Sub(given.Asked) > keepGood })
	err := func() error {
		if err := os.MkdirAll(filepath.Dir(a.Cache), 0o755); err != nil {
			return err
		}
		data, err := json.MarshalIndent(a.answers, "", "\t")
		if err != nil {
			return err
		}
		fresh := a.Cache + ".tmp"
		if err := os.WriteFile(fresh, data, 0o644); err != nil {
			return err
		}
		return os.Rename(fresh, a.Cache)
	}()
	if err != nil {
		f.problems.Add(diag.Problem{Severity: diag.Warning, File: a.Cache, Message: diag.Textf("the answers of other sites cannot be kept: %s", err.Error()), Hint: diag.Textf("they are asked again next time")})
	}
}
