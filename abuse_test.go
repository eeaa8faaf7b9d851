package pendapa_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// abuse are the hostile inputs and faults that Pendapa has to stand, numbered from 1: a test names its case as A15. What
// must come of each is what its test asks for: mostly an error with its place and a remedy, and nothing published.
var abuse = []string{
	// Front matter
	"a byte order mark, UTF-16",
	"lines that end with CRLF, with CR only",
	"front matter that is not closed",
	"an indented --- in front matter",
	"four hyphens, a blank line before ---",
	"a body that starts with { or holds rules",
	"a typed page without front matter",
	"an unknown key",
	"a key given twice",
	"words, fractions and overflow for a whole number",
	"days that do not exist, an end before its start",
	"titles that YAML takes for something else, yes for true",
	"a colon in a title",
	"indentation by tabs",
	"a bomb of aliases",
	"brackets and keys nested 10,000 deep",
	"front matter over 64 KiB",
	"two documents, a list for keys",
	"tags and merge keys of YAML",
	"invalid UTF-8, NUL, directions that change",
	"NaN, infinity, a unit that is missing",
	"slugs that lead elsewhere",
	"a title of 1 MB, 10,000 tags",
	// Markdown and HTML
	"elements and handlers that run scripts",
	"javascript: in twenty spellings",
	"blob:, intent:, file: and data: links",
	"addresses that start with // or \\\\",
	"attributes in braces",
	"markup in the language of a fence",
	"quotes in titles and words of pictures",
	"HTML in headings and titles, everywhere they show",
	"reserved and equal ids",
	"the end of a script, U+2028 in data",
	"template actions in Markdown",
	"]]> and control characters in feeds",
	"line ends in an event's title",
	"formulas in CSV cells",
	"broken links, missing anchors, wrong case",
	"pictures that are missing, remote or outside",
	"shapes on which Markdown takes quadratic time",
	"a table of 2,000 columns",
	"60,000 quotations, 5,000 lists in each other",
	"ten minutes of random Markdown",
	// File system
	"links out of the tree",
	"a loop of links",
	"a link swapped in while a build runs",
	"an output folder that is a link",
	"pipes, sockets and devices",
	"an unreadable file",
	"a file that vanishes or changes while it is read",
	".env, .git, keys and backups in static/",
	"an output that is /, home, content or the site",
	"an output with files that are not ours",
	"init in a folder, new over a file",
	"names over 255 bytes, paths over 4,096",
	// Settings
	"unknown keys, wrong types, empty settings",
	"addresses without scheme, with credentials or query",
	"markup for a colour",
	"a logo outside the tree",
	"an unknown time zone or language",
	"a credential in the settings",
	// Images
	"a PNG that declares 50,000 × 50,000 pixels",
	"cut off, empty, CMYK and 16 bit pictures",
	"a GIF of 10,000 frames",
	"EXIF rotation and position",
	"HTML named .png",
	"scripts and references in SVG",
	"an original of 200 MB",
	"WebP on machines with and without libwebp",
	// Templates
	"syntax errors, missing partials",
	"endless recursion",
	"a function that panics",
	"an endless range, a page of 1 GB",
	"files, environment, processes and network",
	"a nil field",
	// Preview server
	"another name in Host",
	"foreign origins and forwarded hosts",
	"paths that lead out or hide",
	"links in the served tree",
	"POST and PUT",
	"listening to others",
	"a port that is taken",
	"markup in the page of mistakes",
	"slow requests, 1 MB of headers",
	"500 streams opened and dropped",
	"a request during a rebuild",
	"a build that fails",
	"what serve adds, in what build publishes",
	// Watching
	"the ways in which editors save",
	"folders in new folders",
	"a checkout of 5,000 files",
	"a queue that runs over",
	"limits of watches and descriptors",
	"folders renamed, content gone and back",
	"half a file saved",
	"a save during a rebuild",
	"files touched",
	"an output in the watched tree",
	"Ctrl-C while serving",
	// Publishing
	"a kill at every step",
	"a full disk and other faults at every step",
	"a disk that cannot be written",
	"a power cut at every step",
	"a reader during many builds",
	"a system that cannot exchange folders",
	"two builds at once",
	"a stale lock, a process id used again",
	"SIGINT and SIGTERM",
	"one bad page of many",
	"a cache cut, flipped, older or foreign",
	"clocks of other centuries, old times with new bytes",
	// The same bytes
	"processors, zones, languages, umasks, users, paths",
	"a build after random edits",
	"equal dates and orders",
	"the clock in the output",
	"a shallow clone, no git",
	// Deploy
	"a dry run",
	"a host that fails at any request",
	"the order of uploads",
	"a failed build, too many deletions, a foreign prefix",
	"two deploys at once",
	"a host key that changed",
	"secrets in logs, errors and plans",
	"types, caching and encoding",
	"a remote file changed by others",
	"a release taken back",
	"a clock that the host refuses",
	// Search
	"words that mean something to JavaScript",
	"HTML in titles and excerpts",
	"queries of 10 kB, of emoji, right to left",
	"drafts, future and expired pages",
	"an index of 100,000 pages",
	"no JavaScript",
	// Size
	"100,000 pages",
	"a file of 50 MB",
	"10,000 equal headings",
	"100,000 files in a folder",
	"many tags, 10,000 links on a page",
	"over 50,000 addresses",
	// Names and Unicode
	"a decomposed name, a composed link",
	"composed and decomposed twins",
	"titles of emoji, of nothing visible, of 日本語",
	"a title from right to left",
	"1,000 marks on a letter, a slug that is cut",
	"İ, ı, full width and letters that look alike",
	"names that are not UTF-8, half characters",
	"names of devices",
	"colons, question marks, dots and blanks in names",
	"backslashes in names and links",
	"an output held open on Windows",
	// Collisions
	"names that differ by case",
	"two pages with one slug",
	"a file and a bundle of one name",
	"a page over what the portal needs",
	"an alias over a page",
	"a page and a folder of one name",
	"a draft at a published address",
	"equal and missing orders",
	"tags that differ by case",
	"an address lost since the last publishing",
}

