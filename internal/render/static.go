package render

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2/js"
	"github.com/tdewolff/parse/v2"

	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/palette"
	"pendapa/internal/source"
)

// stylesheet is the file that the palette of the brand is put in front of.
const stylesheet = "assets/site.css"

// scripts is the folder of the browser modules, which are published minified.
const scripts = "assets/search/"

// MaxAsset is the largest file beside a page or in static/, in bytes.
const MaxAsset = 64 << 20

// maxNamed is the largest file that is named by its contents, in bytes.
const maxNamed = 1 << 20

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

// has reports whether there is a static file, the site's own or a built-in one.
func (s *Static) has(name string) bool {
	_, found := slices.BinarySearch(s.names, name)
	return found
}

// secrets are kinds of files that never belong to a portal.
var secrets = []string{".pem", ".key", ".p12", ".pfx"}

// secret reports whether a file looks like a key by its name.
func secret(name string) bool {
	base := path.Base(name)
	return slices.Contains(secrets, strings.ToLower(path.Ext(base))) || strings.HasPrefix(base, "id_") && path.Ext(base) == ""
}

// Assets are the static files as they are published. Those below assets/ are named by their contents, so that a browser
// never asks for them twice ("assets/site.3f9a2b17.css"). All but the portal's stylesheet and modules stand under their
// own name too, by which layouts, other stylesheets and other sites may know them.
type Assets struct {
	static *Static
	byName map[string]*asset        // of those that are named by their contents
	covers func() map[string][]byte // pictures that stand for sections, by their signs
}

// asset is a static file that is named by its contents.
type asset struct {
	name      string // below static/
	path      string // in the output folder
	integrity string // Subresource Integrity (www.w3.org/TR/SRI)
	data      []byte
	problems  []diag.Problem
	both      bool // whether it is published under its own name too
}

// NewAssets reads what is named by its contents.
func NewAssets(settings *config.Settings, static *Static) *Assets {
	a := &Assets{static: static, byName: make(map[string]*asset), covers: drawCovers(settings)}
	var modules, sheets []*asset
	for _, name := range static.names {
		if !strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, scripts) && !settings.Feature("search") {
			continue
		}
		ending := strings.ToLower(path.Ext(name))
		if !slices.Contains([]string{".css", ".js", ".woff2", ".svg", ".png", ".webp", ".jpg", ".ico"}, ending) {
			continue
		}
		data, err := static.files.Read(name, maxNamed)
		if err != nil {
			continue // too large, or what is wrong is told when it is published under its own name
		}
		x := &asset{name: name, data: data, both: name != stylesheet}
		a.byName[name] = x
		switch {
		case strings.HasPrefix(name, scripts):
			if ending == ".js" {
				x.minify()
			}
			modules = append(modules, x)
		case ending == ".css":
			sheets = append(sheets, x)
		default:
			x.named()
		}
	}
	// Modules name each other, so it is their folder that is named, after all of them.
	all := sha256.New()
	for _, x := range modules {
		fmt.Fprintf(all, "%s %d\n", x.name, len(x.data))
		all.Write(x.data)
	}
	folder := strings.TrimSuffix(scripts, "/") + "." + hex.EncodeToString(all.Sum(nil)[:4]) + "/"
	for _, x := range modules {
		x.both, x.path, x.integrity = false, folder+strings.TrimPrefix(x.name, scripts), integrity(x.data)
	}
	for _, x := range sheets {
		if x.name == stylesheet {
			x.data = append(a.tokens(settings), x.data...)
		}
		x.data = a.rewrite(x.name, x.data)
		x.named()
	}
	return a
}

// named gives the file a name that tells its contents.
func (x *asset) named() {
	sum := sha256.Sum256(x.data)
	ending := path.Ext(x.name)
	x.path = strings.TrimSuffix(x.name, ending) + "." + hex.EncodeToString(sum[:4]) + ending
	x.integrity = integrity(x.data)
}

func integrity(data []byte) string {
	sum := sha512.Sum384(data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// minify takes from a script what only those who read it need.
func (x *asset) minify() {
	var b bytes.Buffer
	if err := (&js.Minifier{}).Minify(nil, &b, bytes.NewReader(x.data), nil); err != nil {
		var pos diag.Pos
		message := err.Error()
		if at := (*parse.Error)(nil); errors.As(err, &at) {
			pos, message = diag.Pos{Line: at.Line, Col: at.Column}, at.Message
		}
		x.problems = append(x.problems, diag.Problem{File: "static/" + x.name, Pos: pos, Message: diag.Textf("the script cannot be read: %s", message), Hint: diag.Textf("correct it, or remove it to use the built-in one")})
		return
	}
	x.data = b.Bytes()
}

// reference is what a stylesheet asks for in the usual way. What it asks for otherwise it finds under its own name.
var reference = regexp.MustCompile(`url\(\s*["']?([^"')\s]+)["']?\s*\)`)

// rewrite makes a stylesheet ask for its fonts and pictures under the names that tell their contents.
func (a *Assets) rewrite(name string, css []byte) []byte {
	return reference.ReplaceAllFunc(css, func(match []byte) []byte {
		to := string(reference.FindSubmatch(match)[1])
		x := a.byName[path.Join(path.Dir(name), to)]
		if x == nil || x.path == "" || strings.ContainsAny(to, ":?#") {
			return match
		}
		return []byte("url(" + path.Join(path.Dir(to), path.Base(x.path)) + ")")
	})
}

// Names are the static files, sorted.
func (a *Assets) Names() []string { return a.static.names }

// Path is where a static file is published, in the output folder; its own name where there is no such file.
func (a *Assets) Path(name string) string {
	if x := a.byName[name]; x != nil {
		return x.path
	}
	return name
}

// Integrity is the digest by which a browser checks a static file that is named by its contents; empty for others.
func (a *Assets) Integrity(name string) string {
	if x := a.byName[name]; x != nil {
		return x.integrity
	}
	return ""
}

// outputs plans the static files.
func (a *Assets) outputs(settings *config.Settings) []Output {
	var outputs []Output
	for _, name := range a.static.names {
		if strings.HasPrefix(name, scripts) && !settings.Feature("search") {
			continue
		}
		x := a.byName[name]
		if x != nil {
			outputs = append(outputs, Output{Path: x.path, From: "static/" + name, Asset: true, Forever: true, Make: func(pass *Pass) ([]byte, error) {
				pass.Problems.Add(x.problems...)
				return x.data, nil
			}})
		}
		if x == nil || x.both {
			outputs = append(outputs, Output{Path: name, From: "static/" + name, Asset: true, Make: func(pass *Pass) ([]byte, error) {
				data, err := a.static.files.Read(name, MaxAsset)
				if err != nil {
					pass.Problems.Add(source.Problem("static/"+name, err))
					return nil, nil
				}
				return data, nil
			}})
		}
	}
	return outputs
}

// tokens is the brand's palette as the first layer of the stylesheet.
func (a *Assets) tokens(settings *config.Settings) []byte {
	var b bytes.Buffer
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

// isStatic reports whether an address, without its first slash, is that of a static file.
func (r *Renderer) isStatic(name string) bool {
	plain, err := url.PathUnescape(name)
	return err == nil && r.assets.static.has(plain)
}
