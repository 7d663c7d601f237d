package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// joining handles what people do about being a champion.
func (m *meeting) joining(ctx context.Context, verb, about string) (chat.Turn, error) {
	switch verb {
	case "join":
		return m.joinIntro(ctx)
	case "details":
		return m.joinForm(ctx)
	case "practise":
		return m.practise(ctx)
	case "ward":
		return m.onWard(ctx)
	case "back":
		return m.backFromWard(ctx)
	case "leaving":
		return m.leaveSure(ctx)
	case "leave":
		return m.leaveChampions(ctx)
	case "approve", "decline":
		return m.decideJoin(ctx, verb, chat.Address(about))
	}
	return m.browse("gone", ""), nil
}

// self reads who the person is as a champion; ok is false where they are none, and have not asked to be.
func (m *meeting) self(ctx context.Context) (c escalation.Champion, ok bool, err error) {
	c, err = escalation.GetChampion(ctx, m.bot.DB.Read(), m.event.Person)
	if errors.Is(err, escalation.ErrNotFound) {
		return c, false, nil
	}
	return c, err == nil && c.State != escalation.HasLeft, err
}

// joinIntro says what it means to be a champion, and how much there usually is to do.
func (m *meeting) joinIntro(ctx context.Context) (chat.Turn, error) {
	home, known := m.home()
	if !known {
		return reply(chat.Message{Text: words.Say("champion.join-homeless"), Buttons: []chat.Button{button("me", "me")}, Private: true}), nil
	}
	if c, ok, err := m.self(ctx); err != nil {
		return chat.Turn{}, err
	} else if ok {
		return m.joinedAlready(ctx, c)
	}
	load, err := escalation.UsualLoad(ctx, m.bot.DB.Read(), m.person.Home, m.now)
	if err != nil {
		return chat.Turn{}, err
	}
	text := words.Say("champion.join", "place", home).Add(loadText(load)).Add(words.Say("champion.join-next", "place", home))
	return reply(chat.Message{Text: text, Private: true, Buttons: []chat.Button{button("join details", "join"), button("topics", "topics")}}), nil
}

// joinedAlready shows what there is to do for somebody who has joined, or waits for an admin.
func (m *meeting) joinedAlready(ctx context.Context, c escalation.Champion) (chat.Turn, error) {
	if c.State == escalation.Wishing {
		return reply(chat.Message{Text: words.Say("champion.join-waiting", "place", m.nameOf(c.Place)), Private: true,
			Buttons: []chat.Button{button("join practise", "practise"), button("join details", "details")}}), nil
	}
	turn, err := m.queue(ctx)
	if err == nil {
		turn.Reply.Text = words.Say("champion.join-already").Add(turn.Reply.Text)
	}
	return turn, err
}

func loadText(perWeek float64) chat.Text {
	switch n := int(perWeek + 0.5); n {
	case 0:
		return words.Say("champion.load-few")
	case 1:
		return words.Say("champion.load-one")
	default:
		return words.Say("champion.load", "n", strconv.Itoa(n))
	}
}

// Ways in which a champion may be named, from the most open to the least.
const (
	nameListed = "listed"
	nameShown  = "shown"
	nameHidden = "hidden"
)

