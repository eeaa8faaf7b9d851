package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"pendapa/internal/diag"
)

const svgSpace = "http://www.w3.org/2000/svg"

// drawn are the elements of SVG 2 that only draw. Scripts, links, animation and foreign content are not among them.
var drawn = strings.Fields(`svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text tspan textPath
	linearGradient radialGradient stop clipPath mask pattern marker image style filter feBlend feColorMatrix feComponentTransfer feComposite
	feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
	feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`)

// inert are what drawing programs leave in their files and no browser reads.
var inert = []string{"http://www.inkscape.org/namespaces/inkscape", "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://creativecommons.org/ns#", "http://purl.org/dc/elements/1.1/"}

// inspectSVG reads how large a drawing wants to be, and refuses one that could do anything but be looked at: what is not
// on the list of elements that draw, attributes that run code, references to anything outside itself.
func inspectSVG(data []byte) (image.Point, *diag.Problem) {
	refuse := func(at int64, message diag.Text) *diag.Problem {
		return &diag.Problem{Pos: diag.At(data, int(at), 1), Message: message, Hint: diag.Textf("export the drawing as a plain SVG, or as PNG")}
	}
	decoder := xml.NewDecoder(bytes.NewReader(data))
	var size image.Point
	var style strings.Builder // what stands in style elements, which a comment may cut in pieces
	depth, roots, inStyle := 0, 0, 0
	for {
		at := decoder.InputOffset()
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && roots == 1:
			if reaches(style.String()) {
				return size, refuse(0, diag.Textf("the drawing's style refers to something outside itself"))
			}
			return size, nil
		case errors.Is(err, io.EOF):
			return size, refuse(0, diag.Textf("this is not one SVG drawing"))
		case err != nil:
			return size, refuse(at, diag.Textf("this is not an SVG drawing: %s", err.Error()))
		}
		switch t := token.(type) {
		case xml.Directive:
			return size, refuse(at, diag.Textf("the drawing has a DOCTYPE or another declaration"))
		case xml.ProcInst:
			if t.Target != "xml" {
				return size, refuse(at, diag.Textf("the drawing has an instruction %q", t.Target))
			}
		case xml.StartElement:
			if depth == 0 {
				if roots++; t.Name.Space != svgSpace || t.Name.Local != "svg" {
					return size, refuse(at, diag.Textf("this is not an SVG drawing: it does not start with <svg xmlns=%q>", svgSpace))
				}
				size = svgSize(t.Attr)
			}
			depth++
			if !slices.Contains(inert, t.Name.Space) && (t.Name.Space != svgSpace || !slices.Contains(drawn, t.Name.Local)) {
				return size, refuse(at, diag.Textf("the drawing holds <%s>", t.Name.Local))
			}
			if t.Name.Local == "style" {
				inStyle++
			}
			for _, a := range t.Attr {
				if message := svgAttribute(a); !message.IsZero() {
					return size, refuse(at, message)
				}
			}
		case xml.EndElement:
			if depth--; t.Name.Local == "style" {
				inStyle--
			}
		case xml.CharData:
			if inStyle > 0 {
				style.Write(t)
			}
		}
	}
}

// svgAttribute says what is wrong with an attribute; a zero text where nothing is.
func svgAttribute(a xml.Attr) diag.Text {
	name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
	switch {
	case a.Name.Space == "xmlns" || name == "xmlns" || slices.Contains(inert, a.Name.Space):
		return diag.Text{}
	case strings.HasPrefix(name, "on"):
		return diag.Textf("the drawing has an attribute %q that runs code", a.Name.Local)
	case name == "base":
		return diag.Textf("the drawing changes where its references lead (xml:base)")
	case name == "href" && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "data:image/png;") && !strings.HasPrefix(value, "data:image/jpeg;"),
		name != "href" && reaches(value):
		return diag.Textf("the drawing refers to something outside itself")
	}
	return diag.Text{}
}

// reaches reports whether a style or an attribute could lead outside the drawing: url(…) with anything but a part of it,
// the other ways by which CSS names a file, and escapes, behind which any of these may hide.
func reaches(s string) bool {
	rest := strings.ToLower(s)
	if strings.ContainsAny(rest, "\\") || strings.Contains(rest, "@import") || strings.Contains(rest, "image-set") || strings.Contains(rest, "javascript:") || strings.Contains(rest, "src(") || strings.Contains(rest, "image(") {
		return true
	}
	for {
		_, after, found := strings.Cut(rest, "url(")
		if !found {
			return false
		}
		if rest = strings.TrimLeft(after, " \t\n\"'"); !strings.HasPrefix(rest, "#") {
			return true
		}
	}
}

func svgSize(attributes []xml.Attr) image.Point {
	var size image.Point
	number := func(s string) int {
		v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
		if err != nil || v < 1 || v > 1e5 {
			return 0
		}
		return int(math.Round(v))
	}
	for _, a := range attributes {
		switch a.Name.Local {
		case "width":
			size.X = number(a.Value)
		case "height":
			size.Y = number(a.Value)
		case "viewBox":
			if box := strings.Fields(strings.ReplaceAll(a.Value, ",", " ")); len(box) == 4 && size.X == 0 {
				size.X, size.Y = number(box[2]), number(box[3])
			}
		}
	}
	if size.X == 0 || size.Y == 0 {
		return image.Point{}
	}
	return size
}
