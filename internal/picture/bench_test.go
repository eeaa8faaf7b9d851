package picture

import (
	"fmt"
	"testing"
)

// BenchmarkEncode makes the smaller versions of a photograph of 12 megapixels.
func BenchmarkEncode(b *testing.B) {
	data := jpegBytes(b, photo(4000, 3000))
	i := inspected(b, "a.jpg", data)
	encoded(b, data, i, 100) // libwebp is compiled before the clock starts
	for _, width := range i.Widths() {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				encoded(b, data, i, width)
			}
		})
	}
}
