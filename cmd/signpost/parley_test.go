package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// always are hours of people who never sleep, so that a test does the same at any hour of any day.
func always() escalation.Hours {
	h := escalation.Hours{Holidays: true}
	for i := range h.Week {
		h.Week[i] = escalation.Shift{From: 0, To: 24 * 60}
	}
	return h
}

const royal = "royal-example"

// championsFile is a small file with an organisation and these champions in it.
func championsFile(t *testing.T, champions ...chat.Address) string {
	t.Helper()
	file := smallFile(t)
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *sqldb.Tx) error {
		if _, err := place.Add(t.Context(), tx, place.Place{ID: royal, Parent: "london", Kind: place.Trust, Name: "Royal Example"}); err != nil {
			return err
		}
		return joins(t, tx, royal, champions...)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return file
}

// joins makes people champions of a place, at any hour and of as much as they may have.
func joins(t *testing.T, tx *sqldb.Tx, at string, champions ...chat.Address) error {
	for _, who := range champions {
		c := escalation.Champion{Address: who, Name: "Champion", Place: at, Hours: always(), Most: 20}
		if err := errors.Join(escalation.Join(t.Context(), tx, c), escalation.Approve(t.Context(), tx, who, "test")); err != nil {
			return err
		}
	}
	return nil
}

// A parley is many questions on their way to champions and back at once: people who press and write by chance, on what
// they see and on nothing else. What they did, and what they were told at once, is kept, to be compared with what others
// read in the end. It is one goroutine's.
type parley struct {
	t       *testing.T
	network *adaptertest.Network
	draw    *rand.Rand
	askers  []*nurse
	by      map[chat.Address]*nurse
	took    map[chat.Ref]int // states of messages that somebody has read
	cases   map[string]*told // by id
	awaited []awaited
	done    []done
	count   int
	stirred time.Time
	file    string // what is served; nothing waits in it any more when all is quiet
}

// A nurse is somebody with a question.
type nurse struct {
	adaptertest.Person
	name     string
	question string
	nameless bool
	shown    bool // they gave their name in the end
}

// told is what is known of a case from the messages about it.
type told struct{ acts int }

// awaited is an event whose reply somebody waits for.
type awaited struct {
	key   string
	takes bool
	then  func(chat.Turn)
}

// done is one thing somebody did to a case, with a word that stands in no other message.
type done struct {
	key  string
	id   string
	by   chat.Address
	kind escalation.Kind
	word string
	said string // the reply
	now  string // the word after an edit
}

// newParley has n people ask; each tenth asks the same as the one before, each third without a name.
func newParley(t *testing.T, network *adaptertest.Network, seed uint64, n int) *parley {
	p := &parley{t: t, network: network, draw: rand.New(rand.NewPCG(seed, 3)), by: map[chat.Address]*nurse{}, took: map[chat.Ref]int{},
		cases: map[string]*told{}, stirred: time.Now()}
	for i := range n {
		a := &nurse{Person: network.Person("asker" + nonsense(i)), name: "Nemo" + nonsense(i), nameless: i%3 == 0,
			question: "how do i mend the hoverboard projector " + nonsense(i-i%10/9)}
		p.askers = append(p.askers, a)
		p.by[a.Address] = a
	}
	return p
}

// nonsense is a word of its own for each number, as long as all others.
func nonsense(n int) string {
	word := []byte("zx....q")
	for i := range 4 {
		word[2+i] = byte('a' + n%26)
		n /= 26
	}
	return string(word)
}

func (p *parley) word() string {
	p.count++
	return "v" + nonsense(p.count)
}

// run has them talk until nothing happens any more. begun says how many have asked by now, at most all.
func (p *parley) run(begun func() int) {
	const quiet = 4 * time.Second
	for asked := 0; ; time.Sleep(100 * time.Millisecond) {
		for ; asked < min(begun(), len(p.askers)); asked++ {
			p.asks(p.askers[asked])
		}
		p.look()
		if asked == len(p.askers) && len(p.awaited) == 0 && time.Since(p.stirred) > quiet && toSend(p.t, p.file) == 0 {
			return
		}
		if time.Since(p.stirred) > 3*time.Minute {
			p.t.Errorf("%d replies never came", len(p.awaited))
			return
		}
	}
}

