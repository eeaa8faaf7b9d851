package render

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"pendapa/internal/book"
	"pendapa/internal/site"
)

// bookSheet is the stylesheet, beside the masterplan as one document, that tells paper what stands on each of its pages.
const bookSheet = "halaman.css"

// BookView is the masterplan as one document.
type BookView struct {
	View
	Plan       *site.Page
	Sheet      string // address of the stylesheet of its pages
	Parts      []BookPart
	Contents   []BookEntry
	Tables     []book.Caption
	Figures    []book.Caption
	Notes      template.HTML
	Indicators []*site.Indicator
	Terms      []*site.Term
}

// BookPart is a chapter or section of the document.
type BookPart struct {
	ID, Number, Title, Lang string
	Chapter                 bool
	Page                    string // name of its pages, for their running heads: its chapter's
	Body                    template.HTML
	Summary                 string
}

// BookEntry is a line of the contents.
type BookEntry struct {
	book.Entry
	Sections []book.Entry
}

// bookPages are the pages of the masterplan in their order: its own text first, where it has any.
func bookPages(e *site.Edition) []planPart {
	list := parts(e.Masterplan, nil)
	if p := e.Masterplan.Page; !p.Generated && !p.HasBody {
		list = list[1:]
	}
	return list
}

// Book makes one document of an edition's masterplan; file is where each part stands, as package book has it.
func (r *Renderer) Book(pass *Pass, e *site.Edition, xhtml bool, file func(part int) string) (book.Book, error) {
	var list []book.Part
	chapter, section := 0, 0
	for _, p := range bookPages(e) {
		part := book.Part{Number: p.number, Title: p.page.Title, Level: 1, Addresses: []string{p.page.Link()}}
		switch {
		case p.page == e.Masterplan.Page:
			part.ID, part.Title = "pengantar", e.Lang.T("book.preface")
		case p.chapter:
			chapter, section = chapter+1, 0
			part.ID = "bab-" + strconv.Itoa(chapter)
		default:
			section++
			part.Level, part.ID = 2, fmt.Sprintf("bagian-%d-%d", chapter, section)
		}
		if p.page.Lang != e.Lang {
			part.Lang = string(p.page.Lang)
		}
		_, result := r.body(pass.quiet(), p.page) // its mistakes are told where the page itself is made
		part.HTML = string(result.HTML)
		if picture := r.picture(pass.quiet(), p.page); picture != nil {
			shown, err := r.layouts.partial(e.Lang, "picture", View{Picture: picture, Lang: e.Lang, Settings: r.site.Settings}, p.page.File)
			if err != nil {
				return book.Book{}, err
			}
			part.HTML = string(shown) + part.HTML
		}
		list = append(list, part)
	}
	words := book.Words{Table: e.Lang.T("book.table"), Figure: e.Lang.T("book.figure"), Section: e.Lang.T("book.section"), Footnotes: e.Lang.T("book.notes"), Back: e.Lang.T("footnote.back")}
	return book.Make(list, book.Options{Words: words, XHTML: xhtml, File: file, FootnotesPerPart: xhtml})
}

// book plans the masterplan as one document.
func (r *Renderer) book(e *site.Edition) []Output {
	if e.Print == nil {
		return nil
	}
	page := r.generated(e, e.Print, e.Print.URL, "book.html", func(v View) (any, error) {
		v.NoIndex = true // its parts are the pages to be found
		v.HeadTitle = e.Masterplan.Title + " – " + r.site.Settings.City
		made, err := r.Book(v.pass, e, false, nil)
		if err != nil {
			return nil, err
		}
		view := BookView{View: v, Plan: e.Masterplan.Page, Sheet: r.site.Settings.Base() + escapePath(e.Print.URL+bookSheet), Tables: named(made.Tables, made.Parts), Figures: named(made.Figures, made.Parts),
			Notes: template.HTML(made.Notes), Indicators: BookIndicators(e), Terms: e.Terms}
		pages, chapter := bookPages(e), ""
		for i, p := range made.Parts {
			part := BookPart{ID: p.ID, Number: p.Number, Title: p.Title, Lang: p.Lang, Chapter: p.Level == 1, Body: template.HTML(p.HTML), Summary: pages[i].page.Summary}
			if part.Chapter {
				chapter = p.ID
			}
			part.Page = chapter
			view.Parts = append(view.Parts, part)
		}
		for _, entry := range made.Contents {
			switch {
			case entry.Level == 1:
				view.Contents = append(view.Contents, BookEntry{Entry: entry})
			case entry.Level == 2 && len(view.Contents) > 0:
				last := &view.Contents[len(view.Contents)-1]
				last.Sections = append(last.Sections, entry)
			}
		}
		return view, nil
	})
	sheet := Output{Path: e.Print.URL + bookSheet, From: itself, Make: func(*Pass) ([]byte, error) { return r.bookStyle(e), nil }}
	return []Output{page, sheet}
}

// named gives tables and figures that have no words of their own those of the part that they stand in.
func named(list []book.Caption, parts []book.Out) []book.Caption {
	for i, c := range list {
		if c.Text == "" {
			list[i].Text = strings.TrimSpace(parts[c.Part].Number + " " + parts[c.Part].Title)
		}
	}
	return list
}

// BookIndicators are the indicators of the quick wins that serve the masterplan.
func BookIndicators(e *site.Edition) []*site.Indicator {
	var list []*site.Indicator
	for _, q := range e.QuickWins {
		if len(q.Sections)+len(q.Chapters) > 0 {
			list = append(list, q.Indicators...)
		}
	}
	return list
}

// bookStyle says what stands at the edges of each sheet of paper (CSS Paged Media 3, 4): the document's title, the
// chapter's, the page's number. These texts are the portal's, so it is not one of the files of static/.
func (r *Renderer) bookStyle(e *site.Edition) []byte {
	var b strings.Builder
	title := e.Masterplan.Title + " – " + r.site.Settings.City
	fmt.Fprintf(&b, "@page{size:A4;margin:24mm 20mm 22mm;@top-left{content:%s;font-size:8.5pt}@bottom-right{content:counter(page);font-size:9pt}}\n", cssString(title))
	b.WriteString("@page:first{@top-left{content:none}@bottom-right{content:none}}\n@media print{\n")
	for i := range e.Masterplan.Chapters {
		fmt.Fprintf(&b, ".page-bab-%d{page:bab-%d}\n", i+1, i+1)
	}
	// Where the document is a file of its own, links within the portal are whole addresses, which paper has no use for.
	fmt.Fprintf(&b, ".document a[href^=%s]::after{content:none}\n}\n", cssString(r.site.Settings.URL.String()))
	for i, c := range e.Masterplan.Chapters {
		fmt.Fprintf(&b, "@page bab-%d{@top-right{content:%s;font-size:8.5pt}}\n", i+1, cssString(c.Number+" "+c.Title))
	}
	return []byte(b.String())
}

// cssString is a text as a string of CSS (CSS Syntax 3, 4.3.5): what could end it is written by its number.
func cssString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r < ' ' || strings.ContainsRune(`"\<>&`, r) || r == 0x7f {
			fmt.Fprintf(&b, `\%x `, r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
