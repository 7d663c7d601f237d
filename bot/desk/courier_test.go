package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

func passing(wait time.Duration, network bool) fault {
	return fault{err: &chat.SendError{Wait: wait, Network: network, Err: errors.New("slow down")}}
}

func TestPlacesKeepTheirOrder(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.weather = func(c call) fault {
			if c.key == "2" && c.n <= 4 { // 1, one, 2, and what follows in b go first
				return passing(0, false)
			}
			return fault{takes: 100 * time.Millisecond}
		}
		r.start()
		r.post(to("net:a", "1"), to("net:b", "one"), to("net:a", "2"), to("net:a", "3"), to("net:b", "two"))
		r.after(time.Second)
		r.want("in b, before a goes on", r.net.said("net:b"), "one two")
		r.want("in a", r.net.said("net:a"), "1")
		r.after(10 * time.Second)
		r.want("in a", r.net.said("net:a"), "1 2 3")
		r.want("rows", r.rows(), "1 is sent\none is sent\n2 is sent\n3 is sent\ntwo is sent")
	})
}

func TestPlacesGoSideBySide(t *testing.T) {
	onRoad(t, func(r *road) {
		r.pace.AtOnce = 8
		r.net.weather = func(call) fault { return fault{takes: time.Second} }
		r.start()
		for i := range 16 {
			r.post(to(chat.Address(fmt.Sprint("net:", i)), fmt.Sprint(i)))
		}
		r.after(time.Second + 100*time.Millisecond)
		if got := len(strings.Fields(r.net.said(""))); got != 8 {
			t.Errorf("after one request's time %d messages arrived, want 8", got)
		}
		r.after(time.Second + 100*time.Millisecond)
		if got := len(strings.Fields(r.net.said(""))); got != 16 {
			t.Errorf("after two requests' time %d messages arrived, want 16", got)
		}
	})
}

func TestPace(t *testing.T) {
	every := desk.Rate{Every: time.Second, Burst: 2}
	tests := []struct {
		name  string
		pace  desk.Pace
		place func(i int) chat.Address
	}{
		{"of a place", desk.Pace{Place: every}, func(int) chat.Address { return "net:a" }},
		{"of a network", desk.Pace{Network: every}, func(i int) chat.Address { return chat.Address(fmt.Sprint("net:", i)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.pace = test.pace
				r.start()
				for i := range 12 {
					r.post(to(test.place(i), fmt.Sprint(i)))
				}
				r.after(11 * time.Second)
				calls := r.net.asked("send")
				if len(calls) != 12 {
					t.Fatalf("%d requests, want 12", len(calls))
				}
				for i := 2; i < len(calls); i++ {
					if gap := calls[i].at.Sub(calls[i-2].at); gap < time.Second {
						t.Errorf("three requests within %v", gap)
					}
				}
			})
		})
	}
}

func TestNoRequestWhileAskedToWait(t *testing.T) {
	tests := []struct {
		name    string
		network bool
		wantB   string // in another place, meanwhile
	}{
		{"by a place", false, "one two"},
		{"by a network", true, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.net.weather = func(c call) fault {
					if c.n == 1 {
						return passing(90*time.Second, test.network)
					}
					return fault{}
				}
				r.start()
				r.post(to("net:a", "1"), to("net:a", "2"))
				r.after(time.Second)
				r.post(to("net:b", "one"), to("net:b", "two"))
				r.after(88 * time.Second)
				r.want("in a", r.net.said("net:a"), "")
				r.want("in b", r.net.said("net:b"), test.wantB)
				r.after(2 * time.Second)
				r.want("in a, after the wait", r.net.said("net:a"), "1 2")
				r.want("in b, after the wait", r.net.said("net:b"), "one two")
			})
		})
	}
}

