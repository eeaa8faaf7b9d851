package build

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/parallel"
	"pendapa/internal/render"
)

// checked is what is known of the outputs that were made, and which have to be made again.
type checked struct {
	findings map[string]finding  // by the output's path
	headings map[string][]string // ids of the headings of every page, by its file
	pending  map[string]bool     // outputs to make, by path
	unmade   map[string]bool     // outputs whose texts were only read, because the portal was broken

	// What changed since pending was last brought up to date.
	all     bool            // anything
	bodies  map[string]bool // files whose bytes changed
	surface map[string]bool // files that others may see otherwise now: they came, went, or have other front matter
}

// finding is what making one output showed.
type finding struct {
	problems  []diag.Problem
	headings  map[string][]string
	fragments []render.Fragment
	asked     []string
}

// anyStatic stands in the surface for all files of static/.
const anyStatic = "static/"

// note keeps what changed.
func (c *checked) note(w *Workspace, content contentChange, changes Changes, everything bool) {
	if c.findings == nil || everything {
		c.all = true
	}
	if c.all {
		return // no need to know what
	}
	if c.bodies == nil {
		c.bodies, c.surface = make(map[string]bool), make(map[string]bool)
	}
	if changes.below("static") {
		c.surface[anyStatic] = true
	}
	for _, name := range content.files {
		c.bodies[name] = true
		if !content.graph {
			continue
		}
		c.surface[norm.NFC.String(name)] = true
		// A translation changes where links to its original lead; a chapter takes its sections along.
		base := strings.TrimSuffix(name, ".md")
		if lang := strings.TrimPrefix(path.Ext(base), "."); locale.Lang(lang).Known() {
			c.surface[norm.NFC.String(strings.TrimSuffix(base, "."+lang)+".md")] = true
		}
		if dir := path.Dir(name); path.Base(base) == "_index" && path.Dir(dir) == "content/masterplan" {
			for _, section := range w.names {
				if strings.HasPrefix(section, dir+"/") {
					c.bodies[section], c.surface[norm.NFC.String(section)] = true, true
				}
			}
		}
	}
}

// Pending is how many outputs have to be made before all problems of the newest portal are known.
func (w *Workspace) Pending() int {
	c := &w.checked
	if c.pending == nil {
		c.findings, c.headings, c.pending, c.unmade = make(map[string]finding), make(map[string][]string), make(map[string]bool), make(map[string]bool)
	}
	if w.portal == nil || w.portal.Site == nil {
		return 0
	}
	surface := slices.Collect(maps.Keys(c.surface))
	known := 0
	for _, o := range w.portal.Outputs {
		found, ok := c.findings[o.Path]
		if ok {
			known++
		}
		if !ok || c.all || c.bodies[o.From] || len(surface) > 0 && c.depends(found, surface) {
			c.pending[o.Path] = true
		}
	}
	if !w.portal.Broken() {
		maps.Copy(c.pending, c.unmade)
		clear(c.unmade)
	}
	gone := func(name string) bool { _, planned := w.portal.Output(name); return !planned }
	if known < len(c.findings) {
		maps.DeleteFunc(c.findings, func(name string, found finding) bool {
			if !gone(name) {
				return false
			}
			for file := range found.headings {
				delete(c.headings, file)
			}
			return true
		})
	}
	maps.DeleteFunc(c.pending, func(name string, _ bool) bool { return gone(name) })
	c.all = false
	clear(c.bodies)
	clear(c.surface)
	return len(c.pending)
}

// depends reports whether making an output again may show other problems because of what changed in other files.
func (c *checked) depends(found finding, surface []string) bool {
	if len(found.problems) > 0 { // its hints name the files that are there
		return true
	}
	return slices.ContainsFunc(found.asked, func(file string) bool {
		if len(surface) > 8 {
			return c.surface[file] || c.surface[anyStatic] && strings.HasPrefix(file, anyStatic)
		}
		return slices.ContainsFunc(surface, func(name string) bool {
			return file == name || name == anyStatic && strings.HasPrefix(file, anyStatic)
		})
	})
}

// Check makes the outputs that [Workspace.Pending] counts and returns every problem of the newest portal. Each finished
// output is shown to look, from several goroutines; it may be nil. The error is the context's or the machine's; what was
// made until then is not made again.
func (w *Workspace) Check(ctx context.Context, look func(o render.Output, data []byte)) ([]diag.Problem, error) {
	w.Pending()
	c, portal := &w.checked, w.portal
	if portal == nil || portal.Site == nil {
		return w.found.settings.Sorted(), ctx.Err()
	}
	names := slices.Sorted(maps.Keys(c.pending))
	var mu sync.Mutex
	err := parallel.Do(ctx, w.options.Jobs, len(names), func(i int) error {
		output, _ := portal.Output(names[i])
		found, data, err := portal.find(ctx, output)
		if data != nil && look != nil {
			look(output, data)
		}
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			for file := range c.findings[output.Path].headings {
				delete(c.headings, file)
			}
			maps.Copy(c.headings, found.headings)
			c.findings[output.Path] = found
			delete(c.pending, output.Path)
			if data == nil {
				c.unmade[output.Path] = true
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	problems := &diag.List{}
	problems.Add(portal.Problems...)
	for _, f := range c.findings {
		problems.Add(f.problems...)
		render.CheckFragments(f.fragments, c.headings, problems)
	}
	return problems.Sorted(), nil
}

// find makes one output for its problems. Of a broken portal only the texts are read, and data is nil.
func (p *Portal) find(ctx context.Context, o render.Output) (found finding, data []byte, err error) {
	problems := &diag.List{}
	pass := p.Pass(problems)
	pass.Done = ctx.Done()
	switch {
	case !p.Broken() || o.Asset:
		data, err = o.Make(pass)
		var layout *render.TemplateError
		if errors.As(err, &layout) {
			problems.Add(layout.Problem)
			err = nil
		}
	case o.Page != nil:
		p.renderer.Check(pass, o.Page)
	}
	return finding{problems.Sorted(), pass.Headings(), pass.Fragments(), pass.Asked()}, data, err
}

// Make makes one output of the portal. The problems are those of its own text.
func (p *Portal) Make(o render.Output) ([]byte, []diag.Problem, error) {
	problems := &diag.List{}
	data, err := o.Make(p.Pass(problems))
	var layout *render.TemplateError
	if errors.As(err, &layout) {
		problems.Add(layout.Problem)
		err = nil
	}
	return data, problems.Sorted(), err
}
