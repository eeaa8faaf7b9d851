package decode

import (
	"bytes"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pendapa/internal/diag"
)

// FuzzDecode: a text is refused with a problem, or is a tree within the limits, whose struct keeps its rules; and the
// three formats agree on what it holds.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"title: a\n", "a: [1, {b: c}]\n", "title: \"\\u00e9\"\nlist:\n  - x\n", "a: &x 1\nb: *x\n", "{", "title: |\n  x\n", "[[a]]\nb=1\n", `{"a": [1, null]}`, "a.b.c = 1\n[a]\nx=1",
		"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", strings.Repeat("[", 5000), strings.Repeat("{a: ", 40), "a:\n" + strings.Repeat(" - ", 20) + "x", strings.Repeat("- x\n", 5000), "list:\n" + strings.Repeat(" - x\n", 5000), "title: " + strings.Repeat("x", 70000),
		"title: a\ntitle: b\n", "a: {b: 1, b: 2}\n", "? [a]\n: b\n", "<<: {a: b}\n", "a: !!binary eA==\n", "a: !<x> b\n", "%YAML 1.1\n---\na: b\n", "a: b\n---\nc: d\n", "a: b\n...\n", "\ta: b\n", "a: b\u2028c: d\n", "a: b\rc: d\n", "a: b\u0085c: d\n",
		"title: no\ndraft: yes\ncount: 010\n", "count: 1_000\nvalue: 1e9\nmoney: 9223372036854775808\n", "count: -1\nvalue: .inf\nmoney: 1.5\n", "count: 0x10\nvalue: NaN\ndraft: True\n", "count: \"1\"\nvalue: 1.\nmoney: +1\n", "value: 0.1234567890123456\nmoney: 1.500\n", "value: -0\nmoney: -9223372036854775808\n",
		"title: Program #1\n", "title:a\n", "title: a: b\n", "title: 'a\n", "title: \"\\x\"\n", "title: \"a\\0b\"\n", "title: \"\\u202e\"\n", "title: \"\\ud800\"\n", "kind: on track\non: {dark: x}\n", "tags: [a, b, c, d]\n", "inner: x\ninners: {id: a}\n", "inners: [{id: a}, x, null]\n", "title:\nlist:\n", "titel: a\n",
		`{"title": "a", "count": 1, "list": ["x", "y"], "inner": {"id": "k", "fact": 7}, "draft": true, "value": 1.5}`, `{"a": "\ud83d\ude00\/"}`, `{"a": 1, "a": 2}`, `{"a": 1} x`, `[1]`, `{"a": 1e400, "b": -0.0}`, `{"A": "", "a": null}`, "{\"a\": \"\xff\"}", `{"": {"": ""}}`,
		"title = 'a'\ncount = 1_000\nvalue = inf\n", "title = \"\"\"\na\n\"\"\"\ndraft = true\n[inner]\nid='a'\n[[inners]]\nid='b'\n", "a = 2018-09-26\nb = 07:32:00\nc = 1979-05-27T07:32:00Z\n", "a = {b = {c = 1}}\na.d = 2\n", "[a]\n[a]\n", "a = 1\na = 2\n", "a = [1, [2, [3]]]\n", "'' = 1\n", "a = 0xFF\nb = 0o7\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := strings.Count(string(text), "\n") + 1
		trees := make(map[string]*Node)
		for name, parse := range map[string]func(File, []byte, int) *Node{"YAML": YAML, "TOML": TOML, "JSON": JSON} {
			problems := &diag.List{}
			file := File{Name: "f", Problems: problems}
			node := parse(file, text, 1)
			if (node == nil) != (problems.Errors() > 0) {
				t.Fatalf("%s: taken: %t, with %v", name, node != nil, problems.Sorted())
			}
			if node != nil {
				if count := bounded(t, name, node, lines, 0); count > MaxKeys || node.Kind != Mapping {
					t.Errorf("%s: %d keys and values in %s", name, count, node.Kind.Text())
				}
				trees[name] = node
			}
			var s sample
			new(Decoder).Into(file, node, &s, Whole)
			for _, p := range problems.Sorted() {
				if p.Pos.Line < 1 || p.Pos.Line > lines+1 || p.Pos.Col < 1 || p.Hint.IsZero() {
					t.Fatalf("%s: out of the file, or without a remedy: %v", name, p)
				}
			}
			if problems.Errors() == 0 {
				keptRules(t, name, node, s)
			}
		}
		// JSON is YAML (YAML 1.2.2, 1.1.3), but for escapes and what Pendapa refuses in one of them.
		if trees["JSON"] != nil && trees["YAML"] != nil && !bytes.ContainsRune(text, '\\') {
			if a, b := plain(t, trees["JSON"]), plain(t, trees["YAML"]); a != b {
				t.Errorf("JSON reads %s and YAML %s", a, b)
			}
			if json.Valid(text) && !sameKeys(text, trees["JSON"]) {
				t.Errorf("the keys of %q are %s", text, plain(t, trees["JSON"]))
			}
		}
	})
}

