package compare

import (
	"cmp"
	"slices"
)

// A pair is an old and a new block that may be two versions of one.
type pair struct {
	old, new int // as indexes of the blocks
	share    float64
}

const (
	changedShare = 0.5
	movedShare   = 0.8
	movedWords   = 4

	pairSteps    = 4_000_000 // for comparing each block with each; where that takes more, only likely ones are compared
	rareWords    = 8         // of a block, by which likely ones are found
	commonAt     = 16        // blocks that have a word which is too common to find any by
	likelyBlocks = 4         // that share most rare words
)

// bag is the words of a block, sorted; a block of signs has none.
func (c *comparison) bag(text string, bags [][]int32, i int) []int32 {
	if bags[i] == nil {
		list := make([]int32, 0, 8)
		for _, t := range c.words.tokens(text) {
			if t.word {
				list = append(list, t.id)
			}
		}
		slices.Sort(list)
		bags[i] = list
	}
	return bags[i]
}

func (c *comparison) oldBag(i int) []int32 { return c.bag(c.before[i].Text, c.oldBags, i) }
func (c *comparison) newBag(i int) []int32 { return c.bag(c.after[i].Text, c.newBags, i) }

// share is how many of their words two bags have in common, of 1.
func share(a, b []int32) float64 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return 2 * float64(common) / float64(max(1, len(a)+len(b)))
}

// pairs are those of some old and some new blocks that share at least a part of their words.
func (c *comparison) pairs(olds, news []int, least float64) []pair {
	var list []pair
	try := func(i, j int) {
		old, new := c.oldBag(i), c.newBag(j)
		if c.before[i].Text == c.after[j].Text { // in signs too, and if there is nothing but signs
			list = append(list, pair{i, j, 1})
			return
		}
		if 2*float64(min(len(old), len(new))) < least*float64(len(old)+len(new)) {
			return // one is too short
		}
		if s := share(old, new); s >= least {
			list = append(list, pair{i, j, s})
		}
	}
	cost := 0
	for _, i := range olds {
		cost += (len(c.oldBag(i)) + 4) * len(news)
	}
	for _, j := range news {
		cost += len(c.newBag(j)) * len(olds)
	}
	if cost <= c.pairSteps {
		c.pairSteps -= cost
		for _, i := range olds {
			for _, j := range slices.Backward(news) { // the order in which chain sorts them
				try(i, j)
			}
		}
		return list
	}
	for at, likely := range c.likely(olds, news) {
		// Beyond those with rare words in common: the same place, counted from the start and from the end.
		for _, place := range []int{at, at + len(news) - len(olds)} {
			if place >= 0 && place < len(news) && !slices.Contains(likely, news[place]) {
				likely = append(likely, news[place])
			}
		}
		for _, j := range likely {
			try(olds[at], j)
		}
	}
	return list
}

// likely are, for each of the old blocks, the new ones with which it shares most of its rare words.
func (c *comparison) likely(olds, news []int) [][]int {
	having := make(map[int32][]int) // word to new blocks, up to one more than commonAt
	for _, j := range news {
		for _, word := range slices.Compact(slices.Clone(c.newBag(j))) {
			if list := having[word]; len(list) <= commonAt {
				having[word] = append(list, j)
			}
		}
	}
	found := make([][]int, len(olds))
	for at, i := range olds {
		words := slices.DeleteFunc(slices.Compact(slices.Clone(c.oldBag(i))), func(word int32) bool {
			return len(having[word]) == 0 || len(having[word]) > commonAt
		})
		slices.SortStableFunc(words, func(a, b int32) int { return len(having[a]) - len(having[b]) })
		votes := make(map[int]int)
		for _, word := range words[:min(len(words), rareWords)] {
			for _, j := range having[word] {
				votes[j]++
			}
		}
		best := make([]int, 0, len(votes)+2)
		for j := range votes {
			best = append(best, j)
		}
		slices.SortFunc(best, func(a, b int) int { return cmp.Or(votes[b]-votes[a], a-b) })
		found[at] = best[:min(len(best), likelyBlocks)]
	}
	return found
}

// chain chooses pairs that do not cross, so that what they share is most in all.
func chain(pairs []pair) []pair {
	if len(pairs) == 0 {
		return nil
	}
	// Of equal old blocks the last new one first, so that no pair follows another of the same old block.
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(a.old-b.old, b.new-a.new) })
	base, size := pairs[0].new, 0
	for _, p := range pairs {
		base = min(base, p.new)
	}
	for _, p := range pairs {
		size = max(size, p.new-base+1)
	}
	// best[k] is the pair with which the best chain ends whose new block is in a range before k (a Fenwick tree of maxima).
	best := make([]int, size+1)
	sums := make([]float64, len(pairs)+1) // of the chain that ends with the pair before; 0 is no pair
	previous := make([]int, len(pairs)+1)
	end := 0
	for n, p := range pairs {
		at := n + 1
		for k := p.new - base; k > 0; k -= k & -k {
			if sums[best[k]] > sums[previous[at]] {
				previous[at] = best[k]
			}
		}
		sums[at] = sums[previous[at]] + p.share
		for k := p.new - base + 1; k <= size; k += k & -k {
			if sums[at] > sums[best[k]] {
				best[k] = at
			}
		}
		if sums[at] > sums[end] {
			end = at
		}
	}
	var chosen []pair
	for ; end > 0; end = previous[end] {
		chosen = append(chosen, pairs[end-1])
	}
	slices.Reverse(chosen)
	return chosen
}
