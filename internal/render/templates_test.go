package render

import (
	"errors"
	"html/template"
	"net/url"
	"strings"
	"testing"
	"text/template/parse"
	"time"

	"pendapa/internal/config"
	"pendapa/internal/locale"
)

// What is the same on every page is put into the layout; what is not stays an action.
func TestLayoutsAreFoldedWhereNothingCanChange(t *testing.T) {
	assets := &Assets{static: &Static{names: []string{"assets/a.css", "b&c.svg"}}, byName: map[string]*asset{"assets/a.css": {path: "assets/a.1234.css", integrity: "sha384-x+/="}}}
	functions := map[string]any{"t": 0, "asset": 0, "integrity": 0, "foreign": 0, "date": 0}
	settings := func(translations ...string) *config.Settings {
		return &config.Settings{URL: &url.URL{Scheme: "https", Host: "x.example", Path: "/"}, Language: "id", Languages: append([]string{"id"}, translations...), Switches: map[string]bool{"dark": true, "search": false}}
	}
	one, two := settings(), settings("en")
	for _, test := range []struct {
		settings     *config.Settings
		layout, want string
	}{
		{one, `{{t "skip"}}`, `Langsung ke isi`},
		{one, `{{t "chapter" 3}} {{t "no such word"}}`, `{{t "chapter" 3}} {{t "no such word"}}`},
		{one, `<a href="{{asset "assets/a.css"}}">`, `<a href="/assets/a.1234.css">`},
		{one, `<i a="{{asset "missing.css"}}" b="{{asset "b&c.svg"}}">`, `<i a="{{asset "missing.css"}}" b="{{asset "b&c.svg"}}">`},
		{one, `<i integrity="{{integrity "assets/a.css"}}">{{integrity "assets/a.css"}}`, `<i integrity="sha384-x+/=">{{integrity "assets/a.css"}}`},
		{one, `<i title={{t "skip"}} href="?q={{t "skip"}}">`, `<i title={{t "skip"}} href="?q={{t "skip"}}">`},
		{one, `<script type="application/json">{"a": {{asset "assets/a.css"}}, "b": {{t "skip"}}}</script>{{t "skip"}}`, `<script type="application/json">{"a": {{asset "assets/a.css"}}, "b": {{t "skip"}}}</script>Langsung ke isi`},
		{one, `{{if .Settings.Feature "dark"}}a{{else}}b{{end}}`, `a`},
		{one, `{{$a := 1}}{{if .Settings.Feature "dark"}}{{$a := 2}}{{end}}{{$a}}`, `{{$a := 1}}{{if .Settings.Feature "dark"}}{{$a := 2}}{{end}}{{$a}}`},
		{one, `{{if .Settings.Feature "search"}}a{{else}}{{t "skip"}}{{end}}`, `Langsung ke isi`},
		{one, `{{if .Settings.Feature "search"}}a{{end}}`, ``},
		{one, `{{if and .X (.Settings.Feature "search")}}a{{end}}`, `{{if and .X (.Settings.Feature "search")}}a{{end}}`},
		{one, `{{range .L}}<a{{with foreign .}} lang="{{.}}"{{end}}>{{end}}`, `{{range .L}}<a>{{end}}`},
		{two, `<a{{with foreign .}} lang="{{.}}"{{end}}>`, `<a{{with foreign .}} lang="{{.}}"{{end}}>`},
		{one, `{{$x := t "skip"}}{{date .D}}`, `{{$x := t "skip"}}{{date .D}}`},
	} {
		trees, err := parse.Parse("x", test.layout, "", "", functions, map[string]any{"and": 0})
		if err != nil {
			t.Fatal(err)
		}
		root := trees["x"].Root
		(&constants{lang: locale.Indonesian, settings: test.settings, assets: assets}).list(root)
		if got := root.String(); got != test.want {
			t.Errorf("%s became %s, want %s", test.layout, got, test.want)
		}
	}
}

// A73: a layout that computes and writes nothing for ever does not hold up a build.
// Limit: time for one page's layout
func TestLayoutThatDoesNotEnd(t *testing.T) {
	if maxTime.Seconds() != 60 {
		t.Errorf("a layout may take %v", maxTime)
	}
	for name, test := range map[string]struct {
		waits time.Duration
		want  string
	}{"in time": {0, ""}, "late": {time.Hour, "the layout of content/a.md does not end within 0 seconds"}} {
		ended := make(chan struct{})
		wait := func() string {
			select {
			case <-ended:
			case <-time.After(test.waits):
			}
			return "x"
		}
		layout := template.Must(template.New("page.html").Funcs(template.FuncMap{"wait": wait}).Parse(`{{define "main"}}{{wait}}{{end}}`))
		limit := time.Minute
		if test.want != "" {
			limit = 10 * time.Millisecond
		}
		layouts := &Layouts{}
		data, err := layouts.executeWithin(limit, layout, "main", nil, "content/a.md")
		if _, again := layouts.executeWithin(time.Minute, layout, "main", nil, "content/b.md"); !errors.Is(again, err) {
			t.Errorf("%s: the next page: %v, want %v", name, again, err)
		}
		close(ended)
		if test.want == "" && (err != nil || string(data) != "x") || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %q, %v, want %q", name, data, err, test.want)
		}
	}
}
