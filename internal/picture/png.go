package picture

import (
	"encoding/binary"
	"hash/crc32"
	"iter"
	"slices"
	"strings"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that are published (PNG, third edition, 11): pixels, colours, transparency, the shape of a
// pixel, animation. The others are text, time, EXIF, and what programs keep for themselves.
var pngKept = strings.Fields("IHDR PLTE tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs IDAT acTL fcTL fdAT IEND")

type pngChunk struct {
	kind        string
	body, whole []byte
}

// pngChunks are those of a PNG file to IEND inclusive.
func pngChunks(data []byte) iter.Seq2[pngChunk, *Trouble] {
	return func(yield func(pngChunk, *Trouble) bool) {
		for rest := data[len(pngSignature):]; ; {
			if len(rest) < 12 {
				yield(pngChunk{}, cutOff())
				return
			}
			length := uint64(binary.BigEndian.Uint32(rest))
			if length > 1<<31-1 {
				yield(pngChunk{}, damaged("PNG: the length of a chunk"))
				return
			}
			if length+12 > uint64(len(rest)) {
				yield(pngChunk{}, cutOff())
				return
			}
			c := pngChunk{string(rest[4:8]), rest[8 : 8+length], rest[:12+length]}
			rest = rest[12+length:]
			if !yield(c, nil) || c.kind == "IEND" {
				return
			}
		}
	}
}

func scanPNG(data []byte, keep keeper) (Info, *Trouble) {
	keep([]byte(pngSignature))
	i := Info{Turn: 1}
	pixels := false
	for c, trouble := range pngChunks(data) {
		if trouble != nil {
			return Info{}, trouble
		}
		if c.kind == "IHDR" != (i.Width == 0) {
			return Info{}, damaged("PNG: IHDR")
		}
		if c.kind == "eXIf" {
			i.Turn = orientation(c.body)
		}
		if !slices.Contains(pngKept, c.kind) {
			continue
		}
		if crc32.ChecksumIEEE(c.whole[4:8+len(c.body)]) != binary.BigEndian.Uint32(c.whole[8+len(c.body):]) {
			return Info{}, damaged("PNG: the checksum of " + c.kind)
		}
		switch c.kind {
		case "IHDR":
			if len(c.body) != 13 {
				return Info{}, damaged("PNG: IHDR")
			}
			width, height := binary.BigEndian.Uint32(c.body), binary.BigEndian.Uint32(c.body[4:])
			if width == 0 || height == 0 || width > 1<<31-1 || height > 1<<31-1 {
				return Info{}, damaged("PNG: IHDR")
			}
			i.Width, i.Height = int(width), int(height)
		case "acTL":
			i.Animated = i.Animated || !pixels // after the pixels it means nothing
		case "IDAT":
			pixels = true
		case "IEND":
			if !pixels {
				return Info{}, damaged("PNG: no IDAT")
			}
		}
		keep(c.whole)
	}
	return i, nil
}
