package build

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/cache"
	"pendapa/internal/model"
	"pendapa/internal/pack"
	"pendapa/internal/publish"
	"pendapa/internal/render"
)

// cacheFolder is where builds keep things for each other, in the site's folder.
const cacheFolder = ".pendapa"

// digest is a SHA-256.
type digest = [sha256.Size]byte

// outcome is how a build ended. A digest that is zero is that of nothing.
type outcome struct {
	Inputs   digest // of all files of the site, and the options; nothing else is asked where they are the same
	Manifest digest // of the tree that was published
	Pages    int    // HTML pages
	Log      digest // of the transparency log
	Graph    digest // of all that outputs are made of, but for the files that each reads
}

// keepsake is all else that a build keeps for the next.
type keepsake struct {
	Words   digest // of what the words of pages depend on, but for the pages
	Pages   []pageRecord
	Outputs []outputRecord
	Packed  []packedRecord

	Compared []packedRecord // states of pages with those before
}

// pageRecord is a page as it was read. Pages with problems are not kept: these have to be told again.
type pageRecord struct {
	File          string
	Digest, Front digest       // of the file, and of what stands before its body
	Document      string       // packed
	Body, Words   cache.Extent // its text as HTML, and its words counted
}

// outputRecord is an output as it was made, without problems.
type outputRecord struct {
	Path      string
	Own       bool           // whether it is at a page's own address, or an old one of it
	Files     []publish.File // it and its compressed forms; none: it is made again each time
	Reads     []read
	Headings  []headings
	Fragments []render.Fragment
}

// headings are the ids of the headings of a page, by its file.
type headings struct {
	File string
	IDs  []string
}

// read is a file of the site that an output was made from.
type read struct {
	File   string
	Digest digest
}

// packedRecord is a file of search, by a digest of what it is made of.
type packedRecord struct {
	Digest digest
	Data   cache.Extent
}

// memory is what the build before kept, and what this one keeps for the next. A nil memory keeps nothing. Its methods may
// be called from several goroutines, but for read, pack and close.
type memory struct {
	cache     *cache.Cache
	documents *pack.Codec[model.Document]
	words     digest

	outcome outcome  // of the build before
	record  string   // its record, as it is kept
	before  keepsake // its record
	pages   map[string]*pageRecord
	outputs map[string]*outputRecord
	files   map[digest]cache.Extent // of search, compressed

	comparisons map[digest]cache.Extent // of the states of pages

	mu     sync.Mutex
	bodies map[string]cache.Extent // kept by this build, by file
	texts  map[string]cache.Extent
	now    map[digest]cache.Extent // compressed files of search
	fresh  map[digest]cache.Extent // comparisons
	made   []outputRecord
}

// remember opens the memory of the site; nil where none is wanted or there can be none.
func (w *Workspace) remember() *memory {
	if w.options.NoCache {
		return nil
	}
	folder := ownFolder(w.options.Dir, cacheFolder)
	if folder == nil {
		return nil
	}
	version, err := w.version()
	if err != nil {
		folder.Close()
		return nil
	}
	m := &memory{
		cache: cache.Open(folder, version), documents: pack.New[model.Document](w.settings.Location),
		pages: make(map[string]*pageRecord), outputs: make(map[string]*outputRecord), files: make(map[digest]cache.Extent),
		bodies: make(map[string]cache.Extent), texts: make(map[string]cache.Extent), now: make(map[digest]cache.Extent),
		comparisons: make(map[digest]cache.Extent), fresh: make(map[digest]cache.Extent),
	}
	if m.record, err = outcomes.Read(m.cache.Index(), &m.outcome); err != nil {
		m.outcome = outcome{} // the first build
	}
	return m
}

var (
	outcomes = pack.New[outcome](nil)
	records  = pack.New[keepsake](nil)
)

