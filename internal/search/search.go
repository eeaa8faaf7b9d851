// Package search is the portal's index of words: how texts are split and words brought to stems, which stems are one, and
// the files from which a browser answers a query.
package search
