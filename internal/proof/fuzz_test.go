package proof

import (
	"bytes"
	"strings"
	"testing"
)

// A log that can be read is written again byte for byte, entry by entry, and proves itself.
func FuzzParseLog(f *testing.F) {
	f.Add([]byte(""))
	f.Add(logOf(f, 1).Bytes())
	f.Add(logOf(f, 5).Bytes())
	f.Add(logOf(f, 2).Bytes()[:100])
	f.Add([]byte("{}\n"))
	f.Add([]byte("\n\n"))
	f.Add([]byte(`{"tree":"` + strings.Repeat("0", 64) + `","files":0,"as_of":"","commit":"","url":"","pendapa":""}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLog(data)
		if err != nil {
			_ = err.Error()
			return
		}
		if !bytes.Equal(l.Bytes(), data) {
			t.Fatalf("%q became %q", data, l.Bytes())
		}
		var again []byte
		for i := range l.Len() {
			e := l.Entry(i)
			if e.Check() != nil {
				t.Fatalf("%+v: %v", e, e.Check())
			}
			if _, ok := l.Find(e.Tree); !ok {
				t.Fatalf("%s is not found", e.Tree)
			}
			again = append(append(again, e.line()...), '\n')
		}
		if !bytes.Equal(again, data) {
			t.Fatalf("%q became %q", data, again)
		}
		if err := l.Check(checkpointOf(t, l), origin); err != nil {
			t.Fatal(err)
		}
	})
}

// A checkpoint that can be read begins with its text, byte for byte.
func FuzzParseCheckpoint(f *testing.F) {
	private, public := newKey(f, origin)
	for _, key := range []string{"", private} {
		for n := range 3 {
			data, err := logOf(f, n).Checkpoint(origin, key)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n\n— b AAAAAAAA\n"))
	f.Add([]byte("\n\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseCheckpoint(data, "")
		if err == nil && !strings.HasPrefix(string(data), c.text()) {
			t.Fatalf("%q became %q", data, c.text())
		}
		if err == nil && c.Signed != (len(c.Signers) > 0) {
			t.Fatalf("%+v", c)
		}
		if err != nil {
			_ = err.Error()
		}
		checked, err := ParseCheckpoint(data, public)
		if err == nil && !checked.Signed {
			t.Fatalf("%q is taken for signed", data)
		}
	})
}
