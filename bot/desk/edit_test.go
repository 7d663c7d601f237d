package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

// edit is a new state of the message "card".
func edit(place chat.Address, text string) chat.Post {
	post := to(place, text)
	post.Replaces = "card"
	return post
}

func TestTheLastStateOfACardWins(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.weather = func(c call) fault {
			if c.what == "send" {
				return fault{takes: time.Second}
			}
			return fault{}
		}
		r.start()
		r.post(to("net:a", "card"), edit("net:a", "claimed"), to("net:a", "between"), edit("net:a", "answered"))
		r.after(5 * time.Second)
		r.want("in a", r.net.said("net:a"), "answered between")
		r.want("rows", r.rows(), `card is sent
claimed is dropped: overtaken by a later state of the same message
between is sent
answered is sent`)
		if n := len(r.net.asked("edit")); n != 1 {
			t.Errorf("%d edits left, want 1", n)
		}
		r.post(edit("net:a", "closed"))
		r.after(time.Second)
		r.want("in a", r.net.said("net:a"), "closed between")
	})
}

// An edit is repeated when nobody can tell whether it arrived; never so that it undoes a later one.
func TestEditInDoubt(t *testing.T) {
	for _, done := range []bool{false, true} {
		onRoad(t, func(r *road) {
			r.net.weather = func(c call) fault {
				if c.what == "edit" && c.n == 1 {
					return fault{err: errLine, done: done}
				}
				return fault{}
			}
			r.start()
			r.post(to("net:a", "card"), edit("net:a", "claimed"))
			r.after(time.Second)
			r.post(edit("net:a", "answered"))
			r.after(10 * time.Second)
			if n := len(r.net.asked("edit")); n != 1 {
				t.Errorf("%d edits left while the first could still land", n)
			}
			r.after(time.Minute)
			r.want("in a", r.net.said("net:a"), "answered")
			if n := len(r.net.asked("edit")); n != 2 {
				t.Errorf("%d edits left, want 2", n)
			}
		})
	}
}

func TestEditRefused(t *testing.T) {
	refused, gone := &chat.SendError{Refused: true, Err: errors.New("not yours")}, &chat.SendError{Refused: true, Gone: true, Err: errors.New("deleted")}
	tests := []struct {
		name  string
		err   error
		other chat.Address
		want  string
	}{
		{"is parked", refused, "", "card is sent\nclaimed is parked: not yours"},
		{"goes elsewhere", refused, "net:b", "card is sent\nclaimed is dropped: went to net:b instead: not yours\nclaimed else is sent"},
		{"is dropped where the message is gone", gone, "", "card is sent\nclaimed is dropped: deleted"},
		{"is tried again where it may pass", &chat.SendError{Err: errors.New("busy")}, "", "card is sent\nclaimed is sent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.net.weather = func(c call) fault {
					if c.what == "edit" && c.n == 1 {
						return fault{err: test.err}
					}
					return fault{}
				}
				r.start()
				claimed := edit("net:a", "claimed")
				claimed.Else = test.other
				r.post(to("net:a", "card"), claimed)
				r.after(time.Minute)
				r.want("rows", r.rows(), test.want)
			})
		})
	}
}

// An edit follows its message wherever that went.
func TestEditFollowsItsMessage(t *testing.T) {
	card := to("net:gone", "card")
	movedCard := card
	movedCard.Else = "net:b"
	tests := []struct {
		name  string
		posts []chat.Post
		rows  string
		seen  string // in b
	}{
		{"elsewhere", []chat.Post{movedCard, edit("net:gone", "claimed"), edit("net:gone", "answered")}, `card is dropped: went to net:b instead: no such place
claimed is dropped: overtaken by a later state of the same message
answered is dropped: went to net:b, as its message did
card else is sent
answered else is sent`, "answered"},
		{"into the park", []chat.Post{card, edit("net:gone", "claimed")}, `card is parked: no such place
claimed is dropped: what it edits was never sent, and now says this`, ""},
		{"to another place than it says", []chat.Post{to("net:b", "card"), edit("net:wrong", "claimed")}, "card is sent\nclaimed is sent", "claimed"},
		{"unless it was never posted", []chat.Post{edit("net:b", "claimed")}, "claimed is parked: what it edits is not in the outbox before it", ""},
		{"unless it was posted later", []chat.Post{edit("net:b", "claimed"), to("net:b", "card")}, "claimed is parked: what it edits is not in the outbox before it\ncard is sent", "card"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.net.refuse["net:gone"] = true
				r.post(test.posts...)
				r.start()
				r.after(2 * time.Minute)
				r.want("rows", r.rows(), test.rows)
				r.want("in b", r.net.said("net:b"), test.seen)
			})
		})
	}
}

func TestEditOfAParkedMessage(t *testing.T) {
	for _, freed := range []bool{true, false} {
		onRoad(t, func(r *road) {
			r.net.refuse["net:a"] = true
			r.start()
			r.post(to("net:a", "card"), edit("net:a", "claimed"))
			r.after(time.Second)
			delete(r.net.refuse, "net:a")
			decide, want := desk.Drop, ""
			if freed {
				decide, want = desk.Retry, "claimed"
			}
			if err := r.db.Write(r.t.Context(), func(tx *sqldb.Tx) error { return decide(r.t.Context(), tx, 1, "sam") }); err != nil {
				t.Fatal(err)
			}
			r.after(time.Second)
			r.want("in a", r.net.said("net:a"), want)
			r.post(edit("net:a", "answered"))
			r.after(time.Second)
			r.want("in a", r.net.said("net:a"), strings.Replace(want, "claimed", "answered", 1))
		})
	}
}
