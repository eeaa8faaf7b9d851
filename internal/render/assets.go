package render

import (
	"bytes"
	"image"
	_ "image/gif" // sizes of pictures
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// published are the kinds of files that may stand beside a page. What a browser would run or show as a page of the
// portal is not among them: content is an agency's, and is not trusted with that.
var published = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".csv", ".pdf", ".ods", ".odt", ".odp", ".xlsx", ".docx", ".pptx", ".txt", ".geojson", ".ics", ".zip"}

// pictureFolder is where the smaller versions of pictures stand, named by the contents of the original.
const pictureFolder = "assets/gambar/"

var pictures = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"}

// files plans the outputs that are no pages: static files, and files beside pages.
func (r *Renderer) files() []Output {
	outputs := r.assets.outputs(r.site.Settings)
	for name, entry := range r.beside {
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
		outputs = append(outputs, Output{Path: name, From: file, Asset: true, Make: func(pass *Pass) ([]byte, error) {
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
	entry, ok := b.r.beside[file]
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
	for asset := range r.beside {
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
