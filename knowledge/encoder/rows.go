package encoder

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Rows are a few vectors of one width in eight bits a number, one after the other in one piece of memory: what a [Table] is
// for many. They are as exact. Nothing of them may be changed; they are safe for concurrent use. The zero Rows are none.
type Rows struct {
	width  int
	packed []byte // for each row what one step is worth (a 32-bit float, little end first), and a signed byte for each number
}

// RowHead is how many bytes stand before the numbers of a packed row.
const RowHead = 4

// AppendRow packs a vector at the end of a piece of memory, for [RowsOf]. Its numbers must be finite.
func AppendRow(packed []byte, row []float32) []byte {
	var most float32
	for _, v := range row {
		most = max(most, abs(v))
	}
	step := most / 127
	if most < tiny {
		step = 0
	}
	packed = binary.LittleEndian.AppendUint32(packed, math.Float32bits(step))
	for _, v := range row {
		b := byte(0)
		if step > 0 {
			b = toByte(v, step)
		}
		packed = append(packed, b)
	}
	return packed
}

// RowsOf takes rows that AppendRow packed and keeps hold of them. It panics if they are not of this width.
func RowsOf(width int, packed []byte) Rows {
	if width < 1 || width > maxInner || len(packed)%(RowHead+width) != 0 {
		panic(fmt.Sprintf("encoder: %d bytes of rows of width %d", len(packed), width))
	}
	return Rows{width, packed}
}

// Len is how many rows there are.
func (r Rows) Len() int {
	if r.width == 0 {
		return 0
	}
	return len(r.packed) / (RowHead + r.width)
}

// Width is how many numbers a row has.
func (r Rows) Width() int { return r.width }

// Packed gives the rows as AppendRow made them.
func (r Rows) Packed() []byte { return r.packed }

// Add adds the numbers of row i to dst.
func (r Rows) Add(dst []float32, i int) {
	step, numbers := r.row(i)
	dst = dst[:len(numbers)]
	for j, b := range numbers {
		dst[j] += float32(int8(b)) * step
	}
}

// AppendTo appends row i to packed rows, for [RowsOf].
func (r Rows) AppendTo(packed []byte, i int) []byte {
	return append(packed, r.packed[i*(RowHead+r.width):][:RowHead+r.width]...)
}

// First gives the first n rows.
func (r Rows) First(n int) Rows { return Rows{r.width, r.packed[:n*(RowHead+r.width)]} }

func (r Rows) row(i int) (step float32, numbers []byte) {
	at := i * (RowHead + r.width)
	return math.Float32frombits(binary.LittleEndian.Uint32(r.packed[at:])), r.packed[at+RowHead:][:r.width]
}

// Products writes the product of v with row i to dst[i]. It panics if dst has no room for all, or v has another width. It
// allocates nothing.
func (r Rows) Products(dst []float32, v Rounded) {
	n := r.Len()
	if n == 0 {
		return
	}
	if n > len(dst) || len(v.whole) != even(r.width) {
		panic(fmt.Sprintf("encoder: products of %d numbers with %d rows of %d into %d", len(v.whole), n, r.width, len(dst)))
	}
	rowKernel(dst[:n], r, v)
}

func rowsPortable(dst []float32, r Rows, v Rounded) {
	for i := range dst {
		step, numbers := r.row(i)
		sum, x := int32(0), v.whole[:len(numbers)]
		for j, b := range numbers {
			sum += int32(int8(b)) * int32(x[j])
		}
		dst[i] = float32(sum) * float32(step*v.step)
	}
}

// TableOf is NewTable for rows that are made one by one: fill is called with each number below rows and zeros to write the
// row to.
func TableOf(width, rows int, fill func(i int, row []float32)) *Table {
	t := NewTable(width, nil)
	t.rows, t.matrix.out = rows, (rows+blockOut-1)/blockOut*blockOut
	t.matrix.scale, t.matrix.data = make([]float32, t.matrix.out), make([]byte, t.matrix.in*t.matrix.out)
	row := make([]float32, width)
	for i := range rows {
		clear(row)
		fill(i, row)
		t.matrix.packRow(i, row)
	}
	return t
}
