package knowledge

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// A Golden is a saved question with its right entry, or none. Golden questions are asked again before an entry is saved,
// and Learn trusts them more than phrasings, for they are put as people put them.
type Golden struct {
	Text string   `json:"text"`
	Slug *string  `json:"slug"` // null: no entry answers it
	Also []string `json:"also,omitempty"`
	Prev string   `json:"prev,omitempty"`
	Kind string   `json:"kind,omitempty"`
}

// Progress is told how far a long piece of work has come. stage is "reading" or "learning".
type Progress func(stage string, done, all int)

// batch is how many texts are encoded between two writes: some seconds of work are lost at most.
const batch = 256

// Learn makes the base answer as well as it can: it encodes what was not encoded yet and fits the weights to the base, keeps
// both in the file, and puts them to use. Until it is done the base answers with what it had. It does nothing where nothing
// changed. It takes seconds to a minute; run it beside answering.
func (b *Base) Learn(ctx context.Context, progress Progress) error {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	s := b.Snapshot()
	print := s.fingerprint()
	if s.fit == print && (b.model == nil || s.index.Means()) {
		return nil
	}
	known, err := b.encodeAll(ctx, s, progress)
	if err != nil {
		return fmt.Errorf("learn: %w", err)
	}
	if _, at, err := b.loadFit(ctx); err != nil {
		return fmt.Errorf("learn: %w", err)
	} else if at == print {
		return b.ReloadAll(ctx)
	}
	weights, err := match.Fit(ctx, s.corpus(known), func(done, all int) { progress("learning", done, all) })
	if err != nil {
		return fmt.Errorf("learn: %w", err)
	}
	places := s.places(known, weights.Space)
	if err := b.keepFit(ctx, weights, print, places); err != nil {
		return fmt.Errorf("learn: %w", err)
	}
	known, places = nil, nil // learning takes some hundred megabytes for seconds, answering a tenth for weeks
	return b.ReloadAll(ctx)
}

// places packs the vectors of every document with its place in the space, by key, so that opening the base need not read
// each text and place it again. Nil without an encoder.
func (s *Snapshot) places(known *vectors, space *match.Space) map[string][]byte {
	if known == nil {
		return nil
	}
	places := map[string][]byte{}
	for _, doc := range s.docs() {
		texts := doc.Texts()
		vectors, packed := make([]match.Vector, len(texts)), make([][]byte, len(texts))
		for i, text := range texts {
			vectors[i], packed[i] = known.one(text), known.packed(text)
		}
		d := match.Analyse(doc, nil).WithVectors(vectors, space)
		places[documentKey(d)] = packDocument(packed, d.Place())
	}
	return places
}

// Vectors gives what the texts of all live entries mean, and any other text; nil without an encoder. What was not encoded
// before is, and kept in the file. progress may be nil.
func (b *Base) Vectors(ctx context.Context, progress Progress) (func(text string) match.Vector, error) {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	known, err := b.encodeAll(ctx, b.Snapshot(), progress)
	if err != nil || known == nil {
		return nil, err
	}
	return known.one, nil
}

// encodeAll encodes what was not encoded yet, batch by batch; nil without an encoder.
func (b *Base) encodeAll(ctx context.Context, s *Snapshot, progress Progress) (*vectors, error) {
	if b.model == nil {
		return nil, nil
	}
	known, err := loadVectors(ctx, b.db, b.model)
	if err != nil {
		return nil, err
	}
	missing := known.missing(s.texts())
	for done := 0; done < len(missing); {
		part := missing[done:min(done+batch, len(missing))]
		encoded, err := b.model.EncodeAll(ctx, part, nil)
		if err != nil {
			return nil, err
		}
		if err := known.store(ctx, b.db, part, encoded); err != nil {
			return nil, err
		}
		done += len(part)
		progress("reading", done, len(missing))
	}
	return known, nil
}

// docs lists what the matcher is told: every live entry, and the asides.
func (s *Snapshot) docs() []match.Doc {
	ids := make([]string, 0, len(s.byID))
	for id := range s.byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var docs []match.Doc
	for _, id := range ids {
		docs = append(docs, docOf(s.byID[id].merged))
	}
	for _, a := range s.asides {
		docs = append(docs, a.Doc())
	}
	return docs
}

