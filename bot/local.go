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

// whoCanHelp shows the place's champions and IT desk, and says that the person must reach them themselves.
func (m *meeting) whoCanHelp(start chat.Text) chat.Message {
	home, known := m.home()
	if !known {
		return chat.Message{Text: start.Add(words.Say("champion.homeless")), Buttons: []chat.Button{button("me", "me"), button("topics", "topics")}}
	}
	filled, missing := m.details([]string{championsKey, itDeskKey})
	text := start
	switch {
	case len(filled) == 0:
		text = text.Add(words.Say("champion.unfilled", "place", home, "teams", listed(missing))).Add(words.Say("champion.unfilled-next"))
	default:
		text = text.Add(words.Say("champion.intro", "place", home))
		text = append(text, chat.Part{Kind: chat.Points, Items: filled})
		if len(missing) > 0 {
			text = text.Add(words.Say("champion.unfilled-rest", "place", home, "teams", listed(missing)))
		}
	}
	return chat.Message{Text: text, Buttons: []chat.Button{button("topics", "topics")}}
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
