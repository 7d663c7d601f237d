package encoder

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A reference computes the same model in the plainest way: 64-bit floats, one loop inside another, straight from the
// published file, sharing no code with the package but the tokenizer.
type reference map[string][]float64

func readReference(t testing.TB, dir string) reference {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, weightsFile))
	if err != nil {
		t.Fatal(err)
	}
	size := binary.LittleEndian.Uint64(raw)
	var head map[string]struct {
		Dtype   string
		Offsets [2]int `json:"data_offsets"`
	}
	if err := json.Unmarshal(raw[8:8+size], &head); err != nil {
		t.Fatal(err)
	}
	r := reference{}
	for name, entry := range head {
		if entry.Dtype != "F16" {
			continue
		}
		bytes := raw[8+int(size):][entry.Offsets[0]:entry.Offsets[1]]
		values := make([]float64, len(bytes)/2)
		for i := range values {
			values[i] = half64(int(bytes[2*i]) + int(bytes[2*i+1])*256)
		}
		r[name] = values
	}
	return r
}

// half64 is the definition of a 16-bit float that is finite.
func half64(bits int) float64 {
	sign, exponent, fraction := float64(1-bits>>15*2), bits>>10&31, float64(bits&1023)
	if exponent == 0 {
		return sign * math.Ldexp(fraction, -24)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// means gives the mean over the tokens after every layer.
func (r reference) means(ids []int32) [][]float64 {
	width := len(r["embeddings.LayerNorm.weight"])
	x := make([][]float64, len(ids))
	for i, id := range ids {
		x[i] = make([]float64, width)
		for j := range x[i] {
			x[i][j] = r["embeddings.word_embeddings.weight"][int(id)*width+j] +
				r["embeddings.position_embeddings.weight"][i*width+j] + r["embeddings.token_type_embeddings.weight"][j]
		}
	}
	x = r.norm(x, "embeddings.LayerNorm")
	var means [][]float64
	for i := 0; ; i++ {
		prefix := "encoder.layer." + strconv.Itoa(i) + "."
		if r[prefix+"output.dense.weight"] == nil {
			return means
		}
		x = r.layer(x, prefix)
		mean := make([]float64, width)
		for _, row := range x {
			for j, v := range row {
				mean[j] += v / float64(len(x))
			}
		}
		means = append(means, mean)
	}
}

func (r reference) layer(x [][]float64, prefix string) [][]float64 {
	attention := prefix + "attention."
	seen := r.attend(r.linear(x, attention+"self.query"), r.linear(x, attention+"self.key"), r.linear(x, attention+"self.value"))
	x = r.norm(plus(x, r.linear(seen, attention+"output.dense")), attention+"output.LayerNorm")
	inner := r.linear(x, prefix+"intermediate.dense")
	for _, row := range inner {
		for j, v := range row {
			row[j] = v * 0.5 * (1 + math.Erf(v/math.Sqrt2))
		}
	}
	return r.norm(plus(x, r.linear(inner, prefix+"output.dense")), prefix+"output.LayerNorm")
}

func (r reference) attend(q, k, v [][]float64) [][]float64 {
	out := make([][]float64, len(q))
	for i := range out {
		out[i] = make([]float64, len(q[i]))
		for head := 0; head < len(q[i]); head += 32 {
			scores, total := make([]float64, len(k)), 0.0
			for j := range k {
				for d := head; d < head+32; d++ {
					scores[j] += q[i][d] * k[j][d] / math.Sqrt(32)
				}
				scores[j] = math.Exp(scores[j])
				total += scores[j]
			}
			for j := range v {
				for d := head; d < head+32; d++ {
					out[i][d] += v[j][d] * scores[j] / total
				}
			}
		}
	}
	return out
}

func (r reference) linear(x [][]float64, name string) [][]float64 {
	weight, bias := r[name+".weight"], r[name+".bias"]
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = make([]float64, len(bias))
		for o := range bias {
			out[i][o] = bias[o]
			for j, v := range row {
				out[i][o] += v * weight[o*len(row)+j]
			}
		}
	}
	return out
}

func (r reference) norm(x [][]float64, name string) [][]float64 {
	for _, row := range x {
		var mean, variance float64
		for _, v := range row {
			mean += v / float64(len(row))
		}
		for _, v := range row {
			variance += (v - mean) * (v - mean) / float64(len(row))
		}
		for j, v := range row {
			row[j] = (v-mean)/math.Sqrt(variance+1e-12)*r[name+".weight"][j] + r[name+".bias"][j]
		}
	}
	return x
}

func plus(a, b [][]float64) [][]float64 {
	for i := range a {
		for j := range a[i] {
			a[i][j] += b[i][j]
		}
	}
	return a
}

// exactly makes a model work with the published 16-bit weights instead of the packed ones, by other functions in its
// kernel.
func exactly(m *Model, r reference) *Model {
	rows := map[*matrix][]float64{}
	for i := range m.weights.layers {
		l, prefix := &m.weights.layers[i], "encoder.layer."+strconv.Itoa(i)+"."
		for _, name := range []string{"query", "key", "value"} {
			rows[&l.look] = append(rows[&l.look], r[prefix+"attention.self."+name+".weight"]...)
		}
		rows[&l.mix] = r[prefix+"attention.output.dense.weight"]
		rows[&l.up] = r[prefix+"intermediate.dense.weight"]
		rows[&l.down] = r[prefix+"output.dense.weight"]
	}
	exact := newModel("exact", m.weights, m.tokenizer)
	exact.kernel.look = func(dst []float32, t *table, i int) {
		for j := range dst {
			dst[j] = float32(r["embeddings.word_embeddings.weight"][i*t.width+j])
		}
	}
	exact.kernel.linear = func(dst, src []float32, to *matrix, _ []int16, _ []float32) {
		for o, weights := 0, rows[to]; o < len(dst); o++ {
			sum := float64(to.bias[o%to.out])
			for j, x := range src[o/to.out*to.in:][:to.in] {
				sum += float64(x) * weights[o%to.out*to.in+j]
			}
			dst[o] = float32(sum)
		}
	}
	return exact
}

func cosine[A, B float32 | float64](a []A, b []B) float64 {
	var dot, aa, bb float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		dot, aa, bb = dot+x*y, aa+x*x, bb+y*y
	}
	return dot / math.Sqrt(aa*bb)
}
