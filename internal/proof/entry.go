package proof

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pendapa/internal/diag"
)

// Entry is one published portal. There is no time of day in it: a build has none.
type Entry struct {
	Tree    string `json:"tree"`    // its root: see [Root]
	Files   int    `json:"files"`   // in its list
	AsOf    string `json:"as_of"`   // day of the portal's figures, 2026-03-01; empty: none
	Commit  string `json:"commit"`  // of the site's repository; empty: not known
	URL     string `json:"url"`     // address of the portal
	Version string `json:"pendapa"` // that built it
}

// Check returns why an entry cannot stand in a log, as a [diag.Text].
func (e Entry) Check() error {
	if !isDigest(e.Tree) {
		return diag.Textf("its tree is not a SHA-256 digest of 64 digits from 0 to f")
	}
	if e.Files < 0 {
		return diag.Textf("its number of files is below zero")
	}
	if _, err := time.Parse(time.DateOnly, e.AsOf); e.AsOf != "" && err != nil {
		return diag.Textf("its as_of is not a day, written as 2026-03-01")
	}
	for _, field := range []struct{ name, value string }{{"commit", e.Commit}, {"url", e.URL}, {"pendapa", e.Version}} {
		if !isPlain(field.value) {
			return diag.Textf("its %s has a quote, a backslash or a control character in it", field.name)
		}
	}
	if len(e.line()) > maxLine {
		return diag.Textf("it is longer than %d bytes", maxLine)
	}
	return nil
}

// line is the entry as it stands in a log, without the newline. It is put together by hand: what is hashed must not hang
// on how a library escapes, and in an entry that passes Check there is nothing to escape (RFC 8259, 7).
func (e Entry) line() []byte {
	b := make([]byte, 0, 160+len(e.Commit)+len(e.URL)+len(e.Version))
	b = append(b, `{"tree":"`...)
	b = append(b, e.Tree...)
	b = append(b, `","files":`...)
	b = strconv.AppendInt(b, int64(e.Files), 10)
	for _, field := range [...]struct{ key, value string }{{`,"as_of":"`, e.AsOf}, {`","commit":"`, e.Commit}, {`","url":"`, e.URL}, {`","pendapa":"`, e.Version}} {
		b = append(b, field.key...)
		b = append(b, field.value...)
	}
	return append(b, `"}`...)
}

// same reports whether two entries tell of the same portal, whatever it was built from: the log itself is committed to the
// site's repository, and a new commit that changes nothing of the portal must not ask for a new entry.
func (e Entry) same(f Entry) bool { return e.Tree == f.Tree && e.URL == f.URL }

// parseEntry reads a line; the error is a [diag.Text].
func parseEntry(line []byte) (Entry, error) {
	var e Entry
	if len(line) > maxLine {
		return e, diag.Textf("it is longer than %d bytes", maxLine)
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return e, diag.Textf("it is not an entry of a log")
	}
	if err := e.Check(); err != nil {
		return e, err
	}
	if !bytes.Equal(e.line(), line) {
		return e, diag.Textf("it is not written as Pendapa writes it")
	}
	return e, nil
}

// isDigest reports whether text is a SHA-256 in lower-case hex.
func isDigest(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}

// isPlain reports whether text is the same in JSON as it is.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r == '"' || r == '\\' || isControl(r) })
}

// isControl reports whether a rune is a control character: those of ASCII and of Latin-1 (Unicode category Cc).
func isControl(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }
