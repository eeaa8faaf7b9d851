package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/history"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/parallel"
	"pendapa/internal/source"
)

// fileRecord is what is known of the revisions of one file, and kept from run to run.
type fileRecord struct {
	File       string
	Key        Digest // of its revisions
	Today      int    // the day that it was read for
	Days       []int  // on which any of its states is first published
	Points     []pointRecord
	Amendments []model.Amendment
}

// pointRecord is one revision of a file.
type pointRecord struct {
	Public bool // by what the file itself says
	At     int  // index of its commit in the log
}

// holds reports whether what was found for one day is good for another.
func (f *fileRecord) holds(today int) bool {
	return !slices.ContainsFunc(f.Days, func(day int) bool { return (day <= today) != (day <= f.Today) })
}

// publicAt reports whether a file was public when a commit was the newest.
func (f *fileRecord) publicAt(at int) bool {
	for _, p := range f.Points {
		if p.At >= at {
			return p.Public
		}
	}
	return false
}

// keyOf tells lists of revisions apart.
func keyOf(list []history.Revision) Digest {
	h := sha256.New()
	for _, v := range list {
		fmt.Fprintf(h, "%s %q %s\n", v.Commit.Hash, v.Path, v.After)
	}
	return Digest(h.Sum(nil))
}

// state is what a file was at a revision, as far as it matters to the record.
type state struct {
	public  bool
	promise bool            // whether it stood where quick wins stand
	doc     *model.Document // of a promise that today's model can read
	day     int             // from which it is published; 0: none is named
}

