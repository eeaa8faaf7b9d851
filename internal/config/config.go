// Package config reads site.yaml: the settings by which a city makes Pendapa its own.
package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	// The time zones of the world, so that a portal is the same on a machine without them.
	_ "time/tzdata"

	"golang.org/x/net/idna"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
	"pendapa/internal/feed"
	"pendapa/internal/locale"
	"pendapa/internal/palette"
	"pendapa/internal/proof"
)

// File is the name of the settings file in a site's folder.
const File = "site.yaml"

// The colours of a portal that names none.
const (
	defaultPrimary = "#0b5c58"
	defaultAccent  = "#8a4b16"
)

// Settings are the contents of site.yaml.
type Settings struct {
	Title     string   `key:"title" rule:"required,line,max=120" doc:"the portal's title" eg:"Portal Smart City"`
	City      string   `key:"city" rule:"required,line,max=120" doc:"the city or regency" eg:"Kabupaten Contoh"`
	Address   string   `key:"url" rule:"required,line,max=500" doc:"the portal's full address" eg:"https://smartcity.example.go.id/"`
	Motto     string   `key:"motto" rule:"line,max=120" doc:"a line below the title"`
	Language  string   `key:"language" rule:"enum=id|en" doc:"the portal's own language" eg:"id"`
	Languages []string `key:"languages" rule:"one,enum=id|en" doc:"all languages of the portal; translations are files named NAME.en.md" eg:"[id, en]"`
	Timezone  string   `key:"timezone" rule:"line,max=60" doc:"the time zone of dates without one" eg:"Asia/Jakarta"`
	Brand     struct {
		Primary string `key:"primary" rule:"line,max=40" doc:"the main colour, as \"#rrggbb\"" eg:"\"#0b5c58\""`
		Accent  string `key:"accent" rule:"line,max=40" doc:"the second colour" eg:"\"#8a4b16\""`
		Logo    string `key:"logo" rule:"line,max=200" doc:"a picture in static/" eg:"assets/mark.svg"`
		Pattern string `key:"pattern" rule:"line,max=200" doc:"a pattern in static/ for bands" eg:"assets/crackle.svg"`
	} `key:"brand" doc:"the city's colours and signs"`
	Contact struct {
		Name       string `key:"name" rule:"line,max=200" doc:"the office"`
		Email      string `key:"email" rule:"line,max=200" doc:"its mail address" eg:"portal@contoh.example"`
		Phone      string `key:"phone" rule:"line,max=60" doc:"its telephone number"`
		Address    string `key:"address" rule:"max=400" doc:"where it is"`
		Complaints string `key:"complaints" rule:"line,max=500" doc:"the web address for complaints" eg:"https://aduan.contoh.example/"`
	} `key:"contact" doc:"how the editors of the portal are reached"`
	Menu     []string         `key:"menu" rule:"max=12" doc:"pages in the menu: paths below content/ without .md" eg:"[quick-wins, bintek]"`
	Switches map[string]bool  `key:"features" rule:"enum=authors|budgets|dark|history|search" doc:"parts of the portal that are switched on or off"`
	Notice   string           `key:"notice" rule:"line,max=300" doc:"a line above every page"`
	Check    map[string]Level `key:"check" rule:"enum=broken-link|redirected-link|orphan|image-alt|image-size|heading-order|link-text|summary|overdue|indicator-method|indicator-source|milestone-late|section-unserved|win-unserving|term-unexplained|contrast|duplicate-title|translation-stale|external-link,values=off|warning|error" doc:"how much each rule of pendapa check weighs"`
	Identity string           `key:"identity" rule:"line,max=200" doc:"how feeds and calendars know the portal for ever, also when its address changes: a domain that is yours, a comma, a year since when it is" eg:"smartcity.example.go.id,2026"`
	Security struct {
		Contact []string `key:"contact" rule:"one,max=5" doc:"where to report weaknesses of the portal: a mail address or a web address" eg:"[keamanan@contoh.example]"`
		Expires string   `key:"expires" rule:"line,max=40" doc:"the day until which this is good; at most a year ahead" eg:"2027-01-31"`
		Policy  string   `key:"policy" rule:"line,max=500" doc:"the web address of what finders of weaknesses may expect" eg:"https://contoh.example/keamanan"`
	} `key:"security" doc:"whom to tell of weaknesses (.well-known/security.txt)"`
	License struct {
		Name string `key:"name" rule:"required,line,max=120" doc:"the licence's name" eg:"CC BY 4.0"`
		URL  string `key:"url" rule:"line,max=500" doc:"its web address" eg:"https://creativecommons.org/licenses/by/4.0/"`
	} `key:"license" doc:"the licence of the data"`

	Log struct {
		Origin string `key:"origin" rule:"required,line,max=120" doc:"the log's name, for ever: a domain that is yours and a word" eg:"smartcity.example.go.id/portal"`
		Key    string `key:"key" rule:"line,max=200" doc:"the public key that its checkpoints are signed by; pendapa key makes one" eg:""`
	} `key:"log" doc:"the transparency log: every build adds to it what it published"`

	URL      *url.URL // Address, or what replaced it; its path ends with a slash
	Location *time.Location
	Palette  palette.Palette
	Menus    []diag.Pos // where each entry of Menu stands

	Authority        feed.Authority // Identity, or what follows from Address
	IdentityPos      diag.Pos
	SecurityUntil    time.Time // Security.Expires, at midnight; zero: there is no security.txt
	SecurityUntilPos diag.Pos
}

