package pack

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type tree struct {
	Name     string
	Count    int
	Share    float64
	Done     bool
	Small    uint8
	Digest   [4]byte
	Pair     [2]string
	Raw      []byte
	At       time.Time
	Children []*tree
	Spent    *int64
	Notes    map[string][]string
	Inner    struct{ A, B string }
}

var jakarta = time.FixedZone("WIB", 7*3600)

func full() tree {
	spent := int64(-12)
	return tree{
		Name: "sampah ☕", Count: -3, Share: 0.1, Done: true, Small: 255, Digest: [4]byte{1, 2, 3, 4}, Pair: [2]string{"", "b"}, Raw: []byte{0, 1},
		At: time.Date(2018, 9, 26, 7, 30, 0, 5, jakarta), Spent: &spent,
		Children: []*tree{nil, {Name: "x", Inner: struct{ A, B string }{"a", ""}}},
		Notes:    map[string][]string{"b": {"1", "2"}, "a": nil},
	}
}

func TestValuesComeBack(t *testing.T) {
	c := New[tree](jakarta)
	for name, want := range map[string]tree{"empty": {}, "full": full()} {
		data := c.Append([]byte("x"), &want)
		var got tree
		rest, err := c.Read(string(data[1:])+"rest", &got)
		if err != nil || rest != "rest" {
			t.Errorf("%s: %q left, %v", name, rest, err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.String() == b.String() })); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		if again := c.Append(nil, &got); string(again) != string(data[1:]) {
			t.Errorf("%s: the same value has two forms", name)
		}
	}
}

func TestPartOfAValueIsDamage(t *testing.T) {
	c, v := New[tree](time.UTC), full()
	data := string(c.Append(nil, &v))
	for n := range data {
		if _, err := c.Read(data[:n], &tree{}); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%d of %d bytes: %v", n, len(data), err)
		}
	}
}

func TestTypesWithoutAFormAreRefused(t *testing.T) {
	for name, make := range map[string]func(){
		"unexported": func() { New[struct{ a int }](nil) },
		"interface":  func() { New[struct{ A any }](nil) },
		"function":   func() { New[func()](nil) },
		"keys":       func() { New[map[int]string](nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: has a form", name)
				}
			}()
			make()
		}()
	}
}

func FuzzRead(f *testing.F) {
	c, v := New[tree](time.UTC), full()
	f.Add(string(c.Append(nil, &v)))
	f.Add("")
	f.Fuzz(func(t *testing.T, data string) {
		var got tree
		if _, err := c.Read(data, &got); err != nil {
			return
		}
		var again tree
		if _, err := c.Read(string(c.Append(nil, &got)), &again); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	c, v := New[tree](time.UTC), full()
	data := string(c.Append(nil, &v))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var got tree
		if _, err := c.Read(data, &got); err != nil {
			b.Fatal(err)
		}
	}
}
