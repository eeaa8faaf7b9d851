package xmltext_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"pendapa/internal/xmltext"
)

func TestEveryTextIsReadBackAsItIs(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{`a < b & c > "d" ]]>`, `a < b & c > "d" ]]>`},
		{"two\nlines\tand a tab", "two\nlines\tand a tab"},
		{"ends\r\nof\rlines", "ends\nof\nlines"},                                   // XML 1.0, 2.11
		{"\x00\x08\x1f\uFFFE\uFFFFwhat XML cannot write", "what XML cannot write"}, // 2.2
		{"not \xff UTF-8", "not \uFFFD UTF-8"},
		{"pendapa 🏛 日本語", "pendapa 🏛 日本語"},
	} {
		document := `<a b="` + xmltext.Attribute(test.text) + `">` + xmltext.Text(test.text) + `</a>`
		var read struct {
			B    string `xml:"b,attr"`
			Text string `xml:",chardata"`
		}
		if err := xml.NewDecoder(strings.NewReader(document)).Decode(&read); err != nil {
			t.Errorf("%q: %v", document, err)
		} else if read.B != test.want || read.Text != test.want {
			t.Errorf("%q is read as %q and, in an attribute, %q; want %q", test.text, read.Text, read.B, test.want)
		}
	}
}
