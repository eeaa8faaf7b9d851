package feedtest

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// line is a content line of iCalendar (RFC 5545, 3.1).
type line struct {
	name   string
	params map[string]string
	value  string // escaped
}

// component is what stands between a BEGIN and its END.
type component struct {
	name       string
	lines      []*line
	components []*component
}

func (n *component) line(name string) *line {
	for _, l := range n.lines {
		if l.name == name {
			return l
		}
	}
	return nil
}

func (n *component) value(name string) string {
	if l := n.line(name); l != nil {
		return l.value
	}
	return ""
}

// unfold looks at the lines as they are in the file, and puts together what was folded.
func (c *complaints) unfold(data []byte) []string {
	if !bytes.HasSuffix(data, []byte("\r\n")) {
		c.add("the last line has no CRLF")
	}
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		c.add("a byte order mark")
	}
	var lines []string
	for i, physical := range strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		if len(physical) > 75 {
			c.add("line %d: %d octets, more than 75", i+1, len(physical))
		}
		if !utf8.ValidString(physical) {
			c.add("line %d: not UTF-8 by itself: folded inside a character?", i+1)
		}
		if strings.ContainsFunc(physical, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }) {
			c.add("line %d: a control character, or half of CRLF", i+1)
		}
		folded := physical != "" && (physical[0] == ' ' || physical[0] == '\t')
		switch {
		case folded && len(lines) == 0:
			c.add("line 1: folded")
		case folded && len(physical) == 1:
			c.add("line %d: folded to nothing", i+1)
		case folded:
			lines[len(lines)-1] += physical[1:]
		case physical == "":
			c.add("line %d: empty", i+1)
		default:
			lines = append(lines, physical)
		}
	}
	return lines
}

var (
	contentLine = regexp.MustCompile(`^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x08\x0A-\x1F]*"|[^";:,\x00-\x08\x0A-\x1F]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$`)
	parameter   = regexp.MustCompile(`;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:])*)`)
)

// components reads the nesting, and looks at what each component has. It is nil where there is no calendar.
func (c *complaints) components(lines []string) *component {
	root := &component{}
	open := []*component{root}
	for i, s := range lines {
		m := contentLine.FindStringSubmatch(s)
		if m == nil {
			c.add("not a content line: %.60q", s)
			continue
		}
		l := &line{name: strings.ToUpper(m[1]), params: map[string]string{}, value: m[3]}
		for _, p := range parameter.FindAllStringSubmatch(m[2], -1) {
			name := strings.ToUpper(p[1])
			if _, twice := l.params[name]; twice {
				c.add("%s: the parameter %s twice", l.name, name)
			}
			l.params[name] = strings.Trim(p[2], `"`)
		}
		at := open[len(open)-1]
		switch l.name {
		case "BEGIN":
			n := &component{name: l.value}
			if parent, known := inside[n.name]; !known || parent != at.name {
				c.add("%q inside %q", n.name, at.name)
			}
			at.components = append(at.components, n)
			open = append(open, n)
		case "END":
			if at == root || at.name != l.value {
				c.add("END:%s ends %q", l.value, at.name)
				return nil
			}
			c.values(at)
			open = open[:len(open)-1]
			if len(open) == 1 && i < len(lines)-1 {
				c.add("something after the calendar")
			}
		default:
			if at == root {
				c.add("%s outside a calendar", l.name)
			} else if len(at.components) > 0 {
				c.add("%s after a component in %s", l.name, at.name)
			}
			at.lines = append(at.lines, l)
		}
	}
	if len(open) != 1 || len(root.components) != 1 {
		c.add("not exactly one whole calendar")
		return nil
	}
	return root.components[0]
}

// escaped reports whether a value has nothing that TEXT must escape, but for the commas of a list (3.3.11).
func escaped(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return false
		case '\\':
			i++
			if i == len(s) || strings.IndexByte(`\;,nN`, s[i]) < 0 {
				return false
			}
		}
	}
	return true
}

// splitList cuts a list of TEXT at its commas.
func splitList(s string) []string {
	var items []string
	from := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			items = append(items, s[from:i])
			from = i + 1
		}
	}
	return append(items, s[from:])
}

var unescapes = strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n")

func unescape(s string) string { return unescapes.Replace(s) }
