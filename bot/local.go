package bot

import (
	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
)

// localText says how to reach the teams that an entry names, and tells once, for all of them, which the person's place
// has not filled in.
func (m *meeting) localText(e *knowledge.Entry) chat.Text {
	filled, missing := m.details(e.LocalKeys())
	home, known := m.home()
	var text chat.Text
	if len(filled) > 0 {
		text = append(words.Say("answer.local", "place", home), chat.Part{Kind: chat.Points, Items: filled})
	}
	switch {
	case len(missing) == 0:
	case known:
		text = text.Add(words.Say("answer.unfilled", "place", home, "teams", listed(missing)))
	default:
		text = text.Add(words.Say("answer.homeless", "teams", listed(missing)))
	}
	return text
}

// details looks keys up for the person's place: lines for those filled in, names of those not.
func (m *meeting) details(keys []string) (filled []chat.Item, missing []string) {
	for _, key := range keys {
		k, ok := m.base.LocalKey(key)
		if !ok {
			continue
		}
		if value, _, ok := m.base.Places.Detail(m.person.Home, key); ok {
			filled = append(filled, chat.Item{Text: capital(k.Name) + ": " + value})
		} else {
			missing = append(missing, k.Name)
		}
	}
	return filled, missing
}

// Keys of the local details that the bot itself names.
const (
	championsKey    = "champions"
	itDeskKey       = "it-desk"
	safeguardingKey = "safeguarding"
	speakUpKey      = "speak-up"
	supportKey      = "staff-support"
	emergencyKey    = "emergency-number"
)

// whoCanHelp shows the place's champions and IT desk, and how to reach them. offer says that a question may be passed on.
func (m *meeting) whoCanHelp(start chat.Text, offer bool) chat.Message {
	message := chat.Message{Text: start, Buttons: []chat.Button{button("topics", "topics")}}
	home, known := m.home()
	if !known {
		message.Text = start.Add(words.Say("champion.homeless"))
		message.Buttons = append([]chat.Button{button("me", "me")}, message.Buttons...)
		return message
	}
	switch {
	case offer && m.anyChampion():
		message.Text = start.Add(words.Say("champion.offer"))
		message.Buttons = append([]chat.Button{button("champion", "champion")}, message.Buttons...)
	case offer:
		message.Text = start.Add(words.Say("champion.nobody", "place", home))
	}
	filled, missing := m.details([]string{championsKey, itDeskKey})
	if len(filled) > 0 {
		message.Text = append(message.Text.Add(words.Say("champion.intro", "place", home)), chat.Part{Kind: chat.Points, Items: filled})
	}
	if len(missing) > 0 {
		message.Text = message.Text.Add(words.Say("champion.unfilled", "place", home, "teams", listed(missing)))
	}
	if len(filled) == 0 {
		message.Text = message.Text.Add(words.Say("champion.unfilled-next"))
	}
	return message
}

// stopText is the fixed wording of a stop, with what the person's place has added for it.
func (m *meeting) stopText(reason string) chat.Text {
	home, _ := m.home()
	local := func(key, wording string) chat.Text {
		k, _ := m.base.LocalKey(key)
		value, _, ok := m.base.Places.Detail(m.person.Home, key)
		if !ok {
			return nil
		}
		return words.Say(wording, "place", home, "name", k.Name, "value", value)
	}
	text := words.Say("stop." + reason)
	switch reason {
	case "urgent":
		return text.Add(local(emergencyKey, "stop.urgent-local"))
	case "distress":
		return text.Add(local(supportKey, "stop.distress-local"))
	case "safeguarding":
		return text.Add(local(safeguardingKey, "stop.safeguarding-local")).Add(local(speakUpKey, "stop.safeguarding-local"))
	}
	return text
}
