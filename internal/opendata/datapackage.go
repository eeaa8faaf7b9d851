package opendata

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// The parts of a Data Package descriptor (specs.frictionlessdata.io: Tabular Data Package, Table Schema, CSV Dialect).

type packageDescriptor struct {
	Profile      string        `json:"profile"`
	Name         string        `json:"name"`
	ID           string        `json:"id"`
	Title        string        `json:"title"`
	Description  string        `json:"description"`
	Homepage     string        `json:"homepage"`
	Created      string        `json:"created"`
	Keywords     []string      `json:"keywords"`
	Licenses     []license     `json:"licenses,omitempty"`
	Contributors []contributor `json:"contributors"`
	Resources    []resource    `json:"resources"`
}

type license struct {
	Name  string `json:"name,omitempty"`
	Path  string `json:"path,omitempty"`
	Title string `json:"title"`
}

type contributor struct {
	Title string `json:"title"`
	Path  string `json:"path"`
	Role  string `json:"role"`
}

type resource struct {
	Profile     string      `json:"profile"`
	Name        string      `json:"name"`
	Path        string      `json:"path"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Format      string      `json:"format"`
	MediaType   string      `json:"mediatype"`
	Encoding    string      `json:"encoding"`
	Bytes       int64       `json:"bytes"`
	Hash        string      `json:"hash"`
	Dialect     dialect     `json:"dialect"`
	Schema      tableSchema `json:"schema"`
}

type dialect struct {
	Delimiter      string `json:"delimiter"`
	LineTerminator string `json:"lineTerminator"`
	QuoteChar      string `json:"quoteChar"`
	DoubleQuote    bool   `json:"doubleQuote"`
	Header         bool   `json:"header"`
}

type tableSchema struct {
	Fields        []field      `json:"fields"`
	PrimaryKey    []string     `json:"primaryKey"`
	ForeignKeys   []foreignKey `json:"foreignKeys,omitempty"`
	MissingValues []string     `json:"missingValues"`
}

type field struct {
	Name        string       `json:"name"`
	Type        Type         `json:"type"`
	Format      string       `json:"format,omitempty"`
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Unit        string       `json:"unit,omitempty"` // no key of Table Schema; it allows others
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool     `json:"required,omitempty"`
	Minimum  *int     `json:"minimum,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

type foreignKey struct {
	Fields    string    `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string `json:"resource"` // empty: the same table
	Fields   string `json:"fields"`
}

// Package is the Data Package descriptor of the catalogue's CSV files.
func (c *Catalogue) Package() ([]byte, error) {
	settings := c.Edition.Site.Settings
	p := packageDescriptor{
		Profile: "tabular-data-package", Name: identifier(settings.URL.Hostname() + "-" + string(c.Edition.Lang)),
		ID: c.Edition.Data.Permalink(), Title: c.Edition.Data.Title + " – " + settings.Title, Description: c.Edition.Data.Summary,
		Homepage: c.Edition.Data.Permalink(), Created: c.changedOrAsOf().Format(time.RFC3339),
		Keywords:     keywords(c.Edition),
		Contributors: []contributor{{settings.City, settings.URL.String(), "publisher"}},
	}
	if l := settings.License; l.Name != "" {
		p.Licenses = []license{{Path: l.URL, Title: l.Name}}
		if l.URL == "" {
			p.Licenses[0].Name = identifier(l.Name) // one of name and path is needed
		}
	}
	for _, e := range c.Entries {
		r := resource{
			Profile: "tabular-data-resource", Name: e.Name, Path: e.Name + ".csv", Title: e.Title(), Description: described(e),
			Format: "csv", MediaType: "text/csv", Encoding: "utf-8", Bytes: e.CSV.Size, Hash: "sha256:" + e.CSV.SHA256,
			Dialect: dialect{",", "\r\n", `"`, true, true},
			Schema:  tableSchema{PrimaryKey: e.Key, MissingValues: []string{""}},
		}
		for _, column := range e.Columns {
			r.Schema.Fields = append(r.Schema.Fields, e.field(column))
			if column.Refers != "" {
				to := reference{Resource: column.Refers, Fields: "id"}
				if column.Refers == e.Name {
					to.Resource = ""
				}
				r.Schema.ForeignKeys = append(r.Schema.ForeignKeys, foreignKey{column.Name, to})
			}
		}
		p.Resources = append(p.Resources, r)
	}
	return indented(p)
}

// identifier is a text as a name in a descriptor: small letters, digits, points, hyphens.
func identifier(s string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, s)
	return strings.Trim(name, "-")
}

func (t *Table) field(c Column) field {
	f := field{Name: c.Name, Type: c.Type, Title: c.Name, Description: t.Explain(c), Unit: c.Unit}
	if c.Type == URI {
		f.Type, f.Format = String, "uri"
	}
	switch c.Several {
	case Ids:
		f.Description += " " + t.Edition.Lang.T("data.several")
	case Lines:
		f.Description += " " + t.Edition.Lang.T("data.lines")
	}
	limits := constraints{Required: c.Required, Enum: c.Enum}
	if c.Positive {
		limits.Minimum = new(int)
	}
	if limits.Required || limits.Minimum != nil || limits.Enum != nil {
		f.Constraints = &limits
	}
	return f
}

// indented is JSON that people can read too.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return b.Bytes(), err
}
