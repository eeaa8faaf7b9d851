// Package demo holds Kabupaten Contoh: a fictional portal that uses every field of every kind, for tests, for trying
// things out and for pictures. Nothing in it is real.
package demo

import "embed"

// Site is the portal's folder, below "site".
//
//go:embed site/site.yaml all:site/content
var Site embed.FS

// AsOf is the day for which the portal's figures are made: some are then overdue, some late, some ahead.
const AsOf = "2026-03-01"

// Marks are words that stand only in pages that are not published on that day: a draft, one that comes later and one
// that has expired.
func Marks() []string { return []string{"Wirasandya", "Nantikala", "Usangraya"} }
