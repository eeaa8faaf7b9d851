package check

import (
	"bytes"
	"hash/maphash"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"pendapa/internal/diag"
	"pendapa/internal/proof"
	"pendapa/internal/render"
)

// pages collects what finished pages show, and judges it when all have been seen.
type pages struct {
	f     *finder
	base  string // of the portal's addresses, as paths
	own   string // the portal's own address without its path
	seed  maphash.Seed
	count int

	index   map[string]int // of the portal's outputs, by path
	reached []atomic.Bool  // by output: whether another page links to it

	mu       sync.Mutex
	ids      map[string][]string       // of each output
	places   []link                    // to places on pages, which can be judged when all pages were seen
	told     map[string]bool           // a link of a layout stands on every page
	chrome   map[uint64]*scanned       // headers and footers, which are the same on thousands of pages
	external map[string][]where        // addresses of other sites, and where they stand
	words    map[string]map[string]int // abbreviations, and on which pages' files they stand
}

// where is a place that an address is linked from.
type where struct{ file, href, text string }

// link is a link within the portal.
type link struct {
	target   string // path of an output
	fragment string
	href     string // as it stands in the page
	file     string // of the page that it stands on
	text     string
}

// scanned is what a part of a page holds.
type scanned struct {
	ids      []string
	anchors  []anchor
	headings []heading
	images   []picture
	words    []string // abbreviations
}

type anchor struct{ href, text string }

type heading struct {
	level int
	text  string
}

type picture struct {
	src    string
	hasAlt bool
}

func newPages(f *finder) *pages {
	p := &pages{f: f, seed: maphash.MakeSeed(), ids: make(map[string][]string), told: make(map[string]bool), index: make(map[string]int), chrome: make(map[uint64]*scanned),
		external: make(map[string][]where), words: make(map[string]map[string]int)}
	if f.portal.Site != nil {
		u := f.portal.Site.Settings.URL
		p.base, p.own = u.Path, u.Scheme+"://"+u.Host
	}
	for i, o := range f.portal.Outputs {
		p.index[o.Path] = i
	}
	p.reached = make([]atomic.Bool, len(f.portal.Outputs))
	return p
}

