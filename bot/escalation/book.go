package escalation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge/match"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// ErrAlready: the person has asked this, and it is not answered yet.
var ErrAlready = errors.New("escalation: asked already")

// A Book decides about cases with all that is known: the rows, the settings, who is a champion. It is safe for
// concurrent use.
type Book struct {
	DB    *sqldb.DB
	Tree  func() *place.Tree // as it stands now
	NewID func() string
}

// Ask brings a question to champions. The caller fills in what the person said: Asker, Name, Anonymous, Agreed, Home,
// Role, Where, InThread, Question (masked, never one that was stopped), QuestionID, Ref, Topic, Entries, Tried. Where the same question is
// open already, the person is added to that case; the Change's After then is that case.
func (b *Book) Ask(ctx context.Context, c Case) (Change, error) {
	c.Words = strings.Join(match.Words(c.Question), " ")
	same, err := sameQuestion(ctx, b.DB.Read(), c)
	if err != nil {
		return Change{}, err
	}
	if same == "" {
		c.ID = b.NewID()
		return b.do(ctx, b.DB.Read(), c, Act{Kind: Ask, By: c.Asker})
	}
	before, err := Get(ctx, b.DB.Read(), same)
	if err != nil {
		return Change{}, err
	}
	if before.asks(c.Asker) {
		return Change{Before: before, After: before}, ErrAlready
	}
	as := Asker{Address: c.Asker, Name: c.Name, Anonymous: c.Anonymous, Agreed: c.Agreed, Role: c.Role, Where: c.Where, InThread: c.InThread}
	return b.do(ctx, b.DB.Read(), before, Act{Kind: Follow, By: c.Asker, As: as})
}

// Act decides about one thing done to a case: a button, a message, something that came due. Nothing is written.
func (b *Book) Act(ctx context.Context, id string, act Act) (Change, error) {
	c, err := Get(ctx, b.DB.Read(), id)
	if err != nil {
		return Change{}, err
	}
	return b.do(ctx, b.DB.Read(), c, act)
}

// CameDue decides about a Due that came back: a case's next step, or a coordinator's ReassignDue. Where the case is gone,
// or a reassignment makes no sense any more, nothing changes.
func (b *Book) CameDue(ctx context.Context, due chat.Due) (Change, error) {
	id, to, reassign := strings.Cut(due.Data, " ")
	act := Act{Kind: CameDue}
	if reassign {
		act = Act{Kind: Reassign, To: chat.Address(to)}
	}
	ch, err := b.Act(ctx, id, act)
	if errors.Is(err, ErrNotFound) || reassign && ErrorWords[err] != "" {
		return Change{}, nil
	}
	return ch, err
}

// ReassignDue asks the running program to give a case to a champion. It is for a process that cannot post messages itself;
// ask [Book.Act] first whether it can be done.
func ReassignDue(id string, to chat.Address, now time.Time) chat.Due {
	return chat.Due{Key: "escalation " + id + " reassign", At: now, What: DueWhat, Data: id + " " + string(to)}
}

// Commit decides and writes, again if somebody else was first. also, if not nil, goes into the same transaction.
func (b *Book) Commit(ctx context.Context, decide func() (Change, error), also func(tx *sqldb.Tx, ch Change) error) (Change, error) {
	const often = 20
	for range often {
		ch, err := decide()
		if err != nil {
			return ch, err
		}
		err = b.DB.Write(ctx, func(tx *sqldb.Tx) error {
			if err := ch.Save(ctx, tx); err != nil || also == nil {
				return err
			}
			return also(tx, ch)
		})
		if !errors.Is(err, ErrStale) {
			return ch, err
		}
	}
	return Change{}, ErrStale
}

func (b *Book) do(ctx context.Context, db reader, c Case, act Act) (Change, error) {
	if act.Kind != Claim || c.Holder == "" { // the others who press Claim are told without a look at the team
		team, err := b.team(ctx, db, c, act)
		if err != nil {
			return Change{}, err
		}
		act.Team = team
	}
	after, effects, err := c.Do(act, b.DB.Now())
	return Change{Before: c, After: after, Effects: effects, Act: act}, err
}

// team reads who could help with a case, and whoever has to do with it.
func (b *Book) team(ctx context.Context, db reader, c Case, act Act) (Team, error) {
	all, err := setting.Load(ctx, b.DB.Read())
	if err != nil {
		return Team{}, err
	}
	settings, err := b.settings(ctx, db, c.Home, all)
	if err != nil {
		return Team{}, err
	}
	at := c.Home
	if act.Kind == Claim { // whoever claims is enough: many do so at once
		at = ""
	}
	named := []chat.Address{c.Holder, c.Wish, act.By, act.To}
	for to := range c.Cards {
		named = append(named, to)
	}
	for _, h := range c.Held {
		named = append(named, h.Tell.To)
	}
	champions, err := readTeam(ctx, db, at, at != "" && settings.Sharing && c.Agreed, named)
	if err != nil {
		return Team{}, err
	}
	t := Team{Settings: settings}
	for _, champion := range champions {
		champion.Shares = all.On(b.Tree(), champion.Place, setting.Wider)
		if champion.State == Approved || champion.State == Paused || c.Practice && champion.State == Wishing {
			t.Champions = append(t.Champions, champion)
		}
	}
	return t, nil
}

// Times that no admin sets: what an asker is promised, how long an answer waits for a reply.
const (
	promise  = 8 * time.Hour  // one working day
	patience = 24 * time.Hour // three
	tries    = 2
)

