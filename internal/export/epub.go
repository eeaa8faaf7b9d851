package export

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"strings"
	"time"

	_ "embed" // the stylesheet

	"pendapa/internal/book"
	"pendapa/internal/diag"
	"pendapa/internal/epub"
	"pendapa/internal/model"
	"pendapa/internal/site"
)

//go:embed epub.css
var epubStyle string

// EPUB writes the masterplan as an EPUB 3.
func (p *Portal) EPUB(file string) error {
	e := p.edition()
	if err := p.noDocument(); err != nil {
		return err
	}
	// The file of a part is that of its chapter, which is not known before the parts are; so the book is made twice.
	made, err := p.Book(e, nil)
	if err != nil {
		return err
	}
	files := chapterFiles(made.Parts)
	if made, err = p.Book(e, func(part int) string { return files[min(part, len(files)-1)] }); err != nil {
		return err
	}
	x := epubMaker{p: p, e: e, resources: make(map[string]string)}
	settings, lang := p.Site.Settings, e.Lang
	x.publication = epub.Publication{
		Identifier: settings.Authority.Tag("masterplan/"), Title: e.Masterplan.Title, Subtitle: settings.City, Language: string(lang), Creator: settings.City, Publisher: settings.Title,
		Rights: settings.License.Name, Description: e.Masterplan.Summary, Date: p.Site.AsOf.Format(time.DateOnly), Modified: p.Site.AsOf.Format(time.DateOnly) + "T00:00:00Z", CSS: epubStyle,
		Words: epub.Words{Contents: lang.T("book.contents"), Cover: lang.T("epub.cover"), Landmarks: lang.T("epub.landmarks"), Start: lang.T("epub.start"), TitlePage: lang.T("epub.title"), Accessibility: lang.T("epub.accessibility")},
	}
	x.publication.TitlePage = "<h1>" + escape(e.Masterplan.Title) + "</h1><p>" + escape(settings.City) + "</p><p>" + escape(lang.T("footer.asof", lang.Date(p.Site.AsOf))) + "</p><p>" + escape(settings.URL.String()) + "</p>"
	if err := x.chapters(made, files); err != nil {
		return err
	}
	x.lists()
	var b bytes.Buffer
	if err := epub.Write(&b, x.publication); err != nil {
		return err
	}
	return write(file, b.Bytes())
}

// chapterFiles is the file of each part: sections stand in that of their chapter.
func chapterFiles(parts []book.Out) []string {
	var files []string
	for _, part := range parts {
		if part.Level == 1 || len(files) == 0 {
			files = append(files, part.ID+".xhtml")
		} else {
			files = append(files, files[len(files)-1])
		}
	}
	return files
}

type epubMaker struct {
	p           *Portal
	e           *site.Edition
	publication epub.Publication
	resources   map[string]string // names by their path in the output folder
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder does not fail
	return b.String()
}

func heading(level int, id, number, title string) string {
	if number != "" {
		number = `<span class="section-number">` + escape(number) + `</span> `
	}
	return fmt.Sprintf(`<h%d id="%s">%s%s</h%d>`, level, escape(id), number, escape(title), level)
}

func (x *epubMaker) chapters(made book.Book, files []string) error {
	var body strings.Builder
	var chapter epub.Chapter
	end := func() {
		if chapter.File != "" {
			chapter.XHTML = body.String()
			x.publication.Chapters = append(x.publication.Chapters, chapter)
		}
		body.Reset()
	}
	for i, part := range made.Parts {
		text, err := x.inward(part.HTML)
		if err != nil {
			return err
		}
		label := strings.TrimSpace(part.Number + " " + part.Title)
		if part.Level == 1 {
			end()
			chapter = epub.Chapter{File: files[i], Title: label, Lang: part.Lang, Type: "chapter"}
			if part.Number == "" {
				chapter.Type = "preface"
			}
			body.WriteString(heading(1, part.ID, part.Number, part.Title) + text)
			x.publication.Contents = append(x.publication.Contents, epub.Entry{Title: label, Href: files[i]})
			continue
		}
		lang := ""
		if part.Lang != "" {
			lang = ` lang="` + escape(part.Lang) + `" xml:lang="` + escape(part.Lang) + `"`
		}
		body.WriteString("<section" + lang + ">" + heading(2, part.ID, part.Number, part.Title) + text + "</section>")
		over := &x.publication.Contents[len(x.publication.Contents)-1]
		over.Below = append(over.Below, epub.Entry{Title: label, Href: files[i] + "#" + part.ID})
	}
	end()
	return nil
}

