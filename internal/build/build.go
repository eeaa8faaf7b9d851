// Package build knows the order: settings, content, graph, pages, published tree. It is the only package that does.
package build

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/parallel"
	"pendapa/internal/picture"
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
	Meter    *Meter           // measures the build; may be nil

	Repository string // where the history is read from; empty: Dir
	Commit     string // the commit that the history ends with; empty: HEAD
	Version    string // of the program, for the record of what was built
	LogKey     string // private key of the transparency log; empty: its checkpoints are not signed
	NoLog      bool   // add nothing to the log

	// KeepTexts keeps the text of every page in memory, so that a portal shows the pages of its moment even when their
	// files have changed since.
	KeepTexts bool
}

// Summary is what a build did.
type Summary struct {
	Pages   int      // HTML pages
	Files   int      // all files
	Changed int      // files that are new, changed or removed
	Lost    []string // addresses of pages that were published and are no more
	Unkept  error    // why the next build has to make everything anew; nil: it has not
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
	defer o.Meter.end()
	o.Meter.begin(Reading, 0)
	w.readSettings(Changes{All: true})
	if w.settings == nil {
		problems.Add(w.found.settings.Sorted()...)
		return Summary{}, ErrContent
	}
	w.readDay()
	w.frozen = true // a build is of one day and of one state of the settings
	b := &builder{Workspace: w}
	if err := b.open(ctx); err != nil {
		return Summary{}, err
	}
	if b.nothingChanged() {
		o.Meter.begin(Publishing, 0)
		result, err := b.stage.Commit()
		return Summary{Pages: w.memory.outcome.Pages, Files: result.Files, Changed: result.Changed}, err
	}
	if err := b.run(ctx, problems); err != nil {
		return Summary{}, errors.Join(err, b.stage.Abort())
	}
	b.indexes, b.headings, b.fragments, w.portal = nil, nil, nil, nil // what comes needs their room
	o.Meter.begin(Publishing, 0)
	if err := b.prove(ctx); err != nil {
		return Summary{}, errors.Join(err, b.stage.Abort())
	}
	var save func(outcome) error
	var unchanged bool
	var wg sync.WaitGroup
	wg.Go(func() { save, unchanged = w.memory.pack(w), w.memory == nil || w.same(ctx, b.inputs) })
	result, err := b.stage.Commit()
	wg.Wait()
	summary := Summary{Pages: b.pages, Files: result.Files, Changed: result.Changed, Lost: b.memory.lost(result.Removed)}
	if !b.keptPictures {
		w.cache.Sweep() // all pictures of the portal were asked for
	}
	if err != nil || w.memory == nil {
		return summary, err
	}
	o.Meter.begin(Keeping, 0)
	end := outcome{Inputs: b.inputs.digest, Manifest: result.Manifest, Pages: b.pages, Graph: b.portal, Log: w.logState()}
	switch {
	case !unchanged: // a file changed meanwhile: it is not known which state of it the outputs show
		end = outcome{}
	case len(problems.Sorted()) > 0: // warnings are told each time
		end.Inputs = digest{}
	}
	summary.Unkept = save(end)
	return summary, nil
}

// builder makes the outputs of a portal and stages them.
type builder struct {
	*Workspace
	stage   *publish.Stage
	inputs  inputs
	portal  digest // what all outputs depend on
	indexes *indexes

	mu           sync.Mutex
	pages        int  // HTML pages
	keptPictures bool // whether some were taken over
	headings     map[string][]string
	fragments    []render.Fragment
}

// open opens the output and the memory of earlier builds, and looks at what there is to read.
func (b *builder) open(ctx context.Context) error {
	o := b.options
	var refused, unread error
	var wg sync.WaitGroup
	wg.Go(func() {
		// An output that is refused or in use is said before any work.
		if b.stage, refused = publish.Open(o.Disk, o.Out, o.Dir, !o.NoCache); refused == nil {
			b.stage.Compress = o.Compress
		}
	})
	wg.Go(func() {
		b.memory = b.remember()
		b.memory.read()
	})
	if !o.NoCache {
		if b.inputs, unread = b.look(ctx); b.inputs.seen != nil {
			b.looked = &b.inputs
		}
	}
	wg.Wait()
	switch {
	case refused != nil:
		return refused
	case unread != nil:
		return errors.Join(unread, b.stage.Abort())
	}
	return nil
}

// nothingChanged reports whether the site is as it was when the build before published what is published now, and keeps
// that.
func (b *builder) nothingChanged() bool {
	return b.memory != nil && b.inputs.digest != (digest{}) && b.memory.outcome.Inputs == b.inputs.digest && b.memory.outcome.Log == b.logState() && b.stage.KeepAll(b.memory.outcome.Manifest)
}

