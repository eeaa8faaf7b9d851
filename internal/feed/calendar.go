package feed

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar is an iCalendar file (RFC 5545, with RFC 7986) that others subscribe to.
//
// It has no METHOD: an object with one is a message between calendars (RFC 5546), whose events need an ORGANIZER that a
// public calendar must not name (RFC 5545, 3.8.4.3), and whose DTSTAMP is the time of the build. Without, it is the time
// of the last change (3.8.7.2), so that nothing changes in the file where nothing changed.
type Calendar struct {
	Name        string
	Description string
	Lang        string         // language tag of the texts
	Source      string         // absolute address of the file
	URL         string         // absolute address of the page that shows the same
	Modified    time.Time      // zero: not told
	Location    *time.Location // of the times; nil, or time.Local, whose name says nothing elsewhere: UTC
	Events      []Event        // in the order given
}

// Event is something that happens.
type Event struct {
	UID         string    // "bintek-4@pati.example": never changes, and is no other event's in all the world
	Modified    time.Time // when it was last changed; zero: 1 January 1970
	Start       time.Time // to the second
	End         time.Time // zero, or not after Start: not known. All day: the last day, itself included
	AllDay      bool      // Start and End are days, as written in the zones that they have
	Summary     string    // a line
	Description string
	Place       string
	URL         string // absolute address of its page
	Free        bool   // it does not keep the one who subscribes busy
}

// Bytes is the calendar as a file of media type text/calendar. RFC 5545 wants a component in every calendar (3.4): one
// without events has its time zone, as it is when the calendar was Modified.
func (c Calendar) Bytes() []byte {
	var l lines
	l.lang = languageTag(c.Lang)
	z := zoneOf(c.Location)
	l.write("BEGIN", "VCALENDAR")
	l.write("VERSION", "2.0")
	l.write("PRODID", "-//Pendapa//Pendapa//EN")
	l.write("CALSCALE", "GREGORIAN")
	l.text("NAME", c.Name)
	l.plain("X-WR-CALNAME", c.Name) // what Apple, Google and Microsoft read, here and below
	l.text("DESCRIPTION", c.Description)
	l.plain("X-WR-CALDESC", c.Description)
	l.write("X-WR-TIMEZONE", z.name())
	l.write("REFRESH-INTERVAL;VALUE=DURATION", "P1D")
	l.write("X-PUBLISHED-TTL", "P1D")
	if c.Source != "" {
		l.write("SOURCE;VALUE=URI", uri(c.Source))
	}
	l.uri("URL", c.URL)
	if !c.Modified.IsZero() {
		l.write("LAST-MODIFIED", utcTime(c.Modified))
	}
	if from, to, ok := c.span(); ok && z.id != "" {
		z.write(&l, from, to)
	} else if len(c.Events) == 0 {
		at := orEpoch(c.Modified)
		z.write(&l, at, at)
	}
	for _, e := range c.Events {
		e.write(&l, z)
	}
	l.write("END", "VCALENDAR")
	return l.Bytes()
}

// span is the time from the first to the last instant that is written in the calendar's zone.
func (c Calendar) span() (from, to time.Time, found bool) {
	for _, e := range c.Events {
		if e.AllDay {
			continue
		}
		end := e.Start
		if e.End.After(end) {
			end = e.End
		}
		if !found || e.Start.Before(from) {
			from = e.Start
		}
		if !found || end.After(to) {
			to = end
		}
		found = true
	}
	return from, to, found
}

func (e Event) write(l *lines, z zone) {
	l.write("BEGIN", "VEVENT")
	l.write("UID", escapeText(e.UID))
	l.write("DTSTAMP", utcTime(orEpoch(e.Modified)))
	if !e.Modified.IsZero() {
		l.write("LAST-MODIFIED", utcTime(e.Modified))
	}
	if e.AllDay {
		last := day(e.Start)
		if end := day(e.End); !e.End.IsZero() && end.After(last) {
			last = end
		}
		const date = "20060102"
		l.write("DTSTART;VALUE=DATE", e.Start.Format(date))
		l.write("DTEND;VALUE=DATE", last.AddDate(0, 0, 1).Format(date)) // the first day on which it is over
	} else {
		l.write(z.time("DTSTART", e.Start))
		if e.End.Truncate(time.Second).After(e.Start.Truncate(time.Second)) {
			l.write(z.time("DTEND", e.End))
		}
	}
	l.text("SUMMARY", e.Summary)
	l.text("DESCRIPTION", e.Description)
	l.text("LOCATION", e.Place)
	l.uri("URL", e.URL)
	if e.Free {
		l.write("TRANSP", "TRANSPARENT")
	} else {
		l.write("TRANSP", "OPAQUE")
	}
	l.write("END", "VEVENT")
}

func orEpoch(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0)
	}
	return t
}

// day is the day of a time in its own zone, freed of the zone, in which midnight may not exist.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func utcTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// lines is an iCalendar file in the making.
type lines struct {
	bytes.Buffer
	lang string // of texts
}

// text writes a property of type TEXT with its language, unless it is empty.
func (l *lines) text(name, text string) {
	if l.lang != "" {
		name += ";LANGUAGE=" + l.lang
	}
	l.plain(name, text)
}

// plain writes a text without its language, unless it is empty.
func (l *lines) plain(name, text string) {
	if text = escapeText(text); text != "" {
		l.write(name, text)
	}
}

func (l *lines) uri(name, address string) {
	if address != "" {
		l.write(name, uri(address))
	}
}

// maxOctets is the length of a line without its end (RFC 5545, 3.1).
const maxOctets = 75

// write writes one content line, folded where it is too long, between characters. The value is escaped already.
func (l *lines) write(name, value string) {
	line := name + ":" + value
	for room := maxOctets; len(line) > room; room = maxOctets - 1 { // the space before what goes on counts
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		l.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	l.WriteString(line + "\r\n")
}

var textEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\r", `\n`, "\n", `\n`,
	"\u0085", `\n`, "\u2028", `\n`, "\u2029", `\n`, "\t", " ")

// escapeText is a value of type TEXT (RFC 5545, 3.3.11). What some program might take for the end of a line is written
// as one in the text, all other control characters are left out: no value can begin a property.
func escapeText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || 0x7F <= r && r < 0xA0 || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r // of octets that are not UTF-8: U+FFFD
	}, textEscapes.Replace(s))
}
