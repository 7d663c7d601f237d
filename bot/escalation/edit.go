package escalation

import "slices"

// edit follows the sender's own change of a message, to wherever it was relayed.
func (w *work) edit() error { return w.change(w.act.Text, "") }

// delete follows the sender's deletion. What others saw is replaced by a sentence that says so.
func (w *work) delete() error { return w.change("", "escalation.deleted") }

func (w *work) change(text, instead string) error {
	if w.act.Ref == "" {
		return ErrNotFound
	}
	if w.act.Ref == w.Ref && w.act.By == w.Asker && w.act.Kind == Edit && text != "" {
		w.Question = text
		w.refreshCards()
		return nil
	}
	if w.act.Ref == w.Ref && w.act.By == w.Asker && w.Live() { // deleting the question takes it back
		w.leave("escalation.asker-cancelled")
		if w.State == Closed {
			w.Question, w.Words = "", ""
		}
		return nil
	}
	if w.Ref == w.act.Ref && w.act.By == w.Asker && len(w.Followers) == 0 { // and of a closed one nothing is kept
		w.Question, w.Words = "", ""
		return nil
	}
	i := slices.IndexFunc(w.Lines, func(l Line) bool { return l.Ref == w.act.Ref && l.By == w.act.By })
	if i < 0 {
		return ErrNotFound
	}
	w.Lines[i].Text = text
	for _, s := range w.Lines[i].Sent {
		w.changeSent(s, text, instead)
	}
	return nil
}

// changeSent edits a relayed message, or the one that still waits to be relayed.
func (w *work) changeSent(s Sent, text, instead string) {
	if i := slices.IndexFunc(w.Held, func(h Held) bool { return h.Tell.Key == s.Key }); i >= 0 {
		if instead != "" {
			w.Held = slices.Delete(w.Held, i, i+1)
			return
		}
		w.Held[i].Tell.Values = with(w.Held[i].Tell.Values, "text", text)
		return
	}
	if s.To != w.Asker && s.To != w.Holder && w.follower(s.To) < 0 {
		return // they have nothing to do with it any more
	}
	t := Tell{Who: s.Who, To: s.To, What: s.What, Values: w.sentValues(s, text), Replaces: s.Key}
	if instead != "" {
		t.What, t.Values = instead, nil
	}
	w.post(t, w.now)
}

func (w *work) sentValues(s Sent, text string) map[string]string {
	if s.Who == ToAsker || s.Who == ToFollower {
		return map[string]string{"name": w.holderName(), "text": text, "entry": w.Linked}
	}
	_, values := w.card(s.What)
	return map[string]string{"text": text, "role": values["role"], "place": values["place"], "asker": values["asker"]}
}
