package stem

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// English is the stem of a word in small letters, by the Snowball project's English algorithm
// (snowballstem.org/algorithms/english), as its own compiler wrote it in Go.
func English(word string) string {
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}
