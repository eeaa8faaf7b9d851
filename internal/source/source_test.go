//go:build unix

package source

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"pendapa/internal/diag"
)

func split(text string) (Page, bool, []diag.Problem) {
	problems := &diag.List{}
	page, ok := Split("f.md", []byte(text), time.UTC, problems)
	return page, ok, problems.Sorted()
}

func TestSplitKeepsBodyAndLines(t *testing.T) {
	for _, test := range []struct {
		name, text, body string
		line             int
		keys             int
	}{
		{"YAML", "---\ntitle: a\n---\nbody\n", "body\n", 4, 1},
		{"byte order mark (A1)", "\ufeff---\ntitle: a\n---\nbody\n", "body\n", 4, 1},
		{"CRLF (A2)", "---\r\ntitle: a\r\nsummary: b\r\n---\r\nbody\r\n", "body\r\n", 5, 2},
		{"TOML", "+++\ntitle = 'a'\n+++\nbody", "body", 4, 1},
		{"JSON", "---json\n{\"title\": \"a\"}\n---\nbody", "body", 4, 1},
		{"rules in the body (A6)", "---\ntitle: a\n---\n\n---\n\ntext\n\n---\n", "\n---\n\ntext\n\n---\n", 4, 1},
		{"body that starts with a brace (A6)", "{\n\"title\": 1\n}\n\ntext\n", "{\n\"title\": 1\n}\n\ntext\n", 1, 0},
		{"no front matter", "text\n", "text\n", 1, 0},
		{"empty", "", "", 1, 0},
		{"empty front matter", "---\n---\ntext", "text", 3, 0},
		{"no body", "---\ntitle: a\n---", "", 3, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			page, ok, problems := split(test.text)
			if !ok || len(problems) > 0 {
				t.Fatalf("%v", problems)
			}
			if string(page.Body) != test.body || page.BodyLine != test.line {
				t.Errorf("body %q from line %d, want %q from %d", page.Body, page.BodyLine, test.body, test.line)
			}
			keys := 0
			if page.Front != nil {
				keys = len(page.Front.Fields)
			}
			if keys != test.keys {
				t.Errorf("%d keys, want %d", keys, test.keys)
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"UTF-16 (A1)", "\xff\xfe-\x00-\x00", "f.md:1:1: error: the file is encoded as UTF-16"},
		{"UTF-16 without mark (A1)", "-\x00-\x00-\x00", "f.md:1:1: error: the file is encoded as UTF-16"},
		{"CR only (A2)", "---\rtitle: a\r---\r", "f.md:1:1: error: the file's lines end with CR only"},
		{"not closed (A3)", "---\ntitle: a\n\ntext\n", "f.md:1:1: error: the front matter is not closed"},
		{"indented (A4)", "---\ntitle: |\n  a\n  ---\n  b\nsummary: c\n---\n", "f.md:4:3: error: an indented --- in the front matter"},
		{"a merge that git left", "---\ntitle: a\n---\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> z\n", "f.md:4:1: error: two versions of the page stand here side by side"},
		{"four hyphens (A5)", "----\ntitle: a\n----\n", "f.md:1:1: error: the line that opens the front matter has too many hyphens"},
		{"blank line before (A5)", "\n---\ntitle: a\n---\n", "f.md:2:1: error: the front matter does not start on the first line"},
		{"too large (A17)", "---\n" + strings.Repeat("a: b\n", 20000) + "---\n", "f.md:1:1: error: more than 64 KiB of front matter"},
		{"not UTF-8 (A20)", "---\ntitle: a\n---\nab\xffc\n", "f.md:4:3: error: a byte here is not UTF-8"},
		{"NUL (A20)", "---\ntitle: a\n---\nab\x00c\n", "f.md:4:3: error: a NUL character"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ok, problems := split(test.text)
			if ok || len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), test.want) || problems[0].Hint.String() == "" {
				t.Errorf("got %v, want %s with a hint", problems, test.want)
			}
		})
	}
}

