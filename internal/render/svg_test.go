package render

import (
	"bytes"
	"encoding/xml"
	"image"
	"regexp"
	"slices"
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

// What an element of a drawing that is taken may never be, and what its attributes and style may never lead to: written
// down apart from what is allowed, and more roughly.
var (
	active  = strings.Fields("script handler listener foreignobject iframe object embed audio video canvas a set animate animatemotion animatetransform animatecolor mpath discard feimage html body meta link base form input")
	outside = regexp.MustCompile(`(?i)[\\]|@import|image-set|javascript:|url\([^#"' \t\n]|url\([ \t\n"']+[^#"' \t\n]`)
	still   = regexp.MustCompile(`^data:image/(png|jpeg);[A-Za-z0-9+/=,;\s-]*$`) // a picture of points within the drawing
)

// harm is what a drawing could do beside being looked at; empty where it is nothing.
func harm(data []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	style, depth := "", 0
	for {
		token, err := decoder.Token()
		if err != nil {
			if outside.MatchString(style) {
				return "the style " + style
			}
			return ""
		}
		switch t := token.(type) {
		case xml.Directive:
			return "a declaration"
		case xml.ProcInst:
			if t.Target != "xml" {
				return "the instruction " + t.Target
			}
		case xml.StartElement:
			if t.Name.Local == "style" {
				depth++
			}
			if slices.Contains(inert, t.Name.Space) {
				continue // nobody reads it
			}
			if t.Name.Space != svgSpace || slices.Contains(active, strings.ToLower(t.Name.Local)) {
				return "the element " + t.Name.Local
			}
			for _, a := range t.Attr {
				switch name := strings.ToLower(a.Name.Local); {
				case a.Name.Space == "xmlns" || name == "xmlns" || slices.Contains(inert, a.Name.Space):
				case strings.HasPrefix(name, "on"), name == "href" && !strings.HasPrefix(strings.TrimSpace(a.Value), "#") && !strings.HasPrefix(strings.TrimSpace(a.Value), "data:image/"):
					return "the attribute " + name
				case name == "href" && still.MatchString(strings.TrimSpace(a.Value)):
				case (name == "href" || name == "style" || name == "fill" || name == "filter" || name == "mask" || name == "clip-path" || name == "src") && !strings.HasPrefix(strings.TrimSpace(a.Value), "#") && outside.MatchString(a.Value):
					return "the attribute " + name + "=" + a.Value
				}
			}
		case xml.EndElement:
			if t.Name.Local == "style" {
				depth--
			}
		case xml.CharData:
			if depth > 0 {
				style += string(t)
			}
		}
	}
}

// FuzzInspectSVG: a drawing that is taken does nothing but be looked at, and one that is refused is told why.
func FuzzInspectSVG(f *testing.F) {
	for _, inside := range []string{
		"", "<script>alert(1)</script>", `<rect onload="alert(1)"/>`, "<foreignObject><p/></foreignObject>", `<image href="https://x.example/a.png"/>`, `<use xlink:href="other.svg#a"/>`, `<image href="data:image/svg+xml,x"/>`, `<image href="data:image/png;base64,AAAA"/>`, `<image href=" #a"/>`, `<image href="data:image/png;,//x"/>`,
		"<style>@import url(https://x.example/a.css);</style>", "<style>@imp<!-- -->ort 'x'</style>", `<style>a{fill:url(#b)}</style><rect style="fill:url( '#b')"/>`, `<rect style="fill:URL(//x)"/>`, `<rect fill="url(\6a)"/>`, "<style><![CDATA[a{b:url(x)}]]></style>", `<g xml:base="https://x.example/"/>`,
		`<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">x</dc:title>`, `<script xmlns="http://purl.org/dc/elements/1.1/"/>`, `<x:a xmlns:x="http://www.inkscape.org/namespaces/inkscape" onclick="x"/>`, `<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>`, `<g xmlns:o="http://purl.org/dc/elements/1.1/" o:onclick="x"/>`, `<SCRIPT/>`, `<s:script xmlns:s="http://www.w3.org/2000/svg"/>`,
		`<set attributeName="href" to="javascript:x"/>`, `<a href="javascript:x"/>`, `<feImage href="x"/>`, "<style><style/>a{b:url(x)}</style>", "<desc>&lt;script&gt;</desc>", `<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>`, `<g href="&#9;javascript:x"/>`, "<!-- <script> -->", "<?xml-stylesheet href='x'?>", "<title></title></svg><svg>",
	} {
		f.Add([]byte(strings.Replace(drawing, "%", inside, 1)))
	}
	for _, text := range []string{
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 nan"><style>url(</style></svg>`, `<!DOCTYPE svg [<!ENTITY a "b">]>` + drawing, `<?xml version="1.0" encoding="utf-16"?>` + drawing, `<?xml version="1.0" encoding = "iso-2022-jp"?>` + drawing, "\xef\xbb\xbf" + drawing, `<svg xmlns="http://www.w3.org/2000/svg" width="-1" height="1e300"/>`,
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0,0,5,5" width="0.5"/>`, strings.Repeat(`<svg xmlns="http://www.w3.org/2000/svg">`, 200), `<svg/>`, "\x00", `<svg xmlns="http://www.w3.org/2000/svg" xmlns="http://www.w3.org/1999/xhtml"/>`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		size, problem := inspectSVG(data)
		if problem != nil {
			if lines := bytes.Count(data, []byte("\n")) + 1; problem.Pos.Line < 1 || problem.Pos.Line > lines || problem.Hint.IsZero() {
				t.Errorf("out of the file, or without a remedy: %v", problem)
			}
			return
		}
		if size.X < 0 || size.Y < 0 || size.X > 1e5 || size.Y > 1e5 || (size.X == 0) != (size.Y == 0) {
			t.Errorf("measured %v", size)
		}
		if does := harm(data); does != "" {
			t.Errorf("%q is taken with %s", data, does)
		}
	})
}
