package knowledge

import (
	"context"
	"fmt"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// SetDetail fills in a local detail of a place; an empty value takes it out. It counts from the next Refresh on. Whether
// the key is one of LocalKeys is for the caller to know.
func (b *Base) SetDetail(ctx context.Context, tx *sqldb.Tx, at, key, value string, act Act) error {
	before, err := place.SetDetail(ctx, tx, at, key, value)
	if err != nil {
		return fmt.Errorf("fill in %s of %s: %w", key, at, err)
	}
	if _, err := tx.Raise(ctx); err != nil {
		return err
	}
	return tx.Record(ctx, act.By, "local detail "+key+"@"+at, before, value)
}
