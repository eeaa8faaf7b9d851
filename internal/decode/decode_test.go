package decode

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pendapa/internal/diag"
)

type sample struct {
	Title  string          `key:"title" rule:"required,line,text,max=20"`
	Kind   string          `key:"kind" rule:"enum=planned|on-track"`
	Count  int             `key:"count" rule:"min=0"`
	Money  *int64          `key:"money"`
	Value  float64         `key:"value"`
	Draft  bool            `key:"draft"`
	Tags   []string        `key:"tags" rule:"one,max=3"`
	List   []string        `key:"list"`
	Inner  *inner          `key:"inner" rule:"text"`
	Inners []inner         `key:"inners"`
	On     map[string]bool `key:"on" rule:"enum=dark|authors"`
}

type inner struct {
	ID   string `key:"id" rule:"required,text"`
	Fact int    `key:"fact"`
}

func decodeText(text string, mode Mode) (sample, []diag.Problem) {
	problems := &diag.List{}
	f := File{Name: "f", Problems: problems}
	var s sample
	new(Decoder).Into(f, YAML(f, []byte(text), 1), &s, mode)
	return s, problems.Sorted()
}

// A12: what YAML takes for something else than text is the text that stands there.
func TestGoodFrontMatterIsTakenLiterally(t *testing.T) {
	got, problems := decodeText(`
title: "Rapat: hari kedua" # sebuah catatan
kind: on-track # dan lagi
count: 12
money: 1500000000
value: -3.25
draft: true
tags: satu
list: [no, 010, 1_000, 2018-09-26, yes, ~x]
inner: {id: a}
inners:
  - {id: b, fact: 2}
  - id: c
on: {dark: false}
`, Whole)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	money := int64(1500000000)
	want := sample{Title: "Rapat: hari kedua", Kind: "on-track", Count: 12, Money: &money, Value: -3.25, Draft: true, Tags: []string{"satu"},
		List: []string{"no", "010", "1_000", "2018-09-26", "yes", "~x"}, Inner: &inner{ID: "a"}, Inners: []inner{{"b", 2}, {ID: "c"}}, On: map[string]bool{"dark": false}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// The same page in YAML, TOML and JSON is the same page.
func TestFormatsAgree(t *testing.T) {
	want, _ := decodeText("title: a\ncount: 3\nlist: [x, y]\ninner: {id: k, fact: 7}\ninners: [{id: p}, {id: q, fact: 1}]\ndraft: true\nvalue: 1.5\n", Whole)
	problems := &diag.List{}
	f := File{Name: "f", Problems: problems}
	for name, node := range map[string]*Node{
		"TOML": TOML(f, []byte("title = \"a\"\ncount = 3\nlist = ['x', 'y']\ndraft = true\nvalue = 1.5\n[inner]\nid = 'k'\nfact = 7\n[[inners]]\nid = 'p'\n[[inners]]\nid = 'q'\nfact = 1\n"), 2),
		"JSON": JSON(f, []byte(`{"title": "a", "count": 3, "list": ["x", "y"], "inner": {"id": "k", "fact": 7}, "inners": [{"id": "p"}, {"id": "q", "fact": 1}], "draft": true, "value": 1.5}`), 2),
	} {
		var got sample
		new(Decoder).Into(f, node, &got, Whole)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v\nwant %+v", name, got, want)
		}
	}
	if got := problems.Sorted(); len(got) > 0 {
		t.Error(got)
	}
}

func TestMistakesAreNamedWithPlaceAndRemedy(t *testing.T) {
	for _, test := range []struct{ name, text, want, hint string }{
		{"unknown key (A8)", "title: a\ntitel: b\n", `f:2:1: error: unknown key "titel"`, `did you mean "title"?`},
		{"missing", "count: 1\n", "f:1:1: error: title is missing", "title: …"},
		{"empty", "title:\n", "f:1:1: error: title is empty", "after the colon"},
		{"blank", "title: \"  \"\n", "f:1:8: error: title is empty", ""},
		{"twice (A9)", "title: a\ntitle: b\n", "f:2:1: error: title is given twice, first on line 1", "keep one"},
		{"text for a number (A10)", "title: a\ncount: banyak\n", `f:2:8: error: count "banyak" is not a whole number`, "digits"},
		{"fraction (A10)", "title: a\ncount: 1.5\n", `f:2:8: error: count "1.5" is not a whole number`, ""},
		{"overflow (A10)", "title: a\ncount: 99999999999999999999\n", "f:2:8: error: count", ""},
		{"separators", "title: a\ncount: 1_000\n", `f:2:8: error: count "1_000" is not a whole number`, "without dots"},
		{"too small", "title: a\ncount: -1\n", "f:2:8: error: count -1 is less than 0", ""},
		{"NaN (A21)", "title: a\nvalue: .nan\n", `f:2:8: error: value ".nan" is not a number`, ""},
		{"infinite (A21)", "title: a\nvalue: .inf\n", "f:2:8: error", ""},
		{"exponent", "title: a\nvalue: 1e5\n", "f:2:8: error", ""},
		{"decimal comma", "title: a\nvalue: 1,5\n", "f:2:8: error", "point"},
		{"yes (A12)", "title: a\ndraft: yes\n", `f:2:8: error: draft "yes" is neither true nor false`, "true or false"},
		{"enum", "title: a\nkind: on track\n", `f:2:7: error: kind "on track" is not one of planned, on-track`, `did you mean "on-track"?`},
		{"list for a value", "title: [a]\n", "f:1:8: error: title is a list; one value is needed here", ""},
		{"value for a list", "title: a\nlist: b\n", "f:2:7: error: list is a single value; a list is needed here", ""},
		{"value for keys", "title: a\ninner: b\n", "f:2:8: error: this is a single value; keys with values are needed here", "id, fact"},
		{"deep", "title: a\ninners:\n  - id: x\n  - id: y\n    fact: z\n", `f:5:11: error: fact "z" is not a whole number`, ""},
		{"too long", "title: " + strings.Repeat("é", 21) + "\n", "f:1:8: error: title has 21 characters, at most 20 are allowed", ""},
		{"two lines", "title: |\n  a\n  b\n", "f:1:8: error: title has more than one line", ""},
		{"too many", "title: a\ntags: [a, b, c, d]\n", "f:2:17: error: tags has 4 entries, at most 3 are allowed", ""},
		{"bidi (A20)", "title: \"a\\u202Eb\"\n", "f:1:8: error: title holds the invisible character U+202E", "remove"},
		{"half a character (A146)", "title: \"a\\ud800\"\n", "f:1:12: error: this is not valid YAML", "quotes"},
		{"lost character (A146)", "title: a\ufffd\n", "f:1:8: error: title holds the sign U+FFFD", ""},
		{"control", "title: \"a\\u0007b\"\n", "f:1:8: error: title holds the control character U+0007", "remove"},
		{"unknown switch", "title: a\non: {drak: true}\n", `f:2:6: error: unknown key "drak" in on`, `did you mean "dark"?`},
		{"colon (A13)", "title: Rapat: hari kedua\n", "f:1:13: error: a colon in the middle of a value", "double quotes"},
		{"tab (A14)", "title: a\n\tcount: 1\n", "f:2:1: error: a tab at the start of a line", "spaces"},
		{"anchor", "title: &x a\n", "f:1:8: error: anchors and aliases", "write the value out"},
		{"alias", "title: *x\n", "f:1:8: error: a value cannot start with *", "quotes"},
		{"tag (A19)", "title: !!binary aGk=\n", "f:1:8: error: the tag", ""},
		{"merge (A19)", "<<: {title: a}\n", "f:1:1: error: this key is not a plain word", ""},
		{"two documents (A18)", "title: a\n---\ntitle: b\n", "error: a second document", ""},
		{"list as root (A18)", "- a\n", "f:1:1: error: this is a list, not keys with values", ""},
		{"open quote", "title: \"a\n", "f:2:1: error: a quotation mark is opened and never closed", ""},
		{"open bracket", "title: a\nlist: [a, b\nkind: planned\n", "error: a bracket is opened and never closed", ""},
		{"bad start", "title: @x\n", "f:1:8: error: a value cannot start with this character", "quotes"},
		{"no blank after the colon", "title:Foo\nkind: planned\n", "f:1:1: error: a blank is missing after the colon of title", "key: value"},
		{"number sign", "title: Program #1 Smart City\n", "f:1:16: error: everything from the # on is a comment", "double quotes"},
		{"colour", "title: a\nkind: #b00020\n", "f:2:7: error: everything from the # on is a comment", "double quotes"},
		{"thousands", "title: a\nvalue: 1.500\n", "f:2:8: error: value 1.500 can be read as two numbers", "write 1500 if the point separates thousands, 1.5000 if decimals follow it"},
		{"after quotes", "title: \"a\" b\n", "error: this line does not fit", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := decodeText(test.text, Whole)
			for _, p := range problems {
				if strings.Contains(p.Error(), test.want) && strings.Contains(p.Hint.String(), test.hint) {
					return
				}
			}
			t.Errorf("got %q\nwant %s (%s)", fmt.Sprint(problems), test.want, test.hint)
		})
	}
}

