package record

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

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

// span are the days on which a state is public: from the first up to, and without, the last.
type span struct{ first, last int }

// spanOf are the days on which a state is public that stood from a day on, up to the day on which the next took its place;
// false: none. What was to be published later, and was changed before that day came, never was.
func spanOf(publish, expires, from, until int) (span, bool) {
	s := span{max(from, publish), until}
	if expires != 0 {
		s.last = min(until, expires)
	}
	from = min(from, until) // a commit may be dated in any year
	return s, (publish <= from || publish < until) && (expires == 0 || max(from, publish) < expires)
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
	keys := withholding.Match(text)
	if !promise && !keys && !bytes.Contains(text, []byte(`\`)) {
		return state{point: pointRecord{Page: true}}, nil
	}
	problems := &diag.List{}
	split, ok := source.Split(v.Path, text, r.options.Location, problems)
	if !ok || split.Front == nil {
		// It could never be built. What may have been kept back, and cannot be read, is not shown.
		return state{point: pointRecord{Page: !keys}, promise: promise}, nil
	}
	if !promise {
		place = model.Place{File: v.Path, Kind: model.KindPage}
	}
	doc := model.Decode(&r.decoder, place, &split, false, decode.File{Name: v.Path, Problems: problems, Location: r.options.Location})
	s := state{point: pointRecord{Page: !doc.Draft}, promise: promise}
	for _, f := range split.Front.Fields { // also where they are not written as they should be
		known := map[string]bool{"draft": f.Value != nil && f.Value.Value == "false", "publish": doc.Publish.Set(), "expires": doc.Expires.Set()}
		if fine, key := known[strings.ToLower(f.Key)]; key && (!fine || f.Key != strings.ToLower(f.Key)) {
			s.point.Page = false
		}
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

// withholding are the words by which a page is kept back.
var withholding = regexp.MustCompile(`(?i)draft|publish|expires`)

// dayOf is the day of a commit, in the portal's time zone.
func (r *Record) dayOf(c *history.Commit) int { return model.DayOf(c.Time.In(r.options.Location)) }

// readAll finds out what was public of all files. kept is what an earlier run found.
func (r *Record) readAll(ctx context.Context, log *history.Log, kept map[string]*fileRecord) ([]fileRecord, error) {
	log, brought := log.Mainline()
	r.brought = brought
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
	slices.SortStableFunc(r.amendments, func(a, b model.Amendment) int {
		return cmp.Or(b.At.Compare(a.At), order[a.Commit]-order[b.Commit])
	})
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
	promise := promiseRecord{file: name}
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
			until = min(until, r.dayOf(list[i-1].Commit))
		} else {
			f.Days = append(f.Days, s.point.Publish, s.point.Expires)
		}
		days, public := spanOf(s.point.Publish, s.point.Expires, r.dayOf(list[i].Commit), until)
		promise.next(r, list[i], s, days, public && s.point.Page, until)
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
			until = min(until, r.dayOf(&t.log.Commits[commits[k+1]]))
		}
		days, is := t.visible(v.Path, f.Points[i], at, r.dayOf(commit), until)
		is = is && v.After != ""
		tell := func(event Event, day int) {
			e := r.told(commit, v.Path, day)
			e.Event, e.Path = event, v.Path
			if last != nil {
				e.From, e.Before = last.Path, last.After
			}
			if e.After = v.After; event == Withdrawn {
				e.Path, e.After = last.Path, ""
			}
			told = append(told, e)
		}
		if public && (!is || days.first > r.dayOf(commit)) {
			tell(Withdrawn, r.dayOf(commit))
			public = false
		}
		if !is {
			continue
		}
		switch known := r.Shallow && (i+1 == len(list) && len(v.Commit.Parents) == 0 || i+1 < len(list) && f.at(f.Points[i+1].At) < 0); {
		case last == nil && known:
			tell(Known, days.first)
		case last == nil:
			tell(Published, days.first)
		case !public:
			tell(Reinstated, days.first)
		case last.Path != v.Path:
			tell(Moved, days.first)
		case last.After != v.After:
			tell(Changed, days.first)
		}
		public, last = true, v
		if days.last < until {
			tell(Withdrawn, days.last)
			public = false
		}
	}
	slices.Reverse(told)
	return told
}

// visible are the days on which a state of a file was public, from a commit on up to the day of the next; false: none.
func (t *timeline) visible(name string, p pointRecord, commit, from, until int) (span, bool) {
	if !p.Page {
		return span{}, false
	}
	publish, expires := p.Publish, p.Expires
	if depends(name) {
		for _, c := range companions(name, t.record.options.Languages) {
			other := t.point(c, commit)
			if other == nil || !other.Page {
				return span{}, false
			}
			publish = max(publish, other.Publish)
			if expires == 0 || other.Expires != 0 && other.Expires < expires {
				expires = other.Expires
			}
		}
	}
	return spanOf(publish, expires, from, until)
}

// told is what a commit of the main line says of a file on a day. Where that is a merge, the commits that it brought say
// why.
func (r *Record) told(c *history.Commit, name string, day int) Revision {
	e := Revision{Commit: c.Hash, At: c.Time.In(r.options.Location), Author: c.Author, Subject: withoutPeople(c.Subject), Body: withoutPeople(c.Body)}
	if list := r.brought[c.Hash][name]; len(list) > 0 {
		var subjects []string
		for _, side := range list[:min(len(list), 5)] {
			if s := withoutPeople(side.Subject); !slices.Contains(subjects, s) {
				subjects = append(subjects, s)
			}
		}
		e.Author, e.Subject, e.Body = list[0].Author, strings.Join(subjects, "; "), ""
		if len(list) == 1 {
			e.Body = withoutPeople(list[0].Body)
		}
	}
	if day != r.dayOf(c) { // not by the commit alone, but when its day came
		year, month, date := model.DayTime(day).Date()
		e.At = time.Date(year, month, date, 0, 0, 0, 0, r.options.Location)
	}
	if e.At.Year() > 9999 { // RFC 3339 knows no later year
		e.At = time.Date(9999, 12, 31, 0, 0, 0, 0, r.options.Location)
	}
	return e
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
