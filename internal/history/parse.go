package history

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bytes of one thing that are kept; the rest is passed over.
const (
	maxAuthor  = 256
	maxMessage = 4 << 10
	maxPath    = 16 << 10 // no system opens longer ones
	maxHashes  = 1 << 20  // of a commit's parents
)

var errOutput = errors.New("it prints what is not understood")

// fields reads what git prints with -z: texts with a NUL behind each.
type fields struct {
	r    *bufio.Reader
	data []byte
}

// next returns up to limit bytes of the next text, until next is called again. The error is io.EOF where there is none.
func (f *fields) next(limit int) ([]byte, error) {
	f.data = f.data[:0]
	for begun := false; ; begun = true {
		part, err := f.r.ReadSlice(0)
		switch {
		case err == nil && !begun:
			part = part[:len(part)-1]
			return part[:min(limit, len(part))], nil
		case err == nil:
			part = part[:len(part)-1]
		case errors.Is(err, io.EOF) && (begun || len(part) > 0):
			return nil, io.ErrUnexpectedEOF
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
		f.data = append(f.data, part[:min(limit-len(f.data), len(part))]...)
		if err == nil {
			return f.data, nil
		}
	}
}

// rest is next where a text must follow.
func (f *fields) rest(limit int) ([]byte, error) {
	data, err := f.next(limit)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return data, err
}

// describe is the command whose output parseCommits reads. A commit's texts hold no NUL: git's are C's strings.
func describe() []string {
	return []string{"log", "-s", "-z", "--no-show-signature", "--no-mailmap", "--no-decorate", "--no-notes", "--no-color", "--encoding=UTF-8",
		"--format=tformat:%H%x00%P%x00%ct%x00%an%x00%B"}
}

// parseCommits reads commits, and calls a function with each.
func parseCommits(r *bufio.Reader, width int, found func(Commit)) error {
	f := fields{r: r}
	for {
		hash, err := f.next(width + 1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		c := Commit{Hash: string(hash)}
		if !isHash(c.Hash, width) {
			return errOutput
		}
		var texts [4]string
		for i, limit := range []int{maxHashes, 32, maxAuthor, maxMessage} {
			text, err := f.rest(limit)
			if err != nil {
				return err
			}
			texts[i] = string(text)
		}
		if texts[0] != "" {
			c.Parents = strings.Fields(texts[0])
		}
		for _, parent := range c.Parents {
			if !isHash(parent, width) {
				return errOutput
			}
		}
		c.Time, c.Author = moment(texts[1]), author(texts[2])
		c.Subject, c.Body = message(texts[3])
		found(c)
	}
}

// moment reads seconds since 1970. Where the year has more than four digits, others can do nothing with it.
func moment(text string) time.Time {
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		seconds = 0
	}
	const last, first = 253402300799, -62135596799 // 9999-12-31 23:59:59; one second into the year 1
	return time.Unix(min(max(seconds, first), last), 0).UTC()
}

// author is a name; of an address that some give for one it is what stands before the sign.
func author(text string) string {
	words := strings.Fields(shorten(withoutAddresses(clean(text)), maxAuthor))
	for i, word := range words {
		if at := strings.IndexByte(word, '@'); at > 0 {
			words[i] = word[:at]
		}
	}
	return strings.Join(words, " ")
}

// message splits a commit's message as git does: the first paragraph is its subject.
func message(text string) (subject, body string) {
	text = strings.TrimSpace(shorten(withoutAddresses(clean(text)), maxMessage))
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			break
		}
		subject, body = subject+line, text[len(subject)+len(line):]
	}
	return strings.Join(strings.Fields(subject), " "), strings.TrimSpace(body)
}

// clean makes UTF-8 without control characters of what git prints.
func clean(text string) string {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ { // a last character that a limit cut
		if last := text[len(text)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRuneInString(last) {
				text = text[:len(text)-n]
			}
			break
		}
	}
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// withoutAddresses leaves out what stands in angle brackets and has an @ but no space: "Signed-off-by: Sri <sri@…>".
func withoutAddresses(text string) string {
	kept := make([]byte, 0, len(text))
	for i := range len(text) {
		if kept = append(kept, text[i]); text[i] != '>' {
			continue
		}
		// What is looked at is what was kept, so that an address which another one parts is found too.
		from := bytes.LastIndexAny(kept[:len(kept)-1], "<> \n\t")
		if from >= 0 && kept[from] == '<' && bytes.IndexByte(kept[from:], '@') > 0 {
			kept = bytes.TrimRight(kept[:from], " ")
		}
	}
	return string(kept)
}

// difference is what a commit and one of its parents differ in.
type difference struct {
	commit  string
	changes []Change
}

// compare is the command that reads lines of a commit and the parent to compare it with (or none), and whose output
// parseDifferences reads. It sees to it that rename detection looks at no content where the contents are not there.
func compare(prefix string, partial bool) []string {
	args := []string{"diff-tree", "--stdin", "--always", "--root", "-r", "-z", "--raw", "--no-abbrev", "--no-color", "--no-ext-diff", "--no-textconv", "-l2000"}
	if partial {
		args = append(args, "-M100%")
	} else {
		args = append(args, "-M")
	}
	if prefix != "" {
		args = append(args, "--", prefix)
	}
	return args
}

// parseDifferences reads differences, of paths below a prefix.
func parseDifferences(r *bufio.Reader, width int, prefix string) ([]difference, error) {
	f := fields{r: r}
	paths := make(map[string]string) // each once, however often it is changed
	path := func() (string, error) {
		data, err := f.rest(maxPath)
		if err != nil {
			return "", err
		}
		name, ok := paths[string(data)]
		if !ok {
			name = string(data)
			paths[name] = name
		}
		return name, nil
	}
	var found []difference
	for {
		text, err := f.next(256)
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if len(text) == 0 || text[0] != ':' {
			if !isHash(string(text), width) {
				return nil, errOutput
			}
			found = append(found, difference{commit: string(text)})
			continue
		}
		c, was, is, ok := parseChange(string(text), width)
		if !ok || len(found) == 0 {
			return nil, errOutput
		}
		if c.Path, err = path(); err != nil {
			return nil, err
		}
		if c.Status == 'R' || c.Status == 'C' {
			c.From = c.Path
			if c.Path, err = path(); err != nil {
				return nil, err
			}
		}
		if c, ok := fileChange(c, was, is, prefix); ok {
			last := &found[len(found)-1]
			last.changes = append(last.changes, c)
		}
	}
}

// parseChange reads ":100644 100644 <id> <id> R086", and tells whether what was and what is there is a file.
func parseChange(text string, width int) (c Change, was, is, ok bool) {
	const modes = len(":100644 100644 ")
	after := modes + width + 1
	status := after + width + 1
	if len(text) <= status || text[7] != ' ' || text[modes-1] != ' ' || text[after-1] != ' ' || text[status-1] != ' ' {
		return c, false, false, false
	}
	c = Change{Status: text[status], Before: text[modes : modes+width], After: text[after : after+width]}
	return c, text[1:4] == "100", text[8:11] == "100", isHash(c.Before, width) && isHash(c.After, width)
}

// fileChange makes a change of files of what git tells of everything that a tree holds.
func fileChange(c Change, was, is bool, prefix string) (Change, bool) {
	within := func(path *string) bool {
		rest, ok := strings.CutPrefix(*path, prefix)
		*path = rest
		return ok && rest != ""
	}
	if !within(&c.Path) {
		is, was = false, was && c.From != ""
	}
	if c.From != "" && !within(&c.From) || c.Status == 'C' {
		was, c.From = false, ""
	}
	switch {
	case was && is && c.From != "" && c.Status == 'R':
	case was && is && c.Before != c.After:
		c.Status, c.From = 'M', ""
	case was && is: // its permissions
		return Change{}, false
	case is:
		c.Status, c.From, c.Before = 'A', "", ""
	case was:
		if c.From != "" {
			c.Path = c.From
		}
		c.Status, c.From, c.After = 'D', "", ""
	default:
		return Change{}, false
	}
	return c, true
}

// parseFiles reads what git ls-tree prints: "100644 blob <id>    <size>\t<path>", the size only with -l.
func parseFiles(r *bufio.Reader, width int, prefix string) ([]File, error) {
	f := fields{r: r}
	var files []File
	for {
		text, err := f.next(maxPath)
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		facts, path, ok := strings.Cut(string(text), "\t")
		fact := strings.Fields(facts)
		if !ok || len(fact) < 3 || !isHash(fact[2], width) {
			return nil, errOutput
		}
		path, below := strings.CutPrefix(path, prefix)
		if fact[1] != "blob" || !strings.HasPrefix(fact[0], "100") || !below || path == "" {
			continue
		}
		file := File{Path: path, Blob: fact[2], Size: -1}
		if len(fact) > 3 {
			if size, err := strconv.ParseInt(fact[3], 10, 64); err == nil && size >= 0 && size < math.MaxInt64 {
				file.Size = size
			}
		}
		files = append(files, file)
	}
}
