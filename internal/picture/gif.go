package picture

import (
	"bytes"
	"encoding/binary"
)

// Blocks of GIF89a, and the labels of extensions (sections 20 to 27).
const (
	gifImage       = 0x2c
	gifExtension   = 0x21
	gifTrailer     = 0x3b
	gifControl     = 0xf9
	gifPlainText   = 0x01
	gifApplication = 0xff
)

// scanGIF keeps the frames, how long each is shown, and how often an animation is repeated. Frames are never decoded: one
// file may have thousands of them.
func scanGIF(data []byte, keep keeper) (Info, *Trouble) {
	const header = 13
	if len(data) < header {
		return Info{}, cutOff()
	}
	i := Info{Width: int(binary.LittleEndian.Uint16(data[6:])), Height: int(binary.LittleEndian.Uint16(data[8:])), Turn: 1}
	at := header + colourTable(data[10])
	if at > len(data) {
		return Info{}, cutOff()
	}
	keep(data[:at])
	var control []byte // how the next frame is shown
	for frames := 0; at+1 < len(data) || at < len(data) && data[at] == gifTrailer; {
		start := at
		switch data[at] {
		case gifTrailer:
			if frames == 0 {
				return Info{}, cutOff()
			}
			keep(data[at : at+1])
			return i, nil
		case gifExtension:
			end := subBlocks(data, at+2)
			if end < 0 {
				return Info{}, cutOff()
			}
			at = end
			switch block := data[start:end]; block[1] {
			case gifControl:
				if len(block) == 8 && block[2] == 4 { // 4 bytes, and no further block
					control = block
				}
			case gifPlainText:
				control = nil // it was meant for the text
			case gifApplication:
				keep(repetition(block))
			}
		case gifImage:
			if at+10 > len(data) {
				return Info{}, cutOff()
			}
			x, y := int(binary.LittleEndian.Uint16(data[at+1:])), int(binary.LittleEndian.Uint16(data[at+3:]))
			wide, high := int(binary.LittleEndian.Uint16(data[at+5:])), int(binary.LittleEndian.Uint16(data[at+7:]))
			if x+wide > i.Width || y+high > i.Height {
				return Info{}, damaged("GIF: a frame outside of the picture")
			}
			end := subBlocks(data, at+10+colourTable(data[at+9])+1) // and the byte of the code size
			if end < 0 {
				return Info{}, cutOff()
			}
			at = end
			keep(control, data[start:end])
			control = nil
			frames++
			i.Animated = frames > 1
		default:
			return Info{}, damaged("GIF: an unknown block")
		}
	}
	return Info{}, cutOff()
}

// colourTable is the length in bytes of the table that packed flags announce.
func colourTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// subBlocks is where the chain of blocks that starts at an offset ends; -1 where the file ends before.
func subBlocks(data []byte, at int) int {
	for at < len(data) {
		length := int(data[at])
		if at += 1 + length; length == 0 {
			return at
		}
	}
	return -1
}

// repetition is the extension that says how often an animation is repeated, without what else may be in it; nil for
// other applications' extensions.
func repetition(block []byte) []byte {
	for _, name := range []string{"NETSCAPE2.0", "ANIMEXTS1.0"} {
		head := "\x21\xff\x0b" + name + "\x03\x01"
		if bytes.HasPrefix(block, []byte(head)) && len(block) >= len(head)+3 {
			return append(bytes.Clone(block[:len(head)+2]), 0)
		}
	}
	return nil
}
