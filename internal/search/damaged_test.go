package search

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pendapa/internal/locale"
)

// plainly packs without compressing, which is what takes the time.
func plainly(data []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.NoCompression)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

func unpacked(t testing.TB, data []byte) []byte {
	x := &Index{fetch: func(string) ([]byte, error) { return data, nil }}
	plain, err := x.read("")
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// An index whose files hold anything answers, or says that it is damaged.
func FuzzOpen(f *testing.F) {
	_, whole := index(f, locale.Indonesian,
		written{Document{URL: "bank/", Title: "Bank sampah", Facets: []Facet{{"kind", "bintek", ""}}}, []Section{{ID: "a", Heading: "A", Text: "Warga membuang sampah."}}},
		written{Document{URL: "air/", Title: "Air bersih"}, []Section{{Text: "Sampan nelayan di sungai."}}})
	var m manifest
	text := unpacked(f, whole.files[manifestName])
	if err := json.Unmarshal(text, &m); err != nil {
		f.Fatal(err)
	}
	shard, block, words := unpacked(f, whole.files[file(m.Shards, 0, 1)]), unpacked(f, whole.files[file(m.Blocks, 0, 1)]), unpacked(f, whole.files[file(m.Starts, 0, 1)])
	changed := func(change func(*manifest)) []byte {
		other := m
		change(&other)
		data, err := json.Marshal(other)
		if err != nil {
			f.Fatal(err)
		}
		return data
	}
	for _, manifest := range [][]byte{
		text, text[:len(text)/2], []byte("{}"), []byte("null"),
		changed(func(m *manifest) { m.Terms = "0zzz" }),
		changed(func(m *manifest) { m.Terms, m.Shards = "\n0zz\n0aa", strings.Repeat(m.Shards, 3) }),
		changed(func(m *manifest) { m.Terms, m.Shards = "\n\n\n0m\n1", strings.Repeat(m.Shards, 5) }),
		changed(func(m *manifest) { m.First, m.Blocks = []int{-1, 3}, m.Blocks+m.Blocks }),
		changed(func(m *manifest) { m.First, m.Blocks = []int{3, -1}, m.Blocks+m.Blocks }),
		changed(func(m *manifest) { m.Documents, m.First = 1<<40, []int{1 << 40} }),
		changed(func(m *manifest) { m.Documents, m.First = -1, []int{-1} }),
		changed(func(m *manifest) { m.Groups = [2]int{math.MaxInt, math.MaxInt} }),
		changed(func(m *manifest) { m.From = []string{"zz"} }),
		changed(func(m *manifest) { m.Lang = "xx" }),
		changed(func(m *manifest) { m.Aliases = map[string]string{"sampah": "sampah", "air": ""} }),
	} {
		for _, query := range []string{"sampah warga air", "sampa", "smapah", "a1"} {
			f.Add(manifest, shard, block, words, query)
		}
	}
	f.Add(text, []byte("\x01\x00\x05sampah"), block, words, "sampah")
	f.Add(text, shard, []byte(`[[],[1,2,3,4,5,6,7]]`), words, "sampah air")
	f.Add(text, shard, []byte(`[["a","b","c","d","e",["x"]],["a","b","c","d","e",{"x":1},9]]`), words, "sampah air")
	f.Add(text, shard, []byte(`[null,null]`), []byte{1, 15, 0}, "sampah smapah")
	f.Fuzz(func(t *testing.T, manifestText, shard, block, words []byte, query string) {
		var m manifest
		_ = json.Unmarshal(manifestText, &m)
		x, err := Open(func(name string) ([]byte, error) {
			folder, _, _ := strings.Cut(name, "/")
			switch {
			case name == manifestName:
				return plainly(manifestText), nil
			case strings.Contains(m.Shards, folder):
				return plainly(shard), nil
			case strings.Contains(m.Blocks, folder):
				return plainly(block), nil
			}
			return plainly(words), nil
		})
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		answer, err := x.Search(query, 3)
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		if len(answer.Results) > 3 || answer.Total < len(answer.Results) || answer.Total > max(m.Documents, 0) {
			t.Errorf("%d of %d results in %d pages", len(answer.Results), answer.Total, m.Documents)
		}
		sound(t, answer)
		for _, w := range answer.Words {
			if _, err := x.Rival(w); err != nil && !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
		}
		facets, err := x.Facets()
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		for facet, pages := range facets {
			for _, p := range pages {
				if p < 0 || p >= m.Documents {
					t.Errorf("%v has the page %d of %d", facet, p, m.Documents)
				}
			}
		}
	})
}

// A shard that can be read holds only pages that there are, and is read the same when it is written again.
func FuzzDecodeShard(f *testing.F) {
	f.Add(encodeShard([]list{{"air", []posting{{0, 0, 3}, {1, 4, 15}}}, {"airan", []posting{{1 << 20, 2, 1}}}}), 100)
	f.Add(encodeShard([]list{{"air", []posting{{1<<63 | 1, 0, 3}, {1 << 14, 98, 15}}}, {"", nil}}), 100)
	f.Add([]byte{}, 100)
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 1}, 100)
	f.Add([]byte{2, 0, 1, 'a', 0, 1, 'a', 1, 1, 0, 0, 0xf0, 0xf0, 0, 0}, 100) // a term twice, sets that are empty
	f.Add([]byte{1, 0, 0, 2, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0}, math.MaxInt)
	f.Add([]byte{1, 0, 0, 1, 0, 0}, -1)
	f.Add([]byte{1, 0, 0, 2, 0, 255, 255, 255, 255, 15, 0, 0}, math.MaxInt) // the second page is the first again, in 32 bits
	f.Fuzz(func(t *testing.T, data []byte, documents int) {
		lists, ok := decodeShard(data, documents)
		if !ok {
			return
		}
		var again []list
		for _, term := range slices.Sorted(maps.Keys(lists)) {
			last := -1
			for _, p := range lists[term] {
				if int(p.doc) <= last || int(p.doc) >= documents || p.impact > 15 {
					t.Fatalf("%q: %+v after %d, of %d pages", term, p, last, documents)
				}
				last = int(p.doc)
			}
			again = append(again, list{term, lists[term]})
		}
		if got, ok := decodeShard(encodeShard(again), documents); !ok || !reflect.DeepEqual(got, lists) {
			t.Errorf("%v became %v", lists, got)
		}
	})
}