// look takes a finished output in. It may be called from several goroutines.
func (p *pages) look(o render.Output, data []byte) {
	switch {
	case o.Alias:
		return
	case strings.HasSuffix(o.Path, ".html"):
		p.page(o, data)
	case slices.Contains([]string{".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".svg"}, strings.ToLower(path.Ext(o.Path))):
		p.imageSize(o, data)
	}
}

func (p *pages) page(o render.Output, data []byte) {
	start, end := bytes.Index(data, []byte("<main")), bytes.LastIndex(data, []byte("</main>"))
	if start < 0 || end < start {
		start, end = 0, len(data)
	}
	main := scan(data[start:end], o.Page != nil) // lists repeat what stands on pages
	parts := []*scanned{main, p.part(body(data[:start])), p.part(data[end:])}
	var ids []string
	var places []link
	external := make(map[string]where)
	for i, part := range parts {
		ids = append(ids, part.ids...)
		for _, a := range part.anchors {
			l, inside := p.resolve(o.Path, a.href)
			switch {
			case inside:
				l.file, l.text = o.From, a.text
				if p.judge(o, &l); l.fragment != "" && (l.target != o.Path || !slices.Contains(ids, l.fragment)) {
					places = append(places, l)
				}
			case i == 0 && (strings.HasPrefix(a.href, "https://") || strings.HasPrefix(a.href, "http://")):
				external[a.href] = where{o.From, a.href, a.text}
			}
		}
	}
	p.linkTexts(o, main)
	p.headings(o, main)
	for _, part := range parts {
		for _, image := range part.images {
			if !image.hasAlt {
				pos, width := p.f.place(o.From, path.Base(image.src))
				p.f.add("image-alt", diag.Problem{File: o.From, Pos: pos, Width: width, Message: diag.Textf("the picture %s has no words for those who cannot see it", image.src), Hint: diag.Textf("the layout that shows it gives no alt; write alt=\"\" where it is only decoration")})
			}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	p.ids[o.Path] = ids
	p.places = append(p.places, places...)
	for href, at := range external {
		p.external[href] = append(p.external[href], at)
	}
	for _, word := range main.words {
		if p.words[word] == nil {
			p.words[word] = make(map[string]int)
		}
		p.words[word][o.From]++
	}
}

// body is what stands between the start of the body and the main part: the head differs on every page.
func body(before []byte) []byte {
	if at := bytes.Index(before, []byte("<body")); at >= 0 {
		return before[at:]
	}
	return before
}

// part scans a part of a page that may be the same on many, once.
func (p *pages) part(data []byte) *scanned {
	key := maphash.Bytes(p.seed, data)
	p.mu.Lock()
	known := p.chrome[key]
	p.mu.Unlock()
	if known != nil {
		return known
	}
	fresh := scan(data, false)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.chrome[key] = fresh
	return fresh
}

// scan reads HTML as a browser's tokenizer does; words says whether abbreviations are looked for.
func scan(data []byte, words bool) *scanned {
	s := &scanned{}
	z := html.NewTokenizer(bytes.NewReader(data))
	var open *anchor        // the link that is being read
	var title *heading      // the heading that is being read
	hidden, skipped := 0, 0 // depth of what is not read as text
	var text []byte
	for {
		switch z.Next() {
		case html.ErrorToken:
			return s
		case html.TextToken:
			if skipped > 0 {
				continue
			}
			t := z.Text()
			if open != nil {
				text = append(text, t...)
			}
			if title != nil {
				title.text += string(t)
			}
			if words && hidden == 0 {
				s.words = abbreviations(s.words, t)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); a {
			case atom.A:
				if open != nil {
					open.text = strings.Join(strings.Fields(string(text)), " ")
					s.anchors = append(s.anchors, *open)
					open = nil
				}
			case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				if title != nil {
					title.text = strings.Join(strings.Fields(title.text), " ")
					s.headings = append(s.headings, *title)
					title = nil
				}
			case atom.Svg:
				skipped = max(skipped-1, 0)
			case atom.Code, atom.Pre:
				hidden = max(hidden-1, 0)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			var href, src string
			var hasHref, hasAlt bool
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				switch string(key) {
				case "id":
					s.ids = append(s.ids, string(value))
				case "href":
					href, hasHref = string(value), true
				case "src":
					src = string(value)
				case "alt":
					hasAlt = true
					if open != nil {
						text = append(text, value...)
					}
				case "aria-label":
					if open != nil && tag != atom.A {
						text = append(text, value...)
					}
				}
			}
			switch tag {
			case atom.A:
				if hasHref {
					open = &anchor{href: href}
					text = text[:0]
				}
			case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
				title = &heading{level: int(name[1] - '0')}
			case atom.Img:
				s.images = append(s.images, picture{src, hasAlt})
			case atom.Svg:
				skipped++
			case atom.Code, atom.Pre:
				hidden++
			}
		}
	}
}

// resolve reads an address of a page as one within the portal.
func (p *pages) resolve(from, href string) (link, bool) {
	rest := href
	if after, ok := strings.CutPrefix(href, p.own); ok && (after == "" || strings.HasPrefix(after, "/")) {
		rest = after // the portal's full address
	} else if strings.Contains(href, ":") && !strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "#") {
		return link{}, false
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	if f, err := url.PathUnescape(fragment); err == nil {
		fragment = f
	}
	l := link{fragment: fragment, href: href, target: from}
	if rest == "" {
		return l, true
	}
	plain, err := url.PathUnescape(rest)
	if err != nil {
		plain = rest
	}
	name, below := strings.CutPrefix(plain, p.base)
	if !below {
		return link{}, false // another site on the same host
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	l.target = name
	return l, true
}

// judge looks where a link leads, as far as the plan of the portal tells.
func (p *pages) judge(from render.Output, l *link) {
	i, planned := p.index[l.target]
	if !planned {
		if i, planned = p.index[l.target+"/index.html"]; planned {
			l.target += "/index.html"
		}
	}
	switch {
	case !planned && proof.IsProof(l.target):
		return
	case !planned:
		p.tell("broken-link", *l, diag.Textf("the link leads to %s, which is not there", l.href), diag.Textf("correct the address; a page of the portal is linked by its file: ../opd/dlh.md"))
		l.fragment = ""
		return
	case p.f.portal.Outputs[i].Alias:
		p.tell("redirected-link", *l, diag.Textf("the link leads to an old address of %s", p.f.portal.Outputs[i].From), diag.Textf("link to the file itself"))
		l.fragment = ""
	case !strings.HasSuffix(l.target, ".html"):
		l.fragment = ""
	}
	if l.target != from.Path && !from.Index && !p.reached[i].Load() { // who finds a page in the list of all knew of it
		p.reached[i].Store(true)
	}
}

// finish judges what takes all pages.
func (p *pages) finish() {
	for _, l := range p.places {
		if !slices.Contains(p.ids[l.target], l.fragment) {
			p.tell("broken-link", l, diag.Textf("the link leads to #%s, which is not on the page", l.fragment), diag.Textf("use the id of one of the page's headings"))
		}
	}
	for i, o := range p.f.portal.Outputs {
		if o.Page != nil && o.Page != o.Page.Edition.Home && !o.Page.Generated && !p.reached[i].Load() {
			p.f.add("orphan", diag.Problem{File: o.From, Message: diag.Textf("no page links to this one"), Hint: diag.Textf("link to it from a page that is read, or give it  menu: …  to show it below every page")})
		}
	}
	p.unexplained()
}

// tell adds a finding about a link, once for each file that it stands in.
func (p *pages) tell(rule string, l link, message, hint diag.Text) {
	p.mu.Lock()
	key := l.file + " " + l.href
	told := p.told[key]
	p.told[key] = true
	p.mu.Unlock()
	if told {
		return
	}
	pos, width := p.f.place(l.file, "]("+l.href, "<"+l.href, l.href, "["+l.text+"]", l.text)
	p.f.add(rule, diag.Problem{File: l.file, Pos: pos, Width: width, Message: message, Hint: hint})
}

// emptyTexts are what links say that say nothing of where they lead, in the languages of portals.
var emptyTexts = strings.Split("klik di sini|klik disini|di sini|disini|klik|tautan|tautan ini|baca selengkapnya|selengkapnya|lihat selengkapnya|lebih lanjut|baca lebih lanjut|ini|link|lihat|halaman ini|click here|here|read more|more|link|this link|this page|this", "|")

func (p *pages) linkTexts(o render.Output, main *scanned) {
	for _, a := range main.anchors {
		plain := strings.ToLower(strings.Trim(a.text, " .…»›→:!"))
		switch {
		case slices.Contains(emptyTexts, plain):
			pos, width := p.f.place(o.From, "["+a.text+"]", a.text)
			p.f.add("link-text", diag.Problem{File: o.From, Pos: pos, Width: width, Message: diag.Textf("the link text %q does not say where it leads", a.text), Hint: diag.Textf("write what the reader finds there: [Rencana Induk 2019](…)")})
		case a.text == "" && !strings.HasPrefix(a.href, "#"):
			pos, width := p.f.place(o.From, a.href)
			p.f.add("link-text", diag.Problem{File: o.From, Pos: pos, Width: width, Message: diag.Textf("the link to %s has no text", diag.Clip(a.href)), Hint: diag.Textf("write what it leads to between the brackets")})
		}
	}
}

// headings looks for levels that are skipped on the way down.
func (p *pages) headings(o render.Output, main *scanned) {
	if o.Page == nil {
		return
	}
	before := 0
	for _, h := range main.headings {
		if before > 0 && h.level > before+1 {
			text := strings.TrimSuffix(h.text, " #")
			pos, width := p.f.place(o.From, "# "+text, text)
			p.f.add("heading-order", diag.Problem{File: o.From, Pos: pos, Width: width, Message: diag.Textf("the heading %q skips a level: it is of level %d below one of level %d", diag.Clip(text), h.level, before), Hint: diag.Textf("use one # less, or add the heading that is missing between")})
		}
		before = h.level
	}
}

// Limits of pictures as they are put beside pages. A phone shows 360 points, at most three pixels each.
const (
	largePicture = 500 << 10 // bytes: half a minute on a slow mobile line
	widePicture  = 2560      // pixels
)

func (p *pages) imageSize(o render.Output, data []byte) {
	width, _ := render.PictureSize(o.Path, data)
	if len(data) <= largePicture && width <= widePicture {
		return
	}
	p.f.add("image-size", diag.Problem{File: o.From, Message: diag.Textf("the picture has %d KiB and is %d pixels wide", len(data)>>10, width), Hint: diag.Textf("export it again at most %d pixels wide, and under %d KiB", widePicture, largePicture>>10)})
}
