package site

import (
	"strings"
	"testing"
	"time"

	"pendapa/internal/model"
)

func on(s string) model.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return model.Date{Time: t}
}

// What changed is told as people say it, in every language of the portal.
func TestAmendmentsAreToldInWords(t *testing.T) {
	figure := func(v float64, day string) model.Stated {
		return model.Stated{Figure: &v, Unit: "unit", Places: 1, Date: on(day)}
	}
	money := func(v int64) model.Stated { return model.Stated{Rupiah: &v} }
	text := func(s string) model.Stated { return model.Stated{Text: s} }
	of := func(kind model.ChangeKind, before, after model.Stated) model.Change {
		return model.Change{Kind: kind, Before: before, After: after}
	}
	none := model.Stated{}
	for _, test := range []struct {
		change              model.Change
		indonesian, english string
	}{
		{of(model.ChangedTarget, figure(60, "2019-12-31"), figure(45, "2020-06-30")), "Target diubah dari 60,0 unit (31 Des 2019) menjadi 45,0 unit (30 Jun 2020)", "Target changed from 60.0 unit (31 Dec 2019) to 45.0 unit (30 Jun 2020)"},
		{of(model.ChangedTarget, figure(60.25, "2019-12-31"), figure(60.2, "2019-12-31")), "Target diubah dari 60,25 unit (31 Des 2019) menjadi 60,2 unit (31 Des 2019)", "Target changed from 60.25 unit (31 Dec 2019) to 60.2 unit (31 Dec 2019)"},
		{of(model.ChangedGoal, text("membuka 40 bank sampah."), text("merintis bank sampah")), "Janji diubah dari “membuka 40 bank sampah” menjadi “merintis bank sampah”", "Promise changed from “membuka 40 bank sampah” to “merintis bank sampah”"},
		{of(model.RewrittenKeeping, model.Stated{Date: on("2019-06-29")}, none), "Tonggak tidak lagi dinyatakan selesai; semula selesai 29 Jun 2019", "The milestone is no longer said to be kept; it was kept on 29 Jun 2019"},
		{of(model.ChangedTarget, none, figure(45, "2020-06-30")), "Target ditetapkan: 45,0 unit (30 Jun 2020)", "Target set: 45.0 unit (30 Jun 2020)"},
		{of(model.ChangedTarget, figure(60, "2019-12-31"), none), "Target dihapus; semula 60,0 unit (31 Des 2019)", "Target removed; it was 60.0 unit (31 Dec 2019)"},
		{of(model.ChangedBaseline, figure(0, "2018-12-31"), figure(0.5, "2018-12-31")), "Nilai awal diubah dari 0,0 unit (31 Des 2018) menjadi 0,5 unit (31 Des 2018)", "Baseline changed from 0.0 unit (31 Dec 2018) to 0.5 unit (31 Dec 2018)"},
		{of(model.ChangedBudget, money(1500000000), money(0)), "Anggaran diubah dari Rp1.500.000.000 menjadi Rp0", "Budget changed from Rp1,500,000,000 to Rp0"},
		{of(model.ChangedEnd, model.Stated{Date: on("2019-12-31")}, model.Stated{Date: on("2020-12-31")}), "Batas waktu diubah dari 31 Des 2019 menjadi 31 Des 2020", "Deadline changed from 31 Dec 2019 to 31 Dec 2020"},
		{of(model.ChangedOwner, text("dlh"), text("kominfo")), "Penanggung jawab diubah dari Lingkungan (DLH) menjadi Kominfo", "Owner changed from Environment agency (DLH) to Kominfo"},
		{of(model.ChangedOwner, text("unknown"), text("bubar")), "Penanggung jawab diubah dari belum diketahui menjadi bubar", "Owner changed from not known to bubar"},
		{of(model.ChangedStatus, text("on-track"), text("stopped")), "Keadaan diubah dari berjalan menjadi dihentikan", "Status changed from on track to stopped"},
		{of(model.CorrectedFigure, figure(29, "2025-06-30"), figure(27, "2025-06-30")), "Angka 30 Jun 2025 dikoreksi dari 29,0 unit menjadi 27,0 unit", "The figure of 30 Jun 2025 was corrected from 29.0 unit to 27.0 unit"},
		{of(model.RemovedFigure, figure(29, "2025-06-30"), none), "Angka 30 Jun 2025 dihapus; semula 29,0 unit", "The figure of 30 Jun 2025 was removed; it was 29.0 unit"},
		{of(model.RemovedIndicator, model.Stated{Text: "Bank sampah"}, none), "Ukuran dihapus", "Indicator removed"},
		{of(model.RemovedMilestone, model.Stated{Text: "Lokasi", Date: on("2019-02-28")}, none), "Tonggak dihapus; tenggatnya semula 28 Feb 2019", "Milestone removed; it was due on 28 Feb 2019"},
		{of(model.WithdrawnPromise, none, none), "Janji ditarik dari portal", "The promise was withdrawn from the portal"},
	} {
		record := []model.Amendment{{Change: test.change, File: "content/quick-wins/sampah.md", Title: "Sampah", Commit: "0123456789abcdef", At: on("2020-01-02").Time}}
		s, problems := link(t, city(), Options{Record: true, Amendments: record})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for i, want := range []string{test.indonesian, test.english} {
			if got := s.Editions[i].Amendments[0].Sentence(); got != want {
				t.Errorf("told %q, want %q", got, want)
			}
		}
	}
}

