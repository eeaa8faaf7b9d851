package proof

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"pendapa/internal/diag"
)

func newKey(t testing.TB, name string) (private, public string) {
	t.Helper()
	private, public, err := NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	return private, public
}

func TestACheckpointIsThreeLines(t *testing.T) {
	data, err := new(Log).Checkpoint(origin, "")
	// The digest of nothing, in base64.
	if want := "smartcity.example.go.id\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"; err != nil || string(data) != want {
		t.Errorf("got %q, %v, want %q", data, err, want)
	}
	c, err := ParseCheckpoint(data, "")
	if err != nil || c.Origin != origin || c.Size != 0 || c.Signed || c.Signers != nil {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range []string{"", "two\nlines", "a\x00b", "\xff"} {
		if _, err := new(Log).Checkpoint(bad, ""); err == nil {
			t.Errorf("%q is the name of a log", bad)
		}
	}
}

func TestSignaturesAreChecked(t *testing.T) {
	private, public := newKey(t, origin)
	otherPrivate, otherPublic := newKey(t, "other.example")
	twinPrivate, _ := newKey(t, origin) // another key of the same name
	l := logOf(t, 5)
	signed := func(private string) string {
		data, err := l.Checkpoint(origin, private)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	n, err := note.Open([]byte(signed(otherPrivate)), nil)
	if n != nil || err == nil {
		t.Fatal(n, err)
	}
	two := func() string { // signed with both
		var unverified *note.UnverifiedNoteError
		errors.As(err, &unverified)
		s, _ := note.NewSigner(private)
		data, err := note.Sign(unverified.Note, s)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}()
	for name, test := range map[string]struct {
		data, key string
		signers   string
		wrong     string // part of the error; empty: none
	}{
		"signed":                        {signed(private), public, origin, ""},
		"signed, not checked":           {signed(private), "", origin, ""},
		"not signed, not checked":       {signed(""), "", "", ""},
		"not signed":                    {signed(""), public, "", "is not signed"},
		"signed with another":           {signed(otherPrivate), public, "", "is signed with the key other.example+"},
		"with another of that name":     {signed(twinPrivate), public, "", "is signed with the key " + origin},
		"signed with two":               {two, public, origin, ""},
		"signed with two, the other":    {two, otherPublic, "other.example", ""},
		"signed with two, not checked":  {two, "", "other.example " + origin, ""},
		"changed since":                 {strings.Replace(signed(private), "\n5\n", "\n4\n", 1), public, "", "signature of the checkpoint is wrong"},
		"another's signature taken":     {signed("") + "\n" + signed(otherPrivate)[strings.Index(signed(otherPrivate), "— "):], public, "", "signed with the key other.example+"},
		"no public key but the private": {signed(private), private, "", "private key is given where the public"},
		"no key":                        {signed(private), "key", "", "public key cannot be read"},
		"no key, not signed":            {signed(""), "key", "", "public key cannot be read"},
		"half a key":                    {signed(private), public[:len(public)-4], "", "public key cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := ParseCheckpoint([]byte(test.data), test.key)
			if test.wrong != "" {
				var key *KeyError
				if !errors.As(err, &key) || !strings.Contains(err.Error(), test.wrong) || strings.Contains(err.Error(), private) {
					t.Errorf("got %v, want %q", err, test.wrong)
				}
				return
			}
			slices.Sort(c.Signers)
			if err != nil || c.Signed != (test.signers != "") || strings.Join(c.Signers, " ") != test.signers || l.Check(c, origin) != nil {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

func TestADamagedCheckpointIsTold(t *testing.T) {
	private, _ := newKey(t, origin)
	l := logOf(t, 5)
	plain, _ := l.Checkpoint(origin, "")
	signed, _ := l.Checkpoint(origin, private)
	root := strings.Split(string(plain), "\n")[2]
	for name, test := range map[string]struct {
		data string
		good bool
	}{
		"as it was":              {string(plain), true},
		"as it was, signed":      {string(signed), true},
		"with an extension":      {string(plain) + "more\n", true},
		"nothing":                {"", false},
		"two lines":              {origin + "\n5\n", false},
		"cut off":                {string(plain[:len(plain)-1]), false},
		"signed and cut off":     {string(signed[:len(signed)-1]), false},
		"cut before its signers": {strings.SplitAfter(string(signed), "\n\n")[0], false},
		"no name":                {"\n5\n" + root + "\n", false},
		"a control in the name":  {"a\tb\n5\n" + root + "\n", false},
		"no number":              {origin + "\nfive\n" + root + "\n", false},
		"a number with zeros":    {origin + "\n05\n" + root + "\n", false},
		"a number with a sign":   {origin + "\n+5\n" + root + "\n", false},
		"a number below zero":    {origin + "\n-5\n" + root + "\n", false},
		"a number too large":     {origin + "\n99999999999999999999\n" + root + "\n", false},
		"a root cut":             {origin + "\n5\n" + root[4:] + "\n", false},
		"a root with loose bits": {origin + "\n5\n" + root[:42] + "/=\n", false},
		"a carriage return":      {strings.ReplaceAll(string(plain), "\n", "\r\n"), false},
		"an empty extension":     {string(plain) + "\n", false},
		"too long":               {string(plain) + strings.Repeat("x\n", maxCheckpoint), false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCheckpoint([]byte(test.data), "")
			var damaged *DamagedError
			if test.good != (err == nil) || !test.good && (!errors.As(err, &damaged) || damaged.File != "checkpoint") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	for _, name := range []string{"", "with blank", "a+b", "tab\t", "\xff", "nul\x00", "no-break\u00a0blank"} {
		if _, _, err := NewKey(name); err == nil || diag.Of(err).Format == "%s" {
			t.Errorf("%q is the name of a key: %v", name, err)
		}
	}
	for _, name := range []string{origin, "KEY", "P", "kota-é"} {
		private, public := newKey(t, name)
		if got, err := VerifierKey(private); err != nil || got != public {
			t.Errorf("the verifier key of %s is %s, %v, want %s", private, got, err, public)
		}
	}
	private, public := newKey(t, origin)
	for _, bad := range []string{"", "key", public, private[:len(private)-1], private + " ", "PRIVATE+KEY+"} {
		_, err := VerifierKey(bad)
		var key *KeyError
		if !errors.As(err, &key) || bad != "" && strings.Contains(err.Error(), bad) && bad != "key" && bad != "PRIVATE+KEY+" {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := new(Log).Checkpoint(origin, bad); bad != "" && !errors.As(err, &key) {
			t.Errorf("signed with %q: %v", bad, err)
		}
	}
}
