package publish

import (
	"bytes"
	"compress/gzip"
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

var (
	gzips   = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestCompression); return w }} // the level is one
	brotlis = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }}
)

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
	add := func(ending string, compress func(b *bytes.Buffer)) {
		var b bytes.Buffer
		if compress(&b); b.Len() < len(data) {
			list = append(list, sibling{ending, b.Bytes()})
		}
	}
	// Writing into a buffer does not fail.
	add(gzipEnding, func(b *bytes.Buffer) {
		w := gzips.Get().(*gzip.Writer)
		defer gzips.Put(w)
		w.Reset(b)
		_, _ = w.Write(data)
		_ = w.Close()
	})
	add(brotliEnding, func(b *bytes.Buffer) {
		w := brotlis.Get().(*brotli.Writer)
		defer brotlis.Put(w)
		w.Reset(b)
		_, _ = w.Write(data)
		_ = w.Close()
	})
	return list
}
