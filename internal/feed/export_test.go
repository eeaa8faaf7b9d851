package feed

import "pendapa/internal/xmltext"

// WellFormed is Absolute without a tree. false: it is not sure of the fragment.
func WellFormed(fragment, base string) (string, bool) {
	return must(base).wellFormed(xmltext.Clean(fragment))
}

// AnyHTML is Absolute with a tree of every fragment.
func AnyHTML(fragment, base string) (string, error) {
	return must(base).anyHTML(xmltext.Clean(fragment))
}

// OneAddress makes an address absolute as Absolute does, ParsedAddress with net/url whatever it is.
func OneAddress(address, base string) (string, bool)    { return must(base).address(address) }
func ParsedAddress(address, base string) (string, bool) { return must(base).resolve(address) }

func must(base string) absolute {
	a, err := on(base)
	if err != nil {
		panic(err)
	}
	return a
}
