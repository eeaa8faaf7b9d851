package history

import (
	"bufio"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// mailed is an address of mail as git puts it behind a name.
var mailed = regexp.MustCompile(`<[^<> \n\t]*@[^<> \n\t]*>`)

func read(log string) (commits []Commit, err error) {
	err = parseCommits(bufio.NewReaderSize(strings.NewReader(log), 16), 40, func(c Commit) { commits = append(commits, c) })
	return commits, err
}

// FuzzParseLog: whatever git prints, what is taken from it is text of bounded size without addresses of mail, and changes
// of files below the site's folder; and it is the same when it is printed by git once more.
func FuzzParseLog(f *testing.F) {
	a, b, zero := strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("0", 40)
	logs := []string{
		a + "\x00" + b + "\x00" + "1700000000\x00Sri\x00Subject\n\nBody\n\x00", a + "\x00\x00\x00\x00\x00", "x", a,
		a + "\x00" + b + " " + a + "\x00-1\x00\xff\x00" + strings.Repeat("<a@b", 3000) + "\x00",
		a + "\x00\x00-99999999999999999999\x00Sri <sri@kota.example>\x00a <b<c@d>@e>\n\nSigned-off-by: <" + strings.Repeat("<x@y>", 500) + "@z>\x00",
		a + "\x00\x0099999999999999\x00" + strings.Repeat("é", 200) + "\x00\n \n" + strings.Repeat("日本\n\n", 1000) + "\x00" + b + "\x00" + a + "\x001\x00@sri\x00\u2028x\u0085y\x1b[31m\u202e\x00",
		a + "\x00" + a + " " + strings.ToUpper(a) + "\x000\x00x\x00y\x00", a + "\x00 \x000\x00<a\u00a0@b>\x00<a\r@b>\x00", a[:39] + "\x00\x000\x00x\x00y\x00",
	}
	raws := []string{
		a + "\x00:100644 100644 " + a + " " + b + " M\x00s/x\x00" + a + "\x00", ":", a, "100644 blob " + a + "\ts/x\x00",
		a + "\x00:100644 100755 " + a + " " + a + " R100\x00s/x\x00s/y\x00:100644 000000 " + a + " " + zero + " D\x00s/d\x00:120000 100644 " + a + " " + b + " T\x00s/t\x00",
		a + "\x00:160000 100644 " + a + " " + b + " C50\x00x\x00s/y\x00", a + "\x00:100644 100644 " + a + " " + b + " R086\x00t/x\x00s/y\x00:100644 100644 " + a + " " + b + " R086\x00s/x\x00t/y\x00",
		a + "\x00:000000 100644 " + zero + " " + b + " A\x00s/\x00:000000 100644 " + zero + " " + b + " A\x00s/../../x\x00:000000 100644 " + zero + " " + b + " A\x00s/\xff\n\t\"\x00",
		":000000 100644 " + zero + " " + b + " A\x00s/x\x00", "100644 blob " + a + " 12\ts/x\x00100644 blob " + b + " -7\ts/\x00120000 blob " + b + " 1\ts/l\x00160000 commit " + b + " -\ts/m\x00",
		"100755 blob " + a + " 9223372036854775807\ts/a\tb\x00", "100644 blob " + a + " 99999999999999999999\ts/x", a + "\x00:100644 100644 " + a + " " + b + " M",
	}
	for i := range max(len(logs), len(raws)) {
		f.Add([]byte(logs[i%len(logs)]), []byte(raws[i%len(raws)]))
	}
	f.Fuzz(func(t *testing.T, log, raw []byte) {
		commits, err := read(string(log))
		whole := true // whether the texts are short enough to be printed with what git puts between them
		for _, c := range commits {
			text := c.Author + "\n" + c.Subject + "\n" + c.Body
			if len(c.Subject)+len(c.Body) > maxMessage || len(c.Author) > maxAuthor || strings.Contains(c.Author+c.Subject, "\n") || !utf8.ValidString(text) ||
				strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				t.Errorf("no plain text: %q %q %q", c.Author, c.Subject, c.Body)
			}
			if at := mailed.FindString(text); at != "" {
				t.Errorf("the address %q is kept of %q", at, log)
			}
			if c.Time.Year() < 1 || c.Time.Year() > 9999 || c.Time.Location() != time.UTC || !isHash(c.Hash, 40) {
				t.Errorf("%+v", c)
			}
			for _, parent := range c.Parents {
				if !isHash(parent, 40) {
					t.Errorf("the parent %q", parent)
				}
			}
			whole = whole && len(c.Subject)+len(c.Body)+2 <= maxMessage
		}
		if err == nil && whole {
			var again strings.Builder
			for _, c := range commits {
				fmt.Fprintf(&again, "%s\x00%s\x00%d\x00%s\x00%s\n\n%s\n\x00", c.Hash, strings.Join(c.Parents, " "), c.Time.Unix(), c.Author, c.Subject, c.Body)
			}
			got, err := read(again.String())
			if diff := gocmp.Diff(commits, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("printed once more: %v -want +got\n%s", err, diff)
			}
		}
		found := differences(t, raw)
		files(t, raw)
		for i := range commits {
			for j := range found {
				commits[i].Changes = append(commits[i].Changes, found[j].changes...)
			}
		}
		l := Log{Commits: ordered(commits)}
		l.Revisions()
	})
}

