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
	KindPlan      Kind = "plan"      // masterplan/_index.md
	KindChapter   Kind = "chapter"   // masterplan/BAB/_index.md
	KindSection   Kind = "masterplan"
	KindAgency    Kind = "opd"
	KindDimension Kind = "dimensi"
	KindTerm      Kind = "istilah"
	KindFolder    Kind = "section" // _index.md of any other folder
	KindPage      Kind = "page"    // anywhere else
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{KindHome, KindQuickWin, KindNews, KindPlan, KindChapter, KindSection, KindAgency, KindDimension, KindTerm, KindFolder, KindPage}
}

// Common are the fields of every kind.
type Common struct {
	Title   string   `key:"title" rule:"required,line,text,max=200" doc:"the page's title, as readers see it"`
	Summary string   `key:"summary" rule:"text,max=300" doc:"one or two sentences for lists, search and shared links"`
	Slug    string   `key:"slug" rule:"line,text,max=120" doc:"the last part of the address, where it should not be the file's name" eg:"nama-lain"`
	Draft   bool     `key:"draft" rule:"text" doc:"true while the page is being written: it is not published"`
	Publish Date     `key:"publish" rule:"text" doc:"the day from which the page is published" eg:"2026-01-31"`
	Expires Date     `key:"expires" rule:"text" doc:"the day from which the page is no longer published" eg:"2027-01-31"`
	Updated Date     `key:"updated" rule:"text" doc:"the day on which the text was last changed" eg:"2026-01-31"`
	Aliases []string `key:"aliases" rule:"one,text,max=50" doc:"old addresses that lead on to this page, from their first slash" eg:"[/alamat/lama/]"`
	Tags    []string `key:"tags" rule:"one,max=50" doc:"key words" eg:"[sampah, warga]"`
	Image   *Image   `key:"image" rule:"text" doc:"a picture at the head of the page"`
	Sources []Source `key:"sources" rule:"max=100" doc:"where the facts of the page come from"`
	Sample  bool     `key:"sample" doc:"true where the figures are only examples: the page says so" eg:"true"`
}

// Image is a picture of a page.
type Image struct {
	Src     Ref    `key:"src" rule:"required,text" doc:"the file beside the page" eg:"gambar.jpg"` // path from the page's folder
	Alt     string `key:"alt" rule:"required,line,text,max=400" doc:"what the picture shows, for those who cannot see it" eg:"Warga memilah sampah di balai desa"`
	Caption string `key:"caption" rule:"line,text,max=400" doc:"a line below the picture"`
	Credit  string `key:"credit" rule:"line,text,max=200" doc:"who made the picture"`
}

// Source is where a page's facts come from.
type Source struct {
	Title string `key:"title" rule:"required,line,max=300" doc:"the title of the source" eg:"Nama dokumen"`
	URL   Link   `key:"url" doc:"its web address" eg:"https://contoh.example/dokumen"`
	Date  Date   `key:"date" doc:"its day" eg:"2026-01-31"`
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
	Dimensions  []Ref       `key:"dimension" rule:"one,max=6" doc:"one or several of the six dimensions" eg:"[environment]"`
	Owner       Ref         `key:"owner" rule:"required" doc:"the agency that answers for it: the name of its file in opd/ without .md; unknown where no source names one"` // UnknownOwner where no source names one
	Partners    []Ref       `key:"partners" rule:"one,max=50" doc:"agencies that take part" eg:"[unknown]"`
	Status      Status      `key:"status" rule:"required,enum=planned|on-track|at-risk|delayed|done|stopped" doc:"how far it got"`
	Start       Date        `key:"start" doc:"the first day" eg:"2026-01-31"`
	End         Date        `key:"end" doc:"the day by which it is promised" eg:"2027-12-31"`
	Goal        string      `key:"goal" rule:"line,text,max=300" doc:"what is promised, after the words \"promises\": in one sentence"`
	TargetGroup string      `key:"target_group" rule:"line,text,max=300" doc:"for whom"`
	Budget      *Budget     `key:"budget" doc:"the money, in whole rupiah"`
	Indicators  []Indicator `key:"indicators" rule:"text,max=50" doc:"what it is measured by"`
	Milestones  []Milestone `key:"milestones" rule:"text,max=100" doc:"steps on the way, each with its day"`
	Masterplan  []Ref       `key:"masterplan" rule:"one,max=50" doc:"sections of the masterplan that it serves: CHAPTER/SECTION" eg:"[]"`
	Review      string      `key:"review" rule:"enum=monthly|quarterly|half-yearly|yearly" doc:"how often a new figure is promised; when none comes, the page says so" eg:"quarterly"`
	Contact     *Contact    `key:"contact" doc:"whom to ask"`
}

