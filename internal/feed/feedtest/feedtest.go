// Package feedtest judges feeds in tests, more strictly than the programs that read them, which forgive much.
//
// Atom, Calendar and Sitemap hold a file against its standard and against what a public portal owes its readers beyond:
// absolute addresses, a feed that knows its own, times that are the same instant for everybody. Each returns everything
// it has to complain of, joined, or nil. The package knows nothing of package feed, so that both do not err together.
package feedtest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// complaints is what is wrong with a file.
type complaints []error

func (c *complaints) add(format string, args ...any) { *c = append(*c, fmt.Errorf(format, args...)) }

func (c *complaints) err() error { return errors.Join(*c...) }

var languageTag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`) // RFC 5646, roughly

// absolute reports whether s is an absolute IRI (RFC 3987) with a host where its scheme needs one.
func absolute(s string) bool {
	if strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" {
		return false
	}
	return web(u) && u.Host != "" || !web(u) && (u.Opaque != "" || u.Host != "" || u.Path != "")
}

func web(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '!' || r > '~' })
}