// differences reads what git diff-tree prints, twice.
func differences(t *testing.T, raw []byte) []difference {
	t.Helper()
	found, err := parseDifferences(bufio.NewReaderSize(strings.NewReader(string(raw)), 16), 40, "s/")
	if err != nil {
		return nil
	}
	var again strings.Builder
	for _, d := range found {
		if !isHash(d.commit, 40) {
			t.Errorf("the commit %q", d.commit)
		}
		again.WriteString(d.commit + "\x00")
		for _, c := range d.changes {
			if c.Path == "" || !strings.Contains("AMDR", string(c.Status)) || (c.Status == 'R') != (c.From != "") || (c.Before == "") != (c.Status == 'A') || (c.After == "") != (c.Status == 'D') {
				t.Errorf("%+v", c)
			}
			was, is, none := "100644", "100644", strings.Repeat("0", 40)
			switch c.Status {
			case 'A':
				was = "000000"
			case 'D':
				is = "000000"
			}
			fmt.Fprintf(&again, ":%s %s %s %s %c\x00", was, is, cmp.Or(c.Before, none), cmp.Or(c.After, none), c.Status)
			if c.From != "" {
				again.WriteString("s/" + c.From + "\x00")
			}
			again.WriteString("s/" + c.Path + "\x00")
		}
	}
	got, err := parseDifferences(bufio.NewReader(strings.NewReader(again.String())), 40, "s/")
	if diff := gocmp.Diff(found, got, gocmp.AllowUnexported(difference{}), cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("printed once more: %v -want +got\n%s", err, diff)
	}
	return found
}

// files reads what git ls-tree prints, twice.
func files(t *testing.T, raw []byte) {
	t.Helper()
	list, err := parseFiles(bufio.NewReader(strings.NewReader(string(raw))), 40, "s/")
	if err != nil {
		return
	}
	var again strings.Builder
	for _, file := range list {
		if file.Path == "" || !isHash(file.Blob, 40) || file.Size < -1 {
			t.Errorf("%+v", file)
		}
		size := fmt.Sprint(file.Size)
		if file.Size < 0 {
			size = "-"
		}
		fmt.Fprintf(&again, "100644 blob %s %7s\ts/%s\x00", file.Blob, size, file.Path)
	}
	if got, err := parseFiles(bufio.NewReader(strings.NewReader(again.String())), 40, "s/"); err != nil || !slices.Equal(got, list) {
		t.Errorf("printed once more: %v\n%+v\n%+v", err, list, got)
	}
}
