package feed

import (
	"fmt"
	"strings"
	"time"
)

// zone is a time zone as iCalendar knows it.
type zone struct {
	id       string // TZID; empty: UTC, whose times end in Z
	location *time.Location
}

func zoneOf(location *time.Location) zone {
	if location == nil || location == time.UTC || location == time.Local {
		return zone{"", time.UTC}
	}
	id := strings.Map(func(r rune) rune { // a parameter: no colon or comma (RFC 5545, 3.1)
		if r < 0x80 && alphanumeric(byte(r)) || strings.ContainsRune("/_+-", r) {
			return r
		}
		return -1
	}, location.String())
	if id == "" || id == "UTC" || id == "Local" {
		return zone{"", time.UTC}
	}
	return zone{id, location}
}

func (z zone) name() string {
	if z.id == "" {
		return "UTC"
	}
	return z.id
}

const localTime = "20060102T150405"

// time is a DATE-TIME property, as name with parameters and value. A local time that clocks show twice, when they are
// set back, means the first (RFC 5545, 3.3.5); the second is written in UTC.
func (z zone) time(property string, t time.Time) (name, value string) {
	t = t.In(z.location)
	if z.id == "" || z.again(t) {
		return property, utcTime(t)
	}
	return property + ";TZID=" + z.id, t.Format(localTime)
}

// again reports whether clocks have shown t before.
func (z zone) again(t time.Time) bool {
	since, _ := t.ZoneBounds()
	if since.IsZero() {
		return false
	}
	_, before := since.Add(-time.Nanosecond).Zone()
	_, now := since.Zone()
	return t.Sub(since) < time.Duration(before-now)*time.Second
}

// write writes the VTIMEZONE with what holds at each instant between from and to, themselves included.
func (z zone) write(l *lines, from, to time.Time) {
	l.write("BEGIN", "VTIMEZONE")
	l.write("TZID", z.name())
	for t := from.In(z.location); ; {
		since, until := t.ZoneBounds()
		z.observance(l, t, since)
		if until.IsZero() || until.After(to) {
			break
		}
		t = until
	}
	l.write("END", "VTIMEZONE")
}

// observance writes what holds at t, and since a time that is zero where it always has.
func (z zone) observance(l *lines, t, since time.Time) {
	name, offset := t.Zone()
	before, onset := offset, "19700101T000000"
	if !since.IsZero() {
		_, before = since.Add(-time.Nanosecond).Zone()
		// By the clock that was not yet set (RFC 5545, 3.6.5).
		onset = since.In(time.FixedZone("", before)).Format(localTime)
	} else if t.Year() <= 1970 {
		onset = t.AddDate(-1, 0, 0).Format(localTime)
	}
	kind := "STANDARD"
	if t.IsDST() {
		kind = "DAYLIGHT"
	}
	l.write("BEGIN", kind)
	l.write("DTSTART", onset)
	l.write("TZOFFSETFROM", utcOffset(before))
	l.write("TZOFFSETTO", utcOffset(offset))
	l.write("TZNAME", escapeText(name))
	l.write("END", kind)
}

// utcOffset is a number of seconds east of Greenwich (RFC 5545, 3.3.14).
func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
