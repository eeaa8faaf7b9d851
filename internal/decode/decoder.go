package decode

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"pendapa/internal/diag"
)

// Decoder fills structs from nodes. A struct's fields say what is allowed in tags:
//
//	Title string `key:"title" rule:"required,text,max=200"`
//
// The key is the name in the file. The rules, separated by commas:
//
//	required   must be there and not empty
//	line       a text without line breaks
//	text       is words, not a fact: a translation may give it
//	max=N      at most N code points of text, or N items of a list
//	min=N      a number of at least N
//	one        a list that may be written as its only value
//	enum=a|b   one of these words; of a map: its keys
//	values=a|b of a map of words: what its values may be
//
// For people, doc says in English what a field is for, and eg is an example of its value as YAML.
//
// Embedded structs add their fields. A type that implements [Value] decodes itself. A Decoder keeps what it learned
// about types and may be used from several goroutines; its zero value is ready.
type Decoder struct {
	plans sync.Map // reflect.Type -> []field
}

// Value is a type that decodes itself: it reads n, which is a scalar, and reports what is wrong with it.
type Value interface {
	DecodeValue(f File, n *Node)
}

// Mode says which of a struct's fields may be given.
type Mode uint8

const (
	Whole       Mode = iota // every field
	Translation             // only the fields with the rule text: facts come from the original
)

type field struct {
	key      string
	index    []int
	required bool
	text     bool
	line     bool
	one      bool
	max      int
	min      float64
	hasMin   bool
	enum     []string
	values   []string
	doc      string
	example  string
}

// Into fills the struct that out points to from a mapping and adds every problem to f. Where there were problems, the
// fields concerned keep their zero values. A nil node fills nothing.
func (d *Decoder) Into(f File, n *Node, out any, mode Mode) {
	if n == nil {
		return
	}
	w := walk{decoder: d, file: f, mode: mode}
	w.fill(n, reflect.ValueOf(out).Elem())
}

// Keys lists the keys that a struct takes, in the order of its fields.
func (d *Decoder) Keys(t reflect.Type, mode Mode) []string {
	var keys []string
	for _, field := range d.plan(t) {
		if mode == Whole || field.text {
			keys = append(keys, field.key)
		}
	}
	return keys
}

func (d *Decoder) plan(t reflect.Type) []field {
	if known, ok := d.plans.Load(t); ok {
		return known.([]field)
	}
	var fields []field
	for _, sf := range reflect.VisibleFields(t) {
		key := sf.Tag.Get("key")
		if key == "" {
			continue
		}
		one := field{key: key, index: sf.Index, doc: sf.Tag.Get("doc"), example: sf.Tag.Get("eg")}
		for rule := range strings.SplitSeq(sf.Tag.Get("rule"), ",") {
			name, value, _ := strings.Cut(rule, "=")
			switch name {
			case "required":
				one.required = true
			case "text":
				one.text = true
			case "line":
				one.line = true
			case "one":
				one.one = true
			case "max":
				one.max = mustNumber(value)
			case "min":
				one.min, one.hasMin = float64(mustNumber(value)), true
			case "enum":
				one.enum = strings.Split(value, "|")
			case "values":
				one.values = strings.Split(value, "|")
			case "":
			default:
				panic("decode: unknown rule " + rule + " on " + t.String() + "." + sf.Name)
			}
		}
		fields = append(fields, one)
	}
	d.plans.Store(t, fields)
	return fields
}

func mustNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("decode: rule with a bad number: " + s)
	}
	return n
}

type walk struct {
	decoder *Decoder
	file    File
	mode    Mode
}

