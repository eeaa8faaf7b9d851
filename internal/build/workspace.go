package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"pendapa/internal/config"
	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/parallel"
	"pendapa/internal/picture"
	"pendapa/internal/publish"
	"pendapa/internal/record"
	"pendapa/internal/render"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Workspace is a site's folder as it was last read, with what is known of each file, so that a change costs what it
// changes: [Workspace.Update] reads what changed and gives the portal as it is now, [Workspace.Check] makes what depends
// on it. Its methods are called one after the other; the portals that it gives do not change and are good for any
// number of goroutines.
type Workspace struct {
	options Options
	tree    *source.Tree
	decoder decode.Decoder

	settingsText []byte
	settings     *config.Settings // nil: they cannot be used
	asOf         time.Time
	layouts      *render.Layouts
	static       *render.Static
	published    *render.Assets
	pages        map[string]*page // by path
	names        []string         // of pages, sorted
	assets       []source.Entry
	pictures     map[string]*render.PictureFile                                     // among the assets, by path
	cache        *picture.Cache                                                     // nil: there is none yet
	plans        []*render.Plan                                                     // earlier editions of the masterplan, newest first
	record       *record.Record                                                     // nil: nothing is known of what was before
	found        struct{ settings, list, layouts, static, record, plans diag.List } // the problems of each

	memory   *memory      // of builds; nil: there is none
	looked   *inputs      // what a build has looked at; nil: there is none
	frozen   bool         // settings, day and repository are not read again
	point    record.Point // where the repository was when it was last asked
	portal   *Portal
	revision int // counts changes of files that are not pages
	checked  checked
}

// page is a Markdown file as it was last read.
type page struct {
	digest   digest
	front    digest          // of what stands before the body
	text     []byte          // nil where texts are not kept
	doc      *model.Document // nil where the path is not that of a page
	problems []diag.Problem
	recalled bool // whether an earlier build had read it as it is
}

