package model

import (
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
)

// Date is a day, or a moment where the file gives a time of day. Its zero value is no date.
type Date struct {
	time.Time      // in the site's time zone; midnight where no time is given
	Clock     bool // whether a time of day was given
}

// Set reports whether there is a date.
func (d Date) Set() bool { return !d.IsZero() }

// ISO is the date as ISO 8601 writes it: "2018-09-26", or with time and zone (RFC 3339).
func (d Date) ISO() string {
	if d.Clock {
		return d.Format(time.RFC3339)
	}
	return d.Format(time.DateOnly)
}

// Day is the number of the day since 1 January 1970, by the calendar of the date's own zone.
func (d Date) Day() int { return DayOf(d.Time) }

// DayOf is the number of a moment's day since 1 January 1970, by the calendar of its own zone.
func DayOf(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// DayTime is midnight of the day that [DayOf] numbers so, in UTC.
func DayTime(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// datePattern is how dates are written. Package time alone takes more: an hour of one digit, a comma before fractions.
var datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$`)

// Shape implements decode.Shaped.
func (Date) Shape() decode.Shape { return decode.Shape{Type: "string", Pattern: datePattern.String()} }

// DecodeValue reads a date: 2018-09-26, 2018-09-26T09:00, with seconds and with a zone.
func (d *Date) DecodeValue(f decode.File, n *decode.Node) {
	location := f.Location
	if location == nil {
		location = time.UTC
	}
	value := n.Value
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", time.RFC3339} {
		t, err := time.ParseInLocation(layout, value, location)
		if err != nil && len(value) > 10 && value[10] == ' ' {
			t, err = time.ParseInLocation(layout, value[:10]+"T"+value[11:], location)
		}
		if err == nil {
			t = t.In(location)
			if t.Year() < 1000 || t.Year() > 9999 || !datePattern.MatchString(value) {
				break
			}
			*d = Date{t, layout != time.DateOnly}
			return
		}
	}
	hint := diag.Textf("write year-month-day: 2018-09-26")
	if parts := strings.Split(value, "-"); len(parts) == 3 && len(value) == 10 && len(parts[0]) == 4 {
		hint = diag.Textf("there is no such day; check the month and the day (year-month-day)")
	}
	f.At(n, diag.Textf("%q is not a date", diag.Clip(value)), hint)
}

// Ref names another page by its id, and knows where it stands.
type Ref struct {
	ID  string
	Pos diag.Pos
}

// Shape implements decode.Shaped.
func (Ref) Shape() decode.Shape {
	return decode.Shape{Type: "string", Pattern: `^[^\n\t\\]+$`, MaxLength: 300, Literal: true}
}

// DecodeValue reads an id.
func (r *Ref) DecodeValue(f decode.File, n *decode.Node) {
	if n.Value == "" || strings.ContainsAny(n.Value, "\n\t\\") || utf8.RuneCountInString(n.Value) > 300 {
		f.At(n, diag.Textf("%q is not the id of a page", diag.Clip(n.Value)), diag.Textf("write the file's name without .md"))
		return
	}
	*r = Ref{strings.TrimSuffix(n.Value, ".md"), n.Pos}
}

// Order is a place in a sequence, and knows where it stands.
type Order struct {
	Value int
	Pos   diag.Pos
}

// Shape implements decode.Shaped.
func (Order) Shape() decode.Shape { return decode.Shape{Type: "integer"} }

// DecodeValue reads a whole number.
func (o *Order) DecodeValue(f decode.File, n *decode.Node) {
	v, err := strconv.Atoi(n.Value)
	if err != nil || n.Quoted || strconv.Itoa(v) != n.Value || v < 0 || v > 1e6 {
		f.At(n, diag.Textf("order %q is not a whole number", diag.Clip(n.Value)), diag.Textf("write digits only: 1, 2, 3"))
		return
	}
	*o = Order{v, n.Pos}
}

// invisible reports whether a character has no place in a line of text: it controls something, breaks the line, or
// changes the direction.
func invisible(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || diag.IsDirectionControl(r)
}

// solid reports whether a text has neither blanks nor anything invisible in it.
func solid(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

// Link is an absolute http or https address.
type Link string

// Shape implements decode.Shaped.
func (Link) Shape() decode.Shape {
	return decode.Shape{Type: "string", Format: "uri", Pattern: `^https?://[^\s"<>\\]+$`}
}

// DecodeValue reads a web address.
func (l *Link) DecodeValue(f decode.File, n *decode.Node) {
	u, err := url.Parse(n.Value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.HasPrefix(n.Value, u.Scheme+"://") || u.Hostname() == "" || u.User != nil || strings.ContainsAny(n.Value, "\"<>\\") || !solid(n.Value) {
		f.At(n, diag.Textf("%q is not a full web address", diag.Clip(n.Value)), diag.Textf("write it as https://…"))
		return
	}
	*l = Link(n.Value)
}

// Host is the name of the address's host, without "www.".
func (l Link) Host() string {
	u, err := url.Parse(string(l))
	if err != nil {
		return string(l)
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// Email is an address for mail.
type Email string

// Shape implements decode.Shaped.
func (Email) Shape() decode.Shape { return decode.Shape{Type: "string", Pattern: `^[^@\s]+@[^@\s]+$`} }

// DecodeValue reads a mail address.
func (e *Email) DecodeValue(f decode.File, n *decode.Node) {
	a, err := mail.ParseAddress(n.Value)
	if err != nil || a.Address != n.Value || !solid(n.Value) {
		f.At(n, diag.Textf("%q is not an e-mail address", diag.Clip(n.Value)), diag.Textf("write it as name@host"))
		return
	}
	*e = Email(n.Value)
}

// Evidence is where a figure comes from: an address, or words.
type Evidence string

// Shape implements decode.Shaped.
func (Evidence) Shape() decode.Shape {
	return decode.Shape{Type: "string", Pattern: `^[^\n\t]*$`, MaxLength: 500, Literal: true}
}

// DecodeValue reads a source.
func (e *Evidence) DecodeValue(f decode.File, n *decode.Node) {
	if strings.ContainsAny(n.Value, "\n\t") || utf8.RuneCountInString(n.Value) > 500 {
		f.At(n, diag.Textf("source has more than one line, or more than 500 characters"), diag.Textf("write an address or a short description"))
		return
	}
	for _, r := range n.Value {
		if invisible(r) {
			f.At(n, diag.Textf("source holds the invisible character U+%04X", r), diag.Textf("remove it"))
			return
		}
	}
	*e = Evidence(n.Value)
}

// URL is the address where the evidence is one, or "".
func (e Evidence) URL() string {
	if strings.HasPrefix(string(e), "https://") || strings.HasPrefix(string(e), "http://") {
		return string(e)
	}
	return ""
}
