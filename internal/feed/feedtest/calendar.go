package feedtest

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// kind is the type of a property's value (RFC 5545, 3.3).
type kind int

const (
	other    kind = iota // not looked into
	textual              // TEXT
	list                 // TEXT, TEXT
	address              // URI
	instant              // DATE-TIME in UTC
	when                 // DATE or DATE-TIME
	wall                 // DATE-TIME without zone
	offset               // UTC-OFFSET
	duration             // DURATION
	integer              // INTEGER
)

// property says what a component may have: the value, and how often.
type property struct {
	kind  kind
	share share
}

var (
	once    = share{1, 1}
	atMost  = share{0, 1}
	several = share{0, many}
)

// componentHas are the properties by component (RFC 5545, 3.4 and 3.6; RFC 7986, 4). Extensions come on top.
var componentHas = map[string]map[string]property{
	"VCALENDAR": {
		"PRODID": {textual, once}, "VERSION": {textual, once}, "CALSCALE": {textual, atMost}, "METHOD": {textual, atMost},
		"UID": {textual, atMost}, "LAST-MODIFIED": {instant, atMost}, "URL": {address, atMost},
		"REFRESH-INTERVAL": {duration, atMost}, "SOURCE": {address, atMost}, "COLOR": {textual, atMost},
		"NAME": {textual, several}, "DESCRIPTION": {textual, several}, "CATEGORIES": {list, several}, "IMAGE": {other, several},
	},
	"VEVENT": {
		"UID": {textual, once}, "DTSTAMP": {instant, once}, "DTSTART": {when, once}, "DTEND": {when, atMost},
		"DURATION": {duration, atMost}, "CLASS": {textual, atMost}, "CREATED": {instant, atMost},
		"DESCRIPTION": {textual, atMost}, "GEO": {other, atMost}, "LAST-MODIFIED": {instant, atMost},
		"LOCATION": {textual, atMost}, "ORGANIZER": {address, atMost}, "PRIORITY": {integer, atMost},
		"SEQUENCE": {integer, atMost}, "STATUS": {textual, atMost}, "SUMMARY": {textual, atMost},
		"TRANSP": {textual, atMost}, "URL": {address, atMost}, "RECURRENCE-ID": {when, atMost}, "RRULE": {other, atMost},
		"ATTACH": {other, several}, "ATTENDEE": {address, several}, "CATEGORIES": {list, several}, "COMMENT": {textual, several},
		"CONTACT": {textual, several}, "EXDATE": {other, several}, "RELATED-TO": {textual, several}, "RESOURCES": {list, several},
		"RDATE": {other, several}, "COLOR": {textual, atMost}, "IMAGE": {other, several}, "CONFERENCE": {address, several},
	},
	"VTIMEZONE": {"TZID": {textual, once}, "LAST-MODIFIED": {instant, atMost}, "TZURL": {address, atMost}},
	"STANDARD": {
		"DTSTART": {wall, once}, "TZOFFSETFROM": {offset, once}, "TZOFFSETTO": {offset, once}, "TZNAME": {textual, several},
		"COMMENT": {textual, several},
	},
}

// inside says what a component may be in.
var inside = map[string]string{
	"VCALENDAR": "", "VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE",
}

// fixed are the values that a property must be one of.
var fixed = map[string][]string{
	"VERSION": {"2.0"}, "CALSCALE": {"GREGORIAN"}, "METHOD": {"PUBLISH"}, "TRANSP": {"OPAQUE", "TRANSPARENT"},
	"STATUS": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
}

var valueForms = map[kind]*regexp.Regexp{
	instant:  regexp.MustCompile(`^\d{8}T\d{6}Z$`),
	when:     regexp.MustCompile(`^\d{8}(T\d{6}Z?)?$`),
	wall:     regexp.MustCompile(`^\d{8}T\d{6}$`),
	offset:   regexp.MustCompile(`^[+-]([01]\d|2[0-3])[0-5]\d([0-5]\d)?$`),
	duration: regexp.MustCompile(`^[+-]?P(\d+W|\d+D(T(\d+H)?(\d+M)?(\d+S)?)?|T(\d+H)?(\d+M)?(\d+S)?)$`),
	integer:  regexp.MustCompile(`^[+-]?\d+$`),
}

// Calendar holds an iCalendar file of events against RFC 5545, as far as it goes without recurrence and alarms, and RFC
// 7986. Beyond them, times are instants: with a time zone that the file explains, or in UTC; none float.
func Calendar(data []byte) error {
	_, c := readCalendar(data)
	return c.err()
}

