package record

import (
	"regexp"
	"strings"

	"pendapa/internal/diag"
)

var (
	// trailers name people, by git's custom with their addresses: "Co-authored-by: …".
	trailer = regexp.MustCompile(`(?i)^\s*([a-z-]+-by|cc|author|committer)\s*[:：]`)
	// mail is meant to be found where it is not one rather than passed over where it is.
	mail = regexp.MustCompile(`[^\s<>(),;:"‹›]+[@＠][^\s<>(),;:"‹›]*[^\s<>(),;:"‹›.]`)
)

// withoutPeople is a commit's message without those parts by which people are named in public who only wrote a file: lines
// that credit them, and mail addresses. Signs that make a text read as something that it is not are left out too.
func withoutPeople(message string) string {
	var lines []string
	for line := range strings.Lines(message) {
		if !trailer.MatchString(line) {
			lines = append(lines, strings.TrimRight(mail.ReplaceAllString(line, "…"), " \t\r\n"))
		}
	}
	return strings.Map(func(r rune) rune {
		if diag.IsDirectionControl(r) {
			return -1
		}
		return r
	}, strings.Trim(strings.Join(lines, "\n"), "\n"))
}
