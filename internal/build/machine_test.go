package build_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/html"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/demo"
	"pendapa/internal/diag"
	"pendapa/internal/feed/feedtest"
	"pendapa/internal/host"
	"pendapa/internal/treetest"
)

// published is a portal as it was published, by path.
type published map[string][]byte

func publish(t testing.TB, dir, baseURL, asOf string) published {
	t.Helper()
	out := filepath.Join(t.TempDir(), "public")
	problems := &diag.List{}
	if _, err := build.Run(t.Context(), build.Options{Dir: dir, Out: out, BaseURL: baseURL, AsOf: asOf, Layouts: pendapa.Layouts, Static: pendapa.Static}, problems); err != nil || problems.Errors() > 0 {
		t.Fatal(err, problems.Sorted())
	}
	files := make(published)
	for name, text := range treetest.Files(t, out) {
		files[name] = []byte(text)
	}
	return files
}

// built are the portals that are looked at, each built once: both of ours, at a root and under a path.
var built = map[string]func(t *testing.T) (base string, files published){
	"Pati":                portal("https://smartcity-pati.example/", func(*testing.T) string { return "../.." }),
	"Pati under a path":   portal("https://x.example/pati/", func(*testing.T) string { return "../.." }),
	"Contoh":              portal("https://contoh.example/", func(t *testing.T) string { return treetest.Demo(t) }),
	"Contoh under a path": portal("https://x.example/a/kota/", func(t *testing.T) string { return treetest.Demo(t) }),
}

func portal(base string, dir func(t *testing.T) string) func(t *testing.T) (string, published) {
	var once sync.Once
	var files published
	return func(t *testing.T) (string, published) {
		once.Do(func() { files = publish(t, dir(t), base, demo.AsOf) })
		if files == nil {
			t.Fatal("the portal could not be built")
		}
		return base, files
	}
}

// portals looks at each of these.
func portals(t *testing.T, look func(t *testing.T, base string, files published)) {
	for name, build := range built {
		t.Run(name, func(t *testing.T) {
			base, files := build(t)
			look(t, base, files)
		})
	}
}

