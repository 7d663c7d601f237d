package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"signpost/knowledge/sqldb"
)

// A wellness is what /healthz and /readyz answer: every part that was looked at, with a reason where it is not well.
type wellness struct {
	OK    bool   `json:"ok"`
	Parts []part `json:"parts"`
}

// A part is one thing that must work.
type part struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says,omitempty"`
}

func (w *wellness) add(name string, err error) {
	p := part{Name: name, OK: err == nil}
	if err != nil {
		p.Says = err.Error()
		w.OK = false
	}
	w.Parts = append(w.Parts, p)
}

// probeEvery is how long the answer to "can the file be written" is believed, if nothing fails meanwhile.
const probeEvery = 4 * time.Second

// A probe tries whether the file can be written.
type probe struct {
	db *sqldb.DB

	mu     sync.Mutex
	at     time.Time
	result error
}

// probeSize is what the probe writes: more than a page, so that room is asked for as an event would ask for it.
const probeSize = 3 * 4096

// try writes a row and takes it back in the same transaction, at most once each probeEvery.
func (p *probe) try(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.at) < probeEvery {
		return p.result
	}
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	p.result = p.db.Write(ctx, func(tx *sqldb.Tx) error {
		const key = "probe"
		_, err := tx.ExecContext(ctx, `INSERT INTO inbox (key, at, reply) VALUES ($1, $2, $3)`, key, tx.Now().UnixMilli(), strings.Repeat("-", probeSize))
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM inbox WHERE key = $1`, key)
		}
		return err
	})
	p.at = time.Now()
	return p.result
}

// doubt makes the next look try anew, because something could not be handled.
func (p *probe) doubt(error) {
	if p.mu.TryLock() { // else a look is under way
		defer p.mu.Unlock()
		p.at = time.Time{}
	}
}

// health says whether the process is alive and its file can be written.
func (s *server) health(ctx context.Context) wellness {
	w := wellness{OK: true}
	w.add("file", s.probe.try(ctx))
	w.add("messages", s.courier.Health())
	return w
}

// ready says whether people are answered: everything of health's that others depend on, and the networks.
func (s *server) ready() wellness {
	w := wellness{OK: true}
	var lease, base error
	if s.draining.Load() {
		lease = errors.New("being stopped")
	} else if s.lost() {
		lease = errors.New("another process serves the file now")
	}
	w.add("lease", lease)
	if len(s.base.Snapshot().Entries("")) == 0 {
		base = errors.New("no entry is live")
	}
	w.add("entries", base)
	for _, n := range s.networks {
		w.add(n.name, n.state())
	}
	return w
}

// statusPages are /healthz, /readyz and /metrics.
func (s *server) statusPages() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { answer(w, s.health(r.Context())) })
	pages.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { answer(w, s.ready()) })
	pages.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.writeMetrics(r.Context(), w)
	})
	return pages
}

func answer(w http.ResponseWriter, is wellness) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !is.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(is)
}

// serveStatus serves the pages until ctx ends, and then for a moment to who is reading them.
func (s *server) serveStatus(ctx context.Context, at net.Listener) error {
	pages := &http.Server{Handler: s.statusPages(), ReadTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if pages.Shutdown(last) != nil {
			pages.Close()
		}
	}()
	err := pages.Serve(at)
	<-ended
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
