package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// decoded are a picture's pixels as they are stored, not turned.
func decoded(data []byte, i Info) (m image.Image, trouble *Trouble) {
	// Decoders get what would be published. They stumble over more than browsers do in what is left out, such as an
	// extension of GIF they do not know.
	bare, now, trouble := strip(data, i.Format)
	switch {
	case trouble != nil:
		return nil, trouble
	case now != i: // a caller kept it while the file changed; or never asked Inspect
		return nil, damaged("not what it was before")
	}
	decoders := map[string]func(io.Reader) (image.Image, error){JPEG: jpeg.Decode, PNG: png.Decode, GIF: gif.Decode, WebP: webp.Decode}
	decode, ok := decoders[i.Format]
	if !ok || i.Animated {
		return nil, unusual(i.Format)
	}
	// A file is somebody else's bytes: should a decoder stumble over it, one picture is damaged and the rest of the
	// portal is built.
	defer func() {
		if p := recover(); p != nil {
			m, trouble = nil, damaged(fmt.Sprint(p))
		}
	}()
	m, err := decode(bytes.NewReader(bare))
	if err != nil {
		return nil, undecoded(err)
	}
	width, height := i.Width, i.Height
	if i.Turn >= 5 {
		width, height = height, width
	}
	full := image.Rect(0, 0, width, height)
	if m.Bounds() == full {
		return m, nil
	}
	if i.Format != GIF {
		return nil, damaged("two sizes")
	}
	// The only frame of a GIF may cover a part of the picture.
	whole := image.NewNRGBA(full)
	draw.Draw(whole, m.Bounds(), m, m.Bounds().Min, draw.Src)
	return whole, nil
}

// few reports whether a picture has at most as many colours as a chart or a picture of a screen, where lossless
// compression may take less than lossy. It takes pictures as their decoders leave them.
func few(m image.Image) bool {
	const most = 1024
	var pix []byte
	switch m := m.(type) {
	case *image.Paletted, *image.Gray:
		return true
	case *image.NRGBA:
		pix = m.Pix
	case *image.RGBA:
		pix = m.Pix
	default:
		return false
	}
	seen := make(map[uint32]bool)
	last := ^binary.NativeEndian.Uint32(pix)
	for ; len(pix) >= 4; pix = pix[4:] {
		c := binary.NativeEndian.Uint32(pix)
		if c == last { // mostly there is no need to look it up
			continue
		}
		last = c
		if seen[c] = true; len(seen) > most {
			return false
		}
	}
	return true
}