// Level is how much a rule of check weighs.
type Level string

const (
	Off     Level = "off"
	Warning Level = "warning"
	Error   Level = "error"
)

// Feature reports whether a part of the portal is switched on: "authors" (names under news; off unless set),
// "budgets" (money on quick wins), "dark" (the dark colour scheme), "history" (what git tells of earlier states) and
// "search", all four on unless set.
func (s *Settings) Feature(name string) bool {
	if on, set := s.Switches[name]; set {
		return on
	}
	return name != "authors"
}

// Lang is the portal's own language, in which its facts are kept.
func (s *Settings) Lang() locale.Lang { return locale.Lang(s.Language) }

// Translations are the portal's other languages.
func (s *Settings) Translations() []locale.Lang {
	var others []locale.Lang
	for _, l := range s.Languages {
		if l != s.Language {
			others = append(others, locale.Lang(l))
		}
	}
	return others
}

// Langs are all languages of the portal, its own first.
func (s *Settings) Langs() []locale.Lang { return append([]locale.Lang{s.Lang()}, s.Translations()...) }

// Base is the path under which the portal stands on its host; it starts and ends with a slash.
func (s *Settings) Base() string { return s.URL.EscapedPath() }

// Parse reads and checks the text of site.yaml. It returns nil where the settings cannot be used; then problems tell
// why. The address baseURL, where it is not empty, takes the place of the settings' url; exists reports whether the
// site's folder holds a file.
func Parse(text []byte, baseURL string, exists func(path string) bool, problems *diag.List) *Settings {
	mistakes := &diag.List{}
	s, secret := parse(text, baseURL, exists, mistakes)
	for _, p := range mistakes.Sorted() {
		p.Secret = p.Secret || secret // whatever is wrong beside it, its line is not shown
		problems.Add(p)
	}
	if mistakes.Errors() > 0 {
		return nil
	}
	return s
}

// parse also reports whether there is a secret in the settings, or may be one where they cannot be read.
func parse(text []byte, baseURL string, exists func(path string) bool, problems *diag.List) (s *Settings, secret bool) {
	f := decode.File{Name: File, Problems: problems}
	node := decode.YAML(f, bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), 1)
	secret = secretValue.Match(text)
	if node == nil {
		return nil, secret || secretKey.Match(text)
	}
	withoutSecrets(f, node)
	secret = secret || problems.Errors() > 0
	s = &Settings{}
	new(decode.Decoder).Into(f, node, s, decode.Whole)
	s.check(f, node, exists, baseURL)
	return s, secret
}

