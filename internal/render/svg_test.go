package render

import (
	"image"
	"strings"
	"testing"
)

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="640" height="480">%</svg>`

// A67: a drawing is for looking at; what could do more is refused with its place.
func TestDrawingsThatCouldDoMoreAreRefused(t *testing.T) {
	for name, inside := range map[string]string{
		"script":                 `<script>alert(1)</script>`,
		"script by reference":    `<script href="x.js"/>`,
		"event":                  `<rect onload="alert(1)"/>`,
		"foreign content":        `<foreignObject><p/></foreignObject>`,
		"outside reference":      `<image href="https://x.example/a.png"/>`,
		"outside, old name":      `<use xlink:href="other.svg#a"/>`,
		"link that runs":         `<a href="javascript:alert(1)"><rect/></a>`,
		"data that is a drawing": `<image href="data:image/svg+xml,x"/>`,
		"style from outside":     `<style>@import url(https://x.example/a.css);</style>`,
		"fill from outside":      `<rect fill="url(https://x.example/a)"/>`,
		"XHTML":                  `<h:meta xmlns:h="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0;url=https://x.example/"/>`,
		"no namespace":           `<p xmlns="">x</p>`,
		"escaped import":         `<style>@\69mport "https://x.example/a"</style>`,
		"import in pieces":       `<style>@imp<!-- -->ort "https://x.example/a"</style>`,
		"import in data":         `<style>@imp<![CDATA[ort "https://x.example/a"]]></style>`,
		"escaped url":            `<rect style="fill:\75rl(https://x.example/a)"/>`,
		"image set":              `<style>rect{fill:image-set("https://x.example/a" 1x)}</style>`,
		"base":                   `<g xml:base="https://x.example/"><use href="#a"/></g>`,
		"animated link":          `<a><set attributeName="href" to="javascript:alert(1)"/></a>`,
	} {
		if _, problem := inspectSVG([]byte(strings.Replace(drawing, "%", inside, 1))); problem == nil || problem.Pos.Line == 0 || problem.Hint.String() == "" {
			t.Errorf("%s: %v", name, problem)
		}
	}
	for name, text := range map[string]string{
		"DOCTYPE":      `<!DOCTYPE svg [<!ENTITY a "b">]>` + drawing,
		"stylesheet":   `<?xml-stylesheet href="x.css"?>` + drawing,
		"HTML (A66)":   `<html><body>x</body></html>`,
		"empty":        ``,
		"cut off":      drawing[:60],
		"not a text":   "\x89PNG\r\n",
		"not balanced": `<svg xmlns="http://www.w3.org/2000/svg"><g></svg>`,
		"no namespace": `<svg viewBox="0 0 1 1"/>`,
		"two":          strings.Repeat(strings.Replace(drawing, "%", "", 1), 2),
	} {
		if _, problem := inspectSVG([]byte(text)); problem == nil {
			t.Errorf("%s is taken for a drawing", name)
		}
	}
}

func TestPlainDrawingsAreMeasured(t *testing.T) {
	for text, want := range map[string]image.Point{
		strings.Replace(drawing, "%", `<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#a"/><style>rect{fill:url(#a)}</style>`, 1): image.Pt(640, 480),
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16"/>`:                                                                                  image.Pt(32, 16),
		`<svg xmlns="http://www.w3.org/2000/svg" width="20px" height="10.4px"/>`:                                                                         image.Pt(20, 10),
		`<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="10"/>`:                                                                             {},
		`<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg" width="5"/>`:                                                             {},
	} {
		if got, problem := inspectSVG([]byte(text)); problem != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", text, got, problem, want)
		}
	}
}

func FuzzInspectSVG(f *testing.F) {
	f.Add([]byte(drawing))
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 nan"><style>url(</style></svg>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if size, problem := inspectSVG(data); problem == nil && (size.X < 0 || size.Y < 0) {
			t.Errorf("measured %v", size)
		}
	})
}