func (p published) below(pattern string) []string {
	var names []string
	for name := range p {
		if ok, _ := path.Match(pattern, path.Base(name)); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// has reports whether an address of the portal leads to a file.
func (p published) has(base, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	b, _ := url.Parse(base)
	if u.Host == "" {
		u.Scheme, u.Host = b.Scheme, b.Host
	}
	name, below := strings.CutPrefix(u.Path, b.Path)
	if u.Host != b.Host || u.Scheme != b.Scheme || !below {
		return false
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	_, ok := p[name]
	return ok
}

// Feeds, calendars and sitemaps are what their standards ask, and lead to what is there.
func TestFeedsCalendarsAndSitemapsKeepTheirStandards(t *testing.T) {
	t.Parallel()
	portals(t, func(t *testing.T, base string, files published) {
		ids := make(map[string]string)
		feeds, calendars := files.below("atom.xml"), files.below("*.ics")
		if len(feeds) < 5 || len(calendars) < 3 {
			t.Fatal(feeds, calendars)
		}
		link := regexp.MustCompile(`(?:href|src)="([^"]*)"|<uri>([^<]*)</uri>|(?:href|src)=&#34;([^&]*)&#34;|(?:href|src)=&quot;([^&]*)&quot;`)
		for _, name := range feeds {
			if err := feedtest.Atom(files[name]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			id := string(regexp.MustCompile(`<id>[^<]*</id>`).Find(files[name]))
			if other, twice := ids[id]; twice {
				t.Errorf("%s and %s have the same id %s", name, other, id)
			}
			ids[id] = name
			for _, m := range link.FindAllSubmatch(files[name], -1) {
				address := string(bytes.Join(m[1:], nil))
				u, err := url.Parse(address)
				if err != nil || !u.IsAbs() {
					t.Errorf("%s: %q is not a full address", name, address)
				} else if strings.HasPrefix(address, base) && !files.has(base, address) {
					t.Errorf("%s: %s leads nowhere", name, address)
				}
			}
		}
		for _, name := range calendars {
			if err := feedtest.Calendar(files[name]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := feedtest.Sitemaps(files["sitemap.xml"]); err != nil {
			t.Error(err)
		}
		locs := regexp.MustCompile(`<loc>([^<]*)</loc>`).FindAllSubmatch(files["sitemap.xml"], -1)
		for _, m := range locs {
			if !files.has(base, string(m[1])) {
				t.Errorf("sitemap: %s leads nowhere", m[1])
			}
		}
		if !strings.Contains(string(files["robots.txt"]), "Sitemap: "+base+"sitemap.xml\n") {
			t.Error(string(files["robots.txt"]))
		}
	})
}

// Pages that search engines are asked to pass over are not in the sitemap, and all others are.
func TestSitemapHasThePagesThatMayBeFound(t *testing.T) {
	portals(t, func(t *testing.T, base string, files published) {
		lists := regexp.MustCompile(`/halaman/\d+/|/(status|dimensi|opd)/[^/]+/$|/cari/|bintek/\d{4}/$|data/[a-z-]+/$`)
		for _, name := range files.below("index.html") {
			address := base + strings.TrimSuffix(name, "index.html")
			page := string(files[name])
			in := bytes.Contains(files["sitemap.xml"], []byte("<loc>"+address+"</loc>"))
			asked := strings.Contains(page, `<meta name="robots" content="noindex">`)
			if in == asked && !(asked || lists.MatchString("/"+strings.TrimSuffix(name, "index.html"))) || in && asked {
				t.Errorf("%s: in the sitemap %v, robots asked to pass it over %v", name, in, asked)
			}
		}
	})
}

// All links of all pages lead to files of the portal, also those for programs, and static files hold what pages say of
// them.
func TestPagesLeadToWhatIsThere(t *testing.T) {
	portals(t, func(t *testing.T, base string, files published) {
		checked := 0
		for _, name := range files.below("*.html") {
			z := html.NewTokenizer(bytes.NewReader(files[name]))
			for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
				token := z.Token()
				if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
					continue
				}
				attributes := make(map[string]string)
				for _, a := range token.Attr {
					attributes[a.Key] = a.Val
				}
				for _, key := range []string{"href", "src", "action", "srcset"} {
					for _, address := range strings.Split(attributes[key], ", ") {
						address, _, _ = strings.Cut(address, " ")
						if address == "" || strings.HasPrefix(address, "#") || strings.HasPrefix(address, "mailto:") || strings.HasPrefix(address, "tel:") || strings.HasPrefix(address, "http") && !strings.HasPrefix(address, base) {
							continue
						}
						if checked++; !files.has(base, address) {
							t.Errorf("%s: %s leads nowhere", name, address)
						}
					}
				}
				if attributes["property"] == "og:image" && !files.has(base, attributes["content"]) {
					t.Errorf("%s: the picture %s is not there", name, attributes["content"])
				}
				if digest := attributes["integrity"]; digest != "" {
					u, _ := url.Parse(base)
					sum := sha512.Sum384(files[strings.TrimPrefix(attributes["href"]+attributes["src"], u.Path)])
					if digest != "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) {
						t.Errorf("%s: the digest of %s is another", name, attributes["href"]+attributes["src"])
					}
				}
			}
		}
		if checked < 1000 {
			t.Errorf("only %d links were looked at", checked)
		}
	})
}

// A Data Package describes its files: their sizes, their columns in order, keys that tell rows apart and lead somewhere.
func TestDataPackageDescribesItsFiles(t *testing.T) {
	portals(t, func(t *testing.T, _ string, files published) {
		for _, name := range files.below("datapackage.json") {
			var p struct {
				Name      string
				Resources []struct {
					Name, Path string
					Bytes      int
					Schema     struct {
						Fields      []struct{ Name, Type, Description string }
						PrimaryKey  []string
						ForeignKeys []struct {
							Fields    string
							Reference struct{ Resource, Fields string }
						}
					}
				}
			}
			if err := json.Unmarshal(files[name], &p); err != nil || len(p.Resources) < 9 {
				t.Fatal(name, err, len(p.Resources))
			}
			if !regexp.MustCompile(`^[a-z0-9._-]+$`).MatchString(p.Name) {
				t.Errorf("%s: the name %q", name, p.Name)
			}
			columns := make(map[string]map[string][]string) // of each table
			for _, r := range p.Resources {
				data := files[path.Join(path.Dir(name), r.Path)]
				if len(data) != r.Bytes || bytes.Contains(bytes.ReplaceAll(data, []byte("\r\n"), nil), []byte("\n")) {
					t.Errorf("%s: %d bytes, said to be %d, or a line that does not end in CRLF", r.Path, len(data), r.Bytes)
				}
				records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
				if err != nil {
					t.Fatal(r.Path, err)
				}
				columns[r.Name] = make(map[string][]string)
				for i, f := range r.Schema.Fields {
					if records[0][i] != f.Name || strings.HasPrefix(f.Description, "[") {
						t.Errorf("%s: column %d is %s, said to be %s (%s)", r.Path, i, records[0][i], f.Name, f.Description)
					}
					for _, record := range records[1:] {
						columns[r.Name][f.Name] = append(columns[r.Name][f.Name], record[i])
					}
				}
				keys := make(map[string]bool)
				for i := range records[1:] {
					key := ""
					for _, k := range r.Schema.PrimaryKey {
						key += columns[r.Name][k][i] + "\x00"
					}
					if keys[key] {
						t.Errorf("%s: two rows have the key %q", r.Path, key)
					}
					keys[key] = true
				}
			}
			for _, r := range p.Resources {
				for _, k := range r.Schema.ForeignKeys {
					to := k.Reference.Resource
					if to == "" {
						to = r.Name
					}
					for _, value := range columns[r.Name][k.Fields] {
						if value != "" && !slices.Contains(columns[to][k.Reference.Fields], value) {
							t.Errorf("%s: %s %q is not in %s.%s", r.Path, k.Fields, value, to, k.Reference.Fields)
						}
					}
				}
			}
		}
	})
}

// The catalogue has what DCAT-AP 3 demands of catalogues, datasets and distributions, with the ranges that its SHACL
// shapes ask for, and what Satu Data Indonesia asks of every dataset; and every address in it leads somewhere.
func TestCatalogueKeepsDCATAP(t *testing.T) {
	portals(t, func(t *testing.T, base string, files published) {
		for _, name := range files.below("catalog.jsonld") {
			var c map[string]any
			if err := json.Unmarshal(files[name], &c); err != nil {
				t.Fatal(err)
			}
			context := c["@context"].(map[string]any)
			var keys func(v any)
			keys = func(v any) { // every prefix is bound
				switch v := v.(type) {
				case map[string]any:
					for k, below := range v {
						if prefix, _, found := strings.Cut(k, ":"); found && context[prefix] == nil {
							t.Errorf("%s: the prefix of %s is not bound", name, k)
						}
						if k != "@context" {
							keys(below)
						}
					}
				case []any:
					for _, below := range v {
						keys(below)
					}
				}
			}
			keys(c)
			word := func(of map[string]any, property string) {
				w, ok := of[property].(map[string]any)
				if s, _ := w["@value"].(string); !ok || s == "" || w["@language"] == "" {
					t.Errorf("%s: %v has no %s", name, of["@id"], property)
				}
			}
			iri := func(of map[string]any, property string, needed bool) {
				v, there := of[property].(map[string]any)
				if !there && !needed {
					return
				}
				u, err := url.Parse(fmt.Sprint(v["@id"]))
				if err != nil || !u.IsAbs() {
					t.Errorf("%s: %s of %v is %v", name, property, of["@id"], v)
				} else if strings.HasPrefix(u.String(), base) && !files.has(base, u.String()) {
					t.Errorf("%s: %s of %v leads nowhere", name, u, of["@id"])
				}
			}
			day := func(of map[string]any, property string) {
				if v, ok := of[property].(map[string]any); ok && (v["@type"] != "xsd:date" || !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(fmt.Sprint(v["@value"]))) {
					t.Errorf("%s: %s of %v is %v", name, property, of["@id"], v)
				}
			}
			if c["@type"] != "dcat:Catalog" || c["dct:publisher"].(map[string]any)["@type"] != "foaf:Agent" {
				t.Error(name, c["@type"], c["dct:publisher"])
			}
			word(c, "dct:title")
			word(c, "dct:description")
			word(c["dct:publisher"].(map[string]any), "foaf:name")
			iri(c, "dct:language", true)
			iri(c, "dct:license", false)
			day(c, "dct:modified")
			seen := make(map[string]bool)
			for _, d := range c["dcat:dataset"].([]any) {
				d := d.(map[string]any)
				if id := fmt.Sprint(d["@id"]); seen[id] || d["@type"] != "dcat:Dataset" {
					t.Errorf("%s: %s stands twice, or is no dataset", name, id)
				} else {
					seen[id] = true
				}
				for _, property := range []string{"dct:title", "dct:description", "sdi:konsep"} {
					word(d, property)
				}
				iri(d, "dct:publisher", true)
				iri(d, "dcat:landingPage", true)
				day(d, "dct:modified")
				if d["sdi:variabel"] == nil && (d["sdi:satuan"] == nil || d["sdi:klasifikasi"] == nil && !strings.Contains(fmt.Sprint(d["@id"]), "/quick-wins/")) {
					t.Errorf("%s: %v says neither its variables nor its unit", name, d["@id"])
				}
				for _, x := range d["dcat:distribution"].([]any) {
					x := x.(map[string]any)
					for _, property := range []string{"dcat:accessURL", "dcat:downloadURL", "dcat:mediaType", "dct:format"} {
						iri(x, property, true)
					}
					if size, ok := x["dcat:byteSize"].(map[string]any); ok && size["@type"] != "xsd:nonNegativeInteger" {
						t.Errorf("%s: the size %v", name, size)
					}
				}
			}
			if len(seen) < 9 {
				t.Errorf("%s: %d datasets", name, len(seen))
			}
		}
	})
}

// What hosts read says what the portal needs: the policy everywhere, and long keeping only for what is named by its
// contents.
func TestHostFilesKeepWhatIsNamedByItsContents(t *testing.T) {
	portals(t, func(t *testing.T, base string, files published) {
		u, _ := url.Parse(base)
		headers := string(files["_headers"])
		if !strings.HasPrefix(headers, u.Path+"*\n  Content-Security-Policy: "+host.Policy+"\n") {
			t.Error(headers)
		}
		rules := 0
		for block := range strings.SplitSeq(strings.TrimSpace(headers), "\n/") {
			rules++
			pattern, _, _ := strings.Cut(block, "\n")
			if strings.Contains(block, "immutable") && !regexp.MustCompile(`\.[0-9a-f]{8}(/\*|\.[a-z0-9]+)$|gambar/\*$|indeks/:folder/\*$`).MatchString(pattern) {
				t.Errorf("%s is kept for ever, and is not named by its contents", pattern)
			}
		}
		if rules > 100 {
			t.Errorf("%d rules; Cloudflare takes 100", rules)
		}
		if files[".nojekyll"] == nil {
			t.Error("no .nojekyll: GitHub Pages would leave out _headers and the like")
		}
	})
}

// write puts files into a site's folder.
func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// mistakes are what a build of a site tells, each as file: severity: message.
func mistakes(t testing.TB, dir string, asOf string) []string {
	t.Helper()
	problems := &diag.List{}
	_, _ = build.Run(t.Context(), build.Options{Dir: dir, Out: filepath.Join(t.TempDir(), "public"), AsOf: asOf, Layouts: pendapa.Layouts, Static: pendapa.Static}, problems)
	var list []string
	for _, p := range problems.Sorted() {
		list = append(list, fmt.Sprintf("%s: %s: %s", p.File, p.Severity, p.Message))
	}
	return list
}

const smallSite = "title: T\ncity: K\nurl: https://x.example/sub/\n"

// RFC 9116 says until when its contact can be trusted; a month before, the editors hear of it.
func TestSecurityContactMustHoldForAMonth(t *testing.T) {
	for until, want := range map[string]string{
		"2026-03-30": "[site.yaml: error: security.expires is less than 30 days ahead: after it nobody can trust the contact]",
		"2026-03-31": "[]", "2027-03-01": "[]",
		"2027-04-01": "[site.yaml: warning: security.expires is more than a year ahead]",
		"besok":      `[site.yaml: error: "besok" is not a date]`,
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{"site.yaml": smallSite + "security:\n  contact: [a@x.example, https://x.example/lapor]\n  expires: " + until + "\n"})
		if got := fmt.Sprint(mistakes(t, dir, "2026-03-01")); got != want {
			t.Errorf("%s: %s, want %s", until, got, want)
		}
	}
}

// What the owner of a site puts into static/ takes the place of what would be made.
func TestOwnersFilesTakeThePlaceOfOurs(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "static/robots.txt": "User-agent: *\nDisallow: /\n", "static/_headers": "/*\n  X: y\n"})
	files := publish(t, dir, "", "2026-03-01")
	if string(files["robots.txt"]) != "User-agent: *\nDisallow: /\n" || string(files["_headers"]) != "/*\n  X: y\n" {
		t.Errorf("%s%s", files["robots.txt"], files["_headers"])
	}
}