// Open opens a site's folder. Nothing is read yet.
func Open(o Options) (*Workspace, error) {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Disk == nil {
		o.Disk = publish.OS{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if !filepath.IsAbs(o.Out) {
		o.Out = filepath.Join(o.Dir, o.Out)
	}
	if _, err := time.Parse(time.DateOnly, o.AsOf); o.AsOf != "" && err != nil {
		return nil, fmt.Errorf("the day %q is not written as 2018-09-26", o.AsOf)
	}
	tree, err := source.Open(o.Dir)
	if err != nil {
		return nil, err
	}
	return &Workspace{options: o, tree: tree}, nil
}

// Close releases the folder. Portals that keep the texts of pages can still make these afterwards.
func (w *Workspace) Close() error {
	return errors.Join(w.memory.close(), w.record.Close(), w.cache.Close(), w.tree.Close())
}

// Lines finds lines of the site's files and of the built-in layouts, as they are now.
func (w *Workspace) Lines() func(file string, n int) (string, bool) {
	return w.tree.Lines(w.options.Layouts)
}

// Changes say what may have changed since the last update.
type Changes struct {
	All        bool     // anything: every file is read again
	Repository bool     // what is committed
	Paths      []string // files and folders, by path in the site's folder
}

func (c Changes) below(folder string) bool {
	return c.All || slices.ContainsFunc(c.Paths, func(p string) bool { return p == folder || strings.HasPrefix(p, folder+"/") })
}

// Update reads what changed and returns the portal as it is now, and whether it is another than before: a file that was
// saved with the same bytes changes nothing. The error is the context's or the machine's; mistakes in the files are the
// portal's problems.
func (w *Workspace) Update(ctx context.Context, c Changes) (*Portal, bool, error) {
	if w.tree.Moved() {
		c.All = true
		tree, err := source.Open(w.options.Dir)
		if err != nil {
			w.portal = nil // when the folder is back, that is a change, whatever stands in it
			return nil, false, err
		}
		w.tree, w.cache = tree, nil // the old ones are left to portals that read from them
	}
	before := w.settings
	settingsChanged := w.readSettings(c)
	if w.settings == nil {
		w.pages = nil // changes of content are not looked at now
		w.portal, w.checked.all = &Portal{Problems: w.found.settings.Sorted()}, true
		return w.portal, true, ctx.Err()
	}
	if before == nil || decodesOtherwise(before, w.settings) {
		c.All, w.pages = true, nil
	}
	dayChanged := w.readDay()
	recordChanged, err := w.readRecord(ctx, c, dayChanged || settingsChanged)
	if err != nil {
		w.portal = nil
		return nil, false, err
	}
	staticChanged := c.below("static") || w.static == nil
	layoutsChanged := c.below("layouts") || settingsChanged || staticChanged // layouts name static files by their contents
	var wg sync.WaitGroup
	wg.Go(func() {
		if staticChanged {
			w.found.static = diag.List{}
			w.static = render.ListStatic(w.tree, w.options.Static, &w.found.static)
		}
		if staticChanged || settingsChanged {
			w.published = render.NewAssets(w.settings, w.static)
		}
		if layoutsChanged {
			w.found.layouts = diag.List{}
			w.layouts = render.ParseLayouts(w.tree, w.options.Layouts, w.settings, w.published, &w.found.layouts)
		}
	})
	content, err := w.readContent(ctx, c)
	wg.Wait()
	if staticChanged {
		w.revision++
	}
	if err != nil {
		w.portal = nil // what was read and what was linked are no longer the same
		return nil, false, err
	}
	if slices.ContainsFunc(content.files, func(name string) bool { return !strings.HasSuffix(name, ".md") }) {
		w.revision++
	}
	w.checked.note(w, content, c, layoutsChanged || dayChanged)
	switch {
	case w.portal == nil || w.portal.Site == nil || settingsChanged || layoutsChanged || staticChanged || dayChanged || recordChanged || content.graph:
		w.options.Meter.begin(Linking, 0)
		w.found.plans = diag.List{}
		if _, err := w.readPlans(ctx, &w.found.plans); err != nil {
			w.portal = nil
			return nil, false, err
		}
		w.portal = w.link()
		return w.portal, true, nil
	case len(content.files) > 0:
		// Only bodies changed: the graph and the plan are the same, and pages are read anew when they are made.
		fresh := *w.portal
		fresh.files, fresh.index = w.files(), &index{}
		w.portal = &fresh
		return w.portal, true, nil
	}
	return w.portal, false, nil
}

// readSettings reads site.yaml where it may have changed, or a file that it names.
func (w *Workspace) readSettings(c Changes) bool {
	if w.settings != nil && (w.frozen || !c.below(config.File) && !c.below("static")) {
		return false
	}
	text, err := w.tree.Read(config.File, source.MaxFile)
	if err == nil && w.settings != nil && bytes.Equal(text, w.settingsText) && !c.below("static") {
		return false
	}
	before, texts := w.settings, w.settingsText
	w.settings, w.settingsText, w.found.settings = nil, text, diag.List{}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		w.found.settings.Add(diag.Problem{File: config.File, Message: diag.Textf("there is no site.yaml in %s", w.tree.Dir()), Hint: diag.Textf("run this in the site's folder, or name the folder with -C DIR")})
	case err != nil:
		w.found.settings.Add(source.Problem(config.File, err))
	default:
		if text, ok := source.Text(config.File, text, &w.found.settings); ok {
			w.settings = config.Parse(text, w.options.BaseURL, w.tree.Exists, &w.found.settings)
		}
	}
	if before != nil && w.settings != nil && bytes.Equal(texts, w.settingsText) {
		w.settings = before // the same, and layouts are bound to it
		return false
	}
	return true
}

// decodesOtherwise reports whether pages mean something else under other settings.
func decodesOtherwise(a, b *config.Settings) bool {
	return a.Lang() != b.Lang() || !slices.Equal(a.Translations(), b.Translations()) || a.Location.String() != b.Location.String()
}

// readDay sets the day that the portal is for: midnight in the site's time zone. The clock is read here and nowhere
// else.
func (w *Workspace) readDay() (changed bool) {
	if w.frozen {
		return false
	}
	day, err := time.ParseInLocation(time.DateOnly, w.options.AsOf, w.settings.Location)
	if err != nil { // no day was asked for; another one was refused by Open
		y, m, d := w.options.Now().In(w.settings.Location).Date()
		day = time.Date(y, m, d, 0, 0, 0, 0, w.settings.Location)
	}
	changed = !day.Equal(w.asOf)
	w.asOf = day
	return changed
}

// contentChange is what changed in content/.
type contentChange struct {
	files []string // that are new, changed or gone, sorted
	graph bool     // whether more than the bodies of pages changed
}

// readContent reads the files of content/ that may have changed.
func (w *Workspace) readContent(ctx context.Context, c Changes) (contentChange, error) {
	if !c.below("content") && w.pages != nil {
		return contentChange{}, nil
	}
	change := contentChange{}
	again := make(map[string]bool) // files to read
	list := c.All || w.pages == nil
	for _, name := range c.Paths {
		if !strings.HasPrefix(name, "content") {
			continue
		}
		info, err := w.tree.Stat(name)
		if _, known := w.pages[name]; known && err == nil && info.Mode().IsRegular() {
			again[name] = true // the usual save
		} else if !source.Ignored(path.Base(name)) {
			list = true
		}
	}
	if list {
		w.list(c, again, &change)
	}
	names := slices.Sorted(maps.Keys(again))
	w.options.Meter.count(len(names))
	languages := w.settings.Langs()
	fresh := make([]*page, len(names))
	err := parallel.Do(ctx, w.options.Jobs, len(names), func(i int) error {
		fresh[i] = w.readPage(names[i], languages)
		w.options.Meter.step(fresh[i].recalled)
		return nil
	})
	if err != nil {
		w.pages = nil // read everything next time
		return change, err
	}
	for i, name := range names {
		before := w.pages[name]
		if before != nil && before.digest == fresh[i].digest && len(before.problems)+len(fresh[i].problems) == 0 {
			continue
		}
		change.files = append(change.files, name)
		change.graph = change.graph || before == nil || !sameGraph(before, fresh[i])
		w.pages[name] = fresh[i]
	}
	slices.Sort(change.files)
	if err := w.readPictures(ctx, change.files); err != nil {
		w.pages = nil
		return change, err
	}
	return change, nil
}

// list lists content/ and marks the pages that have to be read again.
func (w *Workspace) list(c Changes, again map[string]bool, change *contentChange) {
	if w.pages == nil {
		w.pages = make(map[string]*page)
		change.graph = true
	}
	w.found.list = diag.List{}
	there := make(map[string]bool, len(w.pages))
	known := make(map[string]source.Entry, len(w.assets))
	for _, a := range w.assets {
		known[a.Path] = a
	}
	w.assets, w.names = nil, w.names[:0]
	var entries []source.Entry
	if w.looked != nil {
		entries = w.looked.content
	} else {
		entries = w.tree.List("content", &w.found.list)
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Path, ".md") {
			there[entry.Path] = true
			w.names = append(w.names, entry.Path)
			if c.All || w.pages[entry.Path] == nil {
				again[entry.Path] = true
			}
			continue
		}
		w.assets = append(w.assets, entry)
		if before, ok := known[entry.Path]; !ok || before.Size != entry.Size || c.All || c.below(entry.Path) || slices.Contains(c.Paths, path.Dir(entry.Path)) {
			change.files, change.graph = append(change.files, entry.Path), true
		}
		delete(known, entry.Path)
	}
	for name := range w.pages {
		if !there[name] {
			delete(w.pages, name)
			delete(again, name)
			change.files, change.graph = append(change.files, name), true
		}
	}
	for name := range known {
		change.files, change.graph = append(change.files, name), true
	}
}

