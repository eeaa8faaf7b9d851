package render

import (
	"image/color"
	"slices"
	"strings"
	"sync"

	"pendapa/internal/config"
	"pendapa/internal/cover"
	"pendapa/internal/palette"
	"pendapa/internal/site"
)

// coverFolder is where the pictures stand that stand for shared addresses.
const coverFolder = "assets/sampul/"

// signOf is the sign of the section that a page belongs to.
func signOf(p *site.Page) string {
	folder, _, _ := strings.Cut(p.Path, "/")
	if slices.Contains(cover.Signs(), folder) {
		return folder
	}
	return ""
}

// coverOutputs plans the pictures that stand for shared addresses, one for each section.
func (a *Assets) coverOutputs() []Output {
	var outputs []Output
	for _, sign := range append(cover.Signs(), "") {
		outputs = append(outputs, Output{Path: coverPath(sign), From: itself, Make: func(*Pass) ([]byte, error) { return a.covers()[sign], nil }})
	}
	return outputs
}

// drawCovers prepares these pictures: drawn when they are first asked for, and the same until the settings change.
func drawCovers(settings *config.Settings) func() map[string][]byte {
	theme := settings.Palette.Light
	colors := cover.Colors{Ground: rgba(theme.Get("header")), Lines: rgba(theme.Get("header-text")), Accent: rgba(theme.Get("header-accent"))}
	return sync.OnceValue(func() map[string][]byte { return cover.All(colors) })
}

func coverPath(sign string) string {
	if sign == "" {
		sign = "portal"
	}
	return coverFolder + sign + ".png"
}

func rgba(c palette.Color) color.RGBA {
	red, green, blue := c.Bytes()
	return color.RGBA{red, green, blue, 255}
}
