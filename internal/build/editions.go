package build

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/history"
	"pendapa/internal/model"
	"pendapa/internal/picture"
	"pendapa/internal/record"
	"pendapa/internal/render"
	"pendapa/internal/site"
	"pendapa/internal/source"
)

// planFile is the file that names the editions of the masterplan.
const planFile = "content/masterplan/_index.md"

// readPlans reads the editions of the masterplan that its page names, newest first. What is wrong with their text is not
// told: it is as it was adopted.
func (w *Workspace) readPlans(ctx context.Context, problems *diag.List) ([]*render.Plan, error) {
	index := w.pages[planFile]
	if index == nil || index.doc == nil || index.doc.Plan == nil || index.doc.Draft {
		w.plans = nil
		return nil, nil
	}
	editions := slices.DeleteFunc(slices.Clone(index.doc.Plan.Editions), func(e model.PlanEdition) bool {
		return e.ID.ID == "" || e.Revision.ID == "" || !w.options.Future && e.Date.Set() && e.Date.Day() > model.DayOf(w.asOf)
	})
	seen := make(map[string]bool) // an id that stands twice is told where the page is read
	editions = slices.DeleteFunc(editions, func(e model.PlanEdition) bool {
		twice := seen[e.ID.ID] || e.ID.ID == model.PlanNow
		seen[e.ID.ID] = true
		return twice
	})
	slices.SortStableFunc(editions, func(a, b model.PlanEdition) int { return b.Date.Compare(a.Date.Time) })
	tell := func(e model.PlanEdition, severity diag.Severity, message, hint diag.Text) {
		problems.Add(diag.Problem{Severity: severity, File: planFile, Pos: e.Revision.Pos, Width: len([]rune(e.Revision.ID)), Message: message, Hint: hint})
	}
	if w.record == nil {
		if len(editions) > 0 {
			tell(editions[0], diag.Warning, diag.Textf("the editions cannot be read: the site's folder has no history here"), diag.Textf("build in a clone of the site's repository, with git installed and features.history not switched off"))
		}
		w.plans = nil
		return nil, nil
	}
	known := w.plans
	w.plans = nil
	for _, e := range editions {
		snapshot, err := w.record.At(ctx, e.Revision.ID, "content/masterplan", "content/quick-wins")
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			hint := diag.Textf("write a tag or a commit of the site's repository")
			if w.record.Shallow {
				hint = diag.Textf("fetch the whole history and its tags (git fetch --unshallow --tags)")
			}
			tell(e, diag.Error, diag.Textf("%q is no tag and no commit of the repository", diag.Clip(e.Revision.ID)), hint)
			continue
		}
		if i := slices.IndexFunc(known, func(p *render.Plan) bool { return p.Commit == snapshot.Commit && same(p.Edition, e) }); i >= 0 {
			w.plans = append(w.plans, known[i])
			continue
		}
		plan, err := w.readPlan(e, snapshot)
		if errors.Is(err, history.ErrMissing) {
			tell(e, diag.Error, diag.Textf("the repository does not hold all files of the revision %q", diag.Clip(e.Revision.ID)), diag.Textf("clone it whole, without --filter"))
			continue
		} else if err != nil {
			return nil, err
		}
		if plan.Site.Editions[0].Masterplan.Page == nil || len(plan.Site.Editions[0].Masterplan.Chapters) == 0 {
			tell(e, diag.Error, diag.Textf("the revision %q has no masterplan", diag.Clip(e.Revision.ID)), diag.Textf("write the revision at which the masterplan stood in content/masterplan/"))
			continue
		}
		w.plans = append(w.plans, plan)
	}
	return w.plans, nil
}

func same(a, b model.PlanEdition) bool {
	return a.ID.ID == b.ID.ID && a.Title == b.Title && a.Summary == b.Summary && a.Date.Equal(b.Date.Time)
}

func (w *Workspace) readPlan(e model.PlanEdition, snapshot *record.Snapshot) (*render.Plan, error) {
	plan := &render.Plan{Edition: e, Commit: snapshot.Commit, Files: snapshot}
	languages := w.settings.Langs()
	var docs []*model.Document
	quiet := &diag.List{}
	for _, f := range snapshot.Files {
		if !strings.HasSuffix(f.Path, ".md") {
			if strings.HasPrefix(f.Path, "content/masterplan/") {
				beside := render.Beside{Entry: f}
				if picture.Known(f.Path) {
					data, err := snapshot.Read(f.Path, render.MaxAsset)
					if errors.Is(err, source.ErrTooLarge) {
						continue // it could not be published
					} else if err != nil {
						return nil, err
					}
					beside.Picture = render.PictureOf(f.Path, data)
				}
				plan.Beside = append(plan.Beside, beside)
			}
			continue
		}
		place, ok := model.Locate(f.Path, languages, quiet)
		if !ok || place.Lang != w.settings.Lang() {
			continue
		}
		data, err := snapshot.Read(f.Path, source.MaxFile)
		if errors.Is(err, source.ErrTooLarge) {
			continue // no build could read it
		} else if err != nil {
			return nil, err
		}
		split, ok := source.Split(f.Path, data, w.settings.Location, quiet)
		front := &split
		if !ok {
			front = nil
		}
		docs = append(docs, model.Decode(&w.decoder, place, front, false, decode.File{Name: f.Path, Problems: quiet, Location: w.settings.Location}))
	}
	day := w.asOf
	if e.Date.Set() && e.Date.Before(day) {
		day = e.Date.Time
	}
	settings := *w.settings
	settings.Languages, settings.Menu = nil, nil
	plan.Site = site.New(&settings, docs, day, site.Options{PlanAt: render.PlanAt(e.ID.ID)}, quiet)
	if len(plan.Beside) > 0 && w.cache == nil {
		w.cache = w.openCache()
	}
	return plan, nil
}
