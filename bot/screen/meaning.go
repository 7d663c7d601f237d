package screen

import (
	"math"
	"slices"
)

// This file stops by meaning what the rules and the weighing let pass. It never takes a stop from them, nor changes its
// reason: they decide first, and the encoder is asked only about what they would answer.
//
// What it knows is a head: a small network (one layer of rectified units, as in any textbook) over what the weighing says
// and the 384 numbers of the sentence vector, which gives for each of kinds and for ordinary how much speaks for it. The
// head is shipped ready in rules/meaning.head, made by go generate ./bot/screen: fitting one at start would take the
// examples and their vectors (20 MB) into the program, or half a minute of encoding, and every installation would have a
// screen of its own that nobody had measured. It holds for one set of weights of the encoder and is left alone with others.

// A Meaning is what a text means to an encoder.
type Meaning struct {
	Model  string    // names the encoder's weights
	Vector []float32 // of length one
	// HeldOut is for measuring: it names a line that the head may have been fitted to, and then one is used that was
	// fitted without the line.
	HeldOut string
}

// StopWith is Stop for a program that has an encoder. means gives the meaning of the text; it is asked only if Stop lets
// the text pass and nothing says that it is always answered. Without a usable meaning it is Stop. Safe for concurrent use.
func StopWith(text string, means func() Meaning) (Reason, bool) {
	book := rules()
	m := book.prepared(text)
	if len(m.words) == 0 {
		return "", false
	}
	sum := book.weigh(m)
	if hit := book.decide(m, sum); hit != nil {
		return hit.rule.reason, true
	}
	if _, always := first(book.nevers, m); always {
		return "", false
	}
	meaning := means()
	head := fitted().of(meaning)
	if head == nil {
		return "", false
	}
	return head.stop(sum, meaning.Vector, book.moreMeant(m))
}

// Fits reports whether what is meant is screened too with the encoder's weights of this name.
func Fits(model string) bool { return model != "" && fitted().model() == model }

// Seen reports whether the head was fitted to a line, so that only Meaning.HeldOut measures it honestly.
func Seen(line string) bool { return slices.Contains(fitted().Lines, lineKey(line)) }

// Sizes of a head.
const (
	classes = len(kinds) + 1 // the last is ordinary
	width   = 384            // of a vector
	inputs  = len(kinds) + width
	units   = 32
)

// A head gives for what a message shows how much speaks for each of kinds, and for ordinary.
type head struct {
	Inner [units][inputs]int8 // in steps
	Step  [units]float32
	Bias  [units]float32
	Outer [classes][units]float32
	Start [classes]float32
}

// sureMeant is how much more must speak for a stop, of any kind, than for ordinary, by the kind that says most; as a
// logarithm of odds. From about these on, of the held-out examples that TestHeldOutByMeaning asks, what is stopped is at
// least as often right as wrong; missing an emergency is worst, and low spirits are what ordinary grumbling looks most like.
var sureMeant = [len(kinds)]float64{0.75, 1.5, 1.25, 1.25}

// stop gives the kind that says most if a stop is likely enough, by more than usual. A vector with anything but numbers in it stops nothing.
func (h *head) stop(sum points, vector []float32, more float64) (Reason, bool) {
	x := shownTo(sum, vector)
	said := h.says(&x)
	best := 0
	for k := range kinds {
		if said[k] > said[best] {
			best = k
		}
	}
	likely := logSum(said[:len(kinds)]) - said[len(kinds)]
	if !(likely >= sureMeant[best]+more) {
		return "", false
	}
	return kinds[best], true
}

// What brings the inputs of a head to about the same size.
const (
	weighedScale = 0.5 / 100
	mostWeighed  = 4
	vectorScale  = 8
)

// shownTo makes a head's inputs of what the weighing says and a vector.
func shownTo(sum points, vector []float32) (x [inputs]float32) {
	for k, p := range sum {
		x[k] = min(max(float32(p)*weighedScale, -mostWeighed), mostWeighed)
	}
	for i, v := range vector {
		x[len(kinds)+i] = v * vectorScale
	}
	return x
}

// says gives what speaks for each kind and for ordinary. Products are rounded before they are added, so that every machine
// agrees.
func (h *head) says(x *[inputs]float32) (said [classes]float64) {
	var unit [units]float32
	for u := range unit {
		var sum float32
		for i, w := range h.Inner[u] {
			sum += float32(float32(w) * x[i])
		}
		unit[u] = max(0, float32(sum*h.Step[u])+h.Bias[u])
	}
	for k := range said {
		sum := h.Start[k]
		for u, w := range h.Outer[k] {
			sum += float32(w * unit[u])
		}
		said[k] = float64(sum)
	}
	return said
}

// logSum is the logarithm of the sum of what values are the logarithms of.
func logSum(values []float64) float64 {
	most, sum := slices.Max(values), 0.0
	for _, v := range values {
		sum += math.Exp(v - most)
	}
	return most + math.Log(sum)
}