// inward makes the pictures of a text part of the publication, and its other links lead to the portal.
func (x *epubMaker) inward(text string) (string, error) {
	var failed error
	out := rewrite([]byte(text), func(element, attribute, value string) string {
		switch {
		case element == "img" && attribute == "src":
			name, err := x.resource(value)
			if err != nil {
				failed = err
			}
			return name
		case element == "a" && strings.HasPrefix(value, "/"):
			return x.p.absolute(value)
		}
		return value
	})
	return string(out), failed
}

// kinds are the kinds of pictures that every reader knows (EPUB 3.3, 3.2).
var kinds = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml", ".webp": "image/webp"}

// resource adds a picture of the portal, by its address. Of a picture that has smaller versions the original is taken: those
// are WebP, which readers know only since EPUB 3.3.
func (x *epubMaker) resource(href string) (string, error) {
	at, ours := x.p.path(href)
	if !ours {
		return "", fmt.Errorf("the picture %s is not one of the portal", href)
	}
	if o, found := x.p.Output(at); found && strings.HasPrefix(o.From, "content/") {
		at = strings.TrimPrefix(o.From, "content/")
	}
	if name := x.resources[at]; name != "" {
		return name, nil
	}
	data, err := x.p.output(at)
	if err != nil {
		return "", fmt.Errorf("the picture %s: %w", href, err)
	}
	kind := kinds[strings.ToLower(path.Ext(at))]
	if kind == "" {
		return "", diag.Textf("the picture %s is of a kind that e-readers do not know", at)
	}
	name := fmt.Sprintf("gambar/%d%s", len(x.resources)+1, strings.ToLower(path.Ext(at)))
	x.resources[at] = name
	x.publication.Resources = append(x.publication.Resources, epub.Resource{Name: name, MediaType: kind, Data: data})
	return name, nil
}

// lists adds the indicators and the terms.
func (x *epubMaker) lists() {
	lang := x.e.Lang
	add := func(file, title, body string) {
		x.publication.Chapters = append(x.publication.Chapters, epub.Chapter{File: file, Title: title, Type: "appendix", XHTML: heading(1, "daftar", "", title) + body})
		x.publication.Contents = append(x.publication.Contents, epub.Entry{Title: title, Href: file})
	}
	if indicators := x.p.BookIndicators(x.e); len(indicators) > 0 {
		var b strings.Builder
		b.WriteString("<table><thead><tr>")
		for _, key := range []string{"data.indicators", "baseline", "target", "book.latest"} {
			b.WriteString("<th>" + escape(lang.T(key)) + "</th>")
		}
		b.WriteString("</tr></thead><tbody>")
		for _, in := range indicators {
			cell := func(f *model.Figure, none string) string {
				if f == nil {
					return escape(lang.T(none))
				}
				return escape(lang.Number(f.Value, in.Decimals) + " (" + lang.ShortDate(f.Date.Time) + ")")
			}
			var latest *model.Figure
			if in.Latest != nil {
				latest = &model.Figure{Date: in.Latest.Date, Value: in.Latest.Value}
			}
			fmt.Fprintf(&b, "<tr><th>%s (%s)</th><td>%s</td><td>%s</td><td>%s</td></tr>", escape(in.Name), escape(in.Unit), cell(in.Baseline, "unknown"), cell(in.Target, "target.none"), cell(latest, "unmeasured"))
		}
		b.WriteString("</tbody></table>")
		add("ukuran.xhtml", lang.T("book.indicators"), b.String())
	}
	if len(x.e.Terms) > 0 {
		var b strings.Builder
		b.WriteString("<dl>")
		for _, t := range x.e.Terms {
			full := ""
			if t.Document.Term.Full != "" {
				full = " (" + t.Document.Term.Full + ")"
			}
			b.WriteString("<dt>" + escape(t.Title+full) + "</dt><dd>" + escape(t.Summary) + "</dd>")
		}
		b.WriteString("</dl>")
		add("istilah.xhtml", lang.T("book.terms"), b.String())
	}
}
