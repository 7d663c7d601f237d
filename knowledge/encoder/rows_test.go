package encoder

import (
	"math"
	"slices"
	"testing"
)

func packed(rows [][]float32) (all []byte) {
	for _, row := range rows {
		all = AppendRow(all, row)
	}
	return all
}

// Rows must give the very products that a table gives, by either kernel.
func TestRowsMultiplyAsATableDoes(t *testing.T) {
	for _, width := range []int{1, 2, 7, 31, 32, 33, 100, 383, 384, 2048} {
		for _, count := range []int{1, 9, 16, 20} {
			vectors := randomRows(count, width)
			clear(vectors[count/2])
			rows := RowsOf(width, packed(vectors))
			v := randomFloats(width, 3)
			want := productsOf(NewTable(width, vectors), v)
			for name, kernel := range map[string]func([]float32, Rows, Rounded){"portable": rowsPortable, "chosen": rowKernel} {
				got := make([]float32, count)
				kernel(got, rows, Round(v))
				if !slices.Equal(got, want) {
					t.Fatalf("%s, %d x %d: %v, of a table %v", name, count, width, got, want)
				}
			}
		}
	}
}

func TestRowsAtTheLimit(t *testing.T) {
	row := slices.Repeat([]float32{2}, maxInner)
	rows, got := RowsOf(maxInner, AppendRow(nil, row)), make([]float32, 1)
	for _, kernel := range []func([]float32, Rows, Rounded){rowsPortable, rowKernel} {
		if kernel(got, rows, Round(row)); math.Abs(float64(got[0]/(4*maxInner))-1) > 1e-6 {
			t.Errorf("%v, want %d", got, 4*maxInner)
		}
	}
}

func TestRowsAdd(t *testing.T) {
	rows := RowsOf(3, packed([][]float32{{1, -1, 0}, {0, 127, 2}}))
	sum := make([]float32, 3)
	rows.Add(sum, 0)
	rows.Add(sum, 1)
	if want := []float32{1, 126, 2}; !slices.Equal(sum, want) {
		t.Errorf("the sum is %v, want %v", sum, want)
	}
	if n := rows.Len(); n != 2 || (Rows{}).Len() != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestTableOf(t *testing.T) {
	vectors, v := randomRows(21, 12), randomFloats(12, 5)
	table := TableOf(12, len(vectors), func(i int, row []float32) { copy(row, vectors[i]) })
	if got, want := productsOf(table, v), productsOf(NewTable(12, vectors), v); !slices.Equal(got, want) {
		t.Errorf("made row by row %v, at once %v", got, want)
	}
}

func TestRowsRefuse(t *testing.T) {
	rows := RowsOf(4, packed(randomRows(2, 4)))
	for name, call := range map[string]func(){
		"a part of a row": func() { RowsOf(4, make([]byte, 9)) },
		"no width":        func() { RowsOf(0, nil) },
		"no room":         func() { rows.Products(make([]float32, 1), Round(make([]float32, 4))) },
		"another width":   func() { rows.Products(make([]float32, 2), Round(make([]float32, 6))) },
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
