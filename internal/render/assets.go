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
	"pendapa/internal/opendata"
	"pendapa/internal/sheet"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// published are the kinds of files that may stand beside a page. What a browser would run or show as a page of the
// portal is not among them: content is an agency's, and is not trusted with that.
var published = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".csv", ".pdf", ".ods", ".odt", ".odp", ".xlsx", ".docx", ".pptx", ".txt", ".geojson", ".ics", ".zip"}

var pictures = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"}

// files plans the outputs that are no pages: static files, and files beside pages.
func (r *Renderer) files() []Output {
	return append(r.assets.outputs(r.site.Settings), r.besides()...)
}

// published is where a file beside a page is published, in the output folder.
func (r *Renderer) published(file string) string {
	if rest, of := strings.CutPrefix(file, planFolder); of && r.today != nil {
		return r.planAt + rest
	}
	return strings.TrimPrefix(file, "content/")
}

// besides plans the files beside pages.
func (r *Renderer) besides() []Output {
	var outputs []Output
	for name, entry := range r.beside {
		file, name := entry.Path, r.published(name)
		if lower := strings.ToLower(name); strings.HasSuffix(lower, ".md") || strings.HasSuffix(lower, ".md.txt") {
			right := name[:strings.Index(lower, ".md")] + ".md"
			r.problems.Add(diag.Problem{File: file, Message: diag.Textf("the name of a page ends with .md, in small letters"), Hint: diag.Textf("rename it to %s", path.Base(right))})
			continue
		}
		if !slices.Contains(published, strings.ToLower(path.Ext(name))) {
			r.problems.Add(diag.Problem{File: file, Message: diag.Textf("files of this kind are not published from content/"), Hint: diag.Textf("allowed are %s; the owner of the site may put others in static/", strings.Join(published, " "))})
			continue
		}
		if entry.Picture != nil {
			outputs = append(outputs, r.pictureOutputs(name, entry, r.smaller)...)
			continue
		}
		outputs = append(outputs, Output{Path: name, From: file, Asset: true, Make: func(pass *Pass) ([]byte, error) {
			data, err := pass.Files.Read(file, MaxAsset)
			if err != nil {
				pass.Problems.Add(source.Problem(file, err))
				return nil, nil
			}
			if strings.EqualFold(path.Ext(name), ".csv") {
				// What a spreadsheet would run as a formula is made a text here as in our own files.
				safe, problem := sheet.Clean(data, opendata.Neutralise)
				if problem != nil {
					problem.File = file
					pass.Problems.Add(*problem)
				}
				return safe, nil
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
	".pdf": "application/pdf", ".zip": "application/zip",
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
					return r.layouts.partial(e.Lang, "alias", AliasView{p, string(e.Lang)}, p.File)
				}})
			}
		}
	}
	return outputs
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
