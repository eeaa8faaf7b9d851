// Package build knows the order: settings, content, graph, pages, published tree. It is the only package that does.
package build

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pendapa/internal/config"
	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/publish"
	"pendapa/internal/render"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Options say what to build and how.
type Options struct {
	Dir     string // the site's folder
	Out     string // the output folder; relative to Dir unless absolute
	BaseURL string // takes the place of the settings' url; may be empty
	AsOf    string // day, as 2018-09-26; empty: today in the site's time zone
	Drafts  bool
	Future  bool
	Jobs    int          // workers; 0: one a core
	Layouts fs.FS        // built-in layouts/
	Static  fs.FS        // built-in static/
	Disk    publish.Disk // nil: the machine's own
	Now     func() time.Time
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
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Disk == nil {
		o.Disk = publish.OS{}
	}
	if !filepath.IsAbs(o.Out) {
		o.Out = filepath.Join(o.Dir, o.Out)
	}
	tree, err := source.Open(o.Dir)
	if err != nil {
		return Summary{}, err
	}
	defer tree.Close()

	settings := load(tree, o, problems)
	if settings == nil {
		return Summary{}, ErrContent
	}
	// An output that is refused or in use is said before any work.
	stage, err := publish.Open(o.Disk, o.Out, o.Dir)
	if err != nil {
		return Summary{}, err
	}
	summary, err := run(ctx, o, tree, settings, stage, problems)
	if err != nil {
		return Summary{}, errors.Join(err, stage.Abort())
	}
	result, err := stage.Commit()
	summary.Files, summary.Changed = result.Files, result.Changed
	return summary, err
}

func run(ctx context.Context, o Options, tree *source.Tree, settings *config.Settings, stage *publish.Stage, problems *diag.List) (Summary, error) {
	asOf, ok := asOf(o, settings, problems)
	if !ok {
		return Summary{}, ErrContent
	}
	docs, assets, err := read(ctx, o, tree, settings, problems)
	if err != nil {
		return Summary{}, err
	}
	s := site.New(settings, docs, asOf, site.Options{Drafts: o.Drafts, Future: o.Future}, problems)
	r := render.New(s, tree, o.Layouts, o.Static, assets, problems)
	outputs := r.Plan()
	if problems.Errors() > 0 {
		// Nothing will be published; the bodies are still read, so that all mistakes are told at once.
		if err := check(ctx, o, s, r); err != nil {
			return Summary{}, err
		}
		return Summary{}, ErrContent
	}
	summary, err := write(ctx, o, outputs, stage, problems)
	if err != nil {
		return Summary{}, err
	}
	r.Finish()
	if problems.Errors() > 0 {
		return Summary{}, ErrContent
	}
	return summary, nil
}

func load(tree *source.Tree, o Options, problems *diag.List) *config.Settings {
	text, err := tree.Read(config.File, decode.MaxBytes+1)
	if errors.Is(err, fs.ErrNotExist) {
		problems.Add(diag.Problem{File: config.File, Message: "there is no site.yaml in " + tree.Dir(), Hint: "run this in the site's folder, or name the folder with -C DIR"})
		return nil
	}
	if err != nil {
		problems.Add(source.Problem(config.File, err))
		return nil
	}
	text, ok := source.Text(config.File, text, problems)
	if !ok {
		return nil
	}
	return config.Parse(text, o.BaseURL, tree.Exists, problems)
}

// asOf is midnight of the day that the portal is built for, in the site's time zone. The clock is read here and nowhere
// else.
func asOf(o Options, settings *config.Settings, problems *diag.List) (time.Time, bool) {
	if o.AsOf != "" {
		t, err := time.ParseInLocation(time.DateOnly, o.AsOf, settings.Location)
		if err != nil {
			problems.Add(diag.Problem{File: "--as-of", Message: o.AsOf + " is not a date", Hint: "write year-month-day: 2018-09-26"})
			return time.Time{}, false
		}
		return t, true
	}
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	y, m, d := now().In(settings.Location).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, settings.Location), true
}

