package encoder

import "fmt"

// A Table keeps many vectors of one width in eight bits a number, and multiplies them by one vector. It is immutable and
// safe for concurrent use. For vectors of length one a product is their cosine, to about 0.002; to about 0.01 where a single number
// is most of a row, as the steps are coarse then.
type Table struct {
	rows   int
	matrix matrix // a row is an output; without bias, and of whole blocks only
	last   []int8 // the rows after the last whole block, one after the other: most tables are small, and a block is 16 rows
	scale  []float32
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
	m := matrix{in: even(width), out: len(rows) / blockOut * blockOut}
	m.scale, m.data = make([]float32, m.out), make([]byte, m.in*m.out)
	t := &Table{rows: len(rows), matrix: m, kernel: bestKernel()}
	t.last, t.scale = make([]int8, m.in*(len(rows)-m.out)), make([]float32, len(rows)-m.out)
	for o, row := range rows {
		if len(row) != width {
			panic(fmt.Sprintf("encoder: row %d of width %d in a table of width %d", o, len(row), width))
		}
		t.packRow(o, row)
	}
	return t
}

// even is how many numbers are kept of n, as the kernels take two at a time; the last may be a zero.
func even(n int) int { return n + n%2 }

// packRow rounds the o-th row. The step is the one at which the largest just fits: the search of [bestStep]
// wins nothing on vectors of meaning and takes fifteen times as long.
func (t *Table) packRow(o int, row []float32) {
	var most float32
	for _, v := range row {
		most = max(most, abs(v))
	}
	if most < tiny {
		return
	}
	step, m := most/127, &t.matrix
	if o < m.out {
		m.scale[o] = step
		for i, v := range row {
			m.data[m.at(o, i)] = toByte(v, step)
		}
		return
	}
	t.scale[o-m.out] = step
	for i, v := range row {
		t.last[(o-m.out)*m.in+i] = int8(toByte(v, step))
	}
}

// Round rounds a vector to 13 bits with one scale, once for all products with it. Its numbers must be finite.
func Round(v []float32) Rounded {
	whole := make([]int16, even(len(v)))
	return Rounded{whole: whole, step: roundRow(whole[:len(v)], v)}
}

// Len is how many rows there are.
func (t *Table) Len() int { return t.rows }

// Bytes is how much memory the rows take.
func (t *Table) Bytes() int { return len(t.matrix.data) + len(t.last) + 4*t.rows }

// Products writes the product of v with row i to dst[i-from], for from <= i < to; the rest of dst stays as it is. Rows are
// multiplied in blocks of 16, so a range costs the same as the blocks that it touches; those after the last block one by one. It panics if the rows are not in the
// table, dst has no room for them, or v has another width. It allocates nothing.
func (t *Table) Products(dst []float32, v Rounded, from, to int) {
	if from < 0 || from > to || to > t.rows || to-from > len(dst) || len(v.whole) != t.matrix.in {
		panic(fmt.Sprintf("encoder: products of %d numbers with rows %d to %d into %d: the table is %d x %d",
			len(v.whole), from, to, len(dst), t.rows, t.matrix.in))
	}
	if whole := min(to, t.matrix.out); from < whole {
		t.kernel.products(dst[:whole-from], &t.matrix, v, from)
	}
	for o := max(from, t.matrix.out); o < to; o++ {
		at := o - t.matrix.out
		dst[o-from] = float32(wholeProduct(t.last[at*t.matrix.in:], v.whole)) * float32(t.scale[at]*v.step)
	}
}

// wholeProduct is the sum of the products of a row and x, of even length: whole numbers, so that the order does not matter.
func wholeProduct(row []int8, x []int16) int32 {
	var a, b int32 // two sums, so that one addition need not wait for the other
	row = row[:len(x)]
	for i := 0; i+2 <= len(x); i += 2 {
		p, q := row[i:i+2:i+2], x[i:i+2:i+2]
		a += int32(p[0]) * int32(q[0])
		b += int32(p[1]) * int32(q[1])
	}
	return a + b
}

// Row appends the i-th row to dst, as it was rounded; one of odd width with a zero after it.
func (t *Table) Row(dst []float32, i int) []float32 {
	m := &t.matrix
	for k := range m.in {
		if i < m.out {
			dst = append(dst, float32(int8(m.data[m.at(i, k)]))*m.scale[i])
		} else {
			dst = append(dst, float32(t.last[(i-m.out)*m.in+k])*t.scale[i-m.out])
		}
	}
	return dst
}
