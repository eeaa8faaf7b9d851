package export

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"pendapa/internal/diag"
	"pendapa/internal/opendata"
)

// RefusedError says why nothing was written.
type RefusedError struct{ Reason, Hint diag.Text }

func (e *RefusedError) Error() string { return e.Reason.String() + "; " + e.Hint.String() }

// Evaluation writes the folder for those who evaluate the city: a page to print, its stylesheet, and the data files with
// their description. The folder must be new or empty.
func (p *Portal) Evaluation(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case len(entries) > 0:
		return &RefusedError{diag.Textf("the folder %s is not empty", dir), diag.Textf("name a new folder with --out")}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	page, err := p.Report(p.edition())
	if err != nil {
		return err
	}
	files := map[string][]byte{"index.html": p.outward(page)}
	for _, sheet := range []string{"static/assets/site.css", "static/assets/book.css"} {
		for _, o := range p.Outputs {
			if o.From == sheet {
				data, err := p.output(o.Path)
				if err != nil {
					return err
				}
				files["evaluasi.css"] = append(files["evaluasi.css"], data...)
				break // some stand under a second name too
			}
		}
	}
	for _, o := range p.Outputs {
		name := path.Base(o.Path)
		if path.Dir(o.Path)+"/" == opendata.Folder(p.edition()) && (path.Ext(name) == ".csv" || path.Ext(name) == ".json" && name != opendata.CatalogueFile) {
			if files["data/"+name], err = p.output(o.Path); err != nil {
				return err
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := write(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	return nil
}
