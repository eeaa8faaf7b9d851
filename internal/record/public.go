package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"slices"
	"sort"
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
	Days       []int  // on which its newest state is first published
	Points     []pointRecord
	Amendments []model.Amendment
}

// pointRecord is one revision of a file, by what the file itself says.
type pointRecord struct {
	At      int  // index of its commit in the log
	Page    bool // whether it was a page, and no draft
	Skip    bool // it could not be read at all, and no build could: what was before went on
	Missing bool // because the repository does not hold it
	Publish int  // day from which it is published; 0: at once
	Expires int  // day from which it no longer is; 0: never
}

// holds reports whether what was found for one day is good for another.
func (f *fileRecord) holds(today int) bool {
	if slices.ContainsFunc(f.Points, func(p pointRecord) bool { return p.Missing }) {
		return false // it may be there now
	}
	return !slices.ContainsFunc(f.Days, func(day int) bool { return (day <= today) != (day <= f.Today) })
}

// at is the revision that was the newest when a commit was; -1: there was none.
func (f *fileRecord) at(commit int) int {
	i := sort.Search(len(f.Points), func(i int) bool { return f.Points[i].At >= commit })
	for ; i < len(f.Points) && f.Points[i].Skip; i++ {
	}
	if i == len(f.Points) {
		return -1
	}
	return i
}

// shown reports whether a state is public at any time: it stood from a day on, up to the day on which the next took its
// place. What was to be published later, and was changed before that day came, never was.
func shown(publish, expires, from, until int) bool {
	return (publish <= from || publish < until) && (expires == 0 || max(from, publish) < expires)
}

// keyOf tells lists of revisions apart.
func keyOf(list []history.Revision) Digest {
	h := sha256.New()
	for _, v := range list {
		fmt.Fprintf(h, "%s %d %q %s\n", v.Commit.Hash, v.Commit.Time.Unix(), v.Path, v.After)
	}
	return Digest(h.Sum(nil))
}

// state is what a file was at a revision, as far as it matters to the record.
type state struct {
	point   pointRecord
	promise bool            // whether it stood where quick wins stand
	doc     *model.Document // of a promise that today's model can read
}

// place is what the path of a file said of it at a revision; false: no portal could publish it from there.
func (r *Record) place(name string) (model.Place, bool) {
	if !strings.HasPrefix(name, "content/") || !strings.HasSuffix(name, ".md") {
		return model.Place{}, false
	}
	for part := range strings.SplitSeq(name, "/") {
		if source.Ignored(part) {
			return model.Place{}, false
		}
	}
	return model.Locate(name, r.options.Languages, &diag.List{})
}

