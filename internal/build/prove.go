package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/proof"
)

// LogFolder is where the transparency log is kept, in the site's folder: it belongs into its repository.
const LogFolder = ".transparency-log"

// Built is what a published tree says of how it was made, so that anybody can make it again.
type Built struct {
	Commit  string `json:"commit,omitempty"` // of the site's repository; empty: the files were those of none
	AsOf    string `json:"as_of"`            // 2026-03-01
	URL     string `json:"url"`
	Version string `json:"pendapa,omitempty"`
	Drafts  bool   `json:"drafts,omitempty"`
	Future  bool   `json:"future,omitempty"`
	Packed  bool   `json:"compress,omitempty"` // whether files stand beside their compressed forms
}

// LogError says that a portal could not be added to the transparency log, and so was not published.
type LogError struct{ err error }

func (e *LogError) Error() string {
	return fmt.Sprintf("the transparency log in %s: %v", LogFolder, e.err)
}
func (e *LogError) Unwrap() error { return e.err }

// continues reports why the log that is kept does not go on with the one that is published; nil: it does. A log that was left
// behind, as where nobody committed its folder, would begin anew, and its portal deny what the one before proved.
func (b *builder) continues() error {
	out := b.options.Out
	published, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(proof.LogFile)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	kept, err := os.ReadFile(filepath.Join(b.options.Dir, LogFolder, proof.LogName))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case bytes.Contains(kept, []byte("<<<<<<< ")):
		return diag.Textf("two machines added to it, and git could not put the two together; only the machine that publishes should: take the log and the checkpoint of the portal that is published, in %s", path.Dir(proof.LogFile))
	case !bytes.HasPrefix(kept, published):
		return diag.Textf("it does not begin with the log of the portal that is published in %s; put that one back, with its checkpoint, from %s", out, path.Dir(proof.LogFile))
	}
	return nil
}

// logs reports whether this build is one that the log tells of.
func (w *Workspace) logs() bool {
	o := w.options
	return w.settings.Log.Origin != "" && !o.NoLog && !o.Drafts && !o.Future
}

// logState is a digest of the log as it is kept; zero: this build keeps none.
func (w *Workspace) logState() digest {
	if !w.logs() {
		return digest{}
	}
	h := sha256.New()
	for _, name := range []string{proof.LogName, proof.CheckpointName} {
		data, err := os.ReadFile(filepath.Join(w.options.Dir, LogFolder, name))
		fmt.Fprintf(h, "%v %d\n", err == nil, len(data))
		h.Write(data)
	}
	fmt.Fprintf(h, "%q %v\n", w.settings.Log, w.options.LogKey != "")
	return digest(h.Sum(nil))
}

// prove says in the new tree how it was made, and adds it to the log. The log is written before the tree is published: a
// build that dies between the two leaves an entry of a tree that nobody saw, and never a tree without an entry.
func (b *builder) prove(ctx context.Context) error {
	o := b.options
	built := Built{AsOf: b.asOf.Format(time.DateOnly), URL: b.settings.URL.String(), Version: o.Version, Drafts: o.Drafts, Future: o.Future, Packed: o.Compress}
	seen, err := b.inputs.seen, error(nil)
	if seen == nil && b.record != nil {
		entries := b.listed(&diag.List{})
		list, err := b.digests(ctx, entries)
		if err != nil {
			return err
		}
		seen = make(map[string]digest, len(list))
		for i, is := range list {
			seen[entries[i].Path] = is
		}
	}
	built.Commit = b.recorded(seen)
	if b.stage.Built, err = json.Marshal(built); err != nil {
		return err
	}
	if !b.logs() {
		return nil
	}
	files := b.stage.Files()
	entry := proof.Entry{Tree: proof.Root(files), Files: len(files), AsOf: built.AsOf, Commit: built.Commit, URL: built.URL, Version: built.Version}
	if err := b.continues(); err != nil {
		return &LogError{err}
	}
	keeper := proof.Keeper{Origin: b.settings.Log.Origin, PrivateKey: o.LogKey, VerifierKey: b.settings.Log.Key}
	log, checkpoint, err := keeper.Update(filepath.Join(o.Dir, LogFolder), entry)
	if err != nil {
		return &LogError{err}
	}
	for name, data := range map[string][]byte{proof.LogFile: log, proof.CheckpointFile: checkpoint} {
		if _, err := b.stage.Put(name, data); err != nil {
			return err
		}
	}
	return nil
}
