// Package pendapa holds the layouts and static files that every portal starts from, inside the binary. A site's own
// file of the same name takes a file's place.
package pendapa

import "embed"

// Layouts holds layouts/.
//
//go:embed layouts
var Layouts embed.FS

// Static holds static/.
//
//go:embed static
var Static embed.FS
