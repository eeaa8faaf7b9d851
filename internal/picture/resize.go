package picture

import (
	"image"
	"image/draw"
)

// resized is a picture scaled to a width and height, by Catmull and Rom's cubic, stretched to cover all source pixels
// when it becomes smaller. Package golang.org/x/image/draw has the same filter in floating point: its results differ in
// the last bit between processors that fuse multiplication and addition and those that do not, and it needs 32 bytes for
// each source row's pixel (300 MB for the largest picture). This one computes in integers, and keeps a few rows.
//
// Colours are averaged as they would be seen over black (premultiplied by their opacity), so that the colour under
// transparent pixels does not show at edges.
func resized(m image.Image, width, height int) *image.NRGBA {
	b := m.Bounds()
	if b.Dx() == width && b.Dy() == height {
		return toNRGBA(m)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, width, height))
	across, down := taps(b.Dx(), width), taps(b.Dy(), height)
	most := 0
	for _, t := range down {
		most = max(most, len(t.weights))
	}
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1)) // premultiplied
	ring := make([][]int32, most)                     // rows scaled across: source row y at y % most
	for i := range ring {
		ring[i] = make([]int32, width*4)
	}
	sums := make([]int32, width*4)
	next := 0 // the first source row not scaled yet
	for y, t := range down {
		for ; next < t.start+len(t.weights); next++ {
			draw.Draw(row, row.Rect, m, image.Pt(b.Min.X, b.Min.Y+next), draw.Src)
			scaleRow(ring[next%most], row.Pix, across)
		}
		clear(sums)
		for k, weight := range t.weights {
			for x, v := range ring[(t.start+k)%most] {
				sums[x] += weight * v
			}
		}
		unmultiply(dst.Pix[y*dst.Stride:][:width*4], sums)
	}
	return dst
}

const (
	weightBits = 14 // weights of a pixel have a sum of 1<<weightBits
	rowBits    = 6  // binary places kept between the two directions: 8 + 6 + 14 bits fit an int32 with its sign
)

// tap is what one pixel is made of: weights for source pixels from start on.
type tap struct {
	start   int
	weights []int32
}

// taps are those of a row of dst pixels made from src pixels. Distances are counted in units of 1/(2·dst) source pixels,
// which are whole.
func taps(src, dst int) []tap {
	list := make([]tap, dst)
	reach := 2 * max(src, dst) // units in which the cubic's argument grows by 1
	for i := range list {
		centre := (2*i+1)*src - dst
		first := max(0, (centre-2*reach)/(2*dst))
		last := min(src-1, (centre+2*reach)/(2*dst)+1)
		raw := make([]int64, 0, last-first+1)
		sum := int64(0)
		for j := first; j <= last; j++ {
			w := cubic(int64(abs(2*dst*j-centre)), int64(reach))
			raw = append(raw, w)
			sum += w
		}
		t := tap{first, make([]int32, len(raw))}
		left, largest := int32(1<<weightBits), 0
		for j, w := range raw {
			t.weights[j] = int32((w << weightBits) / sum)
			left -= t.weights[j]
			if w > raw[largest] {
				largest = j
			}
		}
		t.weights[largest] += left // so that a plain area stays as it is
		list[i] = t
	}
	return list
}

// cubic is Catmull and Rom's, of distance/one, in units of 1/65536.
func cubic(distance, one int64) int64 {
	const bits = 16
	t := distance << bits / one
	t2 := t * t >> bits
	t3 := t2 * t >> bits
	switch {
	case t < 1<<bits:
		return (3*t3 - 5*t2 + 2<<bits) / 2
	case t < 2<<bits:
		return (-t3 + 5*t2 - 8*t + 4<<bits) / 2
	}
	return 0
}

func scaleRow(dst []int32, src []byte, across []tap) {
	for x, t := range across {
		var r, g, b, a int32
		p := src[t.start*4:][:len(t.weights)*4]
		for k, w := range t.weights {
			q := p[k*4:][:4]
			r += w * int32(q[0])
			g += w * int32(q[1])
			b += w * int32(q[2])
			a += w * int32(q[3])
		}
		const half, shift = 1 << (weightBits - rowBits - 1), weightBits - rowBits
		d := dst[x*4:][:4]
		d[0], d[1], d[2], d[3] = (r+half)>>shift, (g+half)>>shift, (b+half)>>shift, (a+half)>>shift
	}
}

// unmultiply writes a row of sums as pixels whose colours do not depend on their opacity.
func unmultiply(dst []byte, sums []int32) {
	const half, shift = 1 << (weightBits + rowBits - 1), weightBits + rowBits
	for x := 0; x < len(dst); x += 4 {
		a := min(max((sums[x+3]+half)>>shift, 0), 255)
		dst[x+3] = byte(a)
		if a == 0 {
			continue
		}
		for c := range 3 {
			v := min(max((sums[x+c]+half)>>shift, 0), a) // the cubic overshoots
			if a < 255 {
				v = (v*255 + a/2) / a
			}
			dst[x+c] = byte(v)
		}
	}
}

func abs(v int) int { return max(v, -v) }

// toNRGBA is a picture in the form that the encoder takes.
func toNRGBA(m image.Image) *image.NRGBA {
	if n, ok := m.(*image.NRGBA); ok && n.Rect.Min == (image.Point{}) && n.Stride == 4*n.Rect.Dx() {
		return n
	}
	b := m.Bounds()
	n := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(n, n.Rect, m, b.Min, draw.Src)
	return n
}