func (s *Snapshot) texts() []string {
	var texts []string
	for _, d := range s.docs() {
		texts = append(texts, d.Texts()...)
	}
	return texts
}

// fingerprint names what Learn learns from: the same texts give the same fit.
func (s *Snapshot) fingerprint() string {
	h := fnv.New128a()
	for _, d := range s.docs() {
		fmt.Fprintln(h, d.ID, d.Texts(), d.Answer, d.Systems)
	}
	for _, g := range s.Golden {
		fmt.Fprintln(h, g.Text, g.Prev, g.rights())
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s *Snapshot) corpus(known *vectors) match.Corpus {
	c := match.Corpus{Docs: s.docs(), Glossary: s.glossary}
	if known != nil {
		c.Vector, c.Real = known.one, known.model.Knows
	}
	nation, _ := s.Places.Nation()
	for _, g := range s.Golden {
		asked := match.Labelled{Text: g.Text, Before: g.Prev}
		for _, slug := range g.rights() {
			asked.Right = append(asked.Right, entryKey{slug, nation.ID}.id(), asidePrefix+slug)
		}
		c.Asked = append(c.Asked, asked)
	}
	return c
}

// rights lists what answers a golden question rightly: entries, or for one that no entry answers its kind of aside.
func (g Golden) rights() []string {
	if g.Slug != nil {
		return append([]string{*g.Slug}, g.Also...)
	}
	if g.Kind != "" {
		return []string{g.Kind}
	}
	return nil
}

// modelID names the encoder in use, "" for none.
func (b *Base) modelID() string {
	if b.model == nil {
		return ""
	}
	return b.model.ID()
}

// loadFit reads what was learnt; nil if nothing was.
func (b *Base) loadFit(ctx context.Context) (weights *match.Weights, base string, err error) {
	var body []byte
	row := b.db.Read().QueryRowContext(ctx, `SELECT base, body FROM fit WHERE model = $1`, b.modelID())
	if err := row.Scan(&base, &body); errors.Is(err, sql.ErrNoRows) {
		return nil, "", nil
	} else if err != nil {
		return nil, "", fmt.Errorf("read the fit: %w", err)
	}
	weights = new(match.Weights)
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(weights); err != nil {
		return nil, "", nil // of another version: learn again
	}
	return weights, base, nil
}

// keepFit stores the weights and the documents that were placed with them, instead of those before. With an encoder, words
// alone get theirs too, should its file be lost one day: they were learnt on the way.
func (b *Base) keepFit(ctx context.Context, weights *match.Weights, base string, places map[string][]byte) error {
	words := *weights
	words.Space = nil
	err := b.db.Write(ctx, func(tx *sqldb.Tx) error {
		err := keepWeights(ctx, tx, "", base, &words)
		if err != nil || b.model == nil {
			return err
		}
		return errors.Join(keepWeights(ctx, tx, b.modelID(), base, weights), keepPlaces(ctx, tx, b.modelID(), base, places))
	})
	if err != nil {
		return fmt.Errorf("keep the fit: %w", err)
	}
	return nil
}

func keepWeights(ctx context.Context, tx *sqldb.Tx, model, base string, weights *match.Weights) error {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(weights); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO fit (model, base, body) VALUES ($1, $2, $3)
		ON CONFLICT (model) DO UPDATE SET base = excluded.base, body = excluded.body`, model, base, body.Bytes())
	return err
}

func keepPlaces(ctx context.Context, tx *sqldb.Tx, model, fit string, places map[string][]byte) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM vector WHERE model LIKE $1`, placedUnder(model, "%")); err != nil {
		return err
	}
	for key, body := range places {
		_, err := tx.ExecContext(ctx, `INSERT INTO vector (model, text, body) VALUES ($1, $2, $3)`, placedUnder(model, fit), key, body)
		if err != nil {
			return err
		}
	}
	return nil
}
