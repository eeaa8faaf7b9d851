//go:build !linux || !amd64

package faults

import "os/exec"

// Main runs a program under the eyes of [Run].
func Main() {}

// Run is not to be had on this system.
func Run(*exec.Cmd, string, func(Call) Verdict) error { return ErrUnsupported }
