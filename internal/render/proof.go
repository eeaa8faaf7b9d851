package render

import (
	"pendapa/internal/proof"
	"pendapa/internal/site"
)

// ProofView explains how anybody can check that the portal was published as it was.
type ProofView struct {
	View
	History                       bool // whether earlier states are shown
	Log                           bool // whether a transparency log is kept
	Manifest, LogFile, Checkpoint string
}

func (r *Renderer) proof(e *site.Edition) Output {
	settings := r.site.Settings
	return r.generated(e, e.Proof, e.Proof.URL, "proof.html", func(v View) (any, error) {
		base := settings.Base()
		return ProofView{View: v, History: e.Changes != nil, Log: settings.Log.Origin != "", Manifest: base + proof.ManifestFile, LogFile: base + proof.LogFile, Checkpoint: base + proof.CheckpointFile}, nil
	})
}
