package encoder

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
)

var bothKernels = []kernel{bestKernel(), portable}

// randomRows are vectors of length one.
func randomRows(rows, width int) [][]float32 {
	all, out := randomFloats(rows*width, uint64(rows)), make([][]float32, rows)
	for i := range out {
		out[i] = all[i*width : (i+1)*width]
		normalise(out[i])
	}
	return out
}

// tableOf makes a table that uses kernel k.
func tableOf(k kernel, rows [][]float32) *Table {
	t := NewTable(len(rows[0]), rows)
	t.kernel = k
	return t
}

// productsOf are the products of all rows, in room that was dirty.
func productsOf(t *Table, v []float32) []float32 {
	dst := slices.Repeat([]float32{99}, t.Len())
	t.Products(dst, Round(v), 0, t.Len())
	return dst
}

// furthest is the greatest distance of any product from the one in 64-bit floats.
func furthest(t *Table, rows [][]float32, v []float32) float64 {
	var most float64
	for i, got := range productsOf(t, v) {
		var want float64
		for j, x := range rows[i] {
			want += float64(x) * float64(v[j])
		}
		most = max(most, math.Abs(float64(got)-want))
	}
	return most
}

func TestProducts(t *testing.T) {
	for _, k := range bothKernels {
		var most float64
		for _, width := range []int{1, 2, 3, 16, 31, 384, 1152, 2047, 2048} {
			for _, count := range []int{1, 15, 16, 17, 100} {
				rows := randomRows(count, width)
				for _, v := range append(randomRows(5, width), rows[count/2]) { // one is in the table
					most = max(most, furthest(tableOf(k, rows), rows, v))
				}
			}
		}
		t.Logf("%s: products are right to %.5f", k.name, most)
		if most > 0.01 {
			t.Errorf("%s: a product is %v away", k.name, most)
		}
	}
}

func TestProductsOfARowWithOneGreatNumber(t *testing.T) {
	for _, k := range bothKernels {
		rows := randomRows(200, 384)
		for i, row := range rows {
			row[i] *= float32(1 + i)
			normalise(row)
		}
		var most float64
		for _, v := range randomRows(50, 384) {
			most = max(most, furthest(tableOf(k, rows), rows, v))
		}
		t.Logf("%s: products are right to %.5f", k.name, most)
		if most > 0.01 {
			t.Errorf("%s: a product is %v away", k.name, most)
		}
	}
}

func TestProductsOfMeanings(t *testing.T) {
	m := realModel(t)
	vectors, err := m.EncodeAll(t.Context(), someTexts, nil)
	if err != nil {
		t.Fatal(err)
	}
	var last, middle [][]float32
	for _, v := range vectors {
		last, middle = append(last, v.Last), append(middle, v.Middle)
	}
	for _, rows := range [][][]float32{last, middle} {
		var most float64
		for _, v := range rows {
			most = max(most, furthest(tableOf(bestKernel(), rows), rows, v))
		}
		t.Logf("%d wide: products are right to %.5f", len(rows[0]), most)
		if most > 0.005 {
			t.Errorf("%d wide: a product is %v away", len(rows[0]), most)
		}
	}
}

// A product may not depend on the range it is asked for in, and nothing beside the range may be written.
func TestProductsOfAllRanges(t *testing.T) {
	const count = 50
	rows, v := randomRows(count, 7), randomFloats(7, 1)
	for _, k := range bothKernels {
		table := tableOf(k, rows)
		all := productsOf(table, v)
		for from := range count + 1 {
			for to := from; to <= count; to++ {
				dst := slices.Repeat([]float32{99}, count+2)
				table.Products(dst[1:], Round(v), from, to)
				want := slices.Concat([]float32{99}, all[from:to], slices.Repeat([]float32{99}, count+1-(to-from)))
				if !slices.Equal(dst, want) {
					t.Fatalf("%s, rows %d to %d: %v, want %v", k.name, from, to, dst, want)
				}
			}
		}
	}
}

func TestProductsAreTheSameInBothKernels(t *testing.T) {
	bits := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
	for _, width := range []int{1, 6, 383, 384, 1152, 2048} {
		rows := randomRows(77, width)
		for i, row := range rows {
			scale(row, float32(math.Pow(10, float64(i%40-25)))) // some products are too small for a float32
		}
		for i := range 10 {
			v := randomFloats(width, uint64(i))
			scale(v, float32(math.Pow(10, float64(-3*i))))
			a, b := productsOf(tableOf(bestKernel(), rows), v), productsOf(tableOf(portable, rows), v)
			if !slices.EqualFunc(a, b, bits) {
				t.Fatalf("%d wide: %v, portable %v", width, a, b)
			}
		}
	}
}

// The greatest sums there can be must not overflow, with either sign.
func TestProductsAtTheLimit(t *testing.T) {
	row := slices.Repeat([]float32{2}, maxInner)
	minus := slices.Repeat([]float32{-2}, maxInner)
	for _, k := range bothKernels {
		got := productsOf(tableOf(k, [][]float32{row, minus}), row)
		if math.Abs(float64(got[0]/(4*maxInner))-1) > 1e-6 || got[1] != -got[0] {
			t.Errorf("%s: %v, want plus and minus %d", k.name, got, 4*maxInner)
		}
	}
}

func TestProductsOfZeros(t *testing.T) {
	rows := randomRows(40, 5)
	clear(rows[17])
	rows[18] = []float32{1e-38, 0, 0, -1e-38, 0}
	for _, k := range bothKernels {
		table := tableOf(k, rows)
		for i, got := range productsOf(table, []float32{1, 2, 3, 4, 5}) {
			if zero := i == 17 || i == 18; zero != (got == 0) {
				t.Errorf("%s: row %d gives %v", k.name, i, got)
			}
		}
		for i, got := range productsOf(table, make([]float32, 5)) {
			if got != 0 {
				t.Errorf("%s: row %d by zeros gives %v", k.name, i, got)
			}
		}
	}
}

