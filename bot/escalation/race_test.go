package escalation_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"signpost/bot/escalation"
	"signpost/bot/setting"
	"signpost/knowledge/sqldb"
)

// claimsVariable, if set, is how many questions 64 champions claim at once instead of 40; the bar is 1000.
const claimsVariable = "SIGNPOST_CLAIMS"

// TestManyClaimAtOnce: of 64 who press Claim at once on each of many cards in a channel, one has it, and all others are
// told that it is taken.
func TestManyClaimAtOnce(t *testing.T) {
	questions := 40
	if n, err := strconv.Atoi(os.Getenv(claimsVariable)); err == nil {
		questions = n
	}
	h := newHouse(t)
	h.set(royal, setting.Offer, "channel")
	h.set(royal, setting.OfferChannel, "test:room")
	const champions = 64
	for i := range champions {
		h.champion(escalation.Champion{Address: chatAddress(fmt.Sprint("test:c", i)), Name: "Champion", Place: royal})
	}
	var ids []string
	for i := range questions {
		c, _ := h.ask(question(chatAddress(fmt.Sprint("test:asker", i)), fmt.Sprint("how do i ", i)))
		ids = append(ids, c.ID)
	}
	won, took := pressClaim(h, ids, champions)
	for _, id := range ids {
		if c := h.get(id); len(won[id]) != 1 || c.Holder != chatAddress(won[id][0]) || c.State != escalation.Claimed {
			t.Errorf("%s was won by %v and is %s with %s", id, won[id], c.State, c.Holder)
		}
	}
	slices.Sort(took)
	t.Logf("%d questions, %d champions at once: half were told within %v, 99 in 100 within %v, all within %v", questions, champions,
		took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
}

// pressClaim has all press Claim on each question, all on the same at the same moment, and gives who won, and how long
// each waited to be told.
func pressClaim(h *house, ids []string, champions int) (won map[string][]string, times []time.Duration) {
	won = map[string][]string{}
	var mu sync.Mutex
	press := func(id string, i int) {
		who := fmt.Sprint("test:c", i)
		begun, first := time.Now(), false
		act := escalation.Act{Kind: escalation.Claim, By: chatAddress(who), Name: "Champion", Where: "test:room"}
		_, err := h.book.Commit(h.t.Context(), func() (escalation.Change, error) { return h.book.Act(h.t.Context(), id, act) },
			func(*sqldb.Tx, escalation.Change) error { first = true; return nil })
		took := time.Since(begun)
		mu.Lock()
		defer mu.Unlock()
		times = append(times, took)
		switch {
		case err == nil && first:
			won[id] = append(won[id], who)
		case !errors.Is(err, escalation.ErrTaken):
			h.t.Errorf("%s pressed and got %v", who, err)
		}
	}
	for _, id := range ids {
		var all sync.WaitGroup
		for i := range champions {
			all.Go(func() { press(id, i) })
		}
		all.Wait()
	}
	return won, times
}