// secretKey is a key whose value is for nobody's eyes. PENDAPA_LOG_KEY and the like take its place.
var secretKey = regexp.MustCompile(`(?i)pass|pwd|secret|token|credential|authorization|sandi|rahasia|(api|access|private)[_-]?key`)

// secretValue is a value that gives a secret away under any key: an address with a password, what a request authorises
// itself with, a private key.
var secretValue = regexp.MustCompile(`://[^/\s"']*:[^/\s"']*@|(?i:bearer|basic)\s+\S{6}|PRIVATE\+KEY`)

// withoutSecrets takes the secrets out of settings, and tells of each without showing it.
func withoutSecrets(f decode.File, n *decode.Node) {
	secret := func(pos diag.Pos, key string, value *decode.Node) bool {
		hint := diag.Textf("remove it, change it where it is used, and give it to the machine that builds in the environment")
		if proof.IsPrivateKey(value.Value) {
			hint = diag.Textf("write the public key there, and make a new pair with pendapa key if this one was committed or sent")
		} else if !secretKey.MatchString(key) {
			withoutSecrets(f, value)
			return false
		}
		f.Problems.Add(diag.Problem{File: f.Name, Pos: pos, Secret: true, Message: diag.Textf("a secret in the settings, which everybody who has the site's folder can read"), Hint: hint})
		return true
	}
	n.Fields = slices.DeleteFunc(n.Fields, func(field decode.Field) bool { return secret(field.KeyPos, field.Key, field.Value) })
	n.Items = slices.DeleteFunc(n.Items, func(item *decode.Node) bool { return secret(item.Pos, "", item) })
}

func (s *Settings) check(f decode.File, n *decode.Node, exists func(string) bool, baseURL string) {
	if s.Language == "" {
		s.Language = string(locale.Indonesian)
	}
	if s.Timezone == "" {
		s.Timezone = "Asia/Jakarta"
	}
	for i, l := range s.Languages {
		if slices.Contains(s.Languages[:i], l) {
			f.At(n.Get("languages", strconv.Itoa(i)), diag.Textf("the language %s stands twice", l), diag.Textf("keep it once"))
		}
	}
	var err error
	if s.Location, err = time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		f.At(n.Get("timezone"), diag.Textf("timezone %q is not known", s.Timezone), diag.Textf("use a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura"))
	}
	if s.Address != "" {
		if s.URL, err = ParseURL(s.Address); err != nil {
			f.At(n.Get("url"), diag.Of(err), diag.Textf("write the portal's full address: https://smartcity.example.go.id/"))
		}
	}
	if baseURL != "" {
		if s.URL, err = ParseURL(baseURL); err != nil {
			f.Problems.Add(diag.Problem{File: "--base-url", Message: diag.Of(err), Hint: diag.Textf("write the portal's full address: https://smartcity.example.go.id/")})
		}
	}
	if complaints := s.Contact.Complaints; complaints != "" {
		if _, err := ParseURL(complaints); err != nil {
			f.At(n.Get("contact", "complaints"), diag.Of(err), diag.Textf("write the full https address of the page for complaints"))
		}
	}
	if email := s.Contact.Email; email != "" {
		if a, err := mail.ParseAddress(email); err != nil || a.Address != email {
			f.At(n.Get("contact", "email"), diag.Textf("%q is not an e-mail address", email), diag.Textf("write it as name@host"))
		}
	}
	if s.License.URL != "" {
		if _, err := ParseURL(s.License.URL); err != nil {
			f.At(n.Get("license", "url"), diag.Of(err), diag.Textf("write the full https address of the licence"))
		}
	}
	s.checkIdentity(f, n)
	s.checkSecurity(f, n)
	if origin := s.Log.Origin; origin != "" && (strings.ContainsAny(origin, "+ \t") || !strings.Contains(origin, ".")) {
		f.At(n.Get("log", "origin"), diag.Textf("origin %q is not a domain and a word", diag.Clip(origin)), diag.Textf("write smartcity.example.go.id/portal, without blanks and plus signs"))
	}
	if s.Log.Key != "" {
		if err := proof.CheckVerifierKey(s.Log.Key); err != nil {
			f.At(n.Get("log", "key"), diag.Of(err), diag.Textf("write the line that pendapa key printed"))
		}
	}
	if menu := n.Get("menu"); menu != nil {
		for _, item := range menu.Items {
			s.Menus = append(s.Menus, item.Pos)
		}
	}
	s.checkBrand(f, n, exists)
}

