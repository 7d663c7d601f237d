package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"signpost/bot/chat"
	"signpost/bot/desk"
)

// figures are what Prometheus reads. Labels are networks, kinds of event and the like: few, and never a person, a place
// or a word of a question.
type figures struct{ set *metrics.Set }

func newFigures() *figures { return &figures{metrics.NewSet()} }

// knownKinds keeps an adapter's slip from making a label of whatever it puts there.
var knownKinds = []chat.EventKind{chat.Said, chat.Pressed, chat.Submitted, chat.TypedAhead, chat.Opened, chat.Edited, chat.Deleted,
	chat.SentFile, chat.Joined, chat.Left, chat.GotRoles, chat.CameDue}

func (f *figures) handled(event chat.Event, took time.Duration, err error) {
	kind, result := event.Kind, "ok"
	if !slices.Contains(knownKinds, kind) {
		kind = "other"
	}
	switch {
	case errors.Is(err, errBusy):
		result = "busy"
	case errors.Is(err, context.DeadlineExceeded):
		result = "late"
	case err != nil:
		result = "error"
	}
	labels := fmt.Sprintf(`{network=%q,kind=%q}`, networkOf(event), kind)
	f.set.GetOrCreateCounter(fmt.Sprintf(`signpost_events_total{network=%q,kind=%q,result=%q}`, networkOf(event), kind, result)).Inc()
	f.set.GetOrCreateHistogram(`signpost_handle_seconds` + labels).Update(took.Seconds())
}

// gauge is one figure as it stands.
func gauge(w io.Writer, name string, value float64) { metrics.WriteGaugeFloat64(w, name, value) }

// write prints everything in Prometheus's text format.
func (s *server) writeMetrics(ctx context.Context, w io.Writer) {
	s.figures.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
	gauge(w, "signpost_entries", float64(len(s.base.Snapshot().Entries(""))))
	gauge(w, "signpost_healthy", boolean(s.health(ctx).OK))
	gauge(w, "signpost_ready", boolean(s.ready().OK))
	for _, n := range s.networks {
		gauge(w, fmt.Sprintf(`signpost_network_up{network=%q}`, n.name), boolean(n.state() == nil))
		metrics.WriteCounterUint64(w, fmt.Sprintf(`signpost_network_restarts_total{network=%q}`, n.name), uint64(n.restarts.Load()))
	}
	stats, err := s.courier.Stats(ctx)
	if err != nil {
		s.log.Warn("could not count the messages that wait", "error", err)
		return
	}
	for name, stat := range stats {
		writeQueue(w, name, stat)
	}
}

func writeQueue(w io.Writer, network string, s desk.Stats) {
	label := fmt.Sprintf(`{network=%q}`, network)
	gauge(w, "signpost_messages_waiting"+label, float64(s.Waiting))
	gauge(w, "signpost_messages_oldest_seconds"+label, s.Oldest.Seconds())
	gauge(w, "signpost_messages_parked"+label, float64(s.Parked))
	metrics.WriteCounterUint64(w, "signpost_messages_sent_total"+label, s.Sent)
}

func boolean(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
