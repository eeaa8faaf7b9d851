package build

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pendapa/internal/treetest"
)

// repository makes a repository of a folder, with one commit and a tag; the test is skipped where there is no git.
func repository(t *testing.T, dir, tag string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("GIT IS NOT INSTALLED")
	}
	put(t, dir, ".gitignore", "public*\n.pendapa/\n.*.pendapa/\n")
	for _, args := range [][]string{{"init", "-q", "-b", "utama"}, {"add", "-A"}, {"commit", "-q", "-m", "Terbitkan"}, {"tag", tag}} {
		git(t, dir, args...)
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Sari", "-c", "user.email=sari@dinas.example"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_DATE=2024-01-10T09:00:00+07:00", "GIT_COMMITTER_DATE=2024-01-10T09:00:00+07:00")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// A picture that is the same in two editions and today stands once in its smaller versions, and in each edition by itself.
func TestEditionsSharePictures(t *testing.T) {
	t.Parallel()
	o := options(treetest.Demo(t))
	picture := image.NewRGBA(image.Rect(0, 0, 1200, 600))
	for x := range 1200 {
		picture.Set(x, x/2, color.RGBA{R: uint8(x), A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	put(t, o.Dir, "content/masterplan/arah/peta.png", b.String())
	section := filepath.Join(o.Dir, "content/masterplan/arah/prinsip.md")
	text, err := os.ReadFile(section)
	if err != nil {
		t.Fatal(err)
	}
	put(t, o.Dir, "content/masterplan/arah/prinsip.md", string(text)+"\n![Peta kecamatan](peta.png)\n")
	repository(t, o.Dir, "pertama")
	git(t, o.Dir, "tag", "kedua")
	index := filepath.Join(o.Dir, "content/masterplan/_index.md")
	if text, err = os.ReadFile(index); err != nil {
		t.Fatal(err)
	}
	editions := "---\neditions: [{id: satu, revision: pertama, date: 2024-01-10, title: Satu}, {id: dua, revision: kedua, date: 2024-02-10, title: Dua}]\n"
	put(t, o.Dir, "content/masterplan/_index.md", strings.Replace(string(text), "---\n", editions, 1))
	mustRun(t, o)
	files := treetest.Files(t, filepath.Join(o.Dir, "public"))
	for _, at := range []string{"", "edisi/satu/", "edisi/dua/"} {
		if files["masterplan/"+at+"arah/peta.png"] == "" || !strings.Contains(files["masterplan/"+at+"arah/prinsip/index.html"], "/assets/gambar/") {
			t.Errorf("masterplan/%s has no picture", at)
		}
	}
	// Gone today, it is still that of the editions.
	put(t, o.Dir, "content/masterplan/arah/prinsip.md", "---\ntitle: Prinsip\nsummary: Prinsip.\norder: 3\n---\nTanpa gambar.\n")
	if err := os.Remove(filepath.Join(o.Dir, "content/masterplan/arah/peta.png")); err != nil {
		t.Fatal(err)
	}
	mustRun(t, o)
	after := treetest.Files(t, filepath.Join(o.Dir, "public"))
	for name := range files {
		if strings.HasPrefix(name, "assets/gambar/") && after[name] == "" {
			t.Errorf("%s is gone, and the editions name it", name)
		}
	}
}
