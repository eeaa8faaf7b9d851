package epub

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// links checks where all pages lead: out of the book only to a full address, inside it to a page and an id that are
// there, and to pictures that are.
func (b *builder) links() error {
	for _, name := range slices.Sorted(maps.Keys(b.pages)) {
		for _, a := range b.pages[name].addresses {
			if err := b.leads(name, a); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

func (b *builder) leads(from string, a address) error {
	if scheme.MatchString(a.href) {
		if a.shown && !strings.HasPrefix(a.href, "data:") {
			return fmt.Errorf("the picture %s is not in the book", a.href)
		}
		return nil
	}
	name, fragment, hasFragment := strings.Cut(a.href, "#")
	name, fragment = unescaped(name), unescaped(fragment)
	switch {
	case name == "" && !hasFragment, strings.HasPrefix(name, "/"), strings.Contains(name, "?"):
		return fmt.Errorf("the address %q leads to nothing in the book", a.href)
	case name == "":
		name = from
	default:
		name = path.Join(path.Dir(from), name)
	}
	to, isPage := b.pages[name]
	switch {
	case a.shown && slices.ContainsFunc(b.manifest, func(it item) bool { return it.name == name && it.mediaType != xhtmlType }):
		return nil
	case a.shown || !isPage:
		return fmt.Errorf("the address %q leads to nothing in the book", a.href)
	case hasFragment && !to.ids[fragment]:
		return fmt.Errorf("the address %q leads to an id that is not there", a.href)
	}
	return nil
}

func unescaped(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}
