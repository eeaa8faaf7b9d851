package render

import (
	"slices"
	"strconv"
	"time"

	"pendapa/internal/compare"
	"pendapa/internal/model"
	"pendapa/internal/opendata"
	"pendapa/internal/record"
	"pendapa/internal/site"
)

// Past is what is known of the earlier states of pages.
type Past interface {
	// Revisions are the states of a page that were public, newest first.
	Revisions(p *site.Page) []record.Revision
	// State says whether the page's file is as the record has it.
	State(p *site.Page) record.State
	// Compare compares a revision with the state before it.
	Compare(v record.Revision) ([]compare.Row, error)
	// Passages takes the text of a page apart.
	Passages(text []byte) []compare.Block
	// Shallow reports whether what is older is not known.
	Shallow() bool
}

// Where the revisions of a page and the parts of the list of changes stand.
const (
	historyFolder = "riwayat/"
	revisionsPage = 10  // revisions on one page
	mostRows      = 300 // of one comparison; who wants more has the repository
)

// changesFolders are the parts of an address that parts of the list of changes stand under.
var changesFolders = map[string]string{"kind": "jenis", "year": "tahun", "agency": "opd"}

// RecordView is what the record says of a page, in a line at its end.
type RecordView struct {
	Since      time.Time // when the page was first recorded
	Changed    time.Time // when it was last changed; the same where it never was
	Revisions  int
	Href       string // of the page's history
	Unrecorded bool   // whether it has changed since
	Untracked  bool   // whether it is not recorded at all
	Cut        bool   // whether older states are not known
}

// HistoryView is the revisions of a page.
type HistoryView struct {
	View
	Of         *site.Page
	Revisions  []RevisionView
	Authors    bool
	Shallow    bool // whether what is older is not known
	Unrecorded bool
	Pagination Pagination
}

// RevisionView is a revision with what changed.
type RevisionView struct {
	record.Revision
	Amendments []*site.Amendment
	Rows       []DifferenceRow
	Cut        bool // whether there are more rows
	Added      int  // words
	Removed    int
}

// DifferenceRow is a passage of a comparison.
type DifferenceRow struct {
	State string // "same", "added", "removed", "changed", "moved"; "gap" for passages that did not change
	Kind  string // of the passage: "title", "h2", "item", "field"
	Parts []DifferencePart
	Count int // of the passages in a gap
}

// DifferencePart is a run of words of a passage.
type DifferencePart struct {
	State string // "same", "added", "removed"
	Text  string
}

// ChangesView is what promises stated before, whole or filtered.
type ChangesView struct {
	ListView
	Amendments []*site.Amendment
	Count      int
	Filters    []Filter
	Filtered   bool
	Shallow    bool
	CSV, JSON  string
}

var rowStates = map[compare.Status]string{compare.Same: "same", compare.Added: "added", compare.Removed: "removed", compare.Changed: "changed", compare.Moved: "moved", compare.Gap: "gap"}

// difference is a comparison as it is shown, with one passage that did not change around each that did.
func difference(rows []compare.Row) (shown []DifferenceRow, cut bool) {
	for _, row := range compare.Around(rows, 1) {
		if len(shown) == mostRows {
			return shown, true
		}
		d := DifferenceRow{State: rowStates[row.Status], Kind: row.Kind}
		if row.Status == compare.Gap {
			d.Count = row.From
		}
		for _, p := range row.Parts {
			d.Parts = append(d.Parts, DifferencePart{rowStates[p.Status], p.Text})
		}
		shown = append(shown, d)
	}
	return shown, false
}

func historyURL(p *site.Page) string { return p.URL + historyFolder }

// recordOf is the line about a page's history; nil where nothing is known.
func (r *Renderer) recordOf(pass *Pass, p *site.Page) *RecordView {
	if pass.Past == nil || p.Generated {
		return nil
	}
	revisions, state := pass.Past.Revisions(p), pass.Past.State(p)
	if len(revisions) == 0 {
		return &RecordView{Untracked: state != record.Recorded, Unrecorded: state == record.Recorded}
	}
	return &RecordView{
		Since: revisions[len(revisions)-1].At, Changed: revisions[0].At, Revisions: len(revisions),
		Href: r.site.Settings.Base() + escapePath(historyURL(p)), Unrecorded: state != record.Recorded,
		Cut: revisions[len(revisions)-1].Event == record.Known,
	}
}

// histories plans the pages of revisions of an edition's pages.
func (r *Renderer) histories(e *site.Edition) []Output {
	if r.past == nil {
		return nil
	}
	var outputs []Output
	for _, p := range e.Own() {
		if p.Generated {
			continue
		}
		revisions := r.past.Revisions(p)
		if len(revisions) == 0 {
			continue
		}
		outputs = append(outputs, paginate(r, historyURL(p), revisionsPage, revisions, func(at string, part []record.Revision, pagination Pagination) Output {
			o := r.page(e, p, at, "history.html", func(v View) (any, error) { return r.history(v, part, pagination) })
			o.Page, o.From = nil, itself
			return o
		})...)
	}
	return outputs
}

