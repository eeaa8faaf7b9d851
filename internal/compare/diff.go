package compare

import "slices"

// Bounds that keep the worst texts below a tenth of a second. A step takes a few nanoseconds.
const (
	longestEdit = 1000      // words put in and taken out that are looked for one by one
	blockSteps  = 4_000_000 // for matching blocks
	wordSteps   = 8_000_000 // for matching the words of all changed blocks
)

// differ finds what two lists have in common, until its steps are used up.
type differ struct{ steps int }

// kept marks, in each of two lists, the elements that are in both in the same order. It is the longest such list where
// the two differ in at most longestEdit elements. Where they differ in more, it is what stands between elements that are
// in each list once (patience diff); where there are none of these either, nothing more is matched.
func (d *differ) kept(a, b []int32) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	d.match(a, b, inA, inB)
	return inA, inB
}

func (d *differ) match(a, b []int32, inA, inB []bool) {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		inA[start], inB[start] = true, true
		start++
	}
	a, b, inA, inB = a[start:], b[start:], inA[start:], inB[start:]
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
		inA[len(a)], inB[len(b)] = true, true
	}
	if len(a) == 0 || len(b) == 0 || d.steps <= 0 || d.shortest(a, b, inA, inB) {
		return
	}
	// Ten steps an element, about what looking it up costs.
	if d.steps -= 10 * (len(a) + len(b)); d.steps <= 0 {
		return
	}
	atA, atB := 0, 0
	for _, anchor := range anchors(a, b) {
		inA[anchor[0]], inB[anchor[1]] = true, true
		d.match(a[atA:anchor[0]], b[atB:anchor[1]], inA[atA:anchor[0]], inB[atB:anchor[1]])
		atA, atB = anchor[0]+1, anchor[1]+1
	}
	if atA > 0 {
		d.match(a[atA:], b[atB:], inA[atA:], inB[atB:])
	}
}

// shortest marks what the shortest edit keeps (E. Myers, An O(ND) difference algorithm, 1986). It reports false, and marks
// nothing, where that edit is longer than longestEdit or the steps run out.
func (d *differ) shortest(a, b []int32, inA, inB []bool) bool {
	n, m := len(a), len(b)
	most := min(n+m, longestEdit)
	furthest := make([]int32, 2*most+3) // on diagonal k, at most+1+k: the furthest x that was reached
	origin := most + 1
	var trace [][]int32 // furthest[-e..e] before step e
	for e := 0; e <= most && d.steps > 0; e++ {
		trace = append(trace, slices.Clone(furthest[origin-e:origin+e+1]))
		d.steps -= e + 1
		for k := -e; k <= e; k += 2 {
			var x int
			if down(furthest[origin-e:origin+e+1], e, k) {
				x = int(furthest[origin+k+1])
			} else {
				x = int(furthest[origin+k-1]) + 1
			}
			y, from := x-k, x
			for x < n && y < m && a[x] == b[y] {
				x++
				y++
			}
			d.steps -= x - from
			furthest[origin+k] = int32(x)
			if x >= n && y >= m {
				markPath(trace, k, x, inA, inB)
				return true
			}
		}
	}
	return false
}

// down tells whether diagonal k is best reached from the one above, by an element put in, and not from the one below.
// furthest holds the diagonals -e to e.
func down(furthest []int32, e, k int) bool {
	return k == -e || k != e && furthest[e+k-1] < furthest[e+k+1]
}

// markPath goes back from the end at x on diagonal k.
func markPath(trace [][]int32, k, x int, inA, inB []bool) {
	for e := len(trace) - 1; e >= 0; e-- {
		before, from, came := trace[e], 0, k
		switch {
		case e == 0:
		case down(before, e, k):
			came = k + 1
			from = int(before[e+came])
		default:
			came = k - 1
			from = int(before[e+came]) + 1
		}
		for x > from {
			x--
			inA[x], inB[x-k] = true, true
		}
		if came < k {
			x--
		}
		k = came
	}
}

// anchors are the elements that each of two lists has once, as pairs of places: as many as stand in the same order.
func anchors(a, b []int32) [][2]int {
	type count struct{ inA, inB, atB int }
	counts := make(map[int32]count, len(a))
	for _, id := range a {
		c := counts[id]
		c.inA++
		counts[id] = c
	}
	for i, id := range b {
		if c, ok := counts[id]; ok {
			c.inB++
			c.atB = i
			counts[id] = c
		}
	}
	var pairs [][2]int
	for i, id := range a {
		if c := counts[id]; c.inA == 1 && c.inB == 1 {
			pairs = append(pairs, [2]int{i, c.atB})
		}
	}
	// The longest increasing run of the places in b; ends[l] is the pair with which a run of length l+1 ends soonest.
	var ends []int
	previous := make([]int, len(pairs))
	for i, p := range pairs {
		at, _ := slices.BinarySearchFunc(ends, p[1], func(end, place int) int { return pairs[end][1] - place })
		previous[i] = -1
		if at > 0 {
			previous[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	run := make([][2]int, len(ends))
	for at, i := len(ends)-1, ends[len(ends)-1]; at >= 0; at-- {
		run[at] = pairs[i]
		i = previous[i]
	}
	return run
}
