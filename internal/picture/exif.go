package picture

import (
	"bytes"
	"encoding/binary"
)

const exifHeader = "Exif\x00\x00"

// orientation is how EXIF data says that the stored pixels must be turned (Exif 2.32, 4.6.4, tag 274): 1 to 8, and 1
// where it does not say, or what it says makes no sense. data is a TIFF structure, with or without the header that JPEG
// puts before it.
func orientation(data []byte) int {
	data = bytes.TrimPrefix(data, []byte(exifHeader))
	if len(data) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(data[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(data[4:]))
	if at+2 > uint64(len(data)) {
		return 1
	}
	count := order.Uint16(data[at:])
	entries := data[at+2:]
	for ; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		const tag, short, long = 0x0112, 3, 4
		if order.Uint16(entries) != tag {
			continue
		}
		value := 0
		switch order.Uint16(entries[2:]) {
		case short:
			value = int(order.Uint16(entries[8:]))
		case long:
			value = int(order.Uint32(entries[8:]))
		}
		if value >= 1 && value <= 8 {
			return value
		}
		return 1
	}
	return 1
}
