package config

import (
	"io/fs"
	"net"
	"net/url"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
)

// FuzzParse: settings that are taken keep their rules, what is wrong with others has a place in the file, no file outside
// static/ is asked for, and a secret is refused and never shown.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		good, "\ufeff" + good, "", "{}", "null", "[]", "title: [", "a: &x {b: *x}", good + "---\n" + good, strings.Repeat("- ", 500), good + "menu:\n" + strings.Repeat("  - x\n", 5000), strings.ReplaceAll(good, "\n", "\r\n"),
		good + "brand: {primary: \"#fff\"}\nmenu: [a, b]\n", good + "brand: {primary: \"#0b5c58\", accent: \"#8a4b16\", logo: assets/logo.svg, pattern: ../../etc/passwd.svg}\n",
		good + "brand:\n  primary: \"red;}</style><script>\"\n  logo: \"/etc/x.svg\"\n  pattern: a/./b.png\n", good + "brand: {logo: ..svg, pattern: \"..\\\\x.svg\"}\n", good + "brand: {logo: .., pattern: \".svg\"}\n",
		good + "timezone: ../../etc/passwd\n", good + "timezone: Local\n", good + "timezone: \"\"\nlanguage: jv\nlanguages: [id, id, en]\n", good + "languages: en\nlanguage: en\ntimezone: Asia/Jayapura\n",
		good + "contact: {email: \"a@b\\nBcc: c@d\", complaints: \"javascript:alert(1)\"}\n", good + "contact: {email: a@b.example, complaints: https://x.example/a b}\n", good + "license: {name: x, url: \"data:text/html,x\"}\n",
		good + "security: {contact: [a@b.example, \"https://x.example/\"], expires: 2027-01-31, policy: https://x.example/}\n", good + "security: {contact: \"javascript:x\", expires: 2027-02-30}\n", good + "security: {}\n", good + "security:\n",
		good + "identity: \"x.example,2026\"\n", good + "identity: \"X,1\"\n", good + "log: {origin: \"a b+c\", key: x}\n", good + "log: {origin: x.example/portal, key: PRIVATE+KEY+x.example/portal+12345678+AAAA}\n",
		good + "password: rahasia\n", good + "contact: {api_key: rahasia}\n", good + "menu: [{token: rahasia}]\n", good + "features: {dark: false, serach: true, search: 1}\ncheck: {orphan: off, overdue: loud}\n", good + "notice: \"a\\u202eb\"\nmotto: |\n  a\n  b\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		asked := func(name string) bool {
			if !fs.ValidPath(name) || !strings.HasPrefix(name, "static/") {
				t.Errorf("the file %q is asked for", name)
			}
			return true
		}
		problems := &diag.List{}
		s := Parse(text, "", asked, problems)
		if (s == nil) != (problems.Errors() > 0) {
			t.Errorf("taken: %t, with %v", s != nil, problems.Sorted())
		}
		lines := strings.Split(string(text), "\n")
		for _, p := range problems.Sorted() {
			if p.File != File || p.Pos.Line < 1 || p.Pos.Line > len(lines)+1 || p.Pos.Col < 1 || p.Hint.IsZero() {
				t.Errorf("out of the file, or without a remedy: %v", p)
			}
		}
		again := &diag.List{}
		if Parse(text, "", asked, again); !reflect.DeepEqual(problems.Sorted(), again.Sorted()) {
			t.Errorf("%v the first time, and %v the second", problems.Sorted(), again.Sorted())
		}
		if s != nil {
			keptRules(t, s)
		}
		hidden(t, text)
	})
}

// keptRules holds settings that were taken against what all others rely on.
func keptRules(t *testing.T, s *Settings) {
	t.Helper()
	for name, line := range map[string]string{"title": s.Title, "city": s.City, "motto": s.Motto, "notice": s.Notice, "name": s.Contact.Name, "email": s.Contact.Email, "phone": s.Contact.Phone, "licence": s.License.Name} {
		if !utf8.ValidString(line) || strings.Contains(strings.TrimRight(line, "\n"), "\n") || utf8.RuneCountInString(line) > 300 || strings.ContainsFunc(line, diag.IsDirectionControl) {
			t.Errorf("the %s is %q", name, line)
		}
	}
	if strings.TrimSpace(s.Title) == "" || strings.TrimSpace(s.City) == "" || !s.Lang().Known() || s.Location == nil || s.Location.String() == "Local" || s.Authority.Name == "" || len(s.Menus) != len(s.Menu) {
		t.Errorf("%+v", s)
	}
	if langs := s.Langs(); langs[0] != s.Lang() || len(slices.Compact(slices.Sorted(slices.Values(langs)))) != len(langs) {
		t.Errorf("the languages are %q", langs)
	}
	plain(t, s.Address, s.URL)
	for _, address := range append([]string{s.Contact.Complaints, s.License.URL, s.Security.Policy}, s.Security.Contact...) {
		if strings.Contains(address, "://") {
			if u, err := ParseURL(address); err != nil {
				t.Errorf("the address %q is taken: %v", address, err)
			} else {
				plain(t, address, u)
			}
		} else if strings.Contains(address, ":") && !strings.Contains(address, "@") {
			t.Errorf("the address %q is taken", address)
		}
	}
	for _, file := range []string{s.Brand.Logo, s.Brand.Pattern} {
		if file != "" && (!fs.ValidPath(file) || file == ".") {
			t.Errorf("the picture %q is taken", file)
		}
	}
}

// hidden adds a secret to settings: they are refused, and whoever reads why does not read it.
func hidden(t *testing.T, text []byte) {
	t.Helper()
	const secret = "rahasia-sekali"
	if strings.Contains(string(text), secret) {
		return
	}
	with := append(slices.Clone(text), "\nauth_token: "+secret+"\n"...)
	node := decode.YAML(decode.File{Problems: &diag.List{}}, with, 1)
	if node != nil && (node.Get("auth_token") == nil || node.Get("auth_token").Value != secret) {
		return // what stands before made it a part of something else
	}
	problems := &diag.List{}
	if Parse(with, "", func(string) bool { return true }, problems) != nil {
		t.Errorf("%q is taken", with)
	}
	var printed strings.Builder
	line := func(_ string, n int) (string, bool) {
		lines := strings.Split(string(with), "\n")
		if n < 1 || n > len(lines) {
			return "", false
		}
		return lines[n-1], true
	}
	if err := (diag.Printer{Line: line}).Print(&printed, problems.Sorted()); err != nil || strings.Contains(printed.String(), secret) {
		t.Errorf("%v: the secret is printed\n%s", err, printed.String())
	}
}

// host is what stands between https:// and a port, where it is no number.
var host = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?$`)

// plain holds an address against what a portal's address is: nothing but a scheme, a host and a path of folders, the
// same when it is read again, and every link below it stays below it.
func plain(t *testing.T, given string, u *url.URL) {
	t.Helper()
	if u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" || !host.MatchString(u.Hostname()) && net.ParseIP(u.Hostname()) == nil {
		t.Errorf("the address %q is taken as %+v", given, u)
	}
	base := u.EscapedPath()
	if !strings.HasPrefix(base, "/") || !strings.HasSuffix(base, "/") || strings.Contains(base, "//") || u.Path != "/" && path.Clean(u.Path)+"/" != u.Path || strings.ContainsFunc(u.Path, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		t.Errorf("the address %q has the path %q", given, base)
	}
	again, err := ParseURL(u.String())
	if err != nil || again.String() != u.String() || again.EscapedPath() != base {
		t.Errorf("the address %q became %s, and this %v (%v)", given, u, again, err)
	}
	for _, below := range []string{"a/", "a/b.html", ""} {
		if to, err := u.Parse(base + below); err != nil || to.Host != u.Host || to.EscapedPath() != base+below {
			t.Errorf("from %q, %q leads to %v (%v)", given, base+below, to, err)
		}
	}
}

// FuzzParseURL: an address is refused, or nothing but a scheme, a host and a path of folders.
func FuzzParseURL(f *testing.F) {
	for _, address := range []string{
		"https://x.example", "https://x.example/a/b/", "http://x.example:8080/a", "https://bücher.example/ä", "https://[::1]:8080/", "https://[fe80::1%25eth0]/", "https://:80/", "https://", "https:///x", "https:x", "//x.example/", "https://x.example/a//b", "https://x.example/../a",
		"https://x.example/%2e%2e/a", "https://x.example/a%2fb/", "https://x.example/a%2Fb", "https://x.example/a%2f", "https://x.example/%2F", "https://x.example/%00/", "https://x.example/%0d%0aX:y/", "https://x.example/a\\b", "https://x.example/a%5Cb", "https://<script>/", "https://a\"b/", "https://a b/", "https://a'b;c/",
		"https://u@x.example/", "https://u:p@x.example/", "https://x.example/?", "https://x.example/?a", "https://x.example/#", "https://x.example/#a", "HTTPS://X.EXAMPLE/", "javascript:alert(1)", "https://x.example:99999/", "https://x.example:/", "https://x.example./", "https://xn--a/", "https://日本.example/日本/",
		"https://a\u200bb.example/", "https://1.2.3.4/", "https://x.example/ a", "https://x.example/a;b=c", "https://x.example/%", "https://x.example/%C0%AE/", "https://..../", "https://-/", "https://x.example/\u202e/", "https://*/", "https://x.example/*/", "https://[::1%25<script>]/",
	} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if u, err := ParseURL(address); err == nil {
			plain(t, address, u)
		}
	})
}
