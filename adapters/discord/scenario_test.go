package discord

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"signpost/bot/chat"
)

// putOff is the scenario in which the adapter cannot wait for its bot.
const putOff = "the bot takes its time"

// What people do on a Discord server, told from their side, against npm's discord-digital-twin. The bot behind the adapter
// is a librarian. The server does not know who may see what; who does is read from what the adapter answered.
func TestScenarios(t *testing.T) {
	tw := startTwin(t)
	for _, s := range []struct {
		name string
		try  func(*testing.T, *reader)
	}{
		{"Alice asks with the slash command and only she sees the answer", askAlone},
		{"she gets suggestions while she types, and sends what she typed", suggested},
		{"she mentions the bot and is answered in a thread", mentioned},
		{"she goes on in the thread", goesOnInTheThread},
		{"she replies to the bot's message", repliesToTheBot},
		{"she writes a direct message", writesDirectly},
		{"she presses a button in direct messages", presses},
		{"she picks from a long list", picks},
		{"she fills in a form", fillsIn},
		{"she asks for help with somebody's message", asksAboutAMessage},
		{putOff, takesItsTime},
		{"a message reaches her by itself, and changes", reachesHer},
		{"the connection breaks and comes back", comesBack},
	} {
		t.Run(s.name, func(t *testing.T) {
			own := *tw
			own.t = t
			v := &reader{twin: &own, slow: make(chan struct{})}
			begin := start
			if s.name == putOff {
				begin = startImpatient
			}
			v.bot = own.startOn(begin, v.librarian)
			s.try(t, v)
		})
	}
}

// reader is one scenario: the server, and the bot on it.
type reader struct {
	*twin
	bot  *running
	slow chan struct{} // closed when the librarian has thought for long enough
}

func (v *reader) librarian(e chat.Event) (chat.Turn, error) {
	switch {
	case e.Kind == chat.TypedAhead:
		return chat.Turn{Suggestions: []chat.Choice{{ID: "atlas", Label: "Atlas of " + e.Text}}}, nil
	case e.Kind == chat.Pressed && e.Text != "":
		return says("About that message: " + e.Text), nil
	case e.Kind == chat.Pressed && e.Button == "lend":
		return chat.Turn{Form: &chat.Form{ID: "lend", Title: "Borrow a book", Submit: "Borrow", Fields: []chat.Field{{ID: "card", Label: "Number of your card", Kind: chat.Line}}}}, nil
	case e.Kind == chat.Pressed:
		return says("You chose " + e.Button), nil
	case e.Kind == chat.Submitted:
		return says("Borrowed with card " + e.Values["card"]), nil
	case strings.Contains(e.Text, "slowly"):
		<-v.slow
	}
	reply := plain("You asked: " + e.Text)
	reply.Buttons = []chat.Button{{ID: "lend", Label: "Borrow it"}, {ID: "hours", Label: "Opening hours"}}
	if strings.Contains(e.Text, "everything") {
		for i := range 30 {
			reply.Choices = append(reply.Choices, chat.Choice{ID: fmt.Sprint("book-", i), Label: fmt.Sprint("Book number ", i)})
		}
	}
	return chat.Turn{Reply: &reply}, nil
}

func (v *reader) slash(question string) map[string]any {
	return v.call("simulateSlashCommand", map[string]any{"channelId": generalID, "userId": aliceID, "name": "signpost",
		"options": []any{map[string]any{"name": "ask", "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": question}}}}})
}

func (v *reader) say(channel, text string) map[string]any {
	return v.call("simulateUserMessage", map[string]any{"channelId": channel, "userId": aliceID, "content": text})
}

func (v *reader) click(channel, message, id string) map[string]any {
	return v.call("simulateButtonClick", map[string]any{"channelId": channel, "userId": aliceID, "messageId": message, "customId": id})
}