func (b *Book) settings(ctx context.Context, db reader, home string, all setting.Settings) (Settings, error) {
	tree := b.Tree()
	of := func(key setting.Key) string { value, _ := all.Of(tree, home, key); return value }
	silent := time.Duration(all.Number(tree, home, setting.AnswerHours)) * time.Hour
	s := Settings{Place: home, Hours: Office, Tries: tries, Last: chat.Address(of(setting.Fallback)), Promise: promise, Patience: patience,
		Sharing: all.On(tree, home, setting.Wider), Claim: time.Duration(all.Number(tree, home, setting.OfferMinutes)) * time.Minute,
		Silent: silent / 2, Return: silent - silent/2}
	if of(setting.Offer) == "channel" {
		s.Channel = chat.Address(of(setting.OfferChannel))
	}
	var err error
	if s.Admins, err = b.Admins(ctx, home); err != nil {
		return Settings{}, err
	}
	return s.without(ctx, db)
}

// Admins are those who run Signpost for a place: of the nearest place that has any.
func (b *Book) Admins(ctx context.Context, home string) ([]chat.Address, error) {
	grants, err := people.Grants(ctx, b.DB.Read())
	if err != nil {
		return nil, err
	}
	for _, id := range b.Tree().Chain(home) {
		var list []chat.Address
		for _, g := range grants {
			if g.Right == people.Admin && g.Place == id {
				list = append(list, g.Person)
			}
		}
		if len(list) > 0 {
			return list, nil
		}
	}
	return nil, nil
}

// HasDeparted reports whether somebody left their network and was not heard from since.
func HasDeparted(ctx context.Context, db reader, who chat.Address) (yes bool, err error) {
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM departed WHERE address = $1)`, who).Scan(&yes); err != nil {
		return false, fmt.Errorf("look who left: %w", err)
	}
	return yes, nil
}

// without leaves out who has left the network.
func (s Settings) without(ctx context.Context, db reader) (Settings, error) {
	gone := func(who chat.Address) (bool, error) { return HasDeparted(ctx, db, who) }
	var here []chat.Address
	for _, who := range s.Admins {
		left, err := gone(who)
		if err != nil {
			return s, err
		}
		if !left {
			here = append(here, who)
		}
	}
	s.Admins = here
	left, err := gone(s.Last)
	if left {
		s.Last = ""
	}
	return s, err
}

// Gone takes somebody who left their network out of all cases, within a transaction. They are told nothing any more, until
// they are Back.
func (b *Book) Gone(ctx context.Context, tx *sqldb.Tx, who chat.Address) ([]Effect, error) {
	if err := depart(ctx, tx, who); err != nil {
		return nil, err
	}
	if err := setState(ctx, tx, who, HasLeft, "network"); err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE person = $1`, who); err != nil {
		return nil, fmt.Errorf("note who left: %w", err)
	}
	return b.withdraw(ctx, tx, who, true)
}

func depart(ctx context.Context, tx *sqldb.Tx, who chat.Address) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO departed (address, at) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING`, who, tx.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("note who left: %w", err)
	}
	return nil
}

// Back says that somebody who left is there again. A champion must join again.
func Back(ctx context.Context, tx *sqldb.Tx, who chat.Address) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM departed WHERE address = $1`, who); err != nil {
		return fmt.Errorf("note who is back: %w", err)
	}
	return nil
}

// Leave ends somebody's being a champion. What they had goes to others; what they asked themselves goes on.
func (b *Book) Leave(ctx context.Context, tx *sqldb.Tx, who chat.Address) ([]Effect, error) {
	if err := setState(ctx, tx, who, HasLeft, string(who)); err != nil {
		return nil, err
	}
	return b.withdraw(ctx, tx, who, false)
}

// withdraw takes somebody out of every case on the champions' side; with asker, on the other side too.
func (b *Book) withdraw(ctx context.Context, tx *sqldb.Tx, who chat.Address, asker bool) ([]Effect, error) {
	cases, err := readCases(ctx, tx, `WHERE due IS NOT NULL OR asker = $1 ORDER BY made, id`, who)
	if err != nil {
		return nil, err
	}
	var effects []Effect
	for _, c := range cases {
		if !c.touches(who) || !asker && c.asks(who) {
			continue
		}
		ch, err := b.do(ctx, tx, c, Act{Kind: Gone, By: who})
		if err != nil {
			return nil, fmt.Errorf("take a person out of %s: %w", c.ID, err)
		}
		if err := ch.Save(ctx, tx); err != nil {
			return nil, err
		}
		effects = append(effects, ch.Effects...)
	}
	return effects, nil
}

// touches reports whether a case would tell somebody anything, now or later.
func (c Case) touches(who chat.Address) bool {
	return c.asks(who) || who == c.Holder || who == c.Wish || c.Cards[who] != "" || slices.Contains(c.Offered, who) ||
		slices.ContainsFunc(c.Held, func(h Held) bool { return h.Tell.To == who })
}

// Overdue lists cases whose next step is late by more than a while: none, unless a due row was lost. Hand each ID to
// CameDue.
func (b *Book) Overdue(ctx context.Context, by time.Duration) ([]chat.Due, error) {
	cases, err := readCases(ctx, b.DB.Read(), `WHERE due < $1 ORDER BY due`, b.DB.Now().Add(-by).UnixMilli())
	if err != nil {
		return nil, err
	}
	var list []chat.Due
	for _, c := range cases {
		list = append(list, dueOf(c.ID, c.Next()).Due)
	}
	return list, nil
}
