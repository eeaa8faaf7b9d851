package search

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pendapa/internal/locale"
	"pendapa/internal/treetest"
)

// folder is an index in memory that counts what is fetched from it.
type folder struct {
	files   map[string][]byte
	fetched map[string]int
}

func newFolder(files []File) *folder {
	f := &folder{make(map[string][]byte), make(map[string]int)}
	for _, file := range files {
		f.files[file.Name] = file.Data
	}
	return f
}

func (f *folder) fetch(name string) ([]byte, error) {
	data, ok := f.files[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	f.fetched[name] = len(data)
	return data, nil
}

func (f *folder) bytes() (sum int) {
	for _, n := range f.fetched {
		sum += n
	}
	return sum
}

// written is a page with its text.
type written struct {
	Document
	Sections []Section
}

func (d written) to(b *Builder) { b.Add(d.Document, b.Read(d.Sections)) }

func index(t testing.TB, lang locale.Lang, docs ...written) (*Index, *folder) {
	t.Helper()
	b := NewBuilder(lang)
	for _, d := range docs {
		d.to(b)
	}
	f := newFolder(b.Files(2))
	x, err := Open(f.fetch)
	if err != nil {
		t.Fatal(err)
	}
	return x, f
}

func found(t testing.TB, x *Index, query string) []string {
	t.Helper()
	answer, err := x.Search(query, 10)
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	var urls []string
	for _, r := range answer.Results {
		urls = append(urls, r.URL)
	}
	return urls
}

func TestSearchFindsFormsOfAWord(t *testing.T) {
	x, _ := index(t, locale.Indonesian,
		written{Document{URL: "bank/", Title: "Bank sampah", Summary: "Warga membuang sampah di rumah."}, nil},
		written{Document{URL: "surat/", Title: "Surat"}, []Section{{Text: "Dinas mengirim 1.250 surat; warga menerima kiriman itu."}}},
		written{Document{URL: "kirim/", Title: "Cara kirim aduan"}, []Section{{Text: "Anda tidak perlu datang."}}},
	)
	for query, want := range map[string]string{
		"sampahnya": "bank/", "dibuang": "bank/", "PENGIRIMAN": "kirim/ surat/", "1250": "surat/", "tidak": "kirim/",
		"bank sampah": "bank/", "kirim surat": "surat/ kirim/", "yang dan di": "", "": "", "<b>": "", "__proto__": "",
	} {
		if got := strings.Join(found(t, x, query), " "); got != want {
			t.Errorf("%q finds %q, not %q", query, got, want)
		}
	}
}

func TestSearchMendsTypingMistakes(t *testing.T) {
	x, _ := index(t, locale.Indonesian,
		written{Document{URL: "a/", Title: "Bank sampah", Summary: "Pengelolaan sampah oleh warga desa."}, nil},
		written{Document{URL: "b/", Title: "Pemberdayaan nelayan", Summary: "Sampan nelayan di Juwana, bukan sampah."}, nil},
		written{Document{URL: "c/", Title: "Puskesmas"}, nil},
	)
	for query, want := range map[string]string{
		"smapah": "sampah", "sampahh": "sampah", "sampag": "sampah", "ampah": "sampah", "zampah": "sampah", "juwama": "juwana",
		"pengelolan": "pengelolaan", "pengelollan": "pengelolaan", "puskemas": "puskesmas", "uskesmsa": "puskesmas", "pemberdayan": "pemberdayaan",
		"sampan": "", "xyzxyz": "", "qq": "", "1234": "",
	} {
		answer, err := x.Search(query, 10)
		if err != nil || len(answer.Words) != 1 || answer.Words[0].Meant != want || want != "" && answer.Total == 0 {
			t.Errorf("%q is taken for %+v, not %q (%v)", query, answer.Words, want, err)
		}
	}
}

func TestSearchCompletesTheLastWord(t *testing.T) {
	x, _ := index(t, locale.Indonesian,
		written{Document{URL: "a/", Title: "Bank sampah", Summary: "Pengelolaan sampah oleh warga, dikelola desa."}, nil},
		written{Document{URL: "b/", Title: "Sampan nelayan", Summary: "Sampah di sungai."}, nil},
		written{Document{URL: "c/", Title: "Air bersih"}, nil},
	)
	for query, want := range map[string]struct{ completed, found string }{
		"sampa":       {"sampah sampan", "a/ b/"},
		"warga sam":   {"sampah sampan", "a/ b/"},
		"pengelo":     {"pengelolaan", "a/"}, // dikelola has the same stem
		"sampa ":      {"", "a/ b/"},         // finished: guessed at instead
		"sampa warga": {"", "a/ b/"},
		"air":         {"", "c/"},
		"ai":          {"", ""}, // too short
		"xyz":         {"", ""},
	} {
		answer, err := x.Search(query, 10)
		if err != nil {
			t.Fatal(err)
		}
		got := found(t, x, query)
		slices.Sort(got)
		last := answer.Words[len(answer.Words)-1]
		if strings.Join(last.Completed, " ") != want.completed || strings.Join(got, " ") != want.found || last.Completed != nil && last.Meant != "" {
			t.Errorf("%q is completed to %q and finds %q", query, last.Completed, got)
		}
	}
}

func TestFacetsNameTheirPages(t *testing.T) {
	kind := func(id string) Facet { return Facet{"kind", id, ""} }
	agency := Facet{"agency", "dlh", "Dinas Lingkungan Hidup (DLH)"}
	x, _ := index(t, locale.Indonesian,
		written{Document{URL: "a/", Title: "A", Date: "2018-01-02", Facets: []Facet{kind("bintek"), agency, agency}}, nil},
		written{Document{URL: "b/", Title: "B", Date: "2018-01-01", Facets: []Facet{kind("quick-win"), agency}}, nil},
		written{Document{URL: "c/", Title: "C", Facets: []Facet{kind("bintek")}}, nil},
	)
	facets, err := x.Facets()
	if err != nil || len(facets) != 3 || !slices.Equal(facets[kind("bintek")], []int{0, 2}) || !slices.Equal(facets[agency], []int{1, 2}) {
		t.Error(facets, err)
	}
	if got := found(t, x, "dlh kind bintek"); len(got) > 0 {
		t.Errorf("facets are found as words: %q", got)
	}
}

func TestAbbreviationsAndTheirMeaningsFindEachOther(t *testing.T) {
	b := NewBuilder(locale.Indonesian, Abbreviation{"OPD", "Organisasi Perangkat Daerah"}, Abbreviation{"DPUPR", "Dinas Pekerjaan Umum dan Penataan Ruang"},
		Abbreviation{"OPD", "Obat Penyakit Dalam"}, Abbreviation{"Wakil Bupati", "Wabup"}, Abbreviation{"X", ""})
	for _, d := range []written{
		{Document{URL: "a/", Title: "Semua OPD terlibat"}, nil},
		{Document{URL: "b/", Title: "Setiap organisasi perangkat daerah terlibat"}, nil},
		{Document{URL: "c/", Title: "Perangkat lunak"}, nil},
		{Document{URL: "d/", Title: "Jalan"}, []Section{{Text: "Kata Dinas Pekerjaan Umum dan Penataan Ruang."}}},
	} {
		d.to(b)
	}
	x, err := Open(newFolder(b.Files(2)).fetch)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{"opd": "a/ b/", "organisasi perangkat daerah": "b/ a/ c/", "dpupr": "d/", "obat": ""} {
		got := found(t, x, query)
		if len(got) == 2 {
			slices.Sort(got)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, not %q", query, got, want)
		}
	}
}

func TestSearchInEnglish(t *testing.T) {
	x, _ := index(t, locale.English, written{Document{URL: "a/", Title: "The regency's plans"}, nil}, written{Document{URL: "b/", Title: "Waste banks"}, nil})
	for query, want := range map[string]string{"planning": "a/", "bank": "b/", "regency": "a/", "the": ""} {
		if got := strings.Join(found(t, x, query), " "); got != want {
			t.Errorf("%q finds %q, not %q", query, got, want)
		}
	}
}

func TestSearchLeadsToTheHeading(t *testing.T) {
	long := written{Document{URL: "bab/", Title: "Rencana induk"}, []Section{{Text: "Pendahuluan tentang sampah."}}}
	for i := range 40 {
		long.Sections = append(long.Sections, Section{ID: fmt.Sprint("s", i), Heading: fmt.Sprint("Bagian ", i+100), Text: fmt.Sprintf("uraian kata%c dan umum", 'a'+i%26)})
	}
	long.Sections[31].Text += " biogas ternak"
	long.Sections[5].Text += " biogas"
	long.Sections[9].Text += " ternak"
	x, _ := index(t, locale.Indonesian, long, written{Document{URL: "lain/", Title: "Lain"}, nil})
	for query, want := range map[string]string{"biogas ternak": "s30", "biogas": "s4", "130": "s30", "sampah": ""} {
		answer, err := x.Search(query, 10)
		results := answer.Results
		if err != nil || len(results) != 1 {
			t.Fatal(query, results, err)
		}
		got := ""
		if s := results[0].Sections; len(s) > 0 {
			got = s[0].ID
		}
		if got != want {
			t.Errorf("%q leads to %q, not %q", query, got, want)
		}
	}
}

// texts is a portal of n pages, of about words words each, whose vocabulary grows with its size and is used as unevenly
// as in a language: every third word is a function word, the others have frequencies of 1/rank (Zipf).
func texts(n, words int) []written {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	syllables := strings.Fields("ba be bi bo bu ca ci da de di du ga ge gu ha hi ja ju ka ke ki ku la le li lu ma me mi mu na ni nu pa pe pi pu ra re ri ru sa se si su ta te ti tu wa ya yu")
	vocabulary := make([]string, 4000+n*2)
	for i := range vocabulary {
		for range 2 + r.IntN(3) {
			vocabulary[i] += syllables[r.IntN(len(syllables))]
		}
		if r.IntN(2) == 0 {
			vocabulary[i] += string("nrsktmh"[r.IntN(7)])
		}
	}
	function := strings.Fields("yang dan di untuk dengan pada dari oleh ini akan dalam agar secara")
	zipf := rand.NewZipf(r, 1.07, 4, uint64(len(vocabulary)-1))
	text := func(n int) string {
		picked := make([]string, n)
		for i := range picked {
			picked[i] = function[r.IntN(len(function))]
			if r.IntN(3) > 0 {
				picked[i] = vocabulary[zipf.Uint64()]
			}
		}
		return strings.Join(picked, " ")
	}
	docs := make([]written, n)
	for i := range docs {
		d := written{Document{URL: fmt.Sprintf("bintek/%d/kegiatan-%05d/", 2015+i%10, i), Title: text(6), Summary: text(16), Kind: "news", Date: fmt.Sprintf("%d-%02d-%02d", 2015+i%10, 1+i%12, 1+i%28), About: text(4)}, nil}
		d.Facets = []Facet{{"kind", []string{"bintek", "quick-win", "masterplan"}[r.IntN(3)], ""}, {"year", d.Date[:4], ""}, {"agency", fmt.Sprint("dinas-", r.IntN(30)), "Dinas"}, {"dimension", fmt.Sprint(r.IntN(6)), ""}}
		d.Sections = []Section{{Text: text(words / 6)}}
		for range 5 {
			heading := text(4)
			d.Sections = append(d.Sections, Section{ID: strings.ReplaceAll(heading, " ", "-"), Heading: heading, Text: text(words / 6)})
		}
		docs[i] = d
	}
	return docs
}

// The budgets of queries are those of the issue of search, less 8 KB for the browser modules: 50, 60 and 90 KB.
func TestIndexKeepsItsBudgets(t *testing.T) {
	for _, c := range []struct{ pages, files, query, mistake int }{{1, 30, 5 << 10, 8 << 10}, {1000, 300, 42 << 10, 82 << 10}, {10000, 1200, 52 << 10, 82 << 10}} {
		if (testing.Short() || treetest.Raced) && c.pages > 1000 {
			continue
		}
		docs := texts(c.pages, 680)
		x, f := index(t, locale.Indonesian, docs...)
		sum, largest := 0, map[string]int{}
		for name, data := range f.files {
			sum += len(data)
			kind, limit := "block", MaxBlock
			switch {
			case name == manifestName:
				kind, limit = "manifest", MaxManifest
			case strings.Contains(x.manifest.Shards, name[:nameLength]):
				kind, limit = "shard", MaxShard
			case strings.Contains(x.manifest.Words+x.manifest.Starts, name[:nameLength]):
				kind, limit = "spelling file", MaxShard
			}
			largest[kind] = max(largest[kind], len(data))
			if len(data) > limit {
				t.Errorf("%d pages: %s %s has %d bytes, more than %d", c.pages, kind, name, len(data), limit)
			}
		}
		if len(f.files) > c.files {
			t.Errorf("%d pages have an index of %d files, more than %d", c.pages, len(f.files), c.files)
		}
		most, mistake := 0, 0
		r := rand.New(rand.NewPCG(2, 2))
		for range 200 {
			words := slices.DeleteFunc(strings.Fields(docs[r.IntN(len(docs))].Sections[0].Text), func(w string) bool { return functionWords[locale.Indonesian][w] })
			f.fetched = map[string]int{}
			fresh, err := Open(f.fetch)
			if err != nil {
				t.Fatal(err)
			}
			if len(found(t, fresh, words[r.IntN(len(words))]+" "+words[r.IntN(len(words))])) == 0 {
				t.Fatal("nothing is found")
			}
			most = max(most, f.bytes())
			f.fetched = map[string]int{}
			fresh, _ = Open(f.fetch)
			word := words[r.IntN(len(words))]
			found(t, fresh, words[r.IntN(len(words))]+" "+word[:1]+"x"+word[1:])
			mistake = max(mistake, f.bytes())
		}
		if mistake > c.mistake {
			t.Errorf("%d pages: a first query with a mistake takes %d bytes, more than %d", c.pages, mistake, c.mistake)
		}
		if most > c.query {
			t.Errorf("%d pages: a first query of two words takes %d bytes, more than %d", c.pages, most, c.query)
		}
		t.Logf("%d pages: %d files, %d bytes, at most %v; a first query at most %d, with a mistake %d; %d shards, %d blocks", c.pages, len(f.files), sum, largest, most, mistake, len(x.starts), len(x.firsts))
	}
}

func TestIndexIsTheSameInAnyOrder(t *testing.T) {
	docs := texts(300, 120)
	build := func(docs []written) []File {
		b := NewBuilder(locale.Indonesian)
		var wg sync.WaitGroup
		for part := range slices.Chunk(docs, 50) {
			wg.Go(func() {
				for _, d := range part {
					d.to(b)
				}
			})
		}
		wg.Wait()
		return b.Files(2)
	}
	same := func(a, b File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }
	first := build(docs)
	shuffled := slices.Clone(docs)
	rand.New(rand.NewPCG(3, 3)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if !slices.EqualFunc(first, build(shuffled), same) {
		t.Error("another order of pages gives another index")
	}
}

// A sentence more on a page changes the files of its words and no others. (Where it lifts the page's length to the next
// step, all words of the page weigh otherwise; that is rare.)
func TestOneChangedPageChangesFewFiles(t *testing.T) {
	docs := texts(treetest.Effort(1000, 2000, 2000), 300)
	_, before := index(t, locale.Indonesian, docs...)
	var changes []int
	for _, page := range []int{100, 300, 500, 700, 900} {
		fresh := slices.Clone(docs)
		fresh[page].Sections = slices.Clone(fresh[page].Sections)
		fresh[page].Sections[2].Text += " satu kalimat baru tentang juwana"
		_, after := index(t, locale.Indonesian, fresh...)
		changed := 0
		for name := range after.files {
			if _, same := before.files[name]; !same {
				changed++
			}
		}
		changes = append(changes, changed)
	}
	slices.Sort(changes)
	if changes[2] > 25 || changes[0] == 0 {
		t.Errorf("%d of %d files have new names", changes, len(before.files))
	}
}

func TestFoldersOfOneNameAreToldApart(t *testing.T) {
	w := writer{}
	a, b := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
	name := w.folder(a)
	if w.folder(a) != name {
		t.Error("what is the same has two names")
	}
	w.taken[w.folder(b)] = a // as if it began as a does
	other := w.folder(b)
	if w.taken[other] != b || len(other) != nameLength {
		t.Errorf("%s is taken twice", other)
	}
}

// A128, A130: what a program would stumble over is a query and a word like others; no query takes long.
func TestHostileQueriesAreCheap(t *testing.T) {
	docs := texts(300, 120)
	docs = append(docs, written{Document: Document{URL: "proto/", Title: "__proto__ dan constructor", Summary: "toString hasOwnProperty"}})
	x, _ := index(t, locale.Indonesian, docs...)
	for _, query := range []string{
		strings.Repeat("sampah ", 1500), strings.Repeat("x", 10000), strings.Repeat("é😀 sampah ", 600), strings.Repeat("日本 ", 3000), strings.Repeat("كاتب ", 1500),
		"\u202eabc sampah", "s" + strings.Repeat("\u0301", 10000), "\xff\xfe\x00", strings.Repeat("a b ", 2500), docs[0].Title[:3] + strings.Repeat("q", 60),
	} {
		start := time.Now()
		if _, err := x.Search(query, 10); err != nil {
			t.Errorf("%.20q: %v", query, err)
		}
		if took := time.Since(start); took > 500*time.Millisecond { // it takes under 50 on a machine that does nothing else
			t.Errorf("%.20q of %d bytes takes %v", query, len(query), took)
		}
	}
	for _, query := range []string{"__proto__", "constructor", "toString", "hasOwnProperty"} {
		if got := found(t, x, query); !slices.Contains(got, "proto/") {
			t.Errorf("%s finds %q", query, got)
		}
	}
}

// A159: case is no part of a tag where pages are found.
func TestTagsAreFoundInAnyCase(t *testing.T) {
	x, _ := index(t, locale.Indonesian, written{Document: Document{URL: "a/", Title: "Satu", About: "Air"}}, written{Document: Document{URL: "b/", Title: "Dua", About: "air"}})
	for _, query := range []string{"air", "Air", "AIR"} {
		if got := found(t, x, query); len(got) != 2 {
			t.Errorf("%s finds %q", query, got)
		}
	}
}

// A132: a word on half of 120,000 pages takes more than one file, and none that is larger than the budget.
func TestALongListGoesOnInTheNextShard(t *testing.T) {
	var postings []posting
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 120000 {
		if r.IntN(2) == 0 {
			postings = append(postings, posting{uint64(r.IntN(1 << 12)), uint32(i), uint8(1 + r.IntN(15))})
		}
	}
	w := writer{jobs: 2, keep: anew}
	w.manifest = manifest{Version: formatVersion, Lang: "id", Documents: 120000}
	w.terms([]list{{"air", postings[:3]}, {"sampah", postings}, {"zat", postings[5:9]}})
	w.manifest.First = []int{120000}
	w.blocks = [][]byte{compress([]byte("[]"))}
	w.spelling(nil)
	f := newFolder(w.finish())
	x, err := Open(f.fetch)
	if err != nil {
		t.Fatal(err)
	}
	for term, want := range map[string][]posting{"air": postings[:3], "sampah": postings, "zat": postings[5:9], "sampa": nil, "sampahan": nil, "a": nil, "zz": nil} {
		got, err := x.postings(term)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %d postings, not %d (%v)", term, len(got), len(want), err)
		}
	}
	for name, data := range f.files {
		if len(data) > MaxShard {
			t.Errorf("%s has %d bytes", name, len(data))
		}
	}
}

func TestADamagedIndexIsSaid(t *testing.T) {
	docs := texts(60, 120)
	_, f := index(t, locale.Indonesian, docs...)
	query := docs[0].Title
	for name, data := range f.files {
		for what, damaged := range map[string][]byte{"cut off": data[:len(data)/2], "empty": {}, "of zeros": make([]byte, 40), "of another": compress([]byte(`{"v":9}`))} {
			f.files[name] = damaged
			x, err := Open(f.fetch)
			if err == nil {
				_, err = x.Search(query+" salahh", 60)
			}
			if err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("%s %s: %v", name, what, err)
			}
			if err == nil && name == manifestName {
				t.Errorf("%s %s is taken", name, what)
			}
			f.files[name] = data
		}
	}
}

// BenchmarkIndex measures an index of 10,000 pages of 680 words: its bytes, and the memory that it takes beyond the texts.
func BenchmarkIndex(b *testing.B) {
	docs := texts(10000, 680)
	size, peak := 0, uint64(0)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	go func() {
		for tick := time.Tick(20 * time.Millisecond); ; {
			select {
			case <-tick:
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse-min(before.HeapInuse, now.HeapInuse))
			case <-done:
				return
			}
		}
	}()
	for b.Loop() {
		size = 0
		builder := NewBuilder(locale.Indonesian)
		for _, d := range docs {
			d.to(builder)
		}
		for _, f := range builder.Files(runtime.GOMAXPROCS(0)) {
			size += len(f.Data)
		}
	}
	close(done)
	b.ReportMetric(float64(size)/float64(len(docs)), "B/page")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(docs)), "ms/page")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}
