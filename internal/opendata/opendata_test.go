package opendata_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pendapa"
	"pendapa/internal/build"
	"pendapa/internal/demo"
	"pendapa/internal/locale"
	"pendapa/internal/opendata"
	"pendapa/internal/site"
	"pendapa/internal/treetest"
)

// linked is the site of a folder as of the demo's day.
func linked(t testing.TB, dir string) *site.Site {
	t.Helper()
	w, err := build.Open(build.Options{Dir: dir, Out: "public", AsOf: demo.AsOf, Layouts: pendapa.Layouts, Static: pendapa.Static})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	portal, _, err := w.Update(t.Context(), build.Changes{All: true})
	if err != nil || portal.Broken() {
		t.Fatal(err, portal.Problems)
	}
	return portal.Site
}

// nasty are texts that a table has to survive; YAML and the model take them in a method, a note or a source.
var nasty = []string{
	`=cmd|' /C calc'!A0`, `+62 812`, `-1`, `@SUM(A1)`, `a;=1+1`, `'=1`, `''=1`, `"=1`, ` =1`, "＝1", `kata "kutip", koma`, "", "x",
	"baris satu\n=baris dua", "a\n\nb", `; -x`, "'", "a'=b", "=\t=", "a;;+b", "😀 =1", "é", `\`, `</script>`,
}

func hostile(t testing.TB, random *rand.Rand) string {
	t.Helper()
	dir := treetest.Demo(t)
	text := func() string {
		s := nasty[random.IntN(len(nasty))]
		if random.IntN(2) == 0 {
			s += nasty[random.IntN(len(nasty))]
		}
		quoted, err := json.Marshal(strings.TrimSpace(s)) // JSON's texts are YAML's
		if err != nil {
			t.Fatal(err)
		}
		return string(quoted)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Janji\nsummary: s\nowner: unknown\nstatus: planned\nindicators:\n")
	for i := range 8 {
		fmt.Fprintf(&b, "  - {id: u-%d, name: %q, unit: u, direction: up, method: %s, measurements: [", i, "=nama "+strconv.Itoa(i), text())
		for k := range 5 {
			value := strconv.FormatFloat((random.Float64()-0.5)*1e6, 'f', random.IntN(8), 64)
			fmt.Fprintf(&b, "{date: 2025-0%d-01, value: %s, note: %s}, ", k+1, value, text())
		}
		fmt.Fprintf(&b, "]}\n")
	}
	fmt.Fprintf(&b, "---\n")
	if err := os.WriteFile(filepath.Join(dir, "content/quick-wins/aneh.md"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// typed is a cell of a CSV file as its column's type has it.
func typed(t *testing.T, c opendata.Column, cell string) any {
	t.Helper()
	cell = opendata.Restore(cell)
	if cell == "" {
		return nil
	}
	must := func(v any, err error) any {
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		return v
	}
	switch {
	case c.Several != opendata.One:
		return strings.Split(cell, string(c.Several))
	case c.Type == opendata.Integer:
		v, err := strconv.ParseInt(cell, 10, 64)
		return must(v, err)
	case c.Type == opendata.Number:
		v, err := strconv.ParseFloat(cell, 64)
		return must(v, err)
	case c.Type == opendata.Boolean:
		v, err := strconv.ParseBool(cell)
		return must(v, err)
	case c.Type == opendata.Date:
		v, err := time.Parse(time.DateOnly, cell)
		return must(v.Format(time.DateOnly), err)
	case c.Type == opendata.Time:
		v, err := time.Parse(time.TimeOnly, cell)
		return must(v.Format(time.TimeOnly), err)
	}
	return cell
}

// plain is a value of a row as both files have it.
func plain(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case opendata.Day:
		return v.String()
	case opendata.Clock:
		return v.String()
	}
	return v
}

// A table that is read back equals the model, whatever stands in its texts, as CSV and as JSON.
func TestTablesReadBackEqualTheModel(t *testing.T) {
	for seed := range uint64(6) {
		s := linked(t, hostile(t, rand.New(rand.NewPCG(seed, 1))))
		for _, e := range s.Editions {
			for _, table := range opendata.Tables(e) {
				var asCSV, asJSON bytes.Buffer
				if err := table.WriteCSV(&asCSV); err != nil {
					t.Fatal(err)
				}
				if err := table.WriteJSON(&asJSON); err != nil {
					t.Fatal(err)
				}
				records, err := csv.NewReader(&asCSV).ReadAll()
				if err != nil {
					t.Fatalf("%s: %v", table.Name, err)
				}
				var objects []map[string]any
				decoder := json.NewDecoder(&asJSON)
				decoder.UseNumber()
				if err := decoder.Decode(&objects); err != nil {
					t.Fatalf("%s: %v", table.Name, err)
				}
				i := 0
				for row := range table.Rows {
					i++
					for k, c := range table.Columns {
						want := plain(row[k])
						if got := typed(t, c, records[i][k]); fmt.Sprintf("%T %v", got, got) != fmt.Sprintf("%T %v", want, want) {
							t.Errorf("%s.%s of row %d: the CSV has %#v, the model %#v", table.Name, c.Name, i, got, want)
						}
						a, _ := json.Marshal(objects[i-1][c.Name])
						b, _ := json.Marshal(want)
						if string(a) != string(b) {
							t.Errorf("%s.%s of row %d: the JSON has %s, the model %s", table.Name, c.Name, i, a, b)
						}
					}
				}
				if len(records) != i+1 || len(objects) != i {
					t.Errorf("%s: %d rows, %d in the CSV, %d in the JSON", table.Name, i, len(records)-1, len(objects))
				}
			}
		}
	}
}

// What the tables say is what the model says, asked by another way than theirs.
func TestTablesHoldWhatTheFilesSay(t *testing.T) {
	s := linked(t, treetest.Demo(t))
	e := s.Editions[0]
	rows := make(map[string][]map[string]any)
	for _, table := range opendata.Tables(e) {
		for row := range table.Rows {
			named := make(map[string]any)
			for i, c := range table.Columns {
				named[c.Name] = plain(row[i])
			}
			rows[table.Name] = append(rows[table.Name], named)
		}
	}
	find := func(table, column string, value any) map[string]any {
		i := slices.IndexFunc(rows[table], func(r map[string]any) bool { return r[column] == value })
		if i < 0 {
			t.Fatalf("%s has no row whose %s is %v", table, column, value)
		}
		return rows[table][i]
	}
	win := find("quick-wins", "id", "aduan-warga")
	if win["owner"] != "diskominfo" || win["status"] != "at-risk" || win["end"] != "2026-06-30" || fmt.Sprint(win["partners"]) != "[dlh dinkes disdikbud]" || win["sample"] != true {
		t.Error(win)
	}
	if win := find("quick-wins", "id", "angkutan-sekolah"); win["owner"] != nil || win["indicators_measured"] != int64(0) {
		t.Error(win)
	}
	if in := find("indicators", "id", "aduan-warga#waktu-tanggap"); in["latest"] != 5.7 || in["latest_date"] != "2025-12-31" || in["target"] != 3.0 || in["direction"] != "down" {
		t.Error(in)
	}
	if b := find("budgets", "quick_win", "aduan-warga"); b["planned"] != int64(640000000) || b["spent"] != int64(552300000) {
		t.Error(b)
	}
	all := find("comparison", "group", "all")
	if all["quick_wins"] != int64(len(e.QuickWins)) || all["indicators"] != int64(len(rows["indicators"])) {
		t.Error(all)
	}
	figures := 0
	for _, q := range e.QuickWins {
		for _, in := range q.Document.QuickWin.Indicators {
			for _, m := range in.Measurements {
				if m.Date.Day() <= int(s.AsOf.Unix()/86400)+1 {
					figures++
				}
			}
		}
	}
	if len(rows["measurements"]) != figures {
		t.Errorf("%d measurements, want %d", len(rows["measurements"]), figures)
	}
}

// Nothing is in a file that the pages do not show: no drafts, nothing after the as-of date, no money and no authors
// where these are switched off.
func TestTablesHoldNothingThatIsNotPublished(t *testing.T) {
	dir := treetest.Demo(t)
	settings, err := os.ReadFile(filepath.Join(dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("authors: true", "authors: false", "budgets: true", "budgets: false").Replace(string(settings))
	late := "---\ntitle: Nanti\nsummary: s\nowner: unknown\nstatus: planned\nbudget: {planned: 123456789}\nindicators:\n  - {id: a, name: A, unit: u, direction: up, measurements: [{date: 2026-03-02, value: 987654}]}\nmilestones:\n  - {title: L, due: 2026-01-01, done: 2026-04-17}\n---\n"
	author := "---\ntitle: Kabar\nsummary: s\ndate: 2026-01-01\nauthor: Penulis Rahasia\n---\n"
	for name, text := range map[string]string{"site.yaml": changed, "content/quick-wins/nanti.md": late, "content/bintek/kabar.md": author} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := linked(t, dir)
	for _, e := range s.Editions {
		c := opendata.Describe(e, opendata.Tables(e))
		var all bytes.Buffer
		for _, table := range c.Entries {
			if err := table.WriteCSV(&all); err != nil {
				t.Fatal(err)
			}
		}
		for _, describe := range []func() ([]byte, error){c.Package, c.DCAT} {
			data, err := describe()
			if err != nil {
				t.Fatal(err)
			}
			all.Write(data)
		}
		for _, secret := range append(demo.Marks(), "987654", "123456789", "Penulis Rahasia", "2026-04-17", "640000000") {
			if strings.Contains(all.String(), secret) {
				t.Errorf("%s is in the data", secret)
			}
		}
	}
}

// A37: whatever a spreadsheet would run stands behind an apostrophe; everything else stands as it is.
func TestFormulasAreNeutralised(t *testing.T) {
	for in, want := range map[string]string{
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")", "+1": "'+1", "-1+2": "'-1+2", "@x": "'@x", " \t=1": " \t'=1", `"=1`: `"'=1`, "＝1": "'＝1",
		"a;=1": "a;'=1", "a; -1": "a; '-1", "a\n=1": "a\n'=1", "a\t=1": "a\t'=1", "'=1": "''=1",
		"a=b": "a=b", "1-2": "1-2", "a - b": "a - b", "": "", "'tHart": "'tHart", "x@y.example": "x@y.example", "a, -b": "a, -b",
	} {
		got := opendata.Neutralise(in)
		if got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
		if back := opendata.Restore(got); back != in {
			t.Errorf("%q came back as %q", in, back)
		}
	}
}

