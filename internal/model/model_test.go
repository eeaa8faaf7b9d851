package model

import (
	"strings"
	"testing"
	"time"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/source"
)

var jakarta = time.FixedZone("WIB", 7*3600)

func read(t *testing.T, file, text string, translation bool) (*Document, []diag.Problem) {
	t.Helper()
	problems := &diag.List{}
	place, ok := Locate(file, []locale.Lang{"id", "en"}, problems)
	if !ok {
		return nil, problems.Sorted()
	}
	page, _ := source.Split(file, []byte(text), jakarta, problems)
	return Decode(&decode.Decoder{}, place, &page, translation, decode.File{Name: file, Problems: problems, Location: jakarta}), problems.Sorted()
}

func TestLocate(t *testing.T) {
	for file, want := range map[string]Place{
		"content/_index.md":                 {Kind: KindHome, Path: ".", Lang: "id"},
		"content/_index.en.md":              {Kind: KindHome, Path: ".", Lang: "en"},
		"content/quick-wins/sampah.md":      {Kind: KindQuickWin, ID: "sampah", Path: "quick-wins/sampah", Lang: "id"},
		"content/quick-wins/sampah.en.md":   {Kind: KindQuickWin, ID: "sampah", Path: "quick-wins/sampah", Lang: "en"},
		"content/quick-wins/_index.md":      {Kind: KindFolder, ID: "quick-wins", Path: "quick-wins", Lang: "id"},
		"content/bintek/2018/a/index.md":    {Kind: KindNews, ID: "2018/a", Path: "bintek/2018/a", Lang: "id", Bundle: true},
		"content/masterplan/visi/_index.md": {Kind: KindChapter, ID: "visi", Path: "masterplan/visi", Lang: "id"},
		"content/masterplan/visi/arah.md":   {Kind: KindSection, ID: "visi/arah", Path: "masterplan/visi/arah", Lang: "id"},
		"content/masterplan/_index.md":      {Kind: KindPlan, ID: "masterplan", Path: "masterplan", Lang: "id"},
		"content/opd/dlh.md":                {Kind: KindAgency, ID: "dlh", Path: "opd/dlh", Lang: "id"},
		"content/dimensi/living.md":         {Kind: KindDimension, ID: "living", Path: "dimensi/living", Lang: "id"},
		"content/istilah/opd.md":            {Kind: KindTerm, ID: "opd", Path: "istilah/opd", Lang: "id"},
		"content/tentang.md":                {Kind: KindPage, ID: "tentang", Path: "tentang", Lang: "id"},
		"content/a/b.md":                    {Kind: KindPage, ID: "a/b", Path: "a/b", Lang: "id"},
		"content/e\u0301.md":                {Kind: KindPage, ID: "é", Path: "é", Lang: "id"}, // A140: one form
		"content/日本.md":                     {Kind: KindPage, ID: "日本", Path: "日本", Lang: "id"},
	} {
		problems := &diag.List{}
		got, ok := Locate(file, []locale.Lang{"id", "en"}, problems)
		want.File = file
		if !ok || got != want {
			t.Errorf("%s: %+v (%v), want %+v", file, got, problems.Sorted(), want)
		}
	}
	for file, want := range map[string]string{
		"content/a b.md":              "a-b",
		"content/a?.md":               "cannot be part of an address", // A148
		"content/a:b.md":              "a-b",
		"content/a..md":               "cannot be part of an address",
		"content/a .md":               "cannot be part of an address",
		`content/a\b.md`:              "cannot be part of an address", // A149
		"content/CON.md":              "cannot be part of an address", // A147
		"content/x/nul.md":            "cannot be part of an address",
		"content/aux.md":              "cannot be part of an address",
		"content/Com1/x.md":           "cannot be part of an address",
		"content/index.md":            "_index.md",
		"content/sampah.id.md":        "own language",
		"content/masterplan/arah.md":  "folder of its chapter",
		"content/masterplan/a/b/c.md": "folder of its chapter",
		"content/dimensi/livin.md":    `did you mean "living"?`,
		"content/opd/unknown.md":      "name the file after the agency",
		"content/.md":                 "cannot be part of an address",
	} {
		problems := &diag.List{}
		if p, ok := Locate(file, []locale.Lang{"id", "en"}, problems); ok || !strings.Contains(problems.Sorted()[0].Message.String()+problems.Sorted()[0].Hint.String(), want) {
			t.Errorf("%s: %+v, %v, want %q", file, p, problems.Sorted(), want)
		}
	}
}

