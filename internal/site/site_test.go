package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pendapa/internal/config"
	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/source"
)

// link makes a site of files as of 2 July 2020.
func link(t *testing.T, files map[string]string, options Options) (*Site, []diag.Problem) {
	t.Helper()
	problems := &diag.List{}
	settings := config.Parse([]byte("title: P\ncity: K\nurl: https://x.example/sub/\ntimezone: UTC\nlanguages: [id, en]\n"+files["site.yaml"]), "", func(string) bool { return true }, problems)
	if settings == nil {
		t.Fatal(problems.Sorted())
	}
	var docs []*model.Document
	originals := make(map[string]*model.Document)
	for _, pass := range []bool{false, true} {
		for name, text := range files {
			if name == "site.yaml" {
				continue
			}
			place, ok := model.Locate("content/"+name, []locale.Lang{"id", "en"}, problems)
			if translated := place.Lang == "en"; !ok || translated != pass {
				continue
			}
			page, _ := source.Split(place.File, []byte("---\n"+text+"\n---\n"), time.UTC, problems)
			file := decode.File{Name: place.File, Problems: problems, Location: time.UTC}
			doc := model.Decode(&decode.Decoder{}, place, &page, pass, file)
			if pass {
				doc = model.Translate(originals[place.Path], doc, file)
			} else {
				originals[place.Path] = doc
			}
			docs = append(docs, doc)
		}
	}
	return New(settings, docs, time.Date(2020, 7, 2, 0, 0, 0, 0, time.UTC), options, problems), problems.Sorted()
}

const win = "summary: s\nowner: dlh\nstatus: on-track\n"

func city() map[string]string {
	return map[string]string{
		"opd/dlh.md":                  "title: Lingkungan\nabbreviation: DLH",
		"opd/kominfo.md":              "title: Kominfo\nparent: dlh",
		"quick-wins/sampah.md":        "title: Sampah\n" + win + "partners: [kominfo]\ndimension: [environment, living]\nend: 2020-12-31\nbudget: {planned: 400, spent: 100}\nmasterplan: [visi/arah, jalan]\nindicators: [{id: x, name: n, unit: u, direction: up, measurements: [{date: 2020-06-01, value: 1}]}]\nmilestones: [{title: m, due: 2020-06-15, done: 2020-06-10}, {title: late, due: 2020-01-01}]",
		"quick-wins/biogas.md":        "title: Biogas\n" + strings.Replace(win, "on-track", "planned", 1) + "budget: {planned: 600}",
		"bintek/2020/satu.md":         "title: Satu\nsummary: s\ndate: 2020-05-01\nquick_wins: [sampah]\nowner: kominfo\ndimension: living",
		"bintek/2020/dua.md":          "title: Dua\nsummary: s\ndate: 2020-06-20\nquick_wins: [sampah, biogas]",
		"masterplan/visi/_index.md":   "title: Visi\norder: 1",
		"masterplan/visi/arah.md":     "title: Arah\nsummary: s\norder: 2",
		"masterplan/visi/awal.md":     "title: Awal\nsummary: s\norder: 1\nquick_wins: [biogas]",
		"masterplan/visi/sisa.md":     "title: Sisa\nsummary: s\norder: 3",
		"masterplan/jalan/_index.md":  "title: Jalan\norder: 2",
		"masterplan/jalan/langkah.md": "title: Langkah\nsummary: s\norder: 1",
		"istilah/opd.md":              "title: OPD\nsummary: s\nsee: [bintek]",
		"istilah/bintek.md":           "title: bintek\nsummary: s",
		"tentang.md":                  "title: Tentang\nsummary: s\nmenu: Tentang",
		"panduan/lama/a.md":           "title: A\nsummary: s",
		"opd/unit/_index.md":          "title: Unit",
		"opd/unit/upt.md":             "title: UPT",
		"quick-wins/sampah.en.md":     "title: Waste\nsummary: s",
		"opd/dlh.en.md":               "title: Environment agency",
	}
}