// A file of words that can be read is read the same when it is written again.
func FuzzDecodeWords(f *testing.F) {
	f.Add(encodeWords([]spelled{{"air", 3}, {"airan", 15}, {"ulang", 0}}))
	f.Add(encodeWords([]spelled{{"abcdefghijklmnopqrst", 3}, {"abcdefghijklmnopqrstu", 15}, {"", 0}}))
	f.Add([]byte{200})
	f.Add([]byte{0})
	f.Add([]byte{1, 1, 0})
	f.Add([]byte{1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		words, ok := decodeWords(data)
		if !ok {
			return
		}
		if got, ok := decodeWords(encodeWords(words)); !ok || !slices.Equal(got, words) {
			t.Fatalf("%v became %v", words, got)
		}
	})
}

// A small file cannot make its reader take memory out of all proportion.
func TestDamagedShardTakesNoMoreThanItsSize(t *testing.T) {
	const terms = 1 << 11
	data := []byte{0x80, 0x10} // so many terms
	data = append(data, bytes.Repeat([]byte{0, 0}, terms)...)
	data = append(data, bytes.Repeat([]byte{0xff, 0x0f}, terms)...) // each of 2,047 pages
	data = append(data, make([]byte, 1<<12)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, ok := decodeShard(data, 1<<20); ok {
		t.Error("it is read")
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 100*uint64(len(data)) {
		t.Errorf("%d bytes took %d of memory", len(data), took)
	}
}
