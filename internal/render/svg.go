package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"strconv"
	"strings"

	"pendapa/internal/diag"
)

// inspectSVG reads how large a drawing wants to be, and refuses one that could do anything but be looked at: scripts,
// event attributes, foreign content, references to anything outside itself.
func inspectSVG(data []byte) (image.Point, *diag.Problem) {
	refuse := func(at int64, message string) *diag.Problem {
		return &diag.Problem{Pos: diag.At(data, int(at), 1), Message: message, Hint: "export the drawing as a plain SVG, or as PNG"}
	}
	decoder := xml.NewDecoder(bytes.NewReader(data))
	decoder.Strict = true
	var size image.Point
	root := true
	for {
		at := decoder.InputOffset()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if root {
				return size, refuse(0, "this is not an SVG drawing")
			}
			return size, nil
		}
		if err != nil {
			return size, refuse(at, "this is not an SVG drawing: "+err.Error())
		}
		switch t := token.(type) {
		case xml.Directive:
			return size, refuse(at, "the drawing has a DOCTYPE or another declaration")
		case xml.ProcInst:
			if t.Target != "xml" {
				return size, refuse(at, fmt.Sprintf("the drawing has an instruction %q", t.Target))
			}
		case xml.StartElement:
			if root {
				if t.Name.Local != "svg" {
					return size, refuse(at, "this is not an SVG drawing")
				}
				size = svgSize(t.Attr)
				root = false
			}
			switch strings.ToLower(t.Name.Local) {
			case "script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "set", "animate", "animatetransform", "animatemotion":
				return size, refuse(at, fmt.Sprintf("the drawing holds <%s>", t.Name.Local))
			}
			for _, a := range t.Attr {
				name, value := strings.ToLower(a.Name.Local), strings.TrimSpace(a.Value)
				switch {
				case strings.HasPrefix(name, "on"):
					return size, refuse(at, fmt.Sprintf("the drawing has an attribute %q that runs code", a.Name.Local))
				case name == "href" && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "data:image/png") && !strings.HasPrefix(value, "data:image/jpeg"):
					return size, refuse(at, "the drawing refers to something outside itself")
				case a.Name.Space != "xmlns" && name != "xmlns" && (strings.Contains(strings.ToLower(value), "javascript:") || outsideURL(value)):
					return size, refuse(at, "the drawing refers to something outside itself")
				}
			}
		case xml.CharData:
			if text := strings.ToLower(string(t)); strings.Contains(text, "@import") || outsideURL(text) {
				return size, refuse(at, "the drawing's style refers to something outside itself")
			}
		}
	}
}

// outsideURL reports whether a style or attribute holds url(…) with anything but a part of the same drawing.
func outsideURL(s string) bool {
	rest := strings.ToLower(s)
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
