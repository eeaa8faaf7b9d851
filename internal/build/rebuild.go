package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"pendapa/internal/diag"
	"pendapa/internal/proof"
	"pendapa/internal/publish"
	"pendapa/internal/record"
	"pendapa/internal/render"
)

// Rebuild makes a portal again, from the commit and for the day that it says it was built for, in a folder of its own that
// is removed in the end. It returns the files of the tree that came out, without those of a log. o names the site's folder,
// whose repository has the commit, and the built-in layouts and static files.
func Rebuild(ctx context.Context, o Options, built Built, problems *diag.List) (files []proof.File, err error) {
	if built.Commit == "" {
		return nil, diag.Textf("the portal does not say from which commit it was built: files were not committed when it was, or the site has no repository")
	}
	snapshot, err := record.Snap(ctx, o.Dir, built.Commit, record.Inputs...)
	if err != nil {
		return nil, diag.Textf("the repository of %s has no commit %s", o.Dir, built.Commit)
	}
	defer snapshot.Close()
	temporary, err := os.MkdirTemp("", "pendapa-rebuild-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	site := filepath.Join(temporary, "site")
	root, err := open(site)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, f := range snapshot.Files {
		data, err := snapshot.Read(f.Path, render.MaxAsset)
		if err != nil {
			return nil, fmt.Errorf("read %s of commit %s: %w", f.Path, built.Commit, err)
		}
		if err := errors.Join(root.MkdirAll(filepath.Dir(f.Path), 0o755), root.WriteFile(f.Path, data, 0o644)); err != nil {
			return nil, err
		}
	}
	again := o
	again.Dir, again.Out, again.Repository, again.Commit = site, filepath.Join(temporary, "public"), o.Dir, built.Commit
	again.AsOf, again.BaseURL, again.Drafts, again.Future, again.Compress = built.AsOf, built.URL, built.Drafts, built.Future, built.Packed
	again.NoCache, again.NoLog = true, true
	if _, err := Run(ctx, again, problems); err != nil {
		return nil, err
	}
	tree, err := publish.ReadManifest(again.Out)
	return slices.DeleteFunc(tree.Files, proof.File.OfLog), err
}

// open makes a folder and opens it, so that nothing is written outside it.
func open(dir string) (*os.Root, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}
