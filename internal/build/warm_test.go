package build

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/treetest"
)

// outcomeOf is all that a build shows: its error, its problems, and the published tree.
func outcomeOf(t *testing.T, o Options) (shown, tree string, summary Summary) {
	t.Helper()
	problems := &diag.List{}
	summary, err := Run(context.Background(), o, problems)
	out := o.Out
	if !filepath.IsAbs(out) {
		out = filepath.Join(o.Dir, out)
	}
	if err == nil {
		tree = treetest.Digest(t, out)
	}
	return fmt.Sprintf("%v\n%v", err, problems.Sorted()), tree, summary
}

// randomSite is a site that changes at random.
type randomSite struct {
	t      *testing.T
	random *rand.Rand
	warm   Options

	minutes int // of the clock that commits are dated by
}

func (s *randomSite) files(folder, ending string) []string {
	var names []string
	_ = filepath.WalkDir(filepath.Join(s.warm.Dir, folder), func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(name, ending) {
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names
}

func (s *randomSite) one(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[s.random.IntN(len(names))]
}

func (s *randomSite) change(name string, with func(string) string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		return "nothing"
	}
	if err := os.WriteFile(name, []byte(with(string(data))), 0o644); err != nil {
		s.t.Fatal(err)
	}
	relative, _ := filepath.Rel(s.warm.Dir, name)
	return relative
}

var (
	titleOf   = regexp.MustCompile(`(?m)^title: .*$`)
	statusOf  = regexp.MustCompile(`(?m)^status: .*$`)
	valueOf   = regexp.MustCompile(`value: \d+`)
	summaryOf = regexp.MustCompile(`(?m)^summary: .*$`)
)

// edit makes one change of any kind and says which.
func (s *randomSite) edit() string {
	n := s.random.IntN(1000)
	dir := s.warm.Dir
	page := s.one(s.files("content", ".md"))
	switch s.random.IntN(26) {
	case 0, 1, 2, 3:
		return "a sentence more in " + s.change(page, func(text string) string { return text + fmt.Sprintf("\nKalimat %d tentang sampah.\n", n) })
	case 4:
		return "another title of " + s.change(page, func(text string) string { return titleOf.ReplaceAllString(text, fmt.Sprintf("title: Judul %d", n)) })
	case 5:
		return "another summary of " + s.change(page, func(text string) string {
			return summaryOf.ReplaceAllString(text, fmt.Sprintf("summary: Ringkasan %d.", n))
		})
	case 6:
		return "another status of " + s.change(s.one(s.files("content/quick-wins", ".md")), func(text string) string { return statusOf.ReplaceAllString(text, "status: delayed") })
	case 7:
		return "another figure in " + s.change(s.one(s.files("content/quick-wins", ".md")), func(text string) string {
			return valueOf.ReplaceAllString(text, fmt.Sprintf("value: %d", n))
		})
	case 8:
		name := fmt.Sprintf("content/bintek/2025/warta-%d.md", n)
		put(s.t, dir, name, fmt.Sprintf("---\ntitle: Warta %d\nsummary: Kabar.\ndate: 2025-03-%02d\n---\n## Isi\n\nKabar [wajib](../../quick-wins/bank-sampah.md) OPD.\n", n, 1+n%28))
		return "a new " + name
	case 9:
		name := fmt.Sprintf("content/info/h%d", n)
		put(s.t, dir, name+"/index.md", "---\ntitle: H\nsummary: s\n---\n```csv\nangka.csv\n```\n")
		put(s.t, dir, name+"/angka.csv", fmt.Sprintf("a,b\n1,%d\n", n))
		return "a new page with a table, " + name
	case 10:
		return "another row in " + s.change(s.one(s.files("content/info", ".csv")), func(text string) string { return text + fmt.Sprintf("%d,%d\n", n, n) })
	case 11:
		if err := os.Remove(page); err != nil {
			s.t.Fatal(err)
		}
		return "gone: " + page
	case 12:
		return "a draft now: " + s.change(page, func(text string) string { return strings.Replace(text, "---\n", "---\ndraft: true\n", 1) })
	case 13:
		return "a broken link in " + s.change(page, func(text string) string { return text + "\n[x](tidak-ada.md)\n" })
	case 14:
		return "a mistake in the front matter of " + s.change(page, func(text string) string { return strings.Replace(text, "---\n", "---\ntitel: x\n", 1) })
	case 15:
		put(s.t, dir, "layouts/partials/draft.html", fmt.Sprintf(`{{define "draft"}}<b>%d</b>{{end}}`, n))
		return "another layout"
	case 16:
		put(s.t, dir, fmt.Sprintf("static/berkas-%d.txt", n%3), fmt.Sprint(n))
		return "another static file"
	case 17:
		put(s.t, dir, "static/assets/mark.svg", fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 8"/>`, n+1))
		return "another icon, whose name layouts hold"
	case 18:
		return "other settings, " + s.change(filepath.Join(dir, "site.yaml"), func(text string) string {
			return regexp.MustCompile(`(?m)^notice: .*\n`).ReplaceAllString(text, "") + fmt.Sprintf("notice: Pengumuman %d\n", n)
		})
	case 19:
		s.warm.AsOf = fmt.Sprintf("2025-%02d-15", 1+n%12)
		return "another day, " + s.warm.AsOf
	case 20:
		s.warm.Drafts, s.warm.Future = n%2 == 0, n%3 == 0
		return fmt.Sprint("drafts and future: ", s.warm.Drafts, s.warm.Future)
	case 21:
		s.warm.BaseURL = []string{"", "https://x.example/pati/", "https://x.example/"}[n%3]
		return "another address, " + s.warm.BaseURL
	case 22:
		s.warm.Compress = !s.warm.Compress
		return fmt.Sprint("compressed forms: ", s.warm.Compress)
	case 23:
		name := s.one(s.files("public", ""))
		switch {
		case name == "":
		case n%3 == 0:
			_ = os.Remove(name)
		case !strings.Contains(name, ".well-known"):
			s.change(name, func(text string) string { return strings.Repeat("x", len(text)) })
		}
		return "somebody changed the published " + name
	case 24:
		name := s.one(s.files(cacheFolder, ""))
		if name != "" {
			s.change(name, func(text string) string {
				if at := s.random.IntN(len(text) + 1); n%2 == 0 {
					return text[:at]
				} else if at < len(text) {
					return text[:at] + string(text[at]^0x10) + text[at+1:]
				}
				return text
			})
		}
		return "a damaged " + name
	}
	_ = os.RemoveAll(filepath.Join(dir, []string{"public", cacheFolder, ".public.pendapa"}[n%3]))
	return "a folder removed"
}

// git runs git in the site's folder; false: it could not be done.
func (s *randomSite) git(args ...string) bool {
	cmd := exec.Command("git", append([]string{"-C", s.warm.Dir, "-c", "user.name=Sari", "-c", "user.email=sari@dinas.example", "-c", "gc.auto=0"}, args...)...)
	s.minutes++
	when := fmt.Sprintf("2025-01-01T%02d:%02d:00+07:00", s.minutes/60%24, s.minutes%60)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_DATE="+when, "GIT_COMMITTER_DATE="+when)
	return cmd.Run() == nil
}

// record does something to the site's repository.
func (s *randomSite) record() string {
	add := s.git("add", "-A")
	switch n := s.random.IntN(8); n {
	case 0:
		s.git("commit", "-q", "--amend", "-m", "Ditulis ulang")
		return "the last commit amended"
	case 1:
		s.git("tag", "-f", "edisi")
		return "a tag moved"
	case 2:
		s.git("reset", "-q", "--soft", "HEAD~1")
		return "the last commit taken back"
	case 3:
		s.git("commit", "-q", "-m", "Sisi")
		s.git("checkout", "-q", "-b", fmt.Sprint("sisi-", s.minutes), "HEAD~1")
		s.git("merge", "-q", "-s", "ours", "-m", "Gabung", "utama")
		s.git("checkout", "-q", "utama")
		return "a branch"
	case 4:
		s.git("commit", "-q", "--allow-empty", "-m", "Tanpa isi")
		return "an empty commit"
	}
	s.git("commit", "-q", "-m", fmt.Sprintf("Perubahan %d <b>&", s.minutes))
	return fmt.Sprintf("a commit (%v)", add)
}

// PENDAPA_SEED repeats a run.
//
// Promise 2, A113: whatever changed since the build before, and whatever happened to what that kept, a warm build shows what
// a cold one shows, byte by byte, and tells the same.
func TestWarmBuildEqualsColdBuild(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv("PENDAPA_SEED"); given != "" {
		fmt.Sscan(given, &seed)
	}
	t.Logf("PENDAPA_SEED=%d", seed)
	s := &randomSite{t: t, random: rand.New(rand.NewPCG(seed, 0)), warm: options(treetest.Demo(t))}
	put(t, s.warm.Dir, ".gitignore", "public*\n.pendapa/\n.*.pendapa/\n")
	s.change(filepath.Join(s.warm.Dir, "content/masterplan/_index.md"), func(text string) string {
		return strings.Replace(text, "---\n", "---\neditions: [{id: satu, revision: edisi, date: 2025-01-01, title: Edisi satu}]\n", 1)
	})
	recorded := s.git("init", "-q", "-b", "utama") && s.git("add", "-A") && s.git("commit", "-q", "-m", "Terbitkan") && s.git("tag", "edisi")
	if !recorded {
		t.Log("GIT IS NOT INSTALLED: the record is not part of this test")
		s.change(filepath.Join(s.warm.Dir, "content/masterplan/_index.md"), func(text string) string {
			return strings.Replace(text, "editions: [{id: satu, revision: edisi, date: 2025-01-01, title: Edisi satu}]\n", "", 1)
		})
	}
	pristine := treetest.Files(t, s.warm.Dir)
	mustRun(t, s.warm)
	rounds, published := treetest.Effort(3, 12, 500), 0
	for round := range rounds {
		var edits []string
		for range 1 + s.random.IntN(3) {
			edits = append(edits, s.edit())
		}
		if recorded && s.random.IntN(2) == 0 {
			edits = append(edits, s.record())
		}
		cold := s.warm
		cold.Out, cold.NoCache = filepath.Join(t.TempDir(), "cold"), true
		wantShown, wantTree, _ := outcomeOf(t, cold)
		shown, tree, _ := outcomeOf(t, s.warm)
		if shown != wantShown || tree != wantTree {
			t.Fatalf("round %d, after %q: warm and cold differ\nwarm: %s\ncold: %s\n%s", round, edits, shown, wantShown, differences(t, filepath.Join(s.warm.Dir, "public"), cold.Out))
		}
		if tree != "" {
			published++
			if shown, again, summary := outcomeOf(t, s.warm); again != wantTree || summary.Changed != 0 || shown != wantShown {
				t.Fatalf("round %d, after %q: a build of the same changed %d files\n%s", round, edits, summary.Changed, differences(t, filepath.Join(s.warm.Dir, "public"), cold.Out))
			}
		}
		if tree == "" { // the mistakes are mended
			s.warm = options(s.warm.Dir)
			for _, folder := range []string{"content", "layouts", "static"} {
				if err := os.RemoveAll(filepath.Join(s.warm.Dir, folder)); err != nil {
					t.Fatal(err)
				}
			}
			for name, text := range pristine {
				put(t, s.warm.Dir, name, text)
			}
		}
	}
	t.Logf("%d of %d rounds published", published, rounds)
	if published < rounds/8 {
		t.Error("too few builds without mistakes: the test sees little")
	}
}

// differences names the files in which two trees differ.
func differences(t *testing.T, a, b string) string {
	t.Helper()
	left, right := treetest.Files(t, a), treetest.Files(t, b)
	var names []string
	for name, text := range left {
		if other, there := right[name]; !there || other != text {
			names = append(names, name)
		}
	}
	for name := range right {
		if _, there := left[name]; !there {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names[:min(len(names), 20)], "\n")
}
