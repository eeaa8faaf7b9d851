package feed_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"pendapa/internal/feed"
	"pendapa/internal/feed/feedtest"
)

func workshops(t testing.TB) feed.Calendar {
	jakarta := zoneNamed(t, "Asia/Jakarta")
	return feed.Calendar{
		Name:        "Bimbingan teknis",
		Description: "Lokakarya; jadwal, tempat",
		Lang:        "id",
		Source:      "https://pati.example/bintek/kalender.ics",
		URL:         "https://pati.example/bintek/",
		Modified:    time.Date(2026, 2, 1, 9, 0, 0, 0, jakarta),
		Location:    jakarta,
		Events: []feed.Event{{
			UID:         "tag:pati.example,2026:bintek/4/",
			Modified:    time.Date(2026, 2, 1, 9, 0, 0, 0, jakarta),
			Start:       time.Date(2018, 9, 26, 9, 0, 0, 0, jakarta),
			End:         time.Date(2018, 9, 26, 15, 0, 0, 0, jakarta),
			Summary:     "Bintek 4: rencana induk",
			Description: "Acara:\n- Pembukaan, doa\n- Diskusi; tanya \\ jawab",
			Place:       "Ruang Kembang Joyo, Setda",
			URL:         "https://pati.example/bintek/4/?a=1,2;b",
		}, {
			UID:    "tag:pati.example,2026:bintek/5/",
			Start:  time.Date(2026, 2, 26, 0, 0, 0, 0, jakarta),
			End:    time.Date(2026, 2, 28, 0, 0, 0, 0, jakarta),
			AllDay: true,
			Free:   true,
		}},
	}
}

// event is the calendar of one event.
func event(location *time.Location, e feed.Event) feed.Calendar {
	e.UID = "1@pati.example"
	return feed.Calendar{Name: "x", Location: location, Events: []feed.Event{e}}
}

// unfolded are the content lines of a calendar.
func unfolded(data []byte) []string {
	return strings.Split(strings.ReplaceAll(string(data), "\r\n ", ""), "\r\n")
}

func holds(data []byte, line string) bool {
	for _, l := range unfolded(data) {
		if l == line {
			return true
		}
	}
	return false
}

func mustHold(t *testing.T, data []byte, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !holds(data, l) {
			t.Errorf("no line %s in\n%s", l, data)
		}
	}
}

func read(t testing.TB, c feed.Calendar) []feedtest.Event {
	t.Helper()
	events, err := feedtest.Events(c.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, c.Bytes())
	}
	return events
}

func TestCalendarIsWhatRFC5545Asks(t *testing.T) {
	data := workshops(t).Bytes()
	if err := feedtest.Calendar(data); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
	mustHold(t, data,
		"VERSION:2.0", "PRODID:-//Pendapa//Pendapa//EN", "NAME;LANGUAGE=id:Bimbingan teknis", "X-WR-CALNAME:Bimbingan teknis",
		"X-WR-TIMEZONE:Asia/Jakarta", "REFRESH-INTERVAL;VALUE=DURATION:P1D", "SOURCE;VALUE=URI:https://pati.example/bintek/kalender.ics",
		"DTSTAMP:20260201T020000Z", "DTSTART;TZID=Asia/Jakarta:20180926T090000", "DTEND;TZID=Asia/Jakarta:20180926T150000",
		`LOCATION;LANGUAGE=id:Ruang Kembang Joyo\, Setda`,
		"URL:https://pati.example/bintek/4/?a=1,2;b", "TRANSP:TRANSPARENT",
	)
	if bytes.Contains(data, []byte("METHOD")) {
		t.Error("a METHOD, whose events need an ORGANIZER")
	}
}

