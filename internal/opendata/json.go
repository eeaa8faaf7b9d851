package opendata

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// WriteJSON writes the table as a JSON array (RFC 8259) of one object for each row, each on a line: numbers as numbers,
// several values as an array, null where nothing is known.
func (t *Table) WriteJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = strconv.Quote(c.Name) + ":" // names are plain letters
	}
	_, _ = out.WriteString("[")
	first := true
	for row := range t.Rows {
		if !first {
			_ = out.WriteByte(',')
		}
		first = false
		_, _ = out.WriteString("\n{")
		for i, v := range row {
			if i > 0 {
				_ = out.WriteByte(',')
			}
			_, _ = out.WriteString(names[i])
			switch day := v.(type) {
			case Day, Clock:
				v = day.(fmt.Stringer).String()
			}
			data, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("opendata: write %s.%s: %w", t.Name, t.Columns[i].Name, err)
			}
			_, _ = out.Write(data)
		}
		_ = out.WriteByte('}')
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}
