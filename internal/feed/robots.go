package feed

import (
	"bytes"
	"strings"
)

// Robots is a robots.txt (RFC 9309) that lets every crawler read everything but the paths that begin with one of those
// in disallow, and tells where the sitemap is (absolute; empty: there is none).
//
// A path is taken at its word: an asterisk in it is an asterisk. A path of "/" keeps all away; an empty one is passed
// over, since it would mean the contrary of a ban.
func Robots(sitemap string, disallow []string) []byte {
	var b bytes.Buffer
	b.WriteString("User-agent: *\n")
	banned := 0
	for _, path := range disallow {
		if path != "" {
			b.WriteString("Disallow: " + robotsPath(path) + "\n")
			banned++
		}
	}
	if banned == 0 {
		b.WriteString("Disallow:\n") // a group needs a rule (2.2.2)
	}
	if sitemap != "" {
		b.WriteString("\nSitemap: " + uri(sitemap) + "\n")
	}
	return b.Bytes()
}

// robotsPath writes in percent signs what would be a pattern, a comment or the end of the line (RFC 9309, 2.2.2 and
// 2.2.3). A percent sign stays: the path is that of an address.
func robotsPath(path string) string {
	return percent("/"+strings.TrimPrefix(path, "/"), func(c byte) bool {
		return alphanumeric(c) || strings.IndexByte("-._~!&'()+,;=:@/?%", c) >= 0
	})
}

// uri leaves an address as it is but for octets that no URI holds (RFC 3986, 2), which are written in percent signs.
func uri(address string) string {
	return percent(clean(address), func(c byte) bool {
		return alphanumeric(c) || strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0
	})
}