// A request that was decided on before another was told to wait does not leave after it.
func TestNoRequestLeavesAfterTheNetworkAskedToWait(t *testing.T) {
	onRoad(t, func(r *road) {
		r.pace.AtOnce = 4
		r.net.weather = func(c call) fault {
			if c.n <= 4 {
				f := passing(time.Minute, true)
				f.takes = time.Duration(c.n) * 50 * time.Millisecond
				return f
			}
			return fault{}
		}
		r.start()
		for i := range 40 {
			r.post(to(chat.Address(fmt.Sprint("net:", i)), fmt.Sprint(i)))
		}
		r.after(2 * time.Minute)
		calls := r.net.asked("send")
		told := calls[0].at.Add(50 * time.Millisecond)
		for _, c := range calls[4:] {
			if c.at.Before(told.Add(time.Minute)) {
				t.Errorf("%s was asked for %v after the network asked to be left alone", c.key, c.at.Sub(told))
			}
		}
		if got := len(strings.Fields(r.net.said(""))); got != 40 {
			t.Errorf("%d messages arrived, want 40", got)
		}
	})
}

func TestBackoff(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.weather = func(c call) fault {
			if c.n <= 14 {
				return passing(0, false)
			}
			return fault{}
		}
		r.start()
		r.post(to("net:a", "1"))
		r.after(time.Hour)
		r.want("in a", r.net.said("net:a"), "1")
		calls := r.net.asked("send")
		for i := 1; i < len(calls); i++ {
			gap, least := calls[i].at.Sub(calls[i-1].at), min(2*time.Second<<min(i-1, 10), 4*time.Minute)
			if most := least*5/4 + time.Second; gap < least || gap > most {
				t.Errorf("before request %d it waited %v, want %v to %v", i+1, gap, least, most)
			}
		}
	})
}

// After a request that may have arrived or not, nobody asks before it can no longer land, and then the network is asked
// before anything is sent again.
func TestInDoubt(t *testing.T) {
	tests := []struct {
		name  string
		first fault // what becomes of the first request
		find  func(c call) fault
		other chat.Address // Else
		want  string       // what people see in a
		rows  string
	}{
		{"it arrived", fault{err: errLine, done: true}, nil, "", "1 2", "1 is sent\n2 is sent"},
		{"it did not arrive", fault{err: errLine}, nil, "", "1 2", "1 is sent\n2 is sent"},
		{"it took too long", fault{hangs: true}, nil, "", "1 2", "1 is sent\n2 is sent"},
		{"it arrived, and took too long", fault{hangs: true, done: true}, nil, "", "1 2", "1 is sent\n2 is sent"},
		{"nobody can tell", fault{err: errLine, done: true}, func(call) fault { return fault{err: chat.ErrCannotFind} }, "", "1 2",
			"1 is parked: chat: cannot look for messages here\n2 is sent"},
		{"nobody can tell, and it goes elsewhere", fault{err: errLine}, func(call) fault { return fault{err: chat.ErrCannotFind} }, "net:b", "2",
			"1 is dropped: went to net:b instead: chat: cannot look for messages here\n2 is sent\n1 else is sent"},
		{"there is nowhere to look any more", fault{err: errLine}, func(call) fault {
			return fault{err: &chat.SendError{Refused: true, Err: errors.New("no such place")}}
		}, "", "2", "1 is parked: no such place\n2 is sent"},
		{"looking fails for a while", fault{err: errLine, done: true}, func(c call) fault {
			return []fault{{}, {err: errLine}, passing(30*time.Second, false), {hangs: true}, {}}[min(c.n, 4)]
		}, "", "1 2", "1 is sent\n2 is sent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.net.weather = func(c call) fault {
					switch {
					case c.what == "send" && c.n == 1:
						return test.first
					case c.what == "find" && test.find != nil:
						return test.find(c)
					}
					return fault{}
				}
				r.start()
				one := to("net:a", "1")
				one.Else = test.other
				r.post(one, to("net:a", "2"))
				r.after(11900 * time.Millisecond)
				if n := len(r.net.asked("send")) + len(r.net.asked("find")); n != 1 {
					t.Errorf("%d requests while the first could still land, want it alone", n)
				}
				r.after(5 * time.Minute)
				r.want("in a", r.net.said("net:a"), test.want)
				if test.other != "" {
					r.want("elsewhere", r.net.said(test.other), "1")
				}
				r.want("rows", r.rows(), test.rows)
			})
		})
	}
}

