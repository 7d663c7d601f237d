//go:build !linux

package main

// diskOf is for Linux only.
func diskOf(string) (freeMB float64, remote string, ok bool) { return 0, "", false }