// bounded counts the nodes of a tree, which has no key twice, no node out of its file, and no more levels than allowed.
func bounded(t *testing.T, name string, n *Node, lines, depth int) int {
	t.Helper()
	if depth > MaxDepth+1 || n.Pos.Line < 1 || n.Pos.Line > lines+1 || n.Pos.Col < 1 { // what is empty may begin behind the end
		t.Errorf("%s: a node at %v, %d deep", name, n.Pos, depth)
	}
	if n.Kind != Mapping && n.Fields != nil || n.Kind != Sequence && n.Items != nil || n.Kind != Scalar && n.Kind != Null && n.Value != "" {
		t.Errorf("%s: more than one kind of %+v", name, n)
	}
	count := 1
	seen := make(map[string]bool)
	for _, field := range n.Fields {
		if seen[field.Key] || field.Value == nil || field.KeyPos.Line < 1 || field.KeyPos.Line > lines+1 || field.KeyPos.Col < 1 || n.Get(field.Key) != field.Value {
			t.Errorf("%s: the key %q at %v", name, field.Key, field.KeyPos)
		}
		seen[field.Key] = true
		count += bounded(t, name, field.Value, lines, depth+1)
	}
	for _, item := range n.Items {
		count += bounded(t, name, item, lines, depth+1)
	}
	return count
}

// keptRules holds a struct that was filled without a problem against the rules in its tags and the values in its file.
func keptRules(t *testing.T, name string, n *Node, s sample) {
	t.Helper()
	for _, field := range n.Fields {
		value := func(want string) {
			if field.Value.Value != want {
				t.Errorf("%s: %s is %q, taken as %s", name, field.Key, field.Value.Value, want)
			}
		}
		if field.Value.Kind == Null {
			continue
		}
		switch field.Key {
		case "title":
			value(s.Title)
		case "kind":
			value(s.Kind)
		case "draft":
			value(strconv.FormatBool(s.Draft))
		case "count":
			same(t, name, field, strconv.Itoa(s.Count))
		case "money":
			same(t, name, field, strconv.FormatInt(*s.Money, 10))
		case "value":
			same(t, name, field, strconv.FormatFloat(s.Value, 'f', -1, 64))
		case "tags", "list", "inner", "inners", "on":
		default:
			t.Errorf("%s: the key %q is passed over", name, field.Key)
		}
	}
	if strings.TrimSpace(s.Title) == "" || utf8.RuneCountInString(s.Title) > 20 || strings.Contains(strings.TrimRight(s.Title, "\n"), "\n") || !slices.Contains([]string{"", "planned", "on-track"}, s.Kind) || s.Count < 0 || len(s.Tags) > 3 {
		t.Errorf("%s: %+v", name, s)
	}
	for _, text := range append(append([]string{s.Title}, s.Tags...), s.List...) {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || diag.IsDirectionControl(r)
		}) {
			t.Errorf("%s: the text %q", name, text)
		}
	}
	for key := range s.On {
		if key != "dark" && key != "authors" {
			t.Errorf("%s: the switch %q", name, key)
		}
	}
}

// same holds a number against the one that is written, digit for digit.
func same(t *testing.T, name string, field Field, got string) {
	t.Helper()
	written, ok := new(big.Rat).SetString(field.Value.Value)
	taken, _ := new(big.Rat).SetString(got)
	if !ok || strings.Trim(field.Value.Value, "-0123456789.") != "" || written.Cmp(taken) != 0 {
		t.Errorf("%s: %s is %q, taken as %s", name, field.Key, field.Value.Value, got)
	}
}

// plain is what a tree holds, as JSON without places.
func plain(t *testing.T, n *Node) string {
	t.Helper()
	quote := func(s string) string {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var parts []string
	switch n.Kind {
	case Null:
		return "null"
	case Scalar:
		return quote(n.Value)
	case Sequence:
		for _, item := range n.Items {
			parts = append(parts, plain(t, item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	for _, field := range n.Fields {
		parts = append(parts, quote(field.Key)+":"+plain(t, field.Value))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// sameKeys reports whether encoding/json knows the same keys of an object as its tree does.
func sameKeys(text []byte, n *Node) bool {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil || len(object) != len(n.Fields) {
		return false
	}
	for _, field := range n.Fields {
		if _, ok := object[field.Key]; !ok {
			return false
		}
	}
	return true
}