func TestAnAdapterThatPanicsIsOneThatFailed(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.weather = func(c call) fault {
			return fault{panics: c.n == 1 && c.what == "send"}
		}
		r.start()
		r.post(to("net:a", "1"))
		r.after(time.Minute)
		r.want("rows", r.rows(), "1 is sent")
	})
}

func TestRefusedIsParkedOrGoesElsewhere(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.refuse["net:gone"], r.net.refuse["net:gone too"] = true, true
		r.start()
		a, b, c := to("net:gone", "a"), to("net:gone", "b"), to("net:gone", "c")
		b.Else, c.Else = "net:home", "net:gone too"
		r.post(a, b, c)
		r.after(time.Second)
		r.want("at home", r.net.said("net:home"), "b")
		r.want("rows", r.rows(), `a is parked: no such place
b is dropped: went to net:home instead: no such place
c is dropped: went to net:gone too instead: no such place
b else is sent
c else is parked: no such place`)
		if stats, err := r.courier.Stats(r.t.Context()); err != nil || stats["net"] != (desk.Stats{Parked: 2, Sent: 1}) {
			t.Errorf("stats are %+v, %v", stats, err)
		}
	})
}

func TestParkedIsRetriedOrDroppedBySomebody(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.refuse["net:a"] = true
		r.start()
		r.post(to("net:a", "1"), to("net:a", "2"))
		r.after(time.Second)
		delete(r.net.refuse, "net:a")
		parked, err := desk.ListParked(r.t.Context(), r.db.Read())
		if err != nil || len(parked) != 2 {
			t.Fatalf("parked: %+v, %v", parked, err)
		}
		other, err := sqldb.Open(r.t.Context(), r.file, nil) // the command is another process, which cannot wake the courier
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		err = other.Write(r.t.Context(), func(tx *sqldb.Tx) error {
			return errors.Join(desk.Retry(r.t.Context(), tx, parked[0].ID, "sam"), desk.Drop(r.t.Context(), tx, parked[1].ID, "sam"))
		})
		if err != nil {
			t.Fatal(err)
		}
		r.after(time.Second)
		r.want("in a, after a second", r.net.said("net:a"), "1")
		r.want("rows", r.rows(), "1 is sent\n2 is dropped: no such place")
		err = other.Write(r.t.Context(), func(tx *sqldb.Tx) error { return desk.Retry(r.t.Context(), tx, parked[1].ID, "sam") })
		if !errors.Is(err, desk.ErrNotParked) {
			t.Errorf("retrying what was dropped gives %v", err)
		}
		if n := count(t, r.db, `SELECT COUNT(*) FROM outbox WHERE post <> ''`); n != 0 {
			t.Errorf("the text of %d messages is kept though they are done", n)
		}
		if n := count(t, r.db, `SELECT COUNT(*) FROM audit WHERE who = 'sam'`); n != 2 {
			t.Errorf("%d lines in the audit trail, want 2", n)
		}
	})
}

