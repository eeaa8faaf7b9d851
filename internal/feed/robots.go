package feed

import (
	"strings"

	"pendapa/internal/xmltext"
)

// Robots is a robots.txt (RFC 9309) that lets every crawler read everything, and tells where the sitemap is (absolute;
// empty: there is none).
func Robots(sitemap string) []byte {
	robots := "User-agent: *\nDisallow:\n" // a group needs a rule (2.2.2); an empty one bans nothing
	if sitemap != "" {
		robots += "\nSitemap: " + uri(sitemap) + "\n"
	}
	return []byte(robots)
}

// uri leaves an address as it is but for octets that no URI holds (RFC 3986, 2), which are written in percent signs.
func uri(address string) string {
	return percent(xmltext.Clean(address), func(c byte) bool {
		return alphanumeric(c) || strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) >= 0
	})
}
