package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// What an AVIF still picture is built of (ISO/IEC 14496-12 and 23008-12, AVIF 1.1). AVIF is published as it is, since
// taking a piece out would move all that its tables point at; so a file with anything else in it is refused.
var (
	avifMeta  = strings.Fields("hdlr pitm iloc iinf iprp iref idat dinf grpl")
	avifItems = strings.Fields("av01 grid iden iovl tmap")
)

type box struct {
	kind string
	body []byte
	end  int // offset in the bytes the box was found in
}

// boxes are those in some bytes, one after the other. ok is false for what is not a box.
func boxes(data []byte) iter.Seq2[box, bool] {
	return func(yield func(box, bool) bool) {
		for at := 0; at < len(data); {
			rest := data[at:]
			if len(rest) < 8 {
				yield(box{}, false)
				return
			}
			size, header := uint64(binary.BigEndian.Uint32(rest)), uint64(8)
			switch {
			case size == 0: // to the end
				size = uint64(len(rest))
			case size == 1 && len(rest) >= 16:
				size, header = binary.BigEndian.Uint64(rest[8:]), 16
			}
			if size < header || size > uint64(len(rest)) {
				yield(box{}, false)
				return
			}
			at += int(size)
			if !yield(box{string(rest[4:8]), rest[header:size], at}, true) {
				return
			}
		}
	}
}

// full is what follows the version and flags of a box that has them.
func (b box) full() (version byte, rest []byte, ok bool) {
	if len(b.body) < 4 {
		return 0, nil, false
	}
	return b.body[0], b.body[4:], true
}

// brands are what a file of the ISO base media family says that it is.
func brands(data []byte) []string {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return nil
	}
	size := min(int64(binary.BigEndian.Uint32(data)), int64(len(data)), 256)
	list := []string{string(data[8:12])}
	for at := int64(16); at+4 <= size; at += 4 {
		list = append(list, string(data[at:at+4]))
	}
	return list
}

// scanAVIF keeps a file as it is, but for free space, which it fills with zeroes.
func scanAVIF(data []byte, keep keeper) (Info, *Trouble) {
	var i Info
	found, pixels := false, false
	at := 0
	for b, ok := range boxes(data) {
		if !ok {
			return Info{}, cutOff()
		}
		switch b.kind {
		case "ftyp", "mdat":
			pixels = pixels || b.kind == "mdat"
			keep(data[at:b.end])
		case "free", "skip":
			header := b.end - len(b.body) - at
			keep(data[at:at+header], make([]byte, len(b.body)))
		case "meta":
			_, body, ok := b.full()
			if !ok || found {
				return Info{}, damaged("AVIF: meta")
			}
			found = true
			var trouble *Trouble
			if i.Width, i.Height, trouble = avifSize(body); trouble != nil {
				return Info{}, trouble
			}
			keep(data[at:b.end])
		default: // moov: a film; uuid: anything
			return Info{}, unclean(fmt.Sprintf("AVIF: %q", b.kind))
		}
		at = b.end
	}
	if !found || !pixels {
		return Info{}, cutOff()
	}
	// Data that no table points at any longer may still be there.
	for _, trace := range []string{"<x:xmpmeta", "http://ns.adobe.com/xap/", exifHeader + "II*\x00", exifHeader + "MM\x00*"} {
		if bytes.Contains(data, []byte(trace)) {
			return Info{}, unclean("AVIF: EXIF, XMP")
		}
	}
	return i, nil
}

