//go:build !unix

package proof

const openFlags = 0
