package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markDHT  = 0xc4
	markDAC  = 0xcc
	markJPG  = 0xc8
	markDQT  = 0xdb
	markDRI  = 0xdd
	markTEM  = 0x01
	markAPP0 = 0xe0
	markRST  = 0xd0 // the first of eight
)

// segment is one marker of a JPEG file.
type segment struct {
	marker  byte
	payload []byte
	pixels  []byte // SOS: the compressed pixels that follow
}

// jpegSegments are those of the first picture in a file, to its EOI inclusive. What follows is not part of it: telephones
// append films and further pictures there.
func jpegSegments(data []byte) iter.Seq2[segment, *Trouble] {
	return func(yield func(segment, *Trouble) bool) {
		for rest := data[2:]; ; {
			// As libjpeg and Go's decoder do, what stands between segments is passed over.
			start := bytes.IndexByte(rest, 0xff)
			if start < 0 {
				yield(segment{}, cutOff())
				return
			}
			for rest = rest[start:]; len(rest) > 0 && rest[0] == 0xff; rest = rest[1:] {
				// A marker may have any number of these before it.
			}
			if len(rest) == 0 {
				yield(segment{}, cutOff())
				return
			}
			s := segment{marker: rest[0]}
			rest = rest[1:]
			switch {
			case s.marker == 0, s.marker == markTEM, s.marker >= markRST && s.marker < markRST+8:
				continue
			case s.marker == markSOI:
				yield(segment{}, damaged("JPEG: a second SOI"))
				return
			case s.marker == markEOI:
				yield(s, nil)
				return
			case len(rest) < 2:
				yield(segment{}, cutOff())
				return
			}
			length := int(binary.BigEndian.Uint16(rest))
			switch {
			case length < 2:
				yield(segment{}, damaged("JPEG: a segment without a length"))
				return
			case length > len(rest):
				yield(segment{}, cutOff())
				return
			}
			s.payload, rest = rest[2:length], rest[length:]
			if s.marker == markSOS {
				n := scanLength(rest)
				s.pixels, rest = rest[:n], rest[n:]
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}

// scanLength is how many bytes of compressed pixels come before the next marker.
func scanLength(data []byte) int {
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], 0xff)
		if next < 0 || at+next+1 >= len(data) {
			return len(data)
		}
		at += next
		switch b := data[at+1]; {
		case b == 0, b >= markRST && b < markRST+8:
			at += 2
		case b == 0xff:
			at++
		default:
			return at
		}
	}
}

// write hands on a segment with the payload given, which may be another than its own.
func (s segment) write(keep keeper, payload []byte) {
	keep([]byte{0xff, s.marker, byte((len(payload) + 2) >> 8), byte(len(payload) + 2)}, payload, s.pixels)
}

// scanJPEG keeps the segments that a decoder needs, the first bytes of JFIF (without its little preview) and of Adobe's
// segment (how the colours are to be taken), and the colour profile. The other APP segments hold EXIF, XMP, IPTC, previews.
func scanJPEG(data []byte, keep keeper) (Info, *Trouble) {
	keep(data[:2])
	i := Info{Turn: 1}
	frame, scans, exif := false, false, false
	usable := jpegProfile(data) != nil
	for s, trouble := range jpegSegments(data) {
		if trouble != nil {
			return Info{}, trouble
		}
		switch m := s.marker; {
		case m == markEOI:
			if !scans {
				return Info{}, cutOff()
			}
			keep([]byte{0xff, markEOI})
		case m >= 0xc0 && m <= 0xcf && m != markDHT && m != markJPG && m != markDAC:
			if m > 0xc2 {
				return Info{}, unusual(fmt.Sprintf("JPEG: SOF%d", m-0xc0)) // lossless, hierarchical, arithmetic coding
			}
			if frame || scans || len(s.payload) < 6 {
				return Info{}, damaged("JPEG: SOF")
			}
			frame = true
			i.Height, i.Width = int(binary.BigEndian.Uint16(s.payload[1:])), int(binary.BigEndian.Uint16(s.payload[3:]))
			s.write(keep, s.payload)
		case m == markSOS:
			if !frame {
				return Info{}, damaged("JPEG: SOS before SOF")
			}
			scans = true
			s.write(keep, s.payload)
		case m == markDHT, m == markDQT, m == markDRI:
			s.write(keep, s.payload)
		case m == markAPP0 && bytes.HasPrefix(s.payload, []byte("JFIF\x00")) && len(s.payload) >= 14:
			s.write(keep, append(bytes.Clone(s.payload[:12]), 0, 0))
		case m == markAPP0+1 && bytes.HasPrefix(s.payload, []byte(exifHeader)) && !exif:
			exif = true
			i.Turn = orientation(s.payload)
		case m == markAPP0+2 && bytes.HasPrefix(s.payload, []byte(iccHeader)) && usable && !scans:
			s.write(keep, s.payload)
		case m == markAPP0+14 && bytes.HasPrefix(s.payload, []byte("Adobe")) && len(s.payload) >= 12:
			s.write(keep, s.payload[:12])
		}
	}
	return i, nil
}
