package slack

import "sync"

// A memory is a map that forgets its oldest keys. It is safe for concurrent use.
type memory[V any] struct {
	mu   sync.Mutex
	most int
	ring []string
	next int
	kept map[string]V
}

func newMemory[V any](most int) *memory[V] { return &memory[V]{most: most, kept: map[string]V{}} }

// keep remembers a value; a key that is known keeps its age.
func (m *memory[V]) keep(key string, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.kept[key]; !ok {
		if len(m.ring) < m.most {
			m.ring = append(m.ring, key)
		} else {
			delete(m.kept, m.ring[m.next])
			m.ring[m.next] = key
			m.next = (m.next + 1) % m.most
		}
	}
	m.kept[key] = value
}

func (m *memory[V]) get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.kept[key]
	return v, ok
}

func (m *memory[V]) keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.ring...)
}

// recent is a set of keys that forgets the oldest.
type recent struct{ memory *memory[bool] }

func newRecent(most int) *recent { return &recent{newMemory[bool](most)} }

func (r *recent) add(key string) { r.memory.keep(key, true) }

func (r *recent) has(key string) bool {
	_, ok := r.memory.get(key)
	return ok
}
