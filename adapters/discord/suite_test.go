package discord

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	dg "github.com/bwmarrin/discordgo"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

var _ = flag.Bool("update", false, "write testdata/parity.json")

const noPage = "Discord has no page of a bot's own beside its messages; what it would show comes with the slash command and in direct messages."

func TestSuite(t *testing.T) {
	rigs := []adaptertest.Rig{
		{Network: "Discord", Server: "discord-digital-twin", Longest: longestContent, Missing: noTwin(t), Cannot: map[adaptertest.Ability]string{
			adaptertest.Page:      noPage,
			adaptertest.FileOut:   "This server takes no files.",
			adaptertest.Redeliver: "This server delivers nothing twice.",
		}},
		{Network: "Discord", Server: "a scripted server", Longest: longestContent, Cannot: map[adaptertest.Ability]string{adaptertest.Page: noPage},
			Start: func(t *testing.T, handle chat.Handler) adaptertest.Stage {
				s := &scriptedWorld{fake: newFake(t)}
				return visit(t, s, s.config(), handle)
			}},
	}
	if rigs[0].Missing == "" {
		tw := startTwin(t)
		rigs[0].Start = func(t *testing.T, handle chat.Handler) adaptertest.Stage {
			w := newTwinWorld(t, tw)
			return visit(t, w, w.config, handle)
		}
	}
	adaptertest.Run(t, rigs...)
}

// A world is a Discord server on which the suite's person, Alice, does things.
type world interface {
	say(channel, text string, files map[string]string)
	change(text string)
	remove()
	// interact does something in a channel and gives its id; message is what it is done on, if that is one.
	interact(kind dg.InteractionType, channel, message string, data map[string]any) (id string)
	// response is what the bot answered it.
	response(id string) (kind int, data map[string]any)
	messages(channel string) []shown
	threadsOf(channel string) []string
	again()
	setCut(bool)
	close()
}

// A visitor is Alice with an adapter before her.
type visitor struct {
	t      *testing.T
	world  world
	before map[string]bool // messages from before this visit
}

func visit(t *testing.T, w world, config Config, handle chat.Handler) adaptertest.Stage {
	v := &visitor{t: t, world: w, before: map[string]bool{}}
	for _, channel := range []string{aliceDM, generalID} {
		for _, m := range v.all(channel) {
			v.before[m.ID] = true
		}
	}
	config.Menu = adaptertest.Menu()
	config.Log, _ = newLog(t)
	d, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	d.times = quickTimes()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx, handle) }()
	v.until("the bot to connect", func() bool {
		d.state.mu.Lock()
		defer d.state.mu.Unlock()
		return d.state.links[0].up
	})
	return adaptertest.Stage{
		Adapter: d, Person: personAddress(aliceID), Direct: personAddress(aliceID), Public: channelAddress(generalID),
		Nowhere: channelAddress("900000000000009999"),
		Say: func(place chat.Address, text string) {
			if place == channelAddress(generalID) {
				w.say(generalID, "<@"+botID+"> "+text, nil)
			} else {
				w.say(aliceDM, text, nil)
			}
		},
		Press: v.press, Submit: v.submit, Type: v.typeAhead, Sees: v.sees, Command: v.command, Shortcut: v.shortcut,
		SendFile: func(name, body string) { w.say(aliceDM, "", map[string]string{name: body}) },
		Change:   w.change, Delete: w.remove, Again: w.again, Cut: func() { w.setCut(true) }, Mend: func() { w.setCut(false) },
		Stop: func() error {
			cancel()
			err := <-done
			w.close()
			return err
		},
	}
}

func (v *visitor) until(what string, ok func() bool) {
	if !until(ok) {
		v.t.Errorf("waited in vain for %s", what)
	}
}

// all are the messages of a channel and of its threads, in the order of their ids.
func (v *visitor) all(channel string) []located {
	var all []located
	for _, place := range append([]string{channel}, v.world.threadsOf(channel)...) {
		for _, m := range v.world.messages(place) {
			if !v.before[m.ID] {
				all = append(all, located{m, place, place != channel})
			}
		}
	}
	slices.SortFunc(all, func(a, b located) int { return strings.Compare(a.ID, b.ID) })
	return all
}

type located struct {
	shown
	channel  string
	threaded bool
}

func channelOf(place chat.Address) string {
	if place == personAddress(aliceID) {
		return aliceDM
	}
	return strings.TrimPrefix(string(place), network+":C")
}

func (v *visitor) sees(place chat.Address) []adaptertest.Seen {
	var out []adaptertest.Seen
	for _, m := range v.all(channelOf(place)) {
		seen := adaptertest.Seen{Text: m.Content, Threaded: m.threaded, Private: m.Flags&int(dg.MessageFlagsEphemeral) != 0}
		if m.Author.ID == botID {
			seen.Text, seen.Mentions = asRead(m.Content), called(m.Content)
		}
		for _, row := range m.Components {
			for _, c := range row.Components {
				seen.Buttons = append(seen.Buttons, c.Label)
				for _, o := range c.Options {
					seen.Buttons = append(seen.Buttons, o.Label)
				}
			}
		}
		seen.File, seen.Body, _ = strings.Cut(m.File, "=")
		out = append(out, seen)
	}
	return out
}

var (
	escaped = regexp.MustCompile(`\\([^0-9A-Za-z\s])`)
	calling = regexp.MustCompile(`\\.|<(@!?|@&)(\d+)>|@(?:everyone|here)(?:[^0-9A-Za-z]|$)|<[#:/a-z][^>]*>`)
)