// read reads the record of the build before.
func (m *memory) read() {
	if m == nil {
		return
	}
	if _, err := records.Read(m.record, &m.before); err != nil {
		m.before = keepsake{}
	}
	for i := range m.before.Pages {
		m.pages[m.before.Pages[i].File] = &m.before.Pages[i]
	}
	for i := range m.before.Outputs {
		m.outputs[m.before.Outputs[i].Path] = &m.before.Outputs[i]
	}
	for _, p := range m.before.Packed {
		m.files[p.Digest] = p.Data
	}
	for _, p := range m.before.Compared {
		m.comparisons[p.Digest] = p.Data
	}
}

// version tells apart programs, and settings under which a page means something else: nothing that was kept under
// another is of use.
func (w *Workspace) version() (cache.Version, error) {
	h := sha256.New()
	name, err := os.Executable()
	if err != nil {
		return cache.Version{}, err
	}
	program, err := os.Open(name)
	if err != nil {
		return cache.Version{}, err
	}
	defer program.Close()
	if _, err := io.Copy(h, program); err != nil {
		return cache.Version{}, err
	}
	fmt.Fprintf(h, "%q %q %q", w.settings.Lang(), w.settings.Translations(), w.settings.Location)
	return cache.Version(h.Sum(nil)), nil
}

// close releases the memory.
func (m *memory) close() error {
	if m == nil {
		return nil
	}
	return m.cache.Close()
}

// page is a page that was read before and has not changed; nil: it has to be read.
func (m *memory) page(name string, is digest) *page {
	if m == nil {
		return nil
	}
	known := m.pages[name]
	if known == nil || known.Digest != is {
		return nil
	}
	doc := &model.Document{}
	if rest, err := m.documents.Read(known.Document, doc); err != nil || rest != "" {
		return nil
	}
	return &page{digest: is, front: known.Front, doc: doc, recalled: true}
}

// body is the HTML of a page's text.
func (m *memory) body(name string, is digest) ([]byte, bool) {
	return m.blob(m.bodies, name, is, func(p *pageRecord) cache.Extent { return p.Body })
}

// text are the words of a page.
func (m *memory) text(name string, is digest) ([]byte, bool) {
	if m.before.Words != m.words {
		return nil, false
	}
	return m.blob(m.texts, name, is, func(p *pageRecord) cache.Extent { return p.Words })
}

// blob is one of the blobs of a page: of this build, or of the one before where the page has not changed.
func (m *memory) blob(fresh map[string]cache.Extent, name string, is digest, which func(*pageRecord) cache.Extent) ([]byte, bool) {
	m.mu.Lock()
	extent, added := fresh[name]
	m.mu.Unlock()
	if added {
		return m.cache.Added(extent)
	}
	if known := m.pages[name]; known != nil && known.Digest == is {
		return m.cache.Read(which(known))
	}
	return nil, false
}

// keep keeps a blob of a page in bodies or texts.
func (m *memory) keep(fresh map[string]cache.Extent, name string, data []byte) {
	extent := m.cache.Add(data)
	m.mu.Lock()
	defer m.mu.Unlock()
	fresh[name] = extent
}

