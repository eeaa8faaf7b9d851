// Package serve shows a portal to the editor who writes it: a server on this machine that follows every save, reloads
// the open page, and lays what is wrong over it.
//
// Nothing is written. The portal is linked in memory and a page is made when it is asked for, always from one moment's
// files: the old or the new ones, never a mixture. What a save changes is checked before it is shown, so that a page with
// a mistake leaves the last good one standing.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"pendapa/internal/build"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// Options say what to serve and how.
type Options struct {
	Site  build.Options
	Lang  locale.Lang // of what is said about mistakes; empty: the portal's own
	Event func(Event) // told of everything that happens, one event after the other; may be nil
}

// Event is something that the person at the terminal may want to know.
type Event struct {
	Kind     Kind
	Problems []diag.Problem // all of the portal as it is now
	Lang     locale.Lang    // to speak of them in
	Line     func(file string, n int) (string, bool)
	Files    []string      // that were saved; empty for the first time
	Blank    bool          // whether there is no portal to show yet
	Took     time.Duration // from the end of the save to the page being served
	Message  diag.Text     // of a Notice
}

// Kind is the kind of an event.
type Kind uint8

const (
	Shown   Kind = iota // the portal as it is now is served
	Kept                // it has mistakes; the last good one stays
	Checked             // the rest of the portal was looked at too
	Notice              // something about the machine
)

// Server serves one portal.
type Server struct {
	options  Options
	listener net.Listener
	started  int64 // tells this server's versions of files from those of an earlier one
	state    atomic.Pointer[state]
	streams  atomic.Int64 // that are open
	telling  sync.Mutex   // while an event is told

	watch func(dir string, notice func(diag.Text)) (watcher, error)
}

// New makes a server that will answer on a listener.
func New(listener net.Listener, o Options) *Server {
	o.Site.KeepTexts = true
	if o.Event == nil {
		o.Event = func(Event) {}
	}
	s := &Server{options: o, listener: listener, started: time.Now().UnixNano(), watch: watch}
	s.state.Store(&state{next: make(chan struct{}), lang: s.lang(nil)})
	return s
}

// Limits on requests. A page of a portal is made in milliseconds; whoever takes longer is not its reader.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // bytes
)

// server answers until its context ends, and streams with it.
func (s *Server) server(ctx context.Context) *http.Server {
	return &http.Server{
		Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader - 4<<10, // net/http allows as much more
		BaseContext:    func(net.Listener) context.Context { return ctx },
	}
}

// Run serves until the context ends, and returns why it could not go on; nil where it was asked to stop.
func (s *Server) Run(ctx context.Context) error {
	w, err := build.Open(s.options.Site)
	if err != nil {
		return err
	}
	defer w.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := s.server(ctx)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listener) }()
	defer server.Close()
	// The watch starts before the first look at the files, so that no save falls between the two.
	watcher, err := s.watch(s.options.Site.Dir, s.notice)
	if err != nil {
		return err
	}
	defer watcher.Close()
	followed := make(chan error, 1)
	go func() { followed <- s.follow(ctx, w, watcher.Changes()) }()
	select {
	case err = <-failed:
		stop()
		<-followed
	case err = <-followed:
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (s *Server) notice(message diag.Text) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.options.Event(Event{Kind: Notice, Message: message, Lang: s.state.Load().lang})
}

// few is how many outputs are made before a change is shown, so that their mistakes keep it from being shown. What takes
// longer (another layout touches every page) is shown at once and checked behind.
const few = 100

// minute is how often it is looked whether a new day has begun, which changes what is overdue.
const minute = time.Minute

// often is how often it is looked whether something was committed, which changes no file of the site.
const often = 3 * time.Second

// follow brings the portal up to date with every change until the context ends.
func (s *Server) follow(ctx context.Context, w *build.Workspace, changes <-chan batch) error {
	days, commits := time.NewTicker(minute), time.NewTicker(often)
	defer days.Stop()
	defer commits.Stop()
	next := batch{Changes: build.Changes{All: true}, at: time.Now()}
	for {
		behind, err := s.update(ctx, w, next)
		if err != nil && ctx.Err() == nil {
			// The folder cannot be read at the moment; the watch says when it can be again.
			s.show(&state{problems: []diag.Problem{{File: s.options.Site.Dir, Message: diag.Textf("the site's folder cannot be read: %s", err.Error()), Hint: diag.Textf("it is looked at again as soon as it is back")}}}, w)
			s.tell(Event{Kind: Kept}, w)
		}
		checking, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if behind {
				s.checkBehind(checking, w)
			}
		}()
		stop := func() { cancel(); <-done }
		for waiting := true; waiting; {
			waiting = false
			select {
			case <-ctx.Done():
				stop()
				return ctx.Err()
			case next = <-changes:
				stop()
			case <-days.C:
				stop()
				next = batch{at: time.Now()}
			case <-commits.C:
				if waiting = !w.Committed(ctx); !waiting { // a check goes on where nothing was
					stop()
					next = batch{Changes: build.Changes{Repository: true}, at: time.Now()}
				}
			}
		}
	}
}

