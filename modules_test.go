package pendapa_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What is linked into the program is what was decided on, version by version, under licences that ask no more than to be
// named. A new module is a decision: it is added to the list by the command that the list names.
func TestLinkedModulesAreThoseDecidedOn(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "./cmd/pendapa").Output()
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(strings.ReplaceAll(string(out), " ", "@"))
	slices.Sort(linked)
	linked = slices.Compact(linked)
	text, err := os.ReadFile("docs/licences.md")
	if err != nil {
		t.Fatal(err)
	}
	var decided []string
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+) \| (v\d\S*) \| (.+) \|$`).FindAllStringSubmatch(string(text), -1) {
		decided = append(decided, m[1]+"@"+m[2])
		for licence := range strings.SplitSeq(m[3], ", ") {
			if !slices.Contains([]string{"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"}, licence) {
				t.Errorf("%s is under %s", m[1], licence)
			}
		}
	}
	slices.Sort(decided)
	for _, m := range linked {
		if !slices.Contains(decided, m) {
			t.Errorf("%s is linked, and not in docs/licences.md: bash .ci/licences >docs/licences.md", m)
		}
	}
	for _, m := range decided {
		if !slices.Contains(linked, m) {
			t.Errorf("%s is in docs/licences.md, and not linked", m)
		}
	}
	if len(linked) < 15 {
		t.Errorf("only %d modules were looked at", len(linked))
	}
}
