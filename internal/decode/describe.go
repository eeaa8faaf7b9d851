package decode

import (
	"reflect"
	"strings"
)

// Key describes one key that a struct takes, for those who write files and the programs that help them.
type Key struct {
	Name     string
	Doc      string // what it is for, in English
	Example  string // as YAML; may be empty
	Required bool
	Text     bool // whether a translation gives it
	Form     Form
	One      bool     // of a list: whether its only item may stand without a list
	Max      int      // code points of a text, items of a list; 0: no limit of its own
	Min      *float64 // of a number
	Enum     []string // the words of a text, the keys of a map
	Values   []string // the words of a map's values; nil: true and false
	Item     *Key     // of a list
	Keys     []Key    // of a mapping
	Shape    Shape    // of a value that decodes itself
}

// Form is the form of a key's value.
type Form uint8

const (
	Words   Form = iota // a text, or one of the words of Enum
	Switch              // true or false
	Integer             // a whole number
	Number              // a number
	Special             // as its Shape says
	Items               // a list
	Map                 // keys with values, each described
	Levels              // keys of Enum, each with a word of Values
)

// Shape describes a value that decodes itself, in the words of JSON Schema.
type Shape struct {
	Type      string // string or integer
	Pattern   string // a regular expression of ECMA-262
	Format    string
	MaxLength int
	Literal   bool // whether a number, true and false are texts here, taken as they are written
}

// Shaped is a [Value] that can say what it takes.
type Shaped interface{ Shape() Shape }

// Describe lists the keys that a struct takes, in the order of its fields.
func Describe(t reflect.Type) []Key {
	var keys []Key
	for _, f := range new(Decoder).plan(t) {
		keys = append(keys, describe(f, t.FieldByIndex(f.index).Type))
	}
	return keys
}

func describe(f field, t reflect.Type) Key {
	k := Key{Name: f.key, Doc: f.doc, Example: f.example, Required: f.required, Text: f.text, Max: f.max}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if f.hasMin {
		k.Min = &f.min
	}
	if shaped, ok := reflect.New(t).Interface().(Shaped); ok {
		k.Form, k.Shape = Special, shaped.Shape()
		return k
	}
	switch t.Kind() {
	case reflect.String:
		k.Enum = f.enum
	case reflect.Bool:
		k.Form = Switch
	case reflect.Int, reflect.Int64:
		k.Form = Integer
	case reflect.Float64:
		k.Form = Number
	case reflect.Struct:
		k.Form, k.Keys, k.Example = Map, Describe(t), ""
		// The example of a mapping names those of its keys that are other than elsewhere: date=2026-01-31;value=0
		for part := range strings.SplitSeq(f.example, ";") {
			name, example, _ := strings.Cut(part, "=")
			for i := range k.Keys {
				if k.Keys[i].Name == name {
					k.Keys[i].Example = example
				}
			}
		}
	case reflect.Map:
		k.Form, k.Enum, k.Values = Levels, f.enum, f.values
	case reflect.Slice:
		item := describe(field{key: f.key, enum: f.enum, line: f.line}, t.Elem())
		k.Form, k.One, k.Item = Items, f.one, &item
		if k.Max == 0 {
			k.Max = most
		}
	default:
		panic("decode: no way to describe a " + t.String())
	}
	return k
}
