package picture

import (
	"image"
	"slices"
)

// Encode is the picture as WebP of a width in pixels, at most its own; upright, without metadata, and with its colour
// profile where that is small and not sRGB. Pictures with few colours are compressed without loss where that takes less.
//
// It takes as many bytes of memory as the picture unfolds to, 1.5 to 8 a pixel (a progressive JPEG: up to 15), and a few
// tens of MB for libwebp: a caller that encodes many at once multiplies that. It is safe to call concurrently.
func Encode(data []byte, i Info, width int) ([]byte, *Trouble) {
	stored, trouble := decoded(data, i)
	if trouble != nil {
		return nil, trouble
	}
	width = min(max(width, 1), i.Width)
	height := max(1, (i.Height*width+i.Width/2)/i.Width)
	lossless := i.Format != JPEG && few(stored)
	wide, high := width, height
	if i.Turn >= 5 {
		wide, high = height, width
	}
	m := toNRGBA(turned(resized(stored, wide, high), i.Turn))
	file, err := encodeWebP(m, options{quality: 75})
	if err != nil {
		return nil, failed(err)
	}
	if lossless {
		exact, err := encodeWebP(m, options{quality: 75, lossless: true})
		if err != nil {
			return nil, failed(err)
		}
		if len(exact) <= len(file) {
			file = exact
		}
	}
	return withWebPProfile(file, m, smallProfile(i.Format, data)), nil
}

// withWebPProfile puts a colour profile into a WebP file that has none, where it is of colours and not of grey.
func withWebPProfile(file []byte, m image.Image, profile []byte) []byte {
	if profileSpace(profile) != spaceRGB {
		return file
	}
	size := m.Bounds().Size()
	w := webpFile{width: size.X, height: size.Y, profile: riffChunk{id: "ICCP", body: profile}}
	for c, trouble := range riffChunks(file) {
		if trouble != nil {
			return file
		}
		switch _, _, alpha, pixels := c.bitstream(); {
		case pixels:
			w.pixels = c
			w.alpha = w.alpha || alpha
		case c.id == "ALPH":
			w.alphas, w.alpha = c, true
		}
	}
	var out []byte
	keep := func(pieces ...[]byte) { out = append(out, slices.Concat(pieces...)...) }
	keep([]byte("RIFF\x00\x00\x00\x00WEBP"))
	w.write(keep)
	return riffSized(out)
}
