package compare

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// comparison is one run of Texts.
type comparison struct {
	before, after    []Block
	words            names
	oldBags, newBags [][]int32
	pairSteps        int
	differ           differ // of words

	toNew, toOld []int  // the other version of each block; -1: it has none
	moved        []bool // of the new blocks
	regions      []region
}

// region is what stands between two blocks that are the same in both texts; one of the lists may be empty.
type region struct{ oldStart, oldEnd, newStart, newEnd int }

func newComparison(before, after []Block) *comparison {
	c := &comparison{
		before: before, after: after, words: make(names), pairSteps: pairSteps, differ: differ{wordSteps},
		oldBags: make([][]int32, len(before)), newBags: make([][]int32, len(after)),
		toNew: make([]int, len(before)), toOld: make([]int, len(after)), moved: make([]bool, len(after)),
	}
	for i := range c.toNew {
		c.toNew[i] = -1
	}
	for j := range c.toOld {
		c.toOld[j] = -1
	}
	return c
}

func (c *comparison) link(i, j int) { c.toNew[i], c.toOld[j] = j, i }

// align links the blocks that stayed as and where they are, and notes the regions between them.
func (c *comparison) align() {
	blocks := make(map[Block]int32)
	number := func(list []Block) []int32 {
		out := make([]int32, len(list))
		for i, b := range list {
			id, ok := blocks[b]
			if !ok {
				id = int32(len(blocks))
				blocks[b] = id
			}
			out[i] = id
		}
		return out
	}
	d := differ{blockSteps}
	inOld, inNew := d.kept(number(c.before), number(c.after))
	for i, j := 0, 0; i < len(inOld) || j < len(inNew); {
		r := region{oldStart: i, newStart: j}
		for i < len(inOld) && !inOld[i] {
			i++
		}
		for j < len(inNew) && !inNew[j] {
			j++
		}
		if r.oldEnd, r.newEnd = i, j; r.oldEnd > r.oldStart || r.newEnd > r.newStart {
			c.regions = append(c.regions, r)
		}
		for i < len(inOld) && j < len(inNew) && inOld[i] && inNew[j] {
			c.link(i, j)
			i++
			j++
		}
	}
}

// single are the blocks from start to end that have no other version so far.
func single(to []int, start, end int) []int {
	var list []int
	for i := start; i < end; i++ {
		if to[i] < 0 {
			list = append(list, i)
		}
	}
	return list
}

// moveUnchanged links blocks that stand, with the same words, in two different regions. In one region a change of the
// kind is likelier; see change.
func (c *comparison) moveUnchanged() {
	type place struct{ block, region int }
	old := make(map[string][]place)
	for n, r := range c.regions {
		for i := r.oldStart; i < r.oldEnd; i++ {
			old[c.before[i].Text] = append(old[c.before[i].Text], place{i, n})
		}
	}
	for n, r := range c.regions {
		for j := r.newStart; j < r.newEnd; j++ {
			text := c.after[j].Text
			places := old[text]
			if len(places) == 0 || places[0].region == n || countWords(text) < movedWords {
				continue
			}
			c.link(places[0].block, j)
			c.moved[j] = true
			old[text] = places[1:]
		}
	}
}

// change links, in each region, blocks that share enough words.
func (c *comparison) change() {
	for _, r := range c.regions {
		olds, news := single(c.toNew, r.oldStart, r.oldEnd), single(c.toOld, r.newStart, r.newEnd)
		if len(olds) == 0 || len(news) == 0 {
			continue
		}
		for _, p := range chain(c.pairs(olds, news, changedShare)) {
			c.link(p.old, p.new)
		}
	}
}

// moveChanged links what is left, wherever it stands, the likest first.
func (c *comparison) moveChanged() {
	long := func(bag []int32) bool { return len(bag) >= movedWords }
	olds := slices.DeleteFunc(single(c.toNew, 0, len(c.toNew)), func(i int) bool { return !long(c.oldBag(i)) })
	news := slices.DeleteFunc(single(c.toOld, 0, len(c.toOld)), func(j int) bool { return !long(c.newBag(j)) })
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	pairs := c.pairs(olds, news, movedShare)
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.share, a.share), a.old-b.old, a.new-b.new)
	})
	for _, p := range pairs {
		if c.toNew[p.old] < 0 && c.toOld[p.new] < 0 {
			c.link(p.old, p.new)
			c.moved[p.new] = true
		}
	}
}

