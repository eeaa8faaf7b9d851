package model

import (
	"slices"
	"strconv"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
)

// Translate returns the translation as a whole document: the facts of the original with the words of the translation.
// What the translation leaves out keeps the original's words.
func Translate(original, translation *Document, file decode.File) *Document {
	whole := *translation
	whole.Broken = translation.Broken || original.Broken
	whole.Slug = or(translation.Slug, original.Slug)
	whole.Summary = or(translation.Summary, original.Summary)
	whole.Tags, whole.Sources, whole.Sample = original.Tags, original.Sources, original.Sample
	whole.Draft = translation.Draft || original.Draft
	if !whole.Publish.Set() {
		whole.Publish = original.Publish
	}
	if !whole.Expires.Set() {
		whole.Expires = original.Expires
	}
	if !whole.Updated.Set() {
		whole.Updated = original.Updated
	}
	if whole.Image == nil {
		whole.Image = original.Image
	}
	switch {
	case original.QuickWin != nil:
		q := *original.QuickWin
		t := translation.QuickWin
		q.Goal, q.TargetGroup = or(t.Goal, q.Goal), or(t.TargetGroup, q.TargetGroup)
		q.Indicators = translateIndicators(q.Indicators, t.Indicators, original.Broken, translation, file)
		q.Milestones = translateMilestones(q.Milestones, t.Milestones, original.Broken, translation, file)
		whole.QuickWin = &q
	case original.News != nil:
		n := *original.News
		if t := translation.News.Event; t != nil && n.Event != nil {
			e := *n.Event
			e.Place = or(t.Place, e.Place)
			e.Agenda = orList(t.Agenda, e.Agenda)
			e.Participants = orList(t.Participants, e.Participants)
			e.Outcomes = orList(t.Outcomes, e.Outcomes)
			n.Event = &e
		}
		whole.News = &n
	case original.Section != nil:
		whole.Section = original.Section
	case original.Agency != nil:
		a := *original.Agency
		a.Abbreviation = or(translation.Agency.Abbreviation, a.Abbreviation)
		whole.Agency = &a
	case original.Dimension != nil:
		d := *original.Dimension
		d.Pillars = orList(translation.Dimension.Pillars, d.Pillars)
		whole.Dimension = &d
	case original.Term != nil:
		t := *original.Term
		t.Full = or(translation.Term.Full, t.Full)
		whole.Term = &t
	case original.Plain != nil:
		p := *original.Plain
		p.Menu = or(translation.Plain.Menu, p.Menu)
		whole.Plain = &p
	}
	return &whole
}

func translateIndicators(facts, words []Indicator, broken bool, translation *Document, file decode.File) []Indicator {
	out := slices.Clone(facts)
	for i, w := range words {
		at := slices.IndexFunc(out, func(f Indicator) bool { return f.ID.ID == w.ID.ID })
		if at < 0 && broken {
			continue
		}
		if at < 0 {
			file.At(translation.Front.Get("indicators", strconv.Itoa(i), "id"), diag.Textf("the original has no indicator %q", w.ID.ID), diag.Textf("use the id that stands in the original"))
			continue
		}
		out[at].Name, out[at].Unit, out[at].Method = w.Name, w.Unit, or(w.Method, out[at].Method)
		out[at].Measure = or(w.Measure, out[at].Measure)
	}
	return out
}

func translateMilestones(facts, words []Milestone, broken bool, translation *Document, file decode.File) []Milestone {
	if len(words) == 0 || broken {
		return facts
	}
	if len(words) != len(facts) {
		file.At(translation.Front.Get("milestones"), diag.Textf("the translation has %d milestones and the original %d", len(words), len(facts)), diag.Textf("translate the title of each, in the same order"))
		return facts
	}
	out := slices.Clone(facts)
	for i, w := range words {
		out[i].Title, out[i].Note = w.Title, or(w.Note, out[i].Note)
	}
	return out
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func orList(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}