// firstYear is the year in the identity of a portal that names none: that of Pendapa's first release.
const firstYear = "2026"

func (s *Settings) checkIdentity(f decode.File, n *decode.Node) {
	var err error
	if s.Identity != "" {
		if s.Authority, err = feed.ParseAuthority(s.Identity); err != nil {
			f.At(n.Get("identity"), diag.Textf("identity %q is not a domain, a comma and a year", diag.Clip(s.Identity)), diag.Textf("write smartcity.example.go.id,2026, in small letters; a domain with other letters as xn--…"))
		}
		s.IdentityPos = n.Get("identity").Pos
		return
	}
	// Not what --base-url says: a portal that is tried out elsewhere is the same portal.
	u, err := ParseURL(s.Address)
	if err != nil {
		return // it was told
	}
	if s.Authority, err = feed.ParseAuthority(u.Hostname() + "," + firstYear); err != nil {
		// A host that is no domain cannot mint tags; the portal still needs a name of its own.
		sum := sha256.Sum256([]byte(u.Hostname()))
		s.Authority = feed.Authority{Name: hex.EncodeToString(sum[:8]) + ".invalid", Date: firstYear}
	}
}

func (s *Settings) checkSecurity(f decode.File, n *decode.Node) {
	at := n.Get("security")
	if at == nil {
		return
	}
	if len(s.Security.Contact) == 0 {
		f.At(at, diag.Textf("security has no contact"), diag.Textf("add  contact: …  with a mail address or a web address"))
	}
	for i, c := range s.Security.Contact {
		if a, err := mail.ParseAddress(c); err == nil && a.Address == c {
			continue
		}
		if u, err := ParseURL(c); err != nil || u.Scheme != "https" {
			f.At(n.Get("security", "contact", strconv.Itoa(i)), diag.Textf("%q is neither a mail address nor an https address", diag.Clip(c)), diag.Textf("write it as name@host or https://…"))
		}
	}
	if p := s.Security.Policy; p != "" {
		if u, err := ParseURL(p); err != nil || u.Scheme != "https" {
			f.At(n.Get("security", "policy"), diag.Textf("%q is not a full https address", diag.Clip(p)), diag.Textf("write it as https://…"))
		}
	}
	if s.Security.Expires == "" {
		f.At(at, diag.Textf("security has no expires"), diag.Textf("add  expires: …  with a day, at most a year ahead"))
		return
	}
	location := s.Location
	if location == nil {
		location = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, s.Security.Expires, location)
	if err != nil {
		f.At(n.Get("security", "expires"), diag.Textf("%q is not a date", diag.Clip(s.Security.Expires)), diag.Textf("write year-month-day: 2018-09-26"))
		return
	}
	s.SecurityUntil, s.SecurityUntilPos = day, n.Get("security", "expires").Pos
}