func TestTranslationTakesWordsAndRefusesFacts(t *testing.T) {
	got, problems := decodeText("title: a\ninner: {id: x}\n", Translation)
	if len(problems) > 0 || got.Inner.ID != "x" {
		t.Errorf("%+v, %v", got, problems)
	}
	_, problems = decodeText("title: a\ncount: 3\ninner: {id: x, fact: 4}\n", Translation)
	if len(problems) != 2 || !strings.Contains(problems[0].Message.String(), "count is a fact") || !strings.Contains(problems[1].Message.String(), "fact is a fact") {
		t.Error(problems)
	}
}

// A15, A16, A17: what is made to be expensive costs nothing. The times are far above what it takes; they catch what
// grows without bounds.
func TestBombsAreCheap(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i < 'k'; i++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*%c,", i-1), 9))
	}
	for name, text := range map[string]string{
		"alias bomb":       bomb,
		"brackets":         "title: " + strings.Repeat("[", 60000),
		"nested mappings":  strings.Repeat("{a: ", 10001),
		"too large":        "title: " + strings.Repeat("x", MaxBytes),
		"many keys":        strings.Repeat("a", 10) + ": 1\n" + strings.Repeat("k: 1\n", 12000),
		"many quoted keys": "list: [" + strings.Repeat("1,", 30000) + "]",
	} {
		start := time.Now()
		_, problems := decodeText(text, Whole)
		if len(problems) == 0 {
			t.Errorf("%s: no problem", name)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}
