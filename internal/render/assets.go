package render

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // sizes of pictures
	_ "image/jpeg"
	_ "image/png"
	"net/url"
	"path"
	"slices"
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/palette"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// stylesheet is the file that the palette of the brand is put in front of.
const stylesheet = "assets/site.css"

// maxAsset is the largest file beside a page or in static/, in bytes.
const maxAsset = 64 << 20

// published are the kinds of files that may stand beside a page. What a browser would run or show as a page of the
// portal is not among them: content is an agency's, and is not trusted with that.
var published = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".csv", ".pdf", ".ods", ".odt", ".odp", ".xlsx", ".docx", ".pptx", ".txt", ".geojson", ".ics", ".zip"}

// secrets are kinds of files that never belong to a portal.
var secrets = []string{".pem", ".key", ".p12", ".pfx"}

var pictures = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"}

// files plans the outputs that are no pages: static files, the stylesheet, files beside pages.
func (r *Renderer) files() []Output {
	var outputs []Output
	names, err := r.static.List(r.problems)
	if err != nil {
		r.problems.Add(diag.Problem{File: "static", Message: err.Error()})
	}
	for _, name := range names {
		if slices.Contains(secrets, strings.ToLower(path.Ext(name))) {
			r.problems.Add(diag.Problem{Severity: diag.Warning, File: "static/" + name, Message: "this looks like a key; it is not published", Hint: "keep secrets out of the site's folder"})
			continue
		}
		outputs = append(outputs, Output{Path: name, From: "static/" + name, Make: func() ([]byte, error) {
			data, err := r.static.Read(name, maxAsset)
			if err != nil {
				r.problems.Add(source.Problem("static/"+name, err))
				return nil, nil
			}
			if name == stylesheet {
				return append(r.tokens(), data...), nil
			}
			return data, nil
		}})
	}
	for name, entry := range r.assets {
		file, name := entry.Path, strings.TrimPrefix(name, "content/")
		if !slices.Contains(published, strings.ToLower(path.Ext(name))) {
			r.problems.Add(diag.Problem{File: file, Message: "files of this kind are not published from content/", Hint: "allowed are " + strings.Join(published, " ") + "; the owner of the site may put others in static/"})
			continue
		}
		outputs = append(outputs, Output{Path: name, From: file, Make: func() ([]byte, error) {
			data, err := r.tree.Read(file, maxAsset)
			if err != nil {
				r.problems.Add(source.Problem(file, err))
				return nil, nil
			}
			if strings.EqualFold(path.Ext(file), ".svg") {
				if _, problem := inspectSVG(data); problem != nil {
					problem.File = file
					r.problems.Add(*problem)
				}
			}
			return data, nil
		}})
	}
	return outputs
}

