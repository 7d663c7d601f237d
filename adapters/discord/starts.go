package discord

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// starts counts the sessions begun. Discord takes 1,000 IDENTIFYs a day and then resets the token, so a fault that makes
// us begin again and again must not use them up. A RESUME does not count.
type starts struct {
	now    func() time.Time
	mu     sync.Mutex
	recent []time.Time
	most   int // in any hour
}

func newStarts(shards int, now func() time.Time) *starts {
	return &starts{now: now, most: mostIdentifies + 2*(shards-1)}
}

// reserve takes a start, or says how long until there may be one.
func (s *starts) reserve(gap time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for len(s.recent) > 0 && !s.recent[0].Add(time.Hour).After(now) {
		s.recent = s.recent[1:]
	}
	if n := len(s.recent); n > 0 {
		if wait := s.recent[n-1].Add(gap).Sub(now); wait > 0 {
			return wait
		}
	}
	if len(s.recent) >= s.most {
		return s.recent[0].Add(time.Hour).Sub(now)
	}
	s.recent = append(s.recent, now)
	return 0
}

// gatewayInfo is what Discord says before one connects (events/gateway: Get Gateway Bot).
type gatewayInfo struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  *struct {
		Total      int     `json:"total"`
		Remaining  int     `json:"remaining"`
		ResetAfter float64 `json:"reset_after"` // milliseconds
	} `json:"session_start_limit"`
}

func (r *rest) gateway(ctx context.Context) (gatewayInfo, error) {
	var info gatewayInfo
	err := r.do(ctx, request{method: "GET", route: "/gateway/bot"}, &info)
	if err != nil {
		return info, fmt.Errorf("ask for the gateway: %w", err)
	}
	return info, nil
}

// mayStart waits until a new session may begin and returns where.
func (s *shard) mayStart(ctx context.Context) (string, error) {
	for {
		info, err := s.d.rest.gateway(ctx)
		if err != nil {
			return "", err
		}
		if l := info.Limit; l != nil && l.Remaining <= min(keptIdentifies, l.Total/2) {
			wait := seconds(l.ResetAfter / 1000)
			s.d.log.Error("discord: hardly any session starts are left today; waiting", "left", l.Remaining, "wait", wait)
			if err := sleep(ctx, max(wait, time.Second)); err != nil {
				return "", err
			}
			continue
		}
		if s.d.config.Gateway != "" {
			info.URL = s.d.config.Gateway
		}
		return info.URL, s.takeStart(ctx)
	}
}

func (s *shard) takeStart(ctx context.Context) error {
	for {
		wait := s.d.starts.reserve(s.d.times.identifyGap)
		if wait <= 0 {
			return nil
		}
		if wait > s.d.times.identifyGap {
			s.d.log.Error("discord: too many sessions were begun in the last hour; waiting", "wait", wait.Round(time.Second))
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}
