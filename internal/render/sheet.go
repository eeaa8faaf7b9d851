package render

import (
	"path"
	"strings"

	"pendapa/internal/diag"
	"pendapa/internal/markdown"
	"pendapa/internal/sheet"
	"pendapa/internal/source"
)

// onSheet is how many rows of a file a page shows.
const onSheet = 50

// SheetView is a CSV file as a table on a page.
type SheetView struct {
	Caption string
	Columns []sheet.Column
	Rows    [][]Cell
	Count   int // of all rows in the file
	Href    string
	Size    int64 // bytes
}

// Cell is a cell of a table.
type Cell struct {
	Text   string
	Number bool
}

// sheet shows a CSV file beside the page: its name on the first line, words for it on the second.
func (b *bodyEnv) sheet(argument string) (string, *markdown.Trouble) {
	name, caption, _ := strings.Cut(argument, "\n")
	name, caption = strings.TrimSpace(name), strings.TrimSpace(caption)
	if strings.Contains(caption, "\n") || name == "" {
		return "", &markdown.Trouble{Message: diag.Textf("a csv block names one file"), Hint: diag.Textf("write the file's name, and on the next line what the table shows")}
	}
	if strings.HasPrefix(name, "/") || strings.ContainsAny(name, "?#") || !strings.EqualFold(path.Ext(name), ".csv") {
		return "", &markdown.Trouble{Message: diag.Textf("%q is not a CSV file beside the page", diag.Clip(name)), Hint: diag.Textf("save the table as CSV (UTF-8) beside the page, and write that file's name")}
	}
	file, trouble := b.file(name)
	if trouble != nil {
		return "", trouble
	}
	entry, ok := b.r.beside[file]
	if !ok {
		return "", b.nowhere(name, file)
	}
	if entry.Size > sheet.MaxBytes {
		b.pass.Problems.Add(diag.Problem{File: entry.Path, Message: diag.Textf("the table is larger than %d MiB, too large to be shown on a page", sheet.MaxBytes>>20), Hint: diag.Textf("show a smaller table, and only link this file")})
		return "", nil
	}
	data, err := b.pass.Files.Read(entry.Path, MaxAsset)
	if err != nil {
		b.pass.Problems.Add(source.Problem(entry.Path, err))
		return "", nil
	}
	table, problems := sheet.Read(data, onSheet)
	for _, p := range problems {
		p.File = entry.Path
		b.pass.Problems.Add(p)
	}
	if len(problems) > 0 {
		return "", nil
	}
	if caption == "" {
		caption = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	view := SheetView{Caption: caption, Columns: table.Columns, Count: table.Count, Size: int64(len(data)),
		Href: b.r.site.Settings.Base() + escapePath(b.r.published(file))}
	lang := b.page.Lang
	for _, row := range table.Rows {
		cells := make([]Cell, len(row))
		for i, text := range row {
			cells[i] = Cell{text, table.Columns[i].Number}
			if v, decimals, ok := table.Columns[i].Value(text); ok {
				cells[i].Text = lang.Number(v, decimals)
			}
		}
		view.Rows = append(view.Rows, cells)
	}
	return b.partial("sheet", view)
}
