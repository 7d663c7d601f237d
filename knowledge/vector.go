package knowledge

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// vectors gives what texts mean, for Learn, which needs them all: from memory where they were encoded before, else from the
// encoder.
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

func (v *vectors) one(text string) match.Vector {
	if body, ok := v.cached[textKey(text)]; ok {
		if vector, ok := unpackVector(body); ok {
			return vector
		}
	}
	return meant(v.model, text)
}

// packed gives the vector of a text as it is stored.
func (v *vectors) packed(text string) []byte {
	if body, ok := v.cached[textKey(text)]; ok {
		return body
	}
	return packVector(v.model.Encode(text))
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

// stored looks up in the file, for a load, what documents and texts mean. A nil one has nothing. It is safe for concurrent
// use.
type stored struct {
	model, fit string
	empty      bool // nothing was ever encoded
	// get gives what is stored under a key, or nil. What cannot be read is made anew, so there is no error.
	get   func(model, key string) []byte
	close func()
}

// openStored makes a stored for the time of ctx. The caller closes it.
func openStored(ctx context.Context, db *sqldb.DB, model *encoder.Model, fit string) (*stored, error) {
	s := &stored{model: model.ID(), fit: fit}
	row := db.Read().QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM vector WHERE model = $1)`, s.model)
	if err := row.Scan(&s.empty); err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	query, err := db.Read().PrepareContext(ctx, `SELECT body FROM vector WHERE model = $1 AND text = $2`)
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	s.close = func() { query.Close() }
	s.get = func(model, key string) (body []byte) {
		if query.QueryRowContext(ctx, model, key).Scan(&body) != nil {
			return nil
		}
		return body
	}
	return s, nil
}

func (s *stored) body(model, key string) []byte {
	if s == nil || s.empty {
		return nil
	}
	return s.get(model, key)
}

// placed gives a document with the vectors that Learn stored with it; ok is false if it did not.
func (s *stored) placed(d *match.Document) (with *match.Document, ok bool) {
	if s == nil {
		return nil, false
	}
	p, ok := unpackDocument(s.body(placedUnder(s.model, s.fit), documentKey(d)))
	if !ok || p.count != len(d.Doc().Texts()) {
		return nil, false
	}
	return d.WithPacked(p.width, p.texts, p.place), true
}

// vectors gives what texts mean, and encodes what was not encoded before; ok is false if that is too much to do at once.
func (s *stored) vectors(model *encoder.Model, texts []string) (out []match.Vector, ok bool) {
	out = make([]match.Vector, len(texts))
	var missing []int
	for i, text := range texts {
		if out[i], ok = unpackVector(s.body(model.ID(), textKey(text))); !ok {
			missing = append(missing, i)
		}
	}
	if len(missing) > encodeNow || s != nil && s.empty {
		return nil, false
	}
	for _, i := range missing {
		out[i] = meant(model, texts[i])
	}
	return out, true
}

// placedUnder is what stands for a model in the rows of documents: their places hold for one fit only.
func placedUnder(model, fit string) string { return model + " " + fit }

// documentKey names a document's texts.
func documentKey(d *match.Document) string { return textKey(strings.Join(d.Doc().Texts(), "\n")) }

// packDocument writes a document's vectors: how many texts it has, what each means as a whole, as in packVector, and its
// place.
func packDocument(texts [][]byte, place []byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(texts)))
	for _, text := range texts {
		out = append(out, lastPart(text)...)
	}
	return append(out, place...)
}

// lastPart is the part of a packed vector that stands for Last.
func lastPart(body []byte) []byte { return body[:8+binary.LittleEndian.Uint32(body)] }

// placed are the vectors of a document as packDocument wrote them: what its texts mean as a whole, in rows as
// encoder.AppendRow packs them, and its place.
type placed struct {
	count, width int
	texts, place []byte
}

// unpackDocument undoes packDocument; ok is false for bytes that it did not write.
func unpackDocument(body []byte) (p placed, ok bool) {
	if len(body) < 8 {
		return p, false
	}
	p.count, p.width = int(binary.LittleEndian.Uint32(body)), int(binary.LittleEndian.Uint32(body[4:]))
	body = body[4:]
	row := 8 + p.width
	if p.count < 1 || p.width < 1 || p.count > len(body)/row {
		return p, false
	}
	p.texts = make([]byte, 0, p.count*(row-4))
	for range p.count {
		if int(binary.LittleEndian.Uint32(body)) != p.width {
			return p, false
		}
		p.texts, body = append(p.texts, body[4:row]...), body[row:]
	}
	p.place = body
	return p, true
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
