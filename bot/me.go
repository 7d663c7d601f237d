package bot

import (
	"context"
	"errors"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// saysWho are the ways in which people start to say who they are.
var saysWho = []string{"me ", "im a ", "im an ", "i'm a ", "i'm an ", "i’m a ", "i am a ", "i am an ", "i work as a ", "i work as an ",
	"i work at ", "i work in ", "i work for ", "im at ", "i'm at ", "i am at "}

// iAm handles "me nurse at Royal Example", "i am a carer", "i work at Royal Example". What is not of that form is a
// question: "i am a nurse and cannot log in" names no role by "nurse and cannot log in".
func (m *meeting) iAm(text string) (turn chat.Turn, ok bool) {
	said := strings.Join(strings.Fields(text), " ")
	for _, start := range saysWho {
		if len(said) > len(start) && strings.EqualFold(said[:len(start)], start) {
			return m.introduced(strings.TrimRight(said[len(start):], ". !"), start)
		}
	}
	return chat.Turn{}, false
}

// knownExactly reports whether a text says who somebody is with known names and nothing else: what "burns nurse at St Anne's
// Hospice" holds besides is nothing to screen.
func (m *meeting) knownExactly(text string) bool {
	said := strings.Join(strings.Fields(text), " ")
	for _, start := range saysWho {
		if len(said) <= len(start) || !strings.EqualFold(said[:len(start)], start) {
			continue
		}
		who := strings.TrimRight(said[len(start):], ". !")
		job, at := splitAt(who)
		switch {
		case namesPlace(start):
			return m.isPlace(who)
		case at == "":
			return m.isRole(job) || m.isPlace(job)
		}
		return (job == "" || m.isRole(job)) && m.isPlace(at)
	}
	return false
}

// namesPlace reports whether only a place can follow a start of saysWho.
func namesPlace(start string) bool {
	return strings.HasSuffix(start, " at ") || strings.HasSuffix(start, " in ") || strings.HasSuffix(start, " for ")
}

func (m *meeting) isRole(said string) bool {
	_, known := people.RoleCalled(said)
	return known
}

func (m *meeting) isPlace(said string) bool {
	_, err := m.base.Places.Find(said)
	return err == nil
}

func (m *meeting) introduced(said, start string) (turn chat.Turn, ok bool) {
	job, at := splitAt(said)
	if namesPlace(start) {
		job, at = "", said
	}
	role, known := people.RoleCalled(job)
	if job != "" && !known {
		p, err := m.base.Places.Find(job)
		switch {
		case start != "me ":
			return chat.Turn{}, false
		case at == "" && err == nil:
			return m.saveMe(m.person.Role, p.ID), true
		case at == "" && m.meansPlace(job, false, err):
			return m.unknownPlace(people.RoleName{}, job, err), true
		}
		return m.unknownJob(job)
	}
	if at == "" {
		return m.saveMe(role.Role, m.person.Home), true
	}
	p, err := m.base.Places.Find(at)
	switch {
	case err == nil:
	case m.meansPlace(at, known || start == "me ", err):
		return m.unknownPlace(role, at, err), true
	default:
		return chat.Turn{}, false
	}
	if job == "" {
		role.Role = m.person.Role
	}
	return m.saveMe(role.Role, p.ID), true
}

// splitAt takes "nurse at Royal Example" apart.
func splitAt(said string) (job, at string) {
	lower := strings.ToLower(said)
	for _, between := range []string{" at ", " in ", " for ", " with "} {
		if i := strings.Index(lower, between); i >= 0 {
			return said[:i], strings.TrimSpace(said[i+len(between):])
		}
	}
	for _, start := range []string{"at ", "in "} {
		if strings.HasPrefix(lower, start) {
			return "", said[len(start):]
		}
	}
	return said, ""
}

// longestPlace is how many words a place has that nobody has added; more are a question: "i am a carer in a care home and
// cannot log in".
const longestPlace = 5

// meansPlace reports whether what was said is meant for a place, though no place is found by it. sure says that the words
// before it were of that form.
func (m *meeting) meansPlace(at string, sure bool, err error) bool {
	return errors.Is(err, place.ErrAmbiguous) || len(m.base.Places.Misspelt(at, 1)) > 0 || sure && len(strings.Fields(at)) <= longestPlace
}

// unknownJob says so after a plain "me ..." of a word or two; anything longer is a question that starts that way.
func (m *meeting) unknownJob(job string) (chat.Turn, bool) {
	if len(strings.Fields(job)) > 2 {
		return chat.Turn{}, false
	}
	return reply(chat.Message{Text: words.Say("me.no-role", "said", job), Buttons: []chat.Button{button("me", "me")}}), true
}

// unknownPlace keeps the role, and offers places whose names are near.
func (m *meeting) unknownPlace(role people.RoleName, said string, err error) chat.Turn {
	key := "me.no-place"
	near := m.base.Places.Near(said, mostOffer)
	switch {
	case errors.Is(err, place.ErrAmbiguous):
		key = "me.many"
	case len(near) == 0:
		key = "me.no-place-alone"
	}
	message := chat.Message{Text: words.Say(key, "said", said)}
	if role.Role != "" {
		m.keepPerson(role.Role, m.person.Home)
		message.Text = words.Say("me.kept", "role", article(role.One)).Add(message.Text)
	}
	for _, p := range near {
		message.Choices = append(message.Choices, chat.Choice{ID: "home " + p.ID, Label: label(p.Name)})
	}
	return reply(message)
}

// setHome handles a place that was picked.
func (m *meeting) setHome(id string) chat.Turn {
	if _, ok := m.base.Places.Get(id); !ok {
		return m.meForm()
	}
	return m.saveMe(m.person.Role, id)
}

func (m *meeting) keepPerson(role knowledge.Role, home string) {
	m.person.Role, m.person.Home = role, home
	p := m.person
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return people.Save(ctx, tx, p) })
}

