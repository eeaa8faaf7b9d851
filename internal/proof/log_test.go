package proof

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"pendapa/internal/diag"
)

// entry is the i-th portal of a city that publishes each time with another file.
func entry(i int) Entry {
	return Entry{
		Tree:    fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, "portal ", i))),
		Files:   100 + i,
		AsOf:    "2026-03-01",
		Commit:  fmt.Sprintf("%040x", i),
		URL:     "https://smartcity.example.go.id/?a&b=<é>",
		Version: "1.2.0",
	}
}

func logOf(t testing.TB, n int) *Log {
	t.Helper()
	l := new(Log)
	for i := range n {
		if _, added := l.Append(entry(i)); !added {
			t.Fatalf("entry %d was not added", i)
		}
	}
	return l
}

// checkpointOf is the unsigned checkpoint of a log, as it is parsed.
func checkpointOf(t testing.TB, l *Log) Checkpoint {
	t.Helper()
	data, err := l.Checkpoint(origin, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCheckpoint(data, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const origin = "smartcity.example.go.id"

// The root of three lines is what RFC 6962, 2.1 makes of them, worked out here without the library.
func TestRootIsThatOfRFC6962(t *testing.T) {
	tree, other := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	lines := []string{
		`{"tree":"` + tree + `","files":3,"as_of":"2026-01-01","commit":"","url":"https://smartcity.example.go.id/","pendapa":"1.0.0"}`,
		`{"tree":"` + other + `","files":4,"as_of":"2026-02-01","commit":"c0ffee","url":"https://smartcity.example.go.id/","pendapa":"1.0.0"}`,
		`{"tree":"` + tree + `","files":5,"as_of":"","commit":"c0ffee","url":"","pendapa":""}`,
	}
	leaf := func(line string) []byte { h := sha256.Sum256([]byte("\x00" + line)); return h[:] }
	node := func(left, right []byte) []byte {
		h := sha256.Sum256(append(append([]byte{1}, left...), right...))
		return h[:]
	}
	want := node(node(leaf(lines[0]), leaf(lines[1])), leaf(lines[2]))

	text := []byte(strings.Join(lines, "\n") + "\n")
	parsed, err := ParseLog(text)
	if err != nil {
		t.Fatal(err)
	}
	appended := new(Log)
	for _, e := range []Entry{
		{tree, 3, "2026-01-01", "", "https://smartcity.example.go.id/", "1.0.0"},
		{other, 4, "2026-02-01", "c0ffee", "https://smartcity.example.go.id/", "1.0.0"},
		{Tree: tree, Files: 5, Commit: "c0ffee"},
	} {
		appended.Append(e)
	}
	for _, l := range []*Log{parsed, appended} {
		if root, err := l.Root(3); err != nil || !bytes.Equal(root[:], want) {
			t.Errorf("the root is %x, %v, want %x", root, err, want)
		}
		if !bytes.Equal(l.Bytes(), text) {
			t.Errorf("the log reads\n%s", l.Bytes())
		}
	}
	nothing := sha256.Sum256(nil)
	if root, err := parsed.Root(0); err != nil || root != tlog.Hash(nothing) {
		t.Errorf("the root of no entries is %x, %v", root, err)
	}
	for _, size := range []int64{-1, 4} {
		if _, err := parsed.Root(size); err == nil {
			t.Errorf("three entries have a root of %d", size)
		}
	}
}

func TestEntriesComeBackAsTheyWere(t *testing.T) {
	l, err := ParseLog(logOf(t, 20).Bytes())
	if err != nil || l.Len() != 20 {
		t.Fatal(l.Len(), err)
	}
	for i := range 20 {
		if l.Entry(int64(i)) != entry(i) {
			t.Errorf("entry %d is %+v", i, l.Entry(int64(i)))
		}
		if at, ok := l.Find(entry(i).Tree); !ok || at != int64(i) {
			t.Errorf("entry %d is found at %d, %v", i, at, ok)
		}
	}
	for _, tree := range []string{"", "x", entry(20).Tree, entry(0).Tree[:63], entry(0).Tree + `"`} {
		if at, ok := l.Find(tree); ok {
			t.Errorf("%q is found at %d", tree, at)
		}
	}
	if last, ok := l.Last(); !ok || last != entry(19) {
		t.Errorf("the last is %+v, %v", last, ok)
	}
	if _, ok := new(Log).Last(); ok {
		t.Error("an empty log has a last entry")
	}
}

func TestBuildingTwiceAddsNothing(t *testing.T) {
	first := entry(0)
	for name, test := range map[string]struct {
		change func(*Entry)
		added  bool
	}{
		"the same":            {func(*Entry) {}, false},
		"by a newer Pendapa":  {func(e *Entry) { e.Version = "9" }, false},
		"another tree":        {func(e *Entry) { e.Tree = entry(1).Tree }, true},
		"at another address":  {func(e *Entry) { e.URL = "https://other.example/" }, true},
		"as of another day":   {func(e *Entry) { e.AsOf = "2026-03-02" }, false},
		"from another commit": {func(e *Entry) { e.Commit = "1" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := new(Log)
			line, _ := l.Append(first)
			next := first
			test.change(&next)
			again, added := l.Append(next)
			if added != test.added || bytes.Equal(line, again) == test.added || (l.Len() == 2) != test.added {
				t.Errorf("added %v, %d entries, line %s", added, l.Len(), again)
			}
		})
	}
	l := logOf(t, 2)
	if _, added := l.Append(entry(0)); !added {
		t.Error("going back to an older portal is no entry")
	}
	if at, _ := l.Find(entry(0).Tree); at != 2 {
		t.Errorf("the newest entry of the tree is %d", at)
	}
}

func TestWhatCannotStandInALogIsNotAdded(t *testing.T) {
	for name, change := range map[string]func(*Entry){
		"no tree":           func(e *Entry) { e.Tree = "" },
		"a tree in capital": func(e *Entry) { e.Tree = strings.ToUpper(e.Tree) },
		"files below zero":  func(e *Entry) { e.Files = -1 },
		"no day":            func(e *Entry) { e.AsOf = "2026-02-30" },
		"a day in words":    func(e *Entry) { e.AsOf = "1 March" },
		"a quote":           func(e *Entry) { e.Commit = `"` },
		"a backslash":       func(e *Entry) { e.URL = `\` },
		"a newline":         func(e *Entry) { e.Version = "1\n2" },
		"no UTF-8":          func(e *Entry) { e.URL = "\xff" },
		"too long":          func(e *Entry) { e.URL = strings.Repeat("x", maxLine) },
	} {
		t.Run(name, func(t *testing.T) {
			e := entry(0)
			change(&e)
			var l Log
			if line, added := l.Append(e); added || line != nil || l.Len() != 0 || e.Check() == nil {
				t.Errorf("added %v: %s, %v", added, line, e.Check())
			}
			if err := e.Check(); diag.Of(err).Format == "%s" {
				t.Errorf("%v has no text of its own", err)
			}
		})
	}
}

// Whatever is not byte for byte what Pendapa writes is damage, and the line is told.
func TestDamageIsFound(t *testing.T) {
	good := string(logOf(t, 3).Bytes())
	lines := strings.SplitAfter(good, "\n")
	second := func(old, new string) string {
		if !strings.Contains(lines[1], old) {
			t.Fatal(old)
		}
		return lines[0] + strings.Replace(lines[1], old, new, 1) + lines[2]
	}
	for name, test := range map[string]struct {
		data string
		line int // 0: good
	}{
		"nothing":                {"", 0},
		"as it was written":      {good, 0},
		"cut by whole lines":     {lines[0] + lines[1], 0}, // its checkpoint tells
		"cut in the middle":      {good[:len(good)-20], 3},
		"without the last end":   {good[:len(good)-1], 3},
		"an empty line":          {lines[0] + "\n" + lines[1], 2},
		"an empty line at end":   {good + "\n", 4},
		"a carriage return":      {strings.ReplaceAll(good, "\n", "\r\n"), 1},
		"a byte order mark":      {"\ufeff" + good, 1},
		"a blank after a colon":  {second(`"files":`, `"files": `), 2},
		"another order of keys":  {second(`"files":101,"as_of":"2026-03-01"`, `"as_of":"2026-03-01","files":101`), 2},
		"a key more":             {second(`"pendapa"`, `"x":1,"pendapa"`), 2},
		"a key twice":            {second(`"files":101`, `"files":101,"files":101`), 2},
		"a key less":             {second(`,"pendapa":"1.2.0"`, ``), 2},
		"a key in capitals":      {second(`"files"`, `"FILES"`), 2},
		"an escaped character":   {second(`&`, `\u0026`), 2},
		"a number with a point":  {second(`101`, `101.0`), 2},
		"a number with zeros":    {second(`101`, `0101`), 2},
		"a digest in capitals":   {second(entry(1).Tree, strings.ToUpper(entry(1).Tree)), 2},
		"a digest cut":           {second(entry(1).Tree, entry(1).Tree[1:]), 2},
		"a date that is none":    {second("2026-03-01", "2026-13-01"), 2},
		"no JSON":                {lines[0] + "tree\n" + lines[2], 2},
		"a list":                 {lines[0] + "[]\n" + lines[2], 2},
		"null":                   {lines[0] + "null\n" + lines[2], 2},
		"bytes that are no text": {second("é", "\xe9"), 2},
		"a line too long":        {second("1.2.0", strings.Repeat("1", maxLine)), 2},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := ParseLog([]byte(test.data))
			if test.line == 0 {
				if err != nil || string(l.Bytes()) != test.data {
					t.Errorf("%v", err)
				}
				return
			}
			var damaged *DamagedError
			if !errors.As(err, &damaged) || damaged.Line != test.line || damaged.File != "log" {
				t.Errorf("got %v, want damage in line %d", err, test.line)
			}
			if diag.Of(err).Format == "%s" || damaged.Reason.Format == "%s" {
				t.Errorf("%v has no text of its own", err)
			}
		})
	}
}

// From 0 to 300 entries, the log of each size proves that it grew out of each before.
func TestALogOnlyGrows(t *testing.T) {
	const n = 300
	l := new(Log)
	old := []Checkpoint{checkpointOf(t, l)}
	for i := range n {
		l.Append(entry(i))
		old = append(old, checkpointOf(t, l))
		for _, c := range old {
			if err := l.Since(c); err != nil {
				t.Fatalf("%d entries, since %d: %v", i+1, c.Size, err)
			}
		}
	}
	again, err := ParseLog(l.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range old {
		if err := again.Check(c, origin); err != nil {
			t.Fatalf("read again, since %d: %v", c.Size, err)
		}
	}
}

func TestAChangedLogIsTold(t *testing.T) {
	whole := logOf(t, 10)
	c := checkpointOf(t, whole)
	text := string(whole.Bytes())
	lines := strings.SplitAfter(text, "\n")
	for name, test := range map[string]struct {
		data string
		want error
	}{
		"as it was":         {text, nil},
		"grown":             {string(logOf(t, 13).Bytes()), nil},
		"an old line other": {strings.Replace(text, `"files":103`, `"files":104`, 1), &ForkError{}},
		"the last other":    {strings.Replace(text, `"files":109`, `"files":110`, 1), &ForkError{}},
		"two exchanged":     {lines[1] + lines[0] + strings.Join(lines[2:], ""), &ForkError{}},
		"one put in":        {lines[0] + lines[5] + strings.Join(lines[1:], ""), &ForkError{}},
		"one replaced":      {strings.Join(lines[1:], "") + lines[0], &ForkError{}},
		"one line cut off":  {strings.Join(lines[:9], ""), &ShortError{}},
		"one line taken":    {strings.Join(lines[1:], ""), &ShortError{}},
		"all gone":          {"", &ShortError{}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := ParseLog([]byte(test.data))
			if err != nil {
				t.Fatal(err)
			}
			err = l.Since(c)
			if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", test.want) {
				t.Errorf("got %v, want %T", err, test.want)
			}
			if err != nil && diag.Of(err).Format == "%s" {
				t.Errorf("%v has no text of its own", err)
			}
		})
	}
	if err := new(Log).Since(Checkpoint{Root: tlog.Hash{1}}); !errors.As(err, new(*ForkError)) {
		t.Errorf("a false root of nothing: %v", err)
	}
	if err := whole.Since(Checkpoint{Size: -1}); err == nil {
		t.Error("a size below zero is proved")
	}
	if err := whole.Check(c, "other.example"); !errors.As(err, new(*OriginError)) {
		t.Errorf("the checkpoint of another log: %v", err)
	}
}

func TestALogIsReadFastWhenItIsLong(t *testing.T) {
	start := time.Now()
	l := logOf(t, 20_000)
	c := checkpointOf(t, l)
	again, err := ParseLog(l.Bytes())
	if err != nil || again.Since(c) != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 5*time.Second { // measured: 0.1 s
		t.Errorf("20,000 entries took %s", took)
	}
}

// 100,000 entries are a portal that is published every day for 270 years.
func BenchmarkAppendAndRoot100000(b *testing.B) {
	entries := make([]Entry, 100_000)
	for i := range entries {
		entries[i] = entry(i)
	}
	for b.Loop() {
		l := new(Log)
		for _, e := range entries {
			l.Append(e)
			if _, err := l.Root(l.Len()); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkParse100000(b *testing.B) {
	data := logOf(b, 100_000).Bytes()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := ParseLog(data); err != nil {
			b.Fatal(err)
		}
	}
}
