// Package compare shows what changed between two versions of a text, word by word, to people who want to know what became
// of a promise.
//
// A text is a list of blocks. Blocks that are alike stay together: one whose words changed is one row and not two, and
// one that only stands elsewhere now is told as moved, not as taken out and put in. The comparison takes a bounded
// number of steps: where two texts have too little in common, less is matched, and what is shown stays true.
package compare

// Block is one paragraph, heading, list item or row of a table.
type Block struct {
	Kind string // "" for a paragraph, "h2" to "h6", "item", "row", "code", "quote": the caller's word, compared too
	Text string
}

// Status is what became of a row or of a part of one.
type Status uint8

// The first three are of rows and of parts, the others of rows only.
const (
	Same Status = iota
	Added
	Removed
	Changed // some words of it
	Moved   // it stands elsewhere now; some of its words may have changed too
	Gap     // rows that are left out, see Around
)

// Part is a run of words of one status, with the blanks and signs between them. It is never empty.
type Part struct {
	Status Status // Same, Added or Removed
	Text   string
}

// Row is one block, or a changed one in both versions. The texts of its parts that are not Added make the old text, those
// that are not Removed the new one, to the byte.
type Row struct {
	Status Status
	Kind   string // of the new block, where there are two: a Changed row may have changed in nothing else
	Parts  []Part // of an empty text none
	From   int    // Moved: where in the old text it stood, as an index of its blocks; Gap: how many rows; otherwise -1
}

// Texts compares two versions of a text.
//
// Between two unchanged blocks, an old and a new one that share half of their words are one Changed row. A block of four
// words or more that was taken out in one place and put in at another, with four of five words the same, is one Moved
// row at its new place. All others are Removed or Added.
func Texts(before, after []Block) []Row {
	c := newComparison(before, after)
	c.align()
	c.moveUnchanged()
	c.change()
	c.moveChanged()
	return c.rows()
}

// Around keeps the rows that changed, with as many as n unchanged ones before and after each. What is left out between
// them, and at both ends, becomes one Gap row. It keeps none where nothing changed.
func Around(rows []Row, n int) []Row {
	n = max(n, 0)
	var kept []Row
	done := 0 // rows that are kept or left out
	for i, row := range rows {
		if row.Status == Same {
			continue
		}
		start := max(done, i-n)
		kept = append(gap(kept, start-done), rows[start:i+1]...)
		done = i + 1
		for done < len(rows) && done <= i+n && rows[done].Status == Same {
			kept = append(kept, rows[done])
			done++
		}
	}
	if done == 0 {
		return nil
	}
	return gap(kept, len(rows)-done)
}

func gap(rows []Row, count int) []Row {
	if count == 0 {
		return rows
	}
	return append(rows, Row{Status: Gap, From: count})
}

// Changes counts the words that were put in and taken out. Signs and blanks are not counted, nor is a move.
func Changes(rows []Row) (added, removed int) {
	for _, row := range rows {
		for _, part := range row.Parts {
			switch part.Status {
			case Added:
				added += countWords(part.Text)
			case Removed:
				removed += countWords(part.Text)
			}
		}
	}
	return added, removed
}