// sameGraph reports whether two versions of a page differ in their bodies only.
func sameGraph(a, b *page) bool {
	return a.front == b.front && a.front != (digest{}) && len(a.problems)+len(b.problems) == 0 && a.doc.HasBody == b.doc.HasBody
}

func (w *Workspace) readPage(name string, languages []locale.Lang) *page {
	if known := w.recallPage(name); known != nil {
		return known
	}
	p, problems := &page{}, &diag.List{}
	defer func() { p.problems = problems.Sorted() }()
	place, ok := model.Locate(name, languages, problems)
	if !ok {
		return p
	}
	data, err := w.tree.Read(name, source.MaxFile)
	if err != nil {
		problems.Add(source.Problem(name, err))
		p.doc = model.Decode(&w.decoder, place, nil, false, decode.File{})
		return p
	}
	p.digest = sha256.Sum256(data)
	if w.options.KeepTexts {
		p.text = data
	}
	// A page with a mistake stays in the graph, so that links to it are not mistakes too.
	split, ok := source.Split(name, data, w.settings.Location, problems)
	front := &split
	if ok {
		p.front = sha256.Sum256(data[:len(data)-len(split.Body)])
	} else {
		front = nil
	}
	file := decode.File{Name: name, Problems: problems, Location: w.settings.Location}
	p.doc = model.Decode(&w.decoder, place, front, place.Lang != w.settings.Lang(), file)
	return p
}

