package desk_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

func TestAnEventIsTakenOnce(t *testing.T) {
	onRoad(t, func(r *road) {
		ctx := r.t.Context()
		hello := say("hello")
		tests := []struct {
			key   string
			reply *chat.Message
		}{{"with a reply", &hello}, {"without", nil}}
		for _, test := range tests {
			if _, ok, err := desk.Seen(ctx, r.db.Read(), test.key); ok || err != nil {
				r.t.Errorf("%s: seen before it came: %v, %v", test.key, ok, err)
			}
			for _, want := range []bool{true, false} {
				other := say("other")
				given := test.reply
				if !want {
					given = &other
				}
				err := r.db.Write(ctx, func(tx *sqldb.Tx) error {
					first, err := desk.Take(ctx, tx, test.key, given)
					if first != want {
						r.t.Errorf("%s: taken first is %v, want %v", test.key, first, want)
					}
					return err
				})
				if err != nil {
					r.t.Fatal(err)
				}
			}
			if reply, ok, err := desk.Seen(ctx, r.db.Read(), test.key); !ok || err != nil || !reflect.DeepEqual(reply, test.reply) {
				r.t.Errorf("%s: seen %v with %v, %v, want %v", test.key, ok, reply, err, test.reply)
			}
		}
	})
}

// What fails after an event was taken gives it back.
func TestAnEventIsNotTakenByATransactionThatFails(t *testing.T) {
	onRoad(t, func(r *road) {
		refused := errors.New("refused")
		err := r.db.Write(r.t.Context(), func(tx *sqldb.Tx) error {
			_, err := desk.Take(r.t.Context(), tx, "event", nil)
			return errors.Join(err, desk.Post(r.t.Context(), tx, to("net:a", "1")), refused)
		})
		if !errors.Is(err, refused) {
			r.t.Error(err)
		}
		if _, ok, err := desk.Seen(r.t.Context(), r.db.Read(), "event"); ok || err != nil {
			r.t.Errorf("seen: %v, %v", ok, err)
		}
		r.want("rows", r.rows(), "")
	})
}

func TestKeyOf(t *testing.T) {
	onRoad(t, func(r *road) {
		r.start()
		r.post(to("net:a", "card"), edit("net:a", "claimed"))
		r.after(time.Second)
		tests := []struct {
			ref, want string
		}{{"ref 1", "card"}, {"ref 2", ""}, {"", ""}}
		for _, test := range tests {
			key, ok, err := desk.KeyOf(r.t.Context(), r.db.Read(), chat.Ref(test.ref))
			if key != test.want || ok != (test.want != "") || err != nil {
				r.t.Errorf("the key of %q is %q, %v, %v, want %q", test.ref, key, ok, err, test.want)
			}
		}
	})
}

// The desk forgets what it need not keep, a little at a time; never what waits for the network, or for somebody.
func TestDeleteOld(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.refuse["net:gone"] = true
		r.start()
		if err := deliver(r.db, "event", to("net:a", "sent"), to("net:gone", "parked"), to("other:a", "waits")); err != nil {
			r.t.Fatal(err)
		}
		r.after(time.Second)
		r.stop()
		for _, step := range []struct {
			wait   time.Duration
			events int
			rows   string
		}{
			{23 * time.Hour, 1, "sent is sent\nparked is parked: no such place\nwaits is new"},
			{2 * time.Hour, 0, "sent is sent\nparked is parked: no such place\nwaits is new"},
			{90 * 24 * time.Hour, 0, "parked is parked: no such place\nwaits is new"},
		} {
			r.after(step.wait)
			if err := r.db.Write(r.t.Context(), func(tx *sqldb.Tx) error { return desk.DeleteOld(r.t.Context(), tx) }); err != nil {
				r.t.Fatal(err)
			}
			if n := count(r.t, r.db, `SELECT COUNT(*) FROM inbox`); n != step.events {
				r.t.Errorf("after %v more, %d events are kept, want %d", step.wait, n, step.events)
			}
			r.want("rows", r.rows(), step.rows)
		}
	})
}