// update reads what changed and shows the portal as it is now, if it is good. It reports whether a part of the portal is
// still to be checked.
func (s *Server) update(ctx context.Context, w *build.Workspace, b batch) (behind bool, err error) {
	portal, changed, err := w.Update(ctx, b.Changes)
	if err != nil || !changed {
		return w.Pending() > 0, err
	}
	before := s.state.Load()
	switch {
	case portal.Broken():
		problems, err := w.Check(ctx, nil)
		if err != nil {
			return true, err
		}
		s.show(&state{portal: before.portal, good: before.good, problems: problems}, w)
		s.tell(Event{Kind: Kept, Files: b.Paths, Took: time.Since(b.at)}, w)
		return false, nil
	case w.Pending() > few:
		s.show(&state{portal: portal, good: before.good, problems: portal.Problems}, w)
		s.tell(Event{Kind: Shown, Files: b.Paths, Took: time.Since(b.at)}, w)
		return true, nil
	}
	problems, err := w.Check(ctx, nil)
	if err != nil {
		return true, err
	}
	kind := Shown
	fresh := &state{portal: portal, good: portal, problems: problems}
	if hasErrors(problems) {
		if kind = Kept; before.portal != nil {
			fresh.portal, fresh.good = before.portal, before.good
		}
	}
	s.show(fresh, w)
	s.tell(Event{Kind: kind, Files: b.Paths, Took: time.Since(b.at)}, w)
	return false, nil
}

// checkBehind makes the rest of the portal for its mistakes, while its pages can be read already.
func (s *Server) checkBehind(ctx context.Context, w *build.Workspace) {
	problems, err := w.Check(ctx, nil)
	if err != nil {
		return // a newer change came; it is checked with that
	}
	before := s.state.Load()
	fresh := &state{portal: before.portal, good: before.good, problems: problems}
	if !hasErrors(problems) {
		fresh.good = fresh.portal
	}
	s.show(fresh, w)
	s.tell(Event{Kind: Checked}, w)
}

func hasErrors(problems []diag.Problem) bool {
	for _, p := range problems {
		if p.Severity == diag.Error {
			return true
		}
	}
	return false
}

// tell reports an event with the problems of the state that is shown.
func (s *Server) tell(e Event, w *build.Workspace) {
	now := s.state.Load()
	e.Problems, e.Lang, e.Line, e.Blank = now.problems, now.lang, w.Lines(), now.portal == nil
	s.telling.Lock()
	defer s.telling.Unlock()
	s.options.Event(e)
}

// lang is the language in which mistakes are spoken of.
func (s *Server) lang(portal *build.Portal) locale.Lang {
	switch {
	case s.options.Lang.Known():
		return s.options.Lang
	case portal != nil && portal.Site != nil:
		return portal.Site.Settings.Lang()
	}
	return locale.Indonesian
}

// state is what is served from one change to the next.
type state struct {
	portal   *build.Portal // whose pages are shown; nil: there never was one without mistakes
	good     *build.Portal // the newest of which every page was made without a mistake; nil: none
	problems []diag.Problem
	lang     locale.Lang
	panel    panel
	styles   string        // version of the stylesheets
	files    string        // version of all other files that are not pages
	ready    bool          // whether the files were looked at yet
	next     chan struct{} // closed when another state takes its place
}

// show puts a state in the place of the one before.
func (s *Server) show(fresh *state, w *build.Workspace) {
	before := s.state.Load()
	fresh.ready, fresh.next = true, make(chan struct{})
	if fresh.portal == nil {
		fresh.portal, fresh.good = before.portal, before.good
	}
	if fresh.lang = s.lang(fresh.portal); fresh.portal == before.portal && before.ready && s.options.Lang == "" {
		fresh.lang = before.lang
	}
	fresh.panel = newPanel(fresh.problems, fresh.lang, w.Lines())
	if fresh.portal == before.portal {
		fresh.styles, fresh.files = before.styles, before.files
	} else {
		fresh.styles = styles(fresh.portal)
		fresh.files = fmt.Sprintf("%x-%d", s.started, fresh.portal.Revision)
	}
	s.state.Store(fresh)
	close(before.next)
}
