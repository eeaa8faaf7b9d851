package render

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"pendapa/internal/markdown"
	"pendapa/internal/pack"
)

// A page's body as HTML depends on its text and on what the portal answered when the text asked: where a link leads, how
// large a picture is, what a data block shows. A body that is kept is good as long as the same questions have the same
// answers, which are much cheaper than the body.

// question is what a text asked: for a link, a picture or a data block.
type question struct{ Of, Argument string }

// kept is a body without problems, with what it asked and a digest of the answers.
type kept struct {
	Asked     []question
	Told      [sha256.Size]byte
	HTML      []byte
	Headings  []markdown.Heading
	IDs       []string
	Fragments []markdown.Fragment
}

var (
	keptForm     = pack.New[kept](nil)
	questionForm = pack.New[question](nil)
)

// begin forgets what was asked.
func (b *bodyEnv) begin() {
	b.shown, b.asked, b.told = make(map[string]bool), nil, nil
	if b.pass.Bodies == nil {
		return
	}
	b.told = sha256.New()
	fmt.Fprintf(b.told, "%q %q %q %x\n", b.page.Edition.Lang, b.page.Link(), b.anchors(), b.r.told[b.page.Edition])
}

// The forms in which answers are digested.
var (
	targetForm  = pack.New[markdown.Target](nil)
	pictureForm = pack.New[markdown.Picture](nil)
	htmlForm    = pack.New[string](nil)
)

// noted is one of the ways to answer that keeps what was asked and answered.
func noted[T any](b *bodyEnv, of string, form *pack.Codec[T], answer func(string) (T, *markdown.Trouble)) func(string) (T, *markdown.Trouble) {
	return func(argument string) (T, *markdown.Trouble) {
		value, trouble := answer(argument)
		if b.told != nil {
			asked := question{of, argument}
			b.asked = append(b.asked, asked)
			b.scratch = form.Append(questionForm.Append(b.scratch[:0], &asked), &value)
			if trouble != nil {
				b.scratch = append(b.scratch, '!')
			}
			b.told.Write(b.scratch)
		}
		return value, trouble
	}
}

// keep keeps a body for the next who needs it, if all is well with it.
func (b *bodyEnv) keep(result markdown.Result) {
	if b.told == nil || len(result.Problems) > 0 {
		return
	}
	k := kept{Asked: b.asked, HTML: result.HTML, Headings: result.Headings, IDs: result.IDs, Fragments: result.Fragments}
	b.told.Sum(k.Told[:0])
	b.pass.Bodies.KeepBody(b.page, keptForm.Append(nil, &k))
}

// recall returns the body as it was kept, if everything that it asks still has the same answer.
func (b *bodyEnv) recall() (markdown.Result, bool) {
	if b.pass.Bodies == nil {
		return markdown.Result{}, false
	}
	data, ok := b.pass.Bodies.Body(b.page)
	if !ok {
		return markdown.Result{}, false
	}
	var k kept
	if _, err := keptForm.Read(string(data), &k); err != nil {
		return markdown.Result{}, false
	}
	// Asked in a pass of its own: where an answer is another now, the text is read again, and its problems told there.
	pass := b.pass
	b.pass = pass.quiet()
	b.begin()
	answered := b.answer(k)
	asked := b.pass.asked
	b.pass = pass
	if !answered || b.pass.Texts != nil && !b.pass.Texts.Again(b.page) {
		return markdown.Result{}, false
	}
	b.pass.ask(asked...)
	for i := range k.IDs { // they are kept longer than the HTML, whose memory they share
		k.IDs[i] = strings.Clone(k.IDs[i])
	}
	for i := range k.Fragments {
		k.Fragments[i].Page, k.Fragments[i].ID = strings.Clone(k.Fragments[i].Page), strings.Clone(k.Fragments[i].ID)
	}
	return markdown.Result{HTML: k.HTML, Headings: k.Headings, IDs: k.IDs, Fragments: k.Fragments}, true
}

// answer asks all questions of a kept body again and reports whether the answers are the same.
func (b *bodyEnv) answer(k kept) bool {
	env := b.env()
	for _, q := range k.Asked {
		switch q.Of {
		case "link":
			_, _ = env.Link(q.Argument)
		case "image":
			_, _ = env.Image(q.Argument)
		default:
			block := env.Blocks[q.Of]
			if block == nil {
				return false
			}
			_, _ = block(q.Argument)
		}
	}
	return [sha256.Size]byte(b.told.Sum(nil)) == k.Told && b.pass.Problems.Errors() == 0
}
