package discord

import "sync"

// A memory keeps the newest values by key, and never more than most of them. It is safe for concurrent use.
type memory[V any] struct {
	mu     sync.Mutex
	most   int
	values map[string]V
	order  []string // oldest first; keys that were put twice or taken out may be in it without a value
}

func newMemory[V any](most int) *memory[V] { return &memory[V]{most: most, values: map[string]V{}} }

func (m *memory[V]) get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[key]
	return v, ok
}

func (m *memory[V]) put(key string, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.values[key]; !ok {
		m.order = append(m.order, key)
	}
	m.values[key] = v
	for len(m.values) > m.most || len(m.order) > 2*m.most {
		delete(m.values, m.order[0])
		m.order = m.order[1:]
	}
}

func (m *memory[V]) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, key)
}

// keys are those that have a value, the oldest first.
func (m *memory[V]) keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen := map[string]bool{}
	var keys []string
	for _, key := range m.order {
		if _, ok := m.values[key]; ok && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}
