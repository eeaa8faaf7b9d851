package render

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // sizes of pictures
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2/js"
	"github.com/tdewolff/parse/v2"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/palette"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// stylesheet is the file that the palette of the brand is put in front of.
const stylesheet = "assets/site.css"

// scripts is the folder of the browser modules, which are published minified.
const scripts = "assets/search/"

// minified is a script without what only those who read it need.
func minified(data []byte, file string, problems *diag.List) []byte {
	var b bytes.Buffer
	if err := (&js.Minifier{}).Minify(nil, &b, bytes.NewReader(data), nil); err != nil {
		var pos diag.Pos
		message := err.Error()
		if at := (*parse.Error)(nil); errors.As(err, &at) {
			pos, message = diag.Pos{Line: at.Line, Col: at.Column}, at.Message
		}
		problems.Add(diag.Problem{File: file, Pos: pos, Message: diag.Textf("the script cannot be read: %s", message), Hint: diag.Textf("correct it, or remove it to use the built-in one")})
		return nil
	}
	return b.Bytes()
}

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
	for _, name := range r.static.names {
		if strings.HasPrefix(name, scripts) && !r.site.Settings.Feature("search") {
			continue
		}
		outputs = append(outputs, Output{Path: name, From: "static/" + name, Make: func(pass *Pass) ([]byte, error) {
			data, err := r.static.files.Read(name, maxAsset)
			if err != nil {
				pass.Problems.Add(source.Problem("static/"+name, err))
				return nil, nil
			}
			switch {
			case name == stylesheet:
				return append(r.tokens(), data...), nil
			case strings.HasPrefix(name, scripts) && strings.HasSuffix(name, ".js"):
				return minified(data, "static/"+name, pass.Problems), nil
			}
			return data, nil
		}})
	}
	for name, entry := range r.assets {
		file, name := entry.Path, strings.TrimPrefix(name, "content/")
		if lower := strings.ToLower(name); strings.HasSuffix(lower, ".md") || strings.HasSuffix(lower, ".md.txt") {
			right := name[:strings.Index(lower, ".md")] + ".md"
			r.problems.Add(diag.Problem{File: file, Message: diag.Textf("the name of a page ends with .md, in small letters"), Hint: diag.Textf("rename it to %s", path.Base(right))})
			continue
		}
		if !slices.Contains(published, strings.ToLower(path.Ext(name))) {
			r.problems.Add(diag.Problem{File: file, Message: diag.Textf("files of this kind are not published from content/"), Hint: diag.Textf("allowed are %s; the owner of the site may put others in static/", strings.Join(published, " "))})
			continue
		}
		outputs = append(outputs, Output{Path: name, From: file, Make: func(pass *Pass) ([]byte, error) {
			data, err := pass.Files.Read(file, maxAsset)
			if err != nil {
				pass.Problems.Add(source.Problem(file, err))
				return nil, nil
			}
			if problem := inspect(name, data); problem != nil {
				problem.File = file
				pass.Problems.Add(*problem)
			}
			return data, nil
		}})
	}
	return outputs
}

// contents are how files of these kinds start, as the WHATWG's MIME Sniffing standard tells them apart.
var contents = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".pdf": "application/pdf", ".zip": "application/zip",
}

// inspect checks that a file is what its name says: something else under the name of a picture may be a page that runs
// code where a host guesses at contents.
func inspect(name string, data []byte) *diag.Problem {
	ending := strings.ToLower(path.Ext(name))
	if ending == ".svg" {
		_, problem := inspectSVG(data)
		return problem
	}
	if want, known := contents[ending]; known {
		if is := http.DetectContentType(data); is != want {
			return &diag.Problem{Message: diag.Textf("the file is not what its name says: it ends with %s, and holds %s", ending, is), Hint: diag.Textf("export it again, or correct its name")}
		}
	}
	return nil
}

// Static are the files of static/, the site's own over the built-in ones.
type Static struct {
	files source.Overlay
	names []string // of those that are published, sorted
}

// ListStatic lists the files of static/; what cannot be published goes to problems.
func ListStatic(tree *source.Tree, builtin fs.FS, problems *diag.List) *Static {
	s := &Static{files: source.NewOverlay(tree, "static", builtin)}
	names, err := s.files.List(problems)
	if err != nil {
		problems.Add(diag.Problem{File: "static", Message: diag.Of(err)})
	}
	for _, name := range names {
		if secret(name) {
			problems.Add(diag.Problem{Severity: diag.Warning, File: "static/" + name, Message: diag.Textf("this looks like a key; it is not published"), Hint: diag.Textf("keep secrets out of the site's folder")})
			continue
		}
		s.names = append(s.names, name)
	}
	return s
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
	plain, err := url.PathUnescape(name)
	return err == nil && slices.Contains(r.static.names, plain)
}

// secret reports whether a file looks like a key by its name.
func secret(name string) bool {
	base := path.Base(name)
	return slices.Contains(secrets, strings.ToLower(path.Ext(base))) || strings.HasPrefix(base, "id_") && path.Ext(base) == ""
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
				outputs = append(outputs, Output{Path: target, From: p.File, Alias: true, Make: func(*Pass) ([]byte, error) {
					return execute(r.layouts.sets[e.Lang].partials, "alias", AliasView{p, string(e.Lang)}, p.File)
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
func (r *Renderer) picture(pass *Pass, p *site.Page) *Picture {
	if p.Image == nil || p.Image.Src.ID == "" {
		return nil
	}
	env := bodyEnv{r: r, pass: pass, page: p}
	found, trouble := env.image(p.Image.Src.ID)
	if trouble != nil {
		file := p.File
		for _, t := range p.Translations {
			if t.Image == p.Image && t.Lang == r.site.Settings.Lang() {
				file = t.File // the picture is the original's
			}
		}
		pass.Problems.Add(diag.Problem{File: file, Pos: p.Image.Src.Pos, Width: len([]rune(p.Image.Src.ID)), Message: trouble.Message, Hint: trouble.Hint})
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
		return markdown.Picture{}, &markdown.Trouble{Message: diag.Textf("%q is not a picture", dest), Hint: diag.Textf("pictures are %s", strings.Join(pictures, " "))}
	}
	entry, ok := b.r.assets[file]
	if !ok {
		return markdown.Picture{}, b.nowhere(dest, file)
	}
	picture := markdown.Picture{Src: b.r.site.Settings.Base() + escapePath(strings.TrimPrefix(file, "content/"))}
	data, err := b.pass.Files.Read(entry.Path, maxAsset)
	if err != nil {
		b.pass.Problems.Add(source.Problem(entry.Path, err))
		return picture, nil
	}
	picture.Width, picture.Height = PictureSize(file, data)
	return picture, nil
}

// PictureSize is how large a picture is, in pixels; 0 where that cannot be told.
func PictureSize(name string, data []byte) (width, height int) {
	if strings.EqualFold(path.Ext(name), ".svg") {
		if size, problem := inspectSVG(data); problem == nil {
			return size.X, size.Y
		}
	} else if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		return config.Width, config.Height
	}
	return 0, 0
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
	// Looking for a similar name takes time in the number of names: in a folder of thousands, where a whole folder of
	// links may be wrong at once, it is not looked for.
	const few = 300
	if len(near) <= few {
		if name := diag.Nearest(file, near); name != "" {
			return name
		}
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
