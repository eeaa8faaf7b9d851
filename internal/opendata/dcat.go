package opendata

import (
	"strconv"
	"time"

	"pendapa/internal/locale"
	"pendapa/internal/site"
)

// The parts of a catalogue in DCAT 3 (www.w3.org/TR/vocab-dcat-3) as JSON-LD, with the properties that DCAT-AP 3 demands
// and those that Satu Data Indonesia asks for (Perpres 39/2019, article 5: konsep, definisi, klasifikasi, ukuran, satuan),
// for which there is no vocabulary: their terms are explained on the catalogue's page, where their addresses lead.

type named struct {
	ID string `json:"@id"`
}

type worded struct {
	Language string `json:"@language"`
	Value    string `json:"@value"`
}

type typed struct {
	Type  string `json:"@type"`
	Value string `json:"@value"`
}

type agent struct {
	ID       string `json:"@id"`
	Type     string `json:"@type"` // foaf:Agent
	Name     worded `json:"foaf:name"`
	Homepage *named `json:"foaf:homepage,omitempty"`
}

type contactPoint struct {
	Type  string `json:"@type"` // vcard:Kind
	Name  string `json:"vcard:fn"`
	Email *named `json:"vcard:hasEmail,omitempty"`
	URL   *named `json:"vcard:hasURL,omitempty"`
}

type concept struct {
	ID    string `json:"@id"`
	Type  string `json:"@type"` // skos:Concept
	Label worded `json:"skos:prefLabel"`
}

type catalog struct {
	Context     map[string]string `json:"@context"`
	ID          string            `json:"@id"`
	Type        string            `json:"@type"`
	Title       worded            `json:"dct:title"`
	Description worded            `json:"dct:description"`
	Publisher   agent             `json:"dct:publisher"`
	Language    named             `json:"dct:language"`
	License     *named            `json:"dct:license,omitempty"`
	Modified    *typed            `json:"dct:modified,omitempty"`
	Homepage    named             `json:"foaf:homepage"`
	Datasets    []dataset         `json:"dcat:dataset"`
}

type dataset struct {
	ID            string         `json:"@id"`
	Type          string         `json:"@type"`
	Identifier    string         `json:"dct:identifier"`
	Title         worded         `json:"dct:title"`
	Description   worded         `json:"dct:description"`
	Publisher     named          `json:"dct:publisher"`
	Creator       *agent         `json:"dct:creator,omitempty"`
	Contact       *contactPoint  `json:"dcat:contactPoint,omitempty"`
	Keywords      []worded       `json:"dcat:keyword,omitempty"`
	Themes        []concept      `json:"dcat:theme,omitempty"`
	Language      named          `json:"dct:language"`
	Modified      *typed         `json:"dct:modified,omitempty"`
	Temporal      *periodOfTime  `json:"dct:temporal,omitempty"`
	LandingPage   named          `json:"dcat:landingPage"`
	Distributions []distribution `json:"dcat:distribution"`

	Concept        worded     `json:"sdi:konsep"`
	Definition     *worded    `json:"sdi:definisi,omitempty"`
	Classification []worded   `json:"sdi:klasifikasi,omitempty"`
	Measure        *worded    `json:"sdi:ukuran,omitempty"`
	Unit           *worded    `json:"sdi:satuan,omitempty"`
	Variables      []variable `json:"sdi:variabel,omitempty"`
}

// variable is a column as Satu Data Indonesia describes one.
type variable struct {
	Concept        string   `json:"sdi:konsep"`
	Definition     worded   `json:"sdi:definisi"`
	Classification []string `json:"sdi:klasifikasi,omitempty"`
	Measure        string   `json:"sdi:ukuran"`
	Unit           string   `json:"sdi:satuan,omitempty"`
}

type periodOfTime struct {
	Type  string `json:"@type"` // dct:PeriodOfTime
	Start typed  `json:"dcat:startDate"`
	End   typed  `json:"dcat:endDate"`
}

