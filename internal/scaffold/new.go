package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
)

// Page is a page to be written.
type Page struct {
	Kind  model.Kind
	Title string
	Slug  string    // of its file; empty: from the title
	In    string    // the chapter of a section of the masterplan, the folder of a plain page; empty where there is none
	Order int       // of chapters and sections
	Today time.Time // in the site's time zone
	Lang  locale.Lang
}

// RefusedError says why something cannot be written, and what to do.
type RefusedError struct{ Reason, Hint diag.Text }

func (e *RefusedError) Error() string { return e.Reason.String() + "; " + e.Hint.String() }

// File is where the page belongs, in the site's folder.
func (p Page) File() (string, error) {
	slug := p.Slug
	if slug == "" {
		slug = model.Slugify(p.Title)
	}
	// A name of at most so many code points keeps addresses readable; it is cut between words.
	const longest = 60
	if runes := []rune(slug); len(runes) > longest {
		slug = string(runes[:longest])
		if at := strings.LastIndexByte(slug, '-'); at > 0 {
			slug = slug[:at]
		}
	}
	if slug == "" {
		return "", &RefusedError{diag.Textf("the title %q has no letter or digit for a file's name", p.Title), diag.Textf("name the file with --slug")}
	}
	name := map[model.Kind]string{
		model.KindHome:      "_index.md",
		model.KindQuickWin:  path.Join("quick-wins", slug+".md"),
		model.KindNews:      path.Join("bintek", strconv.Itoa(p.Today.Year()), slug+".md"),
		model.KindPlan:      "masterplan/_index.md",
		model.KindChapter:   path.Join("masterplan", slug, "_index.md"),
		model.KindSection:   path.Join("masterplan", p.In, slug+".md"),
		model.KindAgency:    path.Join("opd", slug+".md"),
		model.KindDimension: path.Join("dimensi", slug+".md"),
		model.KindTerm:      path.Join("istilah", slug+".md"),
		model.KindFolder:    path.Join(p.In, slug, "_index.md"),
		model.KindPage:      path.Join(p.In, slug+".md"),
	}[p.Kind]
	file := path.Join("content", name)
	problems := &diag.List{}
	place, ok := model.Locate(file, []locale.Lang{p.Lang}, problems)
	if !ok {
		problem := problems.Sorted()[0]
		return "", &RefusedError{problem.Message, problem.Hint}
	}
	if place.Kind != p.Kind {
		return "", &RefusedError{diag.Textf("%s would be a page of the kind %s", file, string(place.Kind)), diag.Textf("choose another folder with --in, or another name with --slug")}
	}
	return file, nil
}

// Text is the page as it is first written: it builds as a draft, and every field of its kind is explained.
func (p Page) Text() string {
	say := func(t diag.Text) string { return t.In(p.Lang.Message) }
	keys := model.Keys(p.Kind)
	values := map[string]string{"title": quoted(p.Title), "draft": "true"}
	if p.Kind.NeedsSummary() {
		values["summary"] = quoted(say(diag.Textf("One or two sentences about this page.")))
	}
	day := p.Today.Format(time.DateOnly)
	switch p.Kind {
	case model.KindQuickWin:
		values["owner"], values["status"], values["dimension"] = model.UnknownOwner, string(model.Planned), "[]"
	case model.KindNews:
		values["date"] = day
	case model.KindChapter, model.KindSection:
		values["order"] = strconv.Itoa(max(p.Order, 1))
	case model.KindHome:
		delete(values, "draft") // a portal without its first page is none
	}
	if missing := required(keys, values); len(missing) > 0 {
		panic(fmt.Sprintf("scaffold: a new %s has no value for %v", p.Kind, missing))
	}
	return "---" + explain(keys, values, say) + "---\n\n" + say(diag.Textf("Write the page here, in Markdown. Remove the line draft when it is ready.")) + "\n"
}

// New writes a page into a site's folder and returns its file's path there. It never writes over a file, and never
// outside the folder.
func New(dir string, p Page) (string, error) {
	file, err := p.File()
	if err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", fmt.Errorf("open the site's folder: %w", err)
	}
	defer root.Close()
	return file, create(root, file, []byte(p.Text()))
}

// create writes a new file, with the folders above it.
func create(root *os.Root, file string, data []byte) error {
	if err := root.MkdirAll(path.Dir(file), 0o755); err != nil {
		return fmt.Errorf("make the folder of %s: %w", file, err)
	}
	f, err := root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return &RefusedError{diag.Textf("there is a file %s already", file), diag.Textf("it was left as it is; choose another title, or a name with --slug")}
	}
	if err != nil {
		return fmt.Errorf("create %s: %w", file, err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", file, err), root.Remove(file))
	}
	return nil
}
