package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
)

const (
	iccHeader  = "ICC_PROFILE\x00" // before each part of a profile in JPEG (ICC.1:2022, annex B.4)
	maxProfile = 4 << 20           // bytes; those of printers have one to two million
	// Beyond this many bytes a profile is not worth repeating in a small version. Display P3 has 500.
	maxSmallProfile = 16 << 10
)

// Spaces of colours, as a profile's header names them.
const (
	spaceRGB  = "RGB "
	spaceGrey = "GRAY"
)

// profileSpace is the space of colours that an ICC profile describes; empty where the bytes are not a profile.
func profileSpace(profile []byte) string {
	if len(profile) < 132 || string(profile[36:40]) != "acsp" || int64(binary.BigEndian.Uint32(profile)) > int64(len(profile)) {
		return ""
	}
	return string(profile[16:20])
}

// profile is the colour profile in a picture's file; nil where it has none that can be used.
func profile(format string, data []byte) []byte {
	switch format {
	case JPEG:
		return jpegProfile(data)
	case PNG:
		return pngProfile(data)
	case WebP:
		for c, trouble := range riffChunks(data) {
			if trouble == nil && c.id == "ICCP" && profileSpace(c.body) != "" {
				return c.body
			}
		}
	}
	return nil
}

// jpegProfile puts the parts of a profile together. Each says which one it is, from 1, and how many there are.
func jpegProfile(data []byte) []byte {
	var parts [][]byte
	length := 0
	for s, trouble := range jpegSegments(data) {
		if trouble != nil || s.marker == markSOS {
			break
		}
		body, ok := bytes.CutPrefix(s.payload, []byte(iccHeader))
		if s.marker != markAPP0+2 || !ok {
			continue
		}
		if len(body) < 2 || int(body[0]) != len(parts)+1 {
			return nil
		}
		parts = append(parts, body[2:])
		if length += len(body); length > maxProfile {
			return nil
		}
	}
	if len(parts) == 0 {
		return nil
	}
	profile := slices.Concat(parts...)
	if profileSpace(profile) == "" {
		return nil
	}
	return profile
}

func pngProfile(data []byte) []byte {
	for c, trouble := range pngChunks(data) {
		if trouble != nil {
			return nil
		}
		if c.kind != "iCCP" {
			continue
		}
		_, packed, ok := bytes.Cut(c.body, []byte{0})
		if !ok || len(packed) == 0 || packed[0] != 0 {
			return nil
		}
		unpacked, err := zlib.NewReader(bytes.NewReader(packed[1:]))
		if err != nil {
			return nil
		}
		profile, err := io.ReadAll(io.LimitReader(unpacked, maxProfile))
		if err != nil || profileSpace(profile) == "" {
			return nil
		}
		return profile
	}
	return nil
}

// smallProfile is the profile to repeat in a smaller version, whose colours are red, green and blue: nil where there is
// none, it is of other colours (those of a printer's CMYK picture were left behind when it was decoded), or it says no
// more than what a browser takes for granted (sRGB).
func smallProfile(format string, data []byte) []byte {
	p := profile(format, data)
	if profileSpace(p) != spaceRGB || len(p) > maxSmallProfile || bytes.Contains(p, []byte("sRGB")) || bytes.Contains(p, []byte("s\x00R\x00G\x00B")) {
		return nil
	}
	return p
}
