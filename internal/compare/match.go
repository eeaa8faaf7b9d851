package compare

// Match finds out which items of two lists are the same thing, by the first of the rules that tells; every item is in one
// pair at most. It returns for each item of the first list the place of its partner in the second; -1: it has none.
func Match[T any](before, after []T, rules ...func(a, b T) bool) []int {
	partners := make([]int, len(before))
	for i := range partners {
		partners[i] = -1
	}
	taken := make([]bool, len(after))
	for _, rule := range rules {
		for i, a := range before {
			for j, b := range after {
				if partners[i] < 0 && !taken[j] && rule(a, b) {
					partners[i], taken[j] = j, true
				}
			}
		}
	}
	return partners
}
