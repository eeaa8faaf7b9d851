// Package build knows the order: settings, content, graph, pages, published tree. It is the only package that does.
package build

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/publish"
	"pendapa/internal/render"
)

// Options say what to build and how.
type Options struct {
	Dir      string // the site's folder
	Out      string // the output folder; relative to Dir unless absolute
	BaseURL  string // takes the place of the settings' url; may be empty
	AsOf     string // day, as 2018-09-26; empty: today in the site's time zone
	Drafts   bool
	Future   bool
	Compress bool             // put gzip and Brotli forms beside files
	NoCache  bool             // make everything anew, and keep nothing for later builds
	Jobs     int              // workers; 0: one a core
	Layouts  fs.FS            // built-in layouts/
	Static   fs.FS            // built-in static/
	Disk     publish.Disk     // nil: the machine's own
	Now      func() time.Time // nil: the machine's clock

	// KeepTexts keeps the text of every page in memory, so that a portal shows the pages of its moment even when their
	// files have changed since.
	KeepTexts bool
}

// Summary is what a build did.
type Summary struct {
	Pages   int // HTML pages
	Files   int // all files
	Changed int // files that are new, changed or removed
}

// ErrContent says that the content has errors; they are in the list of problems.
var ErrContent = errors.New("the content has errors")

// Run builds a portal and publishes it. Every problem found goes to problems. The error is [ErrContent] where these
// stop the publishing, a [*publish.RefusedError] for an output that cannot be used, or what the machine failed at; after
// any of them the published portal is as it was.
func Run(ctx context.Context, o Options, problems *diag.List) (Summary, error) {
	w, err := Open(o)
	if err != nil {
		return Summary{}, err
	}
	defer w.Close()
	o = w.options
	w.readSettings(Changes{All: true})
	if w.settings == nil {
		problems.Add(w.found.settings.Sorted()...)
		return Summary{}, ErrContent
	}
	// An output that is refused or in use is said before any work.
	stage, err := publish.Open(o.Disk, o.Out, o.Dir)
	if err != nil {
		return Summary{}, err
	}
	stage.Compress = o.Compress
	summary, err := run(ctx, w, stage, problems)
	if err != nil {
		return Summary{}, errors.Join(err, stage.Abort())
	}
	result, err := stage.Commit()
	w.cache.Sweep()
	summary.Files, summary.Changed = result.Files, result.Changed
	return summary, err
}

func run(ctx context.Context, w *Workspace, stage *publish.Stage, problems *diag.List) (Summary, error) {
	portal, _, err := w.Update(ctx, Changes{All: true})
	if err != nil {
		return Summary{}, err
	}
	problems.Add(portal.Problems...)
	pass := portal.Pass(problems)
	pass.Done = ctx.Done()
	var summary Summary
	if portal.Broken() {
		// Nothing will be published; the bodies are still read, so that all mistakes are told at once.
		err = portal.check(ctx, w.options.Jobs, pass)
	} else {
		summary, err = write(ctx, w.options.Jobs, portal, pass, stage)
	}
	if err != nil {
		return Summary{}, err
	}
	render.CheckFragments(pass.Fragments(), pass.Headings(), problems)
	if problems.Errors() > 0 {
		return Summary{}, ErrContent
	}
	return summary, nil
}

// write makes every output and stages it.
func write(ctx context.Context, jobs int, portal *Portal, pass *render.Pass, stage *publish.Stage) (Summary, error) {
	var pages atomic.Int64
	outputs := portal.Outputs
	indexes := newIndexes(portal.Site)
	if indexes != nil {
		pass.Text = indexes.add
	}
	err := each(ctx, jobs, len(outputs), func(i int) error {
		data, err := outputs[i].Make(pass)
		var layout *render.TemplateError
		if errors.As(err, &layout) {
			pass.Problems.Add(layout.Problem)
			return ErrContent // a layout fails on every page of its kind: no use to go on
		}
		if err != nil {
			return err
		}
		if strings.HasSuffix(outputs[i].Path, ".html") {
			pages.Add(1)
		}
		if pass.Problems.Errors() > 0 {
			return nil // nothing will be published any more, but the other pages may have mistakes too
		}
		return stage.Put(outputs[i].Path, data)
	})
	if err == nil && indexes != nil && pass.Problems.Errors() == 0 {
		err = indexes.files(jobs, stage.Put)
	}
	return Summary{Pages: int(pages.Load())}, err
}

// each runs work(0) to work(n-1) in a number of goroutines. It stops at the first error and when the context ends, and
// returns that error once all goroutines have ended.
func each(ctx context.Context, jobs, n int, work func(i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(jobs, n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
