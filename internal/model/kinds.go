// Package model holds the kinds of content that a portal is made of, as types: quick wins, bintek news, masterplan
// chapters and sections, agencies, dimensions, terms and plain pages. It decodes their front matter strictly and checks
// what one file can show; what takes the whole portal (do references lead somewhere?) is the site package's work.
package model

// Kind is a kind of page.
type Kind string

const (
	KindHome      Kind = "home"      // content/_index.md
	KindQuickWin  Kind = "quick-win" // quick-wins/
	KindNews      Kind = "bintek"    // bintek/
	KindChapter   Kind = "chapter"   // masterplan/BAB/_index.md
	KindSection   Kind = "masterplan"
	KindAgency    Kind = "opd"
	KindDimension Kind = "dimensi"
	KindTerm      Kind = "istilah"
	KindFolder    Kind = "section" // _index.md of any other folder
	KindPage      Kind = "page"    // anywhere else
)

// Common are the fields of every kind.
type Common struct {
	Title   string   `key:"title" rule:"required,line,text,max=200"`
	Summary string   `key:"summary" rule:"text,max=300"`
	Slug    string   `key:"slug" rule:"line,text,max=120"`
	Draft   bool     `key:"draft" rule:"text"`
	Publish Date     `key:"publish" rule:"text"`
	Expires Date     `key:"expires" rule:"text"`
	Updated Date     `key:"updated" rule:"text"`
	Aliases []string `key:"aliases" rule:"one,text,max=50"`
	Tags    []string `key:"tags" rule:"one,max=50"`
	Image   *Image   `key:"image" rule:"text"`
	Sources []Source `key:"sources" rule:"max=100"`
	Sample  bool     `key:"sample"`
}

// Image is a picture of a page.
type Image struct {
	Src     Ref    `key:"src" rule:"required,text"` // path from the page's folder
	Alt     string `key:"alt" rule:"required,line,text,max=400"`
	Caption string `key:"caption" rule:"line,text,max=400"`
	Credit  string `key:"credit" rule:"line,text,max=200"`
}

// Source is where a page's facts come from.
type Source struct {
	Title string `key:"title" rule:"required,line,max=300"`
	URL   Link   `key:"url"`
	Date  Date   `key:"date"`
}

// Status is the state of a quick win as its owner declares it.
type Status string

const (
	Planned Status = "planned"
	OnTrack Status = "on-track"
	AtRisk  Status = "at-risk"
	Delayed Status = "delayed"
	Done    Status = "done"
	Stopped Status = "stopped"
)

// Statuses lists every status, from the first to the last of a programme's life.
func Statuses() []Status { return []Status{Planned, OnTrack, AtRisk, Delayed, Done, Stopped} }

// QuickWin is a promise: who does what, by when, for what money, measured how.
type QuickWin struct {
	Dimensions  []Ref       `key:"dimension" rule:"one,max=6"`
	Owner       Ref         `key:"owner" rule:"required"` // UnknownOwner where no source names one
	Partners    []Ref       `key:"partners" rule:"one,max=50"`
	Status      Status      `key:"status" rule:"required,enum=planned|on-track|at-risk|delayed|done|stopped"`
	Start       Date        `key:"start"`
	End         Date        `key:"end"`
	Goal        string      `key:"goal" rule:"line,text,max=300"`
	TargetGroup string      `key:"target_group" rule:"line,text,max=300"`
	Budget      *Budget     `key:"budget"`
	Indicators  []Indicator `key:"indicators" rule:"text,max=50"`
	Milestones  []Milestone `key:"milestones" rule:"text,max=100"`
	Masterplan  []Ref       `key:"masterplan" rule:"one,max=50"`
	Review      string      `key:"review" rule:"enum=monthly|quarterly|half-yearly|yearly"`
	Contact     *Contact    `key:"contact"`
}

// UnknownOwner is the owner of a quick win whose owner no source names: said, not left out.
const UnknownOwner = "unknown"

// Budget is a quick win's money, in whole rupiah.
type Budget struct {
	Source  string `key:"source" rule:"line,max=200"`
	Planned int64  `key:"planned" rule:"required,min=0"`
	Spent   *int64 `key:"spent" rule:"min=0"` // nil: not reported
	AsOf    Date   `key:"as_of"`
}

