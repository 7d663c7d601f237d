package encoder

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"
)

// The reasons a model cannot be had; ask with errors.Is.
var (
	ErrMissing = errors.New("encoder: no such model file")
	ErrDamaged = errors.New("encoder: model file is damaged or not a model")
	ErrVersion = errors.New("encoder: model file is of another version; pack it again")
)

// Sizes that a text or a model may have.
const (
	maxTokens  = 256 // with [CLS] and [SEP]; the model was trained on no more
	headWidth  = 32  // of one attention head
	midLayers  = 3   // whose means make Vector.Middle
	batchLimit = 128 // tokens worked on at once, so that they stay in the second-level cache
)

// A Vector is what a text means.
type Vector struct {
	Last   []float32 // the mean of the last layer over the tokens; 384 wide, of length one
	Middle []float32 // the means of layers 4, 5 and 6, each scaled to length one, joined; 1,152 wide, of length one
}

// A Model holds weights and vocabulary. It does not change and is safe for concurrent use.
type Model struct {
	id        string
	weights   weights
	tokenizer *tokenizer
	kernel    kernel
	scratch   *sync.Pool // of *scratch
}

func newModel(id string, w weights, t *tokenizer) *Model {
	m := &Model{id: id, weights: w, tokenizer: t, kernel: bestKernel()}
	m.scratch = &sync.Pool{New: func() any { return new(scratch) }}
	return m
}

// ID is a short name of these weights, taken from their sha256. Vectors made under one ID may be compared with each
// other and with no others.
func (m *Model) ID() string { return m.id }

// Kernel names the arithmetic chosen for this CPU: "avx2" or "portable". Both give the same vectors.
func (m *Model) Kernel() string { return m.kernel.name }

// Tokens gives the ids that Encode works on, from [CLS] to [SEP], at most 256; what is beyond is cut off. Bytes that are
// not UTF-8 are left out. The names of special tokens have no power in a text: "[SEP]" is three ordinary tokens.
func (m *Model) Tokens(text string) []int32 {
	var c cutter
	return c.cut(m.tokenizer, nil, text)
}

// Knows tells whether a word, in lower case and without accents, is one whole piece of the vocabulary: a common English
// word is, a misspelt one hardly ever. So are single characters and some names and numbers. Special tokens such as
// "[unused1]" and pieces that only go on with a word are not.
func (m *Model) Knows(word string) bool {
	_, ok := m.tokenizer.starts[word]
	return ok && (len(word) == 1 || word[0] != '[')
}

// Words lists the pieces of the vocabulary that begin a word, in its order: the commonest words first.
func (m *Model) Words() []string {
	words := slices.Collect(maps.Keys(m.tokenizer.starts))
	slices.SortFunc(words, func(a, b string) int { return int(m.tokenizer.starts[a] - m.tokenizer.starts[b]) })
	return words
}

// Encode gives the vector of a text. An empty text has one too, which means nothing. The caller owns the vector.
func (m *Model) Encode(text string) Vector {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.reset()
	s.add(m.tokenizer, text)
	var out [1]Vector
	m.forward(s, out[:])
	return out[0]
}

// EncodeAll gives the vectors of many texts, the very same as Encode gives one by one, in less time: it works on several
// texts at once and on all cores. progress, which may be nil, is told how many are done; calls do not overlap and the
// number only rises. When ctx ends EncodeAll stops within a batch and returns its error and no vectors.
func (m *Model) EncodeAll(ctx context.Context, texts []string, progress func(done int)) ([]Vector, error) {
	vectors := make([]Vector, len(texts))
	queue := &queue{texts: texts, progress: progress}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		workers.Go(func() { m.work(ctx, queue, vectors) })
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return vectors, nil
}

// work encodes batches from the queue until it is empty or ctx ends.
func (m *Model) work(ctx context.Context, q *queue, vectors []Vector) {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	for ctx.Err() == nil {
		first, count := q.take(m.tokenizer, s)
		if count == 0 {
			return
		}
		m.forward(s, vectors[first:first+count])
		q.report(count)
	}
}

// A queue hands out texts in order, as many at a time as fit a batch.
type queue struct {
	sync.Mutex
	texts    []string
	next     int
	done     int
	progress func(done int)
}

// take fills s with the tokens of the next texts and says which they are.
func (q *queue) take(t *tokenizer, s *scratch) (first, count int) {
	q.Lock()
	defer q.Unlock()
	first = q.next
	s.reset()
	for q.next < len(q.texts) && s.add(t, q.texts[q.next]) {
		q.next++
	}
	return first, q.next - first
}

func (q *queue) report(count int) {
	q.Lock()
	defer q.Unlock()
	q.done += count
	if q.progress != nil {
		q.progress(q.done)
	}
}
