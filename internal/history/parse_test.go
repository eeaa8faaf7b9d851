package history

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pendapa/internal/pack"
)

func TestMessagesAreTextsOfBoundedSize(t *testing.T) {
	for name, test := range map[string]struct{ text, subject, body string }{
		"plain":         {"Fix the plan\n", "Fix the plan", ""},
		"two lines":     {"\n\nFix\nthe plan\n\nBecause\n\nit was wrong.\n\n", "Fix the plan", "Because\n\nit was wrong."},
		"Windows":       {"Fix\r\n\r\nBecause\r\n", "Fix", "Because"},
		"controls":      {"a\x1b[31mred\x07\x7f\u0085\n\n\tb", "a[31mred", "b"},
		"not UTF-8":     {"caf\xe9 \xff\xfe\n", "caf\uFFFD \uFFFD", ""},
		"cut":           {strings.Repeat("é", 3000), strings.Repeat("é", 2048), ""},
		"cut in a rune": {"caf\xc3", "caf", ""},
		"grows":         {strings.Repeat("\xff ", 2048), strings.TrimSpace(strings.Repeat("\uFFFD ", 1024)), ""},
		"addresses":     {"Fix <b>\n\nSigned-off-by: Sri <sri@kota.example>\nSee <https://x.example> <a b@c>", "Fix <b>", "Signed-off-by: Sri\nSee <https://x.example> <a b@c>"},
		"empty":         {"", "", ""},
		"markup":        {"<script>alert(1)</script>", "<script>alert(1)</script>", ""},
		"open brackets": {"a <<b@c> <", "a < <", ""},
		"in each other": {"a <b<c@d>@e> f", "a f", ""},
	} {
		subject, body := message(test.text)
		if subject != test.subject || body != test.body {
			t.Errorf("%s: %.80q, %.80q", name, subject, body)
		}
	}
	for text, want := range map[string]string{"Sri": "Sri", "sri@kota.example": "sri", "Sri <sri@kota.example>": "Sri", " a\nb ": "a b", "@sri": "@sri", "": ""} {
		if got := author(text); got != want {
			t.Errorf("author %q: %q", text, got)
		}
	}
	for text, want := range map[string]string{
		"0": "1970-01-01T00:00:00Z", "-1": "1969-12-31T23:59:59Z", "": "1970-01-01T00:00:00Z", "x": "1970-01-01T00:00:00Z",
		"1000000000000": "9999-12-31T23:59:59Z", "99999999999999999999999": "9999-12-31T23:59:59Z", "-99999999999999999999999": "0001-01-01T00:00:01Z",
	} {
		if got := moment(text).Format(time.RFC3339); got != want {
			t.Errorf("moment %q: %s", text, got)
		}
	}
}

// What git itself makes of odd commits.
func TestOddCommitsAreRead(t *testing.T) {
	r := newRepo(t)
	tree := func(text string) string { r.commit("x", "a.md", text); return r.git("rev-parse", "HEAD^{tree}") }
	parent := ""
	for i, text := range []string{
		"author A <a@b> 5 +0000\ncommitter B <c@d> 0 +0000\n\nzero",
		"author  <> 5 +0000\ncommitter  <> 18446744073709551614 +0000\n\nfar",
		"author A <a@b> 5 +0000\ncommitter B <c@d> -5 +0000\n\nnegative",
		"author caf\xe9 <a@b> 5 +0000\ncommitter B <c@d> 1000 +0000\nencoding ISO-8859-1\n\ncaf\xe9",
		"author A <a@b> 5 +0000\ncommitter B <c@d> 1000 +0000\n\nbefore\x00after",
		"author A <a@b> 5 +0000\ncommitter B <c@d> 1000 +0000\n\n",
		"author A <a@b> 5 +0000\ncommitter B <c@d> 1000 +0000\n\n" + strings.Repeat("long ", 50000),
	} {
		object := "tree " + tree(fmt.Sprint(i)) + "\n"
		if parent != "" {
			object += "parent " + parent + "\n"
		}
		hash, err := r.run(object+text, "hash-object", "-t", "commit", "-w", "--stdin", "--literally")
		if err != nil {
			t.Fatal(err)
		}
		parent = hash
	}
	r.git("update-ref", "HEAD", parent)
	l := r.log("", nil)
	var got []string
	for _, c := range l.Commits {
		got = append(got, fmt.Sprintf("%s|%.20s|%d", c.Author, c.Subject, c.Time.Year()))
		if len(c.Subject) > maxMessage {
			t.Error("too long")
		}
	}
	want := []string{"A|long long long long |1970", "A||1970", "A|before|1970", "café|café|1970", "A|negative|1970", "|far|9999", "A|zero|1970"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := told(l.Revisions()["a.md"]); strings.Count(got, "M ") != 6 {
		t.Error(got)
	}
}

// A log is kept by the caller in a cache.
func TestLogsCanBePacked(t *testing.T) {
	r := newRepo(t)
	r.commit("one", "a.md", lines("a"))
	r.git("mv", "a.md", "b.md")
	r.commit("two\n\nwith a body")
	l := r.log("", nil)
	codec := pack.New[Log](time.UTC)
	var back Log
	if rest, err := codec.Read(string(codec.Append(nil, l)), &back); err != nil || rest != "" {
		t.Fatal(rest, err)
	}
	if diff := cmp.Diff(l, &back); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	digests := pack.New[map[string]Digest](time.UTC)
	digests.Append(nil, &map[string]Digest{"x": {}})
	if again, err := r.open("").Log(context.Background(), l.Head, &back); err != nil || again != &back {
		t.Error("the same head is read anew", err)
	}
	back.Folder = "elsewhere/"
	if diff := cmp.Diff(l, r.log("", &back)); diff != "" {
		t.Errorf("another folder's log is used: -want +got\n%s", diff)
	}
	for _, head := range []string{strings.Repeat("1", 40), "--all", ""} {
		if diff := cmp.Diff(l, r.log("", &Log{Head: head})); diff != "" {
			t.Errorf("%q: -want +got\n%s", head, diff)
		}
	}
	r.git("reset", "-q", "--hard", "HEAD~1")
	r.commit("other", "c.md", "c")
	if diff := cmp.Diff(r.log("", nil), r.log("", l)); diff != "" {
		t.Errorf("after a rewritten history: -want +got\n%s", diff)
	}
}
