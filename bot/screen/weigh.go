package screen

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// kinds are the reasons weighed, the most pressing first.
var kinds = [...]Reason{Urgent, Distress, Safeguarding, Clinical}

// ordinaryKind is the heading of messages that are answered.
const ordinaryKind = "ordinary"

// points say how much speaks for each of kinds, against being ordinary, in hundredths.
type points [len(kinds)]int32

// weights are what each feature says, as go generate learned it from the examples. Read-only once loaded.
type weights map[string]points

// everyMessage is the feature that every message shows.
const everyMessage = "(every message)"

// loadWeights reads lines "urgent +2.10 not breathing".
func loadWeights(text string) (weights, error) {
	w := make(weights, strings.Count(text, "\n"))
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		head, rest, _ := strings.Cut(line, " ")
		value, name, ok := strings.Cut(rest, " ")
		k, known := kindCalled(head)
		points, err := hundredths(value)
		if !ok || !known || err != nil {
			return w, fmt.Errorf("line %d: want kind, weight, feature: %q", n, line)
		}
		p := w[name]
		p[k] = points
		w[name] = p
	}
	return w, nil
}

func kindCalled(name string) (int, bool) {
	for k, kind := range kinds {
		if string(kind) == name {
			return k, true
		}
	}
	return 0, false
}

// hundredths reads "+2.10" as 210, with no float between so that every machine agrees.
func hundredths(text string) (int32, error) {
	whole, part, _ := strings.Cut(text, ".")
	if len(part) != 2 {
		return 0, strconv.ErrSyntax
	}
	n, err := strconv.ParseInt(whole+part, 10, 32)
	return int32(n), err
}

// weigh adds up what the features of a message say. Long messages show more features, so the sum is divided by the root
// of the number of words; what speaks for every message is added whole.
func (b *rulebook) weigh(m *reading) points {
	var sum points
	b.features(m, func(name []byte) {
		if p, ok := b.weights[string(name)]; ok {
			for k := range p {
				sum[k] += p[k]
			}
		}
	})
	every, size := b.weights[everyMessage], sizeOf(m)
	for k := range sum {
		sum[k] = every[k] + int32(float64(sum[k])/size)
	}
	return sum
}

func sizeOf(m *reading) float64 { return math.Sqrt(float64(len(m.words) + 1)) }
