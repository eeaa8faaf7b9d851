package pendapa_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pendapa/internal/config"
	"pendapa/internal/decode"
	"pendapa/internal/locale"
	"pendapa/internal/model"
)

// TestEveryMessageIsInTheCatalogue reads every call of diag.Textf and looks its format up in the languages other than
// English: each has a translation with the same arguments, and the catalogue has no message that nobody says.
func TestEveryMessageIsInTheCatalogue(t *testing.T) {
	said := messages(t)
	if len(said) < 200 {
		t.Fatalf("only %d messages found: the test looks in the wrong places", len(said))
	}
	for _, lang := range locale.Languages() {
		if lang == locale.English {
			continue
		}
		for format, place := range said {
			translation, ok := lang.Messages()[format]
			switch {
			case !ok:
				t.Errorf("%s: no %s for %q", place, lang, format)
			case !slices.Equal(verbs(format), verbs(translation)):
				t.Errorf("%s: %q takes %v, its translation %v", place, format, verbs(format), verbs(translation))
			}
		}
		for format := range lang.Messages() {
			if _, ok := said[format]; !ok {
				t.Errorf("the %s catalogue has a message that nobody says: %q", lang, format)
			}
		}
	}
}

// messages are the formats that the program passes to diag.Textf, each with a place where.
func messages(t *testing.T) map[string]string {
	said := make(map[string]string)
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 || !isTextf(call.Fun) {
				return true
			}
			place := files.Position(call.Pos()).String()
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a message that is not a constant cannot be translated", place)
				return true
			}
			format, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			if want := len(verbs(format)); want != len(call.Args)-1 {
				t.Errorf("%s: %q takes %d arguments and gets %d", place, format, want, len(call.Args)-1)
			}
			if regexp.MustCompile(`\p{L}`).MatchString(verb.ReplaceAllString(format, "")) { // not only arguments
				said[format] = place
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// What keys are for is told in new pages and in schemas.
	described := map[string][]decode.Key{"site.yaml": decode.Describe(reflect.TypeFor[config.Settings]())}
	for _, kind := range model.Kinds() {
		described[string(kind)] = model.Keys(kind)
	}
	for name, keys := range described {
		descriptions(name, keys, said)
	}
	return said
}

func descriptions(place string, keys []decode.Key, said map[string]string) {
	for _, k := range keys {
		said[k.Doc] = place + ": " + k.Name
		descriptions(place, k.Keys, said)
		if k.Item != nil {
			descriptions(place, k.Item.Keys, said)
		}
	}
}

func isTextf(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name == "Textf"
	case *ast.SelectorExpr:
		return f.Sel.Name == "Textf"
	}
	return false
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[+#0-9.]*([a-zA-Z%])`)

// verbs are what a format does with its arguments, in the order of the arguments.
func verbs(format string) []string {
	var list []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		at := next
		if m[1] != "" {
			at, _ = strconv.Atoi(m[1])
		}
		next = at + 1
		for len(list) < at {
			list = append(list, "")
		}
		list[at-1] = m[2]
	}
	return list
}
