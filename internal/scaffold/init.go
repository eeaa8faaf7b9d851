package scaffold

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/schema"
)

//go:embed all:portal
var portals embed.FS

// city stands in the files of a new portal for the city's name.
const city = "CITY"

// Init writes a new portal into a folder that is empty or not there: a small one that is its city's to fill, or the files
// of another. It returns the files that it wrote, sorted; after an error it has taken back what it wrote.
func Init(dir, cityName string, lang locale.Lang, demo fs.FS) ([]string, error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, &RefusedError{diag.Textf("the folder %s is not empty", dir), diag.Textf("name a folder that is empty or not there yet; nothing was written")}
	} else if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
		return nil, &RefusedError{diag.Textf("%s is a file", dir), diag.Textf("name a folder that is empty or not there yet; nothing was written")}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look into %s: %w", dir, err)
	}
	files := make(map[string][]byte)
	var err error
	if demo != nil {
		err = take(demo, files, nil)
	} else {
		var portal fs.FS
		if portal, err = fs.Sub(portals, path.Join("portal", string(lang))); err == nil {
			err = take(portal, files, func(s string) string { return strings.ReplaceAll(s, city, cityName) })
		}
	}
	if err == nil {
		err = Helpers(files, lang)
	}
	if err != nil {
		return nil, fmt.Errorf("read the files of a new portal: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder %s: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", dir, err)
	}
	defer root.Close()
	var names, written []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := create(root, name, files[name]); err != nil {
			for _, w := range written {
				_ = root.Remove(w)
			}
			return nil, err
		}
		written = append(written, name)
	}
	return written, nil
}

// take reads files into a map by path.
func take(from fs.FS, files map[string][]byte, change func(string) string) error {
	return fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		if change != nil {
			data = []byte(change(string(data)))
		}
		files[name] = data
		return err
	})
}

// Helpers adds what helps the programs that editors and teams use: schemas for the editor of Visual Studio Code, and
// what git should not keep.
func Helpers(files map[string][]byte, lang locale.Lang) error {
	for _, name := range schema.Names() {
		data, err := schema.For(name, lang.Message)
		if err != nil {
			return err
		}
		files[".vscode/pendapa/"+name+".json"] = data
	}
	files[".vscode/settings.json"] = []byte(vscode)
	files[".gitignore"] = []byte("/public/\n/.pendapa/\n/.*.pendapa/\n")
	return nil
}

// vscode binds the schema of the settings to their file. Front matter stands inside Markdown, where the YAML extension
// does not look; its schemas lie beside for the programs that do.
const vscode = `{
	"yaml.schemas": {
		".vscode/pendapa/site.json": "site.yaml"
	},
	"files.eol": "\n",
	"files.insertFinalNewline": true,
	"files.trimTrailingWhitespace": true,
	"[markdown]": {
		"editor.wordWrap": "on",
		"editor.quickSuggestions": { "other": false }
	}
}
`
