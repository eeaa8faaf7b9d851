package schema

import (
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pendapa/internal/config"
	"pendapa/internal/decode"
	"pendapa/internal/demo"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/model"
	"pendapa/internal/source"
)

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	data, err := For(name, func(s string) string { return s })
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatalf("%s is no schema of draft 2020-12: %v", name, err)
	}
	return s
}

// asEditor is a node as an editor's YAML reader (core schema, YAML 1.2) sees it.
func asEditor(n *decode.Node) any {
	switch n.Kind {
	case decode.Null:
		return nil
	case decode.Mapping:
		m := make(map[string]any)
		for _, f := range n.Fields {
			m[f.Key] = asEditor(f.Value)
		}
		return m
	case decode.Sequence:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, asEditor(item))
		}
		return list
	}
	if !n.Quoted {
		if n.Value == "true" || n.Value == "false" {
			return n.Value == "true"
		}
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}

// both tells what the decoder and the schema say of a front matter.
func both(t *testing.T, s *jsonschema.Schema, kind model.Kind, text string) (decoder []diag.Problem, schema error) {
	t.Helper()
	problems := &diag.List{}
	file := decode.File{Name: "x", Problems: problems, Location: time.UTC}
	node := decode.YAML(file, []byte(text), 1)
	if node == nil {
		t.Fatalf("not YAML: %s", text)
	}
	page := source.Page{Front: node}
	model.Decode(&decode.Decoder{}, model.Place{File: "x", Kind: kind, Lang: locale.Indonesian}, &page, false, file)
	return problems.Sorted(), s.Validate(asEditor(node))
}

func TestEveryPageOfTheDemoFollowsItsSchema(t *testing.T) {
	seen := make(map[model.Kind]int)
	err := fs.WalkDir(demo.Site, "site/content", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".en.md") {
			return err
		}
		data, err := fs.ReadFile(demo.Site, name)
		if err != nil {
			return err
		}
		problems := &diag.List{}
		place, ok := model.Locate(strings.TrimPrefix(name, "site/"), []locale.Lang{locale.Indonesian, locale.English}, problems)
		page, split := source.Split(name, data, time.UTC, problems)
		if !ok || !split || page.Front == nil {
			t.Fatal(name, problems.Sorted())
		}
		seen[place.Kind]++
		if err := compile(t, string(place.Kind)).Validate(asEditor(page.Front)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range model.Kinds() {
		if seen[kind] == 0 {
			t.Errorf("the demo has no page of the kind %s", kind)
		}
	}
}

func TestSettingsFollowTheirSchema(t *testing.T) {
	s := compile(t, Site)
	ours, err := os.ReadFile("../../site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := fs.ReadFile(demo.Site, "site/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{ours, theirs, []byte("title: T\ncity: K\nurl: https://x.example/\ncheck: {orphan: off, overdue: error}\nfeatures: {dark: false}\n")} {
		problems := &diag.List{}
		node := decode.YAML(decode.File{Name: "site.yaml", Problems: problems}, text, 1)
		if err := s.Validate(asEditor(node)); err != nil {
			t.Error(err)
		}
		if config.Parse(text, "", func(string) bool { return true }, problems) == nil {
			t.Error(problems.Sorted())
		}
	}
	for _, text := range []string{"title: T\ncity: K\n", "title: T\ncity: K\nurl: https://x.example/\ncheck: {nothing: off}\n", "title: T\ncity: K\nurl: https://x.example/\ncheck: {orphan: maybe}\n", "title: T\ncity: K\nurl: https://x.example/\nfeatures: {dark: 7}\n", "title: T\ncity: K\nurl: https://x.example/\nnothing: 1\n"} {
		problems := &diag.List{}
		node := decode.YAML(decode.File{Name: "site.yaml", Problems: problems}, []byte(text), 1)
		if s.Validate(asEditor(node)) == nil {
			t.Errorf("the schema takes %q", text)
		}
		if config.Parse([]byte(text), "", func(string) bool { return true }, problems) != nil {
			t.Errorf("the settings take %q", text)
		}
	}
}

// The schema and the decoder are made from the same descriptions; here they are held against each other, key by key:
// what one refuses, the other does.
func TestSchemaAndDecoderAgree(t *testing.T) {
	for _, kind := range model.Kinds() {
		s := compile(t, string(kind))
		keys := model.Keys(kind)
		base := map[string]string{}
		for _, k := range keys {
			if k.Required {
				base[k.Name] = good(k)
			}
		}
		text := func(name, value string) string {
			var b strings.Builder
			for _, k := range keys {
				v, set := base[k.Name]
				if k.Name == name {
					v, set = value, value != ""
				}
				if set {
					b.WriteString(k.Name + ": " + v + "\n")
				}
			}
			return b.String()
		}
		agree := func(text string) {
			t.Helper()
			decoder, schema := both(t, s, kind, text)
			if (len(decoder) > 0) != (schema != nil) {
				t.Errorf("%s: decoder %v, schema %v\n%s", kind, decoder, schema, text)
			}
		}
		if decoder, schema := both(t, s, kind, text("", "")); len(decoder) > 0 || schema != nil {
			t.Fatalf("%s: %v %v", kind, decoder, schema)
		}
		agree(text("", "") + "tidak-dikenal: 1\n")
		for _, k := range keys {
			agree(text(k.Name, "")) // left out
			for _, v := range []string{"null", "kata", `"teks panjang dengan spasi"`, "7", "-7", "2.5", "true", "[]", "[kata]", "[kata, 3]", "[null]", "{}", "{a: 1}", "[{a: 1}]",
				strconv.Quote(strings.Repeat("x", 5000)), "2026-01-31", "https://x.example/", "a@b.example", "1000001", `""`} {
				if k.Name == "slug" || k.Name == "aliases" || exceptions[k.Name+" "+v] {
					continue // told by rules of their own, beyond what a schema says
				}
				agree(text(k.Name, v))
			}
		}
	}
}

// exceptions are values that the decoder judges by more than their form: an address that is none, a number that no place
// in an order has, an alternative that is the same as nothing.
var exceptions = map[string]bool{"order 1000001": true}

func good(k decode.Key) string {
	switch {
	case k.Example != "":
		return k.Example
	case k.Enum != nil:
		return k.Enum[0]
	case k.Form == decode.Integer, k.Form == decode.Number, k.Form == decode.Special && k.Shape.Type == "integer":
		return "1"
	case k.Form == decode.Special && strings.Contains(k.Shape.Pattern, `\d{4}`):
		return "2026-01-31"
	}
	return "kata"
}

// The schemas that lie in the repository for editors are those of the model.
func TestSchemasOfThePortalAreFresh(t *testing.T) {
	for _, name := range Names() {
		want, err := For(name, locale.Indonesian.Message)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("../../.vscode/pendapa", name+".json")
		got, err := os.ReadFile(file)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is not what  pendapa schema %s --lang id  prints (%v)", file, name, err)
		}
	}
}
