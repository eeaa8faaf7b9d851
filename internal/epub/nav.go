package epub

import (
	"fmt"
	"strings"
)

// navigation makes the page of contents and landmarks. It stands before the first chapter, since a reader of paper
// looks for it there.
func (b *builder) navigation() error {
	contents := b.Contents
	if len(contents) == 0 {
		for _, c := range b.Chapters {
			contents = append(contents, Entry{Title: c.Title, Href: c.File})
		}
	}
	for _, word := range []struct{ of, word string }{{"contents", b.Words.Contents}, {"landmarks", b.Words.Landmarks}, {"the start", b.Words.Start}} {
		if blank(word.word) {
			return fmt.Errorf("there is no word for %s", word.of)
		}
	}
	var s strings.Builder
	s.WriteString(`<nav epub:type="toc" role="doc-toc" id="toc">` + "\n<h1>" + escape(b.Words.Contents) + "</h1>\n")
	if err := entries(&s, contents); err != nil {
		return err
	}
	s.WriteString("</nav>\n" + `<nav epub:type="landmarks" id="landmarks" hidden="hidden">` + "\n<h2>" + escape(b.Words.Landmarks) + "</h2>\n<ol>\n")
	landmark := func(kind, href, title string) {
		s.WriteString(`<li><a epub:type="` + kind + `" href="` + escape(href) + `">` + escape(title) + "</a></li>\n")
	}
	if b.Cover != nil {
		landmark("cover", coverFile, b.Words.Cover)
	}
	if b.TitlePage != "" {
		title := b.Words.TitlePage
		if blank(title) {
			title = b.Title
		}
		landmark("titlepage", titleFile, title)
	}
	landmark("toc", "#toc", b.Words.Contents)
	landmark("bodymatter", b.Chapters[0].File, b.Words.Start)
	s.WriteString("</ol>\n</nav>\n")
	before := len(b.spine) - len(b.Chapters)
	if err := b.page(draft{id: "nav", name: navFile, title: b.Words.Contents, lang: b.Language, whole: true, xhtml: s.String()}); err != nil {
		return err
	}
	copy(b.spine[before+1:], b.spine[before:])
	b.spine[before] = "nav"
	return nil
}

func entries(s *strings.Builder, list []Entry) error {
	s.WriteString("<ol>\n")
	for _, e := range list {
		switch {
		case blank(e.Title):
			return fmt.Errorf("the line of the contents for %q has no title", e.Href)
		case e.Href == "" && len(e.Below) == 0:
			return fmt.Errorf("the line %q of the contents leads nowhere", e.Title)
		case e.Href == "":
			s.WriteString("<li><span>" + escape(e.Title) + "</span>")
		default:
			s.WriteString(`<li><a href="` + escape(e.Href) + `">` + escape(e.Title) + "</a>")
		}
		if len(e.Below) > 0 {
			s.WriteByte('\n')
			if err := entries(s, e.Below); err != nil {
				return err
			}
		}
		s.WriteString("</li>\n")
	}
	s.WriteString("</ol>\n")
	return nil
}