// UnknownOwner is the owner of a quick win whose owner no source names: said, not left out.
const UnknownOwner = "unknown"

// Budget is a quick win's money, in whole rupiah.
type Budget struct {
	Source  string `key:"source" rule:"line,max=200" doc:"where the money comes from" eg:"APBD 2026"`
	Planned int64  `key:"planned" rule:"required,min=0" doc:"rupiah that are planned, digits only" eg:"1500000000"`
	Spent   *int64 `key:"spent" rule:"min=0" doc:"rupiah that are spent" eg:"0"` // nil: not reported
	AsOf    Date   `key:"as_of" doc:"the day of these figures" eg:"2026-01-31"`
}

// Direction says whether an indicator is better up or down.
type Direction string

const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Indicator is what a quick win is measured by.
type Indicator struct {
	ID           Ref           `key:"id" rule:"required,text" doc:"a short name for links, in small letters" eg:"bank-sampah-aktif"`
	Name         string        `key:"name" rule:"required,line,text,max=200" doc:"what is measured" eg:"Bank sampah aktif"`
	Unit         string        `key:"unit" rule:"required,line,text,max=60" doc:"what is counted" eg:"unit"`
	Decimals     int           `key:"decimals" rule:"min=0" doc:"how many decimals are shown, 0 to 6" eg:"0"`
	Direction    Direction     `key:"direction" rule:"required,enum=up|down" doc:"up where more is better, down where less is" eg:"up"`
	Baseline     *Figure       `key:"baseline" doc:"where it started" eg:"date=2026-01-31;value=0"`
	Target       *Figure       `key:"target" doc:"what is promised, by when"`
	Measurements []Measurement `key:"measurements" rule:"max=1000" doc:"figures, each with its day and source"`
	Method       string        `key:"method" rule:"text,max=1000" doc:"who counts what, and how" eg:"Dihitung dari laporan bulanan"`
	Measure      string        `key:"measure" rule:"line,text,max=60" doc:"what kind of quantity it is, as Satu Data Indonesia asks (ukuran)" eg:"jumlah"`
}

// Figure is a value on a day.
type Figure struct {
	Date  Date    `key:"date" rule:"required" doc:"its day" eg:"2027-12-31"`
	Value float64 `key:"value" rule:"required" doc:"a number, with a point before decimals" eg:"10"`
}

// Measurement is a figure with where it comes from.
type Measurement struct {
	Date   Date     `key:"date" rule:"required" doc:"the day of the figure" eg:"2026-06-30"`
	Value  float64  `key:"value" rule:"required" doc:"a number, with a point before decimals" eg:"5"`
	Source Evidence `key:"source" doc:"where the figure comes from: an address, or the name of a report" eg:"Laporan semester I 2026"`
	Note   string   `key:"note" rule:"max=500" doc:"what a reader should know about it"`
}

// Milestone is a step with a day by which it is due.
type Milestone struct {
	Title string `key:"title" rule:"required,line,text,max=200" doc:"the step" eg:"Langkah pertama"`
	Due   Date   `key:"due" doc:"the day by which it is promised" eg:"2026-06-30"`
	Done  Date   `key:"done" doc:"the day on which it was kept" eg:"2026-06-15"`
	Note  string `key:"note" rule:"text,max=500" doc:"what a reader should know about it"`
}

// Contact is whom to ask.
type Contact struct {
	Name  string `key:"name" rule:"line,max=200" doc:"the person or office" eg:"Bidang pengelola"`
	Email Email  `key:"email" doc:"a mail address" eg:"portal@contoh.example"`
	Phone string `key:"phone" rule:"line,max=60" doc:"a telephone number"`
}

// News is a report from the series of workshops.
type News struct {
	Date       Date   `key:"date" rule:"required" doc:"the day of the news"`
	Event      *Event `key:"event" rule:"text" doc:"the workshop or meeting that the news tells of"`
	QuickWins  []Ref  `key:"quick_wins" rule:"one,max=200" doc:"quick wins that it is about: names of files in quick-wins/ without .md" eg:"[]"`
	Dimensions []Ref  `key:"dimension" rule:"one,max=6" doc:"one or several of the six dimensions" eg:"[governance]"`
	Owner      Ref    `key:"owner" doc:"the agency that reports" eg:"unknown"`
	Author     string `key:"author" rule:"line,max=200" doc:"who wrote it; shown where features.authors is on"`
}

