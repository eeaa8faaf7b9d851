// Package feed writes the formats by which other programs follow a portal: Atom for news readers, iCalendar for
// calendars, sitemaps and robots.txt for search engines, security.txt for those who find a hole.
//
// Each format has one file, and a typed struct that becomes bytes by a method of its own. The package knows nothing of
// pages, and reads neither clock nor disk: equal values give equal bytes, so that a build that changed nothing changes
// no feed.
//
// Whatever the texts hold, a document stays what it is: characters that XML cannot carry are left out, and no title can
// close an element or begin a property. What a format requires and the caller left empty is not invented; package
// feedtest finds it in tests.
package feed

// Alternate is the same page in another language.
type Alternate struct {
	Lang string // a language tag (BCP 47), such as "id"; in sitemaps also "x-default"
	Href string // absolute
}
