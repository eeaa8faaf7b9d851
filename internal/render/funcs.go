package render

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"pendapa/internal/chart"
	"pendapa/internal/config"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/site"
)

// Funcs are what layouts can call, in one language. They compute and format; none of them reads a file, the
// environment, the clock or the network.
func funcs(settings *config.Settings, assets *Assets) func(locale.Lang) template.FuncMap {
	return func(lang locale.Lang) template.FuncMap {
		f := words{lang, settings}
		return template.FuncMap{
			"t":              f.t,
			"asset":          f.asset(assets),
			"integrity":      assets.Integrity,
			"size":           f.size,
			"date":           lang.Date,
			"shortDate":      lang.ShortDate,
			"iso":            func(t time.Time) string { return t.Format(time.DateOnly) },
			"percent":        lang.Percent,
			"rupiah":         lang.Rupiah,
			"shortRupiah":    lang.ShortRupiah,
			"figure":         f.figure,
			"foreign":        f.foreign,
			"promiser":       f.promiser,
			"first":          first,
			"bar":            f.bar,
			"statusMark":     statusMark,
			"dimensionIcon":  dimensionIcon,
			"milestoneState": f.milestoneState,
			"evidence":       f.evidence,
			"change":         f.change,
			"when":           f.when,
			"tel":            tel,
		}
	}
}

type words struct {
	lang     locale.Lang
	settings *config.Settings
}

func (f words) t(key string, args ...any) (string, error) {
	if !f.lang.Has(key) {
		return "", fmt.Errorf("there is no word for %q", key)
	}
	return f.lang.T(key, args...), nil
}

// asset is the address of a static file.
func (f words) asset(assets *Assets) func(name string) (string, error) {
	return func(name string) (string, error) {
		if !assets.static.has(name) {
			return "", fmt.Errorf("there is no file static/%s", name)
		}
		return f.settings.Base() + escapePath(assets.Path(name)), nil
	}
}

// figure is a value of an indicator with the decimals that it is reported with.
func (f words) figure(in *site.Indicator, value float64) string {
	return f.lang.Number(value, in.Decimals)
}

// now is the newest figure of an indicator with its target: "38 dari 60 unit"; where less is better,
// "43 menit (target 30)".
func (f words) now(in *site.Indicator) string {
	value := f.figure(in, in.Latest.Value)
	switch {
	case in.Target == nil:
		return value + " " + in.Unit
	case in.Direction == model.Down:
		return fmt.Sprintf("%s %s (%s %s)", value, in.Unit, f.lang.T("promise.target"), f.figure(in, in.Target.Value))
	}
	return fmt.Sprintf("%s %s %s %s", value, f.lang.T("promise.of"), f.figure(in, in.Target.Value), in.Unit)
}

// foreign is the language of a page where it is another than the one that is being written.
func (f words) foreign(p *site.Page) string {
	if p.Lang == f.lang {
		return ""
	}
	return string(p.Lang)
}

// promiser is who answers for a quick win: its owner, or the city where no source names one.
func (f words) promiser(q *site.QuickWin) string {
	if q.Owner != nil {
		return q.Owner.Title
	}
	return f.settings.City
}

func first(q *site.QuickWin) *site.Indicator {
	if len(q.Indicators) == 0 {
		return nil
	}
	return q.Indicators[0]
}

func (f words) bar(in *site.Indicator) template.HTML {
	label := in.Name + ": " + f.lang.T("unmeasured")
	if in.Latest != nil {
		label = in.Name + ": " + f.now(in)
		if in.Progress != nil {
			label += ", " + f.lang.Percent(*in.Progress)
		}
		if in.Expected != nil {
			label += "; " + f.lang.T("bar.expected", f.lang.Percent(*in.Expected))
		}
	}
	expected := in.Expected
	if in.Latest == nil {
		expected = nil
	}
	// The drawing escapes its label; everything else in it is numbers.
	return template.HTML(chart.Bar{Label: label, Share: in.Progress, Expected: expected}.SVG())
}

