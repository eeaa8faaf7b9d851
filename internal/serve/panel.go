package serve

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// mostShown is how many problems the panel lists; who has more mends these first.
const mostShown = 100

// panel is what lies over a page while the portal has mistakes, in the portal's language.
type panel struct {
	Title    string    `json:"title,omitempty"` // empty: there is nothing to say
	Note     string    `json:"note,omitempty"`
	More     string    `json:"more,omitempty"`
	Hide     string    `json:"hide,omitempty"` // the word on the button that makes it small
	Errors   int       `json:"errors"`
	Problems []problem `json:"problems,omitempty"`
}

// problem is a problem put into words.
type problem struct {
	Severity string `json:"severity"`
	Error    bool   `json:"error"`
	Place    string `json:"place"`
	Message  string `json:"message"`
	Line     int    `json:"line,omitempty"`
	Before   string `json:"before,omitempty"` // of the source line
	Marked   string `json:"marked,omitempty"`
	After    string `json:"after,omitempty"`
	Hint     string `json:"hint,omitempty"`
}

// newPanel puts problems into words. Line finds lines of files; it may be nil.
func newPanel(problems []diag.Problem, lang locale.Lang, line func(string, int) (string, bool)) panel {
	if len(problems) == 0 {
		return panel{}
	}
	var p panel
	var errors, warnings []diag.Problem
	for _, problem := range problems {
		if problem.Severity == diag.Error {
			errors = append(errors, problem)
		} else {
			warnings = append(warnings, problem)
		}
	}
	say := func(t diag.Text) string { return t.In(lang.Message) }
	p.Errors, p.Hide = len(errors), say(diag.Textf("make smaller"))
	switch {
	case len(errors) > 0:
		p.Title = say(diag.Textf("Mistakes to mend: %d", len(errors)))
		p.Note = say(diag.Textf("The page below is the last good one. This goes by itself when the mistakes are mended and saved."))
	default:
		p.Title = say(diag.Textf("Warnings: %d", len(warnings)))
		p.Note = say(diag.Textf("The portal can be published; these are worth a look."))
	}
	listed := append(errors, warnings...)
	if more := len(listed) - mostShown; more > 0 {
		listed, p.More = listed[:mostShown], say(diag.Textf("and %d more; mend these first", more))
	}
	for _, d := range listed {
		shown := problem{Severity: say(d.Severity.Text()), Error: d.Severity == diag.Error, Place: d.Place(), Message: say(d.Message), Hint: say(d.Hint)}
		if line != nil && d.ShowsLine() {
			if text, ok := line(d.File, d.Pos.Line); ok {
				excerpt := d.Excerpt(text)
				shown.Line, shown.Before, shown.Marked, shown.After = d.Pos.Line, excerpt.Before, excerpt.Marked, excerpt.After
			}
		}
		p.Problems = append(p.Problems, shown)
	}
	return p
}

//go:embed live/error.html
var errorLayout string

var errorTemplate = template.Must(template.New("error").Parse(errorLayout))

// errorView is what the page gets that stands where no page can be shown.
type errorView struct {
	Lang  locale.Lang
	Own   string
	Title string
	Note  string
	Wait  bool // whether the portal is still being read
	Panel panel
	Tag   template.HTML
}

// errorPage answers where there is no page to show: it lists what is wrong, and gives way by itself when it is mended.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, now *state, p panel) {
	say := func(t diag.Text) string { return t.In(now.lang.Message) }
	view := errorView{Lang: now.lang, Own: own, Panel: p, Wait: !now.ready, Tag: template.HTML(s.tag(now, ""))}
	view.Title, view.Note = say(diag.Textf("This page cannot be shown yet")), say(diag.Textf("It comes by itself when the mistakes are mended and saved."))
	status := http.StatusInternalServerError
	if view.Wait {
		view.Title, view.Note = say(diag.Textf("The portal is being read")), say(diag.Textf("It is shown as soon as it is ready."))
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "1")
	}
	var out bytes.Buffer
	if err := errorTemplate.Execute(&out, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, r, status, contentType(".html"), out.Bytes())
}
