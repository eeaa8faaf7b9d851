package proof

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pendapa/internal/diag"
)

// files reads a folder, links and all.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			data = []byte(entry.Type().String())
		}
		found[entry.Name()] = string(data)
	}
	return found
}

func update(t testing.TB, k Keeper, dir string, e Entry) (log, checkpoint []byte) {
	t.Helper()
	log, checkpoint, err := k.Update(dir, e)
	if err != nil {
		t.Fatal(err)
	}
	return log, checkpoint
}

// whole makes sure that a folder holds a log of n entries with its checkpoint, and nothing else.
func whole(t testing.TB, k Keeper, dir string, n int64) {
	t.Helper()
	found := files(t, dir)
	l, err := ParseLog([]byte(found["log"]))
	if err != nil {
		t.Fatal(err)
	}
	public, _ := k.verifierKey()
	c, err := ParseCheckpoint([]byte(found["checkpoint"]), public)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Check(c, k.Origin); err != nil || l.Len() != n || c.Size != n || len(found) != 2 {
		t.Errorf("%d entries, checkpoint of %d, %d files, %v", l.Len(), c.Size, len(found), err)
	}
}

func TestUpdateKeepsALog(t *testing.T) {
	private, public := newKey(t, origin)
	for name, k := range map[string]Keeper{
		"unsigned":         {Origin: origin},
		"signed":           {Origin: origin, PrivateKey: private},
		"with both keys":   {Origin: origin, PrivateKey: private, VerifierKey: public},
		"of another name":  {Origin: "smartcity.example.go.id/log", PrivateKey: private, VerifierKey: public},
		"a name with dots": {Origin: "Kota Contoh …", PrivateKey: private},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "made", "anew")
			var old []Checkpoint
			for i := range 12 {
				log, checkpoint := update(t, k, dir, entry(i))
				again, same := update(t, k, dir, entry(i))
				if !bytes.Equal(log, again) || !bytes.Equal(checkpoint, same) {
					t.Fatal("building twice changes the log")
				}
				if found := files(t, dir); found["log"] != string(log) || found["checkpoint"] != string(checkpoint) {
					t.Fatal("what is returned is not what is kept")
				}
				whole(t, k, dir, int64(i+1))
				l, _ := ParseLog(log)
				for _, c := range old {
					if err := l.Since(c); err != nil {
						t.Fatal(err)
					}
				}
				c, _ := ParseCheckpoint(checkpoint, "")
				old = append(old, c)
			}
		})
	}
}

// An update that cannot be trusted leaves every file of the folder byte for byte as it was.
func TestUpdateOfASpoiltLogChangesNothing(t *testing.T) {
	private, public := newKey(t, origin)
	otherPrivate, otherPublic := newKey(t, origin)
	signing := Keeper{Origin: origin, PrivateKey: private, VerifierKey: public}
	edit := func(name string, with func(string) string) func(string) {
		return func(dir string) {
			data, _ := os.ReadFile(filepath.Join(dir, name))
			_ = os.WriteFile(filepath.Join(dir, name), []byte(with(string(data))), 0o644)
		}
	}
	nothing := func(string) {}
	without := func(name string) func(string) { return func(dir string) { os.Remove(filepath.Join(dir, name)) } }
	dropLast := func(s string) string { return s[:strings.LastIndexByte(s[:len(s)-1], '\n')+1] }
	for name, test := range map[string]struct {
		spoil  func(dir string)
		keeper Keeper
		want   error
	}{
		"cut in a line":           {edit("log", func(s string) string { return s[:len(s)-9] }), signing, &DamagedError{}},
		"no log at all":           {without("log"), signing, &ShortError{}},
		"an empty log":            {edit("log", func(string) string { return "" }), signing, &ShortError{}},
		"cut by one line":         {edit("log", dropLast), signing, &ShortError{}},
		"an old line changed":     {edit("log", func(s string) string { return strings.Replace(s, `"files":101`, `"files":102`, 1) }), signing, &ForkError{}},
		"a line changed to other": {edit("log", func(s string) string { return strings.Replace(s, `"files"`, `"Files"`, 1) }), signing, &DamagedError{}},
		"no checkpoint":           {without("checkpoint"), signing, &DamagedError{}},
		"an empty checkpoint":     {edit("checkpoint", func(string) string { return "" }), signing, &DamagedError{}},
		"a checkpoint of before": {func(dir string) {
			older, _ := logOf(t, 1).Checkpoint(origin, private)
			_ = os.WriteFile(filepath.Join(dir, "checkpoint"), older, 0o644)
		}, signing, &DamagedError{}},
		"a checkpoint changed":     {edit("checkpoint", func(s string) string { return strings.Replace(s, "\n3\n", "\n2\n", 1) }), signing, &KeyError{}},
		"its signature taken away": {edit("checkpoint", func(s string) string { return strings.SplitAfter(s, "\n\n")[0][:strings.Index(s, "\n\n")+1] }), signing, &KeyError{}},
		"another's name":           {nothing, Keeper{Origin: "other.example", PrivateKey: private}, &OriginError{}},
		"another key":              {nothing, Keeper{Origin: origin, PrivateKey: otherPrivate}, &KeyError{}},
		"keys that are no pair":    {nothing, Keeper{Origin: origin, PrivateKey: private, VerifierKey: otherPublic}, &KeyError{}},
		"no key any more":          {nothing, Keeper{Origin: origin}, &KeyError{}},
		"no private key any more":  {nothing, Keeper{Origin: origin, VerifierKey: public}, &KeyError{}},
		"a private key cut off":    {nothing, Keeper{Origin: origin, PrivateKey: private[:50]}, &KeyError{}},
		"a public key cut off":     {nothing, Keeper{Origin: origin, PrivateKey: private, VerifierKey: public[:20]}, &KeyError{}},
		"no name":                  {nothing, Keeper{PrivateKey: private}, diag.Text{}},
		"a folder for a log": {func(dir string) {
			_ = os.Remove(filepath.Join(dir, "log"))
			_ = os.Mkdir(filepath.Join(dir, "log"), 0o755)
		}, signing, &DamagedError{}},
		"a link for a log": {func(dir string) {
			_ = os.Rename(filepath.Join(dir, "log"), filepath.Join(dir, "other"))
			_ = os.Symlink("other", filepath.Join(dir, "log"))
		}, signing, &DamagedError{}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for i := range 3 {
				update(t, signing, dir, entry(i))
			}
			test.spoil(dir)
			before := files(t, dir)
			_, _, err := test.keeper.Update(dir, entry(3))
			if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", test.want) {
				t.Errorf("got %T %v, want %T", err, err, test.want)
			}
			if after := files(t, dir); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("the folder was\n%s\nand is\n%s", before, after)
			}
			if err != nil && (diag.Of(err).Format == "%s" || strings.Contains(err.Error(), private)) {
				t.Errorf("%v has no text of its own, or tells the key", err)
			}
		})
	}
	t.Run("a key where there was none", func(t *testing.T) {
		dir := t.TempDir()
		update(t, Keeper{Origin: origin}, dir, entry(0))
		before := files(t, dir)
		if _, _, err := signing.Update(dir, entry(1)); !errors.As(err, new(*KeyError)) || fmt.Sprint(files(t, dir)) != fmt.Sprint(before) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an entry that is none", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "log")
		if _, _, err := signing.Update(dir, Entry{}); err == nil || diag.Of(err).Format == "%s" {
			t.Errorf("got %v", err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Error("a folder was made for nothing")
		}
	})
}

