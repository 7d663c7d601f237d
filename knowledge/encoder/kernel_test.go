package encoder

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The tests here hold the portable kernel against plain 64-bit arithmetic; avx2_test.go holds the other against it.

func randomFloats(n int, seed uint64) []float32 {
	random := rand.New(rand.NewPCG(seed, 7))
	f := make([]float32, n)
	for i := range f {
		f[i] = float32(random.NormFloat64())
	}
	return f
}

func randomMatrix(in, out int) *matrix {
	m := &matrix{in: in, out: out}
	m.pack(randomFloats(in*out, uint64(in)), randomFloats(out, uint64(out)))
	return m
}

func TestMatrixHoldsEachWeightOnce(t *testing.T) {
	m := &matrix{in: 32, out: 48}
	seen := make([]bool, m.in*m.out)
	for o := range m.out {
		for i := range m.in {
			if seen[m.at(o, i)] {
				t.Fatalf("weight %d, %d has another's place", o, i)
			}
			seen[m.at(o, i)] = true
		}
	}
}

func TestLinear(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 8} {
		const in, out = 96, 32
		m, src := randomMatrix(in, out), randomFloats(rows*in, 3)
		got := make([]float32, rows*out)
		linearPortable(got, src, m, make([]int16, rows*in), make([]float32, rows))
		for i, v := range got {
			want := float64(m.bias[i%out])
			for j, x := range src[i/out*in : (i/out+1)*in] {
				want += float64(x) * float64(m.scale[i%out]) * float64(int8(m.data[m.at(i%out, j)]))
			}
			if math.Abs(float64(v)-want) > 0.01 {
				t.Fatalf("%d rows, value %d: %v, want %v", rows, i, v, want)
			}
		}
	}
}

// The greatest sums there can be must not overflow, with either sign.
func TestLinearAtTheLimit(t *testing.T) {
	for _, k := range []kernel{portable, bestKernel()} {
		m := &matrix{in: maxInner, out: blockOut}
		row := make([]float32, maxInner*blockOut)
		for i := range row {
			row[i] = 127
		}
		m.pack(row, make([]float32, blockOut))
		src := make([]float32, 3*maxInner)
		for i := range src {
			src[i] = wholeMax * float32(1-i/maxInner%2*2)
		}
		dst := make([]float32, 3*blockOut)
		k.linear(dst, src, m, make([]int16, len(src)), make([]float32, 3))
		for i, got := range dst {
			if want := float32(127*wholeMax*maxInner) * float32(1-i/blockOut%2*2); math.Abs(float64(got/want)-1) > 1e-6 {
				t.Errorf("%s: sum %v, want %v", k.name, got, want)
			}
		}
	}
}

func TestLinearOfZeros(t *testing.T) {
	m := randomMatrix(32, 16)
	dst := make([]float32, 16)
	linearPortable(dst, make([]float32, 32), m, make([]int16, 32), make([]float32, 1))
	if !slices.Equal(dst, m.bias) {
		t.Errorf("got %v, want the bias %v", dst, m.bias)
	}
}

func TestGELU(t *testing.T) {
	for x := -8.0; x <= 8; x += 0.001 {
		got := []float32{float32(x)}
		geluPortable(got)
		want := x * 0.5 * (1 + math.Erf(x/math.Sqrt2))
		if math.Abs(float64(got[0])-want) > 2e-6 {
			t.Fatalf("at %v: %v, want %v", x, got[0], want)
		}
	}
}

func TestExp(t *testing.T) {
	for x := float32(0); x > -87; x -= 0.001 {
		got, want := float64(exp(x)), math.Exp(float64(x))
		if math.Abs(got/want-1) > 3e-7 {
			t.Fatalf("at %v: %v, want %v", x, got, want)
		}
	}
	if got := exp(-1e30); got > 1e-37 {
		t.Errorf("far down: %v", got)
	}
}

func TestAttend(t *testing.T) {
	const width = 64
	for _, n := range []int{1, 5, 9} {
		qkv := randomFloats(n*3*width, 5)
		rows := func(part int) [][]float64 {
			out := make([][]float64, n)
			for i := range out {
				for _, v := range qkv[i*3*width+part*width:][:width] {
					out[i] = append(out[i], float64(v))
				}
			}
			return out
		}
		want := reference{}.attend(rows(0), rows(1), rows(2))
		got := make([]float32, n*width)
		attendPortable(got, qkv, n)
		for i, v := range got {
			if math.Abs(float64(v)-want[i/width][i%width]) > 1e-5 {
				t.Fatalf("%d tokens, value %d: %v, want %v", n, i, v, want[i/width][i%width])
			}
		}
	}
}

func TestAddNorm(t *testing.T) {
	const width = 96
	x, y := randomFloats(2*width, 8), randomFloats(3*width, 9)
	n := layerNorm{gain: randomFloats(width, 10), bias: randomFloats(width, 11)}
	want := make([][]float64, 2)
	for i := range want {
		for j := range width {
			want[i] = append(want[i], float64(x[i*width+j])+float64(y[i*width+j]))
		}
	}
	r := reference{}
	for j := range width {
		r["n.weight"] = append(r["n.weight"], float64(n.gain[j]))
		r["n.bias"] = append(r["n.bias"], float64(n.bias[j]))
	}
	want = r.norm(want, "n")
	addNormPortable(x, y, &n)
	for i, v := range x {
		if math.Abs(float64(v)-want[i/width][i%width]) > 1e-5 {
			t.Fatalf("value %d: %v, want %v", i, v, want[i/width][i%width])
		}
	}
}

func TestBestStepKeepsARowNear(t *testing.T) {
	for seed := range uint64(20) {
		row := randomFloats(384, seed)
		row[3] *= 5 // one that stands out
		step, back := bestStep(row), make([]float32, len(row))
		for i, v := range row {
			back[i] = step * float32(int8(toByte(v, step)))
		}
		if got := cosine(row, back); got < 0.999 {
			t.Errorf("seed %d: cosine %.5f", seed, got)
		}
	}
	if got := bestStep(make([]float32, 8)); got != 1 {
		t.Errorf("a row of zeros: step %v", got)
	}
}

func BenchmarkLinear(b *testing.B) {
	for _, rows := range []int{1, 14, 128} {
		m, src := randomMatrix(384, 1536), randomFloats(rows*384, 1)
		dst, whole, scales := make([]float32, rows*1536), make([]int16, rows*384), make([]float32, rows)
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			k := bestKernel()
			for b.Loop() {
				k.linear(dst, src, m, whole, scales)
			}
			b.ReportMetric(float64(rows*384*1536)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "products/ns")
		})
	}
}
