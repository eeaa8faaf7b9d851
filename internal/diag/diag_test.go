package diag

import (
	"strings"
	"testing"
)

func TestProblemIsPrintedWithItsLineAndACaret(t *testing.T) {
	source := map[string][]string{
		"a.md": {"---", "status: on track", strings.Repeat("x", 300) + "HERE" + strings.Repeat("y", 300), "a\tb\x1b[31m", "日本語 kata"},
	}
	line := func(file string, n int) (string, bool) {
		lines := source[file]
		if n > len(lines) {
			return "", false
		}
		return lines[n-1], true
	}
	for _, test := range []struct {
		name string
		p    Problem
		want string
	}{
		{"with a hint", Problem{File: "a.md", Pos: Pos{2, 9}, Width: 8, Message: Textf(`status "on track" is not one of planned, done`), Hint: Textf(`did you mean "on-track"?`)},
			"a.md:2:9: error: status \"on track\" is not one of planned, done\n   2 | status: on track\n     |         ^^^^^^^^ did you mean \"on-track\"?\n"},
		{"a warning without a hint", Problem{Severity: Warning, File: "a.md", Pos: Pos{1, 1}, Message: Textf("odd")},
			"a.md:1:1: warning: odd\n   1 | ---\n     | ^\n"},
		{"a whole line", Problem{File: "a.md", Pos: Pos{1, 0}, Message: Textf("odd")}, "a.md:1: error: odd\n   1 | ---\n     | ^^^\n"},
		{"a whole file", Problem{File: "b.md", Message: Textf("odd"), Hint: Textf("mend it")}, "b.md: error: odd\n   mend it\n"},
		{"wide letters", Problem{File: "a.md", Pos: Pos{5, 5}, Width: 4, Message: Textf("odd")}, "a.md:5:5: error: odd\n   5 | 日本語 kata\n     |     ^^^^\n"},
		{"what steers a terminal", Problem{File: "a.md", Pos: Pos{4, 1}, Width: 99, Message: Textf("odd \x1b[2J\u202e")}, "a.md:4:1: error: odd �[2J�\n   4 | a b�[31m\n     | ^^^^^^^^\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			if err := (Printer{Line: line}).Print(&b, []Problem{test.p}); err != nil {
				t.Fatal(err)
			}
			if b.String() != test.want {
				t.Errorf("printed\n%s\nwant\n%s", b.String(), test.want)
			}
		})
	}
	var b strings.Builder
	_ = Printer{Line: line}.Print(&b, []Problem{{File: "a.md", Pos: Pos{3, 301}, Width: 4, Message: Textf("odd")}})
	lines := strings.Split(b.String(), "\n")
	text, carets := []rune(lines[1]), []rune(lines[2])
	if at := strings.IndexRune(string(carets), '^'); len(text) > 120 || string(text[at:at+4]) != "HERE" {
		t.Errorf("a long line is printed as\n%s", b.String())
	}
}

func TestProblemsAreSortedAndToldOnce(t *testing.T) {
	var l List
	l.Add(Problem{File: "b", Message: Textf("1")}, Problem{File: "a", Pos: Pos{2, 1}, Message: Textf("2")}, Problem{File: "a", Pos: Pos{1, 9}, Severity: Warning, Message: Textf("3")}, Problem{File: "b", Message: Textf("1")})
	var got []string
	for _, p := range l.Sorted() {
		got = append(got, p.Error())
	}
	want := "a:1:9: warning: 3|a:2:1: error: 2|b: error: 1"
	if strings.Join(got, "|") != want {
		t.Errorf("sorted %v, want %s", got, want)
	}
	if l.Errors() != 3 {
		t.Errorf("%d errors, want 3", l.Errors())
	}
}

func TestNearest(t *testing.T) {
	words := []string{"title", "summary", "status", "on-track", "diskominfo", "dlh"}
	for word, want := range map[string]string{
		"titel": "title", "tilte": "title", "Title": "title", "on track": "on-track", "on_track": "on-track", "diskominfi": "diskominfo",
		"dlg": "dlh", "xyz": "", "": "", "sumary": "summary", "budget": "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
