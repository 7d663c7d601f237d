package match

import (
	"context"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/mat"
)

// A spread holds what the spaces of all folds are made of. What a fold holds out is a difference of sums, so every phrasing
// is multiplied out once, not once for each fold.
type spread struct {
	classes []class
	lost    [folds]*mat.SymDense     // by fold: of the documents taken away in it, what it does not hold out anyway
	outer   [folds + 1]*mat.SymDense // by the fold that holds them out, else the last: the sum of their outer products
}

// A class is the texts of one document, summed up by the fold that holds them out; what is never held out comes last.
type class struct {
	gone  [folds]bool // taken away whole
	sum   [folds + 1][]float64
	count [folds + 1]int
}

// spread reads the vectors of the documents from which the spaces are made. If ctx ends it is of no use.
func (c *Corpus) spread(ctx context.Context) *spread {
	at := sample(upTo(len(c.Docs)), mostClasses)
	s := &spread{classes: make([]class, len(at))}
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for fold := range s.outer {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			var held, lost multiplier
			for i, doc := range at {
				if ctx.Err() != nil {
					return
				}
				s.classes[i].read(c, doc, fold, &held, &lost)
			}
			s.outer[fold] = held.done()
			if fold < folds {
				s.lost[fold] = lost.done()
			}
		})
	}
	wait.Wait()
	return s
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// read adds up what a fold holds out of a document, and what it loses with it.
func (cl *class) read(c *Corpus, doc, fold int, held, lost *multiplier) {
	for _, text := range textsOf(c.Docs[doc], fold) {
		v := c.Vector(text).Middle
		cl.add(fold, v)
		held.add(v)
	}
	if fold == folds || !c.isGone(doc, fold) {
		return
	}
	cl.gone[fold] = true
	for other := range folds + 1 {
		if other == fold {
			continue
		}
		for _, text := range textsOf(c.Docs[doc], other) {
			lost.add(c.Vector(text).Middle)
		}
	}
}

// textsOf lists the texts of a document that a fold holds out; for the last, those that none does.
func textsOf(d Doc, fold int) []string {
	var texts []string
	if fold == folds && d.Title != "" {
		texts = append(texts, d.Title)
	}
	for j, p := range d.Phrasings {
		if isHeld(d, j, fold) || fold == folds && !isHeld(d, j, j%folds) {
			texts = append(texts, p)
		}
	}
	return texts
}

func (c *class) add(fold int, v []float32) {
	if c.sum[fold] == nil {
		c.sum[fold] = make([]float64, len(v))
	}
	for i, x := range v {
		c.sum[fold][i] += float64(x)
	}
	c.count[fold]++
}

// mean is the mean of the texts that a fold leaves in, and how many these are; nil for none.
func (c *class) mean(fold int) (mean []float64, count int) {
	for i, sum := range c.sum {
		if i == fold && fold < folds || sum == nil {
			continue
		}
		if mean == nil {
			mean = make([]float64, len(sum))
		}
		for j, x := range sum {
			mean[j] += x
		}
		count += c.count[i]
	}
	for j := range mean {
		mean[j] /= float64(count)
	}
	return mean, count
}

// space makes the space of a fold; nil if its phrasings are too few to tell their spread, or there are no vectors.
func (s *spread) space(fold int) *Space {
	if s == nil {
		return nil
	}
	var means [][]float64
	var counts []int
	spread := 0
	for i := range s.classes {
		if fold < folds && s.classes[i].gone[fold] {
			continue
		}
		if mean, count := s.classes[i].mean(fold); count > 0 {
			means, counts = append(means, mean), append(counts, count)
			spread += count - 1
		}
	}
	if spread < leastSpread || len(means) < 3 {
		return nil
	}
	middle := make([]float64, len(means[0]))
	for _, mean := range means {
		for j, x := range mean {
			middle[j] += x / float64(len(means))
		}
	}
	var within mat.Cholesky
	if !within.Factorize(s.covariance(fold, means, counts, spread)) {
		return nil
	}
	return &Space{Mean: narrow(middle), Axes: axes(&within, means, middle)}
}

// covariance is the spread of phrasings round the mean of their entry, shrunk: the outer products of all, less those of
// the means.
func (s *spread) covariance(fold int, means [][]float64, counts []int, spread int) *mat.SymDense {
	width := len(means[0])
	sum := mat.NewSymDense(width, nil)
	for i, outer := range s.outer {
		if outer != nil && (i != fold || fold == folds) {
			sum.AddSym(sum, outer)
		}
	}
	if fold < folds && s.lost[fold] != nil {
		var minus mat.SymDense
		minus.ScaleSym(-1, s.lost[fold])
		sum.AddSym(sum, &minus)
	}
	for i, mean := range means {
		sum.SymRankOne(sum, -float64(counts[i]), mat.NewVecDense(width, mean))
	}
	level := sum.Trace() / float64(width)
	for i := range width {
		for j := i; j < width; j++ {
			sum.SetSym(i, j, (1-shrink)*sum.At(i, j)/float64(spread))
		}
		sum.SetSym(i, i, sum.At(i, i)+shrink*level/float64(spread))
	}
	return sum
}

// A multiplier sums up outer products, some vectors at a time.
type multiplier struct {
	sum  *mat.SymDense
	rows []float64
}

// chunk is how many vectors are multiplied at once: so few that they stay in the second-level cache.
const chunk = 32

func (m *multiplier) add(v []float32) {
	if m.sum == nil {
		m.sum = mat.NewSymDense(len(v), nil)
	}
	for _, x := range v {
		m.rows = append(m.rows, float64(x))
	}
	if len(m.rows) == chunk*len(v) {
		m.flush()
	}
}

func (m *multiplier) flush() {
	width := m.sum.SymmetricDim()
	if len(m.rows) > 0 {
		m.sum.SymRankK(m.sum, 1, mat.NewDense(len(m.rows)/width, width, m.rows).T())
		m.rows = m.rows[:0]
	}
}

// done gives the sum; nil if nothing was added.
func (m *multiplier) done() *mat.SymDense {
	if m.sum != nil {
		m.flush()
	}
	return m.sum
}

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}
