package feedtest

import (
	"strings"
	"testing"
	"time"
)

var goodCalendar = strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Pendapa//Pendapa//EN
CALSCALE:GREGORIAN
NAME;LANGUAGE=id:Bintek
REFRESH-INTERVAL;VALUE=DURATION:P1D
X-PUBLISHED-TTL:P1D
BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:20251026T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20260329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1@pati.example
DTSTAMP:20260201T020000Z
DTSTART;TZID=Europe/Amsterdam:20260329T010000
DTEND;TZID=Europe/Amsterdam:20260329T040000
SUMMARY;LANGUAGE=id:Satu\, dua\; tiga \\n
 dan empat
CATEGORIES:a\,b,c
URL:https://pati.example/a,b;c
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
UID:2@pati.example
DTSTAMP:20260201T020000Z
DTSTART;VALUE=DATE:20260226
DTEND;VALUE=DATE:20260227
SUMMARY:Hari
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")

func TestCalendarFindsMistakes(t *testing.T) {
	const start, end = "DTSTART;TZID=Europe/Amsterdam:20260329T010000\r\n", "DTEND;TZID=Europe/Amsterdam:20260329T040000\r\n"
	judge(t, goodCalendar, Calendar, []broken{
		{"VERSION:2.0\r\n", "VERSION:2.0\n", "half of CRLF"},
		{"SUMMARY:Hari\r\n", "SUMMARY:Hari\r", "half of CRLF"},
		{"END:VCALENDAR\r\n", "END:VCALENDAR", "no CRLF"},
		{"BEGIN:VCALENDAR", "\ufeffBEGIN:VCALENDAR", "byte order mark"},
		{"SUMMARY:Hari", "SUMMARY:" + strings.Repeat("x", 68), "76 octets"},
		{"SUMMARY:Hari", "SUMMARY:\xc3\r\n \xa9", "not UTF-8 by itself"},
		{"SUMMARY:Hari", "SUMMARY:Ha\x0bri", "control character"},
		{"SUMMARY:Hari", "SUMMARY:Hari\r\n", "empty"},
		{"SUMMARY:Hari", "SUMMARY:Hari\r\n ", "folded to nothing"},
		{"SUMMARY:Hari", "SUMMARY Hari", "not a content line"},
		{"SUMMARY:Hari", "SUMMARY:Hari, besok", "the value of SUMMARY"},
		{"SUMMARY:Hari", "SUMMARY:Hari; besok", "the value of SUMMARY"},
		{"SUMMARY:Hari", `SUMMARY:Hari\: besok`, "the value of SUMMARY"},
		{"SUMMARY:Hari", `SUMMARY:Hari\`, "the value of SUMMARY"},
		{"SUMMARY:Hari", "SUMMARY:Hari\r\nSUMMARY:Hari", "2 times SUMMARY"},
		{"SUMMARY:Hari", "SUMARY:Hari", "SUMARY does not belong"},
		{"SUMMARY:Hari", "SUMMARY;LANGUAGE=id;LANGUAGE=en:Hari", "twice"},
		{"SUMMARY:Hari", "SUMMARY;TZID=Asia/Jakarta:Hari", "with TZID"},
		{"SUMMARY:Hari", "STATUS:MAYBE", "the value of STATUS"},
		{"SUMMARY:Hari", "SEQUENCE:one", "the value of SEQUENCE"},
		{"SUMMARY:Hari", "DURATION:PT1H", "an end and a duration"},
		{"VERSION:2.0", "VERSION:1.0", "the value of VERSION"},
		{"VERSION:2.0\r\n", "", "0 times VERSION"},
		{"PRODID:-//Pendapa//Pendapa//EN\r\n", "", "0 times PRODID"},
		{"CALSCALE:GREGORIAN", "CALSCALE:HIJRI", "the value of CALSCALE"},
		{"CALSCALE:GREGORIAN", "METHOD:PUBLISH", "no ORGANIZER"},
		{"CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\r\nDTSTART:20260101T000000Z", "DTSTART does not belong"},
		{";VALUE=DURATION:P1D", ":P1D", "without VALUE=DURATION"},
		{";VALUE=DURATION:P1D", ";VALUE=DURATION:1 day", "the value of REFRESH-INTERVAL"},
		{"UID:1@pati.example\r\n", "", "0 times UID"},
		{"UID:2@pati.example", "UID:1@pati.example", "that of another"},
		{"DTSTAMP:20260201T020000Z\r\n", "", "0 times DTSTAMP"},
		{"DTSTAMP:20260201T020000Z", "DTSTAMP:20260201T020000", "the value of DTSTAMP"},
		{"DTSTAMP:20260201T020000Z", "DTSTAMP:20260230T020000Z", "the value of DTSTAMP"},
		{start, "", "0 times DTSTART"},
		{start, "DTSTART:20260329T010000\r\n", "floats"},
		{start, "DTSTART;TZID=Europe/Paris:20260329T010000\r\n", "Europe/Paris is not in the file"},
		{start, "DTSTART;TZID=Europe/Amsterdam:20260329T010000Z\r\n", "UTC with a time zone"},
		{start, "DTSTART;TZID=Europe/Amsterdam:20200101T010000\r\n", "does not say what holds"},
		{start, "DTSTART;VALUE=DATE:20260329\r\n", "different types"},
		{start, "DTSTART:20260329\r\n", "a date or has VALUE=DATE"},
		{start, "DTSTART;VALUE=DATE-TIME:20260329T250000Z\r\n", "the value of DTSTART"},
		{end, "DTEND;TZID=Europe/Amsterdam:20260329T010000\r\n", "ends before it begins"},
		{end, "DTEND:20260329T000000Z\r\n", "ends before it begins"},
		{"DTEND;VALUE=DATE:20260227", "DTEND;VALUE=DATE:20260226", "ends before it begins"},
		{"URL:https://pati.example/a,b;c", "URL:/a", "the value of URL"},
		{"URL:https://pati.example/a,b;c", "URL:https://pati.example/é", "the value of URL"},
		{"TRANSP:OPAQUE", "TRANSP:BUSY", "the value of TRANSP"},
		{"TZID:Europe/Amsterdam\r\n", "", "0 times TZID"},
		{"TZOFFSETFROM:+0200\r\n", "", "0 times TZOFFSETFROM"},
		{"TZOFFSETFROM:+0200", "TZOFFSETFROM:0200", "the value of TZOFFSETFROM"},
		{"TZOFFSETTO:+0100", "TZOFFSETTO:-0000", "the value of TZOFFSETTO"},
		{"TZOFFSETTO:+0100", "TZOFFSETTO:+0000", "an offset that did not hold"},
		{"DTSTART:20251026T030000", "DTSTART:20251026T030000Z", "the value of DTSTART"},
		{"DTSTART:20251026T030000", "DTSTART:20260329T020000", "two observances"},
		{"END:STANDARD", "END:DAYLIGHT", "ends"},
		{"END:VCALENDAR\r\n", "", "not exactly one whole calendar"},
		{"END:VCALENDAR\r\n", "END:VCALENDAR\r\nX-A:b\r\n", "outside a calendar"},
		{"BEGIN:VEVENT", "BEGIN:VCALENDAR", "inside"},
		{"BEGIN:VEVENT", "BEGIN:X-EVENT", "inside"},
		{"END:VEVENT\r\nEND:VCALENDAR", "END:VEVENT\r\nX-A:b\r\nEND:VCALENDAR", "after a component"},
	})
}

func TestCalendarNeedsAComponent(t *testing.T) {
	empty := goodCalendar[:strings.Index(goodCalendar, "BEGIN:VTIMEZONE")] + "END:VCALENDAR\r\n"
	if err := Calendar([]byte(empty)); err == nil || !strings.Contains(err.Error(), "no component") {
		t.Error(err)
	}
}

func TestEventsAreReadByTheFilesOwnZone(t *testing.T) {
	events, err := Events([]byte(goodCalendar))
	if err != nil {
		t.Fatal(err)
	}
	e := events[0]
	if e.AllDay || e.End.Sub(e.Start) != 2*time.Hour || e.Start.Format(time.RFC3339) != "2026-03-29T00:00:00Z" {
		t.Errorf("%+v", e)
	}
	if e.Texts["SUMMARY"] != `Satu, dua; tiga \ndan empat` || e.Texts["CATEGORIES"] != "a,b\nc" {
		t.Errorf("%q", e.Texts)
	}
	if day := events[1]; !day.AllDay || day.Start.Format(time.DateOnly) != "2026-02-26" {
		t.Errorf("%+v", day)
	}
}
