//go:build race

package main

// raced says that the race detector is at work, which makes a build ten times as slow.
const raced = true
