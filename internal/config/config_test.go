package config

import (
	"strings"
	"testing"

	"pendapa/internal/diag"
)

const good = "title: Portal\ncity: Kabupaten Uji\nurl: https://portal.example/\n"

func exists(path string) bool { return path == "static/assets/logo.svg" }

func parsed(text string) (*Settings, []diag.Problem) {
	problems := &diag.List{}
	return Parse([]byte(text), "", exists, problems), problems.Sorted()
}

func TestLeastSettings(t *testing.T) {
	s, problems := parsed("\ufeff" + good)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if s.Base() != "/" || s.Lang() != "id" || s.Location.String() != "Asia/Jakarta" || s.Feature("authors") || !s.Feature("budgets") || !s.Feature("dark") {
		t.Errorf("%+v", s)
	}
}

func TestAddressUnderAPath(t *testing.T) {
	for given, base := range map[string]string{"https://x.example": "/", "https://x.example/pati": "/pati/", "http://x.example:8080/a/b/": "/a/b/", "https://bücher.example/ä": "/%C3%A4/"} {
		s, problems := parsed(strings.Replace(good, "https://portal.example/", given, 1))
		if len(problems) > 0 || s.Base() != base {
			t.Errorf("%s: %v, base %v", given, problems, s)
		}
	}
	problems := &diag.List{}
	if s := Parse([]byte(good), "https://other.example/sub", exists, problems); s == nil || s.Base() != "/sub/" {
		t.Error(problems.Sorted())
	}
}

func TestWrongSettings(t *testing.T) {
	for _, test := range []struct{ name, text, want, hint string }{
		{"empty (A56)", "", "site.yaml:1:1: error: title is missing", "title: …"},
		{"unknown key (A56)", good + "tittle: x\n", `site.yaml:4:1: error: unknown key "tittle"`, `"title"`},
		{"wrong type (A56)", good + "menu: a\n", "site.yaml:4:7: error: menu is a single value; a list is needed here", ""},
		{"no scheme (A57)", "title: a\ncity: b\nurl: portal.example\n", `site.yaml:3:6: error: "portal.example" is not a full web address`, "https://"},
		{"javascript (A57)", "title: a\ncity: b\nurl: \"javascript:alert(1)\"\n", "site.yaml:3:6: error", ""},
		{"credentials (A57)", "title: a\ncity: b\nurl: https://u:p@x.example/\n", "site.yaml:3:6: error: the address holds a user name or password", ""},
		{"query (A57)", "title: a\ncity: b\nurl: https://x.example/?a=b\n", "site.yaml:3:6: error", ""},
		{"colour (A58)", good + "brand:\n  primary: \"red;}</style><script>\"\n", "site.yaml:5:12: error: brand.primary is not a colour", "#rrggbb"},
		{"unreadable colour", good + "brand:\n  primary: \"#ffee00\"\n", "site.yaml:5:12: error: brand.primary #ffee00 has a contrast of", "the nearest colour that can be read is \"#"},
		{"logo outside (A59)", good + "brand:\n  logo: ../../etc/passwd.svg\n", "site.yaml:5:9: error: brand.logo", ""},
		{"logo missing", good + "brand:\n  logo: assets/x.svg\n", "site.yaml:5:9: error: there is no file static/assets/x.svg", ""},
		{"zone (A60)", good + "timezone: WIB\n", `site.yaml:4:11: error: timezone "WIB" is not known`, "Asia/Jakarta"},
		{"language (A60)", good + "language: jv\n", `site.yaml:4:11: error: language "jv" is not one of id, en`, ""},
		{"password (A61)", good + "password: rahasia-sekali\n", "site.yaml:4:1: error: a secret in the settings", "in the environment"},
		{"token below (A61)", good + "license: {name: x, access_token: rahasia-sekali}\n", "site.yaml:4:20: error: a secret in the settings", "in the environment"},
		{"password before what is missing (A61)", "password: rahasia-sekali\n", "site.yaml:1:1: error: title is missing", ""},
		{"password beside a mistake (A61)", good + "contact: {token: rahasia-sekali, email: x}\n", `site.yaml:4:41: error: "x" is not an e-mail address`, ""},
		{"password that is not closed (A61)", good + "password: \"rahasia-sekali\n", "site.yaml:", ""},
		{"password under another name (A61)", good + "smtp_pass: rahasia-sekali\n", "site.yaml:4:1: error: a secret in the settings", ""},
		{"password in Indonesian (A61)", good + "kata_sandi: rahasia-sekali\n", "site.yaml:4:1: error: a secret in the settings", ""},
		{"password in an address (A61)", "title: a\ncity: b\nurl: https://admin:rahasia-sekali@x.example/\n", "site.yaml:3:6: error: the address holds a user name or password", ""},
		{"password in a broken address (A61)", "title: a\ncity: b\nurl: ftp://admin:rahasia-sekali@x.example:port/\n", "site.yaml:3:6: error: the address holds a user name or password", ""},
		{"authorisation (A61)", good + "header: Bearer rahasia-sekali\n", `site.yaml:4:1: error: unknown key "header"`, ""},
		{"private key in a list (A61)", good + "languages: [PRIVATE+KEY+x.example/portal+12345678+rahasia-sekali]\n", "site.yaml:4:13: error: a secret", "write the public key there"},
		{"private key (A61)", good + "log: {origin: x.example/portal, key: PRIVATE+KEY+x.example/portal+12345678+rahasia-sekali}\n", "site.yaml:4:33: error: a secret", "write the public key there"},
		{"feature", good + "features: {serach: true}\n", `site.yaml:4:12: error: unknown key "serach" in features`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, problems := parsed(test.text)
			if s != nil {
				t.Error("the settings were taken")
			}
			var printed strings.Builder
			line := func(_ string, n int) (string, bool) { return strings.Split(test.text, "\n")[n-1], true }
			if err := (diag.Printer{Line: line}).Print(&printed, problems); err != nil || strings.Contains(printed.String(), "rahasia-sekali") {
				t.Errorf("%v: a secret is printed\n%s", err, printed.String())
			}
			for _, p := range problems {
				if strings.HasPrefix(p.Error(), test.want) && strings.Contains(p.Hint.String(), test.hint) {
					return
				}
			}
			t.Errorf("got %v\nwant %s (%s)", problems, test.want, test.hint)
		})
	}
	if s, problems := parsed(good + "brand: {primary: \"#0b5c58\", accent: \"#8a4b16\", logo: assets/logo.svg}\n"); s == nil {
		t.Error(problems)
	}
}
