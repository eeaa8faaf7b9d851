package proof

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pendapa/internal/diag"
)

var portal = map[string]string{
	"index.html":                  "<h1>Kota Contoh</h1>",
	"index.html.gz":               "gzip",
	"data/angka.csv":              "tahun,nilai\n2026,1\n",
	"data/kosong":                 "",
	"data/besar.bin":              strings.Repeat("0123456789abcdef", 50_000),
	".well-known/security.txt":    "Contact: mailto:x@example.go.id",
	".well-known/pendapa/x":       "y",
	"berkas dengan é dan, koma":   "x",
	"data.html":                   "sorts between data and data/",
	"program/a/b/c/d/e/f/g/h.txt": "deep",
}

// listOf is a tree.json of files, as package publish writes it; more is put behind the list.
func listOf(files map[string]string, more string) string {
	var b strings.Builder
	b.WriteString("{\"version\": 1, \"files\": [")
	for i, name := range slices.Sorted(maps.Keys(files)) {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(File{name, int64(len(files[name])), fmt.Sprintf("%x", sha256.Sum256([]byte(files[name])))})
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]" + more + "}\n")
	return b.String()
}

func put(t testing.TB, dir, name, data string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(data), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// published makes a folder as Pendapa publishes it.
func published(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range portal {
		put(t, dir, name, data)
	}
	put(t, dir, ManifestFile, listOf(portal, ""))
	put(t, dir, LogFile, "whatever proves itself")
	put(t, dir, CheckpointFile, "whatever proves itself")
	return dir
}

// check checks a folder, which must not hang.
func check(t testing.TB, dir string, partial bool) (Report, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	return CheckFolder(ctx, dir, partial)
}

func TestAFolderIsAsItWasPublished(t *testing.T) {
	dir := published(t)
	bytes := int64(0)
	for _, data := range portal {
		bytes += int64(len(data))
	}
	var lines strings.Builder // as sha256sum prints them
	for _, name := range slices.Sorted(maps.Keys(portal)) {
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256([]byte(portal[name])), name)
	}
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(lines.String())))
	for _, partial := range []bool{false, true} {
		r, err := check(t, dir, partial)
		if err != nil || r.Findings != nil || r.Files != len(portal) || len(r.List) != len(portal) || r.Bytes != bytes || r.Tree != digest || r.Built != nil {
			t.Errorf("%+v, %v", r, err)
		}
	}
	// The log and its checkpoint are listed where they are published, and the root is that of all else: they name it.
	whole := maps.Clone(portal)
	whole[LogFile], whole[CheckpointFile] = "whatever proves itself", "whatever proves itself"
	put(t, dir, ManifestFile, listOf(whole, ""))
	if r, err := check(t, dir, false); err != nil || r.Findings != nil || r.Files != len(whole) || r.Tree != digest {
		t.Errorf("%+v, %v", r, err)
	}
	l := new(Log)
	l.Append(Entry{Tree: digest})
	if _, ok := l.Find(digest); !ok {
		t.Error("the log does not know the tree")
	}
	link := filepath.Join(t.TempDir(), "current") // as hosts lay them
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	if r, err := check(t, link, false); err != nil || len(r.Findings) > 0 {
		t.Errorf("through a link to the folder: %+v, %v", r, err)
	}
}

