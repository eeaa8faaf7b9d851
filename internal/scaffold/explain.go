// Package scaffold writes the first version of things: a page of a kind, with every field explained, and a portal for
// another city. It never writes over a file.
package scaffold

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
)

// explain writes keys as YAML. Those that values names (by key) are set; all others stand there as comments, with their
// example, so that an editor only has to remove the #. Above each stands what it is for.
func explain(keys []decode.Key, values map[string]string, say func(diag.Text) string) string {
	w := writer{values: values, say: say}
	// What has to be there comes first; within both parts the order is that of the kind.
	for _, k := range keys {
		if _, set := values[k.Name]; set {
			w.key(k, "", true)
		}
	}
	for _, k := range keys {
		if _, set := values[k.Name]; !set {
			w.key(k, "", false)
		}
	}
	return w.String()
}

type writer struct {
	strings.Builder
	values map[string]string
	say    func(diag.Text) string
}

// key writes one key. The sign # before a line that is not set stands in its first column, so that removing it is all
// that is needed; explanations have a blank behind it.
func (w *writer) key(k decode.Key, indent string, set bool) {
	off := "#"
	if set {
		off = ""
	}
	doc := w.say(diag.Text{Format: k.Doc})
	if k.Required && indent == "" {
		doc = w.say(diag.Textf("needed: %s", doc))
	}
	if words := choices(k); words != nil {
		doc += " (" + strings.Join(words, ", ") + ")"
	}
	if indent == "" {
		w.WriteString("\n# " + doc + "\n")
	} else {
		w.WriteString(off + indent + "# " + doc + "\n")
	}
	if set {
		fmt.Fprintf(w, "%s: %s\n", k.Name, w.values[k.Name])
		return
	}
	name := off + indent + k.Name + ":"
	switch {
	case k.Form == decode.Map:
		w.WriteString(name + "\n")
		w.keys(k.Keys, indent+"  ")
	case k.Form == decode.Items && k.Item.Form == decode.Map:
		w.WriteString(name + "\n")
		w.item(k.Item.Keys, indent+"  ")
	case k.Form == decode.Levels:
		w.WriteString(name + "\n")
		for _, word := range k.Enum {
			value := "true"
			if k.Values != nil {
				value = k.Values[1]
			}
			fmt.Fprintf(w, "%s%s  %s: %s\n", off, indent, word, value)
		}
	default:
		w.WriteString(name + " " + w.example(k) + "\n")
	}
}

func (w *writer) keys(keys []decode.Key, indent string) {
	for _, k := range keys {
		w.key(k, indent, false)
	}
}

// item writes the only entry of a list of mappings: its first key stands behind a hyphen.
func (w *writer) item(keys []decode.Key, indent string) {
	var inner writer
	inner.values, inner.say = w.values, w.say
	inner.keys(keys, indent+"  ")
	lines := strings.Split(strings.TrimSuffix(inner.String(), "\n"), "\n")
	for i, line := range lines {
		// The first line explains the first key; the hyphen goes before the key itself.
		if i == 1 {
			line = "#" + indent + "- " + strings.TrimPrefix(line, "#"+indent+"  ")
		}
		w.WriteString(line + "\n")
	}
}

func choices(k decode.Key) []string {
	switch {
	case k.Form == decode.Words && k.Enum != nil:
		return k.Enum
	case k.Form == decode.Items && k.Item.Enum != nil:
		return k.Item.Enum
	}
	return nil
}

// example is a value that the key takes.
func (w *writer) example(k decode.Key) string {
	switch {
	case k.Example != "":
		return k.Example
	case k.Form == decode.Switch:
		return "true"
	case k.Form == decode.Integer, k.Form == decode.Number:
		return "1"
	case k.Form == decode.Items:
		return "[]"
	case k.Enum != nil:
		return k.Enum[0]
	}
	return `"…"`
}

// quoted is a text as YAML takes it, whatever is in it: a JSON string is one of YAML too.
func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(data))
}

// required names the keys that have no value yet and need one.
func required(keys []decode.Key, values map[string]string) []string {
	var names []string
	for _, k := range keys {
		if _, set := values[k.Name]; k.Required && !set {
			names = append(names, k.Name)
		}
	}
	slices.Sort(names)
	return names
}
