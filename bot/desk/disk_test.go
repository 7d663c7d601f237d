package desk_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"signpost/knowledge/sqldb"
)

// pragma sets something on the connection that writes.
func (r *road) pragma(pragma string) {
	r.t.Helper()
	err := r.db.Write(r.t.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.QueryContext(r.t.Context(), "PRAGMA "+pragma)
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		return rows.Close()
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// fails delivers an event that cannot be kept: the network must not be told that it was.
func (r *road) fails(want string) {
	r.t.Helper()
	err := deliver(r.db, "event", to("net:a", strings.Repeat("long ", 10_000)))
	if err == nil || !strings.Contains(err.Error(), want) {
		r.t.Errorf("delivering gives %v, want an error that says %q", err, want)
	}
}

func TestFullDisk(t *testing.T) {
	onRoad(t, func(r *road) {
		r.start()
		r.post(to("net:a", "1"))
		r.pragma("max_page_count = 1") // that is, as many as there are
		r.fails("full")
		r.after(time.Minute)
		r.pragma("max_page_count = 1000000")
		if err := deliver(r.db, "event", to("net:a", "2")); err != nil {
			r.t.Error(err)
		}
		r.after(time.Second)
		r.want("in a", r.net.said("net:a"), "1 2")
		r.want("rows", r.rows(), "1 is sent\n2 is sent")
	})
}

// While the file cannot be written nothing is sent, for nobody could write down that it was.
func TestReadOnlyFile(t *testing.T) {
	onRoad(t, func(r *road) {
		seams := &seams{}
		r.db.Close()
		r.db = seams.open(r.t, r.file)
		r.start()
		r.post(to("net:a", "1"))
		r.after(time.Second)
		r.post(to("net:a", "2"))
		seams.setReadOnly(true)
		r.fails("readonly")
		r.after(5 * time.Second)
		r.want("in a, meanwhile", r.net.said("net:a"), "1")
		if err := r.courier.Health(); err == nil || !strings.Contains(err.Error(), "readonly") {
			r.t.Errorf("after 5 seconds the courier's health is %v", err)
		}
		seams.setReadOnly(false)
		r.after(2 * time.Second)
		r.want("in a", r.net.said("net:a"), "1 2")
		if err := r.courier.Health(); err != nil {
			r.t.Errorf("the courier's health is %v still", err)
		}
	})
}

func TestCorruptFile(t *testing.T) {
	onRoad(t, func(r *road) {
		r.post(to("net:a", "1"))
		pages := r.pagesOf("inbox", "outbox")
		if err := r.db.Close(); err != nil {
			r.t.Fatal(err)
		}
		file, err := os.OpenFile(r.file, os.O_WRONLY, 0)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, page := range pages {
			if _, err := file.WriteAt(bytes.Repeat([]byte{0xff}, 4096), (page-1)*4096); err != nil {
				r.t.Fatal(err)
			}
		}
		if err := file.Close(); err != nil {
			r.t.Fatal(err)
		}
		r.open()
		r.start()
		r.after(5 * time.Second)
		r.fails("malformed")
		if err := r.courier.Health(); err == nil || !strings.Contains(err.Error(), "malformed") {
			r.t.Errorf("the courier's health is %v", err)
		}
		if _, err := r.courier.Stats(context.Background()); err == nil {
			r.t.Error("figures are given nevertheless")
		}
		r.want("in a", r.net.said("net:a"), "")
	})
}

// pagesOf lists where tables and their indices begin in the file.
func (r *road) pagesOf(inbox, outbox string) (pages []int64) {
	r.t.Helper()
	rows, err := r.db.Read().QueryContext(context.Background(), `SELECT rootpage FROM sqlite_schema WHERE tbl_name IN ($1, $2)`, inbox, outbox)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var page int64
		if err := rows.Scan(&page); err != nil {
			r.t.Fatal(err)
		}
		pages = append(pages, page)
	}
	return pages
}
