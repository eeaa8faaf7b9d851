package site

// Addresses, in an edition, of the pages that stand over the data files.
const (
	dataPath       = "data"
	printPath      = "masterplan/cetak"
	comparisonPath = "data/perbandingan"
)

// data gives an edition the catalogue of its data files and the comparison of what was promised.
func (l *linker) data(e *Edition) {
	own := e.own
	e.Data = l.generated(e, dataPath, e.Lang.T("data"))
	e.Data.Summary = e.Lang.T("data.lead")
	e.Comparison = l.generated(e, comparisonPath, e.Lang.T("comparison"))
	e.Comparison.Summary = e.Lang.T("comparison.lead")
	e.Data.Parent, e.Comparison.Parent, e.own = e.Home, e.Data, own
	e.Footer = append(e.Footer, e.Data)
	if len(e.Masterplan.Chapters) > 0 && e.Masterplan.Page != nil {
		e.Print = l.generated(e, printPath, e.Lang.T("print"))
		e.Print.Summary, e.Print.Parent, e.own = e.Lang.T("print.lead"), e.Masterplan.Page, own
	}
}
