package site

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/locale"
	"pendapa/internal/model"
)

// changesPath is where an edition tells what its promises stated before.
const changesPath = "perubahan"

// Amendment is a change of a promise after it was published, as an edition tells of it.
type Amendment struct {
	*model.Amendment
	Win      *QuickWin // nil: the promise is no longer published
	Identity string    // what names it for ever
	edition  *Edition
}

// amendments tells an edition what its promises stated before, newest first; of those that are no longer published too.
func (l *linker) amendments(e *Edition, all []model.Amendment) {
	own := e.own
	e.Changes = l.generated(e, changesPath, e.Lang.T("changes"))
	e.Changes.Summary, e.Changes.Parent, e.own = e.Lang.T("changes.lead"), e.Home, own
	e.Footer = append(e.Footer, e.Changes)
	wins := make(map[string]*QuickWin, len(e.QuickWins))
	for i, q := range l.site.Editions[0].QuickWins {
		wins[norm.NFC.String(q.File)] = e.QuickWins[i] // every edition has them in the same order
	}
	changed := newest{asOf: l.site.AsOf}
	taken := make(map[string]bool, len(all))
	for i := range all {
		file := norm.NFC.String(all[i].File)
		a := &Amendment{Amendment: &all[i], Win: wins[file], edition: e}
		id := a.identity()
		a.Identity = id
		for n := 2; taken[a.Identity]; n++ {
			a.Identity = id + "-" + strconv.Itoa(n)
		}
		taken[a.Identity] = true
		e.Amendments = append(e.Amendments, a)
		if a.Win != nil && a.Win.Edition == e {
			a.Win.Amendments = append(a.Win.Amendments, a)
			for _, in := range a.Win.Indicators {
				if a.Kind == model.ChangedTarget && a.Before.Figure != nil && a.isOf(in) {
					in.Was = a // newest first, so that the oldest stays
				}
			}
		}
		changed.add(a.At)
	}
	e.Changes.Changed = changed.at
	for _, q := range e.QuickWins {
		for _, in := range q.Indicators {
			if in.Was != nil && in.Target != nil && in.Target.Value == *in.Was.Before.Figure && in.Target.Date.Equal(in.Was.Before.Date.Time) {
				in.Was = nil // it is as it was at first again
			}
		}
	}
}

// isOf reports whether the amendment is about an indicator of today: by its name, or by its id where no other has the name.
// Figures of another unit say nothing of it.
func (a *Amendment) isOf(in *Indicator) bool {
	if a.Before.Unit != in.Unit {
		return false
	}
	named := slices.ContainsFunc(a.Win.Indicators, func(other *Indicator) bool { return other.Name == a.About })
	return a.About == in.Name || !named && a.Indicator == in.ID.ID
}

func (a *Amendment) identity() string {
	id := strings.TrimSuffix(strings.TrimPrefix(a.File, "content/"), ".md") + "/"
	if a.Win != nil {
		id = a.Win.Page.Identity()
	}
	id += string(a.Kind) + "-" + a.Commit[:min(12, len(a.Commit))]
	if a.About != "" {
		id += "/" + model.Slugify(a.About)
	}
	if (a.Kind == model.CorrectedFigure || a.Kind == model.RemovedFigure) && a.Before.Date.Set() {
		id += "/" + a.Before.Date.Format(time.DateOnly)
	}
	return id
}

// Short is the beginning of the commit's hash, as it is told to people.
func (a *Amendment) Short() string { return a.Commit[:min(10, len(a.Commit))] }

// Stood is what was stated before, as people write it.
func (a *Amendment) Stood() string { return a.stated(a.Before) }

// reported are kinds of changes that a promise goes through as it is kept. All others alter it.
var reported = []model.ChangeKind{model.ChangedStatus, model.ChangedTitle, model.RenamedIndicator, model.RewordedMilestone, model.AddedIndicator, model.AddedMilestone, model.ReinstatedPromise}

