package discord

import (
	"math/rand/v2"
	"time"
)

// Discord's limits. Unless said otherwise the source is Discord's documentation (github.com/discord/discord-api-docs,
// August 2026), by file.
const (
	longestContent     = 2000 // resources/message: content; counted in UTF-16 units, the larger of the two ways to count
	longestID          = 100  // components/reference: custom_id, and a select option's value
	longestButton      = 80   // components/reference: button label
	longestOption      = 100  // components/reference: select option label and description
	longestPlaceholder = 100  // components/reference: text input placeholder
	longestTitle       = 45   // interactions/receiving-and-responding: modal title
	longestLabel       = 45   // components/reference: text input label
	longestInput       = 4000 // components/reference: text input max_length
	longestSuggestion  = 100  // interactions/application-commands: choice name and value
	longestNonce       = 25   // resources/message: nonce

	mostRows        = 5   // components/reference: action rows in a message
	mostInRow       = 5   // components/reference: buttons in a row
	mostOptions     = 25  // components/reference: options in a select
	mostFields      = 5   // interactions/receiving-and-responding: components in a modal
	mostSuggestions = 25  // interactions/application-commands: autocomplete choices
	mostSubcommands = 25  // interactions/application-commands: options of a command
	mostHistory     = 100 // resources/message: messages in one GET
)

// Our own limits.
const (
	// mostPerSecond requests leave us in any second. Discord takes 50 of a bot (topics/rate-limits), and what leaves in
	// one second may arrive in less. Interaction endpoints do not count there, nor here.
	mostPerSecond = 40
	// longestHold is how long a request waits for its turn; beyond it the caller is told how long it would be.
	longestHold = 2 * time.Second
	// mostIdentifies an hour: Discord takes 1,000 a day and then resets the token (events/gateway), so a bot that starts
	// again and again must not get near them.
	mostIdentifies = 20
	// keptIdentifies are left over of the day's, for somebody to put things right.
	keptIdentifies = 20
	// mostAtOnce events are handled side by side; mostWaiting may wait for that.
	mostAtOnce  = 64
	mostWaiting = 20000
	// mostParts is how many messages one text may become: 200,000 characters.
	mostParts = 100
	// mostBody is the longest body of an interaction that is read.
	mostBody = 1 << 20
	// mostFrame is the longest frame the gateway may send.
	mostFrame = 16 << 20
	// mostAnswer is the longest answer of the API that is read.
	mostAnswer = 8 << 20
)

// times are the waits; tests make them short.
type times struct {
	deferAfter  time.Duration // an interaction must be answered within 3 s (receiving-and-responding): deferred before
	suggestFor  time.Duration // suggestions cannot be deferred: none are shown after this
	handleFor   time.Duration // how long a handler may take before its event is given up
	retryAfter  time.Duration // before a message whose handling failed is tried once more
	request     time.Duration // one request to the API
	hello       time.Duration // the first frame of a connection
	write       time.Duration // one frame to the gateway
	identifyGap time.Duration // events/gateway: one identify in 5 s for each of max_concurrency
	freshFrom   time.Duration // events/gateway: after op 9 a new session starts in 1 to 5 s
	freshTo     time.Duration
	settled     time.Duration // a connection that lived so long starts the waits anew
	waitFrom    time.Duration // between connections that fail
	waitTo      time.Duration
	drain       time.Duration // how long what was taken may still take when Run is asked to end
}

func usualTimes() times {
	return times{
		deferAfter: 1800 * time.Millisecond, suggestFor: 2500 * time.Millisecond, handleFor: 10 * time.Second, retryAfter: time.Second,
		request: 15 * time.Second, hello: 15 * time.Second, write: 5 * time.Second, identifyGap: 5 * time.Second,
		freshFrom: time.Second, freshTo: 5 * time.Second, settled: 30 * time.Second, waitFrom: time.Second, waitTo: time.Minute,
		drain: 8 * time.Second,
	}
}

// deadAfter is how many heartbeat intervals may pass without an answer to one: 61.9 s at Discord's 41.25 s.
const deadAfter = 1.5

// backoff is the wait before the next try, after so many in a row that failed: none after none, then growing, with a part
// by chance so that not all bots come back at once.
func (t times) backoff(fails int) time.Duration {
	if fails == 0 {
		return 0
	}
	wait := min(t.waitFrom<<min(fails-1, 16), t.waitTo)
	return wait/2 + rand.N(wait/2+1)
}
