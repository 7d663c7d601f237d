package knowledge

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// vectors gives what texts mean: from the file where they were encoded before, else from the encoder.
type vectors struct {
	model  *encoder.Model
	cached map[string][]byte // by textKey; as stored
}

// textKey names a text in the cache.
func textKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// loadVectors reads the cache of one model.
func loadVectors(ctx context.Context, db *sqldb.DB, model *encoder.Model) (*vectors, error) {
	v := &vectors{model: model, cached: map[string][]byte{}}
	rows, err := db.Read().QueryContext(ctx, `SELECT text, body FROM vector WHERE model = $1`, model.ID())
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return nil, fmt.Errorf("read vectors: %w", err)
		}
		v.cached[key] = body
	}
	return v, rows.Err()
}

// missing lists the texts that have not been encoded yet, each once.
func (v *vectors) missing(texts []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, text := range texts {
		key := textKey(text)
		if _, ok := v.cached[key]; !ok && !seen[key] {
			seen[key] = true
			out = append(out, text)
		}
	}
	return out
}

// of gives the vectors of texts.
func (v *vectors) of(texts []string) []match.Vector {
	out := make([]match.Vector, len(texts))
	for i, text := range texts {
		out[i] = v.one(text)
	}
	return out
}

func (v *vectors) one(text string) match.Vector {
	if body, ok := v.cached[textKey(text)]; ok {
		if vector, ok := unpackVector(body); ok {
			return vector
		}
	}
	return meant(v.model, text)
}

// meant asks the encoder.
func meant(model *encoder.Model, text string) match.Vector {
	e := model.Encode(text)
	return match.Vector{Last: e.Last, Middle: e.Middle}
}

// store keeps vectors in the file.
func (v *vectors) store(ctx context.Context, db *sqldb.DB, texts []string, encoded []encoder.Vector) error {
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		for i, text := range texts {
			key, body := textKey(text), packVector(encoded[i])
			_, err := tx.ExecContext(ctx, `INSERT INTO vector (model, text, body) VALUES ($1, $2, $3) ON CONFLICT (model, text) DO NOTHING`,
				v.model.ID(), key, body)
			if err != nil {
				return fmt.Errorf("keep vectors: %w", err)
			}
			v.cached[key] = body
		}
		return nil
	})
}

// packVector writes a vector as bytes: for Last, then Middle, its count of numbers (4 bytes, little end first), what one
// step is worth (a 32-bit float) and a signed byte for each number.
func packVector(v encoder.Vector) []byte {
	var out []byte
	for _, part := range [][]float32{v.Last, v.Middle} {
		most := float32(0)
		for _, x := range part {
			most = max(most, x, -x)
		}
		step := most / 127
		out = binary.LittleEndian.AppendUint32(out, uint32(len(part)))
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(step))
		for _, x := range part {
			whole := float32(0)
			if step > 0 {
				whole = x / step
			}
			out = append(out, byte(int8(math.RoundToEven(float64(whole)))))
		}
	}
	return out
}

// unpackVector undoes packVector; ok is false for bytes that it did not write.
func unpackVector(body []byte) (v match.Vector, ok bool) {
	if v.Last, body, ok = unpackPart(body); !ok {
		return v, false
	}
	v.Middle, body, ok = unpackPart(body)
	return v, ok && len(body) == 0
}

func unpackPart(body []byte) (part []float32, rest []byte, ok bool) {
	if len(body) < 8 {
		return nil, nil, false
	}
	n := int(binary.LittleEndian.Uint32(body))
	step := math.Float32frombits(binary.LittleEndian.Uint32(body[4:]))
	body = body[8:]
	if n > len(body) {
		return nil, nil, false
	}
	part = make([]float32, n)
	for i := range part {
		part[i] = float32(int8(body[i])) * step
	}
	return part, body[n:], true
}
