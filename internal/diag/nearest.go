package diag

import "strings"

// Nearest returns the candidate that word was probably meant to be, by the optimal string alignment distance
// (Levenshtein with swapped neighbours), or "" where none is near: at most a third of the word may differ. Of equally
// near candidates the first wins.
func Nearest(word string, candidates []string) string {
	w := []rune(fold(word))
	best, least := "", len(w)/3+1
	if len(w) <= 3 {
		least = 2
	}
	for _, c := range candidates {
		if d := distance(w, []rune(fold(c)), least); d < least {
			best, least = c, d
		}
	}
	return best
}

// DidYouMean is the hint that names the nearest candidate, or otherwise where none is near.
func DidYouMean(word string, candidates []string, otherwise Text) Text {
	if near := Nearest(word, candidates); near != "" {
		return Textf("did you mean %q?", near)
	}
	return otherwise
}

// fold makes spellings comparable that differ only in case and in how words are joined.
func fold(s string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(s))
}

// distance is the optimal string alignment distance of a and b, or limit where it is at least that.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// Clip shortens a value that a message quotes.
func Clip(s string) string {
	const longest = 60
	if runes := []rune(s); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}
