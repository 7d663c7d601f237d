package encoder

import "fmt"

// A Table keeps many vectors of one width in eight bits a number, and multiplies them by one vector. It is immutable and
// safe for concurrent use. For vectors of length one a product is their cosine, to about 0.002; to about 0.01 where a single number
// is most of a row, as the steps are coarse then.
type Table struct {
	rows   int
	matrix matrix // a row is an output; without bias, and with rows of zeros up to a whole block
	kernel kernel
}

// A Rounded is a vector made ready by [Round] to be multiplied by a table.
type Rounded struct {
	whole []int16 // of even length
	step  float32 // what one whole number stands for
}

// NewTable rounds rows to signed bytes, each with a scale of its own, and keeps none of them. Their numbers must be finite.
// It panics if width is not from 1 to 2,048 or a row has another.
func NewTable(width int, rows [][]float32) *Table {
	if width < 1 || width > maxInner {
		panic(fmt.Sprintf("encoder: table of width %d", width))
	}
	m := matrix{in: even(width), out: (len(rows) + blockOut - 1) / blockOut * blockOut}
	m.scale, m.data = make([]float32, m.out), make([]byte, m.in*m.out)
	for o, row := range rows {
		if len(row) != width {
			panic(fmt.Sprintf("encoder: row %d of width %d in a table of width %d", o, len(row), width))
		}
		m.packRow(o, row)
	}
	return &Table{rows: len(rows), matrix: m, kernel: bestKernel()}
}

// even is how many numbers are kept of n, as the kernels take two at a time; the last may be a zero.
func even(n int) int { return n + n%2 }

// packRow rounds the weights of output o. The step is the one at which the largest just fits: the search of [bestStep]
// wins nothing on vectors of meaning and takes fifteen times as long.
func (m *matrix) packRow(o int, row []float32) {
	var most float32
	for _, v := range row {
		most = max(most, abs(v))
	}
	if most < tiny {
		return
	}
	step := most / 127
	m.scale[o] = step
	for i, v := range row {
		m.data[m.at(o, i)] = toByte(v, step)
	}
}

// Round rounds a vector to 13 bits with one scale, once for all products with it. Its numbers must be finite.
func Round(v []float32) Rounded {
	var r Rounded
	r.Set(v)
	return r
}

// Set is Round in the place of what was rounded before, which takes no memory if it was as long.
func (r *Rounded) Set(v []float32) {
	r.whole = sized(r.whole, even(len(v)))
	clear(r.whole[len(v):])
	r.step = roundRow(r.whole[:len(v)], v)
}

// Len is how many rows there are.
func (t *Table) Len() int { return t.rows }

// Bytes is how much memory the rows take.
func (t *Table) Bytes() int { return len(t.matrix.data) + 4*len(t.matrix.scale) }

// Products writes the product of v with row i to dst[i-from], for from <= i < to; the rest of dst stays as it is. Rows are
// multiplied in blocks of 16, so a range costs the same as the blocks that it touches. It panics if the rows are not in the
// table, dst has no room for them, or v has another width. It allocates nothing.
func (t *Table) Products(dst []float32, v Rounded, from, to int) {
	if from < 0 || from > to || to > t.rows || to-from > len(dst) || len(v.whole) != t.matrix.in {
		panic(fmt.Sprintf("encoder: products of %d numbers with rows %d to %d into %d: the table is %d x %d",
			len(v.whole), from, to, len(dst), t.rows, t.matrix.in))
	}
	if from < to {
		t.kernel.products(dst[:to-from], &t.matrix, v, from)
	}
}
