package feed_test

import (
	"testing"
	"time"

	"pendapa/internal/feed"
)

func TestSecuritySaysWhatItWasGiven(t *testing.T) {
	s := feed.Security{
		Contact:   []string{"csirt@pati.example", "https://pati.example/lapor/", "tel:+62-295-1"},
		Expires:   time.Date(2026, 12, 31, 23, 59, 59, 5, zoneNamed(t, "Asia/Jakarta")),
		Languages: []string{"id", "en"},
		Canonical: []string{"https://pati.example/.well-known/security.txt"},
		Policy:    "https://pati.example/kebijakan/",
	}
	want := `Contact: mailto:csirt@pati.example
Contact: https://pati.example/lapor/
Contact: tel:+62-295-1
Expires: 2026-12-31T16:59:59Z
Preferred-Languages: id, en
Canonical: https://pati.example/.well-known/security.txt
Policy: https://pati.example/kebijakan/
`
	if got := string(s.Bytes()); got != want {
		t.Errorf("%s", got)
	}
}

func TestSecurityLeavesOutWhatIsEmpty(t *testing.T) {
	s := feed.Security{Contact: []string{"", "mailto:a@b.example\r\nPolicy: x"}, Languages: []string{"\n"}, Expires: time.Unix(0, 0)}
	if got := string(s.Bytes()); got != "Contact: mailto:a@b.example%0APolicy:%20x\nExpires: 1970-01-01T00:00:00Z\n" {
		t.Errorf("%q", got)
	}
}
