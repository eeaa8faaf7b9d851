package treetest

import "os"

// Effort is how much a test does: quick by itself, gate where CI=true, and long with PENDAPA_LONG=1, when it may take many
// minutes. Under the race detector, which makes it ten times as slow, it is quick in the gate too: there the gate runs the
// test a second time, without.
func Effort(quick, gate, long int) int {
	switch {
	case os.Getenv("PENDAPA_LONG") != "":
		return long
	case os.Getenv("CI") == "true" && !Raced:
		return gate
	}
	return quick
}