// packedFile is a [search.Keep].
func (m *memory) packedFile(key []byte, make func() []byte) []byte {
	is := sha256.Sum256(key)
	extent := m.files[is]
	data, known := m.cache.Read(extent)
	if known {
		extent = m.cache.Keep(extent)
	} else {
		data = make()
		extent = m.cache.Add(data)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now[is] = extent
	return data
}

// comparison is a comparison of two states of a page, by what tells it apart. What two states have in common never changes:
// it is kept for good.
func (m *memory) comparison(key string, make func() ([]byte, error)) ([]byte, error) {
	is := sha256.Sum256([]byte(key))
	if data, known := m.cache.Read(m.comparisons[is]); known {
		return data, nil
	}
	data, err := make()
	if err != nil {
		return nil, err
	}
	extent := m.cache.Add(data)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fresh[is] = extent
	return data, nil
}

// output is an output as it was made before; nil: it has to be made again.
func (m *memory) output(path string, graph digest) *outputRecord {
	if m == nil || m.outcome.Graph != graph || m.outputs[path] == nil || len(m.outputs[path].Files) == 0 {
		return nil
	}
	return m.outputs[path]
}

// lost are the addresses of pages among files that are no longer published: what people have linked to, below the portal's
// (/program/lama/). Lists come and go with what is on them, and are none; where nothing was kept, all pages are taken for
// one.
func (m *memory) lost(removed []string) (addresses []string) {
	for _, file := range removed {
		if m != nil && len(m.outputs) > 0 && (m.outputs[file] == nil || !m.outputs[file].Own) {
			continue
		}
		if path.Ext(file) == ".html" {
			addresses = append(addresses, "/"+strings.TrimSuffix(file, "index.html"))
		}
	}
	return addresses
}

// note keeps how an output was made.
func (m *memory) note(o outputRecord) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made = append(m.made, o)
}

// pack prepares what the build keeps for the next one, and returns what saves it with the build's outcome.
func (m *memory) pack(w *Workspace) (save func(outcome) error) {
	if m == nil {
		return func(outcome) error { return nil }
	}
	now, live := keepsake{Words: m.words}, int64(0)
	extent := func(e cache.Extent) cache.Extent {
		live += int64(e.Size)
		return e
	}
	for _, name := range w.names {
		p := w.pages[name]
		if p.doc == nil || len(p.problems) > 0 {
			continue
		}
		r := pageRecord{File: name, Digest: p.digest, Front: p.front, Body: m.bodies[name], Words: m.texts[name]}
		if known := m.pages[name]; known != nil && known.Digest == p.digest {
			r.Document = known.Document
			if _, added := m.bodies[name]; !added {
				r.Body = m.cache.Keep(known.Body)
			}
			if _, added := m.texts[name]; !added && m.before.Words == m.words {
				r.Words = m.cache.Keep(known.Words)
			}
		} else {
			r.Document = string(m.documents.Append(nil, p.doc))
		}
		r.Body, r.Words = extent(r.Body), extent(r.Words)
		now.Pages = append(now.Pages, r)
	}
	now.Outputs = m.made
	slices.SortFunc(now.Outputs, func(a, b outputRecord) int { return strings.Compare(a.Path, b.Path) })
	for is, e := range m.now {
		now.Packed = append(now.Packed, packedRecord{is, extent(e)})
	}
	for is, e := range m.comparisons {
		if _, again := m.fresh[is]; !again {
			now.Compared = append(now.Compared, packedRecord{is, extent(m.cache.Keep(e))})
		}
	}
	for is, e := range m.fresh {
		now.Compared = append(now.Compared, packedRecord{is, extent(e)})
	}
	for _, list := range [][]packedRecord{now.Packed, now.Compared} {
		slices.SortFunc(list, func(a, b packedRecord) int { return slices.Compare(a.Digest[:], b.Digest[:]) })
	}
	size := len(m.record) + len(m.record)/8 // most are like the one before
	if size == 0 {
		size = 1024 * len(now.Pages)
	}
	rest := records.Append(make([]byte, 0, size), &now)
	return func(end outcome) error { return m.cache.Save(live, outcomes.Append(nil, &end), rest) }
}

// ownFolder opens a folder of Pendapa's own in the site's folder, and makes it where it is not there; nil where there can
// be none. Nothing is kept through a link.
func ownFolder(dir, name string) *os.Root {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	if err := root.MkdirAll(name, 0o700); err != nil { // drafts are kept too
		return nil
	}
	for at := name; at != "."; at = path.Dir(at) {
		if info, err := root.Lstat(at); err != nil || !info.IsDir() {
			return nil
		}
	}
	folder, err := root.OpenRoot(name)
	if err != nil {
		return nil
	}
	return folder
}