// Event is a workshop or meeting that a news page tells of.
type Event struct {
	Number       int      `key:"number" rule:"min=1" doc:"its number in the series of workshops" eg:"4"`
	Start        Date     `key:"start" doc:"its day, or with the time: 2018-09-26T09:00" eg:"2026-02-26T09:00"`
	End          Date     `key:"end" doc:"its last day or hour" eg:"2026-02-26T15:00"`
	Place        string   `key:"place" rule:"line,text,max=200" doc:"where it is held"`
	Agenda       []string `key:"agenda" rule:"one,text,max=100" doc:"what is on the agenda" eg:"[Pembukaan]"`
	Participants []string `key:"participants" rule:"one,text,max=100" doc:"who takes part" eg:"[Perangkat daerah]"`
	Outcomes     []string `key:"outcomes" rule:"one,text,max=100" doc:"what was decided" eg:"[Rancangan disepakati]"`
}

// Section is a section of the masterplan; a chapter (its folder's _index.md) has the same fields.
type Section struct {
	Order      Order  `key:"order" rule:"required" doc:"its place among its neighbours: 1, 2, 3"`
	QuickWins  []Ref  `key:"quick_wins" rule:"one,max=200" doc:"quick wins that serve it: names of files in quick-wins/ without .md" eg:"[]"`
	Dimensions []Ref  `key:"dimension" rule:"one,max=6" doc:"one or several of the six dimensions" eg:"[governance]"`
	Number     string `key:"number" rule:"line,max=20" doc:"its number, where it should not be counted from order" eg:"IV"`
	Adopted    Date   `key:"adopted" doc:"the day on which it was adopted" eg:"2026-01-31"`
	Edition    string `key:"edition" rule:"line,max=120" doc:"the edition of the plan that it stands in" eg:"Edisi pertama"`
}

// Agency is an organisation of the regency (organisasi perangkat daerah, OPD).
type Agency struct {
	Abbreviation string `key:"abbreviation" rule:"line,text,max=40" doc:"its abbreviation" eg:"DLH"`
	Parent       Ref    `key:"parent" doc:"the agency above it" eg:"unknown"`
	Website      Link   `key:"website" doc:"its web address" eg:"https://contoh.example/"`
	Email        Email  `key:"email" doc:"its mail address" eg:"kantor@contoh.example"`
	Phone        string `key:"phone" rule:"line,max=60" doc:"its telephone number"`
	Address      string `key:"address" rule:"max=400" doc:"where its office is"`
}

// Dimension is one of the six dimensions of the national smart-city framework.
type Dimension struct {
	Order   int      `key:"order" doc:"its place among the six" eg:"1"`
	Icon    string   `key:"icon" rule:"enum=governance|branding|economy|living|society|environment" doc:"its sign" eg:"governance"`
	Pillars []string `key:"pillars" rule:"one,text,max=50" doc:"what it rests on" eg:"[Layanan publik]"`
}

// DimensionIDs are the six dimensions in the order of the national framework.
func DimensionIDs() []string {
	return []string{"governance", "branding", "economy", "living", "society", "environment"}
}

// Term is a word that a reader may not know.
type Term struct {
	Full string `key:"full" rule:"line,text,max=200" doc:"what the abbreviation stands for"`
	See  []Ref  `key:"see" rule:"one,max=50" doc:"terms that explain more: names of files in istilah/ without .md" eg:"[]"`
}

// Plain are the fields of pages and folders.
type Plain struct {
	Order int    `key:"order" doc:"its place in lists: 1, 2, 3" eg:"1"`
	Menu  string `key:"menu" rule:"line,text,max=40" doc:"a short title; with it the page stands below every page"`
}

// Plan are the fields of the masterplan's own page, with those of a folder.
type Plan struct {
	Editions []PlanEdition `key:"editions" rule:"max=50" doc:"the masterplan as it was adopted, each time"`
}

// PlanEdition is the masterplan as it was at a revision of the site's repository.
type PlanEdition struct {
	ID       Ref    `key:"id" rule:"required" doc:"the last part of its address, in small letters" eg:"2026"`
	Revision Ref    `key:"revision" rule:"required" doc:"the tag or commit of the repository that it is read from" eg:"masterplan-2026"`
	Date     Date   `key:"date" rule:"required" doc:"the day on which it was adopted" eg:"2026-01-31"`
	Title    string `key:"title" rule:"required,line,max=200" doc:"its title" eg:"Edisi 2026"`
	Summary  string `key:"summary" rule:"max=300" doc:"what is new in it, in one or two sentences"`
}