func (s *Settings) checkBrand(f decode.File, n *decode.Node, exists func(string) bool) {
	colors := [2]palette.Color{}
	valid := true
	for i, brand := range []struct{ name, value, otherwise string }{
		{"primary", s.Brand.Primary, defaultPrimary}, {"accent", s.Brand.Accent, defaultAccent},
	} {
		if brand.value == "" {
			brand.value = brand.otherwise
		}
		var ok bool
		if colors[i], ok = palette.Parse(brand.value); !ok {
			valid = false
			f.At(n.Get("brand", brand.name), diag.Textf("brand.%s is not a colour", brand.name), diag.Textf(`write it as "#rrggbb", in quotes`))
		}
	}
	if valid {
		var err error
		var unreadable *palette.UnreadableError
		if s.Palette, err = palette.New(colors[0], colors[1]); errors.As(err, &unreadable) {
			f.At(n.Get("brand", unreadable.Name), diag.Textf("brand.%s %s has a contrast of %.1f on the ground of the page; text needs %.1f", unreadable.Name, unreadable.Color.String(), unreadable.Contrast, palette.Needed), diag.Textf("the nearest colour that can be read is %q", unreadable.Nearest))
		}
	}
	for _, file := range []struct{ key, value string }{{"logo", s.Brand.Logo}, {"pattern", s.Brand.Pattern}} {
		if file.value == "" {
			continue
		}
		clean := path.Clean(file.value)
		switch {
		case clean != file.value || path.IsAbs(clean) || strings.HasPrefix(clean, "..") || !plainPath.MatchString(clean):
			f.At(n.Get("brand", file.key), diag.Textf("brand.%s %q is not a plain path", file.key, file.value), diag.Textf("write the path below static/, such as assets/logo.svg"))
		case path.Ext(clean) != ".svg" && path.Ext(clean) != ".png" && path.Ext(clean) != ".webp" && path.Ext(clean) != ".jpg":
			f.At(n.Get("brand", file.key), diag.Textf("brand.%s is not a picture", file.key), diag.Textf("use an .svg, .png, .webp or .jpg file"))
		case !exists("static/" + clean):
			f.At(n.Get("brand", file.key), diag.Textf("there is no file static/%s", clean), diag.Textf("put the picture there, or correct the path"))
		}
	}
}

// languageLine is the line of settings that names the language.
var languageLine = regexp.MustCompile(`(?m)^language:[ \t]*"?([a-z]+)`)

// Language is the language that a settings text names, also where the text has mistakes; Indonesian where it names none
// that Pendapa speaks.
func Language(text []byte) locale.Lang {
	if m := languageLine.FindSubmatch(text); m != nil && locale.Lang(m[1]).Known() {
		return locale.Lang(m[1])
	}
	return locale.Indonesian
}

// plainPath is a path that means the same in a file system, an address and a stylesheet.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)

// ParseURL checks an absolute http or https address without credentials, query and fragment, and completes its path
// with a slash.
func ParseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err == nil && strings.ContainsFunc(u.Hostname(), func(r rune) bool { return r > '~' }) {
		// Programs that follow a portal know hosts by what the domain name system calls them (RFC 5891).
		ascii, invalid := idna.Lookup.ToASCII(u.Hostname())
		if err = invalid; err == nil {
			u.Host = strings.Replace(u.Host, u.Hostname(), ascii, 1)
		}
	}
	switch {
	case err == nil && u.User != nil || secretValue.MatchString(s):
		return nil, diag.Textf("the address holds a user name or password")
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || !isHost(u.Hostname()):
		return nil, diag.Textf("%q is not a full web address", s)
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, diag.Textf("%q has a query or fragment", s)
	}
	// A slash that is encoded is one to some hosts and a letter to others.
	if strings.TrimSuffix(u.Path, "/") != strings.TrimSuffix(path.Clean("/"+u.Path), "/") || strings.Count(u.Path, "/") != strings.Count(u.EscapedPath(), "/") ||
		strings.ContainsFunc(u.Path, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return nil, diag.Textf("the path of %q is not plain", s)
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
		u.RawPath = ""
	}
	return u, nil
}

// hostName is a name of a host, in ASCII.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?$`)

// isHost reports whether a text is the name or the number of a host. Package url takes more for one: quotes, brackets,
// and nothing at all before a port.
func isHost(s string) bool {
	ip, err := netip.ParseAddr(s)
	return err == nil && ip.Zone() == "" || hostName.MatchString(s)
}
