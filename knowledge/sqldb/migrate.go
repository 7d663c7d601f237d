package sqldb

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the file was made by a later version of Signpost.
var ErrNewer = errors.New("sqldb: the file was made by a newer Signpost; please upgrade this one")

// migrate runs the migrations the file has not had yet, all in one transaction. Their number is kept in user_version.
func (db *DB) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	var done int
	if err := db.writer.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&done); err != nil {
		return fmt.Errorf("read the version: %w", err)
	}
	if done > len(names) {
		return ErrNewer
	}
	if done == len(names) {
		return nil
	}
	return db.Write(ctx, func(tx *Tx) error { return applyMigrations(ctx, tx, names) })
}

// applyMigrations reads the version again, inside the transaction: another process may have migrated meanwhile.
func applyMigrations(ctx context.Context, tx *Tx, names []string) error {
	var done int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&done); err != nil {
		return fmt.Errorf("read the version: %w", err)
	}
	for i := done; i < len(names); i++ {
		script, err := migrations.ReadFile(names[i])
		if err != nil {
			return fmt.Errorf("read %s: %w", names[i], err)
		}
		if _, err := tx.ExecContext(ctx, string(script)); err != nil {
			return fmt.Errorf("run %s: %w", names[i], err)
		}
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, len(names)))
	return err
}