// Old addresses lead on, on hosts that read _redirects and on those that do not; what a page is called in feeds and
// calendars stays.
func TestAPageThatMovesKeepsItsNameInFeeds(t *testing.T) {
	dir := t.TempDir()
	const news = "---\ntitle: Kabar\nsummary: s\ndate: 2026-02-01\n%sevent: {start: 2026-02-02T09:00}\n---\n"
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/bintek/lama.md": fmt.Sprintf(news, "")})
	before := publish(t, dir, "", "2026-03-01")
	if err := os.Remove(filepath.Join(dir, "content/bintek/lama.md")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"site.yaml": strings.Replace(smallSite, "x.example/sub/", "baru.example/", 1) + "identity: x.example,2026\n", "content/bintek/baru.md": fmt.Sprintf(news, "aliases: /bintek/lama/\n")})
	after := publish(t, dir, "", "2026-03-01")
	if got := string(after["_redirects"]); got != "/bintek/lama/ /bintek/baru/ 301\n" || after["bintek/lama/index.html"] == nil {
		t.Errorf("%q", got)
	}
	id := regexp.MustCompile(`<id>(tag:[^<]*)</id>|UID:(.*)`)
	for _, name := range []string{"atom.xml", "bintek/atom.xml", "kalender.ics"} {
		a, b := fmt.Sprintf("%q", id.FindAllString(string(before[name]), -1)), fmt.Sprintf("%q", id.FindAllString(string(after[name]), -1))
		if a != b || a == "[]" {
			t.Errorf("%s: %s became %s", name, a, b)
		}
	}
}

