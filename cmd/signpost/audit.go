package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"signpost/knowledge/sqldb"
)

// audited is one line of the audit trail, and the shape of audit --json.
type audited struct {
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	What   string    `json:"what"`
	Before string    `json:"before"`
	After  string    `json:"after"`
}

func (a *app) auditCommand() *cobra.Command {
	var since string
	var asJSON bool
	c := &cobra.Command{
		Use: "audit", Short: "Who changed what, and when", Args: noArgs,
		Example: "  signpost audit --since 24h\n  signpost audit --since 2026-11-23 --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withFile(c.Context(), func(db *sqldb.DB) error {
				from, err := readSince(since, db.Now())
				if err != nil {
					return err
				}
				list, err := readAudit(c.Context(), db, from)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.out, list)
				}
				for _, l := range list {
					fmt.Fprintf(a.out, "%s  %s  %s: %s -> %s\n", l.At.Format(time.DateTime), l.Who, l.What, quoted(l.Before), quoted(l.After))
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&since, "since", "", "only what happened since a day (2026-11-23) or for as long as this (24h); all if left out")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

// readSince reads a day, UTC, or how long ago.
func readSince(said string, now time.Time) (time.Time, error) {
	if said == "" {
		return time.UnixMilli(0), nil
	}
	if day, err := time.Parse(time.DateOnly, said); err == nil {
		return day, nil
	}
	if ago, err := time.ParseDuration(said); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	return time.Time{}, usagef("--since %q: give a day such as 2026-11-23, or a time such as 24h", said)
}

func readAudit(ctx context.Context, db *sqldb.DB, from time.Time) ([]audited, error) {
	rows, err := db.Read().QueryContext(ctx, `SELECT at, who, what, before, after FROM audit WHERE at >= $1 ORDER BY id`, from.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read the audit trail: %w", err)
	}
	defer rows.Close()
	list := []audited{}
	for rows.Next() {
		var l audited
		var at int64
		if err := rows.Scan(&at, &l.Who, &l.What, &l.Before, &l.After); err != nil {
			return nil, fmt.Errorf("read the audit trail: %w", err)
		}
		l.At = time.UnixMilli(at).UTC()
		list = append(list, l)
	}
	return list, rows.Err()
}
