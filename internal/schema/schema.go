// Package schema writes JSON Schema (draft 2020-12) for the files of a portal, made from the same descriptions by which
// these are decoded, so that the two cannot disagree.
//
// A schema says what an editor's program can check while typing. What takes more (is there such a day? does the
// reference lead anywhere?) is told by pendapa check.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"pendapa/internal/config"
	"pendapa/internal/decode"
	"pendapa/internal/model"
)

// Site is the name of the schema of site.yaml among those of the kinds.
const Site = "site"

// Names lists every schema: that of the settings, and one for each kind of page.
func Names() []string {
	names := []string{Site}
	for _, kind := range model.Kinds() {
		names = append(names, string(kind))
	}
	slices.Sort(names)
	return names
}

// For returns the schema of a name as JSON; say translates the descriptions (see diag.Text). An unknown name is an error.
func For(name string, say func(string) string) ([]byte, error) {
	var keys []decode.Key
	switch {
	case name == Site:
		keys = decode.Describe(reflect.TypeFor[config.Settings]())
	case slices.Contains(Names(), name):
		keys = model.Keys(model.Kind(name))
	default:
		return nil, fmt.Errorf("there is no schema %q", name)
	}
	root := object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Pendapa: " + name}}
	root = append(root, mapping(keys, say)...)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(root)
	return out.Bytes(), err
}

// object is a JSON object whose members keep their order: people read schemas too.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func mapping(keys []decode.Key, say func(string) string) object {
	properties, required := object{}, []string{}
	for _, k := range keys {
		described := object{}
		if k.Doc != "" {
			described = append(described, member{"description", say(k.Doc)})
		}
		properties = append(properties, member{k.Name, append(described, value(k, say)...)})
		if k.Required {
			required = append(required, k.Name)
		}
	}
	return object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
}

// value is what a key takes. A key without a value counts as left out, where it may be.
func value(k decode.Key, say func(string) string) object {
	o := form(k, say)
	if k.Required {
		return o
	}
	return object{{"anyOf", []any{o, object{{"type", "null"}}}}}
}

func form(k decode.Key, say func(string) string) object {
	switch k.Form {
	case decode.Switch:
		return object{{"type", "boolean"}}
	case decode.Integer:
		return minimum(object{{"type", "integer"}}, k)
	case decode.Number:
		return minimum(object{{"type", "number"}}, k)
	case decode.Special:
		return special(k.Shape)
	case decode.Map:
		return mapping(k.Keys, say)
	case decode.Levels:
		return levels(k)
	case decode.Items:
		item := *k.Item
		item.Required = true
		list := object{{"type", "array"}, {"items", form(item, say)}, {"maxItems", k.Max}}
		if k.One {
			return object{{"anyOf", []any{list, form(item, say)}}}
		}
		return list
	}
	if k.Enum != nil {
		return object{{"enum", k.Enum}}
	}
	// A text is taken as it is written: 2018 and true are texts too, where a text is asked for.
	o := object{{"type", []string{"string", "number", "boolean"}}}
	if k.Required {
		o = append(o, member{"pattern", `\S`})
	}
	if k.Max > 0 {
		o = append(o, member{"maxLength", k.Max})
	}
	return o
}

func minimum(o object, k decode.Key) object {
	if k.Min != nil {
		return append(o, member{"minimum", *k.Min})
	}
	return o
}

func special(s decode.Shape) object {
	kind := any(s.Type)
	if s.Literal {
		kind = []string{"string", "number", "boolean"}
	}
	o := object{{"type", kind}}
	if s.Pattern != "" {
		o = append(o, member{"pattern", s.Pattern})
	}
	if s.Format != "" {
		o = append(o, member{"format", s.Format})
	}
	if s.MaxLength > 0 {
		o = append(o, member{"maxLength", s.MaxLength})
	}
	if s.Type == "integer" {
		o = append(o, member{"minimum", 0})
	}
	return o
}

func levels(k decode.Key) object {
	one := object{{"type", "boolean"}}
	if k.Values != nil {
		one = object{{"enum", k.Values}}
	}
	properties := object{}
	for _, name := range k.Enum {
		properties = append(properties, member{name, one})
	}
	return object{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
}