// Every change has a name of its own that lasts, also where one commit changed the same thing twice; what became of a promise
// that is no longer published, or not now, is told too.
func TestAmendmentsHaveNamesAndPlaces(t *testing.T) {
	files := city()
	files["quick-wins/nanti.md"] = "title: Nanti\npublish: 2021-01-01\n" + win
	amendment := func(file string, change model.Change) model.Amendment {
		return model.Amendment{Change: change, File: "content/" + file, Title: "Judul", Commit: "0123456789abcdef", At: on("2020-01-02").Time}
	}
	corrected := func(day string) model.Change {
		one, two := 1.0, 2.0
		return model.Change{Kind: model.CorrectedFigure, About: "Bank sampah", Before: model.Stated{Figure: &one, Date: on(day)}, After: model.Stated{Figure: &two, Date: on(day)}}
	}
	record := []model.Amendment{
		amendment("quick-wins/sampah.md", corrected("2019-01-31")), amendment("quick-wins/sampah.md", corrected("2019-02-28")),
		amendment("quick-wins/sampah.md", corrected("2019-02-28")), amendment("quick-wins/hilang.md", model.Change{Kind: model.WithdrawnPromise}),
		amendment("quick-wins/nanti.md", model.Change{Kind: model.ChangedEnd, After: model.Stated{Date: on("2022-01-01")}}),
	}
	s, _ := link(t, files, Options{Record: true, Amendments: record})
	var got []string
	for _, a := range s.Editions[0].Amendments {
		got = append(got, a.Identity)
	}
	want := "quick-wins/sampah/figure-corrected-0123456789ab/bank-sampah/2019-01-31 quick-wins/sampah/figure-corrected-0123456789ab/bank-sampah/2019-02-28 quick-wins/sampah/figure-corrected-0123456789ab/bank-sampah/2019-02-28-2 quick-wins/hilang/withdrawn-0123456789ab quick-wins/nanti/end-0123456789ab"
	if strings.Join(got, " ") != want {
		t.Errorf("named %s\nwant %s", strings.Join(got, " "), want)
	}
	if n := len(s.Editions[0].QuickWins[0].Amendments) + len(s.Editions[0].QuickWins[1].Amendments); n != 3 {
		t.Errorf("%d changes stand on pages of promises", n)
	}
	if s, _ := link(t, files, Options{}); s.Editions[0].Changes != nil {
		t.Error("a portal without a record has a page of changes")
	}
}
