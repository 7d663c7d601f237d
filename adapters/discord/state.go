package discord

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// A state is how the connection stands, for whoever asks.
type state struct {
	mu    sync.Mutex
	links map[int]linkState // by shard
	fatal error
}

type linkState struct {
	up      bool
	met     bool // it was up at some time; until then events go past it
	since   time.Time
	trouble error // why it is not up
}

// mostDown is how long a link may be away before that is a fault: resuming takes a moment, a new session up to a minute.
const mostDown = 90 * time.Second

func (s *state) set(shard int, up bool, at time.Time, trouble error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links == nil {
		s.links = map[int]linkState{}
	}
	old, known := s.links[shard]
	if known && old.up == up {
		at = old.since
	}
	s.links[shard] = linkState{up: up, met: up || old.met, since: at, trouble: trouble}
}

func (s *state) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fatal = err
}

func (s *state) healthy(now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fatal != nil {
		return s.fatal
	}
	if len(s.links) == 0 {
		return errors.New("discord: not connected yet")
	}
	for shard, link := range s.links {
		if !link.met {
			return fmt.Errorf("discord: shard %d is not connected yet: %w", shard, link.trouble)
		}
		if away := now.Sub(link.since); !link.up && away > mostDown {
			return fmt.Errorf("discord: shard %d not connected for %v: %w", shard, away.Round(time.Second), link.trouble)
		}
	}
	return nil
}
