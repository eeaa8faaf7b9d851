package render

import (
	"pendapa/internal/diag"
	"pendapa/internal/model"
	"pendapa/internal/opendata"
	"pendapa/internal/site"
)

// evaluationLayout is the layout of the report for those who evaluate the city.
const evaluationLayout = "evaluation.html"

// EvaluationView is all that the portal tells of its promises, on one page that stands alone.
type EvaluationView struct {
	View
	TotalsView TotalsView
	Dimensions []*site.Dimension
	Wins       []EvaluationWin
	Tables     []opendata.Entry
}

// EvaluationWin is a quick win in full.
type EvaluationWin struct {
	Win        *site.QuickWin
	Facts      *model.QuickWin
	Indicators []IndicatorView
	Road       RoadView
}

// Evaluation is the report on an edition, as a page of HTML that names its stylesheet beside it.
func (r *Renderer) Evaluation(e *site.Edition) ([]byte, error) {
	v, err := r.view(e, e.Home, e.Prefix)
	if err != nil {
		return nil, err
	}
	v.retitle(e.Lang.T("evaluation.title", r.site.Settings.City))
	view := EvaluationView{View: v, TotalsView: r.totalsView(e, e.Totals, false), Dimensions: e.Dimensions, Tables: r.catalogues[e]().Entries}
	for _, q := range e.QuickWins {
		win := EvaluationWin{Win: q, Facts: q.Document.QuickWin, Road: r.roadView(e, q)}
		for _, in := range q.Indicators {
			shown := r.indicatorView(e, in)
			shown.Heading, shown.Data = true, ""
			win.Indicators = append(win.Indicators, shown)
		}
		view.Wins = append(view.Wins, win)
	}
	t, ok := r.layouts.sets[e.Lang].pages[evaluationLayout]
	if !ok {
		return nil, &TemplateError{diag.Problem{File: "layouts/" + evaluationLayout, Message: diag.Textf("the layout is missing")}}
	}
	return r.layouts.execute(t, "evaluation", view, "layouts/"+evaluationLayout)
}
