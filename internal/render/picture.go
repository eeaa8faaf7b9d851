package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/picture"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// Beside is a file of content/ that is not a page.
type Beside struct {
	source.Entry
	Picture *PictureFile // nil: it is no picture of pixels, or could not be read
}

// PictureFile is what is known of a picture of pixels.
type PictureFile struct {
	Digest  [sha256.Size]byte // of the file; zero: it could not be read
	Info    picture.Info
	Trouble *picture.Trouble // what is wrong with the file; nil: nothing that its headers show
}

// Read reports whether the file could be read; otherwise its trouble says why not.
func (p *PictureFile) Read() bool { return p.Digest != [sha256.Size]byte{} }

// pictureFolder is where the smaller versions of pictures stand, named by the contents of the original.
const pictureFolder = "assets/gambar/"

// sizes is how wide a picture is shown: across a telephone, or as wide as the column of text (46rem of 18 pixels).
const sizes = "(min-width: 54em) 46rem, calc(100vw - 2rem)"

// usual is the width, in pixels, of the version for browsers that do not choose.
const usual = 960

// smaller is where a version of a picture stands, in the output folder.
func (p *PictureFile) smaller(width int) string {
	return pictureFolder + hex.EncodeToString(p.Digest[:8]) + "-" + strconv.Itoa(width) + ".webp"
}

// pictureOutputs plans a picture: itself, without what a camera wrote into it, and its smaller versions, each once where
// the same picture stands in several places.
func (r *Renderer) pictureOutputs(name string, b Beside, planned map[string]bool) []Output {
	file, p := b.Path, b.Picture
	tell := func(pass *Pass, trouble *picture.Trouble) {
		if trouble != nil {
			pass.Problems.Add(diag.Problem{File: file, Message: trouble.Message, Hint: trouble.Hint})
		}
	}
	read := func(pass *Pass, unfold func(data []byte) ([]byte, *picture.Trouble)) ([]byte, error) {
		if !p.Read() { // whoever could read it now does not know what it is
			tell(pass, p.Trouble)
			return nil, nil
		}
		data, err := pass.Files.Read(file, MaxAsset)
		if err == nil && sha256.Sum256(data) != p.Digest {
			err = source.ErrChanged
		}
		if err != nil {
			pass.Problems.Add(source.Problem(file, err))
			return nil, nil
		}
		if p.Trouble != nil {
			tell(pass, p.Trouble)
			return nil, nil
		}
		type result struct {
			made    []byte
			trouble *picture.Trouble
		}
		results := make(chan result, 1)
		go func() {
			made, trouble := unfold(data)
			results <- result{made, trouble}
		}()
		// A large picture takes seconds, and a save or Ctrl-C does not wait for it. It is made to its end all the same, and
		// kept for the next time that it is asked for.
		select {
		case got := <-results:
			tell(pass, got.trouble)
			return got.made, nil
		case <-pass.Done:
			return nil, context.Canceled
		}
	}
	outputs := []Output{{Path: name, From: file, Asset: true, Make: func(pass *Pass) ([]byte, error) {
		return read(pass, func(data []byte) ([]byte, *picture.Trouble) { return r.cache.Clean(data, p.Digest, p.Info) })
	}}}
	if p.Trouble != nil {
		return outputs
	}
	for _, width := range p.Info.Widths() {
		path := p.smaller(width)
		if planned[path] {
			continue
		}
		planned[path] = true
		outputs = append(outputs, Output{Path: path, From: file, Asset: true, Forever: true, Make: func(pass *Pass) ([]byte, error) {
			return read(pass, func(data []byte) ([]byte, *picture.Trouble) { return r.cache.Encode(data, p.Digest, p.Info, width) })
		}})
	}
	return outputs
}

// Picture is the picture of a page, as its layout shows it.
type Picture struct {
	markdown.Picture
	Alt, Caption, Credit string
	Shared               string // full address by which other programs may show it; empty where they could not
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
	picture := &Picture{Picture: found, Alt: p.Image.Alt, Caption: p.Image.Caption, Credit: p.Image.Credit}
	if file, trouble := env.file(p.Image.Src.ID); trouble == nil {
		if b := r.beside[file]; b.Picture != nil && slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, strings.ToLower(path.Ext(file))) {
			picture.Shared = r.site.Settings.URL.String() + escapePath(r.published(file))
		}
	}
	return picture
}

// image resolves a picture beside a page, with how large it is, so that nothing moves when it comes, and with its smaller
// versions.
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
	base := b.r.site.Settings.Base()
	shown := markdown.Picture{Src: base + escapePath(b.r.published(file))}
	if p := entry.Picture; p != nil {
		shown.Width, shown.Height = p.Info.Width, p.Info.Height
		if p.Trouble != nil {
			return shown, nil // it is told where the picture is published
		}
		var set []string
		for _, width := range p.Info.Widths() {
			set = append(set, fmt.Sprintf("%s%s %dw", base, p.smaller(width), width))
			if width <= usual || len(set) == 1 {
				shown.Src = base + p.smaller(width)
			}
		}
		if len(set) > 1 {
			shown.Srcset, shown.Sizes = strings.Join(set, ", "), sizes
		}
		return shown, nil
	}
	data, err := b.pass.Files.Read(entry.Path, MaxAsset)
	if err != nil {
		b.pass.Problems.Add(source.Problem(entry.Path, err))
		return shown, nil
	}
	shown.Width, shown.Height = PictureSize(file, data)
	return shown, nil
}
