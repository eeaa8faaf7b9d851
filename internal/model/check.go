package model

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"pendapa/internal/decode"
	"pendapa/internal/diag"
)

// checker holds what one file's facts can be checked against: each other.
type checker struct {
	file decode.File
	root *decode.Node
}

func (c checker) at(message, hint diag.Text, path ...string) {
	c.file.At(c.root.Get(path...), message, hint)
}

func (c checker) common(doc *Document) {
	if doc.Kind.NeedsSummary() {
		if n := c.root.Get("summary"); n != nil && n.Kind == decode.Scalar {
			if strings.TrimSpace(n.Value) == "" {
				c.file.At(n, diag.Textf("summary is empty"), diag.Textf("write one or two sentences for lists and search"))
			}
		} else if n == nil && slices.ContainsFunc(c.root.Fields, func(f decode.Field) bool { return diag.Nearest(f.Key, []string{"summary"}) != "" }) {
			// It is there, misspelt, and was told as that.
		} else if n == nil || n.Kind == decode.Null {
			c.file.At(c.root, diag.Textf("summary is missing"), diag.Textf("add a line  summary: …  with one or two sentences for lists and search"))
		}
	}
	if doc.Slug != "" && Slugify(doc.Slug) != doc.Slug {
		c.at(diag.Textf("slug %q cannot be part of an address", diag.Clip(doc.Slug)), diag.Textf("write %q", Slugify(doc.Slug)), "slug")
	}
	if doc.Slug != "" && doc.Kind.isFolder() {
		c.at(diag.Textf("a folder's address is its name; it takes no slug"), diag.Textf("remove the slug, or rename the folder"), "slug")
	}
	for i, alias := range doc.Aliases {
		clean := path.Clean(alias)
		if !strings.HasPrefix(alias, "/") || clean != strings.TrimSuffix(alias, "/") || clean == "/" || strings.ContainsAny(alias, "%?#\\\"<>: \n") {
			c.at(diag.Textf("alias %q is not a plain address", diag.Clip(alias)), diag.Textf("write the old address from its first slash: /lama/halaman/"), "aliases", strconv.Itoa(i))
		}
	}
	if doc.Publish.Set() && doc.Expires.Set() && doc.Expires.Before(doc.Publish.Time) {
		c.at(diag.Textf("expires lies before publish"), diag.Textf("correct one of the two dates"), "expires")
	}
}

func (c checker) facts(doc *Document) {
	switch {
	case doc.QuickWin != nil:
		c.quickWin(doc.QuickWin)
	case doc.Plan != nil:
		c.editions(doc.Plan)
	case doc.News != nil && doc.News.Event != nil:
		if e := doc.News.Event; e.Start.Set() && e.End.Set() && e.End.Before(e.Start.Time) {
			c.at(diag.Textf("the event ends before it starts"), diag.Textf("correct start or end"), "event", "end")
		} else if e.End.Set() && !e.Start.Set() {
			c.at(diag.Textf("the event has an end and no start"), diag.Textf("add start"), "event", "end")
		}
	}
}

// PlanNow stands, where editions of the masterplan are compared, for what it is today.
const PlanNow = "sekarang"

func (c checker) editions(p *Plan) {
	ids := make(map[string]int)
	for i, e := range p.Editions {
		id, n := e.ID.ID, strconv.Itoa(i)
		switch first, twice := ids[id]; {
		case id == "":
			continue // it was told
		case Slugify(id) != id:
			c.at(diag.Textf("id %q has other signs than small letters, digits and hyphens", diag.Clip(id)), diag.Textf("write %q", Slugify(id)), "editions", n, "id")
		case id == PlanNow:
			c.at(diag.Textf("the id %q stands for the masterplan as it is today", id), diag.Textf("name the edition otherwise: by its year"), "editions", n, "id")
		case twice:
			c.at(diag.Textf("two editions have the id %q, first on line %d", id, first), diag.Textf("give each its own id"), "editions", n, "id")
		}
		ids[id] = e.ID.Pos.Line
	}
}

func (c checker) quickWin(q *QuickWin) {
	if q.Start.Set() && q.End.Set() && q.End.Before(q.Start.Time) {
		c.at(diag.Textf("end lies before start"), diag.Textf("correct one of the two dates"), "end")
	}
	ids := make(map[string]int, len(q.Indicators))
	for i := range q.Indicators {
		c.indicator(&q.Indicators[i], i, ids)
	}
}

func (c checker) indicator(in *Indicator, i int, ids map[string]int) {
	n := strconv.Itoa(i)
	if id := in.ID.ID; id != "" {
		if Slugify(id) != id {
			c.at(diag.Textf("id %q has other signs than small letters, digits and hyphens", diag.Clip(id)), diag.Textf("write %q", Slugify(id)), "indicators", n, "id")
		}
		if first, twice := ids[id]; twice {
			c.at(diag.Textf("two indicators have the id %q, first on line %d", id, first), diag.Textf("give each its own id"), "indicators", n, "id")
		} else {
			ids[id] = in.ID.Pos.Line
		}
	}
	if in.Decimals > 6 {
		c.at(diag.Textf("decimals is more than 6"), diag.Textf("write a number from 0 to 6"), "indicators", n, "decimals")
	}
	if b, t := in.Baseline, in.Target; b != nil && t != nil && b.Date.Set() && t.Date.Set() {
		if !b.Date.Before(t.Date.Time) {
			c.at(diag.Textf("the baseline is not before the target"), diag.Textf("correct one of the two dates"), "indicators", n, "target", "date")
		}
		if in.Direction == Up && t.Value < b.Value {
			c.at(diag.Textf("the target lies below the baseline, but the direction is up"), diag.Textf("correct the target, or write  direction: down"), "indicators", n, "target", "value")
		}
		if in.Direction == Down && t.Value > b.Value {
			c.at(diag.Textf("the target lies above the baseline, but the direction is down"), diag.Textf("correct the target, or write  direction: up"), "indicators", n, "target", "value")
		}
	}
	days := make(map[int]bool, len(in.Measurements))
	for k, m := range in.Measurements {
		if m.Date.Set() && days[m.Date.Day()] {
			c.at(diag.Textf("a second measurement on %s", m.Date.ISO()), diag.Textf("keep one figure a day; say in its note what was corrected"), "indicators", n, "measurements", strconv.Itoa(k), "date")
		}
		days[m.Date.Day()] = true
	}
}
