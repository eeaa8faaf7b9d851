package site

// Addresses, in an edition, of the pages that stand over the data files.
const (
	dataPath       = "data"
	printPath      = "masterplan/cetak"
	proofPath      = "bukti"
	comparisonPath = "data/perbandingan"
)

// data gives an edition the catalogue of its data files, the comparison of what was promised, what explains how all of it
// is proved, and the masterplan as one document.
func (l *linker) data(e *Edition) {
	own := e.own
	e.Data = l.generated(e, dataPath, e.Lang.T("data"))
	e.Data.Summary = e.Lang.T("data.lead")
	e.Comparison = l.generated(e, comparisonPath, e.Lang.T("comparison"))
	e.Comparison.Summary = e.Lang.T("comparison.lead")
	e.Proof = l.generated(e, proofPath, e.Lang.T("proof"))
	e.Proof.Summary = e.Lang.T("proof.lead")
	e.Data.Parent, e.Comparison.Parent, e.Proof.Parent, e.own = e.Home, e.Data, e.Home, own
	e.Footer = append(e.Footer, e.Data, e.Proof)
	if len(e.Masterplan.Chapters) > 0 && e.Masterplan.Page != nil {
		e.Print = l.generated(e, printPath, e.Lang.T("print"))
		e.Print.Summary, e.Print.Parent, e.own = e.Lang.T("print.lead"), e.Masterplan.Page, own
	}
}