var errDied = errors.New("died")

// Whatever ends an update, the next one goes on: with the same portal or with another.
func TestUpdateGoesOnAfterADeath(t *testing.T) {
	private, _ := newKey(t, origin)
	k := Keeper{Origin: origin, PrivateKey: private}
	for _, n := range []int{0, 1, 2, 5} { // entries before
		for _, where := range []step{staged, renamed} {
			for _, next := range []int{n, n + 1} { // what is built after the death
				t.Run(fmt.Sprint(n, " entries, ", where, ", then ", next), func(t *testing.T) {
					dir := t.TempDir()
					for i := range n {
						update(t, k, dir, entry(i))
					}
					before := files(t, dir)
					die := func(at step) error {
						if at == where {
							return errDied
						}
						return nil
					}
					if _, _, err := k.update(dir, entry(n), die); !errors.Is(err, errDied) {
						t.Fatal(err)
					}
					if where == staged && fmt.Sprint(files(t, dir)) != fmt.Sprint(before) {
						t.Error("the log is not as it was")
					}
					if where == renamed && files(t, dir)["checkpoint"] != before["checkpoint"] {
						t.Error("the checkpoint is not as it was")
					}
					// What a killed program leaves, as none of its own clearing up was done.
					if err := os.WriteFile(filepath.Join(dir, temporary+"Xlog"), []byte("half"), 0o644); err != nil {
						t.Fatal(err)
					}
					// A second death, while that is mended, is no worse.
					if _, _, err := k.update(dir, entry(next), die); !errors.Is(err, errDied) {
						if where == staged || err != nil {
							t.Fatal(err)
						}
					}
					update(t, k, dir, entry(next))
					want := n + 1
					if where == renamed { // the entry of the dead update is in the log
						want = next + 1
					}
					whole(t, k, dir, int64(want))
				})
			}
		}
	}
}

func TestAChangeMeanwhileIsNotOverwritten(t *testing.T) {
	k := Keeper{Origin: origin}
	dir := t.TempDir()
	update(t, k, dir, entry(0))
	once := true
	_, _, err := k.update(dir, entry(1), func(at step) error {
		if once {
			once = false
			update(t, k, dir, entry(2)) // of another program
		}
		return nil
	})
	var busy *BusyError
	if !errors.As(err, &busy) || diag.Of(err).Format == "%s" {
		t.Errorf("got %v", err)
	}
	whole(t, k, dir, 2)
	if log := files(t, dir)["log"]; !strings.Contains(log, entry(2).Tree) {
		t.Error("the other program's entry is gone")
	}
}

// Many at once is not what is promised, but no file is ever half of one and half of another.
func TestManyUpdatesAtOnceLeaveAReadableLog(t *testing.T) {
	k := Keeper{Origin: origin}
	dir := t.TempDir()
	update(t, k, dir, entry(0))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 3 {
				_, _, _ = k.Update(dir, entry(1+i*3+j))
			}
		})
	}
	wg.Wait()
	if _, err := ParseLog([]byte(files(t, dir)["log"])); err != nil {
		t.Error(err)
	}
	if _, err := ParseCheckpoint([]byte(files(t, dir)["checkpoint"]), ""); err != nil {
		t.Error(err)
	}
}
