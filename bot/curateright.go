package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge"
	"signpost/knowledge/place"
)

// may reports whether the person has a right at a place. Nobody has one where there is no place, such as at the home of
// somebody who has not said theirs.
func (m *meeting) may(right people.Right, at string) bool {
	_, there := m.base.Places.Get(at)
	return there && m.rights.May(right, m.base.Places, at)
}

// mine refuses what is not the person's to write: an entry of a place where they are no curator.
func (m *meeting) mine(at string) error {
	if m.may(people.Curator, at) {
		return nil
	}
	return refuse("curate.not-yours", "place", m.placeName(at))
}

// mayChange reports whether the person may change what is live at a place at once, without a draft. Where entries need
// approval, that is for approvers.
func (m *meeting) mayChange(at string) bool {
	if m.settings.On(m.base.Places, at, setting.Approve) {
		return m.may(people.Approver, at)
	}
	return m.may(people.Curator, at)
}

// mineToChange refuses what the person may not do to a live entry of a place.
func (m *meeting) mineToChange(at string) error {
	if err := m.mine(at); err != nil || m.mayChange(at) {
		return err
	}
	return refuse("curate.needs-approver", "place", m.placeName(at))
}

// An approval says whether a person may put a draft live.
type approval int

const (
	notTheirs    approval = iota // they are no curator there
	needsAnother                 // somebody else has to
	needsReason                  // nobody else could, and they must say why
	approved
)

// mayApprove says whether the person may put live what these people wrote for a place. Where approval is asked for, whoever
// had a hand in it does not give it; if nobody else could, an admin may, with a reason that is kept.
func (m *meeting) mayApprove(ctx context.Context, at string, writers ...string) (approval, error) {
	switch {
	case !m.may(people.Curator, at):
		return notTheirs, nil
	case !m.settings.On(m.base.Places, at, setting.Approve):
		return approved, nil
	case !m.may(people.Approver, at):
		return needsAnother, nil
	case !slices.Contains(writers, string(m.event.Person)):
		return approved, nil
	}
	others, err := m.approvers(ctx, at, writers...)
	if err != nil || len(others) > 0 || !m.may(people.Admin, at) {
		return needsAnother, err
	}
	return needsReason, nil
}

// approvers lists who else could put live at a place what these people wrote.
func (m *meeting) approvers(ctx context.Context, at string, writers ...string) ([]chat.Address, error) {
	grants, err := people.Grants(ctx, m.bot.DB.Read())
	if err != nil {
		return nil, err
	}
	var others []chat.Address
	of := map[chat.Address]people.Rights{}
	for _, g := range grants {
		if of[g.Person] == nil && g.Person != m.event.Person && !slices.Contains(writers, string(g.Person)) {
			others = append(others, g.Person)
		}
		of[g.Person] = append(of[g.Person], g)
	}
	n := 0
	for _, other := range others {
		if of[other].May(people.Approver, m.base.Places, at) {
			others[n] = other
			n++
		}
	}
	return others[:n], nil
}

// curatedPlaces lists the places whose entries the person may write, those granted only, not all below them.
func (m *meeting) curatedPlaces() []place.Place {
	var all []place.Place
	seen := map[string]bool{}
	for _, g := range m.rights {
		if p, ok := m.base.Places.Get(g.Place); ok && !seen[p.ID] && m.may(people.Curator, p.ID) {
			seen[p.ID] = true
			all = append(all, p)
		}
	}
	return all
}

// usualPlace is where new entries of the person belong unless they say another: the only place they curate, or else their
// own where they curate it.
func (m *meeting) usualPlace() string {
	granted := m.curatedPlaces()
	if len(granted) != 1 && m.may(people.Curator, m.person.Home) {
		return m.person.Home
	}
	if len(granted) == 0 {
		return ""
	}
	return granted[0].ID
}

func (m *meeting) placeName(id string) string {
	p, ok := m.base.Places.Get(id)
	if !ok {
		return id
	}
	return p.Name
}

// codeLength makes two of a hundred thousand names share a code once in many million bases.
const codeLength = 12

// code is a short name for something whose own may be too long for a button.
func code(text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:codeLength]
}

// about names an entry in a button: its slug, and its place by a code.
func about(at knowledge.Ref, more ...int) string {
	id := at.Slug + " " + code(at.Place)
	for _, n := range more {
		id += " " + strconv.Itoa(n)
	}
	return id
}

// placeCoded finds the place that a button means.
func (m *meeting) placeCoded(args []string, i int) (place.Place, error) {
	if i < len(args) {
		for _, p := range m.base.Places.All() {
			if code(p.ID) == args[i] {
				return p, nil
			}
		}
	}
	return place.Place{}, refuse("curate.gone")
}

// refCoded finds the entry that a button names, as it is stored; there is false where it is not there yet.
func (m *meeting) refCoded(args []string) (e knowledge.Entry, there bool, err error) {
	p, err := m.placeCoded(args, 1)
	if err != nil {
		return e, false, err
	}
	if e, there = m.base.Own(args[0], p.ID); !there {
		e = knowledge.Entry{Slug: args[0], Place: p.ID}
	}
	return e, there, nil
}

// number reads one of a button's words; what is no number is one that nothing has.
func number(args []string, i int) int {
	if i >= len(args) {
		return -2 // and not knowledge.AnyVersion
	}
	n, err := strconv.Atoi(args[i])
	if err != nil || n < 0 {
		return -2
	}
	return n
}
