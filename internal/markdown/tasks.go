package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tasks finds the boxes of task lists. A box is followed by a blank (GitHub Flavored Markdown, 5.3): goldmark's own parser
// does not ask for it, and takes the link of "- [x](address)" for a task that is done.
type tasks struct{ parser.InlineParser }

func newTasks() tasks { return tasks{extension.NewTaskCheckBoxParser()} }

// Parse implements parser.InlineParser.
func (p tasks) Parse(parent ast.Node, block text.Reader, context parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) > 3 && !util.IsSpace(line[3]) {
		return nil
	}
	return p.InlineParser.Parse(parent, block, context)
}