func (r *Renderer) history(v View, part []record.Revision, pagination Pagination) (HistoryView, error) {
	p := v.Page
	state := v.pass.Past.State(p)
	v.pass.Past.Revisions(p) // the output depends on them
	v.NoIndex = true         // what was taken back should not be found as if it held
	v.retitle(v.Edition.Lang.T("history.title", p.Title))
	v = r.list(v, v.Title, p, pagination).View
	v.Description = v.Edition.Lang.T("history.lead")
	view := HistoryView{View: v, Of: p, Authors: r.site.Settings.Feature("authors"), Shallow: v.pass.Past.Shallow(), Unrecorded: state != record.Recorded && pagination.Number == 1, Pagination: pagination}
	var amendments []*site.Amendment
	for _, q := range v.Edition.QuickWins {
		if q.Page == p {
			amendments = q.Amendments
		}
	}
	for _, revision := range part {
		shown := RevisionView{Revision: revision}
		for _, a := range amendments {
			if a.Commit == revision.Commit {
				shown.Amendments = append(shown.Amendments, a)
			}
		}
		if revision.Before != "" && revision.After != "" {
			rows, err := v.pass.Past.Compare(revision)
			if err != nil {
				return view, err
			}
			shown.Added, shown.Removed = compare.Changes(rows)
			shown.Rows, shown.Cut = difference(rows)
		}
		view.Revisions = append(view.Revisions, shown)
	}
	return view, nil
}

func changesURL(e *site.Edition, filter, value string) string {
	return e.Changes.URL + changesFolders[filter] + "/" + value + "/"
}

// changes plans the list of what promises stated before, and its parts by kind, year and agency.
func (r *Renderer) changes(e *site.Edition) []Output {
	if e.Changes == nil {
		return nil
	}
	p, base := e.Changes, r.site.Settings.Base()
	by := map[string]map[string][]*site.Amendment{"kind": {}, "year": {}, "agency": {}}
	text := make(map[string]string) // of the choices, by filter and value
	var years []string
	for _, a := range e.Amendments {
		add := func(filter, value, name string) {
			by[filter][value] = append(by[filter][value], a)
			text[filter+" "+value] = name
		}
		add("kind", string(a.Kind), a.What())
		year := strconv.Itoa(a.At.Year())
		if !slices.Contains(years, year) {
			years = append(years, year)
		}
		add("year", year, year)
		if a.Win != nil && a.Win.Owner != nil {
			add("agency", a.Win.Owner.ID, a.Win.Owner.MenuTitle())
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	var kinds, agencies []string
	for _, k := range model.ChangeKinds() {
		if by["kind"][string(k)] != nil {
			kinds = append(kinds, string(k))
		}
	}
	for _, a := range e.Agencies {
		if by["agency"][a.ID] != nil {
			agencies = append(agencies, a.ID)
		}
	}
	values := map[string][]string{"kind": kinds, "year": years, "agency": agencies}
	filters := func(filter, value string) []Filter {
		var list []Filter
		for _, name := range []string{"kind", "year", "agency"} {
			f := Filter{Name: name}
			for _, v := range values[name] {
				c := Choice{Text: text[name+" "+v], Href: base + escapePath(changesURL(e, name, v)), Count: len(by[name][v]), Here: name == filter && v == value}
				if c.Here {
					f.Chosen, f.Open = c.Text, true
				}
				f.Choices = append(f.Choices, c)
			}
			if len(f.Choices) > 0 {
				list = append(list, f)
			}
		}
		return list
	}
	list := func(url, title, filter, value string, all []*site.Amendment) []Output {
		return paginate(r, url, perPage, all, func(at string, part []*site.Amendment, pagination Pagination) Output {
			return r.generated(e, p, at, "changes.html", func(v View) (any, error) {
				view := ChangesView{ListView: r.list(v, title, p, pagination), Amendments: part, Count: len(all), Filters: filters(filter, value), Filtered: filter != "", Shallow: r.past.Shallow()}
				view.CSV, view.JSON = base+opendata.Folder(e)+"changes.csv", base+opendata.Folder(e)+"changes.json"
				return view, nil
			})
		})
	}
	outputs := list(p.URL, p.Title, "", "", e.Amendments)
	for _, name := range []string{"kind", "year", "agency"} {
		for _, v := range values[name] {
			outputs = append(outputs, list(changesURL(e, name, v), p.Title+": "+text[name+" "+v], name, v, by[name][v])...)
		}
	}
	return outputs
}
