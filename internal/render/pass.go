package render

import (
	"slices"
	"sync"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/site"
)

// Files are where a pass reads the files of the site from: pages' text and what lies beside them, by path in the site's
// folder. A file of more than limit bytes is the error source.ErrTooLarge.
type Files interface {
	Read(name string, limit int64) ([]byte, error)
}

// Bodies keep the text of pages as HTML, in a form of the renderer's, for another output or another build that needs it.
type Bodies interface {
	// Body returns what was kept for a page whose file reads as it does now; false: nothing.
	Body(p *site.Page) ([]byte, bool)
	// KeepBody keeps it.
	KeepBody(p *site.Page, data []byte)
}

// Texts take the plain text of pages. A page may be told more than once.
type Texts interface {
	// Text takes a page's text by its sections.
	Text(p *site.Page, sections []markdown.Section)
	// Again says that the text of a page is the one that was told when its body was kept, and reports whether that is
	// still known.
	Again(p *site.Page) bool
}

// Pass is one making of outputs: of all of them, or of one. It may be used from several goroutines.
type Pass struct {
	Files    Files
	Problems *diag.List // of the content, found while outputs are made

	Bodies Bodies // may be nil
	Past   Past   // nil: nothing is known of it

	// Texts are shown the plain text of every page that is made; nil where nobody wants it.
	Texts Texts

	// Done is closed when nobody waits for the outputs any more: what takes long then ends with context.Canceled. It may
	// be nil.
	Done <-chan struct{}

	mu        sync.Mutex
	pages     map[string][]string // ids of the headings of every page that was read, by its file
	fragments []Fragment
	asked     []string
}

// Fragment is a link to a heading of another page.
type Fragment struct {
	markdown.Fragment
	File string // of the page that the link stands on
}

// read keeps what a page's text says about headings and links to headings.
func (p *Pass) read(file string, ids []string, fragments []markdown.Fragment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages == nil {
		p.pages = make(map[string][]string)
	}
	p.pages[file] = ids
	for _, f := range fragments {
		if f.Page != "" {
			p.fragments = append(p.fragments, Fragment{f, file})
		}
	}
}

func (p *Pass) text(page *site.Page, sections []markdown.Section) {
	if p.Texts != nil {
		p.Texts.Text(page, sections)
	}
}

// ask keeps that a page's text depends on other files being there.
func (p *Pass) ask(files ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, files...)
}

// quiet is a pass of the same files whose findings are told elsewhere.
func (p *Pass) quiet() *Pass {
	return &Pass{Files: p.Files, Bodies: p.Bodies, Past: p.Past, Texts: p.Texts, Done: p.Done, Problems: &diag.List{}}
}

// Headings are the ids of the headings of the pages that were read, by their files.
func (p *Pass) Headings() map[string][]string { return p.pages }

// Fragments are the links to headings of other pages.
func (p *Pass) Fragments() []Fragment { return p.fragments }

// Asked are the files of the site that the pages' text names, whether they are there or not; files of static/ too.
func (p *Pass) Asked() []string { return p.asked }

// CheckFragments reports links to headings that their pages do not have. headings are the ids of every page by its file;
// links to pages that are not in it are passed over.
func CheckFragments(fragments []Fragment, headings map[string][]string, problems *diag.List) {
	for _, f := range fragments {
		if ids, read := headings[f.Page]; read && !slices.Contains(ids, f.ID) {
			problem := markdown.MissingFragment(f.Fragment, ids)
			problem.File = f.File
			problems.Add(problem)
		}
	}
}