// read reads what a file was at a revision.
func (r *Record) read(ctx context.Context, v history.Revision) (state, error) {
	place, ok := r.place(v.Path)
	if v.After == "" || !ok {
		return state{}, nil
	}
	promise := place.Kind == model.KindQuickWin && place.Lang == r.options.Languages[0]
	text, err := r.text(ctx, v.After)
	if errors.Is(err, history.ErrTooLarge) || errors.Is(err, history.ErrMissing) {
		return state{point: pointRecord{Skip: true, Missing: errors.Is(err, history.ErrMissing)}, promise: promise}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("read %s of commit %s: %w", v.Path, v.Commit.Hash, err)
	}
	// Few files speak of what keeps them from being published: the others need not be decoded.
	if !promise && !bytes.Contains(text, []byte("draft")) && !bytes.Contains(text, []byte("publish")) && !bytes.Contains(text, []byte("expires")) && !bytes.Contains(text, []byte(`\`)) {
		return state{point: pointRecord{Page: true}}, nil
	}
	problems := &diag.List{}
	split, ok := source.Split(v.Path, text, r.options.Location, problems)
	if !ok || split.Front == nil {
		// It could never be built. What may be a draft that cannot be read is not shown.
		return state{point: pointRecord{Page: !bytes.Contains(text, []byte("draft"))}, promise: promise}, nil
	}
	if !promise {
		place = model.Place{File: v.Path, Kind: model.KindPage}
	}
	doc := model.Decode(&r.decoder, place, &split, false, decode.File{Name: v.Path, Problems: problems, Location: r.options.Location})
	s := state{point: pointRecord{Page: !doc.Draft}, promise: promise}
	if n := split.Front.Get("draft"); n != nil && n.Value != "false" {
		s.point.Page = false // also where it is not written as it should be
	}
	if doc.Publish.Set() {
		s.point.Publish = doc.Publish.Day()
	}
	if doc.Expires.Set() {
		s.point.Expires = doc.Expires.Day()
	}
	if promise && !doc.Broken {
		s.doc = doc
	}
	return s, nil
}

// dayOf is the day of a commit, in the portal's time zone.
func (r *Record) dayOf(c *history.Commit) int { return model.DayOf(c.Time.In(r.options.Location)) }

// readAll finds out what was public of all files. kept is what an earlier run found.
func (r *Record) readAll(ctx context.Context, log *history.Log, kept map[string]*fileRecord) ([]fileRecord, error) {
	t := timeline{record: r, log: log, all: log.Revisions(), known: make(map[string]*fileRecord), byPath: make(map[string][]string)}
	order := make(map[string]int, len(log.Commits))
	for i := range log.Commits {
		order[log.Commits[i].Hash] = i
	}
	var names []string
	for name := range t.all {
		if strings.HasSuffix(name, ".md") && strings.HasPrefix(name, "content/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	today := model.DayOf(r.options.AsOf)
	records := make([]fileRecord, len(names))
	err := parallel.Do(ctx, r.options.Jobs, len(names), func(i int) (err error) {
		list := t.all[names[i]]
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
	for i := range records {
		name := records[i].File
		r.Shallow = r.Shallow || slices.ContainsFunc(records[i].Points, func(p pointRecord) bool { return p.Missing })
		t.known[name] = &records[i]
		for _, v := range t.all[name] {
			if list := t.byPath[v.Path]; len(list) == 0 || list[len(list)-1] != name {
				t.byPath[v.Path] = append(list, name)
			}
		}
		r.amendments = append(r.amendments, records[i].Amendments...)
	}
	slices.SortStableFunc(r.amendments, func(a, b model.Amendment) int { return order[a.Commit] - order[b.Commit] })
	r.revisions, r.digests = make(map[string][]Revision, len(names)), make(map[string]Digest, len(names))
	for _, name := range names {
		list := t.public(name)
		name = norm.NFC.String(name)
		r.revisions[name], r.digests[name] = list, r.digestOf(name, list)
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
		f.Points[i] = s.point
		if s.point.Skip {
			continue
		}
		until := f.Today + 1
		if i > 0 {
			until = r.dayOf(list[i-1].Commit)
		} else if s.point.Publish != 0 {
			f.Days = append(f.Days, s.point.Publish)
		}
		public := s.point.Page && shown(s.point.Publish, s.point.Expires, r.dayOf(list[i].Commit), until)
		promise.next(list[i].Commit, s, public)
	}
	f.Amendments = promise.amendments
	return f, nil
}

// timeline tells what was public when, of files that depend on each other: a translation on its original, a section on its
// chapter.
type timeline struct {
	record *Record
	log    *history.Log
	all    map[string][]history.Revision
	known  map[string]*fileRecord
	byPath map[string][]string // files that ever stood at a path
}

// companions are the paths of the files on which it depends, too, whether a file is public.
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

// depends reports whether a path may be that of a file with companions; it is asked for all, so it is cheap.
func depends(name string) bool {
	return strings.HasPrefix(name, "content/masterplan/") || strings.Count(name, ".") > 1
}

// point is what stood at a path when a commit was the newest; nil: nothing.
func (t *timeline) point(name string, commit int) *pointRecord {
	for _, file := range t.byPath[name] {
		f := t.known[file]
		if i := f.at(commit); i >= 0 && t.all[file][i].Path == name && t.all[file][i].After != "" {
			return &f.Points[i]
		}
	}
	return nil
}

// commits are the places in the log at which a file, or one that it depends on, changed; the oldest first.
func (t *timeline) commits(name string) []int {
	var list []int
	add := func(f *fileRecord) {
		for _, p := range f.Points {
			list = append(list, p.At)
		}
	}
	add(t.known[name])
	seen := make(map[string]bool)
	for _, v := range t.all[name] {
		if !depends(v.Path) {
			continue
		}
		for _, c := range companions(v.Path, t.record.options.Languages) {
			for _, file := range t.byPath[c] {
				if !seen[file] {
					seen[file] = true
					add(t.known[file])
				}
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	slices.Reverse(list)
	return list
}

// public are the states of a file that were public, newest first.
func (t *timeline) public(name string) []Revision {
	r, f, list := t.record, t.known[name], t.all[name]
	commits := t.commits(name)
	var told []Revision
	var last *history.Revision // that was public
	public := false
	for k, at := range commits {
		i := f.at(at)
		if i < 0 {
			continue
		}
		v, commit := &list[i], &t.log.Commits[at]
		until := model.DayOf(r.options.AsOf) + 1
		if k+1 < len(commits) {
			until = r.dayOf(&t.log.Commits[commits[k+1]])
		}
		is := v.After != "" && t.visible(v.Path, f.Points[i], at, r.dayOf(commit), until)
		if !is && !public {
			continue
		}
		e := Revision{Commit: commit.Hash, At: commit.Time.In(r.options.Location), Author: commit.Author, Subject: withoutPeople(commit.Subject), Body: withoutPeople(commit.Body), Path: v.Path, Event: Changed}
		if last != nil {
			e.From, e.Before = last.Path, last.After
		}
		if is {
			e.After = v.After
		}
		switch {
		case !is:
			e.Event, e.Path = Withdrawn, last.Path
		case last == nil && r.Shallow && len(commit.Parents) == 0:
			e.Event = Known
		case last == nil:
			e.Event = Published
		case !public:
			e.Event = Reinstated
		case e.From != e.Path:
			e.Event = Moved
		case e.Before == e.After:
			continue // only its companions changed, or how the file is kept
		}
		if public = is; is {
			last = v
		}
		told = append(told, e)
	}
	slices.Reverse(told)
	return told
}

// visible reports whether a state of a file was public at any time from a commit on, up to the day of the next.
func (t *timeline) visible(name string, p pointRecord, commit, from, until int) bool {
	if !p.Page {
		return false
	}
	publish, expires := p.Publish, p.Expires
	if depends(name) {
		for _, c := range companions(name, t.record.options.Languages) {
			other := t.point(c, commit)
			if other == nil || !other.Page {
				return false
			}
			publish = max(publish, other.Publish)
			if expires == 0 || other.Expires != 0 && other.Expires < expires {
				expires = other.Expires
			}
		}
	}
	return shown(publish, expires, from, until)
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
