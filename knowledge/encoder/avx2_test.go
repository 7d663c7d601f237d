//go:build amd64 && cgo

package encoder

import (
	"math"
	"slices"
	"testing"
)

// Both kernels must give the same bits; a vector made by one is compared with vectors made by the other.

func needAVX2(t *testing.T) {
	t.Helper()
	if bestKernel().name != avx2.name {
		t.Skip("this CPU has no AVX2")
	}
}

// same compares bit by bit and says where the first difference is.
func same(t *testing.T, what string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Fatalf("%s: value %d is %v with AVX2 and %v without", what, i, a[i], b[i])
		}
	}
}

func TestLinearIsTheSame(t *testing.T) {
	needAVX2(t)
	for _, size := range [][2]int{{32, 16}, {96, 48}, {384, 64}, {1536, 384}, {2048, 16}} {
		m := randomMatrix(size[0], size[1])
		for rows := range 20 {
			rows++
			src := randomFloats(rows*m.in, uint64(rows))
			clear(src[(rows-1)*m.in:]) // a row of zeros, too
			a, b := make([]float32, rows*m.out), make([]float32, rows*m.out)
			linearAVX2(a, src, m, make([]int16, len(src)), make([]float32, rows))
			linearPortable(b, src, m, make([]int16, len(src)), make([]float32, rows))
			same(t, "linear", a, b)
		}
	}
}

func TestAttendIsTheSame(t *testing.T) {
	needAVX2(t)
	for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 100, 255, maxTokens} {
		for _, width := range []int{32, 96} {
			qkv := randomFloats(n*3*width, uint64(n))
			for i := range qkv {
				qkv[i] *= 4
			}
			a, b := make([]float32, n*width), make([]float32, n*width)
			attendAVX2(a, qkv, n)
			attendPortable(b, qkv, n)
			same(t, "attend", a, b)
		}
	}
}

func TestGELUIsTheSame(t *testing.T) {
	needAVX2(t)
	x := append(randomFloats(4096, 1), 0, -0, 1e-40, -1e-40, 1e30, -1e30, 5.656854, -5.656854)
	for x0 := float32(-8); x0 < 8; x0 += 1.0 / 1024 {
		x = append(x, x0)
	}
	y := slices.Clone(x)
	geluAVX2(x)
	geluPortable(y)
	same(t, "gelu", x, y)
}

func TestAddNormIsTheSame(t *testing.T) {
	needAVX2(t)
	for _, width := range []int{32, 64, 384} {
		x, y := randomFloats(5*width, 1), randomFloats(7*width, 2)
		n := &layerNorm{gain: randomFloats(width, 3), bias: randomFloats(width, 4)}
		copy(x[width:2*width], make([]float32, width))
		copy(y[width:2*width], make([]float32, width))
		z := slices.Clone(x)
		addNormAVX2(x, y, n)
		addNormPortable(z, y, n)
		same(t, "addNorm", x, z)
	}
}

func TestModelIsTheSame(t *testing.T) {
	needAVX2(t)
	a, b := tinyModel(t), tinyModel(t)
	a.kernel, b.kernel = avx2, portable
	for _, text := range someTexts {
		same(t, text, a.Encode(text).Middle, b.Encode(text).Middle)
	}
}

func TestRealModelIsTheSame(t *testing.T) {
	needAVX2(t)
	a, b := realModel(t), realModel(t)
	a.kernel, b.kernel = avx2, portable
	for _, text := range someTexts {
		same(t, text, a.Encode(text).Middle, b.Encode(text).Middle)
	}
}
