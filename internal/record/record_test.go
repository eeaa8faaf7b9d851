package record

import "testing"

func TestPeopleAreNotNamedByMessages(t *testing.T) {
	for message, want := range map[string]string{
		"Sesuaikan target": "Sesuaikan target",
		"Sesuaikan\n\nRapat 30 April.\nSigned-off-by: Budi <b@x.y>": "Sesuaikan\n\nRapat 30 April.",
		"co-authored-By: Budi":               "",
		"tanya budi@dinas.example, segera":   "tanya …, segera",
		"(budi.santoso+smart@dinas.co.id).":  "(…).",
		"<budi@dinas.example> menulis":       "<…> menulis",
		"\u202etukar\u202c arah":             "tukar arah",
		"pada 12 Maret @ balai desa":         "pada 12 Maret @ balai desa",
		"100@unit":                           "…",
		"admin@localhost dan joko＠uji.go.id": "… dan …",
		"Cc: Joko ‹joko@x.y›\nTetap":         "Tetap",
		"Reviewed-By : Joko":                 "",
		"<b>tebal</b>":                       "<b>tebal</b>",
	} {
		if got := withoutPeople(message); got != want {
			t.Errorf("%q became %q, want %q", message, got, want)
		}
	}
}

func FuzzWithoutPeople(f *testing.F) {
	f.Add("Sesuaikan\n\nReviewed-by: Budi <b@x.y>")
	f.Add("a@b.c d@e.f")
	f.Fuzz(func(t *testing.T, message string) {
		once := withoutPeople(message)
		if len(once) > 3*len(message) || trailer.MatchString(once) || mail.MatchString(once) {
			t.Errorf("%q became %q", message, once)
		}
	})
}

// A state is public on the days that its dates leave it, whatever the clock of the one who committed it said.
func TestDaysOnWhichAStateIsPublic(t *testing.T) {
	for _, test := range []struct {
		name                          string
		publish, expires, from, until int
		first, last                   int
		public                        bool
	}{
		{"at once, to the next", 0, 0, 10, 20, 10, 20, true},
		{"two on one day", 0, 0, 10, 10, 10, 10, true},
		{"from a day on", 15, 0, 10, 20, 15, 20, true},
		{"changed before its day came", 25, 0, 10, 20, 0, 0, false},
		{"changed on the day that it came", 20, 0, 10, 20, 0, 0, false},
		{"published long ago", 5, 0, 10, 20, 10, 20, true},
		{"up to a day", 0, 15, 10, 20, 10, 15, true},
		{"ended before it was written", 0, 10, 10, 20, 0, 0, false},
		{"between two days", 12, 15, 10, 20, 12, 15, true},
		{"never", 15, 15, 10, 20, 0, 0, false},
		{"by a clock of the future", 0, 0, 900, 20, 900, 20, true},
		{"by one, before its day came", 500, 0, 900, 20, 0, 0, false},
		{"by a clock of long ago", 15, 0, 0, 20, 15, 20, true},
	} {
		got, public := spanOf(test.publish, test.expires, test.from, test.until)
		if public != test.public || public && got != (span{test.first, test.last}) {
			t.Errorf("%s: %v, %v", test.name, got, public)
		}
	}
}
