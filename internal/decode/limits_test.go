package decode

import (
	"fmt"
	"strings"
	"testing"

	"pendapa/internal/diag"
)

// refusal is what a text is refused for; empty where it is taken.
func refusal(parse func(File, []byte, int) *Node, text string) string {
	problems := &diag.List{}
	if node := parse(File{Name: "f", Problems: problems}, []byte(text), 1); node != nil {
		return ""
	}
	list := problems.Sorted()
	if len(list) != 1 || list[0].Hint.IsZero() {
		return fmt.Sprint("without one problem and its remedy: ", list)
	}
	return list[0].Message.String()
}

// A page may be 64 KiB of front matter, 12 levels deep, with 4,096 keys and items, and not one more of any, in each of the
// three languages and in every way that TOML has of making a table.
// Limit: front matter, `site.yaml`
func TestFrontMatterAtItsLimits(t *testing.T) {
	const size, deep, many = "more than 64 KiB of front matter", "keys or lists nested more than 12 deep", "more than 4096 keys and values"
	fill := func(before, after string) func(int) string {
		return func(n int) string { return before + strings.Repeat("x", n-len(before)-len(after)) + after }
	}
	lists := func(before, after string) func(int) string { // the whole is one level
		return func(n int) string {
			return before + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + after
		}
	}
	items := func(before, after string) func(int) string { // the list's own key is one
		return func(n int) string { return before + strings.Repeat("1,", n-2) + "1" + after }
	}
	numbered := func(format string) func(int) string {
		return func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, format, i)
			}
			return b.String()
		}
	}
	for name, c := range map[string]struct {
		parse func(File, []byte, int) *Node
		most  int
		text  func(int) string
		want  string
	}{
		"YAML, bytes":  {YAML, 64 << 10, fill("title: ", ""), size},
		"TOML, bytes":  {TOML, 64 << 10, fill("title = '", "'"), size},
		"JSON, bytes":  {JSON, 64 << 10, fill(`{"title": "`, `"}`), size},
		"YAML, levels": {YAML, 12, lists("a: ", ""), deep},
		"YAML, levels by lines": {YAML, 12, func(n int) string {
			var b strings.Builder
			for i := range n - 5 {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String() + strings.Repeat(" ", n-5) + "[[[[[]]]]]\n"
		}, deep},
		"TOML, levels": {TOML, 12, lists("a = ", ""), deep},
		"JSON, levels": {JSON, 12, lists(`{"a": `, "}"), deep},
		"JSON, levels of a text": {JSON, 12, func(n int) string {
			return `{"a": ` + strings.Repeat("[", n-1) + `"x"` + strings.Repeat("]", n-1) + "}"
		}, deep},
		"TOML, dotted keys":   {TOML, 12, func(n int) string { return strings.Repeat("a.", n-1) + "a = 1" }, deep},
		"TOML, inline tables": {TOML, 12, func(n int) string { return strings.Repeat("a = {", n-1) + strings.Repeat("}", n-1) }, deep},
		"TOML, headers":       {TOML, 12, func(n int) string { return "[" + strings.Repeat("a.", n-2) + "a]\nx = 1" }, deep},
		"TOML, below a header": {TOML, 12, func(n int) string {
			return "[a.a.a.a]\nb.b.b.b.x = " + strings.Repeat("[", n-9) + strings.Repeat("]", n-9)
		}, deep},
		"TOML, lists of tables": {TOML, 12, func(n int) string {
			return "[[a]]\n[[a.b]]\n[[a.b.c]]\n[[a.b.c.d]]\n[[a.b.c.d.e]]\nf = " + strings.Repeat("[", n-11) + strings.Repeat("]", n-11)
		}, deep},
		"YAML, items":            {YAML, 4096, items("a: [", "]"), many},
		"TOML, items":            {TOML, 4096, items("a = [", "]"), many},
		"JSON, items":            {JSON, 4096, items(`{"a": [`, "]}"), many},
		"YAML, keys":             {YAML, 4096, numbered("k%d: 1\n"), many},
		"TOML, keys":             {TOML, 4096, numbered("k%d = 1\n"), many},
		"TOML, tables":           {TOML, 4096, numbered("[k%d]\n"), many},
		"TOML, tables by dots":   {TOML, 4096, func(n int) string { return numbered("k%d.a = 1\n")(n/2) + strings.Repeat("x = 1\n", n%2) }, many},
		"TOML, tables of a list": {TOML, 4096, func(n int) string { return strings.Repeat("[[k]]\n", n-1) }, many},
	} {
		if got := refusal(c.parse, c.text(c.most)); got != "" {
			t.Errorf("%s: %d are refused: %s", name, c.most, got)
		}
		if got := refusal(c.parse, c.text(c.most+1)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %d are refused for %q, want %q", name, c.most+1, got, c.want)
		}
	}
}

// Limit: digits of a number
func TestNumbersAtTheirLimit(t *testing.T) {
	nines := strings.Repeat("9", 15)
	for text, want := range map[string]string{
		"title: a\nvalue: " + nines:               "",
		"title: a\nvalue: -" + nines[:13] + ".25": "",
		"title: a\nvalue: " + nines + "9":         "is not a number",
		"title: a\nvalue: " + nines[:13] + ".125": "is not a number",
		"title: a\nmoney: " + nines + "999":       "", // whole numbers, such as rupiah, go as far as 64 bits
		"title: a\nmoney: 9223372036854775807":    "",
		"title: a\nmoney: 9223372036854775808":    "is not a whole number",
	} {
		_, problems := decodeText(text+"\n", Whole)
		if want == "" && len(problems) > 0 || want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Message.String(), want) || problems[0].Hint.IsZero()) {
			t.Errorf("%q: %v, want %q", text, problems, want)
		}
	}
}
