package feed_test

import (
	"strings"
	"testing"

	"pendapa/internal/feed"
)

// TestPlainAddressesNeedNoParsing looks at every octet in every part of an address.
func TestPlainAddressesNeedNoParsing(t *testing.T) {
	for _, frame := range []string{
		"*", "/*", "/a*", "/a/*/b", "/a/.*", "/a/..*/", "/a#*", "/#b*", "#*", "#b*", "?*", "https://*/", "https://a*/",
		"https://a.example/*", "https://a.example/b/*#c", "https://a.example*", "http*://a.example/", "mailto:*",
	} {
		for octet := range 256 {
			addressesAgree(t, strings.Replace(frame, "*", string([]byte{byte(octet)}), 1), page)
		}
	}
}

func addressesAgree(t *testing.T, address, base string) {
	t.Helper()
	got, ok := feed.OneAddress(address, base)
	if want, can := feed.ParsedAddress(address, base); got != want || ok != can {
		t.Errorf("%q on %q\n got %q %t\nwant %q %t", address, base, got, ok, want, can)
	}
}

func FuzzAddressAgrees(f *testing.F) {
	for _, base := range []string{
		page, "https://pati.example", "http://a/b/../c", "https://u:p@a:8080/?b#c", "HTTPS://A/%41", "https://a/b/#c", "https://a//b/./c",
	} {
		for _, address := range []string{
			"", "/", "/a/", "//a", "/a//b", "/..", "/a/../b", "#", "#a", "#fn:1", "/a#", "a", "?a", "https://a/", "https://a",
			"https:///a", "https://a:80/", "mailto:a@b.example", "/a b", "/é", "/%41",
		} {
			f.Add(address, base)
		}
	}
	f.Fuzz(func(t *testing.T, address, base string) {
		if _, err := feed.Absolute("", base); err == nil {
			addressesAgree(t, address, base)
		}
	})
}
