package knowledge

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"signpost/knowledge/sqldb"
)

// AddGolden saves questions with their right entries, or none: all of them or, where one is not valid, none. A question that
// is saved already is corrected. by is who did it. The texts must be masked; the audit trail keeps how many there are and no
// text. They count from the next Refresh and Learn on.
func (b *Base) AddGolden(ctx context.Context, tx *sqldb.Tx, golden []Golden, by string) error {
	base := b.Snapshot()
	before, next, err := countGolden(ctx, tx)
	if err != nil {
		return fmt.Errorf("add golden questions: %w", err)
	}
	for i, g := range golden {
		if err := base.ValidGolden(g); err != nil {
			return fmt.Errorf("add golden question %d: %w", i+1, err)
		}
		if err := putRecord(ctx, tx, goldenRecord, g.key(), next+i, g); err != nil {
			return fmt.Errorf("add golden questions: %w", err)
		}
	}
	after, _, err := countGolden(ctx, tx)
	if err != nil {
		return fmt.Errorf("add golden questions: %w", err)
	}
	if _, err := tx.Raise(ctx); err != nil {
		return err
	}
	return tx.Record(ctx, by, fmt.Sprintf("golden questions, %d given", len(golden)), strconv.Itoa(before), strconv.Itoa(after))
}

// countGolden says how many golden questions are saved, and the position of the next.
func countGolden(ctx context.Context, tx *sqldb.Tx) (count, next int, err error) {
	row := tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MAX(position), -1) + 1 FROM record WHERE kind = $1`, goldenRecord)
	return count, next, row.Scan(&count, &next)
}

// ValidGolden says what is wrong with a golden question: it has no text, or its right answer is neither a live entry of the
// nation nor the reason of an aside. The error says nothing of the text.
func (s *Snapshot) ValidGolden(g Golden) error {
	if strings.TrimSpace(g.Text) == "" {
		return fmt.Errorf("%w: it has no text", ErrInvalid)
	}
	if g.Slug == nil {
		if len(g.Also) > 0 {
			return fmt.Errorf("%w: it has entries that answer it too, and none that answers it", ErrInvalid)
		}
		return nil
	}
	for _, slug := range append([]string{*g.Slug}, g.Also...) {
		if _, ok := s.Entry(slug, ""); !ok && !slices.Contains(s.AsideReasons(), slug) {
			return fmt.Errorf("%w: no live entry is called %q", ErrInvalid, slug)
		}
	}
	return nil
}

// key is what a golden question is saved under: the same words after the same turn are the same question.
func (g Golden) key() string { return textKey(g.Prev + "\n" + g.Text) }

// A Learnt says how what was learnt stands to the base as it is now.
type Learnt string

// The states of learning.
const (
	NeverLearnt Learnt = "never"    // answers go by the defaults
	LearntOther Learnt = "outdated" // from the base as it was: entries or golden questions changed since
	LearntThis  Learnt = "learnt"
)

// Learnt reports whether Learn was run on the base as it is, with the encoder it was opened with.
func (b *Base) Learnt(ctx context.Context) (Learnt, error) {
	weights, print, err := b.loadFit(ctx)
	switch {
	case err != nil:
		return "", err
	case weights == nil:
		return NeverLearnt, nil
	case print != b.Snapshot().fingerprint():
		return LearntOther, nil
	}
	return LearntThis, nil
}

// Untaught gives bases that learnt without a part of the golden questions each, so that these can be asked as if they were
// new: the i-th golden question is new to the i % len-th base. They are for asking only, and stay as the base is now. Where
// nothing was learnt from golden questions it is the base itself, alone.
func (b *Base) Untaught() []*Base {
	s := b.Snapshot()
	if len(s.weights.Without) == 0 {
		return []*Base{b}
	}
	bases := make([]*Base, len(s.weights.Without))
	for i, models := range s.weights.Without {
		part := *s
		part.index = s.index.WithModels(models)
		bases[i] = &Base{db: b.db, asides: b.asides, model: b.model}
		bases[i].snapshot.Store(&part)
	}
	return bases
}