func (w walk) fill(n *Node, out reflect.Value) {
	if n.Kind != Mapping {
		w.file.At(n, diag.Textf("this is %s; keys with values are needed here", n.Kind),
			diag.Textf("known keys: %s", strings.Join(w.decoder.Keys(out.Type(), w.mode), ", ")))
		return
	}
	plan := w.decoder.plan(out.Type())
	var meant []string // keys that are there, misspelt: they are told once, and not as missing too
	for _, given := range n.Fields {
		known := false
		for i := range plan {
			if plan[i].key != given.Key {
				continue
			}
			known = true
			switch {
			case w.mode == Translation && !plan[i].text:
				w.file.report(given.KeyPos, utf8.RuneCountInString(given.Key), diag.Textf("%s is a fact and stands in the original only", given.Key),
					diag.Textf("remove it here: the translation takes it over"))
			case given.Value.Kind == Null:
				if !plan[i].required {
					continue
				}
				w.file.report(given.KeyPos, utf8.RuneCountInString(given.Key), diag.Textf("%s is empty", given.Key), diag.Textf("write its value after the colon"))
			default:
				w.value(plan[i], given.Value, out.FieldByIndex(plan[i].index))
			}
			break
		}
		if !known {
			keys := w.decoder.Keys(out.Type(), w.mode)
			meant = append(meant, diag.Nearest(given.Key, keys))
			w.file.report(given.KeyPos, utf8.RuneCountInString(given.Key), diag.Textf("unknown key %q", diag.Clip(given.Key)),
				diag.DidYouMean(given.Key, keys, diag.Textf("known keys: %s", strings.Join(keys, ", "))))
		}
	}
	for _, field := range plan {
		if field.required && (w.mode == Whole || field.text) && n.Get(field.key) == nil && !slices.Contains(meant, field.key) {
			w.file.At(n, diag.Textf("%s is missing", field.key), diag.Textf("add a line  %s: …", field.key))
		}
	}
}

func (w walk) value(rule field, n *Node, out reflect.Value) {
	if v, ok := out.Addr().Interface().(Value); ok {
		if w.scalar(rule, n) {
			v.DecodeValue(w.file, n)
		}
		return
	}
	switch out.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(out.Type().Elem())
		w.value(rule, n, fresh.Elem())
		out.Set(fresh)
	case reflect.Struct:
		w.fill(n, out)
	case reflect.Map:
		w.words(rule, n, out)
	case reflect.Slice:
		w.list(rule, n, out)
	case reflect.String:
		if w.scalar(rule, n) && w.text(rule, n) {
			out.SetString(n.Value)
		}
	case reflect.Bool:
		if !w.scalar(rule, n) {
			return
		}
		if n.Quoted || n.Value != "true" && n.Value != "false" {
			w.file.At(n, diag.Textf("%s %q is neither true nor false", rule.key, diag.Clip(n.Value)), diag.Textf("write true or false, without quotes"))
			return
		}
		out.SetBool(n.Value == "true")
	case reflect.Int, reflect.Int64:
		if !w.scalar(rule, n) {
			return
		}
		i, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil || n.Quoted || n.Value != strconv.FormatInt(i, 10) {
			w.file.At(n, diag.Textf("%s %q is not a whole number", rule.key, diag.Clip(n.Value)), diag.Textf("write digits only, without dots, spaces or quotes: 1500000"))
			return
		}
		if w.least(rule, n, float64(i)) {
			out.SetInt(i)
		}
	case reflect.Float64:
		if !w.scalar(rule, n) {
			return
		}
		if thousands.MatchString(n.Value) {
			w.file.At(n, diag.Textf("%s %s can be read as two numbers", rule.key, n.Value),
				diag.Textf("write %s if the point separates thousands, %s0 if decimals follow it", strings.Replace(n.Value, ".", "", 1), n.Value))
		} else if v, ok := number(n); !ok {
			w.file.At(n, diag.Textf("%s %q is not a number", rule.key, diag.Clip(n.Value)), diag.Textf("write digits, with a point before decimals: 1234.5"))
		} else if w.least(rule, n, v) {
			out.SetFloat(v)
		}
	default:
		panic("decode: no way to fill a " + out.Type().String())
	}
}

// thousands is a number such as 1.500, which is one and a half to a computer and fifteen hundred to an Indonesian.
var thousands = regexp.MustCompile(`^-?[1-9][0-9]{0,2}\.[0-9]{3}$`)

