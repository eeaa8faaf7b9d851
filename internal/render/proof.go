package render

import "pendapa/internal/site"

// ProofView explains how anybody can check that the portal was published as it was.
type ProofView struct {
	View
	History                       bool // whether earlier states are shown
	Log                           bool // whether a transparency log is kept
	Manifest, LogFile, Checkpoint string
}

// IsProof reports whether a path is one where publishing puts a file when all others are made.
func IsProof(path string) bool { return path == manifest || path == logFile || path == checkpoint }

func (r *Renderer) proof(e *site.Edition) Output {
	settings := r.site.Settings
	return r.generated(e, e.Proof, e.Proof.URL, "proof.html", func(v View) (any, error) {
		base := settings.Base()
		return ProofView{View: v, History: e.Changes != nil, Log: settings.Log.Origin != "", Manifest: base + manifest, LogFile: base + logFile, Checkpoint: base + checkpoint}, nil
	})
}
