package match

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