// saveMe keeps who the person is and says what is now held.
func (m *meeting) saveMe(role knowledge.Role, home string) chat.Turn {
	m.keepPerson(role, home)
	name := article(people.NameOf(role).One)
	at, known := m.home()
	key := "me.cleared"
	switch {
	case role != "" && known:
		key = "me.saved"
	case role != "":
		key = "me.saved-role"
	case known:
		key = "me.saved-home"
	}
	message := chat.Message{Text: words.Say(key, "role", name, "place", at), Buttons: []chat.Button{button("topics", "topics"), button("forget", "forget")}}
	if role != "" {
		message.Buttons = append([]chat.Button{button("role", "role")}, message.Buttons...)
	}
	if m.before.ForChampion && known {
		message.Buttons = append([]chat.Button{button("champion "+m.before.Question, "champion")}, message.Buttons...)
	}
	return reply(message)
}

// article puts "a" or "an" before a name. HR is said letter by letter, but no role starts with such letters.
func article(name string) string {
	if name != "" && strings.ContainsAny(name[:1], "aeiouAEIOU") {
		return "an " + name
	}
	return "a " + name
}

// meForm asks for role and home together.
func (m *meeting) meForm() chat.Turn {
	home, _ := m.home()
	role := ""
	if m.person.Role != "" {
		role = people.NameOf(m.person.Role).One
	}
	return chat.Turn{Form: &chat.Form{
		ID: "me", Title: words.Line("me.form"), Intro: words.Say("me.form-intro"), Submit: words.Line("me.form-save"),
		Fields: []chat.Field{
			{ID: "role", Kind: chat.TypeAhead, Label: words.Line("me.form-role"), Hint: words.Line("me.form-role-hint"), Value: role, Optional: true, Longest: 60},
			{ID: "home", Kind: chat.TypeAhead, Label: words.Line("me.form-home"), Hint: words.Line("me.form-home-hint"), Value: home, Optional: true, Longest: 120},
		},
	}}
}

// submitMe reads the form, screened like anything typed but for the known name of a role or place; what it cannot place it asks again, and nothing is kept until all of it is right.
func (m *meeting) submitMe() chat.Turn {
	var typed [2]string
	for i, field := range []string{"role", "home"} {
		value := strings.TrimSpace(m.event.Values[field])
		if field == "role" && m.isRole(value) || field == "home" && m.isPlace(value) {
			typed[i] = value
			continue
		}
		d := m.filledIn(field)
		if d.Verdict == Stop {
			m.countStop(d.Reason)
			return reply(m.stopped(d))
		}
		typed[i] = strings.TrimSpace(withoutBrackets(d.Text))
	}
	again := m.meForm()
	job, at := typed[0], typed[1]
	role, known := people.RoleCalled(job)
	if job != "" && !known {
		again.Form.Fields[0].Problem = words.Line("me.no-role", "said", job)
	}
	p, err := m.base.Places.Find(at)
	if at != "" && err != nil {
		again.Form.Fields[1].Problem = words.Line("me.no-place-alone", "said", at)
	}
	if again.Form.Fields[0].Problem != "" || again.Form.Fields[1].Problem != "" {
		again.Form.Fields[0].Value, again.Form.Fields[1].Value = job, at
		return again
	}
	return m.saveMe(role.Role, p.ID)
}

// suggest answers typing ahead in a form, best first.
func (m *meeting) suggest() chat.Turn {
	var turn chat.Turn
	switch m.event.Field {
	case "question":
		return m.suggestEntries()
	case "entry":
		return m.suggestLinks()
	case "home":
		for _, p := range m.base.Places.Near(m.event.Text, onePage) {
			turn.Suggestions = append(turn.Suggestions, chat.Choice{ID: p.Name, Label: label(p.Name)})
		}
	case "role":
		for _, r := range people.NearRoles(m.event.Text, onePage) {
			turn.Suggestions = append(turn.Suggestions, chat.Choice{ID: r.One, Label: r.One, Detail: r.Called(m.event.Text)})
		}
	}
	return turn
}

// submitted handles a form that was sent.
func (m *meeting) submitted(ctx context.Context) (chat.Turn, error) {
	verb, rest, _ := strings.Cut(m.event.Form, " ")
	question, slug, _ := strings.Cut(rest, " ")
	switch verb {
	case "wrong":
		return m.report(question, slug), nil
	case "ask":
		return m.submitAsk(ctx)
	case "words":
		return m.putOtherwise(ctx, readWish(question, slug))
	case "case":
		return m.caseSubmitted(ctx, question, escalation.Kind(slug))
	case "join":
		return m.submitJoin(ctx)
	}
	return m.submitMe(), nil
}
