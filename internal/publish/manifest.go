package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"pendapa/internal/proof"
)

// Manifest is the path of the file, in every published tree, that lists all others with their sizes and digests. It is
// also what shows that a folder was made by Pendapa.
const Manifest = proof.ManifestFile

// Tree is the contents of the manifest.
type Tree struct {
	Version int             `json:"version"` // of this format: 1
	Built   json.RawMessage `json:"built"`   // what the builder says of it: an object; nil: nothing
	Files   []File          `json:"files"`   // sorted by path
}

// File is one published file.
type File = proof.File

// ReadManifest reads the manifest of a published tree.
func ReadManifest(dir string) (Tree, error) {
	data, err := os.ReadFile(in(dir, Manifest))
	if err != nil {
		return Tree{}, err
	}
	return parseManifest(data)
}

func parseManifest(data []byte) (Tree, error) {
	var tree Tree
	if err := json.Unmarshal(data, &tree); err != nil {
		return tree, fmt.Errorf("read %s: %w", Manifest, err)
	}
	if tree.Version != 1 {
		return tree, fmt.Errorf("%s has the version %d; this program knows version 1", Manifest, tree.Version)
	}
	return tree, nil
}

// manifest writes one file a line: it reads well, and compares well with the one before.
func manifest(files []File, built json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteString("{\"version\": 1, ")
	if built != nil {
		fmt.Fprintf(&b, "\"built\": %s, ", built)
	}
	b.WriteString("\"files\": [")
	for i, f := range files {
		if i > 0 {
			b.WriteByte(',')
		}
		line, _ := json.Marshal(f) // strings and a number: it cannot fail
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}