func TestAnotherParserReadsTheSame(t *testing.T) {
	c := workshops(t)
	parsed, err := ics.ParseCalendar(bytes.NewReader(c.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	events := parsed.Events()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	start, err := events[0].GetStartAt()
	if err != nil || !start.Equal(c.Events[0].Start) {
		t.Errorf("start %s %v", start, err)
	}
	end, err := events[0].GetEndAt()
	if err != nil || !end.Equal(c.Events[0].End) {
		t.Errorf("end %s %v", end, err)
	}
	if got := ics.FromText(events[0].GetProperty(ics.ComponentPropertyDescription).Value); got != c.Events[0].Description {
		t.Errorf("description %q", got)
	}
	first, err := events[1].GetAllDayStartAt()
	if err != nil || first.Format(time.DateOnly) != "2026-02-26" {
		t.Errorf("first day %s %v", first, err)
	}
	over, err := events[1].GetAllDayEndAt()
	if err != nil || over.Format(time.DateOnly) != "2026-03-01" {
		t.Errorf("over on %s %v", over, err)
	}
}

func TestTextsComeBackAsTheyWere(t *testing.T) {
	c := workshops(t)
	e := read(t, c)[0]
	for name, want := range map[string]string{
		"SUMMARY": c.Events[0].Summary, "DESCRIPTION": c.Events[0].Description, "LOCATION": c.Events[0].Place,
		"URL": c.Events[0].URL, "UID": c.Events[0].UID,
	} {
		if e.Texts[name] != want {
			t.Errorf("%s is %q, want %q", name, e.Texts[name], want)
		}
	}
}

func TestAllDayEventsEndOnTheirLastDay(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 2, d, 0, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		end  time.Time
		want string
	}{
		"one day":                {time.Time{}, "20260227"},
		"the same day":           {day(26), "20260227"},
		"over the month":         {day(28), "20260301"},
		"before it begins":       {day(20), "20260227"},
		"late on the same day":   {day(26).Add(23 * time.Hour), "20260227"},
		"early on the next day ": {day(27).Add(time.Second), "20260228"},
	} {
		c := event(time.UTC, feed.Event{Start: day(26), End: test.end, AllDay: true})
		mustHold(t, c.Bytes(), "DTSTART;VALUE=DATE:20260226", "DTEND;VALUE=DATE:"+test.want)
		if t.Failed() {
			t.Fatal(name)
		}
		read(t, c)
	}
}

func TestDaysKeepTheirDateInEveryZone(t *testing.T) {
	for _, name := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo"} {
		location := zoneNamed(t, name)
		// Clocks in São Paulo went from 0:00 to 1:00 on this day: it has no midnight.
		c := event(zoneNamed(t, "Asia/Jakarta"), feed.Event{Start: time.Date(2018, 11, 4, 0, 0, 0, 0, location).Add(time.Hour), AllDay: true})
		mustHold(t, c.Bytes(), "DTSTART;VALUE=DATE:20181104", "DTEND;VALUE=DATE:20181105")
	}
}

func TestEventWithoutEndHasNone(t *testing.T) {
	start := time.Date(2026, 2, 26, 9, 0, 0, 500, time.UTC)
	for _, end := range []time.Time{{}, start, start.Add(-time.Hour), start.Add(time.Millisecond)} {
		c := event(time.UTC, feed.Event{Start: start, End: end})
		mustHold(t, c.Bytes(), "DTSTART:20260226T090000Z")
		if e := read(t, c)[0]; !e.End.IsZero() {
			t.Errorf("an end at %s", e.End)
		}
	}
}

