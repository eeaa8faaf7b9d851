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