// The pictures of a portal are published without what cameras write into them, in sizes that a phone can take.
func TestPicturesArePublishedCleanAndSmall(t *testing.T) {
	dir := treetest.Demo(t)
	original, err := os.ReadFile(filepath.Join(dir, "content/bintek/2025/pameran/foto.jpg"))
	if err != nil || !bytes.Contains(original, []byte("Exif")) || !bytes.Contains(original, []byte("Kamera Contoh")) {
		t.Fatal("the picture of the demo tells of no camera", err)
	}
	write(t, dir, map[string]string{"content/tentang/salinan.jpg": string(original)})
	files := publish(t, dir, "", demo.AsOf)
	versions := files.below("*.webp")
	if len(versions) != 2 { // the copy has the same
		t.Error(versions)
	}
	for name, data := range files {
		if bytes.Contains(data, []byte("Kamera Contoh")) || bytes.Contains(data, []byte("Exif\x00\x00")) {
			t.Errorf("%s tells of the camera", name)
		}
	}
	page := string(files["bintek/2025/pameran/index.html"])
	if !regexp.MustCompile(`<img src="/assets/gambar/[0-9a-f]{16}-640\.webp" srcset="[^"]*-480\.webp 480w, [^"]*-640\.webp 640w" sizes="[^"]+" alt="[^"]+" width="640" height="360"`).MatchString(page) {
		t.Error(page)
	}
	if !strings.Contains(page, `<meta property="og:image" content="https://contoh.example/bintek/2025/pameran/foto.jpg">`) {
		t.Error("the page is shared with another picture than its own")
	}
	// The second build takes them from the cache, and gives the same bytes.
	if kept, _ := os.ReadDir(filepath.Join(dir, ".pendapa/gambar")); len(kept) != 2 {
		t.Errorf("%d versions are kept", len(kept))
	}
	again := publish(t, dir, "", demo.AsOf)
	for _, name := range versions {
		if !bytes.Equal(files[name], again[name]) {
			t.Errorf("%s differs the second time", name)
		}
	}
}

