package desk_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"testing/synctest"
	"time"

	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

// hold writes a lease into the file as another process would.
func (r *road) hold(pid int, host string, until time.Time) {
	r.t.Helper()
	err := r.db.Write(r.t.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.ExecContext(r.t.Context(), `INSERT INTO lease (one, holder, pid, host, until) VALUES (1, 'other', $1, $2, $3)
			ON CONFLICT (one) DO UPDATE SET holder = 'other', pid = $1, host = $2, until = $3`, pid, host, until.UnixMilli())
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestOneProcessServes(t *testing.T) {
	onRoad(t, func(r *road) {
		leased, release, err := desk.Lease(r.t.Context(), r.db)
		if err != nil {
			r.t.Fatal(err)
		}
		r.after(time.Hour) // it is renewed
		_, _, err = desk.Lease(r.t.Context(), r.db)
		var held *desk.LeaseError
		if !errors.As(err, &held) || held.Pid != os.Getpid() {
			r.t.Errorf("a second lease gives %v", err)
		}
		if leased.Err() != nil {
			r.t.Error("the lease was lost to one who was refused")
		}
		release()
		if leased.Err() == nil {
			r.t.Error("after its release the lease goes on")
		}
		_, release, err = desk.Lease(r.t.Context(), r.db)
		if err != nil {
			r.t.Fatalf("after its release nobody gets the lease: %v", err)
		}
		release()
	})
}

func TestLeaseOfADeadProcess(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Skip("no program to run that ends: ", err)
	}
	tests := []struct {
		name string
		pid  int
		host string
		left time.Duration
		want bool // it is taken over
	}{
		{"it lives", os.Getppid(), host, 15 * time.Second, false},
		{"it lives elsewhere", gone.Process.Pid, "elsewhere", 15 * time.Second, false},
		{"it was not heard of", os.Getppid(), "elsewhere", -time.Millisecond, true},
		{"it is no more", gone.Process.Pid, host, 15 * time.Second, true},
		{"it had this one's number", os.Getpid(), host, 15 * time.Second, true},
		{"it died before the clock was set back", os.Getppid(), "elsewhere", 6 * time.Hour, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onRoad(t, func(r *road) {
				r.hold(test.pid, test.host, time.Now().Add(test.left))
				_, release, err := desk.Lease(r.t.Context(), r.db)
				if (err == nil) != test.want {
					r.t.Errorf("got %v, want it taken over: %v", err, test.want)
				}
				if err == nil {
					release()
				}
			})
		})
	}
}

func TestLeaseOfALivingProcessAfterTheClockWasSetBack(t *testing.T) {
	onRoad(t, func(r *road) {
		r.hold(1, "elsewhere", time.Now().Add(6*time.Hour))
		go func() {
			time.Sleep(5 * time.Second)
			r.hold(1, "elsewhere", time.Now().Add(15*time.Second)) // it renews
		}()
		_, _, err := desk.Lease(r.t.Context(), r.db)
		var held *desk.LeaseError
		if !errors.As(err, &held) {
			r.t.Errorf("got %v, want it refused", err)
		}
		synctest.Wait()
	})
}

func TestLostLease(t *testing.T) {
	onRoad(t, func(r *road) {
		leased, release, err := desk.Lease(r.t.Context(), r.db)
		if err != nil {
			r.t.Fatal(err)
		}
		r.hold(1, "elsewhere", time.Now().Add(time.Minute)) // this machine slept, and another took over
		r.after(6 * time.Second)
		if !errors.Is(context.Cause(leased), desk.ErrLeaseLost) {
			r.t.Errorf("the cause is %v", context.Cause(leased))
		}
		release()
		if n := count(r.t, r.db, `SELECT COUNT(*) FROM lease WHERE holder = 'other'`); n != 1 {
			r.t.Error("the release took the other's lease away")
		}
	})
}