// tokens is the brand's palette as the first layer of the stylesheet.
func (r *Renderer) tokens() []byte {
	var b bytes.Buffer
	settings := r.site.Settings
	write := func(theme palette.Theme) {
		for _, t := range theme.Tokens {
			fmt.Fprintf(&b, "--%s:%s;", t.Name, t.Color)
		}
	}
	b.WriteString("@layer reset,tokens,base,components,print;@layer tokens{:root{color-scheme:light;")
	write(settings.Palette.Light)
	if settings.Brand.Pattern != "" {
		relative := strings.TrimPrefix(settings.Brand.Pattern, "assets/")
		if relative == settings.Brand.Pattern {
			relative = "../" + relative
		}
		fmt.Fprintf(&b, "--pattern:url(%s);", escapePath(relative))
	}
	b.WriteString("}")
	if settings.Feature("dark") {
		b.WriteString("@media(prefers-color-scheme:dark){:root{color-scheme:dark;")
		write(settings.Palette.Dark)
		b.WriteString("}}")
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// isStatic reports whether there is a static file, the site's own or a built-in one.
func (r *Renderer) isStatic(name string) bool {
	if path.Clean(name) != name || strings.HasPrefix(name, "..") {
		return false
	}
	_, err := r.static.Read(name, maxAsset)
	return err == nil
}

// AliasView is the page that stands at an address which a page used to have.
type AliasView struct {
	*site.Page
	Lang string
}

// aliases plans the pages that lead on from old addresses, for hosts that know no redirects.
func (r *Renderer) aliases() []Output {
	var outputs []Output
	for _, e := range r.site.Editions {
		for _, p := range e.Own() {
			for _, alias := range p.Aliases {
				target := strings.Trim(alias, "/")
				if path.Ext(target) != ".html" {
					target = path.Join(target, "index.html")
				}
				outputs = append(outputs, Output{Path: target, From: p.File, Make: func() ([]byte, error) {
					return execute(r.templates[e.Lang].partials, "alias", AliasView{p, string(e.Lang)}, p.File)
				}})
			}
		}
	}
	return outputs
}

// Picture is the picture of a page, as its layout shows it.
type Picture struct {
	Src, Alt, Caption, Credit string
	Width, Height             int // pixels; 0: not known
}

// picture is the picture that a page's front matter names, or nil.
func (r *Renderer) picture(p *site.Page) *Picture {
	if p.Image == nil {
		return nil
	}
	env := bodyEnv{r: r, page: p}
	found, trouble := env.image(p.Image.Src.ID)
	if trouble != nil {
		r.problems.Add(diag.Problem{File: p.File, Pos: p.Image.Src.Pos, Width: len([]rune(p.Image.Src.ID)), Message: trouble.Message, Hint: trouble.Hint})
		return nil
	}
	return &Picture{found.Src, p.Image.Alt, p.Image.Caption, p.Image.Credit, found.Width, found.Height}
}

// image resolves a picture beside a page, and reads how large it is, so that nothing moves when it comes.
func (b *bodyEnv) image(dest string) (markdown.Picture, *markdown.Trouble) {
	file, trouble := b.file(dest)
	if trouble != nil {
		return markdown.Picture{}, trouble
	}
	if !slices.Contains(pictures, strings.ToLower(path.Ext(file))) {
		return markdown.Picture{}, &markdown.Trouble{Message: fmt.Sprintf("%q is not a picture", dest), Hint: "pictures are " + strings.Join(pictures, " ")}
	}
	entry, ok := b.r.assets[file]
	if !ok {
		return markdown.Picture{}, b.nowhere(dest, file)
	}
	picture := markdown.Picture{Src: b.r.site.Settings.Base() + escapePath(strings.TrimPrefix(file, "content/"))}
	data, err := b.r.tree.Read(entry.Path, maxAsset)
	if err != nil {
		b.r.problems.Add(source.Problem(entry.Path, err))
		return picture, nil
	}
	if strings.EqualFold(path.Ext(file), ".svg") {
		if size, problem := inspectSVG(data); problem == nil {
			picture.Width, picture.Height = size.X, size.Y
		}
	} else if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		picture.Width, picture.Height = config.Width, config.Height
	}
	return picture, nil
}

// escapePath is a path as the path of an address.
func escapePath(p string) string { return (&url.URL{Path: p}).EscapedPath() }

// nearestFile is the page or asset that a wrong path probably means: the same name in another folder, or a similar name
// in the same folder.
func (r *Renderer) nearestFile(file string) string {
	dir, base := path.Split(file)
	var same, near []string
	for _, e := range r.site.Editions {
		for _, p := range e.Own() {
			if !p.Generated {
				same, near = candidates(p.File, dir, base, same, near)
			}
		}
	}
	for asset := range r.assets {
		same, near = candidates(asset, dir, base, same, near)
	}
	slices.Sort(same)
	slices.Sort(near)
	if name := diag.Nearest(file, near); name != "" {
		return name
	}
	if len(same) > 0 {
		return same[0]
	}
	return ""
}

func candidates(file, dir, base string, same, near []string) ([]string, []string) {
	switch d, b := path.Split(file); {
	case d == dir:
		near = append(near, file)
	case b == base && base != "_index.md":
		same = append(same, file)
	}
	return same, near
}