// A62, A63, A66, A67 and their like: each is told once, with its file, whether a page shows it or not.
func TestPicturesThatCannotBePublishedAreTold(t *testing.T) {
	huge := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x9c\x40\x00\x00\x9c\x40\x08\x02\x00\x00\x00\xde\x6e\x99\x52\x00\x00\x00\x00IDAT5\xaf\x06\x1e\x00\x00\x00\x00IEND\xaeB`\x82"
	photo, err := os.ReadFile("../demo/site/content/bintek/2025/pameran/foto.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ file, data, want string }{
		"too large":           {"a.png", huge, "the picture is too large: 40000 × 40000 pixels"},
		"another kind":        {"a.jpg", huge, "the file is not what its name says: it ends with .jpg, and holds image/png"},
		"a page":              {"a.png", "<html><script>x</script>", "the file is not what its name says: it ends with .png, and holds text/html"},
		"cut off":             {"a.jpg", string(photo[:len(photo)/2]), "the picture is cut off: the end of its file is missing"},
		"empty":               {"a.webp", "", "the picture's file is empty"},
		"a drawing with code": {"a.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, ""},
	} {
		for _, text := range []string{"", "![x](" + c.file + ")"} {
			dir := t.TempDir()
			write(t, dir, map[string]string{"site.yaml": smallSite, "content/a.md": "---\ntitle: A\nsummary: s\n---\n" + text, "content/" + c.file: c.data})
			got := mistakes(t, dir, "2026-03-01")
			if len(got) != 1 || !strings.HasPrefix(got[0], "content/"+c.file+": error: "+c.want) {
				t.Errorf("%s (%q): %q", name, text, got)
			}
		}
	}
}

// A CSV file that a page shows: as a table, whole in the file; or its mistakes by their lines.
func TestPagesShowCSVFiles(t *testing.T) {
	const text = "---\ntitle: A\nsummary: s\n---\n```csv\ndata.csv\nAnggaran\n```\n"
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/a.md": text, "content/data.csv": "\ufeffTahun;Nilai\r\n" + strings.Repeat("2024;1500,5\r\n", 100_000)})
	files := publish(t, dir, "", "2026-03-01")
	page := string(files["a/index.html"])
	for _, part := range []string{"<caption>Anggaran</caption>", `<th scope="col" class="num">Nilai</th>`, `<td class="num">2024</td><td class="num">1.500,5</td>`, `<a href="/sub/data.csv" download>`, "50 dari 100.000 baris"} {
		if !strings.Contains(page, part) {
			t.Errorf("no %s", part)
		}
	}
	if strings.Count(page, "<tr>") != 51 || len(files["data.csv"]) < 1_000_000 {
		t.Errorf("%d rows, %d bytes in the file", strings.Count(page, "<tr>"), len(files["data.csv"]))
	}
	for block, want := range map[string]string{
		"tidak-ada.csv":      "content/a.md: error: there is no file content/tidak-ada.csv",
		"/data.csv":          `content/a.md: error: "/data.csv" is not a CSV file beside the page`,
		"../../data.csv":     `content/a.md: error: "../../data.csv" leads out of content/`,
		"data.csv\na\nb":     "content/a.md: error: a csv block names one file",
		"data.csv\n<script>": "content/data.csv: error: this row has 1 cells and the heading 2",
	} {
		write(t, dir, map[string]string{"content/a.md": strings.Replace(text, "data.csv\nAnggaran", block, 1), "content/data.csv": "a,b\n1\n"})
		if got := mistakes(t, dir, "2026-03-01"); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%q: %q, want %s", block, got, want)
		}
	}
}

// A115: compressed forms lie beside what gets smaller, say the same, and are the same in every build.
func TestCompressedFormsSayTheSame(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/a.md": "---\ntitle: A\nsummary: s\n---\n" + strings.Repeat("kata ", 500)})
	var before published
	for range 2 {
		out := filepath.Join(t.TempDir(), "public")
		if _, err := build.Run(t.Context(), build.Options{Dir: dir, Out: out, AsOf: "2026-03-01", Compress: true, Layouts: pendapa.Layouts, Static: pendapa.Static}, &diag.List{}); err != nil {
			t.Fatal(err)
		}
		now := make(published)
		for _, name := range []string{"a/index.html", "data/quick-wins.csv", "sitemap.xml", "assets/mark.svg"} {
			for _, ending := range []string{"", ".gz", ".br"} {
				now[name+ending], _ = os.ReadFile(filepath.Join(out, name+ending))
			}
		}
		for name, open := range map[string]func(io.Reader) (io.Reader, error){
			"a/index.html.gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"a/index.html.br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		} {
			plain, err := open(bytes.NewReader(now[name]))
			if err != nil {
				t.Fatal(name, err)
			}
			if form := now[name]; strings.HasSuffix(name, ".gz") && !bytes.Equal(form[4:8], make([]byte, 4)) {
				t.Errorf("%s holds a time (RFC 1952, 2.3.1)", name)
			}
			if text, err := io.ReadAll(plain); err != nil || !bytes.Equal(text, now["a/index.html"]) || len(now[name]) > len(text)/3 {
				t.Errorf("%s: %v, %d bytes of %d", name, err, len(now[name]), len(text))
			}
		}
		for name, data := range before {
			if !bytes.Equal(data, now[name]) {
				t.Errorf("%s differs the second time", name)
			}
		}
		if before = now; len(now["data/quick-wins.csv.gz"]) > 0 {
			t.Error("a file of one packet is compressed")
		}
	}
}

// Examples leave the portal with the word that they are examples, and programs that collect facts are not told of them.
func TestExamplesAreNotTakenForFacts(t *testing.T) {
	const win = "---\ntitle: Janji %s\nsummary: s\nowner: unknown\nstatus: on-track\nend: 2026-12-31\n%sindicators:\n  - {id: a, name: Ukuran %[1]s, unit: unit, direction: up, method: dihitung, measure: jumlah, measurements: [{date: 2026-01-01, value: 3}]}\nmilestones: [{title: Rapat, due: 2026-01-01, done: 2026-01-01}, {title: rapat!, due: 2026-02-01, done: 2026-02-01}]\n---\n"
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/quick-wins/nyata.md": fmt.Sprintf(win, "nyata", ""), "content/quick-wins/contoh.md": fmt.Sprintf(win, "rekaan", "sample: true\n")})
	files := publish(t, dir, "", "2026-03-01")
	catalogue := string(files["data/catalog.jsonld"])
	if !strings.Contains(catalogue, `"Ukuran nyata"`) || strings.Contains(catalogue, "Ukuran rekaan") || !strings.Contains(catalogue, `"sdi:ukuran": {`) {
		t.Error("the catalogue does not have the fact, or has the example")
	}
	if !bytes.Contains(files["quick-wins/nyata/index.html"], []byte(`"@type":"Dataset"`)) || bytes.Contains(files["quick-wins/contoh/index.html"], []byte(`"@type":"Dataset"`)) {
		t.Error("search engines are not told of the fact, or of the example")
	}
	for _, name := range []string{"atom.xml", "data/atom.xml", "quick-wins/contoh/atom.xml", "kalender.ics"} {
		if err := feedtest.Atom(files[name]); strings.HasSuffix(name, ".xml") && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, m := range regexp.MustCompile(`(?:<entry>\s*<id>[^<]*</id>\s*<title>|SUMMARY;LANGUAGE=id:)([^<\r\n]*)`).FindAllSubmatch(files[name], -1) {
			if title := string(m[1]); strings.Contains(title, "rekaan") != strings.HasPrefix(title, "Contoh.") && strings.Contains(title+name, "rekaan") {
				t.Errorf("%s: %q", name, title)
			}
		}
	}
	if err := feedtest.Calendar(files["kalender.ics"]); err != nil || bytes.Count(files["kalender.ics"], []byte("BEGIN:VEVENT")) != 6 {
		t.Errorf("%v\n%s", err, files["kalender.ics"])
	}
}

// What lies beside a page that is not published is not published either, and a link to it is left out.
func TestFilesBesideADraftStayUnpublished(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"site.yaml": smallSite, "content/halaman/rahasia/index.md": "---\ntitle: R\nsummary: s\ndraft: true\n---\n", "content/halaman/rahasia/r.csv": "a,b\n1,2\n",
		"content/halaman/lain.md": "---\ntitle: L\nsummary: s\n---\n[r](rahasia/r.csv)\n", "content/masterplan/bab/_index.md": "---\ntitle: B\norder: 1\ndraft: true\n---\n", "content/masterplan/bab/s.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	})
	if got := fmt.Sprint(mistakes(t, dir, "2026-03-01")); got != "[content/halaman/lain.md: warning: content/halaman/rahasia/r.csv is not published; the link is left out]" {
		t.Error(got)
	}
	files := publish(t, dir, "", "2026-03-01")
	if files["halaman/rahasia/r.csv"] != nil || files["masterplan/bab/s.svg"] != nil || files["halaman/lain/index.html"] == nil {
		t.Error("a file of a draft is public")
	}
}

// A static file that a layout names and that is not there is the layout's mistake.
func TestLayoutsNameStaticFilesThatAreThere(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "layouts/partials/footer.html": "{{define \"footer\"}}\n<img src=\"{{asset \"assets/tiada.svg\"}}\" alt=\"\">{{end}}"})
	if got := fmt.Sprint(mistakes(t, dir, "2026-03-01")); !strings.Contains(got, "layouts/partials/footer.html: error:") || !strings.Contains(got, "there is no file static/assets/tiada.svg") {
		t.Error(got)
	}
}

// A site's own stylesheets, scripts and fonts are found by each other, in whatever form they ask.
func TestOwnStylesheetsFindWhatTheyAskFor(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "static/assets/a.css": "@import \"z.css\"; @import url(z.css); .x{background:url('f one.woff2?v=1')} .y{background:url(\"mark.svg\")}", "static/assets/z.css": "b{}", "static/assets/f one.woff2": "x", "static/assets/a.js": "import './b.js'", "static/assets/b.js": "1"})
	files := publish(t, dir, "", "2026-03-01")
	for _, name := range []string{"assets/z.css", "assets/f one.woff2", "assets/a.js", "assets/b.js", "assets/a.css"} {
		if files[name] == nil {
			t.Errorf("%s is not under its own name", name)
		}
	}
	for name, data := range files {
		if regexp.MustCompile(`^assets/a\.[0-9a-f]{8}\.css$`).MatchString(name) && !regexp.MustCompile(`url\(mark\.[0-9a-f]{8}\.svg\)`).Match(data) {
			t.Errorf("%s: %s", name, data)
		}
	}
}

// Formulas in a CSV file of an editor are made harmless in what is published.
func TestFormulasInEditorsFilesAreNeutralised(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/data.csv": "nama;nilai\n=HYPERLINK(1);-5,5\n+62 812;3\n", "content/lain.csv": "a,b\n1,-2\n"})
	files := publish(t, dir, "", "2026-03-01")
	if got := string(files["data.csv"]); got != "nama;nilai\r\n'=HYPERLINK(1);-5,5\r\n'+62 812;3\r\n" {
		t.Errorf("%q", got)
	}
	if got := string(files["lain.csv"]); got != "a,b\n1,-2\n" {
		t.Errorf("a file without formulas was changed: %q", got)
	}
}

// Money spent by a day that is still to come is not known yet: not on the page, not in sums, not in the data.
func TestMoneyOfALaterDayIsNotKnown(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/quick-wins/a.md": "---\ntitle: A\nsummary: s\nowner: unknown\nstatus: planned\nbudget: {planned: 1000000, spent: 777777, as_of: 2027-01-01}\n---\n"})
	for name, data := range publish(t, dir, "", "2026-03-01") {
		if bytes.Contains(data, []byte("777777")) || bytes.Contains(data, []byte("777.777")) || bytes.Contains(data, []byte("2027-01-01")) {
			t.Errorf("%s knows it", name)
		}
	}
}

// The portal's name in feeds is a domain that it has, since a day that has come.
func TestIdentityIsADomainSinceADay(t *testing.T) {
	for identity, want := range map[string]string{
		"x.example,2026": "[]", "x.example,2026-03-01": "[]",
		"x.example,2026-03-02": "[site.yaml: error: identity names a day that is still to come]",
		"x.example,2026-02-31": `[site.yaml: error: identity "x.example,2026-02-31" is not a domain, a comma and a year]`,
		"-x-.example,2026":     `[site.yaml: error: identity "-x-.example,2026" is not a domain, a comma and a year]`,
		"x.example":            `[site.yaml: error: identity "x.example" is not a domain, a comma and a year]`,
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{"site.yaml": smallSite + "identity: " + identity + "\n"})
		if got := fmt.Sprint(mistakes(t, dir, "2026-03-01")); got != want {
			t.Errorf("%s: %s, want %s", identity, got, want)
		}
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": strings.Replace(smallSite, "x.example", "münchen.example", 1)})
	files := publish(t, dir, "", "2026-03-01")
	if !bytes.Contains(files["atom.xml"], []byte("<id>tag:xn--mnchen-3ya.example,2026:atom.xml</id>")) || !bytes.Contains(files["sitemap.xml"], []byte("<loc>https://xn--mnchen-3ya.example/sub/</loc>")) {
		t.Errorf("%s", files["atom.xml"])
	}
}

// A mistake in what may be one value or a list is told at its place, however it is written.
func TestMistakesInSingleValuesHaveTheirPlaces(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": smallSite + "security:\n  contact: 0811\n  expires: 2026-12-01\n", "content/a.md": "---\ntitle: A\nsummary: s\n---\n"})
	problems := &diag.List{}
	_, _ = build.Run(t.Context(), build.Options{Dir: dir, Out: filepath.Join(t.TempDir(), "public"), AsOf: "2026-03-01", Layouts: pendapa.Layouts, Static: pendapa.Static}, problems)
	write(t, dir, map[string]string{"site.yaml": smallSite, "content/a.md": "---\ntitle: A\nsummary: s\naliases: lama\n---\n"})
	_, _ = build.Run(t.Context(), build.Options{Dir: dir, Out: filepath.Join(t.TempDir(), "public"), AsOf: "2026-03-01", Layouts: pendapa.Layouts, Static: pendapa.Static}, problems)
	var places []string
	for _, p := range problems.Sorted() {
		places = append(places, fmt.Sprintf("%s:%d:%d", p.File, p.Pos.Line, p.Pos.Col))
	}
	if got := fmt.Sprint(places); got != "[content/a.md:4:10 site.yaml:5:12]" {
		t.Errorf("%s: %v", got, problems.Sorted())
	}
}