// joinForm asks a champion, or somebody who wants to be one, for all there is to say; it holds what they said before.
func (m *meeting) joinForm(ctx context.Context) (chat.Turn, error) {
	if _, known := m.home(); !known {
		return m.joinIntro(ctx)
	}
	c, ok, err := m.self(ctx)
	if err != nil {
		return chat.Turn{}, err
	}
	if !ok {
		c = escalation.Champion{Hours: escalation.Office, Most: escalation.UsualMost}
	}
	named := nameListed
	switch {
	case ok && c.Name == "":
		named = nameHidden
	case ok && !c.Listed:
		named = nameShown
	}
	most := c.Most
	if most == 0 {
		most = escalation.UsualMost
	}
	form := &chat.Form{ID: "join", Title: words.Line("champion.join.form"), Intro: words.Say("champion.join-intro"), Submit: words.Line("champion.join.form-save")}
	form.Fields = []chat.Field{
		{ID: "topics", Kind: chat.Line, Label: words.Line("champion.join-topics"), Hint: words.Line("champion.join-topics-hint"), Value: m.topicNames(c.Topics), Optional: true, Longest: 300},
		{ID: "hours", Kind: chat.Line, Label: words.Line("champion.join-hours"), Hint: words.Line("champion.join-hours-hint"), Value: writeWeek(c.Hours.Week), Longest: 200},
		{ID: "leave", Kind: chat.Line, Label: words.Line("champion.join-leave"), Hint: words.Line("champion.join-leave-hint"), Value: writeLeave(c.Hours.Leave, m.now), Optional: true, Longest: 200},
		{ID: "most", Kind: chat.Pick, Label: words.Line("champion.join-most"), Value: strconv.Itoa(most), Options: numbers(1, 2, 3, 4, 5)},
		{ID: "named", Kind: chat.Pick, Label: words.Line("champion.join-named"), Value: named, Options: []chat.Choice{
			{ID: nameListed, Label: words.Line("champion.join-named-listed")}, {ID: nameShown, Label: words.Line("champion.join-named-shown")},
			{ID: nameHidden, Label: words.Line("champion.join-named-hidden")}}},
	}
	return chat.Turn{Form: form}, nil
}

func numbers(list ...int) (options []chat.Choice) {
	for _, n := range list {
		options = append(options, chat.Choice{ID: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return options
}

// submitJoin keeps what a champion said of themselves. Somebody new waits for an admin.
func (m *meeting) submitJoin(ctx context.Context) (chat.Turn, error) {
	turn, err := m.joinForm(ctx)
	if err != nil || turn.Form == nil {
		return turn, err
	}
	before, was, err := m.self(ctx)
	if err != nil {
		return chat.Turn{}, err
	}
	c := escalation.Champion{Address: m.event.Person, Place: m.person.Home, Roles: before.Roles, Hours: before.Hours}
	if m.readJoin(turn.Form, &c) {
		return m.againUnlessStopped(turn), nil
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return escalation.Join(ctx, tx, c) })
	if was && before.Place == c.Place {
		return reply(chat.Message{Text: words.Say("champion.saved"), Buttons: m.championButtons(), Private: true}), nil
	}
	return m.joinAsked(ctx, c)
}

// againUnlessStopped shows a form again, unless what could not be read is a cry for help. What could be read is days and
// times and names of topics, of which nothing else is kept: it needs no screening, which takes some dates for an alarm.
func (m *meeting) againUnlessStopped(turn chat.Turn) chat.Turn {
	for _, field := range turn.Form.Fields {
		if field.Problem == "" || field.Kind != chat.Line {
			continue
		}
		if d := m.filledIn(field.ID); d.Verdict == Stop {
			m.countStop(d.Reason)
			return reply(m.stopped(d))
		}
	}
	return turn
}

// readJoin reads the form into c; wrong says that a field of it must be put right first.
func (m *meeting) readJoin(form *chat.Form, c *escalation.Champion) (wrong bool) {
	values := m.event.Values
	problem := func(field int, text string) { form.Fields[field].Problem, wrong = text, true }
	for i := range form.Fields {
		form.Fields[i].Value = values[form.Fields[i].ID]
	}
	topics, unknown := m.readTopics(values["topics"])
	if unknown != "" {
		problem(0, words.Line("champion.join-topics-unknown", "said", unknown))
	}
	week, ok := readWeek(values["hours"])
	if !ok {
		problem(1, words.Line("champion.join-hours-unknown"))
	}
	leave, ok := readLeave(values["leave"], m.now)
	if !ok {
		problem(2, words.Line("champion.join-leave-unknown"))
	}
	most, err := strconv.Atoi(values["most"])
	if err != nil || most < 1 || most > 20 {
		problem(3, words.Line("champion.pick"))
	}
	if !slices.Contains([]string{nameListed, nameShown, nameHidden}, values["named"]) {
		problem(4, words.Line("champion.pick"))
	}
	c.Topics, c.Most, c.Hours.Week, c.Hours.Leave = topics, most, week, leave
	if c.Hours.NextOpen(m.now).IsZero() && !wrong {
		problem(1, words.Line("escalation.error-hours"))
	}
	if values["named"] != nameHidden {
		c.Name, c.Listed = m.event.Name, values["named"] == nameListed
	}
	return wrong
}