// look reads what is new, and does what people do then.
func (p *parley) look() {
	arrived := p.network.Arrived("")
	replies := map[string]chat.Message{}
	for _, a := range arrived {
		replies[a.Key] = a.Message
	}
	waiting := p.awaited
	p.awaited = nil
	for _, w := range waiting {
		turn, ok := p.answered(w, replies)
		if !ok {
			p.awaited = append(p.awaited, w)
			continue
		}
		p.stirred = time.Now()
		w.then(turn)
	}
	for _, a := range arrived {
		if p.took[a.Ref] == len(a.States) {
			continue
		}
		p.took[a.Ref], p.stirred = len(a.States), time.Now()
		if id, ok := escalation.CaseOf(a.Key); ok {
			p.reads(id, a)
		}
	}
}

func (p *parley) answered(w awaited, replies map[string]chat.Message) (chat.Turn, bool) {
	if !w.takes {
		message, ok := replies["reply "+w.key]
		return chat.Turn{Reply: &message}, ok
	}
	answers := p.network.Answers(w.key)
	if len(answers) == 0 {
		return chat.Turn{}, false
	}
	return answers[0].Turn, true
}

// does has somebody do something and waits for the reply to it.
func (p *parley) does(who adaptertest.Person, event chat.Event, then func(chat.Turn)) string {
	event.Home, event.Role, event.Name = royal, "nurses", "Champion"
	if a := p.by[who.Address]; a != nil {
		event.Name = a.name
	}
	if event.Kind == chat.Said {
		p.count++
		event.Message = chat.Ref(fmt.Sprintf("%s/typed%d", who.Address, p.count))
	}
	key := who.Do(event)
	if then != nil {
		p.awaited = append(p.awaited, awaited{key, event.TakesReply, then})
	}
	return key
}

// press presses the button of a reply whose id begins with verb and ends with end.
func (p *parley) press(who adaptertest.Person, turn chat.Turn, verb, end string, then func(chat.Turn)) {
	if turn.Reply != nil {
		for _, b := range turn.Reply.Buttons {
			if strings.HasPrefix(b.ID, verb+" ") && strings.HasSuffix(b.ID, end) {
				p.does(who, chat.Event{Kind: chat.Pressed, Button: b.ID, TakesReply: true}, then)
				return
			}
		}
	}
	p.t.Errorf("%s sees no button %q in %v", who.Address, verb, turn.Reply)
}

// asks has somebody ask what nobody knows, look at what a champion would see, and send it.
func (p *parley) asks(a *nurse) {
	nothing := func(chat.Turn) {}
	send := func(turn chat.Turn) { p.press(a.Person, turn, "asks", "", nothing) }
	p.does(a.Person, chat.Event{Kind: chat.Said, Text: a.question, TakesReply: p.draw.IntN(2) == 0}, func(turn chat.Turn) {
		p.press(a.Person, turn, "champion", "", func(turn chat.Turn) {
			if a.nameless {
				p.press(a.Person, turn, "before", "n", send)
				return
			}
			send(turn)
		})
	})
}

// reads is somebody who reads a message about a case, or a new state of one.
func (p *parley) reads(id string, a adaptertest.Arrival) {
	if p.cases[id] == nil {
		p.cases[id] = &told{}
	}
	var can []escalation.Kind
	for _, b := range a.Message.Buttons {
		_, kind, _ := strings.Cut(strings.TrimPrefix(b.ID, "case "), " ")
		can = append(can, escalation.Kind(kind))
	}
	who := p.network.Person(strings.TrimPrefix(string(a.To), "test:"))
	if one := p.by[a.To]; one != nil {
		p.askerReads(one, id, a, can)
	} else if slices.Contains(can, escalation.Claim) {
		p.offered(who, id, a)
	} else if slices.Contains(can, escalation.Answer) {
		p.holds(who, id, a)
	}
}

// offered is a champion with a card: most help, some do not, and some do not look.
func (p *parley) offered(who adaptertest.Person, id string, a adaptertest.Arrival) {
	switch n := p.draw.IntN(100); {
	case n < 75:
		p.acts(who, id, escalation.Claim)
	case n < 97:
		p.acts(who, id, escalation.Decline)
	}
}