// A142, A145: what an address is made of follows one rule in every language and on every machine, and nothing is left of
// a text without letters and digits.
func TestSlugsFollowOneRule(t *testing.T) {
	for text, want := range map[string]string{
		"İstanbul": "istanbul", "ısı": "ısı", "ＡＢＣ １": "ａｂｃ-１", "Straße": "straße", "日本語": "日本語", "E\u0301": "é", "Ａ\u0301": "ａ\u0301",
		"🙂": "", "\u200b\u200d": "", "a\u200bb": "a-b", "🙂 Rapat 🙂": "rapat",
	} {
		if got := Slugify(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

// A145: a name whose letters look like those of another script can be published, and is warned of.
func TestLookAlikesAreWarnedOf(t *testing.T) {
	for file, want := range map[string]bool{
		"content/profil.md": false, "content/рфи.md": false, "content/日本-abc.md": false, "content/abc-где.md": false,
		"content/prоfil.md": true, "content/αir/index.md": true, "content/opd/Οpd.md": true,
	} {
		problems := &diag.List{}
		_, ok := Locate(file, []locale.Lang{"id"}, problems)
		if got := problems.Sorted(); !ok || problems.Errors() > 0 || (len(got) == 1) != want {
			t.Errorf("%s: %v, %v", file, ok, got)
		}
	}
}

// A159: tags that differ by case or signs only are one, as the first is written; one without letters is its own.
func TestTagsAreTakenOnce(t *testing.T) {
	doc, problems := read(t, "content/a.md", "---\ntitle: a\nsummary: b\ntags: [Air, air, Bank Sampah, bank-sampah, \"🙂\", AIR, \"☕\"]\n---\n", false)
	if got := strings.Join(doc.Tags, "|"); len(problems) > 0 || got != "Air|Bank Sampah|🙂|☕" {
		t.Errorf("%s, %v", got, problems)
	}
}

func TestMistakesOfOneFile(t *testing.T) {
	win := "title: a\nsummary: b\nowner: dlh\nstatus: planned\n"
	indicator := win + "indicators:\n  - {id: x, name: n, unit: u, direction: up, "
	for _, test := range []struct{ name, file, front, want string }{
		{"no summary", "content/a.md", "title: a\n", "2:1: error: summary is missing"},
		{"no owner", "content/quick-wins/a.md", "title: a\nsummary: b\nstatus: planned\n", "owner is missing"},
		{"status", "content/quick-wins/a.md", strings.Replace(win, "planned", "on track", 1), `5:9: error: status "on track" is not one of planned, on-track, at-risk, delayed, done, stopped`},
		{"no such day (A11)", "content/bintek/a.md", "title: a\nsummary: b\ndate: 2026-02-30\n", `4:7: error: "2026-02-30" is not a date`},
		{"no date (A11)", "content/bintek/a.md", "title: a\nsummary: b\ndate: kemarin\n", `4:7: error: "kemarin" is not a date`},
		{"end before start (A11)", "content/quick-wins/a.md", win + "start: 2020-01-02\nend: 2020-01-01\n", "7:6: error: end lies before start"},
		{"event", "content/bintek/a.md", "title: a\nsummary: b\ndate: 2020-01-01\nevent: {start: 2020-01-02, end: 2020-01-01}\n", "5:33: error: the event ends before it starts"},
		{"order (A10)", "content/masterplan/a/b.md", "title: a\nsummary: b\norder: banyak\n", `4:8: error: order "banyak" is not a whole number`},
		{"order missing (A158)", "content/masterplan/a/b.md", "title: a\nsummary: b\n", "order is missing"},
		{"unit missing (A21)", "content/quick-wins/a.md", win + "indicators:\n  - {id: x, name: n, direction: up}\n", "7:5: error: unit is missing"},
		{"target below baseline", "content/quick-wins/a.md", indicator + "baseline: {date: 2020-01-01, value: 5}, target: {date: 2021-01-01, value: 4}}\n", "the target lies below the baseline"},
		{"target before baseline", "content/quick-wins/a.md", indicator + "baseline: {date: 2020-01-01, value: 5}, target: {date: 2020-01-01, value: 6}}\n", "the baseline is not before the target"},
		{"two ids", "content/quick-wins/a.md", indicator + "}\n  - {id: x, name: n, unit: u, direction: up}\n", `8:10: error: two indicators have the id "x", first on line 7`},
		{"two figures on a day", "content/quick-wins/a.md", indicator + "measurements: [{date: 2020-01-01, value: 1}, {date: 2020-01-01, value: 2}]}\n", "a second measurement on 2020-01-01"},
		{"slug (A22)", "content/a.md", "title: a\nsummary: b\nslug: ../x\n", `4:7: error: slug "../x" cannot be part of an address`},
		{"slug from the root (A22)", "content/a.md", "title: a\nsummary: b\nslug: /etc\n", `4:7: error: slug "/etc" cannot be part of an address`},
		{"slug of a drive (A22)", "content/a.md", "title: a\nsummary: b\nslug: 'C:\\x'\n", "4:7: error: slug"},
		{"slug in percent signs (A22)", "content/a.md", "title: a\nsummary: b\nslug: \"%2e%2e/\"\n", "4:7: error: slug"},
		{"many tags (A23)", "content/a.md", "title: a\nsummary: b\ntags: [" + strings.Repeat("a, ", 10000) + "a]\n", "4:12287: error: more than 4096 keys and values"},
		{"encoded slug (A22)", "content/a.md", "title: a\nsummary: b\nslug: \"%252e\"\n", "4:7: error: slug"},
		{"alias", "content/a.md", "title: a\nsummary: b\naliases: [lama]\n", `4:11: error: alias "lama" is not a plain address`},
		{"source", "content/a.md", "title: a\nsummary: b\nsources: [{title: x, url: \"javascript:alert(1)\"}]\n", "is not a full web address"},
		{"mail", "content/opd/a.md", "title: a\nemail: nobody\n", `3:8: error: "nobody" is not an e-mail address`},
		{"long title (A23)", "content/a.md", "title: " + strings.Repeat("x", 60000) + "\nsummary: b\n", "2:8: error: title has 60000 characters"},
		{"expires", "content/a.md", "title: a\nsummary: b\npublish: 2020-01-02\nexpires: 2020-01-01\n", "expires lies before publish"},
		{"no front matter (A7)", "content/a.md", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "---\n" + test.front + "---\n"
			if test.front == "" {
				text, test.want = "text\n", "1:1: error: the page has no front matter"
			}
			doc, problems := read(t, test.file, text, false)
			if doc == nil {
				t.Fatal("no document: the rest of the portal cannot be checked")
			}
			for _, p := range problems {
				if strings.Contains(p.Error(), test.want) && p.Hint.String() != "" {
					return
				}
			}
			t.Errorf("got %v\nwant %s", problems, test.want)
		})
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2018-09-26": "2018-09-26", "2018-09-26T09:00": "2018-09-26T09:00:00+07:00", "2018-09-26 09:00": "2018-09-26T09:00:00+07:00",
		"2018-09-26T02:00:00Z": "2018-09-26T09:00:00+07:00", "2018-09-26T09:00+08:00": "2018-09-26T08:00:00+07:00", "2024-02-29": "2024-02-29",
	} {
		doc, problems := read(t, "content/bintek/a.md", "---\ntitle: a\nsummary: b\ndate: "+text+"\n---\n", false)
		if len(problems) > 0 || doc.News.Date.ISO() != want {
			t.Errorf("%s: %s, %v, want %s", text, doc.News.Date.ISO(), problems, want)
		}
	}
	for _, text := range []string{"2018-13-01", "2023-02-29", "18-09-26", "0000-01-01", "2018-09-26T25:00", "26 September 2018", "20180926"} {
		if _, problems := read(t, "content/bintek/a.md", "---\ntitle: a\nsummary: b\ndate: "+text+"\n---\n", false); len(problems) != 1 {
			t.Errorf("%s: %v", text, problems)
		}
	}
}

func TestTranslationKeepsTheFacts(t *testing.T) {
	original, problems := read(t, "content/quick-wins/a.md", `---
title: Sampah
summary: Ringkas
owner: dlh
status: on-track
goal: membuka bank sampah
budget: {planned: 5}
indicators:
  - {id: x, name: Bank, unit: unit, direction: up, target: {date: 2020-01-01, value: 9}}
milestones:
  - {title: Satu, due: 2019-01-01, note: Catatan}
---
`, false)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	translation, problems := read(t, "content/quick-wins/a.en.md", "---\ntitle: Waste\nsummary: Short\ngoal: open waste banks\nindicators: [{id: x, name: Banks, unit: units}]\nmilestones: [{title: One}]\n---\ntext\n", true)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	list := &diag.List{}
	whole := Translate(original, translation, decode.File{Name: "f", Problems: list})
	q := whole.QuickWin
	if len(list.Sorted()) > 0 || whole.Title != "Waste" || q.Goal != "open waste banks" || q.Owner.ID != "dlh" || q.Budget.Planned != 5 || q.Status != OnTrack ||
		q.Indicators[0].Name != "Banks" || q.Indicators[0].Target.Value != 9 || q.Milestones[0].Title != "One" || !q.Milestones[0].Due.Set() || !whole.HasBody {
		t.Errorf("%+v\n%+v, %v", whole, q, list.Sorted())
	}
	if original.QuickWin.Indicators[0].Name != "Bank" {
		t.Error("the translation changed the original")
	}
	stray, _ := read(t, "content/quick-wins/a.en.md", "---\ntitle: Waste\nsummary: s\nindicators: [{id: y, name: B, unit: u}]\nmilestones: [{title: One}, {title: Two}]\n---\n", true)
	Translate(original, stray, decode.File{Name: "f", Problems: list})
	if got := list.Sorted(); len(got) != 2 || got[0].Pos != (diag.Pos{Line: 4, Col: 19}) || !strings.Contains(got[1].Message.String(), "2 milestones and the original 1") {
		t.Errorf("%v", got)
	}
}
