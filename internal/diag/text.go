package diag

import (
	"errors"
	"fmt"
	"strings"
)

// Text is a sentence for a reader: a format in English, as package fmt takes it, and what is filled in. The English
// format is also the key under which the catalogue of messages in package locale has the sentence in other languages.
// A Text is kept until it is known who reads it. Its zero value says nothing.
type Text struct {
	Format string
	Args   []any
}

// Textf makes a text. The format is a constant, so that a test can look each of them up in the catalogue; an argument
// may be a Text itself, or hold one ([Translated]). A format without arguments is taken as it stands.
func Textf(format string, args ...any) Text { return Text{format, args} }

// Translated is a value that is put into words only when the language is known.
type Translated interface{ Text() Text }

// Of is the text of an error: its own where it is a Text (wrapped or not), and otherwise its message as it stands.
func Of(err error) Text {
	var t Text
	if errors.As(err, &t) {
		return t
	}
	return Textf("%s", err.Error())
}

// IsZero reports whether the text says nothing.
func (t Text) IsZero() bool { return t.Format == "" }

// String is the text in English.
func (t Text) String() string { return t.In(nil) }

// Error is the text in English, so that a text can be an error.
func (t Text) Error() string { return t.String() }

// In is the text in the language of a catalogue, which returns the translation of an English format. A nil catalogue is
// English.
func (t Text) In(catalogue func(format string) string) string {
	format := t.Format
	if catalogue != nil && format != "" {
		format = catalogue(format)
	}
	if len(t.Args) == 0 {
		return format
	}
	args := make([]any, len(t.Args))
	for i, arg := range t.Args {
		switch arg := arg.(type) {
		case Text:
			args[i] = arg.In(catalogue)
		case Translated:
			args[i] = arg.Text().In(catalogue)
		default:
			args[i] = arg
		}
	}
	return fmt.Sprintf(format, args...)
}

// compare orders texts by what they say in English.
func (t Text) compare(u Text) int {
	if t.Format == u.Format && len(t.Args) == 0 && len(u.Args) == 0 {
		return 0
	}
	return strings.Compare(t.String(), u.String())
}
