//go:build amd64 && cgo

package encoder

// #cgo CFLAGS: -O3
// #cgo noescape signpost_linear
// #cgo nocallback signpost_linear
// #cgo noescape signpost_products
// #cgo nocallback signpost_products
// #cgo noescape signpost_rows
// #cgo nocallback signpost_rows
// #cgo noescape signpost_attend
// #cgo nocallback signpost_attend
// #cgo noescape signpost_gelu
// #cgo nocallback signpost_gelu
// #cgo noescape signpost_add_norm
// #cgo nocallback signpost_add_norm
// #include "avx2.h"
import "C"

import "unsafe"

// bestKernel is the fastest that this CPU can run.
func bestKernel() kernel {
	if C.signpost_has_avx2() != 0 {
		return avx2
	}
	return portable
}

// avx2 is the kernel of avx2.c. Looking up a row is too little work for a call into C.
var avx2 = kernel{
	name:     "avx2",
	look:     lookPortable,
	linear:   linearAVX2,
	products: productsAVX2,
	attend:   attendAVX2,
	gelu:     geluAVX2,
	addNorm:  addNormAVX2,
}

func linearAVX2(dst, src []float32, m *matrix, whole []int16, scales []float32) {
	rows := len(src) / m.in
	_, _, _ = dst[rows*m.out-1], whole[rows*m.in-1], scales[rows-1] // C does not check
	C.signpost_linear(float(dst), float(src), C.int(rows), C.int(m.in), C.int(m.out),
		(*C.int8_t)(unsafe.Pointer(unsafe.SliceData(m.data))), float(m.scale), float(m.bias),
		(*C.int16_t)(unsafe.SliceData(whole)), float(scales))
}

func productsAVX2(dst []float32, m *matrix, v Rounded, from int) {
	to := from + len(dst)
	_, _, _ = m.scale[:m.out][to-1], m.data[m.out*m.in-1], v.whole[m.in-1] // C does not check
	C.signpost_products(float(dst), C.int(from), C.int(to), C.int(m.in), (*C.int8_t)(unsafe.Pointer(unsafe.SliceData(m.data))),
		float(m.scale), (*C.int16_t)(unsafe.SliceData(v.whole)), C.float(v.step))
}

// rowKernel is chosen once, as there are many small rows.
var rowKernel = func() func(dst []float32, r Rows, v Rounded) {
	if C.signpost_has_avx2() != 0 {
		return rowsAVX2
	}
	return rowsPortable
}()

func rowsAVX2(dst []float32, r Rows, v Rounded) {
	_, _ = r.packed[len(dst)*(RowHead+r.width)-1], v.whole[r.width-1] // C does not check
	C.signpost_rows(float(dst), C.int(len(dst)), C.int(r.width), (*C.uint8_t)(unsafe.SliceData(r.packed)),
		(*C.int16_t)(unsafe.SliceData(v.whole)), C.float(v.step))
}

func attendAVX2(dst, qkv []float32, n int) {
	if n > maxTokens || len(qkv) != 3*len(dst) {
		panic("encoder: attend: rows do not fit")
	}
	C.signpost_attend(float(dst), float(qkv), C.int(n), C.int(len(dst)/n))
}

func geluAVX2(x []float32) {
	C.signpost_gelu(float(x), C.int(len(x)))
}

func addNormAVX2(x, y []float32, n *layerNorm) {
	width := len(n.gain)
	_, _ = y[len(x)-1], n.bias[width-1]
	C.signpost_add_norm(float(x), float(y), C.int(len(x)/width), C.int(width), float(n.gain), float(n.bias))
}

func float(s []float32) *C.float { return (*C.float)(unsafe.SliceData(s)) }