// statusMark is the shape of a status: it carries the meaning that colour only supports.
func statusMark(s model.Status) template.HTML {
	shape := ""
	switch s {
	case model.Planned:
		shape = `<circle cx="8" cy="8" r="5.5"/>`
	case model.OnTrack:
		shape = `<path d="M2 8h11M8.5 3.5 13 8l-4.5 4.5"/>`
	case model.AtRisk:
		shape = `<path d="M8 2.5 14.5 13.5h-13z"/>`
	case model.Delayed:
		shape = `<path d="M3 3h10v10H3z"/>`
	case model.Done:
		shape = `<path d="m2.5 8.5 4 4 7-9"/>`
	case model.Stopped:
		shape = `<path d="m3 3 10 10M13 3 3 13"/>`
	}
	return template.HTML(`<svg class="status-mark" viewBox="0 0 16 16" aria-hidden="true">` + shape + `</svg>`)
}

func dimensionIcon(d *site.Dimension) template.HTML {
	icon, shape := d.Document.Dimension.Icon, ""
	if icon == "" {
		icon = d.ID
	}
	switch icon {
	case "governance":
		shape = `<path d="M3 21h18M4 10h16L12 4zM6 10v8M10 10v8M14 10v8M18 10v8"/>`
	case "branding":
		shape = `<path d="m12 3 2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6L3.3 9.3l6.1-.7z"/>`
	case "economy":
		shape = `<path d="M4 9h16l-1-5H5zM5 9v11h14V9M9 20v-6h6v6"/>`
	case "living":
		shape = `<path d="M3 12 12 4l9 8M6 10v10h12V10M12 13v5M9.5 15.5h5"/>`
	case "society":
		shape = `<circle cx="8" cy="8" r="3"/><circle cx="16.5" cy="9" r="2.5"/><path d="M2.5 20c0-4 2.5-6 5.5-6s5.5 2 5.5 6M14.5 14.5c4-.8 7 1.2 7 5.5"/>`
	case "environment":
		shape = `<path d="M5 19C4 9 10 4 20 4c0 10-5 16-13 14M5 21c1-5 4-9 9-11"/>`
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">` + shape + `</svg>`)
}

func (f words) milestoneState(m site.Milestone) string {
	due := ""
	if m.Due.Set() {
		due = f.lang.ShortDate(m.Due.Time)
	}
	switch {
	case m.State == site.Missed:
		return f.lang.T("milestone.missed", m.Days)
	case m.State == site.KeptLate:
		return f.lang.T("milestone.kept-late", due)
	case m.State == site.Kept && due != "":
		return f.lang.T("milestone.kept-by", due)
	case m.State == site.Kept:
		return f.lang.T("milestone.kept")
	case due == "":
		return f.lang.T("milestone.unknown")
	case m.Days == 0:
		return f.lang.T("milestone.today")
	}
	return f.lang.T("milestone.open", m.Days)
}

// evidence is where a figure comes from; a link where it is an address.
func (f words) evidence(e model.Evidence) template.HTML {
	if e == "" {
		return template.HTML(template.HTMLEscapeString(f.lang.T("provenance.none")))
	}
	if url := e.URL(); url != "" {
		return template.HTML(`<a href="` + template.HTMLEscapeString(url) + `" rel="external">` + template.HTMLEscapeString(model.Link(url).Host()) + `</a>`)
	}
	return template.HTML(template.HTMLEscapeString(string(e)))
}

// change says in words what is new.
func (f words) change(c site.Change) string {
	switch {
	case c.Figure != nil:
		return c.Indicator.Name + ": " + f.now(c.Indicator)
	case c.Milestone != nil:
		return f.lang.T("change.milestone", c.Milestone.Title)
	}
	return f.lang.T("change.news")
}

// when is the time of an event, with its end where it has one.
func (f words) when(e *model.Event) string {
	moment := func(d model.Date, withDay bool) string {
		text := ""
		if withDay {
			text = f.lang.Date(d.Time)
		}
		if d.Clock {
			text = strings.TrimPrefix(text+", "+f.lang.Clock(d.Time), ", ")
		}
		return text
	}
	text := moment(e.Start, true)
	if !e.End.Set() {
		return text
	}
	sameDay := e.Start.Day() == e.End.Day()
	if end := moment(e.End, !sameDay); end != "" {
		return text + " – " + end
	}
	return text
}

// size is the size of a file: "12,3 kB" (of 1,000 bytes, as SI has it).
func (f words) size(bytes int64) string {
	switch {
	case bytes < 1000:
		return f.lang.Number(float64(bytes), 0) + " B"
	case bytes < 1e6:
		return f.lang.Number(float64(bytes)/1e3, 1) + " kB"
	}
	return f.lang.Number(float64(bytes)/1e6, 1) + " MB"
}

// tel is a phone number as the tel scheme takes it (RFC 3966): digits and a leading plus.
func tel(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, s)
}