func TestCalendarWithoutEventsHasItsTimeZone(t *testing.T) {
	for _, location := range []*time.Location{nil, time.UTC, time.Local, zoneNamed(t, "Asia/Jakarta"), zoneNamed(t, "Europe/Amsterdam")} {
		for _, modified := range []time.Time{{}, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)} {
			c := feed.Calendar{Name: "Kosong", Location: location, Modified: modified}
			if err := feedtest.Calendar(c.Bytes()); err != nil {
				t.Errorf("%v\n%s", err, c.Bytes())
			}
			if _, err := ics.ParseCalendar(bytes.NewReader(c.Bytes())); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestLinesFoldAt75OctetsBetweenCharacters(t *testing.T) {
	for _, character := range []string{"a", "é", "e\u0301", "中", "🌊", "👩🏽\u200d🌾", "\u0915\u094d\u0937", "\\", ",", "\n"} {
		for before := range 80 {
			text := strings.Repeat("x", before) + strings.Repeat(character, 60) + "."
			c := event(time.UTC, feed.Event{Start: time.Unix(0, 0), Summary: text})
			if got := read(t, c)[0].Texts["SUMMARY"]; got != text { // the reading complains of long and cut lines
				t.Fatalf("%q came back as %q", text, got)
			}
		}
	}
}

func TestLinesAreAsLongAsTheyMayBe(t *testing.T) {
	c := event(time.UTC, feed.Event{Start: time.Unix(0, 0), Summary: strings.Repeat("x", 500)})
	var lengths []int
	for l := range strings.SplitSeq(string(c.Bytes()), "\r\n") {
		if strings.Contains(l, "xx") {
			lengths = append(lengths, len(l))
		}
	}
	for _, n := range lengths[:len(lengths)-1] {
		if n != 75 {
			t.Errorf("lines of %d octets", lengths)
			break
		}
	}
}

func TestNoValueBeginsAProperty(t *testing.T) { // A36
	for _, end := range []string{"\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029", "\x0b", "\x0c", "\x00", "\x1c", "\u0000\r\r\n "} {
		evil := "x" + end + "ATTACH:https://evil.example/" + end + "END:VEVENT"
		c := workshops(t)
		c.Name, c.Description, c.Source, c.URL, c.Lang = evil, evil, "https://a.example/"+evil, "https://a.example/"+evil, evil
		c.Events[0].UID, c.Events[0].Summary, c.Events[0].Description, c.Events[0].Place = evil, evil, evil, evil
		c.Events[0].URL = "https://a.example/" + evil
		c.Location = time.FixedZone(evil, 7*3600)
		data := c.Bytes()
		for _, l := range unfolded(data) {
			if strings.HasPrefix(l, "ATTACH") {
				t.Errorf("%q begins a property:\n%s", end, data)
			}
		}
		c.Lang = "id" // an evil one is no language, which the judge would tell
		if events, err := feedtest.Events(c.Bytes()); err != nil || len(events) != 2 {
			t.Errorf("%q: %d events, %v", end, len(events), err)
		}
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add("Bintek 4", "a\r\nATTACH:x", int64(1537927200), int64(3600), uint8(0), false)
	f.Add("\\n;,:\"", strings.Repeat("🌊", 40), int64(1540688400), int64(1), uint8(1), true)
	f.Add("\xff\u0085\x00", "e\u0301", int64(-3000000000), int64(90000000), uint8(3), false)
	f.Add("", " ", int64(1540691940), int64(-5), uint8(2), true)
	zones := []*time.Location{zoneNamed(f, "Asia/Jakarta"), zoneNamed(f, "Europe/Amsterdam"), zoneNamed(f, "America/New_York"), zoneNamed(f, "Australia/Lord_Howe"), time.UTC}
	f.Fuzz(func(t *testing.T, summary, description string, start, length int64, zone uint8, allDay bool) {
		begin := time.Unix(start%6_000_000_000, 0) // 1779 to 2160
		location := zones[int(zone)%len(zones)]
		c := event(location, feed.Event{Start: begin, End: begin.Add(time.Duration(length%1_000_000_000) * time.Second), AllDay: allDay, Summary: summary, Description: description})
		c.Name, c.Description, c.Lang, c.URL = summary, description, "id", "https://pati.example/"+summary
		c.Events[0].Place = description
		data := c.Bytes()
		if !strings.ContainsAny(summary, "%[]#?") && feedtest.Calendar(data) != nil { // those may make a URL wrong that was given wrong
			t.Fatalf("%v\n%s", feedtest.Calendar(data), data)
		}
		events, _ := feedtest.Events(data)
		if len(events) != 1 {
			t.Fatalf("%d events\n%s", len(events), data)
		}
		if !allDay && !events[0].Start.Equal(begin) {
			t.Errorf("start at %s, not %s\n%s", events[0].Start, begin, data)
		}
		if end := c.Events[0].End; !allDay && end.After(begin) && !events[0].End.Equal(end) {
			t.Errorf("end at %s, not %s\n%s", events[0].End, end, data)
		}
		if parsed, err := ics.ParseCalendar(bytes.NewReader(data)); err != nil || len(parsed.Events()) != 1 {
			t.Errorf("another parser: %v\n%s", err, data)
		}
	})
}
