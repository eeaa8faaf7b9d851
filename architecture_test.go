package pendapa_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// steps are the packages in the order of DESIGN.md, section 2: each may import those of lower steps only. Packages on
// one step do not know each other, except as allowed names.
var steps = [][]string{
	{"cmd/pendapa"},
	{"internal/cli"},
	{"internal/serve", "internal/check", "internal/scaffold", "internal/export"},
	{"internal/build", "internal/schema"},
	{"internal/render", "internal/publish", "internal/search"},
	{"internal/opendata"},
	{"internal/site", "internal/chart", "internal/cover", "internal/picture", "internal/host", "internal/sheet", "internal/record"},
	{"internal/model", "internal/markdown"},
	{"internal/source", "internal/config"},
	{"internal/decode", "internal/palette"},
	{"internal/history", "internal/proof"},
	{"internal/diag", "internal/locale", "internal/stem", "internal/feed", "internal/parallel", "internal/pack", "internal/cache", "internal/compare", "internal/book", "internal/epub"},
	{"internal/xmltext"},
}

// free are packages of files, and for tests; everybody may use them.
var free = []string{"", "internal/demo", "internal/treetest", "internal/faults", "internal/feed/feedtest"}

// knowers are the modules that one package each knows, besides those of tests.
var knowers = map[string]string{
	"github.com/yuin/goldmark":      "internal/markdown",
	"github.com/adrg/frontmatter":   "internal/source",
	"github.com/fsnotify/fsnotify":  "internal/serve",
	"go.yaml.in/yaml":               "internal/decode",
	"github.com/pelletier/go-toml":  "internal/decode",
	"github.com/spf13/cobra":        "internal/cli",
	"golang.org/x/sys":              "internal/publish",
	"golang.org/x/text/collate":     "internal/site",
	"github.com/tdewolff/minify":    "internal/render",
	"github.com/tdewolff/parse":     "internal/render",
	"github.com/blevesearch":        "internal/stem",
	"golang.org/x/text/language":    "internal/site",
	"github.com/tetratelabs/wazero": "internal/picture",
	"golang.org/x/image":            "internal/picture",
	"golang.org/x/net/idna":         "internal/config",
	"github.com/andybalholm/brotli": "internal/publish",
	"golang.org/x/mod":              "internal/proof",
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []goPackage
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// short is a package's path in the module; false for those of others.
func short(path string) (string, bool) {
	if path == "pendapa" {
		return "", true
	}
	return strings.CutPrefix(path, "pendapa/")
}

func step(name string) int {
	return slices.IndexFunc(steps, func(s []string) bool { return slices.Contains(s, name) })
}

func TestDependenciesPointOneWay(t *testing.T) {
	seen := 0
	for _, p := range packages(t) {
		name, _ := short(p.ImportPath)
		at := step(name)
		if at < 0 && !slices.Contains(free, name) {
			t.Errorf("%s has no step in this test: say where it belongs", name)
			continue
		}
		seen++
		for _, path := range p.Imports {
			imported, ours := short(path)
			if ours && !slices.Contains(free, imported) && (at < 0 || step(imported) <= at) {
				t.Errorf("%s imports %s, which is not below it", name, imported)
			}
			for module, knower := range knowers {
				if (path == module || strings.HasPrefix(path, module+"/")) && name != knower && !slices.Contains(free, name) {
					t.Errorf("%s imports %s, which only %s knows", name, path, knower)
				}
			}
		}
	}
	if seen < len(steps) {
		t.Errorf("only %d packages were looked at", seen)
	}
}