func count(t *testing.T, db *sqldb.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.Read().QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUnder(t *testing.T) {
	onRoad(t, func(r *road) {
		r.net.refuse["net:gone"] = true
		r.start()
		lost, moved := to("net:gone", "lost"), to("net:gone", "moved")
		moved.Else = "net:a"
		under := func(p chat.Post, key string) chat.Post { p.Under = key; return p }
		r.post(to("net:a", "top"), lost, moved)
		r.after(time.Second)
		r.post(under(to("net:a", "reply"), "top"), under(to("net:b", "elsewhere"), "top"), under(to("net:a", "no top"), "lost"),
			under(to("net:a", "after"), "moved"), under(to("net:a", "unheard"), "of nothing"))
		r.after(time.Second)
		var got []string
		for _, post := range r.net.posts {
			got = append(got, post.text+" under "+string(post.thread))
		}
		slices.Sort(got) // places go side by side
		r.want("posts", strings.Join(got, "\n"), "after under ref 2\nelsewhere under \nmoved under \nno top under \nreply under ref 1\ntop under \nunheard under ")
	})
}

func TestOnlyWhatThisProcessCarries(t *testing.T) {
	onRoad(t, func(r *road) {
		r.mine = func(a chat.Address) bool { return a == "net:sam" }
		r.start()
		r.post(to("net:sam", "1"), to("net:kim", "2"), to("other:sam", "3"))
		r.after(time.Minute)
		r.want("rows", r.rows(), "1 is sent\n2 is new\n3 is new")
		stats, err := r.courier.Stats(r.t.Context())
		if err != nil || stats["other"].Waiting != 1 || stats["other"].Oldest != time.Minute {
			t.Errorf("stats are %+v, %v", stats, err)
		}
	})
}

func TestPostedByAnotherProcess(t *testing.T) {
	onRoad(t, func(r *road) {
		r.start()
		r.after(time.Minute)
		courier := r.courier
		r.courier = nil // nobody wakes it
		r.post(to("net:a", "1"))
		r.courier = courier
		r.after(time.Second)
		r.want("in a, after a second", r.net.said("net:a"), "1")
	})
}

// When asked to stop, the courier begins nothing more, waits for what is under way, and writes down how it ended.
func TestStop(t *testing.T) {
	tests := []struct {
		name  string
		takes time.Duration
		hangs bool
		want  string
	}{
		{"in time", 4 * time.Second, false, "1 is sent\n2 is new"},
		{"too late", 0, true, "1 is sending: context canceled\n2 is new"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.net.weather = func(c call) fault { return fault{takes: test.takes, hangs: test.hangs} }
				r.start()
				r.post(to("net:a", "1"), to("net:a", "2"))
				r.after(100 * time.Millisecond)
				asked := time.Now()
				r.stop()
				if took := time.Since(asked); took > 6*time.Second {
					t.Errorf("it took %v to stop", took)
				}
				r.want("rows", r.rows(), test.want)
			})
		})
	}
}

// A row that a start finds under way rests until its request can no longer land, and is then looked for.
func TestRestartInDoubt(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		onRoad(t, func(r *road) {
			r.net.weather = func(c call) fault { return fault{hangs: c.what == "send" && c.n == 1, done: arrived} }
			r.start()
			r.post(to("net:a", "1"), to("net:a", "2"))
			r.after(time.Second)
			r.stop()
			r.start()
			r.after(11900 * time.Millisecond)
			if n := len(r.net.asked("send")) + len(r.net.asked("find")); n != 1 {
				r.t.Errorf("%d requests while the first could still land, want it alone", n)
			}
			r.after(10 * time.Second)
			r.want("in a", r.net.said("net:a"), "1 2")
		})
	}
}

// A clock that is set back neither strands what waits nor sends it early.
func TestClockSetBack(t *testing.T) {
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprint("restart ", restart), func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.net.weather = func(c call) fault {
					switch {
					case c.what == "send" && c.n == 1:
						return passing(time.Minute, false)
					case c.what == "send" && c.n == 2:
						return fault{err: errLine}
					}
					return fault{}
				}
				r.start()
				r.post(to("net:a", "1"))
				r.after(time.Second)
				r.late.Store(int64(6 * time.Hour))
				if restart {
					r.stop()
					r.start()
				}
				r.after(62 * time.Second) // the second request has failed, and is in doubt
				r.late.Store(int64(12 * time.Hour))
				if restart {
					r.stop()
					r.start()
				}
				r.after(13 * time.Second)
				r.want("rows", r.rows(), "1 is sent")
			})
		})
	}
}

func TestWakeMayComeAtAnyTime(t *testing.T) {
	onRoad(t, func(r *road) {
		idle := &desk.Courier{}
		for range 3 {
			idle.Wake()
		}
		r.start()
		r.stop()
		r.courier.Wake()
		synctest.Wait()
	})
}