type distribution struct {
	ID          string    `json:"@id"`
	Type        string    `json:"@type"`
	Title       worded    `json:"dct:title"`
	AccessURL   named     `json:"dcat:accessURL"`
	DownloadURL named     `json:"dcat:downloadURL"`
	MediaType   named     `json:"dcat:mediaType"`
	Format      named     `json:"dct:format"`
	License     *named    `json:"dct:license,omitempty"`
	ByteSize    *typed    `json:"dcat:byteSize,omitempty"`
	Checksum    *checksum `json:"spdx:checksum,omitempty"`
	ConformsTo  *named    `json:"dct:conformsTo,omitempty"`
	Modified    *typed    `json:"dct:modified,omitempty"`
}

type checksum struct {
	Type      string `json:"@type"` // spdx:Checksum
	Algorithm named  `json:"spdx:algorithm"`
	Value     typed  `json:"spdx:checksumValue"`
}

// languageURIs are the languages in the EU's authority table, which DCAT-AP wants.
var languageURIs = map[locale.Lang]string{
	locale.Indonesian: "http://publications.europa.eu/resource/authority/language/IND",
	locale.English:    "http://publications.europa.eu/resource/authority/language/ENG",
}

// DCAT is the catalogue of an edition's data files: its tables, and every indicator that has figures.
func (c *Catalogue) DCAT() ([]byte, error) {
	settings, lang, home := c.Edition.Site.Settings, c.Edition.Lang, c.Edition.Data.Permalink()
	say := func(s string) worded { return worded{string(lang), s} }
	var licence *named
	if settings.License.URL != "" {
		licence = &named{settings.License.URL}
	}
	publisher := agent{settings.URL.String() + "#" + organisationID, "foaf:Agent", worded{string(settings.Lang()), settings.City}, &named{settings.URL.String()}}
	out := catalog{
		Context: map[string]string{"adms": "http://www.w3.org/ns/adms#", "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
			"skos": "http://www.w3.org/2004/02/skos/core#", "spdx": "http://spdx.org/rdf/terms#", "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#", "sdi": home + "#"},
		ID: home, Type: "dcat:Catalog", Title: say(c.Edition.Data.Title + " – " + settings.Title), Description: say(c.Edition.Data.Summary),
		Publisher: publisher, Language: named{languageURIs[lang]}, License: licence, Modified: dated(c.Changed()), Homepage: named{home},
	}
	common := func(d dataset) dataset {
		d.Type, d.Publisher, d.Contact = "dcat:Dataset", named{publisher.ID}, contactOf(c.Edition.Site)
		d.Language = named{languageURIs[locale.Lang(d.Title.Language)]}
		for _, k := range keywords(c.Edition) {
			d.Keywords = append(d.Keywords, say(k))
		}
		d.Concept = d.Title
		return d
	}
	for _, e := range c.Entries {
		d := common(dataset{ID: home + "#" + e.Name, Identifier: e.Name, Title: say(e.Title()), Description: say(described(e)), Modified: dated(e.Changed), LandingPage: named{home + "#" + e.Name}})
		definition := d.Description
		d.Definition = &definition
		for _, column := range e.Columns {
			d.Variables = append(d.Variables, variable{column.Name, say(e.Explain(column)), column.Enum, string(column.Type), column.Unit})
		}
		schema := &named{home + PackageFile}
		d.Distributions = []distribution{
			filed(settings.URL.String(), e.CSV, say(e.Title()+" (CSV)"), licence, schema, d.Modified),
			filed(settings.URL.String(), e.JSON, say(e.Title()+" (JSON)"), licence, nil, d.Modified),
		}
		out.Datasets = append(out.Datasets, d)
	}
	for in := range every(c.Edition.QuickWins) {
		if in.Latest != nil && !in.Win.Sample { // examples would be taken for facts
			out.Datasets = append(out.Datasets, common(c.indicator(in, licence)))
		}
	}
	return indented(out)
}

// described says what a table holds, and whether some of that is no fact.
func described(e Entry) string {
	if e.Sample {
		return e.About() + " " + e.Edition.Lang.T("data.sample")
	}
	return e.About()
}

