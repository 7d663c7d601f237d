package match

import (
	"encoding/binary"
	"math"
)

// A Vector is what a text means, as package encoder gives it: Last for the text as a whole, Middle for its finer shades.
// Both are of length one.
type Vector struct {
	Last, Middle []float32
}

func dotProduct(a, b []float32) float32 {
	var s0, s1, s2, s3 float32 // four sums, so that one addition need not wait for the other
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		p, q := a[i:i+4:i+4], b[i:i+4:i+4] // so that the compiler checks one bound, not eight
		s0 += p[0] * q[0]
		s1 += p[1] * q[1]
		s2 += p[2] * q[2]
		s3 += p[3] * q[3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// toUnit scales v to length one, in place; a vector of nothing stays so.
func toUnit(v []float32) []float32 {
	length := sqrt(dotProduct(v, v))
	if length > 0 {
		for i := range v {
			v[i] /= length
		}
	}
	return v
}

// meanOf is the mean of vectors of the same width.
func meanOf(vectors [][]float32) []float32 {
	if len(vectors) == 0 {
		return nil
	}
	mean := make([]float32, len(vectors[0]))
	for _, v := range vectors {
		for i := range v {
			mean[i] += v[i]
		}
	}
	for i := range mean {
		mean[i] /= float32(len(vectors))
	}
	return mean
}

// rounded is a vector in signed bytes: a quarter of the memory, for what is only kept to make a table of.
type rounded struct {
	step  float32 // what one whole number stands for
	whole []int8
}

func round(v []float32) rounded {
	most := float32(0)
	for _, x := range v {
		most = max(most, x, -x)
	}
	r := rounded{step: most / 127, whole: make([]int8, len(v))}
	for i, x := range v {
		if r.step > 0 {
			r.whole[i] = int8(math.RoundToEven(float64(x / r.step)))
		}
	}
	return r
}

func (r rounded) numbers() []float32 {
	out := make([]float32, len(r.whole))
	for i, whole := range r.whole {
		out[i] = float32(whole) * r.step
	}
	return out
}

// bytes writes a rounded vector: its step (a 32-bit float, little end first) and a byte for each number.
func (r rounded) bytes() []byte {
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(r.step))
	for _, whole := range r.whole {
		out = append(out, byte(whole))
	}
	return out
}

// roundedFrom reads what bytes wrote.
func roundedFrom(body []byte) (r rounded) {
	if len(body) < 4 {
		return r
	}
	r.step = math.Float32frombits(binary.LittleEndian.Uint32(body))
	r.whole = make([]int8, len(body)-4)
	for i := range r.whole {
		r.whole[i] = int8(body[4+i])
	}
	return r
}