// rows puts both texts into one list: in the order of the new one, what was taken out before what took its place.
func (c *comparison) rows() []Row {
	list := make([]Row, 0, max(len(c.before), len(c.after)))
	i, j := 0, 0
	between := func(oldEnd, newEnd int) {
		for ; i < oldEnd; i++ {
			if c.toNew[i] < 0 {
				list = append(list, Row{Removed, c.before[i].Kind, parts(Removed, c.before[i].Text), -1})
			}
		}
		for ; j < newEnd; j++ {
			b := c.after[j]
			if old := c.toOld[j]; old >= 0 {
				list = append(list, Row{Moved, b.Kind, c.compare(c.before[old].Text, b.Text), old})
			} else {
				list = append(list, Row{Added, b.Kind, parts(Added, b.Text), -1})
			}
		}
	}
	for at, b := range c.after {
		old := c.toOld[at]
		if old < 0 || c.moved[at] {
			continue
		}
		between(old, at)
		if c.before[old] == b {
			list = append(list, Row{Same, b.Kind, parts(Same, b.Text), -1})
		} else {
			list = append(list, Row{Changed, b.Kind, c.compare(c.before[old].Text, b.Text), -1})
		}
		i, j = old+1, at+1
	}
	between(len(c.before), len(c.after))
	return list
}

func parts(s Status, text string) []Part {
	if text == "" {
		return nil
	}
	return []Part{{s, text}}
}

// compare tells two texts apart word by word.
func (c *comparison) compare(before, after string) []Part {
	if before == after {
		return parts(Same, after)
	}
	old, new := c.words.tokens(before), c.words.tokens(after)
	inOld, inNew := c.differ.kept(ids(old), ids(new))
	w := partWriter{before: before, after: after}
	for i, j := 0, 0; ; i, j = i+1, j+1 {
		for i < len(old) && !inOld[i] {
			i++
		}
		for j < len(new) && !inNew[j] {
			j++
		}
		if i == len(old) { // and so j is at the end too: as many are kept of both
			w.change(len(before), len(after))
			return w.parts
		}
		w.change(old[i].start, new[j].start)
		w.same(old[i].end - old[i].start)
	}
}

// partWriter writes two texts from their starts on.
type partWriter struct {
	before, after string
	old, new      int // bytes of them that are written
	parts         []Part
}

// change writes both texts up to the next word that is kept. The blanks at the ends of what changed are told apart from
// it where they stayed as they are.
func (w *partWriter) change(oldEnd, newEnd int) {
	leading := func(s string) string { return s[:len(s)-len(strings.TrimLeftFunc(s, unicode.IsSpace))] }
	trailing := func(s string) string { return s[len(strings.TrimRightFunc(s, unicode.IsSpace)):] }
	if blanks := leading(w.before[w.old:oldEnd]); blanks == leading(w.after[w.new:newEnd]) {
		w.same(len(blanks))
	}
	kept := 0
	if blanks := trailing(w.before[w.old:oldEnd]); blanks == trailing(w.after[w.new:newEnd]) {
		kept = len(blanks)
	}
	if text := w.before[w.old : oldEnd-kept]; text != "" {
		w.parts = append(w.parts, Part{Removed, text})
	}
	if text := w.after[w.new : newEnd-kept]; text != "" {
		w.parts = append(w.parts, Part{Added, text})
	}
	w.old, w.new = oldEnd-kept, newEnd-kept
	w.same(kept)
}

// same writes what the texts have in common. All that follows each other is one piece of the new text.
func (w *partWriter) same(size int) {
	if size == 0 {
		return
	}
	w.old, w.new = w.old+size, w.new+size
	if last := len(w.parts) - 1; last >= 0 && w.parts[last].Status == Same {
		w.parts[last].Text = w.after[w.new-size-len(w.parts[last].Text) : w.new]
		return
	}
	w.parts = append(w.parts, Part{Same, w.after[w.new-size : w.new]})
}
