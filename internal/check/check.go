// Package check finds what a build lets through and a reader would trip over: links that lead on from old addresses,
// pages that nothing links to, promises without a method or without news.
//
// It looks at the graph of the portal and at its finished pages. Each finding names the rule that it breaks; the site's
// settings say how much a rule weighs.
package check

import (
	"context"
	"strings"
	"sync"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
)

// Rule is something that should hold in every portal.
type Rule struct {
	Name  string
	Level config.Level // unless the settings say otherwise
	Help  diag.Text
}

// Rules lists every rule.
func Rules() []Rule {
	return []Rule{
		{"broken-link", config.Error, diag.Textf("a link within the portal leads to a page or a place on a page that is not there")},
		{"redirected-link", config.Warning, diag.Textf("a link within the portal leads to the old address of a page")},
		{"orphan", config.Warning, diag.Textf("no page links to a page, so that nobody finds it")},
		{"image-alt", config.Error, diag.Textf("a picture has no words for those who cannot see it")},
		{"image-size", config.Warning, diag.Textf("a picture is far too large for a phone")},
		{"heading-order", config.Warning, diag.Textf("a heading skips a level, so that the page's outline has a hole")},
		{"link-text", config.Warning, diag.Textf("a link does not say where it leads")},
		{"summary", config.Warning, diag.Textf("a page has no summary for lists and search")},
		{"overdue", config.Warning, diag.Textf("a quick win owes a new figure")},
		{"indicator-method", config.Warning, diag.Textf("an indicator does not say how it is measured")},
		{"indicator-source", config.Warning, diag.Textf("a figure does not say where it comes from")},
		{"milestone-late", config.Warning, diag.Textf("a milestone's day has passed, and nothing says that it was kept")},
		{"section-unserved", config.Warning, diag.Textf("no quick win serves a section of the masterplan")},
		{"win-unserving", config.Warning, diag.Textf("a quick win serves no section of the masterplan")},
		{"term-unexplained", config.Warning, diag.Textf("an abbreviation is used on several pages and explained on none")},
		{"contrast", config.Error, diag.Textf("a text of the brand's colours cannot be read")},
		{"duplicate-title", config.Warning, diag.Textf("two pages have the same title")},
		{"translation-stale", config.Warning, diag.Textf("a translation is older than its original")},
		{"external-link", config.Warning, diag.Textf("a link to another site leads nowhere")},
	}
}

// Options say what to check.
type Options struct {
	Site     build.Options
	External *Asker // asks other sites; nil: they are not asked
}

// Result is what a check found.
type Result struct {
	Problems []diag.Problem
	Pages    int // that were looked at
	External int // addresses of other sites that were asked
}

// Run checks a portal. The error is the context's or the machine's.
func Run(ctx context.Context, o Options) (Result, error) {
	o.Site.KeepTexts = true
	w, err := build.Open(o.Site)
	if err != nil {
		return Result{}, err
	}
	defer w.Close()
	portal, _, err := w.Update(ctx, build.Changes{All: true})
	if err != nil {
		return Result{}, err
	}
	f := &finder{portal: portal, levels: make(map[string]config.Level), problems: &diag.List{}}
	for _, r := range Rules() {
		f.levels[r.Name] = r.Level
	}
	if portal.Site != nil {
		for name, level := range portal.Site.Settings.Check {
			f.levels[name] = level
		}
	}
	pages := newPages(f)
	problems, err := w.Check(ctx, pages.look)
	if err != nil {
		return Result{}, err
	}
	f.problems.Add(problems...)
	result := Result{Pages: pages.count}
	if !portal.Broken() {
		f.graph()
		pages.finish()
		if o.External != nil {
			result.External = o.External.ask(ctx, f, pages.external)
		}
	}
	result.Problems = f.problems.Sorted()
	return result, ctx.Err()
}

// finder collects findings.
type finder struct {
	portal   *build.Portal
	levels   map[string]config.Level
	problems *diag.List

	mu    sync.Mutex
	texts map[string]string // of files that findings were placed in
}

// on reports whether a rule is to be looked after at all.
func (f *finder) on(rule string) bool { return f.levels[rule] != config.Off }

// add adds a finding of a rule, as heavy as the settings say.
func (f *finder) add(rule string, p diag.Problem) {
	if !f.on(rule) {
		return
	}
	p.Rule, p.Severity = rule, diag.Warning
	if f.levels[rule] == config.Error {
		p.Severity = diag.Error
	}
	f.problems.Add(p)
}

// place finds the first of several texts in a file of the site, as an editor would look for it, and returns its place
// and width; the file as a whole where none of them stands in it (the layout made it, or it is spelt otherwise).
func (f *finder) place(file string, wanted ...string) (diag.Pos, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text, known := f.texts[file]
	if !known {
		if f.texts == nil {
			f.texts = make(map[string]string)
		}
		data, err := f.portal.Read(file)
		if err == nil {
			text = strings.TrimPrefix(string(data), "\ufeff")
		}
		f.texts[file] = text
	}
	for _, w := range wanted {
		if w == "" {
			continue
		}
		if at := strings.Index(text, w); at >= 0 {
			// Marks of Markdown before what is looked for only say where to look.
			what := strings.TrimLeft(w, "[](<# ")
			return diag.At([]byte(text), at+len(w)-len(what), 1), len([]rune(strings.TrimRight(what, "]")))
		}
	}
	return diag.Pos{}, 0
}
