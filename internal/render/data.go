package render

import (
	"bytes"
	"io"
	"strings"
	"time"

	"pendapa/internal/opendata"
	"pendapa/internal/site"
)

// DataView is the catalogue of the data files.
type DataView struct {
	View
	Entries    []DataEntry
	Package    string // addresses of the descriptions for programs
	DCAT       string
	Comparison *site.Page
	Calendars  []Link

	catalogue *opendata.Catalogue
}

// Address is the full address of one that is good within the host.
func (v DataView) Address(href string) string {
	return v.Settings.URL.String() + strings.TrimPrefix(href, v.Settings.Base())
}

// Link is an address with its text.
type Link struct{ Href, Text string }

// TableView is the page of one data file: its columns explained, and its first rows.
type TableView struct {
	View
	Entry   DataEntry
	Columns []ColumnView
	Preview [][]string
	File    string // full address of the CSV file, for examples
}

// DataEntry is a data file as the catalogue lists it.
type DataEntry struct {
	Name    string
	About   string
	Title   string
	Href    string // of its page
	CSV     DataFile
	JSON    DataFile
	Count   int
	Sample  bool
	Changed time.Time
}

// DataFile is a file to download.
type DataFile struct {
	Href string
	Size int64 // bytes
}

// ColumnView is a column explained.
type ColumnView struct {
	opendata.Column
	About    string
	Refers   string // title of the table that it refers to
	RefersTo string // address of that table's page
	Values   string
}

// ComparisonView compares what was promised with what was kept.
type ComparisonView struct {
	View
	All        opendata.Group
	Dimensions []opendata.Group
	Agencies   []opendata.Group
	CSV, JSON  string
}

// data plans the data files of an edition and the pages over them.
func (r *Renderer) data(e *site.Edition) []Output {
	base := r.site.Settings.Base()
	outputs := r.dataFiles(e)
	outputs = append(outputs, r.generated(e, e.Data, e.Data.URL, "data.html", func(v View) (any, error) {
		c := r.catalogues[e]()
		data := DataView{View: v, Package: base + opendata.Folder(e) + opendata.PackageFile, DCAT: base + opendata.Folder(e) + opendata.CatalogueFile, Comparison: e.Comparison, catalogue: c}
		for _, entry := range c.Entries {
			data.Entries = append(data.Entries, r.dataEntry(entry))
		}
		data.View.Feeds, data.Calendars = r.followed(e)
		return data, nil
	}))
	for i, t := range r.tables[e] {
		outputs = append(outputs, r.generated(e, e.Data, opendata.Folder(e)+t.Name+"/", "data-table.html", func(v View) (any, error) {
			entry := r.catalogues[e]().Entries[i]
			v.retitle(entry.Title())
			v.Description = entry.About()
			if v.Alternates = r.tableVersions(t.Name); v.Alternates != nil {
				for _, a := range v.Alternates {
					v.Languages = append(v.Languages, Alternate{Lang: a.Lang, Name: a.Lang.Name(), Href: base + strings.TrimPrefix(a.Href, r.site.Settings.URL.String()), Current: a.Lang == e.Lang})
				}
			}
			table := TableView{View: v, Entry: r.dataEntry(entry), File: r.site.Settings.URL.String() + entry.CSV.Path}
			for _, c := range entry.Columns {
				column := ColumnView{Column: c, About: entry.Explain(c), Values: strings.Join(c.Enum, ", ")}
				if c.Refers != "" {
					column.Refers, column.RefersTo = e.Lang.T("data."+c.Refers), base+opendata.Folder(e)+c.Refers+"/"
				}
				table.Columns = append(table.Columns, column)
			}
			for _, row := range entry.Preview {
				table.Preview = append(table.Preview, entry.Shown(row))
			}
			return table, nil
		}))
	}
	return append(outputs, r.generated(e, e.Comparison, e.Comparison.URL, "comparison.html", func(v View) (any, error) {
		c := ComparisonView{View: v, CSV: base + opendata.Folder(e) + "comparison.csv", JSON: base + opendata.Folder(e) + "comparison.json"}
		for _, g := range opendata.Groups(e) {
			switch g.Kind {
			case "all":
				c.All = g
			case "dimension":
				c.Dimensions = append(c.Dimensions, g)
			default:
				c.Agencies = append(c.Agencies, g)
			}
		}
		return c, nil
	}))
}

// tableVersions are the pages of a table in every language; none where the portal has one only.
func (r *Renderer) tableVersions(name string) []Alternate {
	var list []Alternate
	for _, p := range r.site.Editions[0].Data.Versions() {
		list = append(list, Alternate{Lang: p.Edition.Lang, Href: r.site.Settings.URL.String() + opendata.Folder(p.Edition) + name + "/"})
	}
	return list
}

func (r *Renderer) dataEntry(e opendata.Entry) DataEntry {
	base := r.site.Settings.Base()
	return DataEntry{
		Name: e.Name, Title: e.Title(), About: e.About(), Href: base + opendata.Folder(e.Edition) + e.Name + "/",
		CSV: DataFile{base + e.CSV.Path, e.CSV.Size}, JSON: DataFile{base + e.JSON.Path, e.JSON.Size},
		Count: e.Count, Sample: e.Sample, Changed: e.Changed,
	}
}

// dataFiles plans the data files themselves, with their descriptions and the small files beside quick wins.
func (r *Renderer) dataFiles(e *site.Edition) []Output {
	written := func(path string, write func(io.Writer) error) Output {
		return Output{Path: path, From: itself, Make: func(*Pass) ([]byte, error) {
			var b bytes.Buffer
			err := write(&b)
			return b.Bytes(), err
		}}
	}
	made := func(path string, make func(*opendata.Catalogue) ([]byte, error)) Output {
		return Output{Path: path, From: itself, Make: func(*Pass) ([]byte, error) { return make(r.catalogues[e]()) }}
	}
	outputs := []Output{
		made(opendata.Folder(e)+opendata.PackageFile, (*opendata.Catalogue).Package),
		made(opendata.Folder(e)+opendata.CatalogueFile, (*opendata.Catalogue).DCAT),
	}
	for _, t := range r.tables[e] {
		outputs = append(outputs, written(t.Path(".csv"), t.WriteCSV), written(t.Path(".json"), t.WriteJSON))
	}
	for _, q := range e.QuickWins {
		if q.Edition != e || q.Measured() == 0 {
			continue
		}
		outputs = append(outputs, written(opendata.QuickWinPath(q), func(w io.Writer) error { return opendata.OfQuickWin(q).WriteCSV(w) }))
		for _, in := range q.Indicators {
			if in.Latest != nil {
				outputs = append(outputs, written(opendata.IndicatorPath(in), func(w io.Writer) error { return opendata.OfIndicator(in).WriteCSV(w) }))
			}
		}
	}
	return outputs
}