// read decodes every page, in parallel, and lists the other files of content/.
func read(ctx context.Context, o Options, tree *source.Tree, settings *config.Settings, problems *diag.List) ([]*model.Document, []source.Entry, error) {
	var assets, files []source.Entry
	for _, entry := range tree.List("content", problems) {
		if strings.HasSuffix(entry.Path, ".md") {
			files = append(files, entry)
		} else {
			assets = append(assets, entry)
		}
	}
	languages := append([]locale.Lang{settings.Lang()}, settings.Translations()...)
	decoder := &decode.Decoder{}
	docs := make([]*model.Document, len(files))
	err := each(ctx, o.Jobs, len(files), func(i int) error {
		docs[i] = document(tree, files[i].Path, settings, languages, decoder, problems)
		return nil
	})
	docs = slices.DeleteFunc(docs, func(d *model.Document) bool { return d == nil })
	return translate(docs, settings, problems), assets, err
}

func document(tree *source.Tree, name string, settings *config.Settings, languages []locale.Lang, decoder *decode.Decoder, problems *diag.List) *model.Document {
	place, ok := model.Locate(name, languages, problems)
	if !ok {
		return nil
	}
	data, err := tree.Read(name, source.MaxFile)
	if err != nil {
		problems.Add(source.Problem(name, err))
		return model.Decode(decoder, place, nil, false, decode.File{})
	}
	// A page with a mistake stays in the graph, so that links to it are not mistakes too.
	page, ok := source.Split(name, data, settings.Location, problems)
	front := &page
	if !ok {
		front = nil
	}
	file := decode.File{Name: name, Problems: problems, Location: settings.Location}
	doc := model.Decode(decoder, place, front, place.Lang != settings.Lang(), file)
	doc.Digest = sha256.Sum256(data)
	return doc
}

// translate gives every translation the facts of its original.
func translate(docs []*model.Document, settings *config.Settings, problems *diag.List) []*model.Document {
	originals := make(map[string]*model.Document, len(docs))
	for _, d := range docs {
		if d.Lang == settings.Lang() {
			originals[d.Path] = d
		}
	}
	translations := make(map[string]string)
	whole := docs[:0]
	for _, d := range docs {
		if d.Lang == settings.Lang() {
			whole = append(whole, d)
			continue
		}
		key := string(d.Lang) + " " + d.Path
		if first := translations[key]; first != "" {
			problems.Add(diag.Problem{File: d.File, Message: "this page is translated already, in " + first, Hint: "keep one of the two files"})
			continue
		}
		translations[key] = d.File
		original := originals[d.Path]
		if original == nil {
			name := strings.TrimSuffix(d.File, "."+string(d.Lang)+".md") + ".md"
			problems.Add(diag.Problem{File: d.File, Message: "this is a translation of a page that is not there", Hint: "write the original as " + name})
			continue
		}
		whole = append(whole, model.Translate(original, d, decode.File{Name: d.File, Problems: problems}))
	}
	return whole
}

// check reads the body of every page for its problems.
func check(ctx context.Context, o Options, s *site.Site, r *render.Renderer) error {
	for _, e := range s.Editions {
		pages := e.Own()
		if err := each(ctx, o.Jobs, len(pages), func(i int) error { r.Check(pages[i]); return nil }); err != nil {
			return err
		}
	}
	r.Finish()
	return nil
}

// write makes every output and stages it.
func write(ctx context.Context, o Options, outputs []render.Output, stage *publish.Stage, problems *diag.List) (Summary, error) {
	var pages atomic.Int64
	err := each(ctx, o.Jobs, len(outputs), func(i int) error {
		data, err := outputs[i].Make()
		var layout *render.TemplateError
		if errors.As(err, &layout) {
			problems.Add(layout.Problem)
			return ErrContent // a layout fails on every page of its kind: no use to go on
		}
		if err != nil {
			return err
		}
		if strings.HasSuffix(outputs[i].Path, ".html") {
			pages.Add(1)
		}
		if problems.Errors() > 0 {
			return nil // nothing will be published any more, but the other pages may have mistakes too
		}
		return stage.Put(outputs[i].Path, data)
	})
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
