package screen

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// go generate learns rules/weights.txt anew.
var (
	update  = flag.Bool("update", false, "write rules/weights.txt as learned from the examples")
	heldOut = flag.Bool("heldout", false, "run TestHeldOut, which learns five times")
)

// penalty is the L2 penalty; TestHeldOut gives about the same figures from 0.3 to 1, the ordinary ones the better the less.
const penalty = 0.6

// mostRounds lets descend converge, so that the last digit of a sum does not matter.
const mostRounds = 120

// slight is the least weight, in hundredths, that is kept: those below are many and change nothing.
const slight = 15

// TestWeights learns again and compares with the file that is part of the program.
func TestWeights(t *testing.T) {
	if testing.Short() {
		t.Skip("learning takes seconds")
	}
	book, err := loadRules()
	if err != nil && !*update {
		t.Fatal(err)
	}
	p := book.newProblem(readExamples())
	learned := p.inHundredths(p.fit(penalty, mostRounds, func(*example) bool { return true }))
	if *update {
		if err := os.WriteFile("rules/weights.txt", []byte(written(learned)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	differing := 0
	for name := range joined(learned, book.weights) {
		for k := range kinds {
			if d := learned[name][k] - book.weights[name][k]; d > slight+2 || d < -slight-2 {
				differing++
			}
		}
	}
	if differing > 0 {
		t.Errorf("%d weights are not what the examples teach: run go generate ./bot/screen", differing)
	}
}

func joined(a, b weights) map[string]bool {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	return names
}

// inHundredths gives the weights of each kind against ordinary, without the slight ones.
func (p *problem) inHundredths(w []row5) weights {
	out := weights{}
	for f := range w {
		name := everyMessage
		if f < len(p.names) {
			name = p.names[f]
		}
		var v points
		for k := range v {
			v[k] = int32(math.Round(100 * (w[f][k] - w[f][len(v)])))
			if v[k] < slight && v[k] > -slight && name != everyMessage {
				v[k] = 0
			}
		}
		if v != (points{}) {
			out[name] = v
		}
	}
	return out
}

// written gives the lines of rules/weights.txt: kinds in order, the heaviest first.
func written(learned weights) string {
	var out strings.Builder
	out.WriteString("# What each word, run of words, list and rule says for a reason (+) or against it (-); guide.txt says how they are\n")
	out.WriteString("# added up. Learned from the examples by go generate ./bot/screen; do not edit.\n")
	for k, kind := range kinds {
		var names []string
		for name, v := range learned {
			if v[k] != 0 {
				names = append(names, name)
			}
		}
		slices.SortFunc(names, func(a, b string) int {
			return cmp.Or(cmp.Compare(learned[b][k], learned[a][k]), cmp.Compare(a, b))
		})
		for _, name := range names {
			fmt.Fprintf(&out, "%s %+.2f %s\n", kind, float64(learned[name][k])/100, name)
		}
	}
	return out.String()
}