// holds is a champion who has a question. After a while they do nothing but answer.
func (p *parley) holds(who adaptertest.Person, id string, a adaptertest.Arrival) {
	n := p.draw.IntN(100)
	if p.cases[id].acts++; p.cases[id].acts > 6 {
		n = 0
	}
	switch {
	case n < 50:
		p.says(who, id, escalation.Answer, a.Ref)
	case n < 68:
		p.says(who, id, escalation.AskBack, "")
	case n < 76:
		p.says(who, id, escalation.Note, "")
	case n < 84:
		p.submits(who, id, escalation.Pass, map[string]string{"to": "anybody"}, "")
	case n < 92:
		p.submits(who, id, escalation.Link, map[string]string{"entry": "see-payslip"}, "")
	case n < 97:
		p.acts(who, id, escalation.Close)
	default:
		p.submits(who, id, escalation.Snooze, map[string]string{"until": "hour"}, "")
	}
}

// askerReads is somebody who asked.
func (p *parley) askerReads(a *nurse, id string, m adaptertest.Arrival, can []escalation.Kind) {
	text, n := m.Message.String(), p.draw.IntN(100)
	may := func(kind escalation.Kind) bool { return slices.Contains(can, kind) }
	switch {
	case may(escalation.Helped) && may(escalation.Reply): // an answer
		switch {
		case n < 60 || p.cases[id].acts > 6:
			p.acts(a.Person, id, escalation.Helped)
		case n < 75:
			p.acts(a.Person, id, escalation.NotHelped)
		case n < 90:
			p.says(a.Person, id, escalation.Reply, m.Ref)
		default:
			p.acts(a.Person, id, escalation.Sorted)
		}
	case may(escalation.Reopen) && n < 10:
		p.acts(a.Person, id, escalation.Reopen)
	case strings.Contains(text, "has a question for you"):
		p.says(a.Person, id, escalation.Reply, m.Ref)
	case may(escalation.Reply) && n < 15: // on its way, or with somebody
		p.says(a.Person, id, escalation.Reply, m.Ref)
	case may(escalation.Reveal) && n < 25:
		a.shown = true
		p.acts(a.Person, id, escalation.Reveal)
	case may(escalation.Cancel) && n < 28:
		p.acts(a.Person, id, escalation.Cancel)
	}
}

// acts presses a button that needs no words.
func (p *parley) acts(who adaptertest.Person, id string, kind escalation.Kind) {
	event := chat.Event{Kind: chat.Pressed, Button: "case " + id + " " + string(kind), TakesReply: true}
	i := len(p.done)
	p.done = append(p.done, done{id: id, by: who.Address, kind: kind})
	p.done[i].key = p.does(who, event, p.noted(i))
}

func (p *parley) noted(i int) func(chat.Turn) {
	return func(turn chat.Turn) {
		if turn.Reply != nil {
			p.done[i].said = turn.Reply.String()
		}
	}
}

// says writes something: where it answers a message, half the time as a plain reply to it, else in the form.
func (p *parley) says(who adaptertest.Person, id string, kind escalation.Kind, under chat.Ref) {
	word := p.word()
	if under == "" || p.draw.IntN(2) == 0 {
		p.submits(who, id, kind, map[string]string{"text": "please look at paper " + word}, word)
		return
	}
	i := len(p.done)
	p.done = append(p.done, done{id: id, by: who.Address, kind: kind, word: word})
	edits := p.draw.IntN(5) == 0
	ref := chat.Ref(fmt.Sprintf("%s/typed%d", who.Address, p.count+1))
	p.done[i].key = p.does(who, chat.Event{Kind: chat.Said, Text: "please look at paper " + word, ReplyTo: under}, func(turn chat.Turn) {
		p.noted(i)(turn)
		if edits {
			p.done[i].now = p.word()
			p.does(who, chat.Event{Kind: chat.Edited, Message: ref, Text: "please look at paper " + word + " and " + p.done[i].now}, nil)
		}
	})
}

// submits fills in a form; one in three opens it first.
func (p *parley) submits(who adaptertest.Person, id string, kind escalation.Kind, values map[string]string, word string) {
	form := "case " + id + " " + string(kind)
	i := len(p.done)
	p.done = append(p.done, done{id: id, by: who.Address, kind: kind, word: word})
	submit := func(chat.Turn) {
		p.done[i].key = p.does(who, chat.Event{Kind: chat.Submitted, Form: form, Values: values, TakesReply: true}, p.noted(i))
	}
	if p.draw.IntN(3) > 0 {
		submit(chat.Turn{})
		return
	}
	p.does(who, chat.Event{Kind: chat.Pressed, Button: form, TakesReply: true}, submit)
}
