package publish

import (
	"bytes"
	"compress/gzip"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// Compressed siblings of files, for hosts that send what lies beside a file instead of compressing it each time.
const (
	gzipEnding   = ".gz" // RFC 1952
	brotliEnding = ".br" // RFC 7932
)

// brotliLevel is the best, of 0 to 11, that costs little: level 11 gives 8 per cent smaller files and takes eight times as
// long as all the rest of a build.
const brotliLevel = 9

// texts are the kinds of files that compressing makes smaller; pictures, fonts and archives are compressed already.
var texts = []string{".html", ".css", ".js", ".json", ".jsonld", ".geojson", ".svg", ".xml", ".txt", ".csv", ".ics", ".webmanifest"}

// smallest is the size in bytes below which a file takes one packet either way.
const smallest = 512

// compressor is what both kinds of writers have in common.
type compressor interface {
	io.WriteCloser
	Reset(to io.Writer)
}

// forms are the compressed forms, by the endings of their files. The writers are used again: each takes long to make.
var forms = []struct {
	ending  string
	writers *sync.Pool // of compressors
}{
	{gzipEnding, &sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestCompression); return w }}}, // the level is one
	{brotliEnding, &sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }}},
}

// sibling is a compressed form of a file.
type sibling struct {
	ending string
	data   []byte
}

// siblings are the compressed forms of a file that are worth having. They are the same for the same bytes: no time and no
// name stands in them.
func siblings(name string, data []byte) []sibling {
	if len(data) < smallest || !slices.Contains(texts, strings.ToLower(path.Ext(name))) {
		return nil
	}
	var list []sibling
	for _, form := range forms {
		var b bytes.Buffer
		w := form.writers.Get().(compressor)
		w.Reset(&b)
		_, _ = w.Write(data) // into a buffer: it does not fail
		_ = w.Close()
		form.writers.Put(w)
		if b.Len() < len(data) {
			list = append(list, sibling{form.ending, b.Bytes()})
		}
	}
	return list
}
