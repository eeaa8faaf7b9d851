package opendata

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"time"

	"pendapa/internal/site"
)

// Catalogue are the data files of an edition with what is said of them.
type Catalogue struct {
	Edition *site.Edition
	Entries []Entry
}

// Entry is a table with its two files.
type Entry struct {
	*Table
	CSV, JSON File
	Count     int   // rows
	Sample    bool  // whether any of its rows is an example and no fact
	Preview   []Row // the first of them
}

// File is a data file.
type File struct {
	Path   string // in the output folder
	Size   int64  // bytes
	SHA256 string
}

// onPreview is how many rows of a table the catalogue's page shows.
const onPreview = 5

// Folder is where the data files of an edition stand, in the output folder.
func Folder(e *site.Edition) string { return e.Data.URL }

// Path is where the table's file stands in the output folder; ending is ".csv" or ".json".
func (t *Table) Path(ending string) string { return Folder(t.Edition) + t.Name + ending }

// Names of the files beside the tables.
const (
	PackageFile   = "datapackage.json"
	CatalogueFile = "catalog.jsonld"
)

// Describe makes every table of an edition once to see how large its files are.
func Describe(e *site.Edition, tables []*Table) *Catalogue {
	c := &Catalogue{Edition: e}
	for _, t := range tables {
		entry := Entry{Table: t, CSV: describe(t.Path(".csv"), t.WriteCSV), JSON: describe(t.Path(".json"), t.WriteJSON)}
		sample := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == "sample" })
		for row := range t.Rows {
			if entry.Count++; entry.Count <= onPreview {
				entry.Preview = append(entry.Preview, row)
			}
			entry.Sample = entry.Sample || sample >= 0 && row[sample] == true
		}
		c.Entries = append(c.Entries, entry)
	}
	return c
}

// Changed is the newest day that any of the tables tells of.
func (c *Catalogue) Changed() time.Time {
	var newest time.Time
	for _, e := range c.Entries {
		if e.Changed.After(newest) {
			newest = e.Changed
		}
	}
	return newest
}

// changedOrAsOf is the day of the newest data, or that of an empty portal: data that did not change keeps its day.
func (c *Catalogue) changedOrAsOf() time.Time {
	if t := c.Changed(); !t.IsZero() {
		return t
	}
	return c.Edition.Site.AsOf
}

// measure counts and digests what is written to it.
type measure struct {
	size   int64
	digest hash.Hash
}

func (m *measure) Write(p []byte) (int, error) {
	m.size += int64(len(p))
	return m.digest.Write(p)
}

func describe(path string, write func(io.Writer) error) File {
	m := &measure{digest: sha256.New()}
	_ = write(m) // a measure takes everything
	return File{path, m.size, hex.EncodeToString(m.digest.Sum(nil))}
}
