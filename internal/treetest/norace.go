//go:build !race

package treetest

// Raced says that the race detector is at work.
const Raced = false
