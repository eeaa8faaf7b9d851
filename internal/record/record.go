// Package record tells what a portal published before: the states of each page by the history of its file, what its
// promises stated otherwise in each, and how the text of two states compares.
//
// Only what was public counts. A revision that was a draft, or that was not to be published yet, is passed over, and the
// next that was public is compared with the last that was; a page that was withdrawn keeps its record.
package record

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/compare"
	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/history"
	"pendapa/internal/locale"
	"pendapa/internal/markdown"
	"pendapa/internal/model"
	"pendapa/internal/source"
)

// Options say how revisions are read.
type Options struct {
	Languages []locale.Lang // of the portal, its own first
	Location  *time.Location
	AsOf      time.Time // what is to be published later is no part of the record yet
	Jobs      int
	Authors   bool   // whether the names of writers are shown
	Commit    string // the commit that the record ends with; empty: HEAD
}

// Record is what is known of a site's earlier states. It does not change once it was read, and its methods may be called
// from several goroutines. A nil record knows nothing.
type Record struct {
	Head    string // the commit that it ends with
	Shallow bool   // the repository is cut off, or does not hold all that it names: what is older is not known

	repository *history.Repository
	blobs      *history.Blobs
	options    Options
	revisions  map[string][]Revision // by file, in NFC
	digests    map[string]Digest     // of these
	files      map[string]history.Digest
	amendments []model.Amendment
	brought    map[string]map[string][]*history.Commit // by merges; see history.Log.Mainline

	decoder   decode.Decoder
	converter *markdown.Converter
}

// Digest is a SHA-256.
type Digest = [sha256.Size]byte

// Event is what became of a page.
type Event string

const (
	Published  Event = "published" // for the first time
	Known      Event = "known"     // it was there before; since when is not known
	Changed    Event = "changed"
	Moved      Event = "moved" // under another name, and maybe changed
	Withdrawn  Event = "withdrawn"
	Reinstated Event = "reinstated"
)

// Revision is a state of a page that was public, or the end of one.
type Revision struct {
	Commit        string
	At            time.Time // when it was recorded, in the portal's time zone
	Author        string
	Subject, Body string // of the commit's message: text of anybody
	Event         Event
	From, Path    string // paths of the file in the state before and in this one
	Before, After string // the states, as blobs of the repository; empty: there is none
}

// Short is the beginning of the commit's hash, as it is told to people.
func (r Revision) Short() string { return r.Commit[:min(10, len(r.Commit))] }

// untold are keys that say when a page is published and not what it tells, or tell of what is not public yet, and those
// that stand above.
var untold = []string{"title", "summary", "draft", "publish", "expires", "editions"}

// stated adds what a key of the front matter states, one line for each value, named by the keys above it. Comments are no
// part of it.
func stated(blocks []compare.Block, name string, n *decode.Node) []compare.Block {
	switch {
	case n == nil:
	case n.Kind == decode.Mapping:
		for _, f := range n.Fields {
			blocks = stated(blocks, name+" › "+f.Key, f.Value)
		}
	case n.Kind == decode.Sequence && !slices.ContainsFunc(n.Items, func(item *decode.Node) bool { return item.Kind != decode.Scalar }):
		var values []string
		for _, item := range n.Items {
			values = append(values, item.Value)
		}
		blocks = append(blocks, compare.Block{Kind: "field", Text: name + ": " + strings.Join(values, ", ")})
	case n.Kind == decode.Sequence:
		for i, item := range n.Items {
			label := strconv.Itoa(i + 1)
			for _, key := range []string{"id", "title", "date"} { // what a list's items are told apart by, however they are ordered
				if named := item.Get(key); named != nil && named.Kind == decode.Scalar && named.Value != "" {
					label = named.Value
					break
				}
			}
			blocks = stated(blocks, name+" › "+label, item)
		}
	case n.Kind == decode.Scalar && strings.TrimSpace(n.Value) != "":
		blocks = append(blocks, compare.Block{Kind: "field", Text: name + ": " + strings.Join(strings.Fields(n.Value), " ")})
	}
	return blocks
}

// State says whether a file is as the repository has it.
type State uint8

const (
	Unknown    State = iota // there is no record
	Recorded                // it is
	Unrecorded              // it has changed since
	Untracked               // the repository has no such file
)

// Close ends what reads the repository.
func (r *Record) Close() error {
	if r == nil {
		return nil
	}
	return r.blobs.Close()
}

// Revisions are the revisions of a file that were public, newest first.
func (r *Record) Revisions(file string) []Revision {
	if r == nil {
		return nil
	}
	return r.revisions[norm.NFC.String(file)]
}

// Authors reports whether the names of writers are told.
func (r *Record) Authors() bool { return r.options.Authors }

// Digest tells the revisions of a file apart from others.
func (r *Record) Digest(file string) Digest {
	if r == nil {
		return Digest{}
	}
	return r.digests[norm.NFC.String(file)]
}

// Exact reports whether a file is, byte by byte, as the record ends with it.
func (r *Record) Exact(file string, is Digest) bool {
	known, tracked := r.files[norm.NFC.String(file)]
	return tracked && is == known.Plain
}

// State compares a file, by its SHA-256, with the record.
func (r *Record) State(file string, is Digest) State {
	if r == nil {
		return Unknown
	}
	known, tracked := r.files[norm.NFC.String(file)]
	switch {
	case !tracked:
		return Untracked
	case is == known.Plain || is == known.CRLF:
		return Recorded
	}
	return Unrecorded
}

// Files are the paths of all files that the record ends with.
func (r *Record) Files() []string {
	var list []string
	for name := range r.files {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// Amendments are what promises stated otherwise after they were published, newest first.
func (r *Record) Amendments() []model.Amendment {
	if r == nil {
		return nil
	}
	return r.amendments
}

// Compare compares the text of a revision with the state before it.
func (r *Record) Compare(ctx context.Context, v Revision) ([]compare.Row, error) {
	before, err := r.text(ctx, v.Before)
	if err != nil {
		return nil, err
	}
	after, err := r.text(ctx, v.After)
	if err != nil {
		return nil, err
	}
	return compare.Texts(r.Passages(before), r.Passages(after)), nil
}

func (r *Record) text(ctx context.Context, blob string) ([]byte, error) {
	if blob == "" {
		return nil, nil
	}
	return r.blobs.Read(ctx, blob, source.MaxFile)
}

// Passages takes the text of a page apart: its title and summary, its body, and what else its front matter states. It takes
// any text.
func (r *Record) Passages(text []byte) []compare.Block {
	if len(text) == 0 {
		return nil
	}
	quiet := &diag.List{}
	split, ok := source.Split("", text, r.options.Location, quiet)
	if !ok {
		split = source.Page{Body: text}
	}
	var blocks []compare.Block
	scalar := func(key string) {
		if n := split.Front.Get(key); n != nil && n.Kind == decode.Scalar && strings.TrimSpace(n.Value) != "" {
			blocks = append(blocks, compare.Block{Kind: key, Text: strings.Join(strings.Fields(n.Value), " ")})
		}
	}
	if split.Front != nil {
		scalar("title")
		scalar("summary")
	}
	for _, p := range r.converter.Passages(split.Body) {
		blocks = append(blocks, compare.Block(p))
	}
	if split.Front != nil {
		for _, f := range split.Front.Fields {
			if !slices.Contains(untold, f.Key) && (f.Key != "author" || r.options.Authors) {
				blocks = stated(blocks, f.Key, f.Value)
			}
		}
	}
	return blocks
}