const undeployed = "nothing deploys yet"

// untested are the cases without a test, with the reason.
var untested = map[int]string{
	117: undeployed, 118: undeployed, 119: undeployed, 120: undeployed, 121: undeployed, 122: undeployed, 123: undeployed, 124: undeployed, 125: undeployed, 126: undeployed, 127: undeployed,
	150: "Windows: the gate vets for it, and no machine of it runs the tests",
}

// caseNumber is a case in a test's name or comment; %A9 in an address is none.
var caseNumber = regexp.MustCompile(`(?:^|[^%\w])A(\d+)\b`)

// TestAbuseCatalogue fails for a case that has neither a test nor a reason, and for one that has both.
func TestAbuseCatalogue(t *testing.T) {
	if len(abuse) != 160 {
		t.Fatalf("%d cases", len(abuse))
	}
	tested := make(map[int]string)
	readTests(t, func(name string, data []byte) {
		for _, m := range caseNumber.FindAllSubmatch(data, -1) {
			if n, err := strconv.Atoi(string(m[1])); err == nil {
				tested[n] = name
			}
		}
	})
	for i, what := range abuse {
		n := i + 1
		switch file, reason := tested[n], untested[n]; {
		case file == "" && reason == "":
			t.Errorf("A%d has neither a test nor a reason: %s", n, what)
		case file != "" && reason != "":
			t.Errorf("A%d has a test in %s, and a reason to have none: %s", n, file, reason)
		}
	}
	for n := range untested {
		if n < 1 || n > len(abuse) {
			t.Errorf("there is no A%d", n)
		}
	}
}

// readTests reads the tests of the repository, in whatever language, but for those in this folder, which are about the
// others.
func readTests(t *testing.T, visit func(name string, data []byte)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", ".pendapa", "node_modules", "public"}, entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Dir(name) == ".":
			return nil
		case !strings.HasSuffix(name, "_test.go") && filepath.Ext(name) != ".txtar" && (filepath.Ext(name) != ".mjs" || filepath.Dir(name) != ".ci"):
			return nil
		}
		data, err := os.ReadFile(name)
		if err == nil {
			visit(name, data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
