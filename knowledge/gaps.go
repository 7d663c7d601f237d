package knowledge

import (
	"context"
	"fmt"
	"time"
)

// A Gap is a question nobody could be helped with, masked, and how often it was asked.
type Gap struct {
	Text  string    `json:"text"`
	Count int       `json:"count"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// Gaps lists up to n gaps, those asked most first.
func (b *Base) Gaps(ctx context.Context, n int) ([]Gap, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT text, count, first, last FROM gap ORDER BY count DESC, last DESC, words LIMIT $1`, n)
	if err != nil {
		return nil, fmt.Errorf("list gaps: %w", err)
	}
	defer rows.Close()
	var all []Gap
	for rows.Next() {
		var g Gap
		var first, last int64
		if err := rows.Scan(&g.Text, &g.Count, &first, &last); err != nil {
			return nil, fmt.Errorf("list gaps: %w", err)
		}
		g.First, g.Last = time.UnixMilli(first).UTC(), time.UnixMilli(last).UTC()
		all = append(all, g)
	}
	return all, rows.Err()
}

// A Report is what somebody said is wrong with an answer.
type Report struct {
	ID    int64     `json:"id"`
	At    time.Time `json:"at"`
	Slug  string    `json:"entry"`
	Place string    `json:"place"` // where the person works, or ""
	What  string    `json:"what"`  // link, old, local or other
	More  string    `json:"more"`  // their words, masked, or ""
}

// Reports lists up to n reports, newest first; of one place only if place is not "".
func (b *Base) Reports(ctx context.Context, place string, n int) ([]Report, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT id, at, slug, place, what, more FROM report
		WHERE $1 = '' OR place = $1 ORDER BY at DESC, id DESC LIMIT $2`, place, n)
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	defer rows.Close()
	var all []Report
	for rows.Next() {
		var r Report
		var at int64
		if err := rows.Scan(&r.ID, &at, &r.Slug, &r.Place, &r.What, &r.More); err != nil {
			return nil, fmt.Errorf("list reports: %w", err)
		}
		r.At = time.UnixMilli(at).UTC()
		all = append(all, r)
	}
	return all, rows.Err()
}
