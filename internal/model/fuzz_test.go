package model

import (
	"io/fs"
	"net/mail"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
)

// texts are what people and those who mean harm call things.
var texts = []string{
	"", "Bank Sampah", "../x", "..", ".", "/", "\\", "a/b", "日本語", "e\u0301", "İstanbul", "ΟΔΟΣ", "\u200b", "a--b", "-a-", "🙂", "\xff", "a\xffb", "a\x00b", "a\nb", "C:", "con", "NUL", "aux.txt", "COM1", "index", "_index", "a.md", "a.en", "%2e%2e", "a?b#c", "<b>", "a b",
	"\u0301", "a\u0301\u0323", "ﬁ ＡＢＣ", "ǅ ß ſ K", "١٢ ½ ²", "กำ", "\u202ea", "a\u00adb", "ᄀ\u1161", strings.Repeat("a", 300), strings.Repeat("日", 130), strings.Repeat("\u0323", 300),
}

// FuzzSlugify: what a text is made to is one part of an address: it stays itself when it is made again, when it is
// encoded and when a path is cleaned, and it never leads elsewhere.
func FuzzSlugify(f *testing.F) {
	for _, s := range texts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		slug := Slugify(s)
		if Slugify(slug) != slug || !norm.NFC.IsNormalString(slug) || !utf8.ValidString(slug) {
			t.Errorf("Slugify(%q) = %q, again %q", s, slug, Slugify(slug))
		}
		if slug == "" {
			return
		}
		onePart(t, s, slug)
		if Slugify(strings.ToUpper(slug)) == "" || strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("Slugify(%q) = %q", s, slug)
		}
		if len(slug) > 120 {
			return
		}
		// It is what names that cannot be used are told to become.
		problems := &diag.List{}
		if _, ok := Locate("content/"+slug+".md", []locale.Lang{"id", "en"}, problems); ok == (reserved.MatchString(slug) || slug == "index") {
			t.Errorf("a file named %q is taken: %t, %v", slug, ok, problems.Sorted())
		}
	})
}

// onePart holds a text against what a part of an address and of a path is.
func onePart(t *testing.T, from, part string) {
	t.Helper()
	u, err := url.Parse("https://x.example/a/" + part + "/")
	if err != nil || u.Path != "/a/"+part+"/" || u.Host != "x.example" || u.RawQuery != "" || u.Fragment != "" {
		t.Fatalf("%q became %q, an address that is %v (%v)", from, part, u, err)
	}
	if back, err := url.PathUnescape(u.EscapedPath()); err != nil || back != u.Path {
		t.Errorf("%q became %q, encoded %q", from, part, u.EscapedPath())
	}
	if to, err := u.Parse(part); err != nil || to.Path != "/a/"+part+"/"+part {
		t.Errorf("%q became %q, a link to %v (%v)", from, part, to, err)
	}
	if !fs.ValidPath(part) || part == "." || path.Clean("/a/"+part) != "/a/"+part || path.Base(part) != part {
		t.Errorf("%q became %q, no plain name", from, part)
	}
}

// FuzzLocate: a file below content/ is refused with a problem, or has an address of plain parts below its folder.
func FuzzLocate(f *testing.F) {
	for _, s := range texts {
		f.Add("content/" + s + ".md")
		f.Add("content/quick-wins/" + s + "/index.md")
	}
	for _, s := range []string{
		"content/_index.md", "content/index.md", "content/a/_index.en.md", "content/masterplan/_index.md", "content/masterplan/a/_index.md", "content/masterplan/a/b.md", "content/masterplan/a/b/index.md", "content/dimensi/living.md", "content/opd/unknown.md", "content/opd/dlh/index.en.md", "content/istilah/a.md",
		"content/../site.yaml", "content//a.md", "content/a//b.md", "content/./a.md", "content/a/../b.md", "/content/a.md", "a.md", "content", "content/", "content/a.md/b.md", "content/a.id.md", "content/a.jv.md", "content/a.en.en.md", "content/.en.md", "content/index/index.md", "content/_index/_index.md", "content/_a.md", "content/quick-wins.md", "content/bintek/index.md",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		problems := &diag.List{}
		p, ok := Locate(file, []locale.Lang{"id", "en"}, problems)
		if ok == (problems.Errors() > 0) {
			t.Fatalf("%q: taken: %t, with %v", file, ok, problems.Sorted())
		}
		for _, p := range problems.Sorted() {
			if p.File != file || p.Hint.IsZero() {
				t.Errorf("%q: in another file, or without a remedy: %v", file, p)
			}
		}
		if !ok {
			return
		}
		if p.File != file || p.Lang != "id" && p.Lang != "en" || p.Kind != KindHome && p.ID == "" || !norm.NFC.IsNormalString(p.Path) {
			t.Errorf("%q is %+v", file, p)
		}
		if (p.Path == ".") != (p.Kind == KindHome) || !fs.ValidPath(p.Path) {
			t.Errorf("%q has the path %q", file, p.Path)
		}
		if p.Path != "." {
			for part := range strings.SplitSeq(p.Path, "/") {
				onePart(t, file, part)
			}
			if !strings.HasSuffix("/"+p.Path, "/"+p.ID) {
				t.Errorf("%q has the path %q and the id %q", file, p.Path, p.ID)
			}
		}
		// The same page written plainly has the same address.
		name := "content/" + p.Path
		if p.Kind == KindHome || p.Kind == KindFolder || p.Kind == KindPlan || p.Kind == KindChapter {
			name = path.Join(name, "_index")
		} else if p.Bundle {
			name += "/index"
		}
		if p.Lang == "en" {
			name += ".en"
		}
		again, ok := Locate(name+".md", []locale.Lang{"id", "en"}, &diag.List{})
		if again.File = p.File; !ok || !reflect.DeepEqual(again, p) {
			t.Errorf("%q is %+v, and %q is %+v", file, p, name+".md", again)
		}
	})
}

// value decodes a value as front matter has it; false where it is refused.
func value(t *testing.T, text string, quoted bool, location *time.Location, out decode.Value) bool {
	t.Helper()
	problems := &diag.List{}
	out.DecodeValue(decode.File{Name: "f", Problems: problems, Location: location}, &decode.Node{Kind: decode.Scalar, Value: text, Quoted: quoted, Pos: diag.Pos{Line: 1, Col: 1}})
	for _, p := range problems.Sorted() {
		if p.Hint.IsZero() || p.Pos.Line != 1 {
			t.Errorf("%q: without a remedy: %v", text, p)
		}
	}
	taken := problems.Errors() == 0
	if zero := reflect.ValueOf(out).Elem().IsZero(); !taken && !zero {
		t.Errorf("%q is refused, and taken as %v", text, out)
	}
	// What editors are told by the schema is what is taken.
	if shape := out.(decode.Shaped).Shape(); taken && shape.Pattern != "" && !regexp.MustCompile(shape.Pattern).MatchString(text) {
		t.Errorf("%q is taken, and refused by the schema: %s", text, shape.Pattern)
	}
	return taken
}

// FuzzDateValue: a date is refused, or the day that is written, in a year of four digits, and the same when it is
// written anew.
func FuzzDateValue(f *testing.F) {
	for _, s := range []string{
		"2018-09-26", "2018-09-26T09:00", "2018-09-26 09:00", "2018-09-26T09:00:30", "2018-09-26T09:00:30.5+07:00", "2018-09-26T09:00Z", "2018-09-26T09:00:30Z", "2020-02-29", "2019-02-29", "2018-13-01", "2018-00-10", "0000-01-01", "0999-12-31", "1000-01-01", "9999-12-31",
		"1000-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2018-09-26T24:00", "2018-09-26T23:59:60", "2018-09-26T9:00", "2018-09-26T09:00:30,5", "2018-9-26", "18-09-26", "+2018-09-26", "2018-09-26T", "2018-09-26t09:00", "2018-09-26T09:00z", "2018-09-26T09:00+0700", "2018-09-26T09:00+24:00", "2018-09-26T09:00+24:60", "2018-09-26T09:00+99:99",
		"２０１８-09-26", "2018-09-26\n", " 2018-09-26", "2018/09/26", "26-09-2018", "20180926", "kemarin", "", "2018-09-26T02:30", "2018-03-25T02:30", "2018-09-26T09:00:30.123456789123", "2018-09-26  09:00", "2018-09-26\t09:00",
	} {
		f.Add(s)
	}
	jakarta, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		f.Fatal(err)
	}
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, location := range []*time.Location{jakarta, amsterdam, nil} {
			var d, again Date
			if !value(t, text, false, location, &d) {
				continue
			}
			if y := d.Year(); y < 1000 || y > 9999 || !d.Set() {
				t.Errorf("%q is the date %s", text, d)
			}
			if !value(t, d.ISO(), false, location, &again) || again.Clock != d.Clock || again.Sub(d.Time).Abs() >= time.Minute || d.Year() > 1950 && again.ISO() != d.ISO() { // zones of old had seconds, which ISO 8601 has not
				t.Errorf("%q is %s, which is %s", text, d.ISO(), again.ISO())
			}
			if !d.Clock && d.Format(time.DateOnly) != text {
				t.Errorf("%q is the day %s", text, d.Format(time.DateOnly))
			}
			if day := DayTime(d.Day()); day.Format(time.DateOnly) != d.Format(time.DateOnly) || DayOf(day) != d.Day() {
				t.Errorf("%q is day %d, which is %s", text, d.Day(), day)
			}
		}
	})
}

// FuzzValues: addresses, references and places in a sequence are refused, or are what is written and nothing that leads
// or shows elsewhere.
func FuzzValues(f *testing.F) {
	for _, s := range append([]string{
		"https://x.example/a?b#c", "http://www.x.example", "javascript:alert(1)", "https://", "https:///x", "https://u:p@x/", "https://x.example/a b", "https://x\"y/", "https://x.example/\x00", "https://x.example/\u202e", "HTTPS://X/", "//x.example", "https://x.example\\@y/", "https://:80", "https://x.example/\u00a0", "https://[::1]/", "https://<b>/", "https://x.example/<b>",
		"a@b.example", "a@b", "A <a@b>", "<a@b>", "a@b\nBcc: c@d", "\"a b\"@c", "a@[1.2.3.4]", "a@b@c", "(x)a@b", "a@b (x)", "é@b.example", "a@\u00e9.example", "a,b@c", "a@b,c@d", "@b", "a@", "\u0085@b", "a\u00a0@b", "a@b\u2028", "\u202ea@b",
		"sampah.md", "../opd/dlh", "a\\b", "quick-wins/sampah#bank", "1", "007", "-1", "1000000", "1000001", "1e3", "+1", " 1", "१", "9223372036854775808", "a\tb", "a\u0085b", "a\u2028b", "a\x7fb",
	}, texts...) {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, quoted bool) {
		if !utf8.ValidString(text) {
			t.Skip() // is no value: the file is refused
		}
		var link Link
		if value(t, text, quoted, nil, &link) {
			u, err := url.Parse(string(link))
			if string(link) != text || err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(text, "\"<>\\ ") || strings.ContainsFunc(text, invisible) || link.Host() == "" {
				t.Errorf("the address %q is taken as %q (%v)", text, link, u)
			}
		}
		var email Email
		if value(t, text, quoted, nil, &email) {
			if a, err := mail.ParseAddress(text); string(email) != text || err != nil || a.Name != "" || strings.Count(text, "@") != 1 || strings.ContainsAny(text, "<>\" ,;:\\") || strings.ContainsFunc(text, invisible) {
				t.Errorf("the mail address %q is taken", text)
			}
		}
		var evidence Evidence
		if value(t, text, quoted, nil, &evidence) && (string(evidence) != text || strings.ContainsFunc(text, invisible) || utf8.RuneCountInString(text) > 500) {
			t.Errorf("the source %q is taken", text)
		}
		var ref Ref
		if value(t, text, quoted, nil, &ref) && (strings.TrimSuffix(text, ".md") != ref.ID || strings.ContainsAny(ref.ID, "\n\t\\") || ref.Pos.Line != 1) {
			t.Errorf("the reference %q is taken as %+v", text, ref)
		}
		var order Order
		if value(t, text, quoted, nil, &order) && (quoted || order.Value < 0 || order.Value > 1e6 || strings.Trim(text, "0123456789") != "" || len(text) > 1 && text[0] == '0') {
			t.Errorf("the place %q is taken as %+v", text, order)
		}
	})
}
