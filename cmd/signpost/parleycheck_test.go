package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// check compares what people did with what others read, and with the file: every message once, at whom it was meant for,
// and no question without an owner or a due step. It returns a line about how it went.
func (p *parley) check(file string) string {
	p.t.Helper()
	ctx := context.Background()
	db, err := sqldb.Open(ctx, file, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	var whole string
	if err := db.Read().QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&whole); err != nil || whole != "ok" {
		p.t.Errorf("the file is not whole: %s, %v", whole, err)
	}
	cases, err := escalation.Everything(ctx, db.Read())
	if err != nil {
		p.t.Fatal(err)
	}
	byID := map[string]escalation.Case{}
	closed := 0
	for _, c := range cases {
		byID[c.ID] = c
		if c.State == escalation.Closed {
			closed++
		}
		p.checkOwned(db, c)
	}
	p.checkPosts(db)
	arrived := p.network.Arrived("")
	p.checkCards(byID, arrived)
	p.checkNames(arrived)
	relayed := p.checkWords(arrived)
	p.checkAudit(db)
	p.checkClaims(db)
	p.checkSame()
	if len(cases) < len(p.askers)*4/5 || closed*10 < len(cases)*7 {
		p.t.Errorf("of %d people's questions %d went to champions, and %d were closed", len(p.askers), len(cases), closed)
	}
	return fmt.Sprintf("%d people, %d questions with champions, %d closed, %d done, %d texts passed on, %d messages", len(p.askers), len(cases), closed,
		len(p.done), relayed, len(arrived))
}

// checkOwned wants a case to be closed, or to have whoever it needs and a row that will come due.
func (p *parley) checkOwned(db *sqldb.DB, c escalation.Case) {
	if broken := c.Broken(); broken != "" {
		p.t.Errorf("%s, %s: %s", c.ID, c.State, broken)
	}
	var due []int64
	rows, err := db.Read().Query(`SELECT at FROM due WHERE key = $1`, "escalation "+c.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			p.t.Fatal(err)
		}
		due = append(due, at)
	}
	switch next := c.Next(); {
	case next.IsZero() && len(due) > 0:
		p.t.Errorf("%s is %s and comes due", c.ID, c.State)
	case !next.IsZero() && (len(due) != 1 || due[0] != next.UnixMilli()):
		p.t.Errorf("%s is %s and comes due at %v, want %v", c.ID, c.State, due, next)
	}
}

// checkPosts wants all that was to be sent to have arrived, once.
func (p *parley) checkPosts(db *sqldb.DB) {
	rows, err := db.Read().Query(`SELECT key, state, replaces FROM outbox`)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	var keys []string
	for rows.Next() {
		var key, state, replaces string
		if err := rows.Scan(&key, &state, &replaces); err != nil {
			p.t.Fatal(err)
		}
		if replaces == "" {
			keys = append(keys, key)
		}
		if state != "sent" && (state != "dropped" || replaces == "") {
			p.t.Errorf("message %q is %s", key, state)
		}
	}
	for _, d := range p.done {
		if strings.Contains(d.key, " event ") && d.said == "" {
			p.t.Errorf("%s got no reply to %s", d.by, d.kind)
		}
	}
	if lost, twice := p.network.Lost(keys), p.network.Twice(); len(lost)+len(twice) > 0 {
		p.t.Errorf("lost %q, twice %q", lost, twice)
	}
}

// checkCards wants each card to say in the end how its case stands.
func (p *parley) checkCards(cases map[string]escalation.Case, arrived []adaptertest.Arrival) {
	for _, a := range arrived {
		id, ok := escalation.CaseOf(a.Key)
		if !ok {
			continue
		}
		c, ok := cases[id]
		if !ok {
			p.t.Errorf("message %q is about no case", a.Key)
		}
		text := a.Message.String()
		switch {
		case strings.HasPrefix(text, "You have this question") && c.Holder != a.To:
			p.t.Errorf("%s still has the card of %s, which is %s with %q", a.To, id, c.State, c.Holder)
		case strings.HasPrefix(text, "A question for a champion") && (c.Holder != "" || !c.Live()):
			p.t.Errorf("%s may still claim %s, which is %s with %q", a.To, id, c.State, c.Holder)
		}
	}
}

// checkNames looks in all that champions read for the name of an asker who did not give it, and for any asker's address.
func (p *parley) checkNames(arrived []adaptertest.Arrival) {
	for _, a := range arrived {
		if p.by[a.To] != nil {
			continue
		}
		for _, text := range a.States {
			for rest := text; ; {
				_, after, ok := strings.Cut(rest, "Nemo")
				if !ok {
					break
				}
				rest = after
				if one := p.by[chat.Address("test:asker"+after[:len(nonsense(0))])]; one.nameless && !one.shown {
					p.t.Errorf("%s reads the name of %s: %s", a.To, one.Address, text)
				}
			}
			if strings.Contains(text, "test:asker") || strings.Contains(text, "askerzx") {
				p.t.Errorf("%s reads an address: %s", a.To, text)
			}
		}
	}
}

// checkWords looks where each word went that somebody wrote: passed on once if they were told so, and to nobody but the
// other side of the same case.
func (p *parley) checkWords(arrived []adaptertest.Arrival) (relayed int) {
	readers := map[string][]adaptertest.Arrival{}
	for _, a := range arrived {
		seen := map[string]bool{}
		for _, text := range a.States {
			for rest := text; ; {
				_, after, ok := strings.Cut(rest, "vzx")
				if !ok || len(after) < 5 {
					break
				}
				word := "vzx" + after[:5]
				if rest = after; !seen[word] {
					seen[word] = true
					readers[word] = append(readers[word], a)
				}
			}
		}
	}
	for _, d := range p.done {
		if d.word == "" {
			continue
		}
		n := p.checkWord(d, readers[d.word])
		relayed += n
		if d.now != "" && n > 0 && p.by[d.by] == nil {
			p.checkEdit(d, readers[d.word])
		}
	}
	return relayed
}

