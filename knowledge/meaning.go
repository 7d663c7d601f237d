package knowledge

import (
	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
)

// A Meaning is what the encoder makes of a text. It is kept for one question, so that what screened it and what answers
// it need not encode it twice, and forgotten with it.
type Meaning struct {
	Model  string // names the encoder's weights
	text   string
	vector match.Vector
}

// Meaning asks the encoder what a text means; nil without one.
func (s *Snapshot) Meaning(text string) *Meaning {
	if s.model == nil {
		return nil
	}
	return &Meaning{Model: s.model.ID(), text: text, vector: meant(s.model, text)}
}

// Vector is the text's sentence vector, of length one. It is not to be changed.
func (m *Meaning) Vector() []float32 { return m.vector.Last }

// of gives what the model says that a text means, from what was said before if that was the same text.
func (m *Meaning) of(model *encoder.Model, text string) match.Vector {
	if m != nil && m.text == text && m.Model == model.ID() {
		return m.vector
	}
	return meant(model, text)
}

// Model names the weights of the encoder in use, "" for none.
func (b *Base) Model() string { return b.modelID() }
