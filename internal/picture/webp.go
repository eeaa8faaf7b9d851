package picture

import (
	"encoding/binary"
	"iter"
)

// Flags of a VP8X chunk (RFC 9649, 2.7.1.1).
const (
	webpAnimation = 1 << 1
	webpAlpha     = 1 << 4
	webpICC       = 1 << 5
)

type riffChunk struct {
	id          string
	body, whole []byte // whole: with its header and the byte that makes its length even
}

// riffChunks are the chunks of a WebP file.
func riffChunks(data []byte) iter.Seq2[riffChunk, *Trouble] {
	return func(yield func(riffChunk, *Trouble) bool) {
		size := uint64(binary.LittleEndian.Uint32(data[4:])) + 8
		if size > uint64(len(data)) {
			yield(riffChunk{}, cutOff())
			return
		}
		if size < 12 {
			yield(riffChunk{}, damaged("WebP: the length of RIFF"))
			return
		}
		for c, trouble := range subChunks(data[12:size]) {
			if !yield(c, trouble) {
				return
			}
		}
	}
}

func subChunks(rest []byte) iter.Seq2[riffChunk, *Trouble] {
	return func(yield func(riffChunk, *Trouble) bool) {
		for len(rest) > 0 {
			if len(rest) < 8 {
				yield(riffChunk{}, damaged("WebP: a piece of a chunk"))
				return
			}
			length := uint64(binary.LittleEndian.Uint32(rest[4:]))
			if length+8 > uint64(len(rest)) {
				yield(riffChunk{}, damaged("WebP: the length of a chunk"))
				return
			}
			// The last byte of padding is missing in files of some programs; decoders do not mind.
			next := min(length+8+length%2, uint64(len(rest)))
			c := riffChunk{string(rest[:4]), rest[8 : 8+length], rest[:next]}
			if rest = rest[next:]; !yield(c, nil) {
				return
			}
		}
	}
}

// bitstream is the size of a picture in a "VP8 " or VP8L chunk (RFC 6386, 9.1; RFC 9649, 3.4); ok is false for other
// chunks, and for damaged ones.
func (c riffChunk) bitstream() (width, height int, alpha, ok bool) {
	b := c.body
	switch {
	case c.id == "VP8 " && len(b) >= 10 && b[0]&1 == 0 && string(b[3:6]) == "\x9d\x01\x2a":
		return int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff), false, true
	case c.id == "VP8L" && len(b) >= 5 && b[0] == 0x2f && b[4]>>5 == 0:
		bits := binary.LittleEndian.Uint32(b[1:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, bits>>28&1 == 1, true
	}
	return 0, 0, false, false
}

// write hands on a chunk with its padding.
func (c riffChunk) write(keep keeper) { writeChunk(keep, c.id, c.body) }

func writeChunk(keep keeper, id string, body []byte) {
	keep([]byte(id), binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body, make([]byte, len(body)%2))
}

// scanWebP keeps pixels, transparency, animation and the colour profile. It writes the header of an extended file anew, so
// that its flags say what the file still has.
func scanWebP(data []byte, keep keeper) (Info, *Trouble) {
	w := webpFile{turn: 1}
	for c, trouble := range riffChunks(data) {
		if trouble == nil {
			trouble = w.take(c)
		}
		if trouble != nil {
			return Info{}, trouble
		}
	}
	if w.animated && len(w.frames) == 0 || !w.animated && w.pixels.id == "" {
		return Info{}, cutOff()
	}
	keep([]byte("RIFF\x00\x00\x00\x00WEBP")) // the length: see riffSized
	w.write(keep)
	return Info{Width: w.width, Height: w.height, Turn: w.turn, Animated: w.animated}, nil
}

// webpFile is what of a WebP file is published.
type webpFile struct {
	extended, animated, alpha bool
	width, height, turn       int
	profile, anim, alphas     riffChunk
	pixels                    riffChunk
	frames                    []riffChunk
}

func (w *webpFile) take(c riffChunk) *Trouble {
	switch width, height, alpha, ok := c.bitstream(); {
	case c.id == "VP8X":
		if w.extended || w.pixels.id != "" || len(c.body) < 10 {
			return damaged("WebP: VP8X")
		}
		w.extended = true
		w.animated, w.alpha = c.body[0]&webpAnimation != 0, c.body[0]&webpAlpha != 0
		w.width, w.height = uint24(c.body[4:])+1, uint24(c.body[7:])+1
	case !w.extended && w.pixels.id == "" && !ok:
		return damaged("WebP: the first chunk")
	case ok && w.pixels.id == "" && !w.animated:
		if w.extended && (width != w.width || height != w.height) {
			return damaged("WebP: two sizes")
		}
		w.pixels, w.width, w.height = c, width, height
		if w.alpha = alpha; c.id == "VP8 " {
			w.alpha = w.alphas.id != ""
		}
	case !w.extended:
		// What follows a simple picture is not part of it.
	case c.id == "ICCP" && w.profile.id == "" && profileSpace(c.body) != "":
		w.profile = c
	case c.id == "ALPH" && w.pixels.id == "" && !w.animated:
		w.alphas = c
	case c.id == "ANIM" && w.animated && len(c.body) == 6:
		w.anim = c
	case c.id == "ANMF" && w.animated:
		if len(c.body) < 16 {
			return damaged("WebP: ANMF")
		}
		x, y, wide, high := uint24(c.body)*2, uint24(c.body[3:])*2, uint24(c.body[6:])+1, uint24(c.body[9:])+1
		if x+wide > w.width || y+high > w.height {
			return damaged("WebP: a frame outside of the picture")
		}
		for _, trouble := range subChunks(c.body[16:]) {
			if trouble != nil {
				return trouble
			}
		}
		w.frames = append(w.frames, c)
	case c.id == "EXIF":
		w.turn = orientation(c.body)
	}
	return nil
}

func (w *webpFile) write(keep keeper) {
	if w.animated || w.profile.id != "" || w.pixels.id == "VP8 " && w.alpha {
		header := make([]byte, 10)
		for flag, set := range map[byte]bool{webpAnimation: w.animated, webpAlpha: w.alpha, webpICC: w.profile.id != ""} {
			if set {
				header[0] |= flag
			}
		}
		putUint24(header[4:], w.width-1)
		putUint24(header[7:], w.height-1)
		writeChunk(keep, "VP8X", header)
	}
	if w.profile.id != "" {
		w.profile.write(keep)
	}
	if !w.animated {
		if w.alphas.id != "" && w.pixels.id == "VP8 " {
			w.alphas.write(keep)
		}
		w.pixels.write(keep)
		return
	}
	if w.anim.id != "" {
		w.anim.write(keep)
	}
	for _, frame := range w.frames {
		body := frame.body[:16:16]
		for c := range subChunks(frame.body[16:]) {
			if _, _, _, pixels := c.bitstream(); pixels || c.id == "ALPH" {
				writeChunk(func(pieces ...[]byte) {
					for _, p := range pieces {
						body = append(body, p...)
					}
				}, c.id, c.body)
			}
		}
		writeChunk(keep, "ANMF", body)
	}
}

// riffSized writes the length of a RIFF file into its header.
func riffSized(file []byte) []byte {
	binary.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
	return file
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func putUint24(b []byte, v int) { b[0], b[1], b[2] = byte(v), byte(v>>8), byte(v>>16) }