// recallPage is a page that an earlier build has read as it is now; nil: there is none.
func (w *Workspace) recallPage(name string) *page {
	if w.looked == nil {
		return nil
	}
	return w.memory.page(name, w.looked.seen[name])
}

// link makes the portal of what was read.
func (w *Workspace) link() *Portal {
	problems := &diag.List{}
	problems.Add(w.found.settings.Sorted()...)
	problems.Add(w.found.list.Sorted()...)
	problems.Add(w.found.layouts.Sorted()...)
	problems.Add(w.found.static.Sorted()...)
	problems.Add(w.found.record.Sorted()...)
	problems.Add(w.found.plans.Sorted()...)
	docs := make([]*model.Document, 0, len(w.pages))
	for _, name := range w.names {
		p := w.pages[name]
		problems.Add(p.problems...)
		if p.doc != nil {
			docs = append(docs, p.doc)
		}
	}
	docs = translate(docs, w.settings, problems)
	s := site.New(w.settings, docs, w.asOf, site.Options{Drafts: w.options.Drafts, Future: w.options.Future, Record: w.record != nil, Amendments: w.record.Amendments()}, problems)
	read := w.files()
	r := render.New(s, w.layouts, w.published, w.beside(), w.cache, read.past(), problems)
	r.SetPlans(w.plans)
	portal := &Portal{Site: s, Outputs: r.Plan(), Revision: w.revision, renderer: r, files: read, index: &index{}}
	portal.broken, portal.Problems = problems.Errors() > 0, problems.Sorted()
	return portal
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
			problems.Add(diag.Problem{File: d.File, Message: diag.Textf("this page is translated already, in %s", first), Hint: diag.Textf("keep one of the two files")})
			continue
		}
		translations[key] = d.File
		original := originals[d.Path]
		if original == nil {
			name := strings.TrimSuffix(d.File, "."+string(d.Lang)+".md") + ".md"
			problems.Add(diag.Problem{File: d.File, Message: diag.Textf("this is a translation of a page that is not there"), Hint: diag.Textf("write the original as %s", name)})
			continue
		}
		whole = append(whole, model.Translate(original, d, decode.File{Name: d.File, Problems: problems}))
	}
	return whole
}

// files are the site's files as they are known now.
func (w *Workspace) files() files {
	return files{w.tree, maps.Clone(w.pages), maps.Clone(w.pictures), w.record}
}

// files reads pages as they were when the portal was linked: from memory where their texts are kept, and otherwise from
// the disk, where they must not have changed since.
type files struct {
	tree     *source.Tree
	pages    map[string]*page
	pictures map[string]*render.PictureFile
	record   *record.Record // may be nil
}

// past is what is known of the earlier states of pages; nil: nothing.
func (f files) past() render.Past {
	if f.record == nil {
		return nil
	}
	return past{f}
}

// Read implements render.Files.
func (f files) Read(name string, limit int64) ([]byte, error) {
	p := f.pages[name]
	if p != nil && p.text != nil {
		return p.text, nil
	}
	data, err := f.tree.Read(name, limit)
	if err == nil && p != nil && sha256.Sum256(data) != p.digest {
		return nil, source.ErrChanged
	}
	return data, err
}
