//go:build !(amd64 && cgo)

package encoder

// bestKernel is the portable one: there is no other for this CPU, or no C compiler to build it.
func bestKernel() kernel { return portable }

var rowKernel = rowsPortable
