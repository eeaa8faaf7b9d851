package history

import (
	"bufio"
	"strings"
	"testing"
)

// Bytes count, the subject's line end and the empty line before the body among them, and the rest is passed over. No
// character is cut in two.
// Limit: a commit's message; its author's name
func TestMessagesAtTheirLimits(t *testing.T) {
	hash := strings.Repeat("a", 40)
	read := func(author, text string) Commit {
		var commits []Commit
		log := hash + "\x00\x001700000000\x00" + author + "\x00" + text + "\x00"
		if err := parseCommits(bufio.NewReader(strings.NewReader(log)), 40, func(c Commit) { commits = append(commits, c) }); err != nil || len(commits) != 1 {
			t.Fatal(commits, err)
		}
		return commits[0]
	}
	const subject = "Ubah janji"
	body := strings.Repeat("x", 4<<10-len(subject+"\n\n"))
	for text, want := range map[string]string{body: body, body + "y": body, body[1:] + "é": body[1:], body[2:] + "é": body[2:] + "é"} {
		if c := read("Sari", subject+"\n\n"+text); c.Subject != subject || c.Body != want {
			t.Errorf("of %d bytes %d are kept, to …%q", len(subject+"\n\n"+text), len(c.Body), c.Body[len(c.Body)-5:])
		}
	}
	name := strings.Repeat("n", 256)
	for text, want := range map[string]string{name: name, name + "o": name, name[1:] + "é": name[1:]} {
		if c := read(text, subject); c.Author != want {
			t.Errorf("a name of %d bytes is kept with %d", len(text), len(c.Author))
		}
	}
}