// Event is an event as a calendar has it after reading the file alone: its times come from the file's own VTIMEZONE.
type Event struct {
	Start, End time.Time         // End is zero where there is none; of all-day events, in UTC and as written: exclusive
	AllDay     bool              // the dates have no time
	Texts      map[string]string // values of type TEXT and URI by property, unescaped; lists in the order written, by line
}

// Events are the events in a calendar, in the order of the file; the error is that of Calendar.
func Events(data []byte) ([]Event, error) {
	events, c := readCalendar(data)
	return events, c.err()
}

func readCalendar(data []byte) ([]Event, complaints) {
	var c complaints
	root := c.components(c.unfold(data))
	if root == nil {
		return nil, c
	}
	zones := map[string]timezone{}
	for _, n := range root.components {
		if n.name == "VTIMEZONE" {
			id := n.value("TZID")
			if _, twice := zones[id]; twice {
				c.add("two time zones %s", id)
			}
			zones[id] = c.timezone(id, n)
		}
	}
	if len(root.components) == 0 {
		c.add("no component, where one is needed (3.4)")
	}
	var events []Event
	uids := map[string]bool{}
	for _, n := range root.components {
		if n.name != "VEVENT" {
			continue
		}
		uid := n.value("UID")
		if uids[uid] || uid == "" {
			c.add("event %q: a UID that is empty, or that of another", uid)
		}
		uids[uid] = true
		if root.value("METHOD") != "" && n.value("ORGANIZER") == "" {
			c.add("event %s: no ORGANIZER, which METHOD:PUBLISH wants (RFC 5546, 3.2.1)", uid)
		}
		events = append(events, c.event(uid, n, zones))
	}
	return events, c
}

func (c *complaints) event(uid string, n *component, zones map[string]timezone) Event {
	e := Event{Texts: map[string]string{}}
	for _, l := range n.lines {
		switch componentHas["VEVENT"][l.name].kind {
		case textual:
			e.Texts[l.name] = unescape(l.value)
		case list:
			var items []string
			for _, item := range splitList(l.value) {
				items = append(items, unescape(item))
			}
			e.Texts[l.name] = strings.Join(items, "\n")
		case address:
			e.Texts[l.name] = l.value
		}
	}
	start, end := n.line("DTSTART"), n.line("DTEND")
	if start == nil {
		return e
	}
	e.AllDay = len(start.value) == len("20060102")
	e.Start = c.instant(uid, start, zones)
	if end != nil {
		e.End = c.instant(uid, end, zones)
		if e.AllDay != (len(end.value) == len("20060102")) {
			c.add("event %s: a start and an end of different types (3.8.2.2)", uid)
		} else if !e.End.After(e.Start) {
			c.add("event %s: it ends before it begins (3.8.2.2)", uid)
		}
		if n.line("DURATION") != nil {
			c.add("event %s: an end and a duration", uid)
		}
	}
	return e
}

// instant is the time of a property; zero, with a complaint, where it is none.
func (c *complaints) instant(uid string, l *line, zones map[string]timezone) time.Time {
	id, zoned := l.params["TZID"]
	date := len(l.value) == len("20060102")
	switch {
	case date != (l.params["VALUE"] == "DATE"):
		c.add("event %s: %s is a date or has VALUE=DATE, not both", uid, l.name)
	case date && zoned:
		c.add("event %s: a day with a time zone", uid)
	case strings.HasSuffix(l.value, "Z"):
		if zoned {
			c.add("event %s: a time in UTC with a time zone", uid)
		}
		t, _ := time.Parse("20060102T150405Z", l.value)
		return t
	case date:
		t, _ := time.Parse("20060102", l.value)
		return t
	case !zoned:
		c.add("event %s: %s floats: it is another instant for everybody", uid, l.name)
	default:
		zone, ok := zones[id]
		if !ok {
			c.add("event %s: the time zone %s is not in the file (3.2.19)", uid, id)
			break
		}
		local, _ := time.Parse("20060102T150405", l.value)
		t, ok := zone.instant(local)
		if !ok {
			c.add("event %s: the time zone %s does not say what holds at %s", uid, id, l.value)
		}
		return t
	}
	return time.Time{}
}

// timezone are the observances of a VTIMEZONE.
type timezone []observance

// observance is what holds from an onset on. Wall times are those of clocks, written as if in UTC.
type observance struct {
	onset    time.Time // wall time, by the offset before
	from, to time.Duration
	name     string
}

// instant is when clocks first show a wall time.
func (z timezone) instant(local time.Time) (time.Time, bool) {
	var at *observance
	for i := range z {
		if !z[i].onset.After(local) && (at == nil || z[i].onset.After(at.onset)) {
			at = &z[i]
		}
	}
	if at == nil {
		return time.Time{}, false
	}
	return local.Add(-at.to), true
}