func TestWhatIsWrongWithAFolderIsFound(t *testing.T) {
	at := func(dir, name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	remove := func(names ...string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			for _, name := range names {
				if err := os.RemoveAll(at(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	write := func(name, data string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { put(t, dir, name, data) }
	}
	link := func(to, name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			_ = os.RemoveAll(at(dir, name))
			if err := os.Symlink(to, at(dir, name)); err != nil {
				t.Skip(err)
			}
		}
	}
	pipe := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			_ = os.RemoveAll(at(dir, name))
			makePipe(t, at(dir, name))
		}
	}
	large := portal["data/besar.bin"]
	for name, test := range map[string]struct {
		spoil   func(*testing.T, string)
		want    string // kind and path of each finding
		partial string // the same for a copy of some pages
	}{
		"one flipped byte":           {write("index.html", strings.Replace(portal["index.html"], "K", "k", 1)), "changed index.html", "changed index.html"},
		"one flipped bit far behind": {write("data/besar.bin", large[:700_001]+"!"+large[700_002:]), "changed data/besar.bin", "changed data/besar.bin"},
		"a byte more":                {write("data/kosong", "x"), "changed data/kosong", "changed data/kosong"},
		"a byte less":                {write("data/besar.bin", large[1:]), "changed data/besar.bin", "changed data/besar.bin"},
		"a file gone":                {remove("data/angka.csv"), "missing data/angka.csv", ""},
		"an empty file gone":         {remove("data/kosong"), "missing data/kosong", ""},
		"a compressed form gone":     {remove("index.html.gz"), "missing index.html.gz", ""},
		"a folder gone":              {remove("program", "data.html"), "missing data.html, missing program/a/b/c/d/e/f/g/h.txt", ""},
		"a file more":                {write("data/baru.csv", ""), "extra data/baru.csv", "extra data/baru.csv"},
		"a compressed form more":     {write("data.html.br", "x"), "extra data.html.br", "extra data.html.br"},
		"what systems leave":         {write(".DS_Store", "x"), "extra .DS_Store", "extra .DS_Store"},
		"a file beside the list":     {write(".well-known/pendapa/log.gz", "x"), "extra .well-known/pendapa/log.gz", "extra .well-known/pendapa/log.gz"},
		"a log of another place":     {write("log", "x"), "extra log", "extra log"},
		"an empty folder more":       {func(t *testing.T, dir string) { _ = os.MkdirAll(at(dir, "a/b"), 0o755) }, "", ""},
		"no log, no checkpoint":      {remove(LogFile, CheckpointFile), "", ""},
		"a link to a file":           {link("index.html", "data.html"), "linked data.html", "linked data.html"},
		"a link out of the folder":   {link("/etc/passwd", "passwd"), "linked passwd", "linked passwd"},
		"a link to nothing":          {link("nothing", "x"), "linked x", "linked x"},
		"a link to itself":           {link("x", "x"), "linked x", "linked x"},
		"a folder that is a link":    {link("..", "data"), "linked data", "linked data"},
		"a link for a log":           {link("../../index.html", LogFile), "linked " + LogFile, "linked " + LogFile},
		"a pipe for a file":          {pipe("index.html"), "changed index.html", "changed index.html"},
		"a pipe more":                {pipe("data/pipa"), "extra data/pipa", "extra data/pipa"},
		"a pipe for a checkpoint":    {pipe(CheckpointFile), "extra " + CheckpointFile, "extra " + CheckpointFile},
		"a folder for a file":        {func(t *testing.T, dir string) { remove("data.html")(t, dir); write("data.html/x", "")(t, dir) }, "changed data.html, extra data.html/x", "changed data.html, extra data.html/x"},
		"a file for a folder":        {func(t *testing.T, dir string) { remove("program")(t, dir); write("program", "")(t, dir) }, "extra program, missing program/a/b/c/d/e/f/g/h.txt", "extra program"},
		"a name in capitals":         {func(t *testing.T, dir string) { _ = os.Rename(at(dir, "data.html"), at(dir, "Data.html")) }, "extra Data.html, missing data.html", "extra Data.html"},
		"a name that is no text":     {write("\xff.html", ""), "extra \ufffd.html", "extra \ufffd.html"},
		"a folder nobody may read":   {func(t *testing.T, dir string) { forbid(t, at(dir, "data")) }, "unreadable data", "unreadable data"},
		"a file nobody may read":     {func(t *testing.T, dir string) { forbid(t, at(dir, "data/angka.csv")) }, "unreadable data/angka.csv", "unreadable data/angka.csv"},
		"several things at once": {func(t *testing.T, dir string) {
			remove("index.html")(t, dir)
			write("x", "")(t, dir)
			write("data.html", "")(t, dir)
		}, "changed data.html, missing index.html, extra x", "changed data.html, extra x"},
		"all but one page and a list": {remove("index.html.gz", "data", "data.html", "program", "berkas dengan é dan, koma", ".well-known/security.txt", ".well-known/pendapa/x", LogFile), "missing .well-known/pendapa/x, missing .well-known/security.txt, missing berkas dengan é dan, koma, missing data.html, missing data/angka.csv, missing data/besar.bin, missing data/kosong, missing index.html.gz, missing program/a/b/c/d/e/f/g/h.txt", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := published(t)
			test.spoil(t, dir)
			for partial, want := range map[bool]string{false: test.want, true: test.partial} {
				r, err := check(t, dir, partial)
				var got []string
				for _, f := range r.Findings {
					got = append(got, fmt.Sprint(f.Kind, " ", f.Path))
					if f.Reason.IsZero() || f.Reason.Format == "%s" {
						t.Errorf("no reason for %s", f.Path)
					}
				}
				if err != nil || strings.Join(got, ", ") != want {
					t.Errorf("partial %v: found %q, %v, want %q", partial, strings.Join(got, ", "), err, want)
				}
			}
		})
	}
}

// forbid takes away all rights to a file or folder, where that hinders the one who runs the test.
func forbid(t *testing.T, name string) {
	if os.Geteuid() <= 0 {
		t.Skip("whoever runs this may read everything")
	}
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(name, 0o755) })
}