var passedOn, addedTo = words.Say("escalation.sent").String(), words.Say("escalation.noted").String()

// checkWord counts the messages that pass a word on.
func (p *parley) checkWord(d done, readers []adaptertest.Arrival) (times int) {
	fromAsker := p.by[d.by] != nil
	to := map[chat.Address]int{}
	for _, a := range readers {
		id, about := escalation.CaseOf(a.Key)
		asked := p.by[a.To] != nil
		text := a.States[0]
		switch {
		case a.To == d.by && (a.Key == "reply "+d.key || !fromAsker): // what was masked, or their own card
		case !about || id != d.id || asked && (fromAsker || d.kind == escalation.Note):
			p.t.Errorf("%s wrote %q as %s to %s, and %s reads %q: %s", d.by, d.word, d.kind, d.id, a.To, a.Key, text)
		case asked || strings.Contains(text, "has replied:"):
			times++
			to[a.To]++
		}
	}
	want := strings.Contains(d.said, passedOn)
	if strings.Contains(d.said, words.Say("unknown")[0].Text) {
		p.t.Errorf("%s replied to a message about %s, and it was taken for a question", d.by, d.id)
	}
	for who, n := range to {
		if n > 1 {
			p.t.Errorf("%s reads %q %d times", who, d.word, n)
		}
	}
	switch {
	case want && times == 0:
		p.t.Errorf("%s was told that %q was passed on, and nobody reads it", d.by, d.word)
	case !want && times > 0:
		p.t.Errorf("%s was told %q, and %q was passed on %d times", d.by, d.said, d.word, times)
	case fromAsker && times > 1, d.kind == escalation.AskBack && times > 1:
		p.t.Errorf("%q of %s went to %d people", d.word, d.by, times)
	}
	return times
}

// checkEdit wants an edit to have followed what was passed on, where it was.
func (p *parley) checkEdit(d done, readers []adaptertest.Arrival) {
	for _, a := range readers {
		if p.by[a.To] != nil && !strings.Contains(a.Message.String(), d.now) {
			p.t.Errorf("%s edited %q, and %s still reads %s", d.by, d.word, a.To, a.Message)
		}
	}
}

// trailed are the kinds of which each that was accepted stands in the audit trail, with the words that accept them.
// Whoever has a question may claim it again, and is told the same: see checkClaims.
var trailed = map[escalation.Kind][]string{
	escalation.Decline: {words.Say("escalation.declined").String()}, escalation.Pass: {words.Say("escalation.passed").String()},
	escalation.Note: {words.Say("escalation.note-kept").String()}, escalation.Answer: {passedOn}, escalation.AskBack: {passedOn},
	escalation.Link: {passedOn}, escalation.Reply: {passedOn, addedTo},
}

func wasAccepted(d done) bool {
	return slices.ContainsFunc(trailed[d.kind], func(said string) bool { return strings.Contains(d.said, said) })
}

// checkClaims wants whoever was told that a question is theirs to have claimed it, and nobody else.
func (p *parley) checkClaims(db *sqldb.DB) {
	want := map[string]bool{}
	for _, d := range p.done {
		if d.kind == escalation.Claim && strings.Contains(d.said, words.Say("champion.claimed").String()) {
			want[string(d.by)+" escalation "+d.id+" claim"] = true
		}
	}
	rows, err := db.Read().Query(`SELECT DISTINCT who || ' ' || what FROM audit WHERE what LIKE 'escalation % claim'`)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var claimed string
		if err := rows.Scan(&claimed); err != nil {
			p.t.Fatal(err)
		}
		if !want[claimed] {
			p.t.Errorf("%q was not told so", claimed)
		}
		delete(want, claimed)
	}
	if len(want) > 0 {
		p.t.Errorf("told so, and not done: %v", want)
	}
}

// checkAudit wants each thing that somebody was told they did to have been done once.
func (p *parley) checkAudit(db *sqldb.DB) {
	want := map[string]int{}
	for _, d := range p.done {
		if wasAccepted(d) {
			want["escalation "+d.id+" "+string(d.kind)]++
		}
	}
	rows, err := db.Read().Query(`SELECT what, COUNT(*) FROM audit WHERE what LIKE 'escalation %' GROUP BY what`)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]int{}
	for rows.Next() {
		var what string
		var n int
		if err := rows.Scan(&what, &n); err != nil {
			p.t.Fatal(err)
		}
		got[what] = n
	}
	for what, n := range want {
		if got[what] != n {
			p.t.Errorf("%s was accepted %d times and done %d times", what, n, got[what])
		}
	}
	for what, n := range got {
		if trailed[escalation.Kind(what[strings.LastIndex(what, " ")+1:])] != nil && want[what] != n {
			p.t.Errorf("%s was done %d times and accepted %d times", what, n, want[what])
		}
	}
}

// checkSame wants the same reply at each delivery of what somebody did.
func (p *parley) checkSame() {
	for _, d := range p.done {
		different := map[string]bool{}
		for _, a := range p.network.Answers(d.key) {
			if a.Turn.Reply != nil {
				different[a.Turn.Reply.String()] = true
			}
		}
		if len(different) > 1 {
			p.t.Errorf("%s got %d different replies to %s", d.by, len(different), d.kind)
		}
	}
}
