package screen

import (
	"math"
	"os"
	"strings"
)

// example is a message of which we know what it is: an index into kinds, or len(kinds) for ordinary.
type example struct {
	text     string
	kind     int
	file     string
	aside    bool
	tricky   bool // ordinary, but written to look like a stop
	group    int  // those of one group are alike, and left out together
	size     float64
	features []int32
	counts   []float64
}

// readExamples reads what the weighing learns from: the examples under their headings, then ordinary questions.
func readExamples() []*example {
	var rows []*example
	group := 0
	for _, file := range []string{"examples", "examples-wider", "examples-more", "examples-indirect", "examples-everyday", "ordinary-questions"} {
		kind, n, aside := len(kinds), 0, false
		for _, text := range strings.Split(sourceText(file), "\n") {
			text = strings.TrimSpace(text)
			switch {
			case text == "" || strings.HasPrefix(text, "# "):
			case strings.HasPrefix(text, "## "):
				group, n = group+1, 0
				aside = strings.HasPrefix(text, "## aside")
			case text[0] == '[':
				kind = len(kinds)
				if k, ok := kindCalled(strings.Trim(text, "[]")); ok {
					kind = k
				}
			default:
				if n++; n%6 == 0 {
					group++
				}
				rows = append(rows, &example{text: text, kind: kind, tricky: file != "ordinary-questions", aside: aside, group: group, file: file})
			}
		}
	}
	return rows
}

// sourceText reads a file that is not part of the program.
func sourceText(name string) string {
	text, err := os.ReadFile("rules/" + name + ".txt")
	if err != nil {
		panic(err) // a test cannot go on without its examples
	}
	return string(text)
}

// problem is the examples as numbers: which features each shows.
type problem struct {
	rows  []*example
	names []string
	index map[string]int32
}

// seldom is how often a feature must be shown to be learned.
const seldom = 3

func (b *rulebook) newProblem(rows []*example) *problem {
	p := &problem{rows: rows, index: map[string]int32{}}
	often := map[string]int{}
	for _, row := range rows {
		b.features(b.prepared(Mask(row.text).Text), func(name []byte) { often[string(name)]++ })
	}
	for _, row := range rows {
		m := b.prepared(Mask(row.text).Text)
		row.size = sizeOf(m)
		seen := map[int32]int{}
		row.features, row.counts = nil, nil
		b.features(m, func(name []byte) {
			if often[string(name)] < seldom {
				return
			}
			id, ok := p.index[string(name)]
			if !ok {
				id = int32(len(p.names))
				p.index[string(name)] = id
				p.names = append(p.names, string(name))
			}
			at, ok := seen[id]
			if !ok {
				at = len(row.features)
				seen[id] = at
				row.features = append(row.features, id)
				row.counts = append(row.counts, 0)
			}
			row.counts[at] += 1 / row.size
		})
	}
	return p
}

// row5 holds a number for each kind and for ordinary.
type row5 [classes]float64

// fit finds the weights of every feature, and last that of every message, for each kind and ordinary: logistic
// regression with an L2 penalty, kinds in balance.
func (p *problem) fit(penalty float64, rounds int, in func(*example) bool) []row5 {
	share := p.balance(in)
	var rows []*example
	for _, row := range p.rows {
		if in(row) {
			rows = append(rows, row)
		}
	}
	return descend(len(p.names)+1, rounds, func(w, g []row5) float64 { return slope(rows, w, g, penalty, &share) })
}

// balance is what one example of each kind counts, so that kinds with few do not drown.
func (p *problem) balance(in func(*example) bool) (share row5) {
	all := 0.0
	for _, row := range p.rows {
		if in(row) {
			share[row.kind]++
			all++
		}
	}
	for k := range share {
		share[k] = math.Pow(all/float64(classes)/share[k], balancing)
	}
	return share
}

// balancing is 1 if each kind counts the same, 0 if each example does.
const balancing = 0.5

// slope sets g to the slope of the penalised loss at w, and returns that loss.
func slope(rows []*example, w, g []row5, penalty float64, share *row5) float64 {
	loss := 0.0
	for f := range g {
		for k := range g[f] {
			g[f][k] = penalty * w[f][k]
			loss += penalty * w[f][k] * w[f][k] / 2
		}
	}
	every := len(w) - 1
	for _, row := range rows {
		d := row.shares(w)
		loss -= share[row.kind] * math.Log(max(d[row.kind], 1e-300))
		d[row.kind]--
		for k := range d {
			d[k] *= share[row.kind]
			g[every][k] += d[k]
		}
		for i, f := range row.features {
			x := row.counts[i]
			for k := range d {
				g[f][k] += d[k] * x
			}
		}
	}
	return loss
}

// shares gives the probability of each kind and ordinary.
func (row *example) shares(w []row5) (s row5) {
	s = row.sums(w)
	most := s[0]
	for _, v := range s[1:] {
		most = max(most, v)
	}
	all := 0.0
	for k := range s {
		s[k] = math.Exp(s[k] - most)
		all += s[k]
	}
	for k := range s {
		s[k] /= all
	}
	return s
}

func (row *example) sums(w []row5) (s row5) {
	s = w[len(w)-1]
	for i, f := range row.features {
		x := row.counts[i]
		for k := range s {
			s[k] += w[f][k] * x
		}
	}
	return s
}