// avifSize is the size of the primary item, turned as its properties say. It refuses items other than pictures.
func avifSize(meta []byte) (width, height int, trouble *Trouble) {
	var primary uint32
	var properties []box
	var associations box
	items := false
	for b, ok := range boxes(meta) {
		if !ok {
			return 0, 0, damaged("AVIF: meta")
		}
		if !slices.Contains(avifMeta, b.kind) {
			return 0, 0, unclean(fmt.Sprintf("AVIF: %q", b.kind))
		}
		switch b.kind {
		case "pitm":
			version, body, _ := b.full()
			if primary, _, ok = itemID(body, version != 0); !ok {
				return 0, 0, damaged("AVIF: pitm")
			}
		case "iinf":
			items = true
			if trouble := avifPictures(b); trouble != nil {
				return 0, 0, trouble
			}
		case "iprp":
			for p, ok := range boxes(b.body) {
				switch {
				case !ok:
					return 0, 0, damaged("AVIF: iprp")
				case p.kind == "ipma":
					associations = p
				case p.kind == "ipco":
					for property, ok := range boxes(p.body) {
						if !ok || len(properties) == 1<<10 {
							return 0, 0, damaged("AVIF: ipco")
						}
						if property.kind == "udes" || property.kind == "uuid" {
							return 0, 0, unclean(fmt.Sprintf("AVIF: %q", property.kind))
						}
						properties = append(properties, property)
					}
				default:
					return 0, 0, unclean(fmt.Sprintf("AVIF: %q", p.kind))
				}
			}
		}
	}
	if !items {
		return 0, 0, damaged("AVIF: no iinf")
	}
	for _, n := range associated(associations, primary) {
		if n < 1 || n > len(properties) {
			continue
		}
		switch p := properties[n-1]; p.kind {
		case "ispe":
			if _, size, ok := p.full(); ok && len(size) >= 8 && width == 0 {
				width, height = int(binary.BigEndian.Uint32(size)), int(binary.BigEndian.Uint32(size[4:]))
			}
		case "irot": // quarters of a turn
			if len(p.body) > 0 && p.body[0]&1 == 1 {
				width, height = height, width
			}
		}
	}
	if width == 0 || height == 0 {
		return 0, 0, damaged("AVIF: no ispe")
	}
	return width, height, nil
}

// itemID reads the number of an item, which has two bytes or four.
func itemID(data []byte, wide bool) (id uint32, rest []byte, ok bool) {
	switch {
	case wide && len(data) >= 4:
		return binary.BigEndian.Uint32(data), data[4:], true
	case !wide && len(data) >= 2:
		return uint32(binary.BigEndian.Uint16(data)), data[2:], true
	}
	return 0, nil, false
}

// avifPictures checks that a list of items has pictures only.
func avifPictures(iinf box) *Trouble {
	version, body, ok := iinf.full()
	_, list, counted := itemID(body, version != 0) // the number of items has the form of an item's number
	if !ok || !counted {
		return damaged("AVIF: iinf")
	}
	for item, ok := range boxes(list) {
		if !ok || item.kind != "infe" {
			return damaged("AVIF: iinf")
		}
		version, body, _ := item.full()
		if version < 2 {
			return damaged("AVIF: infe")
		}
		_, rest, ok := itemID(body, version > 2)
		if !ok || len(rest) < 6 { // two bytes of protection, four of the kind
			return damaged("AVIF: infe")
		}
		if kind := string(rest[2:6]); !slices.Contains(avifItems, kind) {
			return unclean(fmt.Sprintf("AVIF: %q", kind))
		}
	}
	return nil
}

// associated are the numbers, from 1, of an item's properties, in the order in which they apply.
func associated(ipma box, item uint32) []int {
	version, body, ok := ipma.full()
	if !ok || len(body) < 4 {
		return nil
	}
	wide := ipma.body[3]&1 == 1
	count := binary.BigEndian.Uint32(body)
	rest := body[4:]
	for ; count > 0; count-- {
		var id uint32
		if id, rest, ok = itemID(rest, version != 0); !ok || len(rest) == 0 {
			return nil
		}
		length := int(rest[0])
		if rest = rest[1:]; wide {
			length *= 2
		}
		if length > len(rest) {
			return nil
		}
		if id == item {
			var list []int
			for at := 0; at < length; at++ {
				n := int(rest[at] & 0x7f) // the first bit: must be understood
				if wide {
					at++
					n = n<<8 | int(rest[at])
				}
				list = append(list, n)
			}
			return list
		}
		rest = rest[length:]
	}
	return nil
}
