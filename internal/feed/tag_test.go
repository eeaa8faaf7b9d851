package feed

import (
	"net/url"
	"strings"
	"testing"
)

func TestTagNamesAThing(t *testing.T) {
	pati := Authority{"smartcity-pati.example", "2026"}
	for specific, want := range map[string]string{
		"quick-wins/sampah/":  "tag:smartcity-pati.example,2026:quick-wins/sampah/",
		"":                    "tag:smartcity-pati.example,2026:",
		"a b#c%20\"<>":        "tag:smartcity-pati.example,2026:a%20b%23c%2520%22%3C%3E",
		"berita/é-🌊":          "tag:smartcity-pati.example,2026:berita/%C3%A9-%F0%9F%8C%8A",
		"x?y=1&z=(2);@:!$'*,": "tag:smartcity-pati.example,2026:x?y=1&z=(2);@:!$'*,",
	} {
		got := pati.Tag(specific)
		if got != want {
			t.Errorf("tag of %q: %s, want %s", specific, got, want)
		}
		if u, err := url.Parse(got); err != nil || u.Scheme != "tag" {
			t.Errorf("%s is not a URI: %v", got, err)
		}
	}
}

func TestAuthorityIsADomainAndADay(t *testing.T) {
	for _, s := range []string{"smartcity-pati.example,2026", "pati.example,2026-01", "kominfo@pati.example,2026-01-31", "xn--ptai-0ra.example,2024-02-29"} {
		a, err := ParseAuthority(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
		}
		if a.String() != s {
			t.Errorf("%s is read as %s", s, a)
		}
	}
}

func TestWrongAuthorityIsToldInASentence(t *testing.T) {
	for s, want := range map[string]string{
		"":                             "needs a comma and a year",
		"pati.example":                 "needs a comma and a year",
		"Pati.example,2026":            "write pati.example",
		"https://pati.example,2026":    "without https://",
		"pati.example/,2026":           "without slashes",
		"-pati.example,2026":           "neither a domain",
		"pati..example,2026":           "neither a domain",
		",2026":                        "neither a domain",
		"päti.example,2026":            "xn--",
		"pati.example,26":              "is not a day",
		"pati.example,2026-13":         "is not a day",
		"pati.example,2026-02-30":      "is not a day",
		"pati.example,2026,2027":       "is not a day",
		"pati.example,2026-01-01T00":   "is not a day",
		"pati.example\r\nx: y,2026":    "neither a domain",
		"pati.example,2026-1-1":        "is not a day",
		"a@b@pati.example,2026":        "neither a domain",
		"kominfo @pati.example,2026":   "neither a domain",
		"pati.example, 2026":           "is not a day",
		"smartcity_pati.example,2026":  "neither a domain",
		"smartcity-pati-.example,2026": "neither a domain",
	} {
		if _, err := ParseAuthority(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", s, err, want)
		}
	}
}