// Direction says whether an indicator is better up or down.
type Direction string

const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Indicator is what a quick win is measured by.
type Indicator struct {
	ID           Ref           `key:"id" rule:"required,text"`
	Name         string        `key:"name" rule:"required,line,text,max=200"`
	Unit         string        `key:"unit" rule:"required,line,text,max=60"`
	Decimals     int           `key:"decimals" rule:"min=0"`
	Direction    Direction     `key:"direction" rule:"required,enum=up|down"`
	Baseline     *Figure       `key:"baseline"`
	Target       *Figure       `key:"target"`
	Measurements []Measurement `key:"measurements" rule:"max=1000"`
	Method       string        `key:"method" rule:"text,max=1000"`
}

// Figure is a value on a day.
type Figure struct {
	Date  Date    `key:"date" rule:"required"`
	Value float64 `key:"value" rule:"required"`
}

// Measurement is a figure with where it comes from.
type Measurement struct {
	Date   Date     `key:"date" rule:"required"`
	Value  float64  `key:"value" rule:"required"`
	Source Evidence `key:"source"`
	Note   string   `key:"note" rule:"max=500"`
}

// Milestone is a step with a day by which it is due.
type Milestone struct {
	Title string `key:"title" rule:"required,line,text,max=200"`
	Due   Date   `key:"due"`
	Done  Date   `key:"done"`
	Note  string `key:"note" rule:"text,max=500"`
}

// Contact is whom to ask.
type Contact struct {
	Name  string `key:"name" rule:"line,max=200"`
	Email Email  `key:"email"`
	Phone string `key:"phone" rule:"line,max=60"`
}

// News is a report from the series of workshops.
type News struct {
	Date       Date   `key:"date" rule:"required"`
	Event      *Event `key:"event" rule:"text"`
	QuickWins  []Ref  `key:"quick_wins" rule:"one,max=200"`
	Dimensions []Ref  `key:"dimension" rule:"one,max=6"`
	Owner      Ref    `key:"owner"`
	Author     string `key:"author" rule:"line,max=200"`
}

// Event is a workshop or meeting that a news page tells of.
type Event struct {
	Number       int      `key:"number" rule:"min=1"`
	Start        Date     `key:"start"`
	End          Date     `key:"end"`
	Place        string   `key:"place" rule:"line,text,max=200"`
	Agenda       []string `key:"agenda" rule:"one,text,max=100"`
	Participants []string `key:"participants" rule:"one,text,max=100"`
	Outcomes     []string `key:"outcomes" rule:"one,text,max=100"`
}

// Section is a section of the masterplan; a chapter (its folder's _index.md) has the same fields.
type Section struct {
	Order      Order  `key:"order" rule:"required"`
	QuickWins  []Ref  `key:"quick_wins" rule:"one,max=200"`
	Dimensions []Ref  `key:"dimension" rule:"one,max=6"`
	Number     string `key:"number" rule:"line,max=20"`
	Adopted    Date   `key:"adopted"`
	Edition    string `key:"edition" rule:"line,max=120"`
}

// Agency is an organisation of the regency (organisasi perangkat daerah, OPD).
type Agency struct {
	Abbreviation string `key:"abbreviation" rule:"line,text,max=40"`
	Parent       Ref    `key:"parent"`
	Website      Link   `key:"website"`
	Email        Email  `key:"email"`
	Phone        string `key:"phone" rule:"line,max=60"`
	Address      string `key:"address" rule:"max=400"`
}

// Dimension is one of the six dimensions of the national smart-city framework.
type Dimension struct {
	Order   int      `key:"order"`
	Icon    string   `key:"icon" rule:"enum=governance|branding|economy|living|society|environment"`
	Pillars []string `key:"pillars" rule:"one,text,max=50"`
}

// DimensionIDs are the six dimensions in the order of the national framework.
func DimensionIDs() []string {
	return []string{"governance", "branding", "economy", "living", "society", "environment"}
}

// Term is a word that a reader may not know.
type Term struct {
	Full string `key:"full" rule:"line,text,max=200"`
	See  []Ref  `key:"see" rule:"one,max=50"`
}

// Plain are the fields of pages and folders.
type Plain struct {
	Order int    `key:"order"`
	Menu  string `key:"menu" rule:"line,text,max=40"`
}