// number reads a plain decimal number: no exponent, no separators, no infinities, at most 15 significant digits, so
// that it prints as it was written.
func number(n *Node) (float64, bool) {
	digits := strings.TrimPrefix(n.Value, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if n.Quoted || !allDigits(whole) || point && !allDigits(fraction) || len(whole)+len(fraction) > 15 {
		return 0, false
	}
	v, err := strconv.ParseFloat(n.Value, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (w walk) least(rule field, n *Node, v float64) bool {
	if rule.hasMin && v < rule.min {
		w.file.At(n, diag.Textf("%s %s is less than %g", rule.key, n.Value, rule.min), diag.Textf("write a number of at least %g", rule.min))
		return false
	}
	return true
}

func (w walk) scalar(rule field, n *Node) bool {
	if n.Kind != Scalar {
		w.file.At(n, diag.Textf("%s is %s; one value is needed here", rule.key, n.Kind), diag.Textf("write one value after the colon"))
		return false
	}
	return true
}

// text checks a text against its rules and against what no text may hold.
func (w walk) text(rule field, n *Node) bool {
	for _, r := range n.Value {
		switch {
		case r == 0 || r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0:
			w.file.At(n, diag.Textf("%s holds the control character U+%04X", rule.key, r), diag.Textf("remove it"))
			return false
		case r == utf8.RuneError:
			w.file.At(n, diag.Textf("%s holds the sign U+FFFD, which stands for a character that was lost", rule.key), diag.Textf("type it anew"))
			return false
		case diag.IsDirectionControl(r):
			w.file.At(n, diag.Textf("%s holds the invisible character U+%04X, which changes the direction of the text", rule.key, r), diag.Textf("remove it"))
			return false
		}
	}
	switch length := utf8.RuneCountInString(n.Value); {
	case rule.required && strings.TrimSpace(n.Value) == "":
		w.file.At(n, diag.Textf("%s is empty", rule.key), diag.Textf("write its text"))
		return false
	case rule.max > 0 && length > rule.max:
		w.file.At(n, diag.Textf("%s has %d characters, at most %d are allowed", rule.key, length, rule.max), diag.Textf("shorten it"))
		return false
	}
	if rule.line && strings.Contains(strings.TrimRight(n.Value, "\n"), "\n") {
		w.file.At(n, diag.Textf("%s has more than one line", rule.key), diag.Textf("write it on one line"))
		return false
	}
	if rule.enum != nil {
		if slices.Contains(rule.enum, n.Value) {
			return true
		}
		w.file.At(n, diag.Textf("%s %q is not one of %s", rule.key, diag.Clip(n.Value), strings.Join(rule.enum, ", ")),
			diag.DidYouMean(n.Value, rule.enum, diag.Textf("use one of these words")))
		return false
	}
	return true
}

// most is how many items a list may have where its field does not say.
const most = 1000

func (w walk) list(rule field, n *Node, out reflect.Value) {
	items := n.Items
	switch {
	case n.Kind != Sequence && rule.one && n.Kind == Scalar:
		items = []*Node{n}
	case n.Kind != Sequence:
		w.file.At(n, diag.Textf("%s is %s; a list is needed here", rule.key, n.Kind), diag.Textf("write [first, second], or each on its own line after a hyphen"))
		return
	}
	limit := most
	if rule.max > 0 {
		limit = rule.max
	}
	if len(items) > limit {
		w.file.At(items[limit], diag.Textf("%s has %d entries, at most %d are allowed", rule.key, len(items), limit), diag.Textf("shorten the list"))
		return
	}
	item := rule
	item.max, item.required = 0, true
	list := reflect.MakeSlice(out.Type(), 0, len(items))
	for _, it := range items {
		if it.Kind == Null {
			w.file.At(it, diag.Textf("an empty entry in %s", rule.key), diag.Textf("write its value or remove the line"))
			continue
		}
		fresh := reflect.New(out.Type().Elem()).Elem()
		w.value(item, it, fresh)
		list = reflect.Append(list, fresh)
	}
	out.Set(list)
}

// words fills a map of switches: name to true or false, or to a word.
func (w walk) words(rule field, n *Node, out reflect.Value) {
	if n.Kind != Mapping {
		w.file.At(n, diag.Textf("%s is %s; keys with values are needed here", rule.key, n.Kind), diag.Textf("write  name: true  lines below it"))
		return
	}
	out.Set(reflect.MakeMap(out.Type()))
	for _, f := range n.Fields {
		if rule.enum != nil && !slices.Contains(rule.enum, f.Key) {
			w.file.report(f.KeyPos, utf8.RuneCountInString(f.Key), diag.Textf("unknown key %q in %s", diag.Clip(f.Key), rule.key),
				diag.DidYouMean(f.Key, rule.enum, diag.Textf("known keys: %s", strings.Join(rule.enum, ", "))))
			continue
		}
		fresh := reflect.New(out.Type().Elem()).Elem()
		w.value(field{key: f.Key, enum: rule.values}, f.Value, fresh)
		out.SetMapIndex(reflect.ValueOf(f.Key), fresh)
	}
}