func FuzzNeutralise(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		safe := opendata.Neutralise(s)
		if back := opendata.Restore(safe); back != s {
			t.Errorf("%q became %q and came back as %q", s, safe, back)
		}
		for _, part := range strings.FieldsFunc(safe, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
			if start := strings.TrimLeft(part, " \""); start != "" && strings.ContainsAny(start[:1], "=+-@") {
				t.Errorf("%q has a cell that starts with %q", safe, start[:1])
			}
		}
	})
}

// Every column is explained in both languages, and no explanation is left over.
func TestEveryColumnIsExplained(t *testing.T) {
	e := linked(t, treetest.Demo(t)).Editions[0]
	for _, table := range opendata.Tables(e) {
		for _, lang := range locale.Languages() {
			for _, key := range []string{"data." + table.Name, "data." + table.Name + ".about"} {
				if !lang.Has(key) {
					t.Errorf("%s: no word for %s", lang, key)
				}
			}
			for _, c := range table.Columns {
				if !lang.Has("column."+c.Name) && !lang.Has("column."+table.Name+"."+c.Name) {
					t.Errorf("%s: %s.%s is not explained", lang, table.Name, c.Name)
				}
				if !lang.Has("type." + string(c.Type)) {
					t.Errorf("%s: no word for the type %s", lang, c.Type)
				}
				if c.Unit != "" && !lang.Has("unit."+c.Unit) {
					t.Errorf("%s: no word for the unit %s", lang, c.Unit)
				}
			}
		}
	}
}
