package site

// Addresses, in an edition, of the pages that stand over the data files.
const (
	dataPath       = "data"
	printPath      = "masterplan/cetak"
	proofPath      = "bukti"
	comparisonPath = "data/perbandingan"
)

// MaxPrint is how many chapters and sections a masterplan may have to be one document too: what nobody prints need not be
// read by every build.
const MaxPrint = 500

// Parts is how many chapters and sections the masterplan has.
func (m *Masterplan) Parts() int {
	n := len(m.Chapters)
	for _, c := range m.Chapters {
		n += len(c.Sections)
	}
	return n
}

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
	if parts := e.Masterplan.Parts(); parts > 0 && parts <= MaxPrint && e.Masterplan.Page != nil {
		e.Print = l.generated(e, printPath, e.Lang.T("print"))
		e.Print.Summary, e.Print.Parent, e.own = e.Lang.T("print.lead"), e.Masterplan.Page, own
	}
}