// asRead is a content as Discord's clients show it: without the mark, and with escapes undone.
func asRead(content string) string {
	content, _, _, _ = splitMark(content)
	return escaped.ReplaceAllString(content, "$1")
}

// called are the live tokens of a content: those that no backslash takes the life of.
func called(content string) []string {
	var out []string
	for _, m := range calling.FindAllStringSubmatch(content, -1) {
		switch {
		case strings.HasPrefix(m[0], `\`):
		case strings.HasPrefix(m[1], "@") && m[1] != "@&":
			out = append(out, string(personAddress(m[2])))
		default:
			out = append(out, m[0])
		}
	}
	return out
}

// press finds the newest component with this label and uses it.
func (v *visitor) press(label string) {
	for _, channel := range []string{aliceDM, generalID} {
		all := v.all(channel)
		slices.Reverse(all)
		for _, m := range all {
			if v.pressIn(m, label) {
				return
			}
		}
	}
	v.t.Errorf("there is nothing to press called %q", label)
}

func (v *visitor) pressIn(m located, label string) bool {
	for _, row := range m.Components {
		for _, c := range row.Components {
			if c.Label == label {
				v.world.interact(dg.InteractionMessageComponent, m.channel, m.ID, map[string]any{"custom_id": c.CustomID, "component_type": 2})
				return true
			}
			for _, o := range c.Options {
				if o.Label == label {
					v.world.interact(dg.InteractionMessageComponent, m.channel, m.ID, map[string]any{"custom_id": c.CustomID, "component_type": 3, "values": []string{o.Value}})
					return true
				}
			}
		}
	}
	return false
}

// submit goes through a form: it picks from the lists of the newest message that leads to one, presses its button, and
// fills in each window.
func (v *visitor) submit(form chat.Form, values map[string]string) string {
	var m located
	v.until("the form", func() bool {
		for _, m = range slices.Backward(v.all(aliceDM)) {
			if len(m.Components) > 0 {
				last := m.Components[len(m.Components)-1].Components
				return strings.HasPrefix(last[len(last)-1].CustomID, stepID+":")
			}
		}
		return false
	})
	before := len(v.all(aliceDM))
	for _, row := range m.Components[:len(m.Components)-1] {
		id := row.Components[0].CustomID
		n, _ := strconv.Atoi(strings.Split(id, ":")[2])
		v.world.interact(dg.InteractionMessageComponent, m.channel, m.ID,
			map[string]any{"custom_id": id, "component_type": 3, "values": []string{values[form.Fields[n].ID]}})
	}
	last := m.Components[len(m.Components)-1].Components
	id := v.world.interact(dg.InteractionMessageComponent, m.channel, m.ID, map[string]any{"custom_id": last[len(last)-1].CustomID, "component_type": 2})
	kind, data := v.world.response(id)
	for kind == int(dg.InteractionResponseModal) {
		id = v.world.interact(dg.InteractionModalSubmit, m.channel, m.ID, fillIn(data, values))
		kind, data = v.world.response(id)
	}
	v.until("an answer to the form", func() bool { return len(v.all(aliceDM)) > before })
	return asRead(fmt.Sprint(data["content"]))
}

func fillIn(window map[string]any, values map[string]string) map[string]any {
	text, _ := json.Marshal(window)
	var m struct {
		CustomID   string `json:"custom_id"`
		Components []row  `json:"components"`
	}
	_ = json.Unmarshal(text, &m)
	var rows []any
	for _, row := range m.Components {
		id := row.Components[0].CustomID
		rows = append(rows, map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": id, "value": values[id]}}})
	}
	return map[string]any{"custom_id": m.CustomID, "components": rows}
}

// typeAhead types in the field of the command, which is the form's.
func (v *visitor) typeAhead(form chat.Form, field, text string) []string {
	id := v.world.interact(dg.InteractionApplicationCommandAutocomplete, aliceDM, "", commandData(form.ID, field, text))
	_, data := v.world.response(id)
	var labels []string
	choices, _ := data["choices"].([]any)
	for _, c := range choices {
		labels = append(labels, fmt.Sprint(c.(map[string]any)["name"]))
	}
	return labels
}

// commandData is a use of /signpost, as Discord sends it.
func commandData(name, field, value string) map[string]any {
	options := []any{}
	if field != "" {
		options = append(options, map[string]any{"name": field, "type": 3, "value": value, "focused": true})
	}
	return map[string]any{"id": "1", "name": "signpost", "type": 1, "options": []any{map[string]any{"name": name, "type": 1, "options": options}}}
}

func (v *visitor) command(name, value string) {
	field := ""
	if value != "" {
		field = adaptertest.Menu().Commands[0].Field.ID
	}
	v.world.interact(dg.InteractionApplicationCommand, generalID, "", commandData(name, field, value))
}

func (v *visitor) shortcut(label, text string) {
	for _, m := range slices.Backward(v.all(generalID)) {
		if !strings.Contains(asRead(m.Content), text) {
			continue
		}
		v.world.interact(dg.InteractionApplicationCommand, generalID, "", map[string]any{"id": "2", "name": label, "type": 3, "target_id": m.ID,
			"resolved": map[string]any{"messages": map[string]any{m.ID: map[string]any{"id": m.ID, "channel_id": m.channel, "content": m.Content}}}})
		return
	}
	v.t.Errorf("there is no message %q", text)
}
