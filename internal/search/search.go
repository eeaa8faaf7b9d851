// Package search is the portal's index of words: how texts are split and words brought to stems, which stems are one, and
// the files from which a browser answers a query without a server.
//
// A [Builder] takes the pages of one language and gives the [File]s of their index: a manifest under a name that stays,
// and everything else under names that change with the bytes. Terms lie in shards by alphabet, so that a query fetches
// those of its words only; pages lie in blocks, so that it fetches those of its results only. [Open] reads an index back
// as the browser does.
//
// Pages are weighed by BM25 over weighted fields (Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple
// Weighted Fields", 2004). What a posting knows of its page is quantised to four bits; how rare a term is follows from
// the length of its list when a query is answered, so that one changed page changes few lists.
package search

import (
	"strings"

	"pendapa/internal/markdown"
)

// File is a file of an index.
type File struct {
	Name string // below the folder of the index, with slashes
	Data []byte // compressed by gzip (RFC 1952)
}

// Document is a page as it is found, without its text.
type Document struct {
	URL     string // below the edition's own address
	Title   string
	Summary string
	Kind    string
	Date    string // as 2018-09-26, or empty; pages are numbered by it, oldest first
	State   string // a quick win's status
	About   string // names that belong to the page and need not stand in its text: agency, status, indicators
	Shown   string // what the page shows beside its text, as readers see it
	Facets  []Facet
}

// Section is a heading and the text below it, up to the next. The first of a page may have no heading.
type Section = markdown.Section

// Facet is something by which results can be narrowed: a name such as "agency", and one value of it.
type Facet struct {
	Name, ID string
	Label    string // empty where the ID says it or the interface has a word for it
}

func (f Facet) term() string {
	return facetMark + f.Name + "\t" + f.ID + "\t" + strings.Join(strings.Fields(f.Label), " ")
}

// Weights of fields: how often a word counts that stands there once.
const (
	weightTitle   = 8
	weightHeading = 3
	weightSummary = 3
	weightAbout   = 2
	weightText    = 1
)

// Parameters of BM25: k is the weighted count at which a word has half of its effect, b how much a long page is
// marked down. A page of a portal is read as a whole, and titles weigh much: k is above the 1.2 that is usual for plain
// text.
const (
	bm25K = 3.0
	bm25B = 0.6
)

// Limits of compressed files, in bytes.
const (
	MaxManifest = 3 << 10
	MaxShard    = 15 << 10
	MaxBlock    = 2 << 10
)

// maxSections is how many headings of a page can be told apart; words below further ones count for the page alone. A set of
// them is a number that browsers keep exactly: below 2 to the power of 53.
const maxSections = 53

const formatVersion = 2
