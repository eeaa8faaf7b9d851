package feed_test

import (
	"testing"
	"time"

	"pendapa/internal/feed"
)

// zoneNames are zones without transitions, with summer time on both halves of the earth, of half and quarter hours, with
// a summer of half an hour, with a winter that is the exception (Dublin), and that skipped a day (Apia).
var zoneNames = []string{
	"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Amsterdam", "Europe/London", "Europe/Dublin",
	"America/New_York", "America/St_Johns", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Australia/Adelaide", "Africa/Casablanca", "Pacific/Apia", "Pacific/Chatham", "Etc/GMT+5",
}

func TestTimesAreTheSameInstantByTheFilesOwnZone(t *testing.T) {
	for _, name := range zoneNames {
		location := zoneNamed(t, name)
		c := feed.Calendar{Name: name, Location: location}
		add := func(at time.Time) {
			c.Events = append(c.Events, feed.Event{UID: at.Format(time.RFC3339) + name, Start: at, End: at.Add(40 * time.Minute)})
		}
		for month := range 24 * 12 { // 2006 to 2029, by the wall clock
			add(time.Date(2006, time.Month(1+month), 15, 9, 0, 0, 0, location))
		}
		// Around every transition, also in the hour that comes twice.
		for at := time.Date(2010, 1, 1, 0, 0, 0, 0, location); at.Year() < 2028; {
			_, until := at.ZoneBounds()
			if until.IsZero() {
				break
			}
			for _, minutes := range []time.Duration{-90, -60, -45, -30, -1, 0, 1, 20, 30, 59, 60, 90, 120} {
				add(until.Add(minutes*time.Minute + 7*time.Second))
			}
			at = until
		}
		for i, e := range read(t, c) {
			if want := c.Events[i]; !e.Start.Equal(want.Start) || !e.End.Equal(want.End) {
				t.Errorf("%s: %s to %s is read as %s to %s", name, want.Start, want.End, e.Start, e.End)
			}
		}
	}
}

func TestEveryEventAloneHasTheZoneItNeeds(t *testing.T) {
	for _, name := range zoneNames {
		location := zoneNamed(t, name)
		for year := 1890; year < 2100; year += 7 {
			for _, month := range []time.Month{1, 4, 7, 11} {
				at := time.Date(year, month, 9, 12, 34, 56, 0, location)
				if e := read(t, event(location, feed.Event{Start: at}))[0]; !e.Start.Equal(at) {
					t.Errorf("%s: %s is read as %s", name, at, e.Start)
				}
			}
		}
	}
}

func TestJakartaHasHadOneTimeSince1964(t *testing.T) {
	data := workshops(t).Bytes()
	mustHold(t, data, "BEGIN:VTIMEZONE", "TZID:Asia/Jakarta", "BEGIN:STANDARD", "DTSTART:19640101T000000",
		"TZOFFSETFROM:+0730", "TZOFFSETTO:+0700", "TZNAME:WIB")
	if holds(data, "BEGIN:DAYLIGHT") {
		t.Error("summer time in Jakarta")
	}
}

func TestOnsetIsByTheClockThatWasNotYetSet(t *testing.T) {
	amsterdam := zoneNamed(t, "Europe/Amsterdam")
	c := event(amsterdam, feed.Event{Start: time.Date(2026, 1, 5, 9, 0, 0, 0, amsterdam), End: time.Date(2026, 12, 5, 9, 0, 0, 0, amsterdam)})
	mustHold(t, c.Bytes(), "DTSTART:20251026T030000", "DTSTART:20260329T020000", "DTSTART:20261025T030000",
		"BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "TZNAME:CET")
}

func TestHourThatComesTwice(t *testing.T) {
	amsterdam := zoneNamed(t, "Europe/Amsterdam")
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	mustHold(t, event(amsterdam, feed.Event{Start: first}).Bytes(), "DTSTART;TZID=Europe/Amsterdam:20261025T023000")
	mustHold(t, event(amsterdam, feed.Event{Start: first.Add(time.Hour)}).Bytes(), "DTSTART:20261025T013000Z")
	mustHold(t, event(amsterdam, feed.Event{Start: first.Add(90 * time.Minute)}).Bytes(), "DTSTART;TZID=Europe/Amsterdam:20261025T030000")
}

func TestZoneWithoutTransitionsAndWithOddSeconds(t *testing.T) {
	odd := time.FixedZone("Odd", -(7*3600 + 7*60 + 12))
	at := time.Date(1900, 1, 1, 9, 0, 0, 0, odd)
	c := event(odd, feed.Event{Start: at})
	mustHold(t, c.Bytes(), "TZOFFSETFROM:-070712", "TZOFFSETTO:-070712")
	if e := read(t, c)[0]; !e.Start.Equal(at) {
		t.Errorf("%s is read as %s", at, e.Start)
	}
}