func TestBrokenFrontMatterLeavesTheBody(t *testing.T) {
	page, ok, problems := split("---\ntitle: a: b\n---\nbody\n")
	if !ok || !page.Broken || string(page.Body) != "body\n" || len(problems) != 1 || problems[0].Pos != (diag.Pos{Line: 2, Col: 9}) {
		t.Errorf("%+v, %v", page, problems)
	}
}

func site(t *testing.T, files map[string]string) (string, *Tree) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return dir, tree
}

func TestListPassesOverWhatEditorsLeave(t *testing.T) {
	_, tree := site(t, map[string]string{"content/b.md": "x", "content/a/c.md": "yy", "content/.git/config": "", "content/.b.md.swp": "", "content/b.md~": "", "content/#b.md#": "", "content/x.swp": ""})
	problems := &diag.List{}
	entries := tree.List("content", problems)
	if len(entries) != 2 || entries[0] != (Entry{"content/a/c.md", 2}) || entries[1] != (Entry{"content/b.md", 1}) || len(problems.Sorted()) > 0 {
		t.Errorf("%v, %v", entries, problems.Sorted())
	}
	if entries := tree.List("nothing", problems); entries != nil {
		t.Error(entries)
	}
}

// A44, A45, A48: links are refused wherever they lead, and what is no file is passed over; nothing is read, nothing
// waits.
func TestListRefusesLinksAndPassesOverPipes(t *testing.T) {
	dir, tree := site(t, map[string]string{"content/a.md": "x"})
	secret := filepath.Join(t.TempDir(), "secret.md")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"file.md": secret, "folder": filepath.Dir(secret), "loop": ".", "inside.md": "a.md"} {
		if err := os.Symlink(target, filepath.Join(dir, "content", name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "content", "pipe.md"), 0o644); err != nil {
		t.Fatal(err)
	}
	problems := &diag.List{}
	entries := tree.List("content", problems)
	if len(entries) != 1 || entries[0].Path != "content/a.md" {
		t.Errorf("%v", entries)
	}
	if problems.Errors() != 4 || len(problems.Sorted()) != 5 {
		t.Errorf("%v", problems.Sorted())
	}
	// A46: a link that takes the place of a file after it was listed.
	for _, name := range []string{"content/file.md", "content/folder/secret.md", "../" + filepath.Base(dir) + "/content/a.md", "/etc/hostname"} {
		if data, err := tree.Read(name, 100); err == nil {
			t.Errorf("Read(%s) = %q", name, data)
		}
	}
	done := make(chan error)
	go func() {
		_, err := tree.Read("content/pipe.md", 100)
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a pipe was read")
		}
	case <-time.After(5 * time.Second):
		t.Error("reading a pipe hangs")
	}
}

// A146: a name that is not UTF-8 is told with what can be read of it.
func TestNamesAreUTF8(t *testing.T) {
	dir, tree := site(t, map[string]string{"content/a.md": "x"})
	if err := os.WriteFile(filepath.Join(dir, "content", "b\xff.md"), nil, 0o644); err != nil {
		t.Skip("this file system keeps no such names")
	}
	problems := &diag.List{}
	entries := tree.List("content", problems)
	if got := problems.Sorted(); len(entries) != 1 || len(got) != 1 || got[0].Error() != "content/b�.md: error: the file's name is not UTF-8" {
		t.Errorf("%v, %v", entries, got)
	}
}

func TestReadHasALimit(t *testing.T) {
	_, tree := site(t, map[string]string{"a": strings.Repeat("x", 100)})
	if _, err := tree.Read("a", 99); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if data, err := tree.Read("a", 100); err != nil || len(data) != 100 {
		t.Error(err)
	}
}

