package proof

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"pendapa/internal/diag"
)

// NewKey makes a pair of Ed25519 keys for signing checkpoints. The private key is kept secret; the verifier key is
// published, and everybody checks with it. The name is part of both, best the portal's host: it has no blanks and no plus
// sign. The error is a [diag.Text] about the name.
func NewKey(name string) (privateKey, verifierKey string, err error) {
	if name == "" || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r == '+' || unicode.IsSpace(r) || isControl(r) }) {
		return "", "", diag.Textf("%q cannot be the name of a key; take the portal's host, as smartcity.example.go.id, without blanks and without +", name)
	}
	return note.GenerateKey(rand.Reader, name)
}

// VerifierKey is the verifier key of a private key. The error is a *[KeyError].
func VerifierKey(privateKey string) (string, error) {
	s, err := signer(privateKey)
	if err != nil {
		return "", err
	}
	// "PRIVATE", "KEY", name, hash, and in base64 the algorithm and the seed: the signer made sure of that.
	seed, err := base64.StdEncoding.DecodeString(strings.SplitN(privateKey, "+", 5)[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", badPrivateKey()
	}
	return note.NewEd25519VerifierKey(s.Name(), ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey))
}

func signer(privateKey string) (note.Signer, error) {
	s, err := note.NewSigner(privateKey)
	if err != nil {
		return nil, badPrivateKey() // without the error of the library, lest it ever holds the key
	}
	return s, nil
}

func badPrivateKey() error {
	return &KeyError{diag.Textf("the private key cannot be read; give the whole line that begins with PRIVATE+KEY+")}
}

func verifier(verifierKey string) (note.Verifier, error) {
	if IsPrivateKey(verifierKey) {
		return nil, &KeyError{diag.Textf("a private key is given where the public one belongs")}
	}
	v, err := note.NewVerifier(verifierKey)
	if err != nil {
		return nil, &KeyError{diag.Textf("the public key cannot be read; give the whole line, with its name and both plus signs")}
	}
	return v, nil
}

// IsPrivateKey reports whether a key is one that nobody else should see.
func IsPrivateKey(key string) bool { return strings.HasPrefix(key, "PRIVATE+KEY+") }

// CheckVerifierKey returns why a key cannot be one to check with, as a *[KeyError]; nil: it can.
func CheckVerifierKey(key string) error {
	_, err := verifier(key)
	return err
}

// keyID is a key as it is told apart from others of its name.
func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }
