package encoder

import "math"

// portable is the kernel in plain Go, for every CPU.
var portable = kernel{
	name:     "portable",
	look:     lookPortable,
	linear:   linearPortable,
	products: productsPortable,
	attend:   attendPortable,
	gelu:     geluPortable,
	addNorm:  addNormPortable,
}

func lookPortable(dst []float32, t *table, i int) {
	row := t.data[i*t.width : (i+1)*t.width]
	step := t.scale[i]
	for j, b := range row {
		dst[j] = step * float32(int8(b))
	}
}

// linearPortable packs the activations of two tokens into one 64-bit number, so that one multiplication serves both: no sum
// leaves 32 bits, hence the lower half borrows at most one from the upper, which splitting gives back.
func linearPortable(dst, src []float32, m *matrix, whole []int16, scales []float32) {
	rows := len(src) / m.in
	var room [maxInner]int64
	pair := room[:m.in]
	for r := range rows {
		scales[r] = roundRow(whole[r*m.in:(r+1)*m.in], src[r*m.in:(r+1)*m.in])
	}
	for r := 0; r < rows; r += 2 {
		second := min(r+1, rows-1) // the last of an odd number is done twice
		low, high := whole[r*m.in:(r+1)*m.in], whole[second*m.in:(second+1)*m.in]
		for i := range pair {
			pair[i] = int64(low[i]) + int64(high[i])<<32
		}
		for o := 0; o < m.out; o += 4 {
			sums := dot4(pair, m.data[m.at(o, 0):])
			for j, sum := range sums {
				lower := int32(sum)
				upper := int32((sum - int64(lower)) >> 32)
				dst[r*m.out+o+j] = widen(lower, m, o+j, scales[r])
				dst[second*m.out+o+j] = widen(upper, m, o+j, scales[second])
			}
		}
	}
}

func widen(sum int32, m *matrix, o int, scale float32) float32 {
	step := m.scale[o] * scale
	return float32(float32(sum)*step) + m.bias[o]
}

func productsPortable(dst []float32, m *matrix, v Rounded, from int) {
	to := from + len(dst)
	for o := from &^ 3; o < to; o += 4 {
		sums := dot4(v.whole, m.data[m.at(o, 0):])
		for i := max(o, from); i < min(o+4, to); i++ {
			dst[i-from] = float32(int32(sums[i-o])) * (m.scale[i] * v.step)
		}
	}
}

// dot4 sums the products of all inputs, alone or in pairs, with four neighbouring outputs, whose first weight is data[0].
func dot4[T int16 | int64](x []T, data []byte) [4]int64 {
	var a, b, c, d int64
	for i := 0; i+1 < len(x); i += 2 {
		w := data[i*blockOut : i*blockOut+8 : i*blockOut+8]
		even, odd := int64(x[i]), int64(x[i+1])
		a += int64(int8(w[0]))*even + int64(int8(w[1]))*odd
		b += int64(int8(w[2]))*even + int64(int8(w[3]))*odd
		c += int64(int8(w[4]))*even + int64(int8(w[5]))*odd
		d += int64(int8(w[6]))*even + int64(int8(w[7]))*odd
	}
	return [4]int64{a, b, c, d}
}

// roundRow writes a row as whole numbers and returns what one step is worth.
func roundRow(dst []int16, src []float32) float32 {
	var most float32
	for _, v := range src {
		most = max(most, abs(v))
	}
	if most < tiny {
		clear(dst)
		return 0
	}
	up := wholeMax / most
	for i, v := range src {
		dst[i] = int16(round(float32(v * up)))
	}
	return most / wholeMax
}

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

func round(x float32) float32 { return float32(x+roundMagic) - roundMagic }

func attendPortable(dst, qkv []float32, n int) {
	width := len(dst) / n
	var scores [maxTokens]float32
	for head := 0; head < width; head += headWidth {
		for i := range n {
			query := qkv[i*3*width+head:][:headWidth]
			for j := range n {
				scores[j] = score(query, qkv[j*3*width+width+head:][:headWidth])
			}
			total := softmax(scores[:n])
			out := dst[i*width+head:][:headWidth]
			clear(out)
			for j, p := range scores[:n] {
				addScaled(out, qkv[j*3*width+2*width+head:][:headWidth], p)
			}
			for j := range out {
				out[j] /= total
			}
		}
	}
}

func score(query, key []float32) float32 {
	var sum float32
	for d, q := range query {
		sum += float32(q * key[d])
	}
	return sum * scoreScale
}

func addScaled(out, v []float32, p float32) {
	for d, x := range v {
		out[d] += float32(p * x)
	}
}

// softmax replaces scores by the exponentials of their distances from the highest, and returns the sum of these.
func softmax(scores []float32) float32 {
	most := scores[0]
	for _, s := range scores {
		most = max(most, s)
	}
	var lanes [8]float32
	for i, s := range scores {
		e := exp(s - most)
		scores[i] = e
		lanes[i%8] += e
	}
	return sum8(&lanes)
}

// sum8 adds eight lanes as AVX2 does best: halves, halves of halves, the last two.
func sum8(l *[8]float32) float32 {
	a, b, c, d := l[0]+l[4], l[1]+l[5], l[2]+l[6], l[3]+l[7]
	return (a + c) + (b + d)
}

// exp is e^x for x <= 0.
func exp(x float32) float32 {
	x = max(x, expLow)
	n := round(float32(x * expLog2e))
	r := x - float32(n*expLn2a)
	r -= float32(n * expLn2b)
	y := expPoly[0]
	for _, c := range expPoly[1:] {
		y = float32(y*r) + c
	}
	y = float32(float32(y*r)*r) + r + 1
	return y * math.Float32frombits(uint32(int32(n)+127)<<23)
}

func geluPortable(x []float32) {
	for i, v := range x {
		x[i] = float32(v*0.5) * (1 + erf(float32(v*(1/math.Sqrt2))))
	}
}

func erf(x float32) float32 {
	x = min(max(x, -4), 4)
	square := float32(x * x)
	top, bottom := erfTop[0], erfBottom[0]
	for _, c := range erfTop[1:] {
		top = float32(top*square) + c
	}
	for _, c := range erfBottom[1:] {
		bottom = float32(bottom*square) + c
	}
	return float32(x*top) / bottom
}

func addNormPortable(x, y []float32, n *layerNorm) {
	width := len(n.gain)
	for start := 0; start < len(x); start += width {
		row, more := x[start:start+width], y[start:start+width]
		var sums, squares [8]float32
		for i := range row {
			row[i] += more[i]
			sums[i%8] += row[i]
		}
		mean := sum8(&sums) / float32(width)
		for i := range row {
			row[i] -= mean
			squares[i%8] += float32(row[i] * row[i])
		}
		spread := float32(math.Sqrt(float64(sum8(&squares)/float32(width) + normEpsilon)))
		for i := range row {
			row[i] = float32(float32(row[i]/spread)*n.gain[i]) + n.bias[i]
		}
	}
}