func (c *complaints) timezone(id string, n *component) timezone {
	var zone timezone
	for _, o := range n.components {
		onset, err := time.Parse("20060102T150405", o.value("DTSTART"))
		if err != nil {
			continue // there is a complaint about it already
		}
		from, to := seconds(o.value("TZOFFSETFROM")), seconds(o.value("TZOFFSETTO"))
		if slices.ContainsFunc(zone, func(z observance) bool { return z.onset.Equal(onset) }) {
			c.add("time zone %s: two observances from %s", id, o.value("DTSTART"))
		}
		zone = append(zone, observance{onset, from, to, unescape(o.value("TZNAME"))})
	}
	if len(n.components) == 0 {
		c.add("time zone %s: no observance (3.6.5)", id)
	}
	slices.SortFunc(zone, func(a, b observance) int { return a.onset.Compare(b.onset) })
	for i := range zone[:max(0, len(zone)-1)] {
		if zone[i].to != zone[i+1].from {
			c.add("time zone %s: clocks are set from an offset that did not hold at %s", id, zone[i+1].onset.Format("20060102T150405"))
		}
	}
	return zone
}

// seconds is an offset such as +0730 or +070712.
func seconds(s string) time.Duration {
	if !valueForms[offset].MatchString(s) {
		return 0
	}
	digit := func(i int) time.Duration { return time.Duration(s[i] - '0') }
	d := (digit(1)*10+digit(2))*time.Hour + (digit(3)*10+digit(4))*time.Minute
	if len(s) == len("+070712") {
		d += (digit(5)*10 + digit(6)) * time.Second
	}
	if s[0] == '-' {
		d = -d
	}
	return d
}

// values looks at the properties of a component.
func (c *complaints) values(n *component) {
	name := n.name
	if name == "DAYLIGHT" {
		name = "STANDARD"
	}
	has := componentHas[name]
	counts := map[string]int{}
	for _, l := range n.lines {
		counts[l.name]++
		p, known := has[l.name]
		if !known {
			if !strings.HasPrefix(l.name, "X-") {
				c.add("%s: %s does not belong here", n.name, l.name)
			}
			p.kind = textual // of the extensions that we know
		}
		c.parameters(n.name, l, p.kind)
		c.form(n.name, l, p.kind)
	}
	for _, name := range slices.Sorted(maps.Keys(has)) {
		if s := has[name].share; counts[name] < s.least || counts[name] > s.most {
			c.add("%s: %d times %s", n.name, counts[name], name)
		}
	}
}

func (c *complaints) parameters(where string, l *line, k kind) {
	for name, value := range l.params {
		ok := true
		switch name {
		case "LANGUAGE":
			ok = (k == textual || k == list) && languageTag.MatchString(value)
		case "TZID":
			ok = k == when
		case "VALUE":
			ok = k == when && (value == "DATE" || value == "DATE-TIME") || k == address && value == "URI" ||
				k == duration && value == "DURATION" || k == textual && value == "TEXT"
		case "ALTREP":
			ok = k == textual && absolute(value)
		case "CN", "SENT-BY", "DIR":
			ok = l.name == "ORGANIZER" || l.name == "ATTENDEE"
		default:
			ok = strings.HasPrefix(name, "X-") || k == other
		}
		if !ok {
			c.add("%s: %s with %s=%s", where, l.name, name, value)
		}
	}
	if l.name == "REFRESH-INTERVAL" && l.params["VALUE"] != "DURATION" {
		c.add("%s: REFRESH-INTERVAL without VALUE=DURATION (RFC 7986, 5.7)", where)
	}
}

func (c *complaints) form(where string, l *line, k kind) {
	complain := func() { c.add("%s: the value of %s: %.60q", where, l.name, l.value) }
	if allowed, ok := fixed[l.name]; ok && !slices.Contains(allowed, l.value) {
		complain()
	}
	switch k {
	case textual:
		if !escaped(l.value) || len(splitList(l.value)) > 1 {
			complain()
		}
	case list:
		if !escaped(l.value) {
			complain()
		}
	case address:
		if u, err := url.Parse(l.value); err != nil || !ascii(l.value) || u.Scheme == "" || !absolute(l.value) {
			complain()
		}
	case instant, when, wall, offset, duration, integer:
		if !valueForms[k].MatchString(l.value) || strings.HasSuffix(l.value, "T") || l.value == "-0000" || l.value == "-000000" {
			complain()
		} else if k == instant || k == when || k == wall {
			layout := "20060102T150405Z"[:len(l.value)]
			if _, err := time.Parse(layout, l.value); err != nil {
				complain()
			}
		}
	}
}
