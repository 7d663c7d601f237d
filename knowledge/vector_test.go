package knowledge

import (
	"bytes"
	"slices"
	"testing"

	"signpost/knowledge/encoder"
)

func TestPackDocument(t *testing.T) {
	texts := []encoder.Vector{
		{Last: []float32{0.6, -0.8}, Middle: []float32{1, 0, 0}},
		{Last: []float32{0, 1}, Middle: []float32{0, 1, 0}},
	}
	place := []byte{1, 2, 3, 4, 5}
	packed := packDocument([][]byte{packVector(texts[0]), packVector(texts[1])}, place)
	got, ok := unpackDocument(packed)
	if !ok || got.count != len(texts) || got.width != 2 || !bytes.Equal(got.place, place) {
		t.Fatalf("%+v, %v", got, ok)
	}
	rows := encoder.RowsOf(got.width, got.texts)
	for i, text := range texts {
		alone, ok := unpackVector(packVector(text))
		last := make([]float32, got.width)
		if rows.Add(last, i); !ok || !slices.Equal(last, alone.Last) {
			t.Errorf("text %d: %v, want what its own row says, %v", i, last, alone.Last)
		}
	}
	for n := range len(packed) - len(place) {
		if _, ok := unpackDocument(packed[:n]); ok {
			t.Errorf("the first %d bytes are taken for a document", n)
		}
	}
}
