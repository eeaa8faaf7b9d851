package epub

import (
	"archive/zip"
	"cmp"
	"hash/crc32"
	"io"
	"slices"
	"strings"
)

const mimetype = "application/epub+zip"

// pack writes the container. Its first file says what it is, so that this stands at a fixed place: it is stored, and its
// header has nothing behind the name (OCF, EPUB 3.3, 4.3.3). The others are sorted by their names.
func pack(w io.Writer, files []file) error {
	z := zip.NewWriter(w)
	first := &zip.FileHeader{
		Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(mimetype)),
		CompressedSize64: uint64(len(mimetype)), UncompressedSize64: uint64(len(mimetype)),
	}
	first.ModifiedDate = epoch //lint:ignore SA1019 Modified would put a field behind the name
	out, err := z.CreateRaw(first)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, mimetype); err != nil {
		return err
	}
	files = slices.Clone(files)
	slices.SortFunc(files, func(x, y file) int {
		// The container's own first: a reader starts there.
		return cmp.Or(cmp.Compare(rank(x.name), rank(y.name)), strings.Compare(x.name, y.name))
	})
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		h.ModifiedDate = epoch //lint:ignore SA1019 as above, and equal books are equal bytes
		out, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := out.Write(f.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// epoch is the first day that ZIP can write, 1 January 1980.
const epoch = 1<<5 | 1

func rank(name string) int {
	if strings.HasPrefix(name, "META-INF/") {
		return 0
	}
	return 1
}
