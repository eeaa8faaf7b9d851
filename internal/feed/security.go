package feed

import (
	"bytes"
	"strings"
	"time"
)

// Security is a security.txt (RFC 9116): how to tell of a hole in the portal. It belongs at /.well-known/security.txt.
type Security struct {
	Contact   []string  // the preferred first; mailto:, tel: or https: URIs, or plain mail addresses; at least one
	Expires   time.Time // after it nothing here counts; required, and best less than a year ahead (2.5.5)
	Languages []string  // language tags of reports that are understood, all alike
	Canonical []string  // absolute addresses of this file
	Policy    string    // absolute address of what a finder may expect
}

// Bytes is the file, as plain text in UTF-8.
func (s Security) Bytes() []byte {
	var b bytes.Buffer
	field := func(name string, values ...string) {
		for _, v := range values {
			if v != "" {
				b.WriteString(name + ": " + uri(v) + "\n")
			}
		}
	}
	for _, c := range s.Contact {
		if !strings.Contains(c, ":") && strings.Contains(c, "@") {
			c = "mailto:" + c
		}
		field("Contact", c)
	}
	b.WriteString("Expires: " + s.Expires.UTC().Format(time.RFC3339) + "\n")
	var tags []string
	for _, l := range s.Languages {
		if l = languageTag(l); l != "" {
			tags = append(tags, l)
		}
	}
	if len(tags) > 0 {
		b.WriteString("Preferred-Languages: " + strings.Join(tags, ", ") + "\n")
	}
	field("Canonical", s.Canonical...)
	field("Policy", s.Policy)
	return b.Bytes()
}

// languageTag leaves out what no language tag holds (RFC 5646, 2.1).
func languageTag(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && alphanumeric(byte(r)) || r == '-' {
			return r
		}
		return -1
	}, s)
}
