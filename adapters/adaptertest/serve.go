package adaptertest

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"
)

// Serve lets a process that dialled the listener's address use the network, until ctx ends. What a caller asked for goes
// on though the caller is killed, as in the world.
func Serve(ctx context.Context, listener net.Listener, network *Network) error {
	server := &http.Server{Handler: network.handler()}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// longPoll is how long a caller is kept waiting for an event.
const longPoll = time.Second

func (n *Network) handler() http.Handler {
	mux := http.NewServeMux()
	on := func(what string, do func(context.Context, call) outcome) {
		mux.HandleFunc("POST /"+what, func(w http.ResponseWriter, r *http.Request) {
			var c call
			if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			json.NewEncoder(w).Encode(do(r.Context(), c)) // a caller who left is none of the network's business
		})
	}
	on("send", func(ctx context.Context, c call) outcome {
		ref, err := n.Send(context.WithoutCancel(ctx), c.Post)
		return failed(outcome{Ref: ref}, err)
	})
	on("edit", func(ctx context.Context, c call) outcome {
		return failed(outcome{}, n.Edit(context.WithoutCancel(ctx), c.Ref, c.Message))
	})
	on("find", func(ctx context.Context, c call) outcome {
		ref, ok, err := n.Find(ctx, c.To, c.Key)
		return failed(outcome{Ref: ref, Found: ok}, err)
	})
	on("take", n.give)
	on("ack", func(_ context.Context, c call) outcome { n.mail.ack(c.ID, c.Turn); return outcome{} })
	on("nack", func(_ context.Context, c call) outcome { n.mail.nack(c.ID); return outcome{} })
	return mux
}

// give waits a while for an event to deliver.
func (n *Network) give(ctx context.Context, _ call) outcome {
	ctx, cancel := context.WithTimeout(ctx, longPoll)
	defer cancel()
	id, event, err := n.mail.take(ctx)
	if err != nil {
		return outcome{}
	}
	return outcome{ID: id, Event: event}
}
