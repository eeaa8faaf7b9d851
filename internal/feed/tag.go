package feed

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Authority is who mints tag URIs (RFC 4151): a domain or mail address, and a day on which it belonged to them. The
// day keeps the names unique when the domain later goes to somebody else; it must not change once feeds are followed.
type Authority struct {
	Name string // "smartcity-pati.example" or "kominfo@pati.example"
	Date string // "2026", "2026-01" or "2026-01-31"; a year means its first day
}

const domain = `[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*`

var authorityName = regexp.MustCompile(`^([a-z0-9._-]+@)?` + domain + `$`)

// ParseAuthority reads "smartcity-pati.example,2026". Its errors are sentences for an editor. Whether the day is past,
// as it has to be, is for the caller to see.
func ParseAuthority(s string) (Authority, error) {
	name, date, found := strings.Cut(s, ",")
	switch {
	case !found:
		return Authority{}, fmt.Errorf("%q needs a comma and a year on whose first day the domain was yours, such as smartcity-pati.example,2026", s)
	case name != strings.ToLower(name):
		return Authority{}, fmt.Errorf("%q has capital letters, which would make other names of the same domain; write %s", name, strings.ToLower(name))
	case strings.ContainsFunc(name, func(r rune) bool { return r > '~' }):
		return Authority{}, fmt.Errorf("%q has letters outside a to z; write the domain as the domain name system does, beginning with xn--", name)
	case !authorityName.MatchString(name):
		return Authority{}, fmt.Errorf("%q is neither a domain nor a mail address; write it without https:// and without slashes", name)
	}
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, date); err == nil {
			return Authority{name, date}, nil
		}
	}
	return Authority{}, fmt.Errorf("%q is not a day; write a year, a month or a day, such as 2026, 2026-01 or 2026-01-31", date)
}

// String is the authority as ParseAuthority reads it.
func (a Authority) String() string { return a.Name + "," + a.Date }

// Tag names a thing for ever: "tag:smartcity-pati.example,2026:quick-wins/sampah/". The specific part is plain text;
// what a URI cannot hold is written in percent signs (RFC 4151, 2.1; RFC 3986, 3.3), a percent sign too, so that two
// texts never have one tag.
func (a Authority) Tag(specific string) string {
	return "tag:" + a.String() + ":" + percent(specific, func(c byte) bool {
		return alphanumeric(c) || strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0
	})
}

// percent writes in percent signs every octet that may not stand for itself.
func percent(s string, allowed func(byte) bool) string {
	var b strings.Builder
	for i := range len(s) {
		if allowed(s[i]) {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
