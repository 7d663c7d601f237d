package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// What happens to edits whose turn has come without there being something to edit, or any need to.
var (
	errOvertaken = errors.New("overtaken by a later state of the same message")
	errFolded    = errors.New("what it edits was never sent, and now says this")
	errNothing   = errors.New("what it edits was given up")
	errMissing   = errors.New("what it edits is not in the outbox before it")
)

// toReplace is the reference of the message that an edit replaces; empty if the edit was put aside. An edit follows its
// message: into the place where that went instead, or into its row while that is parked.
func (r *round) toReplace(ctx context.Context, tx *sqldb.Tx, edit row) (chat.Ref, error) {
	late, err := overtaken(ctx, tx, edit)
	if err != nil {
		return "", err
	}
	if late {
		return "", r.drop(ctx, tx, edit, errOvertaken)
	}
	card, ok, err := find(ctx, tx, edit.post.Replaces)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", r.park(ctx, tx, edit, errMissing)
	case card.state == "sent" && card.ref != "":
		return card.ref, nil
	case card.state == "parked":
		return "", r.fold(ctx, tx, card, edit)
	case card.state == "dropped":
		return "", r.follow(ctx, tx, edit)
	case card.state != "sent" && card.place != edit.post.To:
		return "", move(ctx, tx, edit, card)
	}
	return "", r.park(ctx, tx, edit, errMissing) // asked for before its message, or its network gave no reference
}

// overtaken reports whether a later edit of the same message waits.
func overtaken(ctx context.Context, tx *sqldb.Tx, edit row) (late bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM outbox
		WHERE network = $1 AND place = $2 AND state IN ('new', 'sending') AND id > $3 AND replaces = $4)`,
		edit.post.To.Network(), edit.post.To, edit.id, edit.post.Replaces).Scan(&late)
	if err != nil {
		return false, fmt.Errorf("look for later edits of %q: %w", edit.post.Replaces, err)
	}
	return late, nil
}

// A card is the row of a message that is to be edited.
type card struct {
	id    int64
	state string
	place chat.Address
	ref   chat.Ref
	body  string
}

func find(ctx context.Context, tx *sqldb.Tx, key string) (c card, ok bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id, state, place, ref, post FROM outbox WHERE key = $1`, key).
		Scan(&c.id, &c.state, &c.place, &c.ref, &c.body)
	if errors.Is(err, sql.ErrNoRows) {
		return card{}, false, nil
	} else if err != nil {
		return card{}, false, fmt.Errorf("find message %q: %w", key, err)
	}
	return c, true, nil
}

// fold puts what an edit says into its parked message, so that whoever frees it sends the last state.
func (r *round) fold(ctx context.Context, tx *sqldb.Tx, c card, edit row) error {
	var post chat.Post
	if err := json.Unmarshal([]byte(c.body), &post); err != nil {
		return r.drop(ctx, tx, edit, errNothing)
	}
	post.Message = edit.post.Message
	body, err := json.Marshal(post)
	if err != nil {
		return fmt.Errorf("keep edit %q: %w", edit.post.Key, err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE outbox SET post = $1 WHERE id = $2 AND state = 'parked'`, string(body), c.id); err != nil {
		return fmt.Errorf("keep edit %q: %w", edit.post.Key, err)
	}
	return r.drop(ctx, tx, edit, errFolded)
}

// follow sends an edit after a message that went elsewhere.
func (r *round) follow(ctx context.Context, tx *sqldb.Tx, edit row) error {
	moved := elseKey(edit.post.Replaces)
	c, ok, err := find(ctx, tx, moved)
	if err != nil {
		return err
	}
	if !ok {
		return r.drop(ctx, tx, edit, errNothing)
	}
	post := edit.post
	post.Key, post.To, post.Replaces, post.Else = elseKey(post.Key), c.place, moved, ""
	if err := r.repost(ctx, tx, post); err != nil {
		return err
	}
	return r.drop(ctx, tx, edit, fmt.Errorf("went to %s, as its message did", c.place))
}

// move puts an edit that was addressed elsewhere behind its message.
func move(ctx context.Context, tx *sqldb.Tx, edit row, c card) error {
	_, err := tx.ExecContext(ctx, `UPDATE outbox SET network = $1, place = $2 WHERE id = $3`, c.place.Network(), c.place, edit.id)
	if err != nil {
		return fmt.Errorf("move edit %q: %w", edit.post.Key, err)
	}
	return nil
}
