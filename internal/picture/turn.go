package picture

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"slices"
)

// quality is of pictures that are compressed anew because they were turned, 0 to 100.
const quality = 90

// turned is a picture upright. turn is EXIF's number for how it is stored: 2 mirrored, 3 on its head, 4 both, 5 mirrored
// and a quarter turn, 6 to be turned clockwise by a quarter, 7 mirrored and a quarter turn, 8 counterclockwise.
func turned(m image.Image, turn int) image.Image {
	if turn <= 1 {
		return m
	}
	b := m.Bounds()
	to := image.Rect(0, 0, b.Dx(), b.Dy())
	if turn >= 5 {
		to = image.Rect(0, 0, b.Dy(), b.Dx())
	}
	var out image.Image
	var dst, src pixels
	switch m := m.(type) {
	case *image.Gray:
		o := image.NewGray(to)
		out, dst, src = o, pixels{o.Pix, o.Stride, 1}, pixels{m.Pix, m.Stride, 1}
	case *image.Gray16:
		o := image.NewGray16(to)
		out, dst, src = o, pixels{o.Pix, o.Stride, 2}, pixels{m.Pix, m.Stride, 2}
	case *image.Paletted:
		o := image.NewPaletted(to, m.Palette)
		out, dst, src = o, pixels{o.Pix, o.Stride, 1}, pixels{m.Pix, m.Stride, 1}
	case *image.RGBA:
		o := image.NewRGBA(to)
		out, dst, src = o, pixels{o.Pix, o.Stride, 4}, pixels{m.Pix, m.Stride, 4}
	case *image.NRGBA:
		o := image.NewNRGBA(to)
		out, dst, src = o, pixels{o.Pix, o.Stride, 4}, pixels{m.Pix, m.Stride, 4}
	case *image.RGBA64:
		o := image.NewRGBA64(to)
		out, dst, src = o, pixels{o.Pix, o.Stride, 8}, pixels{m.Pix, m.Stride, 8}
	case *image.NRGBA64:
		o := image.NewNRGBA64(to)
		out, dst, src = o, pixels{o.Pix, o.Stride, 8}, pixels{m.Pix, m.Stride, 8}
	case *image.NYCbCrA: // WebP's
		flat := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(flat, flat.Bounds(), m, b.Min, draw.Src)
		return turned(flat, turn)
	default: // without transparency: what JPEG gives
		flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(flat, flat.Bounds(), m, b.Min, draw.Src)
		return turned(flat, turn)
	}
	turnPixels(dst, src, b.Size(), turn)
	return out
}

type pixels struct {
	pix          []byte
	stride, size int // bytes, of a row and of a pixel
}

func turnPixels(dst, src pixels, size image.Point, turn int) {
	w, h := size.X, size.Y
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turn {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			from := src.pix[y*src.stride+x*src.size:]
			copy(dst.pix[ty*dst.stride+tx*dst.size:], from[:src.size])
		}
	}
}

// turnedFile is a picture's file made anew from its pixels, upright.
func turnedFile(data []byte, i Info) ([]byte, *Trouble) {
	m, trouble := decoded(data, i)
	if trouble != nil {
		return nil, trouble
	}
	m = turned(m, i.Turn)
	var out bytes.Buffer
	switch i.Format {
	case JPEG:
		if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
			return nil, failed(err)
		}
		return withJPEGProfile(out.Bytes(), m, jpegProfile(data)), nil
	case PNG:
		if err := png.Encode(&out, m); err != nil {
			return nil, failed(err)
		}
		return withPNGColours(out.Bytes(), data), nil
	default: // WebP, the only other format that has EXIF
		file, err := encodeWebP(toNRGBA(m), options{quality: quality})
		if err != nil {
			return nil, failed(err)
		}
		return withWebPProfile(file, m, profile(WebP, data)), nil
	}
}

// withJPEGProfile puts a colour profile into a JPEG file that has none, where it is of the picture's colours: that of a
// printer's CMYK picture is not any longer.
func withJPEGProfile(file []byte, m image.Image, profile []byte) []byte {
	want := spaceRGB
	if _, grey := m.(*image.Gray); grey {
		want = spaceGrey
	}
	if profileSpace(profile) != want {
		return file
	}
	const part = 65000 // bytes; a segment has at most 65,533
	parts := slices.Collect(slices.Chunk(profile, part))
	if len(parts) > 255 {
		return file
	}
	out := bytes.NewBuffer(slices.Clone(file[:2]))
	for n, p := range parts {
		payload := slices.Concat([]byte(iccHeader), []byte{byte(n + 1), byte(len(parts))}, p)
		segment{marker: markAPP0 + 2}.write(func(pieces ...[]byte) {
			for _, p := range pieces {
				out.Write(p)
			}
		}, payload)
	}
	out.Write(file[2:])
	return out.Bytes()
}

// withPNGColours puts the chunks that say how colours are to be taken into a PNG file made anew.
func withPNGColours(file, original []byte) []byte {
	const colour = 2 // the bit of IHDR's colour type
	head := len(pngSignature) + 25
	out := slices.Clone(file[:head])
	sameKind := file[25]&colour == original[25]&colour
	for c := range pngChunks(original) {
		switch c.kind {
		case "gAMA", "cHRM", "sRGB", "cICP":
			out = append(out, c.whole...)
		case "iCCP": // of grey, or of colours
			if sameKind {
				out = append(out, c.whole...)
			}
		}
	}
	return append(out, file[head:]...)
}