// FuzzSplit: the body is the rest of the file from its line on, what stands before it ends with the closing line, and a
// page that is refused has a problem in its file. A body is the same below any front matter.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: a\n---\nbody", "+++\na=1\n+++\n", "---json\n{}\n---\n", "\ufeff---\r\na: b\r\n---\r\n", "---\n ---\n---\n", ";;;\n{}\n;;;", "----\n", "---toml\na=1\n---\nx", "---yaml\n---", "--- \t\n---\t\n", "---\n---\n---\n---\n",
		"\ufeff\ufeff---\na: b\n---\n", "\n---\na: b\n---\n", "----\na: b\n----\n", "---\na: |\n  ---\n---\nx", "---\na: b\n---x\n---\n", "---\na: b\n...\nx", "---\ra: b\r---\r", "\xff\xfe-\x00-\x00", "---\na: \xff\n---\n", "---\na: \x00\n---\n", "---\n\u0085---\n---\n",
		"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", "---\na: b\n<<<<<<< HEAD\n---\n>>>>>>> x\n", "---\n" + strings.Repeat("a: b\n", 20000) + "---\n", "---\n" + strings.Repeat("\n", 70000) + "---\n", "---\n&a [*a]\n---\n", "{\"a\": 1}\n\nx", "---json\n{\"a\": \"---\n\"}\n---\n", "---\u00a0\na: b\n---\n", "---\v\na: b\n---\f\nx",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		problems := &diag.List{}
		page, ok := Split("f", data, time.UTC, problems)
		lines := bytes.Count(data, []byte("\n")) + 1
		for _, p := range problems.Sorted() {
			if p.Pos.Line < 1 || p.Pos.Line > lines+1 || p.Pos.Col < 1 || p.Hint.IsZero() {
				t.Errorf("out of the file, or without a remedy: %v", p)
			}
		}
		if !ok {
			if problems.Errors() == 0 {
				t.Error("refused without a problem")
			}
			return
		}
		if page.Broken != (problems.Errors() > 0) || page.Broken && page.Front != nil {
			t.Errorf("broken: %t, with %v", page.Broken, problems.Sorted())
		}
		if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
			t.Error("what is no text is taken for a page")
		}
		front, whole := bytes.CutSuffix(data, page.Body)
		if !whole || page.BodyLine != 1+bytes.Count(front, []byte("\n")) || len(page.Body) > 0 && !bytes.Equal(Body(data, page.BodyLine), page.Body) {
			t.Errorf("the body %q from line %d is not the end of the file", page.Body, page.BodyLine)
		}
		front = bytes.TrimPrefix(front, []byte("\xef\xbb\xbf"))
		if (page.Front != nil || page.Broken) != (len(front) > 0) {
			t.Errorf("%q is left out", front)
		}
		if len(front) > 0 {
			first, rest, _ := bytes.Cut(front, []byte("\n"))
			last := rest[bytes.LastIndexByte(bytes.TrimSuffix(rest, []byte("\n")), '\n')+1:]
			if _, closing := formatOf(strings.TrimRight(string(first), " \t\r")); closing == "" || string(bytes.TrimSpace(last)) != closing {
				t.Errorf("front matter from %q to %q", first, last)
			}
		}
		below(t, data)
	})
}

// below puts a text below front matter: it is the body, whatever it holds.
func below(t *testing.T, text []byte) {
	t.Helper()
	for _, front := range []string{"---\ntitle: a\n---\n", "+++\ntitle = 'a'\n+++\n", "---json\n{\"title\": \"a\"}\n---\n", "\ufeff---\r\ntitle: a\r\n---\r\n"} {
		problems := &diag.List{}
		page, ok := Split("f", append([]byte(front), text...), time.UTC, problems)
		if !ok && conflict(append([]byte(front), text...)) >= 0 {
			continue
		}
		if !ok || page.Front.Get("title") == nil || page.Front.Get("title").Value != "a" || !bytes.Equal(page.Body, text) || page.BodyLine != 4 {
			t.Errorf("below %q, %q became %q (%v)", front, text, page.Body, problems.Sorted())
		}
	}
}