func titles[T interface{ title() string }](list []T) string {
	var names []string
	for _, item := range list {
		names = append(names, item.title())
	}
	return strings.Join(names, " ")
}

func (p *Page) title() string { return p.Title }

func TestRelationsRunBothWays(t *testing.T) {
	s, problems := link(t, city(), Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	e := s.Editions[0]
	sampah, biogas := e.QuickWins[0], e.QuickWins[1]
	dlh := e.Agencies[slices.IndexFunc(e.Agencies, func(a *Agency) bool { return a.ID == "dlh" })]
	kominfo := e.Agencies[slices.IndexFunc(e.Agencies, func(a *Agency) bool { return a.ID == "kominfo" })]
	for name, pair := range map[string][2]string{
		"quick wins by end, then title": {titles(e.QuickWins), "Sampah Biogas"},
		"news newest first":             {titles(e.News), "Dua Satu"},
		"owner":                         {sampah.Owner.Name(), "Lingkungan (DLH)"},
		"of the agency":                 {titles(dlh.QuickWins), "Sampah Biogas"},
		"partner":                       {titles(kominfo.Partner), "Sampah"},
		"above":                         {kominfo.Above.Title, "Lingkungan"},
		"below":                         {titles(dlh.Below), "Kominfo"},
		"agency's news":                 {titles(kominfo.News), "Satu"},
		"news of the quick win":         {titles(sampah.News), "Dua Satu"},
		"quick wins of the news":        {titles(e.News[0].QuickWins), "Sampah Biogas"},
		"sections":                      {titles(sampah.Sections), "Arah"},
		"chapters":                      {titles(sampah.Chapters), "Jalan"},
		"section by its own word":       {titles(biogas.Sections), "Awal"},
		"section by theirs":             {titles(e.Masterplan.Chapters[0].Sections[1].QuickWins), "Sampah"},
		"unserved":                      {titles(e.Masterplan.Unserved), "Sisa"},
		"homeless":                      {titles(e.Masterplan.Homeless), ""},
		"dimensions":                    {titles(sampah.Dimensions), e.Dimensions[5].Title + " " + e.Dimensions[3].Title},
		"of the dimension":              {titles(e.Dimensions[3].QuickWins) + "/" + titles(e.Dimensions[3].News), "Sampah/Satu"},
		"terms by title":                {titles(e.Terms), "bintek OPD"},
		"see":                           {titles(e.Terms[1].See), "bintek"},
		"reading order":                 {e.Masterplan.Chapters[0].Next.Title + " " + e.Masterplan.Chapters[0].Sections[2].Next.Title, "Awal Jalan"},
		"numbers":                       {e.Masterplan.Chapters[0].Sections[1].Number + " " + e.Masterplan.Chapters[1].Sections[0].Number, "1.2 2.1"},
		"menu":                          {titles(e.Menu), "Quick win Bintek Masterplan Organisasi perangkat daerah"},
		"footer":                        {titles(e.Footer), "Enam dimensi Istilah Tentang Data terbuka Bukti"},
		"folders without description":   {e.Folders[1].URL + " " + titles(e.Folders[1].Folders) + " " + titles(e.Folders[2].Pages) + " " + titles(e.Folders[0].Pages), "panduan/ Lama A UPT"},
		"breadcrumbs":                   {titles(e.Masterplan.Chapters[0].Sections[0].Breadcrumbs()), "P Masterplan Visi"},
		"address":                       {sampah.Link() + " " + sampah.Permalink(), "/sub/quick-wins/sampah/ https://x.example/sub/quick-wins/sampah/"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", name, pair[0], pair[1])
		}
	}
	got := e.Totals
	if got.QuickWins != 2 || got.Count(model.OnTrack) != 1 || got.Indicators != 1 || got.Measured != 1 || got.Missed != 1 || got.Planned != 1000 || got.Spent != 100 || show(got.Absorbed()) != "0.1000" {
		t.Errorf("totals %+v", got)
	}
	var changes []string
	for _, c := range e.Latest(4) {
		changes = append(changes, c.Date.ISO()+" "+c.Page.Title)
	}
	if want := "2020-06-20 Dua|2020-06-10 Sampah|2020-06-01 Sampah|2020-05-01 Satu"; strings.Join(changes, "|") != want {
		t.Errorf("changes %v, want %s", changes, want)
	}
}

func TestAnotherLanguageStandsInWithTheOriginal(t *testing.T) {
	s, problems := link(t, city(), Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	en := s.Editions[1]
	if got := titles(en.QuickWins); got != "Waste Biogas" {
		t.Errorf("quick wins %q", got)
	}
	waste := en.QuickWins[0]
	if waste.URL != "en/quick-wins/sampah/" || waste.Owner.Title != "Environment agency" || waste.Owner.QuickWins[0] != waste || waste.Partners[0].Title != "Kominfo" || titles(waste.News) != "Dua Satu" || len(waste.Indicators) != 1 {
		t.Errorf("%+v", waste)
	}
	if en.QuickWins[1] != s.Editions[0].QuickWins[1] || en.Totals.QuickWins != 2 || en.Dimensions[3].Title != "Smart living" {
		t.Error("what is not translated is not the original")
	}
	if got := waste.Translations[0]; got != s.Editions[0].QuickWins[0].Page || got.In(en) != waste.Page {
		t.Error("the translations do not know each other")
	}
	for _, p := range en.Own() {
		if !strings.HasPrefix(p.URL, "en/") {
			t.Errorf("the English edition publishes %s", p.URL)
		}
	}
}

// Promise 5: what is not published is nowhere, not even in a count.
func TestHiddenPagesLeakNowhere(t *testing.T) {
	files := city()
	files["quick-wins/rahasia.md"] = "title: Rahasia\ndraft: true\n" + win + "budget: {planned: 99}\nmasterplan: [visi/sisa]"
	files["quick-wins/nanti.md"] = "title: Nanti\npublish: 2020-07-03\n" + win
	files["quick-wins/lewat.md"] = "title: Lewat\nexpires: 2020-07-02\n" + win
	files["bintek/2020/dua.md"] += "\ntags: [x]\n"
	files["bintek/2020/dua.md"] = strings.Replace(files["bintek/2020/dua.md"], "[sampah, biogas]", "[sampah, rahasia, nanti]", 1)
	s, problems := link(t, files, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	e := s.Editions[0]
	if titles(e.QuickWins) != "Sampah Biogas" || e.Totals.Planned != 1000 || titles(e.News[0].QuickWins) != "Sampah" || titles(e.Masterplan.Unserved) != "Sisa" || !s.Hidden("content/quick-wins/rahasia.md") {
		t.Errorf("%s, %+v", titles(e.QuickWins), e.Totals)
	}
	s, _ = link(t, files, Options{Drafts: true, Future: true})
	if got := len(s.Editions[0].QuickWins); got != 5 {
		t.Errorf("with drafts and future pages: %d quick wins, want 5", got)
	}
}

// A chapter that is not published takes its sections with it, and a promise is not published without its owner.
func TestHiddenChapterAndOwner(t *testing.T) {
	files := city()
	files["masterplan/visi/_index.md"] += "\ndraft: true"
	s, problems := link(t, files, Options{})
	if len(problems) > 0 || !s.Hidden("content/masterplan/visi/arah.md") || len(s.Editions[0].QuickWins[0].Sections) != 0 || s.ByFile("content/masterplan/visi/arah.md") != nil {
		t.Errorf("%v", problems)
	}
	files = city()
	files["opd/dlh.md"] += "\ndraft: true"
	_, problems = link(t, files, Options{})
	if len(problems) != 2 || problems[0].Message.String() != `the owner "dlh" is not published` || problems[0].Pos.Line != 4 {
		t.Errorf("%v", problems)
	}
}

func TestReferencesThatLeadNowhere(t *testing.T) {
	for _, test := range []struct{ name, file, text, want string }{
		{"owner", "quick-wins/a.md", "title: A\nsummary: s\nowner: dhl\nstatus: planned", `content/quick-wins/a.md:4:8: error: no agency has the id "dhl" did you mean "dlh"?`},
		{"partner", "quick-wins/a.md", "title: A\n" + win + "partners: [dlh, x]", `content/quick-wins/a.md:6:17: error: no agency has the id "x"`},
		{"dimension", "quick-wins/a.md", "title: A\n" + win + "dimension: enviroment", `content/quick-wins/a.md:6:12: error: no dimension has the id "enviroment" did you mean "environment"?`},
		{"masterplan", "quick-wins/a.md", "title: A\n" + win + "masterplan: [visi/arahh]", `no section or chapter of the masterplan has the id "visi/arahh" did you mean "visi/arah"?`},
		{"news", "bintek/a.md", "title: A\nsummary: s\ndate: 2020-01-01\nquick_wins: [smpah]", `content/bintek/a.md:5:14: error: no quick win has the id "smpah" did you mean "sampah"?`},
		{"term", "istilah/a.md", "title: A\nsummary: s\nsee: [zzz]", `no term has the id "zzz"`},
		{"circle", "opd/dlh.md", "title: DLH\nparent: kominfo", "the agency stands above itself"},
		{"order twice (A158)", "masterplan/visi/a.md", "title: A\nsummary: s\norder: 2", "content/masterplan/visi/arah.md:4:8: error: order 2 is taken by content/masterplan/visi/a.md"},
		{"no chapter", "masterplan/x/a.md", "title: A\nsummary: s\norder: 1", `the chapter "x" has no _index.md`},
		{"menu", "site.yaml", "menu: [quick-wins, tentag]", `site.yaml:6:20: error: the menu names "tentag", and there is no such page did you mean "tentang"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := city()
			files[test.file] = test.text
			_, problems := link(t, files, Options{})
			for _, p := range problems {
				if strings.Contains(p.Error()+" "+p.Hint.String(), test.want) && p.Hint.String() != "" {
					return
				}
			}
			t.Errorf("got %v\nwant %s", problems, test.want)
		})
	}
}

func TestUnknownOwnerIsSaidNotInvented(t *testing.T) {
	files := map[string]string{"quick-wins/a.md": "title: A\nsummary: s\nowner: unknown\nstatus: planned"}
	s, problems := link(t, files, Options{})
	if len(problems) > 0 || s.Editions[0].QuickWins[0].Owner != nil {
		t.Error(problems)
	}
}

func TestEmptyPortal(t *testing.T) {
	s, problems := link(t, nil, Options{})
	if len(problems) > 0 || len(s.Editions) != 2 || s.Editions[0].Home == nil || len(s.Editions[0].Dimensions) != 6 {
		t.Error(problems)
	}
}

// A114: also pages with the same dates, titles and orders have one order.
func TestOrderDoesNotDependOnTheOrderOfFiles(t *testing.T) {
	files := city()
	for _, n := range []string{"a", "b", "c", "d"} {
		files["bintek/2020/kembar-"+n+".md"] = "title: Kembar\nsummary: s\ndate: 2020-05-01"
		files["quick-wins/kembar-"+n+".md"] = "title: Kembar\n" + win + "end: 2020-12-31"
		files["opd/kembar-"+n+".md"] = "title: Kembar"
		files["istilah/kembar-"+n+".md"] = "title: Kembar\nsummary: s"
		files["panduan/kembar-"+n+".md"] = "title: Kembar\nsummary: s\norder: 1"
	}
	first := ""
	for range 5 { // maps change their order from run to run
		s, _ := link(t, files, Options{})
		var b strings.Builder
		for _, e := range s.Editions {
			for _, p := range e.Own() {
				fmt.Fprintln(&b, p.URL, titles(p.Breadcrumbs()))
			}
			fmt.Fprintln(&b, titles(e.QuickWins), titles(e.News), titles(e.Agencies), titles(e.Terms), titles(e.Plain), titles(e.Folders), titles(e.Footer))
			for _, q := range e.QuickWins {
				fmt.Fprintln(&b, q.Path)
			}
			for _, n := range e.News {
				fmt.Fprintln(&b, n.Path)
			}
			for _, f := range e.Folders {
				for _, p := range f.Pages {
					fmt.Fprintln(&b, p.Path)
				}
			}
			for _, l := range e.Letters() {
				for _, p := range l.Sorted(e.Lang).Pages {
					fmt.Fprintln(&b, p.Path)
				}
			}
		}
		if first == "" {
			first = b.String()
		} else if b.String() != first {
			t.Fatalf("%s\nthen\n%s", first, b.String())
		}
	}
}

// A133: without JavaScript every page is found by its first letter.
func TestLettersHoldEveryPageOnce(t *testing.T) {
	files := city()
	for i, title := range []string{"Élan", "elang", "  \"Emas\"", "12 janji", "2 janji", "😀", "日本語", "ñandu", "ﬁlm", "“Zona”", "zakat", "한국", "한강"} {
		files[fmt.Sprintf("halaman/h%d.md", i)] = fmt.Sprintf("title: %q\nsummary: s", title)
	}
	files["halaman/h0.en.md"] = "title: Zeal\nsummary: s"
	s, problems := link(t, files, Options{})
	for _, p := range problems {
		t.Error(p)
	}
	for i, e := range s.Editions {
		seen := make(map[*Page]bool)
		ids := make(map[string]bool)
		var order []string
		for _, l := range e.Letters() {
			if ids[l.ID] || strings.ContainsAny(l.ID, "/ .") || l.ID == "" {
				t.Errorf("the letter %q has the address %q", l.Name, l.ID)
			}
			ids[l.ID] = true
			order = append(order, l.ID)
			for _, p := range l.Sorted(e.Lang).Pages {
				if seen[p] || p.Edition != e {
					t.Errorf("%s is listed twice, or belongs to another language", p.URL)
				}
				seen[p] = true
			}
		}
		if len(seen) != len(e.Own()) {
			t.Errorf("%d of %d pages are listed", len(seen), len(e.Own()))
		}
		if i > 0 {
			continue
		}
		titles := func(id string) (list []string) {
			for _, l := range e.Letters() {
				if l.ID == id {
					for _, p := range l.Sorted(e.Lang).Pages {
						list = append(list, p.Title)
					}
				}
			}
			return list
		}
		if got := strings.Join(titles("e"), "|"); !strings.Contains(got, "Élan|elang|") {
			t.Errorf("E holds %s", got)
		}
		if got := strings.Join(titles("0"), "|"); got != "2 janji|12 janji" {
			t.Errorf("0-9 holds %s", got)
		}
		if order[0] != "0" || order[len(order)-1] != "lain" || !slices.IsSorted(order[1:len(order)-3]) {
			t.Errorf("the letters are ordered %q", order)
		}
		if got := strings.Join(titles("z"), "|"); got != "zakat|“Zona”" {
			t.Errorf("Z holds %s", got)
		}
		if got := titles("한"); len(got) != 2 {
			t.Errorf("한 holds %q", got)
		}
		if got := titles("lain"); len(got) != 1 || got[0] != "😀" {
			t.Errorf("the others are %q", got)
		}
		if !slices.Contains(order, "f") || !slices.Contains(order, "n") || slices.Contains(order, "é") {
			t.Errorf("letters %q", order)
		}
	}
	if own, en := s.Editions[0].Search, s.Editions[1].Search; own.URL != "cari/" || en.URL != "en/cari/" || len(own.Translations) != 1 || own.Translations[0] != en {
		t.Errorf("%s, %s", own.URL, en.URL)
	}
	files["site.yaml"] = "features: {search: false}\n"
	if s, _ := link(t, files, Options{}); s.Editions[0].Search != nil {
		t.Error("search cannot be switched off")
	}
}