func TestTableKeepsNoRows(t *testing.T) {
	rows := randomRows(20, 8)
	table, v := NewTable(8, rows), randomFloats(8, 1)
	before, rounded := productsOf(table, v), Round(v)
	for _, row := range append(rows, v) {
		clear(row)
	}
	after := make([]float32, 20)
	table.Products(after, rounded, 0, 20)
	if !slices.Equal(before, after) {
		t.Errorf("%v, after the rows were cleared %v", before, after)
	}
}

func TestTableSizes(t *testing.T) {
	for _, c := range []struct{ width, rows, bytes int }{
		{384, 0, 0}, {384, 1, 384 + 4}, {384, 16, 16 * (384 + 4)}, {383, 17, 17 * (384 + 4)}, {1152, 240, 240 * (1152 + 4)},
	} {
		table := NewTable(c.width, randomRows(c.rows, c.width))
		if table.Len() != c.rows || table.Bytes() != c.bytes {
			t.Errorf("%d x %d: %d rows in %d bytes, want %d", c.rows, c.width, table.Len(), table.Bytes(), c.bytes)
		}
		if got := productsOf(table, randomFloats(c.width, 1)); len(got) != c.rows || slices.Contains(got, 99) {
			t.Errorf("%d x %d: products %v", c.rows, c.width, got)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	table, v, dst := NewTable(4, randomRows(20, 4)), Round(make([]float32, 4)), make([]float32, 10)
	for name, call := range map[string]func(){
		"no width":            func() { NewTable(0, nil) },
		"too wide":            func() { NewTable(maxInner+1, nil) },
		"a short row":         func() { NewTable(4, [][]float32{make([]float32, 4), make([]float32, 3)}) },
		"a long row":          func() { NewTable(4, [][]float32{make([]float32, 5)}) },
		"another width":       func() { table.Products(dst, Round(make([]float32, 6)), 0, 1) },
		"no vector":           func() { table.Products(dst, Rounded{}, 0, 1) },
		"rows before":         func() { table.Products(dst, v, -1, 1) },
		"rows beyond":         func() { table.Products(dst, v, 19, 21) },
		"rows the wrong way":  func() { table.Products(dst, v, 2, 1) },
		"no room":             func() { table.Products(dst[:2:3], v, 0, 4) },
		"room beyond its end": func() { table.Products(dst[:2], v, 0, 4) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("was taken")
				}
			}()
			call()
		})
	}
}

func TestTableIsSafeForConcurrentUse(t *testing.T) {
	for _, k := range bothKernels {
		rows := randomRows(100, 96)
		table := tableOf(k, rows)
		shared := Round(rows[3])
		want := productsOf(table, rows[3])
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				for from := i; from < 90; from++ {
					dst := make([]float32, 10)
					table.Products(dst, Round(rows[from]), from, from+10)
					table.Products(dst, shared, from, from+10)
					if !slices.Equal(dst, want[from:from+10]) {
						t.Errorf("%s: another product beside others", k.name)
					}
				}
			})
		}
		group.Wait()
	}
}

func TestProductsAllocateNothing(t *testing.T) {
	for _, k := range bothKernels {
		table, v, dst := tableOf(k, randomRows(50, 384)), Round(randomFloats(384, 1)), make([]float32, 40)
		if got := testing.AllocsPerRun(20, func() { table.Products(dst, v, 5, 45) }); got > 0 {
			t.Errorf("%s: %v allocations", k.name, got)
		}
	}
}

func BenchmarkProducts(b *testing.B) {
	for _, k := range bothKernels {
		for _, size := range [][2]int{{20_000, 384}, {6_000, 384}, {240, 1152}} {
			b.Run(fmt.Sprintf("%s/%dx%d", k.name, size[0], size[1]), func(b *testing.B) {
				t := NewTable(size[1], randomRows(size[0], size[1]))
				t.kernel = k
				v, dst := Round(randomFloats(size[1], 1)), make([]float32, size[0])
				b.ReportAllocs()
				for b.Loop() {
					t.Products(dst, v, 0, t.Len())
				}
				b.ReportMetric(float64(t.Len()*size[1])*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "products/ns")
			})
		}
	}
}

// Eighty entries of twelve phrasings each, anywhere in the table.
func BenchmarkProductsOfRanges(b *testing.B) {
	for _, k := range bothKernels {
		b.Run(k.name, func(b *testing.B) {
			t := NewTable(384, randomRows(20_000, 384))
			t.kernel = k
			v, dst := Round(randomFloats(384, 1)), make([]float32, 12)
			b.ReportAllocs()
			for b.Loop() {
				for i := range 80 {
					from := i * 7919 % (t.Len() - len(dst))
					t.Products(dst, v, from, from+len(dst))
				}
			}
		})
	}
}

func BenchmarkNewTable(b *testing.B) {
	rows := randomRows(20_000, 384)
	for b.Loop() {
		NewTable(384, rows)
	}
}

func TestTableRow(t *testing.T) {
	rows := randomRows(19, 383) // a whole block and three rows after it
	table := NewTable(383, rows)
	for i, row := range rows {
		got := table.Row(nil, i)
		if len(got) != 384 || got[383] != 0 {
			t.Fatalf("row %d has %d numbers and ends with %v, want 384 and 0", i, len(got), got[383])
		}
		for k, want := range row {
			if d := got[k] - want; d > 0.02 || d < -0.02 {
				t.Fatalf("row %d, number %d is %v, want %v", i, k, got[k], want)
			}
		}
	}
}