// read reads what a file was at a revision.
func (r *Record) read(ctx context.Context, v history.Revision) (state, error) {
	if v.After == "" {
		return state{}, nil
	}
	text, err := r.text(ctx, v.After)
	if err != nil {
		return state{}, fmt.Errorf("read %s of commit %s: %w", v.Path, v.Commit.Hash, err)
	}
	place, ok := model.Locate(v.Path, r.options.Languages, &diag.List{})
	promise := ok && place.Kind == model.KindQuickWin && place.Lang == r.options.Languages[0]
	// Few files speak of what makes them drafts: the others need not be decoded.
	if !promise && !bytes.Contains(text, []byte("draft")) && !bytes.Contains(text, []byte("publish")) && !bytes.Contains(text, []byte(`\`)) {
		return state{public: true}, nil
	}
	problems := &diag.List{}
	split, ok := source.Split(v.Path, text, r.options.Location, problems)
	if !ok || split.Front == nil {
		// It could never be built. What may be a draft that cannot be read is not shown.
		return state{public: !bytes.Contains(text, []byte("draft")), promise: promise}, nil
	}
	if !promise {
		place = model.Place{File: v.Path, Kind: model.KindPage}
	}
	doc := model.Decode(&r.decoder, place, &split, false, decode.File{Name: v.Path, Problems: problems, Location: r.options.Location})
	s := state{public: !doc.Draft, promise: promise}
	if n := split.Front.Get("draft"); n != nil && n.Value != "false" {
		s.public = false // also where it is not written as it should be
	}
	if doc.Publish.Set() {
		s.day = doc.Publish.Day()
		s.public = s.public && s.day <= model.DayOf(r.options.AsOf)
	}
	if promise && !doc.Broken {
		s.doc = doc
	}
	return s, nil
}

// readAll finds out what was public of all files. kept is what an earlier run found.
func (r *Record) readAll(ctx context.Context, log *history.Log, kept map[string]*fileRecord) ([]fileRecord, error) {
	all := log.Revisions()
	order := make(map[string]int, len(log.Commits))
	for i := range log.Commits {
		order[log.Commits[i].Hash] = i
	}
	var names []string
	for name := range all {
		if strings.HasSuffix(name, ".md") && strings.HasPrefix(name, "content/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	today := model.DayOf(r.options.AsOf)
	records := make([]fileRecord, len(names))
	err := parallel.Do(ctx, r.options.Jobs, len(names), func(i int) (err error) {
		list := all[names[i]]
		if known := kept[names[i]]; known != nil && known.Key == keyOf(list) && known.holds(today) {
			records[i] = *known
		} else if records[i], err = r.readFile(ctx, names[i], list); err != nil {
			return err
		}
		for k := range list { // commits have other places in the log when new ones came
			records[i].Points[k].At = order[list[k].Commit.Hash]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	known := make(map[string]*fileRecord, len(records))
	for i := range records {
		known[records[i].File] = &records[i]
		r.amendments = append(r.amendments, records[i].Amendments...)
	}
	slices.SortStableFunc(r.amendments, func(a, b model.Amendment) int { return order[a.Commit] - order[b.Commit] })
	r.revisions, r.digests = make(map[string][]Revision, len(names)), make(map[string]Digest, len(names))
	for _, name := range names {
		if list := r.public(all[name], known[name], known); len(list) > 0 {
			name = norm.NFC.String(name)
			r.revisions[name], r.digests[name] = list, r.digestOf(name, list)
		}
	}
	return records, nil
}

// readFile reads the revisions of one file.
func (r *Record) readFile(ctx context.Context, name string, list []history.Revision) (fileRecord, error) {
	f := fileRecord{File: name, Key: keyOf(list), Today: model.DayOf(r.options.AsOf), Points: make([]pointRecord, len(list))}
	promise := promiseRecord{file: name, location: r.options.Location}
	for i := len(list) - 1; i >= 0; i-- {
		s, err := r.read(ctx, list[i])
		if err != nil {
			return f, err
		}
		if s.day != 0 {
			f.Days = append(f.Days, s.day)
		}
		f.Points[i].Public = s.public
		promise.next(list[i].Commit, s)
	}
	f.Amendments = promise.amendments
	return f, nil
}

// companions are the files on which it depends, too, whether a file is public: the original of a translation, the chapter
// of a section.
func companions(name string, languages []locale.Lang) []string {
	place, ok := model.Locate(name, languages, &diag.List{})
	if !ok {
		return nil
	}
	var files []string
	if place.Lang != languages[0] {
		files = append(files, strings.TrimSuffix(name, "."+string(place.Lang)+".md")+".md")
	}
	if place.Kind == model.KindSection {
		files = append(files, path.Join(path.Dir(name), "_index.md"))
	}
	return files
}

// public are the revisions of a file that were public, newest first.
func (r *Record) public(list []history.Revision, f *fileRecord, known map[string]*fileRecord) []Revision {
	var told []Revision
	var last *history.Revision // that was public
	public := false
	for i := len(list) - 1; i >= 0; i-- {
		v := &list[i]
		is := f.Points[i].Public && v.After != ""
		if is && (strings.HasPrefix(v.Path, "content/masterplan/") || strings.Count(v.Path, ".") > 1) {
			for _, c := range companions(v.Path, r.options.Languages) {
				other := known[c]
				is = is && (other == nil || other.publicAt(f.Points[i].At))
			}
		}
		if !is && !public {
			continue
		}
		t := Revision{Commit: v.Commit.Hash, At: v.Commit.Time.In(r.options.Location), Author: v.Commit.Author, Subject: withoutPeople(v.Commit.Subject), Body: withoutPeople(v.Commit.Body), Path: v.Path, Event: Changed}
		if last != nil {
			t.From, t.Before = last.Path, last.After
		}
		if is {
			t.After = v.After
		}
		switch {
		case !is:
			t.Event, t.Path = Withdrawn, last.Path
		case last == nil:
			t.Event = Published
		case !public:
			t.Event = Reinstated
		case t.From != t.Path:
			t.Event = Moved
		case t.Before == t.After:
			continue // only how the file is kept changed
		}
		if public = is; is {
			last = v
		}
		told = append(told, t)
	}
	slices.Reverse(told)
	return told
}

// digestOf tells what the record tells of a file apart from anything else that it may tell of it.
func (r *Record) digestOf(name string, list []Revision) Digest {
	h := sha256.New()
	fmt.Fprintf(h, "%v %x\n", r.Shallow, r.files[name])
	for _, v := range list {
		fmt.Fprintf(h, "%s %s %q %q %s %s\n", v.Commit, v.Event, v.From, v.Path, v.Before, v.After)
	}
	return Digest(h.Sum(nil))
}