func askAlone(t *testing.T, v *reader) {
	kind, data := v.response(v.slash("where is the atlas?"))
	flags, _ := data["flags"].(float64)
	if kind != 4 || data["content"] != "You asked: where is the atlas?" || int(flags)&64 == 0 {
		t.Errorf("got %d %v", kind, data)
	}
	if e := v.bot.event(0); !e.Alone || !e.Public || !e.TakesReply || e.Where != general() || e.Person != alice || e.Name != "alice" {
		t.Errorf("got %+v", e)
	}
}

func suggested(t *testing.T, v *reader) {
	in := v.call("simulateInteraction", map[string]any{"type": 4, "channelId": generalID, "userId": aliceID, "data": commandData("ask", "question", "Wales")})
	kind, data := v.response(in)
	choices, _ := data["choices"].([]any)
	if kind != 8 || len(choices) != 1 || choices[0].(map[string]any)["name"] != "Atlas of Wales" {
		t.Errorf("got %d %v", kind, data)
	}
	if _, data := v.response(v.slash("Atlas of Wales")); data["content"] != "You asked: Atlas of Wales" {
		t.Errorf("got %v", data)
	}
}

// threadUnder is the thread with this message of the bot's in it.
func (v *reader) threadWith(says string) (thread string, found shown) {
	v.t.Helper()
	v.eventually("an answer in a thread", func() bool {
		var threads []struct{ ID string }
		v.get("/threads/"+generalID, &threads)
		for _, in := range threads {
			var all []shown
			v.get("/messages/"+in.ID, &all)
			for _, m := range all {
				if m.Author.ID == botID && strings.Contains(m.Content, says) {
					thread, found = in.ID, m
				}
			}
		}
		return thread != ""
	})
	return thread, found
}

func mentioned(t *testing.T, v *reader) {
	said := v.say(generalID, "<@"+botID+"> where is the map?")
	if _, m := v.threadWith("where is the map?"); !strings.HasPrefix(m.Content, "You asked: where is the map?") {
		t.Errorf("got %q", m.Content)
	}
	id := fmt.Sprint(said["id"])
	if e := v.bot.event(0); !e.Public || e.Alone || e.Room != general() || e.Where != threadAddress(generalID, id) || e.Message != messageRef(generalID, id) {
		t.Errorf("got %+v", e)
	}
}

func goesOnInTheThread(t *testing.T, v *reader) {
	v.say(generalID, "<@"+botID+"> where is the globe?")
	thread, _ := v.threadWith("where is the globe?")
	v.say(thread, "<@"+botID+"> and who made it?")
	if in, _ := v.threadWith("and who made it?"); in != thread {
		t.Errorf("answered in %s, asked in %s", in, thread)
	}
	if e := v.bot.event(1); e.Where != threadAddress(generalID, thread) || e.Room != general() || !e.Public {
		t.Errorf("got %+v", e)
	}
}

func repliesToTheBot(t *testing.T, v *reader) {
	ref, err := v.bot.Send(t.Context(), post("note", general(), "A note to all readers."))
	if err != nil {
		t.Fatal(err)
	}
	channel, id, _ := parseRef(ref)
	v.call("simulateUserMessage", map[string]any{"channelId": generalID, "userId": aliceID, "content": "<@" + botID + "> thanks",
		"messageReference": map[string]any{"message_id": id, "channel_id": channel}})
	if e := v.bot.event(0); e.ReplyTo != ref || e.Text != "thanks" {
		t.Errorf("got %+v, want a reply to %s", e, ref)
	}
}

func writesDirectly(t *testing.T, v *reader) {
	v.say(aliceDM, "when do you open?")
	v.fromBot(aliceDM, "You asked: when do you open?")
	if e := v.bot.event(0); e.Public || e.Where != alice || e.Room != "" {
		t.Errorf("got %+v", e)
	}
}

