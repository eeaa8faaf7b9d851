package render

import (
	"hash"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/site"
)

// bodyEnv answers what the Markdown of one page asks.
type bodyEnv struct {
	r     *Renderer
	pass  *Pass
	page  *site.Page
	shown map[string]bool // what data blocks of the page show: "path#id" of indicators, "path" of timelines
	asked []question      // what its text asked so far
	told  hash.Hash       // of the answers; nil: they are not kept

	scratch []byte // for the next answer
}

// layoutIDs are the ids that the layouts use.
var layoutIDs = []string{"isi", "isi-halaman", "sumber", "janji", "keadaan", "terbaru", "masterplan", "dimensi", "ukuran", "tonggak", "perubahan", "kotak-cari", "saran"}

func (b *bodyEnv) env() markdown.Env {
	return markdown.Env{
		Link:  noted(b, "link", targetForm, b.link),
		Image: noted(b, "image", pictureForm, b.image),
		Blocks: map[string]func(string) (string, *markdown.Trouble){
			"indicator": noted(b, "indicator", htmlForm, b.indicator),
			"timeline":  noted(b, "timeline", htmlForm, b.timeline),
			"csv":       noted(b, "csv", htmlForm, b.sheet),
		},
		ReservedIDs: append(slices.Clone(layoutIDs), b.anchors()...),
		Terms:       b.r.terms[b.page.Edition],
		Self:        b.page.Link(),
		Sections:    b.pass.Texts != nil,
	}
}

// anchors are the ids of the page's own indicators.
func (b *bodyEnv) anchors() []string {
	if b.page.Document.QuickWin == nil {
		return nil
	}
	var ids []string
	for _, in := range b.page.Document.QuickWin.Indicators {
		ids = append(ids, "indikator-"+in.ID.ID)
	}
	return ids
}

// file resolves a relative path to a path in the site's folder.
func (b *bodyEnv) file(dest string) (string, *markdown.Trouble) {
	plain, err := url.PathUnescape(dest)
	if err != nil || strings.ContainsAny(plain, "\\\x00") || strings.Contains(plain, "%") {
		return "", &markdown.Trouble{Message: diag.Textf("%q is not a path", dest), Hint: diag.Textf("write the relative path of a file, such as ../opd/dlh.md")}
	}
	file := norm.NFC.String(path.Join(norm.NFC.String(b.page.Dir()), plain))
	b.pass.ask(file)
	if !strings.HasPrefix(file, "content/") {
		return "", &markdown.Trouble{Message: diag.Textf("%q leads out of content/", dest), Hint: diag.Textf("link only to files in content/")}
	}
	return file, nil
}

func (b *bodyEnv) link(dest string) (markdown.Target, *markdown.Trouble) {
	base, fragment, _ := strings.Cut(dest, "#")
	if f, err := url.PathUnescape(fragment); err == nil {
		fragment = norm.NFC.String(f)
	}
	if base == "" {
		return markdown.Target{Href: dest, Fragment: fragment}, nil
	}
	if strings.HasPrefix(base, "/") {
		b.pass.ask("static" + base)
		if b.r.isStatic(strings.TrimPrefix(base, "/")) {
			name, fragment, _ := strings.Cut(strings.TrimPrefix(dest, "/"), "#")
			href := b.r.site.Settings.Base() + b.r.assets.Path(name)
			if fragment != "" {
				href += "#" + fragment
			}
			return markdown.Target{Href: href}, nil
		}
		return markdown.Target{}, &markdown.Trouble{Message: diag.Textf("%q starts with a slash", dest), Hint: diag.Textf("write the relative path of the page's file: ../opd/dlh.md")}
	}
	if base, _, query := strings.Cut(base, "?"); query {
		return markdown.Target{}, &markdown.Trouble{Message: diag.Textf("a link within the portal has no query (?)"), Hint: diag.Textf("write %q", base)}
	}
	file, trouble := b.file(base)
	if trouble != nil {
		return markdown.Target{}, trouble
	}
	if b.r.today != nil && !strings.HasPrefix(file, planFolder) {
		return b.r.today.linkTo(file, fragment), nil
	}
	if !strings.HasSuffix(file, ".md") {
		if _, ok := b.r.beside[file]; ok {
			return markdown.Target{Href: b.r.site.Settings.Base() + escapePath(b.r.published(file))}, nil
		}
		return markdown.Target{}, b.nowhere(dest, file)
	}
	target := b.r.site.ByFile(file)
	if target == nil {
		if b.r.site.Hidden(file) {
			return markdown.Target{}, &markdown.Trouble{Severity: diag.Warning, Message: diag.Textf("%s is not published; the link is left out", file), Hint: diag.Textf("it comes by itself when the page is published")}
		}
		return markdown.Target{}, b.nowhere(dest, file)
	}
	target = target.In(b.page.Edition)
	t := markdown.Target{Href: target.Link(), Page: target.File, Fragment: fragment}
	if fragment != "" {
		t.Href += "#" + url.PathEscape(fragment)
	}
	if target == b.page {
		t.Page = ""
	}
	if target.Lang != b.page.Edition.Lang {
		t.Lang = string(target.Lang)
	}
	return t, nil
}

// otherSite is an address of another site without its https://.
var otherSite = regexp.MustCompile(`^(www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.(id|com|org|net|example)(/|$))`)

