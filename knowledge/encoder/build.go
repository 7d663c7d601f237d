package encoder

import (
	"fmt"
	"math"
)

// build makes the packed weights of the published ones.
func build(raw []byte) (*weights, error) {
	t, err := readTensors(raw)
	if err != nil {
		return nil, err
	}
	s := t.shape()
	s.text = 1 // known later
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%v: %w", err, ErrDamaged)
	}
	w := newWeights(s)
	w.words.pack(t.get("embeddings.word_embeddings.weight", s.vocab, s.width))
	w.places = t.get("embeddings.position_embeddings.weight", maxTokens, s.width)
	kind := t.get("embeddings.token_type_embeddings.weight", 1, s.width)
	for i := range w.places {
		w.places[i] += kind[i%s.width]
	}
	w.first = t.norm("embeddings.LayerNorm", s.width)
	for i := range w.layers {
		t.layer(&w.layers[i], fmt.Sprintf("encoder.layer.%d.", i))
	}
	if t.err != nil {
		return nil, fmt.Errorf("%w: %w", t.err, ErrDamaged)
	}
	return &w, nil
}

// layer fills in one layer from the tensors whose names begin with prefix.
func (t *tensors) layer(l *layer, prefix string) {
	self, width := prefix+"attention.self.", l.mix.out
	var rows, bias []float32
	for _, part := range []string{"query", "key", "value"} {
		rows = append(rows, t.get(self+part+".weight", width, width)...)
		bias = append(bias, t.get(self+part+".bias", width)...)
	}
	l.look.pack(rows, bias)
	t.linear(&l.mix, prefix+"attention.output.dense")
	l.mixed = t.norm(prefix+"attention.output.LayerNorm", width)
	t.linear(&l.up, prefix+"intermediate.dense")
	t.linear(&l.down, prefix+"output.dense")
	l.worked = t.norm(prefix+"output.LayerNorm", width)
}

func (t *tensors) linear(m *matrix, name string) {
	m.pack(t.get(name+".weight", m.out, m.in), t.get(name+".bias", m.out))
}

func (t *tensors) norm(name string, width int) layerNorm {
	return layerNorm{gain: t.get(name+".weight", width), bias: t.get(name+".bias", width)}
}

// pack rounds rows, one for each output, to signed bytes.
func (m *matrix) pack(rows, bias []float32) {
	m.bias, m.scale, m.data = bias, make([]float32, m.out), make([]byte, m.in*m.out)
	for o := range m.out {
		row := rows[o*m.in : (o+1)*m.in]
		m.scale[o] = bestStep(row)
		for i, v := range row {
			m.data[m.at(o, i)] = toByte(v, m.scale[o])
		}
	}
}

func (t *table) pack(rows []float32) {
	t.scale, t.data = make([]float32, len(rows)/t.width), make([]byte, len(rows))
	for i := range t.scale {
		row := rows[i*t.width : (i+1)*t.width]
		t.scale[i] = bestStep(row)
		for j, v := range row {
			t.data[i*t.width+j] = toByte(v, t.scale[i])
		}
	}
}

// bestStep is what one step of a signed byte should be worth so that a row comes back with the least square error. The
// largest number need not fit: cutting it off a little can spare all others more.
func bestStep(row []float32) float32 {
	var most float32
	for _, v := range row {
		most = max(most, abs(v))
	}
	if most < tiny {
		return 1
	}
	best, least := float32(0), math.Inf(1)
	for cut := 127; cut < 167; cut += 3 {
		step := most / float32(cut)
		if lost := loss(row, step); lost < least {
			best, least = step, lost
		}
	}
	return best
}

func loss(row []float32, step float32) float64 {
	var sum float64
	for _, v := range row {
		d := float64(v - float32(step*float32(int8(toByte(v, step)))))
		sum += float64(d * d) // not fused, so that every machine packs the same file
	}
	return sum
}

// toByte keeps to -127..127: maxInner counts on it.
func toByte(v, step float32) byte {
	return byte(int8(min(max(round(v/step), -127), 127)))
}
