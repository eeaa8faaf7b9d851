package proof

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"pendapa/internal/diag"
)

// Checkpoint says how long a log was, and what the root of its tree was then.
type Checkpoint struct {
	Origin  string // name of the log, by which no other is taken for it
	Size    int64  // entries
	Root    tlog.Hash
	Signed  bool     // whether there is a signature; only what was parsed with a key says that it is a good one
	Signers []string // names of the keys: those whose signatures were checked, or where none were, all
}

// text is the checkpoint without signatures (C2SP tlog-checkpoint, "Note text").
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// Checkpoint makes the checkpoint of the whole log: a signed note where there is a private key, and otherwise its text
// alone. The error is a *[KeyError], or a [diag.Text] about the origin.
func (l *Log) Checkpoint(origin, privateKey string) ([]byte, error) {
	if err := checkOrigin(origin); err != nil {
		return nil, err
	}
	root, err := l.Root(l.Len())
	if err != nil {
		return nil, err
	}
	text := Checkpoint{Origin: origin, Size: l.Len(), Root: root}.text()
	if privateKey == "" {
		return []byte(text), nil
	}
	signer, err := signer(privateKey)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("proof: sign the checkpoint: %w", err)
	}
	return signed, nil
}

// checkOrigin returns why a name cannot be that of a log.
func checkOrigin(origin string) error {
	if origin == "" || !utf8.ValidString(origin) || strings.ContainsFunc(origin, isControl) {
		return diag.Textf("%q cannot be the name of a log; take the portal's address, as smartcity.example.go.id", origin)
	}
	return nil
}

// ParseCheckpoint reads a checkpoint. With a verifier key it must be signed with that key; signatures with other keys
// beside it do not matter. Without one, signatures are not checked. Lines behind the third are extensions, which are
// passed over. The error is a *[DamagedError] or a *[KeyError].
func ParseCheckpoint(data []byte, verifierKey string) (Checkpoint, error) {
	if len(data) > maxCheckpoint {
		return Checkpoint{}, damagedCheckpoint(diag.Textf("it is longer than %d bytes", maxCheckpoint))
	}
	if !bytes.Contains(data, []byte("\n\n")) { // what parts text and signatures: there are none
		c, err := parseText(string(data))
		if err == nil && verifierKey != "" {
			if _, err := verifier(verifierKey); err != nil {
				return Checkpoint{}, err
			}
			return Checkpoint{}, &KeyError{diag.Textf("the checkpoint is not signed, and a public key is given")}
		}
		return c, err
	}
	var known []note.Verifier
	if verifierKey != "" {
		v, err := verifier(verifierKey)
		if err != nil {
			return Checkpoint{}, err
		}
		known = append(known, v)
	}
	n, err := note.Open(data, note.VerifierList(known...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &invalid):
		return Checkpoint{}, &KeyError{diag.Textf("the signature of the checkpoint is wrong: the checkpoint was changed after it was signed")}
	case errors.As(err, &unverified) && verifierKey != "":
		sig := unverified.Note.UnverifiedSigs[0]
		return Checkpoint{}, &KeyError{diag.Textf("the checkpoint is signed with the key %s, not with %s", keyID(sig.Name, sig.Hash), keyID(known[0].Name(), known[0].KeyHash()))}
	case errors.As(err, &unverified):
		n = unverified.Note
	case err != nil:
		return Checkpoint{}, damagedCheckpoint(diag.Textf("its signatures cannot be read"))
	}
	c, err := parseText(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	sigs := n.Sigs
	if verifierKey == "" {
		sigs = n.UnverifiedSigs
	}
	c.Signed = true
	for _, sig := range sigs {
		if !slices.Contains(c.Signers, sig.Name) {
			c.Signers = append(c.Signers, sig.Name)
		}
	}
	return c, nil
}

// parseText reads what is signed.
func parseText(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return Checkpoint{}, damagedCheckpoint(diag.Textf("it has not the three lines name, size and root"))
	}
	for i, extension := range lines[3 : len(lines)-1] {
		if checkOrigin(extension) != nil { // the same characters may stand in it
			return Checkpoint{}, &DamagedError{CheckpointName, 4 + i, diag.Textf("it is empty, or has a control character in it")}
		}
	}
	if checkOrigin(lines[0]) != nil {
		return Checkpoint{}, &DamagedError{CheckpointName, 1, diag.Textf("it is not the name of a log")}
	}
	c := Checkpoint{Origin: lines[0]}
	var err error
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return Checkpoint{}, &DamagedError{CheckpointName, 2, diag.Textf("it is not a number of entries")}
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize || base64.StdEncoding.EncodeToString(root) != lines[2] {
		return Checkpoint{}, &DamagedError{CheckpointName, 3, diag.Textf("it is not the root of a log")}
	}
	c.Root = tlog.Hash(root)
	return c, nil
}

func damagedCheckpoint(reason diag.Text) error {
	return &DamagedError{File: CheckpointName, Reason: reason}
}