func (b *builder) run(ctx context.Context, problems *diag.List) error {
	portal, _, err := b.Update(ctx, Changes{All: true})
	if err != nil {
		return err
	}
	problems.Add(portal.Problems...)
	if portal.Broken() {
		// Nothing will be published; the bodies are still read, so that all mistakes are told at once.
		pass := portal.Pass(problems)
		pass.Done = ctx.Done()
		if err := portal.check(ctx, b.options.Jobs, pass); err != nil {
			return err
		}
		b.headings, b.fragments = pass.Headings(), pass.Fragments()
	} else if err := b.write(ctx, portal, problems); err != nil {
		return err
	}
	render.CheckFragments(b.fragments, b.headings, problems)
	if problems.Errors() > 0 {
		return ErrContent
	}
	return nil
}

// write makes every output that is not as it was, and stages them all.
func (b *builder) write(ctx context.Context, portal *Portal, problems *diag.List) error {
	meter := b.options.Meter
	b.stage.Planned = func(name string) bool { _, planned := portal.Output(name); return planned }
	var wg sync.WaitGroup
	if b.memory != nil {
		wg.Go(func() { b.portal = b.graph() })
	}
	b.headings = make(map[string][]string)
	b.indexes = newIndexes(portal, b.memory)
	wg.Wait()
	meter.begin(Making, len(portal.Outputs))
	err := parallel.Do(ctx, b.options.Jobs, len(portal.Outputs), func(i int) error {
		o := portal.Outputs[i]
		kept := b.keep(portal, o)
		defer func() { meter.step(kept) }()
		if kept {
			return nil
		}
		return b.make(ctx, portal, o, problems)
	})
	if err == nil && b.indexes != nil && problems.Errors() == 0 {
		meter.begin(Indexing, 0)
		err = b.indexes.files(b.options.Jobs, func(path string, data []byte) error {
			_, err := b.stage.Put(path, data)
			return err
		})
	}
	return err
}

// keep takes an output over as the build before made it, where everything that it is made of is the same.
func (b *builder) keep(portal *Portal, o render.Output) bool {
	known := b.memory.output(o.Path, b.portal)
	if known == nil || !portal.files.same(known.Reads) || b.indexes != nil && o.Page != nil && !b.indexes.Again(o.Page) || !b.stage.Keep(known.Files...) {
		return false
	}
	b.note(o, *known)
	if o.Asset && picture.Known(o.From) {
		b.mu.Lock()
		b.keptPictures = true
		b.mu.Unlock()
	}
	return true
}

// make makes an output and stages it.
func (b *builder) make(ctx context.Context, portal *Portal, o render.Output, problems *diag.List) error {
	reader := &reader{files: portal.files, memory: b.memory}
	pass := &render.Pass{Files: reader, Problems: &diag.List{}, Done: ctx.Done()}
	if b.memory != nil {
		pass.Bodies = reader
	}
	if reader.record != nil {
		pass.Past = notedPast{past{reader.files}, reader}
	}
	if b.indexes != nil {
		pass.Texts = b.indexes
	}
	data, err := o.Make(pass)
	// Where a page is shown on another, as in a feed, its mistakes are told for the page; but this reading of it was another.
	pass.Problems.Add(reader.failed...)
	found := pass.Problems.Sorted()
	problems.Add(found...)
	var layout *render.TemplateError
	if errors.As(err, &layout) {
		problems.Add(layout.Problem)
		return ErrContent // a layout fails on every page of its kind: no use to go on
	}
	if err != nil {
		return err
	}
	made := outputRecord{Path: o.Path, Own: o.Page != nil || o.Alias, Reads: reader.reads, Fragments: pass.Fragments()}
	for file, ids := range pass.Headings() { // those of one page, mostly
		made.Headings = append(made.Headings, headings{file, ids})
	}
	if problems.Errors() == 0 { // otherwise nothing will be published any more, but the other pages may have mistakes too
		if made.Files, err = b.stage.Put(o.Path, data); err != nil {
			return err
		}
	}
	if len(found) > 0 || o.Asset && len(made.Reads) == 0 {
		made.Files = nil // it is made again each time: to tell the problems, or because it is not known what it is made of
	}
	b.note(o, made)
	return nil
}

// note takes what one output showed.
func (b *builder) note(o render.Output, made outputRecord) {
	b.mu.Lock()
	if strings.HasSuffix(o.Path, ".html") {
		b.pages++
	}
	for _, h := range made.Headings {
		b.headings[h.File] = h.IDs
	}
	b.fragments = append(b.fragments, made.Fragments...)
	b.mu.Unlock()
	if b.memory == nil {
		return
	}
	if len(made.Files) == 0 {
		made = outputRecord{Path: made.Path, Own: made.Own} // that it was there
	}
	b.memory.note(made)
}