func TestADamagedListIsRefused(t *testing.T) {
	sum := fmt.Sprintf("%x", sha256.Sum256(nil))
	of := func(paths ...string) string {
		var lines []string
		for _, p := range paths {
			name, _ := json.Marshal(p)
			lines = append(lines, fmt.Sprintf(`{"path":%s,"size":0,"sha256":%q}`, name, sum))
		}
		return `{"version": 1, "files": [` + strings.Join(lines, ",") + `]}`
	}
	for name, list := range map[string]string{
		"nothing":                   "",
		"no JSON":                   "<html>",
		"cut off":                   of("a")[:40],
		"more behind":               of("a") + "x",
		"a list":                    "[]",
		"null":                      "null",
		"no version":                `{"files": []}`,
		"no files":                  `{"version": 1}`,
		"files that are null":       `{"version": 1, "files": null}`,
		"files that are no list":    `{"version": 1, "files": {}}`,
		"a path up":                 of("../x"),
		"a path up and down":        of("a/../../x"),
		"a path that goes in rings": of("a/../b"),
		"a path from the root":      of("/etc/passwd"),
		"a path of the other kind":  of(`a\b`),
		"a drive":                   of(`C:\x`),
		"a dot":                     of("."),
		"a path with a dot":         of("./a"),
		"no path":                   of(""),
		"a folder":                  of("a/"),
		"two slashes":               of("a//b"),
		"a NUL":                     of("a\x00b"),
		"a newline":                 of("a\nb"),
		"twice":                     of("a", "a"),
		"not sorted":                of("b", "a"),
		"not sorted by bytes":       of("data/a", "data.html"),
		"itself":                    of(ManifestFile),
		"a size below zero":         strings.Replace(of("a"), `"size":0`, `"size":-1`, 1),
		"a size that is no number":  strings.Replace(of("a"), `"size":0`, `"size":"0"`, 1),
		"a digest cut":              strings.Replace(of("a"), sum, sum[1:], 1),
		"a digest in capitals":      strings.Replace(of("a"), sum, strings.ToUpper(sum), 1),
		"a build that is a word":    strings.Replace(of("a"), `"version"`, `"built": "yes", "version"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "a", "")
			put(t, dir, ManifestFile, list)
			r, err := check(t, dir, true)
			var damaged *DamagedError
			if !errors.As(err, &damaged) || damaged.File != "tree.json" || diag.Of(err).Format == "%s" {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
	t.Run("another version", func(t *testing.T) {
		for _, version := range []string{"2", `"1"`, "1.0", "null", "{}"} {
			dir := t.TempDir()
			put(t, dir, ManifestFile, `{"version": `+version+`, "files": 7}`)
			_, err := check(t, dir, false)
			if !errors.As(err, new(*VersionError)) && version != "null" || err == nil {
				t.Errorf("%s: got %v", version, err)
			}
		}
	})
	t.Run("too long", func(t *testing.T) {
		dir := t.TempDir()
		put(t, dir, ManifestFile, "")
		if err := os.Truncate(filepath.Join(dir, ManifestFile), maxManifest+1); err != nil { // sparse
			t.Skip(err)
		}
		if _, err := check(t, dir, false); !errors.As(err, new(*DamagedError)) {
			t.Errorf("got %v", err)
		}
	})
}

func TestLaterListsMaySayMore(t *testing.T) {
	dir := published(t)
	put(t, dir, ManifestFile, listOf(portal, `, "built": {"go": "1.26", "n": 1e3}, "later": [1, {"x": null}]`))
	r, err := check(t, dir, false)
	if err != nil || len(r.Findings) > 0 || !bytes.Equal(r.Built, []byte(`{"go": "1.26", "n": 1e3}`)) {
		t.Errorf("%+v, %v", r, err)
	}
	put(t, dir, ManifestFile, listOf(portal, `, "built": null`))
	if r, err := check(t, dir, false); err != nil || r.Built != nil {
		t.Errorf("%+v, %v", r, err)
	}
	put(t, dir, ManifestFile, strings.Replace(listOf(portal, ""), `"size"`, `"mode":"x","size"`, 1))
	if r, err := check(t, dir, false); err != nil || len(r.Findings) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWhatPendapaDidNotPublishIsNotChecked(t *testing.T) {
	empty, linked, file := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "file")
	put(t, filepath.Dir(file), "file", "")
	good := published(t)
	_ = os.Symlink(filepath.Join(good, ".well-known"), filepath.Join(linked, ".well-known"))
	inner := published(t) // a link that stays in the folder
	_ = os.Rename(filepath.Join(inner, ".well-known"), filepath.Join(inner, "w"))
	_ = os.Symlink("w", filepath.Join(inner, ".well-known"))
	for name, test := range map[string]struct {
		dir  string
		want string
		is   error
	}{
		"no folder":            {filepath.Join(empty, "no"), "there is none", fs.ErrNotExist},
		"a file":               {file, "not a directory", nil},
		"an empty folder":      {empty, "Pendapa did not publish it", fs.ErrNotExist},
		"a list behind a link": {linked, ".well-known is a link", nil},
		"behind an inner link": {inner, ".well-known is a link", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := check(t, test.dir, false)
			var folder *FolderError
			if !errors.As(err, &folder) || !strings.Contains(err.Error(), test.want) || test.is != nil && !errors.Is(err, test.is) || diag.Of(err).Format == "%s" {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a pipe for a list", func(t *testing.T) {
		dir := t.TempDir()
		put(t, dir, ManifestFile, "")
		_ = os.Remove(filepath.Join(dir, ManifestFile))
		makePipe(t, filepath.Join(dir, ManifestFile))
		if _, err := check(t, dir, false); !errors.As(err, new(*DamagedError)) {
			t.Errorf("got %v", err)
		}
	})
}

func TestACheckEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := CheckFolder(ctx, published(t), false); !errors.Is(err, context.Canceled) || r.Findings != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func BenchmarkCheckFolder10000(b *testing.B) {
	dir := b.TempDir()
	many := make(map[string]string)
	for i := range 10_000 {
		many[fmt.Sprintf("program/%03d/%d/index.html", i/50, i)] = strings.Repeat("x", 10_000+i)
	}
	for name, data := range many {
		put(b, dir, name, data)
	}
	put(b, dir, ManifestFile, listOf(many, ""))
	for b.Loop() {
		if r, err := CheckFolder(b.Context(), dir, false); err != nil || len(r.Findings) > 0 {
			b.Fatal(err)
		}
	}
}
