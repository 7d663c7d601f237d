package encoder

import "math"

// A scratch holds the tokens of one batch and what is computed on the way; reused, so that encoding allocates nothing
// but the vectors it returns. Rows of all texts of the batch stand under each other.
type scratch struct {
	cutter cutter
	ids    []int32
	ends   []int     // where each text's rows end in ids
	x      []float32 // rows x width: the state that goes from layer to layer
	y      []float32 // rows x width: what a half layer adds to it
	wide   []float32 // rows x max(3 width, inner): queries, keys and values, or the inner state
	whole  []int16   // rows x inner: activations as whole numbers
	scales []float32 // rows: what a whole number stands for
}

func (s *scratch) reset() {
	s.ids, s.ends = s.ids[:0], s.ends[:0]
}

// add appends a text to the batch, unless others are there already and it would not fit.
func (s *scratch) add(t *tokenizer, text string) bool {
	before := len(s.ids)
	s.ids = s.cutter.cut(t, s.ids, text)
	if before > 0 && len(s.ids) > batchLimit {
		s.ids = s.ids[:before]
		return false
	}
	s.ends = append(s.ends, len(s.ids))
	return true
}

func (s *scratch) grow(w *weights) {
	rows := len(s.ids)
	s.x = sized(s.x, rows*w.width)
	s.y = sized(s.y, rows*w.width)
	s.wide = sized(s.wide, rows*max(3*w.width, w.inner))
	s.whole = sized(s.whole, rows*max(w.width, w.inner))
	s.scales = sized(s.scales, rows)
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// forward runs the batch in s through all layers and writes a vector for each of its texts.
func (m *Model) forward(s *scratch, out []Vector) {
	w := &m.weights
	s.grow(w)
	for i := range out {
		all := make([]float32, w.width*(1+midLayers)) // one allocation for both
		out[i] = Vector{Last: all[:w.width:w.width], Middle: all[w.width:]}
	}
	m.embed(s)
	for i := range w.layers {
		m.layer(s, &w.layers[i])
		if part := i - (len(w.layers) - midLayers); part >= 0 {
			pool(s, out, part, w.width)
		}
	}
	for _, v := range out {
		copy(v.Last, v.Middle[(midLayers-1)*w.width:])
		scale(v.Middle, float32(1/math.Sqrt(midLayers)))
	}
}

// embed makes the first state: the token's vector plus that of its place in the text, normalised.
func (m *Model) embed(s *scratch) {
	w := &m.weights
	start := 0
	for _, end := range s.ends {
		for row := start; row < end; row++ {
			m.kernel.look(s.x[row*w.width:(row+1)*w.width], &w.words, int(s.ids[row]))
		}
		x := s.x[start*w.width : end*w.width]
		m.kernel.addNorm(x, w.places, &w.first)
		start = end
	}
}

// layer is one BERT layer: every token looks at the others of its text, then each is worked on alone. The result of each
// half is added to what came in and normalised.
func (m *Model) layer(s *scratch, l *layer) {
	k, width := &m.kernel, m.weights.width
	m.linear(s, s.wide, s.x, &l.look)
	start := 0
	for _, end := range s.ends {
		k.attend(s.y[start*width:end*width], s.wide[start*3*width:end*3*width], end-start)
		start = end
	}
	m.linear(s, s.wide, s.y, &l.mix)
	k.addNorm(s.x, s.wide, &l.mixed)
	m.linear(s, s.wide, s.x, &l.up)
	k.gelu(s.wide[:len(s.ids)*l.up.out])
	m.linear(s, s.y, s.wide, &l.down)
	k.addNorm(s.x, s.y, &l.worked)
}

func (m *Model) linear(s *scratch, dst, src []float32, to *matrix) {
	rows := len(s.ids)
	m.kernel.linear(dst[:rows*to.out], src[:rows*to.in], to, s.whole[:rows*to.in], s.scales)
}

// pool writes the mean of each text's rows, scaled to length one, as one part of Vector.Middle.
func pool(s *scratch, out []Vector, part, width int) {
	start := 0
	for i, end := range s.ends {
		sum := out[i].Middle[part*width : (part+1)*width]
		for row := start; row < end; row++ {
			for j, v := range s.x[row*width : (row+1)*width] {
				sum[j] += v
			}
		}
		normalise(sum)
		start = end
	}
}

// normalise scales a vector to length one; one without a length stays as it is.
func normalise(v []float32) {
	var square float64
	for _, x := range v {
		square += float64(float64(x) * float64(x)) // the conversion forbids a fused multiply-add: see kernel.go
	}
	if square > 0 {
		scale(v, float32(1/math.Sqrt(square)))
	}
}

func scale(v []float32, by float32) {
	for i := range v {
		v[i] *= by
	}
}
