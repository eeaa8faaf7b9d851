package build

import (
	"context"
	"crypto/sha256"

	"pendapa/internal/parallel"
	"pendapa/internal/picture"
	"pendapa/internal/render"
	"pendapa/internal/source"
)

// pictureCache is where smaller versions of pictures are kept from one build to the next, in the site's folder.
const pictureCache = cacheFolder + "/gambar"

// readPictures looks at the pictures beside pages that are new or changed.
func (w *Workspace) readPictures(ctx context.Context, changed []string) error {
	for _, name := range changed {
		delete(w.pictures, name)
	}
	if w.pictures == nil {
		w.pictures = make(map[string]*render.PictureFile)
	}
	var names []string
	for _, a := range w.assets {
		if known := w.pictures[a.Path]; picture.Known(a.Path) && (known == nil || !known.Read()) {
			names = append(names, a.Path)
		}
	}
	fresh := make([]*render.PictureFile, len(names))
	err := parallel.Do(ctx, w.options.Jobs, len(names), func(i int) error {
		fresh[i] = w.readPicture(names[i])
		return nil
	})
	if err != nil {
		return err
	}
	for i, name := range names {
		w.pictures[name] = fresh[i]
	}
	if len(names) > 0 && w.cache == nil {
		w.cache = w.openCache()
	}
	return nil
}

// readPicture looks at one. One that cannot be read is tried again the next time, and is not published as another file
// would be, should it be readable by then.
func (w *Workspace) readPicture(name string) *render.PictureFile {
	data, err := w.tree.Read(name, render.MaxAsset)
	if err != nil {
		problem := source.Problem(name, err)
		return &render.PictureFile{Trouble: &picture.Trouble{Message: problem.Message, Hint: problem.Hint}}
	}
	p := &render.PictureFile{Digest: sha256.Sum256(data)}
	p.Info, p.Trouble = picture.Inspect(name, data)
	return p
}

// beside are the files beside pages, with what is known of the pictures among them.
func (w *Workspace) beside() []render.Beside {
	var list []render.Beside
	for _, a := range w.assets {
		list = append(list, render.Beside{Entry: a, Picture: w.pictures[a.Path]})
	}
	return list
}

// openCache opens the cache; one that keeps nothing where none is wanted or there can be no folder for it.
func (w *Workspace) openCache() *picture.Cache {
	if w.options.NoCache {
		return picture.NewCache(nil)
	}
	return picture.NewCache(ownFolder(w.options.Dir, pictureCache))
}