// Altered are the changes by which another thing is promised than was at first, newest first.
func (q *QuickWin) Altered() []*Amendment {
	return slices.DeleteFunc(slices.Clone(q.Amendments), func(a *Amendment) bool { return slices.Contains(reported, a.Kind) })
}

// Sentence says what changed, in the words of the edition: "Target diubah dari 60 unit (31 Des 2019) menjadi 45 unit (30
// Jun 2020)". What it is about stands in About.
func (a *Amendment) Sentence() string {
	lang := a.edition.Lang
	was, is := a.stated(a.Before), a.stated(a.After)
	switch a.Kind {
	case model.WithdrawnPromise, model.ReinstatedPromise:
		return lang.T("change.is." + string(a.Kind))
	case model.AddedIndicator, model.AddedMilestone, model.RemovedIndicator, model.RemovedMilestone:
		told := lang.T("change.is." + string(a.Kind))
		if detail := was + is; detail != "" {
			told = lang.T("change.promising."+string(a.Kind), detail)
		}
		return told
	case model.RewrittenKeeping:
		if is == "" {
			return lang.T("change.unkept", was)
		}
	case model.CorrectedFigure:
		return lang.T("change.corrected", lang.ShortDate(a.Before.Date.Time), was, is)
	case model.RemovedFigure:
		return lang.T("change.deleted", lang.ShortDate(a.Before.Date.Time), was)
	}
	what := lang.T("change." + string(a.Kind))
	switch {
	case was == "":
		return lang.T("change.set", what, is)
	case is == "":
		return lang.T("change.unset", what, was)
	}
	return lang.T("change.from-to", what, was, is)
}

// What names the kind of the change, for lists.
func (a *Amendment) What() string { return a.edition.Lang.T("change." + string(a.Kind)) }

// stated is what was stated, as people write it; empty: nothing.
func (a *Amendment) stated(s model.Stated) string {
	lang := a.edition.Lang
	switch {
	case s.Figure != nil:
		figure := number(lang, *s.Figure, s.Places) + " " + s.Unit
		if s.Date.Set() && a.Kind != model.CorrectedFigure && a.Kind != model.RemovedFigure {
			figure += " (" + lang.ShortDate(s.Date.Time) + ")"
		}
		return figure
	case s.Rupiah != nil:
		return lang.Rupiah(*s.Rupiah)
	case s.Date.Set():
		return lang.ShortDate(s.Date.Time)
	}
	switch {
	case s.Text == "":
		return ""
	case a.Kind == model.ChangedStatus:
		return lang.T("status." + s.Text)
	case a.Kind == model.ChangedDirection:
		return lang.T("direction." + s.Text)
	case a.Kind == model.ChangedOwner:
		return a.edition.agencyName(s.Text)
	case a.Kind == model.AddedIndicator, a.Kind == model.RemovedIndicator, a.Kind == model.AddedMilestone, a.Kind == model.RemovedMilestone:
		return "" // its name is what the change is about
	}
	return lang.T("change.quoted", strings.TrimRight(s.Text, "."))
}

// number is a figure with its decimals, or with more where it has more: two figures that differ must not read the same.
func number(lang locale.Lang, v float64, places int) string {
	if power := math.Pow10(places); math.Round(v*power)/power != v {
		places = -1
	}
	return lang.Number(v, places)
}

// Foreign is the language of what editors wrote where it is not that of the edition: titles, names, reasons.
func (a *Amendment) Foreign() string {
	if own := a.edition.Site.Settings.Lang(); own != a.edition.Lang {
		return string(own)
	}
	return ""
}

// agencyName is the name of an agency, or the id of one that is no longer there.
func (e *Edition) agencyName(id string) string {
	if id == model.UnknownOwner {
		return e.Lang.T("unknown")
	}
	if i := slices.IndexFunc(e.Agencies, func(a *Agency) bool { return a.ID == id }); i >= 0 {
		return e.Agencies[i].Name()
	}
	return id
}