// nowhere is the trouble with a link to a file that is not there, with the nearest that is.
func (b *bodyEnv) nowhere(dest, file string) *markdown.Trouble {
	if b.r.site.HiddenBeside(file) {
		return &markdown.Trouble{Severity: diag.Warning, Message: diag.Textf("%s is not published; the link is left out", file), Hint: diag.Textf("it comes by itself when the page is published")}
	}
	hint := diag.Textf("check the path; a page is linked by its file: ../opd/dlh.md")
	switch {
	case strings.Contains(dest, "@"):
		return &markdown.Trouble{Message: diag.Textf("there is no file %s", file), Hint: diag.Textf("write mailto:%s if it is a mail address", dest)}
	case otherSite.MatchString(dest):
		return &markdown.Trouble{Message: diag.Textf("there is no file %s", file), Hint: diag.Textf("write https://%s if it is another site", dest)}
	}
	if near := b.r.nearestFile(file); near != "" {
		if relative := relativePath(b.page.Dir(), near); relative != "" {
			hint = diag.Textf("did you mean %q?", relative)
		}
	} else if strings.HasSuffix(dest, "/") || path.Ext(file) == "" {
		if b.r.site.ByFile(file+".md") != nil {
			hint = diag.Textf("did you mean %q?", strings.TrimSuffix(dest, "/")+".md")
		} else if b.r.site.ByFile(file+"/_index.md") != nil {
			hint = diag.Textf("did you mean %q?", strings.TrimSuffix(dest, "/")+"/_index.md")
		}
	}
	return &markdown.Trouble{Message: diag.Textf("there is no file %s", file), Hint: hint}
}

// relativePath is the path from a folder to a file, both in the site's folder.
func relativePath(dir, file string) string {
	from, to := strings.Split(dir, "/"), strings.Split(file, "/")
	for len(from) > 0 && len(to) > 1 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	return strings.Repeat("../", len(from)) + strings.Join(to, "/")
}

// win finds the quick win that a data block names by the path of its file. It returns neither a quick win nor trouble
// where the quick win's own mistakes are told already.
func (b *bodyEnv) win(argument string) (*site.QuickWin, *markdown.Trouble) {
	name := strings.TrimSuffix(strings.TrimPrefix(argument, "/"), ".md")
	b.pass.ask("content/" + name + ".md")
	b.pass.ask("content/" + name + "/index.md")
	var names []string
	for _, q := range b.page.Edition.QuickWins {
		if q.Path == name {
			if q.Broken {
				return nil, nil
			}
			return q, nil
		}
		names = append(names, q.Path)
	}
	if b.r.site.Hidden("content/" + name + ".md") {
		return nil, &markdown.Trouble{Severity: diag.Warning, Message: diag.Textf("%s is not published; the block is left out", name), Hint: diag.Textf("it comes by itself when the page is published")}
	}
	slices.Sort(names)
	return nil, &markdown.Trouble{Message: diag.Textf("there is no quick win %q", name), Hint: diag.DidYouMean(name, names, diag.Textf("write quick-wins/ and the file's name without .md"))}
}

func (b *bodyEnv) indicator(argument string) (string, *markdown.Trouble) {
	name, id, ok := strings.Cut(argument, "#")
	if !ok || strings.ContainsAny(argument, "\n ") {
		return "", &markdown.Trouble{Message: diag.Textf("an indicator block names one indicator"), Hint: diag.Textf("write quick-wins/FILE#ID")}
	}
	q, trouble := b.win(name)
	if q == nil {
		return "", trouble
	}
	var ids []string
	for _, in := range q.Indicators {
		if in.ID.ID != id {
			ids = append(ids, in.ID.ID)
			continue
		}
		view := b.r.indicatorView(b.page.Edition, in)
		if today := b.r.today; today != nil {
			view.Data = "" // its figures are others now
			if p := today.site.ByFile(norm.NFC.String(q.File)); p != nil {
				view.Link = p.Link()
			}
		} else if q.Page != b.page {
			view.Link = q.Link() + "#" + in.Anchor()
		} else if !b.shown[q.Path+"#"+id] {
			view.ID = in.Anchor() // the page shows the indicator here, and nowhere else
		}
		b.shown[q.Path+"#"+id] = true
		return b.partial("indicator", view)
	}
	return "", &markdown.Trouble{Message: diag.Textf("%s has no indicator %q", q.Path, id), Hint: diag.DidYouMean(id, ids, diag.Textf("its indicators: %s", strings.Join(ids, ", ")))}
}

func (b *bodyEnv) timeline(argument string) (string, *markdown.Trouble) {
	if strings.ContainsAny(argument, "\n ") {
		return "", &markdown.Trouble{Message: diag.Textf("a timeline block names one quick win"), Hint: diag.Textf("write quick-wins/FILE")}
	}
	q, trouble := b.win(argument)
	if q == nil {
		return "", trouble
	}
	b.shown[q.Path] = true
	return b.partial("road", b.r.roadView(b.page.Edition, q))
}

func (b *bodyEnv) partial(name string, view any) (string, *markdown.Trouble) {
	html, err := b.r.layouts.partial(b.page.Edition.Lang, name, view, b.page.File)
	if err != nil {
		return "", &markdown.Trouble{Message: diag.Of(err), Hint: diag.Textf("correct the layout")}
	}
	return string(html), nil
}
