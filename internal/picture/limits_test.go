package picture

import (
	"strings"
	"testing"
)

// A side may have what WebP can hold, and a picture 50 million pixels.
// Limit: a picture: a side; all pixels
func TestPicturesAtTheirLimits(t *testing.T) {
	for _, at := range [][2]uint32{{16383, 1}, {1, 16383}, {16383, 3051}, {10000, 5000}, {7071, 7071}} {
		if _, trouble := Inspect("a.png", pngOf(at[0], at[1])); trouble != nil {
			t.Errorf("%v: %s", at, trouble.Message)
		}
	}
	for _, beyond := range [][2]uint32{{16384, 1}, {1, 16384}, {16383, 3052}, {3561, 14041}, {10000, 5001}} {
		_, trouble := Inspect("a.png", pngOf(beyond[0], beyond[1]))
		if trouble == nil || !strings.HasPrefix(trouble.Message.String(), "the picture is too large: ") || trouble.Hint.IsZero() {
			t.Errorf("%v: %+v", beyond, trouble)
		}
	}
}