func presses(t *testing.T, v *reader) {
	v.say(aliceDM, "a button please")
	m := v.fromBot(aliceDM, "a button please")
	kind, data := v.response(v.click(aliceDM, m.ID, "hours"))
	if kind != 4 || data["content"] != "You chose hours" {
		t.Errorf("got %d %v", kind, data)
	}
	if e := v.bot.event(1); e.Kind != chat.Pressed || e.Button != "hours" || e.Message != messageRef(aliceDM, m.ID) || e.Where != alice || e.Public {
		t.Errorf("got %+v", e)
	}
}

func picks(t *testing.T, v *reader) {
	v.say(aliceDM, "show me everything")
	m := v.fromBot(aliceDM, "show me everything")
	list := m.Components[1].Components[0]
	if len(m.Components) != 3 || len(list.Options) != 5 || !strings.Contains(m.Content, "- Book number 29") {
		t.Fatalf("got %+v", m)
	}
	in := v.call("simulateSelectMenu", map[string]any{"channelId": aliceDM, "userId": aliceID, "messageId": m.ID, "customId": list.CustomID, "values": []string{"book-27"}})
	if _, data := v.response(in); data["content"] != "You chose book-27" {
		t.Errorf("got %v", data)
	}
}

func fillsIn(t *testing.T, v *reader) {
	v.say(aliceDM, "a form please")
	m := v.fromBot(aliceDM, "a form please")
	kind, window := v.response(v.click(aliceDM, m.ID, "lend"))
	if kind != 9 || window["title"] != "Borrow a book" {
		t.Fatalf("got %d %v", kind, window)
	}
	in := v.call("simulateModalSubmit", map[string]any{"channelId": aliceDM, "userId": aliceID, "customId": window["custom_id"],
		"fields": []any{map[string]any{"customId": "card", "value": "4711"}}})
	if _, data := v.response(in); data["content"] != "Borrowed with card 4711" {
		t.Errorf("got %v", data)
	}
}

func asksAboutAMessage(t *testing.T, v *reader) {
	said := v.call("simulateUserMessage", map[string]any{"channelId": generalID, "userId": bobID, "content": "I lost my card"})
	id := fmt.Sprint(said["id"])
	in := v.call("simulateInteraction", map[string]any{"type": 2, "channelId": generalID, "userId": aliceID, "data": map[string]any{"name": "Find help with this",
		"type": 3, "target_id": id, "resolved": map[string]any{"messages": map[string]any{id: said}}}})
	_, data := v.response(in)
	if flags, _ := data["flags"].(float64); data["content"] != "About that message: I lost my card" || int(flags)&64 == 0 {
		t.Errorf("got %v", data)
	}
}

func takesItsTime(t *testing.T, v *reader) {
	think := sync.OnceFunc(func() { close(v.slow) })
	defer think()
	in := v.slash("slowly please")
	if kind, data := v.response(in); kind != 5 || data["flags"] != 64.0 {
		t.Errorf("put off with %d %v", kind, data)
	}
	think()
	v.fromBot(generalID, "You asked: slowly please")
}

func reachesHer(t *testing.T, v *reader) {
	ref, err := v.bot.Send(t.Context(), post("due "+t.Name(), alice, "Your book is due."))
	if err != nil {
		t.Fatal(err)
	}
	v.fromBot(aliceDM, "Your book is due.")
	if found, ok, err := v.bot.Find(t.Context(), alice, "due "+t.Name()); found != ref || !ok || err != nil {
		t.Errorf("found %q %v %v, want %q", found, ok, err, ref)
	}
	if err := v.bot.Edit(t.Context(), ref, plain("Your book is back.")); err != nil {
		t.Fatal(err)
	}
	v.fromBot(aliceDM, "Your book is back.")
}

func comesBack(t *testing.T, v *reader) {
	v.say(aliceDM, "before the break")
	v.fromBot(aliceDM, "You asked: before the break")
	var none any
	v.get("/kick/1001", &none)
	v.say(aliceDM, "during the break")
	v.fromBot(aliceDM, "You asked: during the break")
}
