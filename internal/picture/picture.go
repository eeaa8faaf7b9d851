// Package picture turns the pictures that editors put beside pages into what is published: the picture itself without
// what cameras and phones write into it, and smaller WebP versions of it.
//
// It knows raster pictures: JPEG, PNG, GIF, WebP and AVIF. [Inspect] reads a picture's headers and refuses what is not
// what its name says, is cut off, or would unfold to more pixels than [MaxPixels]. [Clean] is the picture for everybody
// who asks for the original: the same pixels, upright, without EXIF, XMP, IPTC, comments and text, of which the place where a
// picture was taken matters most. [Encode] is a smaller version. The same bytes in give the same bytes out, on every
// machine: pictures are scaled in integers, and libwebp is part of the program (see libwebp/README.md).
//
// What can be published without decoding it is copied piece by piece, from a list of pieces that are known to be needed;
// anything not on the list is left out, so that metadata of a kind invented tomorrow does not slip through.
package picture

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
)

const (
	// MaxSide is the most pixels of a side, the limit of WebP (RFC 9649, 2.6).
	MaxSide = 16383
	// MaxPixels is the most pixels of a picture: more than the cameras of phones give (50 megapixels are 8160 × 6120),
	// and 200 MB when unfolded to four bytes a pixel; a PNG of 16 bits a channel takes twice that.
	MaxPixels = 50_000_000

	tiny = 32 // pixels: an icon of this size is smaller than what a choice of versions costs in HTML
)

// widths are of the smaller versions, in pixels: a phone, a page's text column at double density, a full page.
var widths = []int{480, 960, 1600}

// Formats of pictures, as [Info] names them.
const (
	JPEG = "jpeg"
	PNG  = "png"
	GIF  = "gif"
	WebP = "webp"
	AVIF = "avif"
)

var endings = map[string]string{".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".gif": GIF, ".webp": WebP, ".avif": AVIF}

// Info is what a picture's bytes say of it.
type Info struct {
	Format        string // JPEG, PNG, GIF, WebP or AVIF
	Width, Height int    // pixels, of the upright picture
	Turn          int    // how the stored pixels must be turned, as EXIF counts it: 1 to 8; 1 where they are upright
	Animated      bool   // published as it is, without smaller versions; an orientation is not applied
}

// Known reports whether a file's name ends as that of a picture this package can read.
func Known(name string) bool { return endings[strings.ToLower(path.Ext(name))] != "" }

// Inspect reads a picture's headers, never its pixels: a picture that is damaged inside shows only when [Encode] decodes
// it. The ending of name says what the bytes must be.
func Inspect(name string, data []byte) (Info, *Trouble) {
	ending := strings.ToLower(path.Ext(name))
	if len(data) == 0 {
		return Info{}, empty()
	}
	if format := endings[ending]; format == "" || sniff(data) != format {
		return Info{}, misnamed(ending, kind(data))
	}
	return scan(endings[ending], data, nothing)
}

// Widths are the widths in pixels of the smaller WebP versions, ascending: the usual ones below the picture's own, and
// its own where that is not beyond the largest of them. An animation, an AVIF picture and a tiny one have none.
func (i Info) Widths() []int {
	if i.Animated || i.Format == AVIF || i.Width <= tiny && i.Height <= tiny {
		return nil
	}
	largest := widths[len(widths)-1]
	list := slices.DeleteFunc(slices.Clone(widths), func(w int) bool { return w >= i.Width })
	if i.Width <= largest {
		list = append(list, i.Width)
	}
	return list
}

// Clean is the picture as it is published itself: the same pixels without metadata, upright. Colour profiles stay. A JPEG
// or WebP picture that must be turned is compressed anew, at quality 90; a PNG loses nothing.
func Clean(data []byte, i Info) ([]byte, *Trouble) {
	if i.Turn > 1 {
		return turnedFile(data, i)
	}
	out, _, trouble := strip(data, i.Format)
	return out, trouble
}

// strip is a picture without metadata, its pixels as they are stored, and what was read on the way.
func strip(data []byte, format string) ([]byte, Info, *Trouble) {
	var out bytes.Buffer
	out.Grow(len(data))
	keep := func(pieces ...[]byte) {
		for _, p := range pieces {
			out.Write(p)
		}
	}
	i, trouble := scan(format, data, keep)
	switch {
	case trouble != nil:
		return nil, Info{}, trouble
	case format == WebP:
		return riffSized(out.Bytes()), i, nil
	}
	return out.Bytes(), i, nil
}

// keeper takes the pieces of a file that are published, in their order.
type keeper func(pieces ...[]byte)

func nothing(...[]byte) {}

// scan reads how a picture's file is built, and hands on what of it is published.
func scan(format string, data []byte, keep keeper) (Info, *Trouble) {
	scanners := map[string]func([]byte, keeper) (Info, *Trouble){JPEG: scanJPEG, PNG: scanPNG, GIF: scanGIF, WebP: scanWebP, AVIF: scanAVIF}
	scanFormat, ok := scanners[format]
	if !ok || sniff(data) != format {
		return Info{}, damaged("not a picture")
	}
	i, trouble := scanFormat(data, keep)
	if trouble != nil {
		return Info{}, trouble
	}
	if i.Format, i.Turn = format, max(i.Turn, 1); i.Animated {
		i.Turn = 1
	}
	if i.Width < 1 || i.Height < 1 {
		return Info{}, damaged("no width or height")
	}
	if i.Width > MaxSide || i.Height > MaxSide || i.Width*i.Height > MaxPixels {
		return Info{}, tooLarge(i.Width, i.Height)
	}
	if i.Turn >= 5 {
		i.Width, i.Height = i.Height, i.Width
	}
	return i, nil
}

// sniff is the format of a picture by its first bytes; empty where it is none of ours.
func sniff(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(data, []byte(pngSignature)):
		return PNG
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return GIF
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP
	case slices.Contains(brands(data), "avif") || slices.Contains(brands(data), "avis"):
		return AVIF
	}
	return ""
}

// kind is what a file is by its first bytes, for its reader: "image/png", "text/html".
func kind(data []byte) string {
	if format := sniff(data); format != "" {
		return "image/" + format
	}
	// What telephones of one maker store, and send under the name of a JPEG picture.
	if b := brands(data); slices.Contains(b, "heic") || slices.Contains(b, "heix") || slices.Contains(b, "mif1") {
		return "image/heic"
	}
	is, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return is
}