// indicator is an indicator as a dataset of its own.
func (c *Catalogue) indicator(in *site.Indicator, licence *named) dataset {
	base := c.Edition.Site.Settings.URL.String()
	say := func(s string) worded { return worded{string(in.Win.Lang), s} }
	optional := func(s string) *worded {
		if s == "" {
			return nil
		}
		w := say(s)
		return &w
	}
	description := in.Method
	if description == "" {
		description = in.Win.Summary
	}
	d := dataset{
		ID: in.Permalink(), Identifier: in.Key(), Title: say(in.Name), Description: say(description),
		Modified: dated(in.Latest.Date.Time), LandingPage: named{in.Permalink()},
		Temporal:   &periodOfTime{"dct:PeriodOfTime", *dated(in.Series[0].Date.Time), *dated(in.Latest.Date.Time)},
		Definition: optional(in.Method), Measure: optional(in.Measure), Unit: optional(in.Unit),
	}
	if owner := in.Win.Owner; owner != nil {
		d.Creator = &agent{owner.Permalink() + "#" + organisationID, "foaf:Agent", worded{string(owner.Lang), owner.Title}, nil}
	}
	for _, dimension := range in.Win.Dimensions {
		label := worded{string(dimension.Lang), dimension.Title}
		d.Themes = append(d.Themes, concept{dimension.Permalink(), "skos:Concept", label})
		d.Classification = append(d.Classification, label)
	}
	file := File{Path: IndicatorPath(in)}
	d.Distributions = []distribution{filed(base, file, say(in.Name+" (CSV)"), licence, nil, d.Modified)}
	return d
}

// filed is a file as a distribution. Sizes and digests are given where they are known.
func filed(base string, f File, title worded, licence, conforms *named, modified *typed) distribution {
	address := named{base + f.Path}
	d := distribution{
		ID: address.ID, Type: "dcat:Distribution", Title: title, AccessURL: address, DownloadURL: address, License: licence, ConformsTo: conforms, Modified: modified,
		MediaType: named{"https://www.iana.org/assignments/media-types/text/csv"}, Format: named{"http://publications.europa.eu/resource/authority/file-type/CSV"},
	}
	if len(f.Path) > 5 && f.Path[len(f.Path)-5:] == ".json" {
		d.MediaType.ID, d.Format.ID = "https://www.iana.org/assignments/media-types/application/json", "http://publications.europa.eu/resource/authority/file-type/JSON"
	}
	if f.SHA256 != "" {
		d.ByteSize = &typed{"xsd:nonNegativeInteger", strconv.FormatInt(f.Size, 10)}
		d.Checksum = &checksum{"spdx:Checksum", named{"spdx:checksumAlgorithm_sha256"}, typed{"xsd:hexBinary", f.SHA256}}
	}
	return d
}

func dated(t time.Time) *typed {
	if t.IsZero() {
		return nil
	}
	return &typed{"xsd:date", t.Format(time.DateOnly)}
}

// contactOf is whom the portal names for questions; nil where it names nobody.
func contactOf(s *site.Site) *contactPoint {
	contact := s.Settings.Contact
	if contact.Email == "" && contact.Complaints == "" {
		return nil
	}
	point := &contactPoint{Type: "vcard:Kind", Name: contact.Name}
	if point.Name == "" {
		point.Name = s.Settings.City
	}
	if contact.Email != "" {
		point.Email = &named{"mailto:" + contact.Email}
	}
	if contact.Complaints != "" {
		point.URL = &named{contact.Complaints}
	}
	return point
}

// keywords are what all data of a portal is about.
func keywords(e *site.Edition) []string {
	return []string{"smart city", e.Site.Settings.City}
}

// QuickWinPath and IndicatorPath are where the small files of a quick win and of an indicator stand, in the output
// folder: beside the page.
func QuickWinPath(q *site.QuickWin) string { return q.URL + "data.csv" }

// IndicatorPath is where the file of an indicator stands.
func IndicatorPath(in *site.Indicator) string { return in.Win.URL + in.Anchor() + ".csv" }
