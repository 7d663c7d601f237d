package slack

import "time"

// This file holds every limit of Slack's that the adapter keeps, each with where it was read. "Seen" means that people
// met it though no page says it. Where Slack counts characters, so do we.

// Limits of messages and blocks, from https://docs.slack.dev/reference/block-kit/blocks unless another source is named.
const (
	maxBlocks      = 50    // in a message
	maxViewBlocks  = 100   // in a form or a home page
	maxSection     = 3000  // characters of a text object, https://docs.slack.dev/reference/block-kit/composition-objects/text-object
	maxHeader      = 150   // characters of a header
	maxNote        = 2000  // characters of one element of a context block; the text object would take 3,000
	maxBlockChars  = 12000 // characters of all blocks together; seen to fail with msg_blocks_too_long at about 13,200 (bolt-js issue 2509)
	maxText        = 4000  // characters of the text beside the blocks; longer text is split, https://docs.slack.dev/reference/methods/chat.postMessage
	maxActions     = 25    // elements of an actions block
	maxButton      = 75    // characters of a button's label and of an option
	maxValue       = 2000  // characters of a button's value
	maxOptionValue = 150   // characters of an option's value
	maxOptions     = 100   // options of a select
	maxID          = 255   // characters of an action_id, a block_id and a callback_id
	maxTitle       = 24    // characters of a form's title and of its buttons, https://docs.slack.dev/reference/views/modal-views
	maxLabel       = 2000  // characters of a field's label and of its hint
	maxInput       = 3000  // characters a person can type into one field
	maxMetadata    = 3000  // characters of private_metadata
	maxPrompts     = 4     // suggested prompts, https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts
	maxURL         = 3000  // characters of a link
)

// choicesAsButtons is how many choices are shown as buttons; more of them make a list to pick from. Slack sets no such
// limit: five buttons still fit on a telephone.
const choicesAsButtons = 5

// Limits of time.
const (
	// ackWithin: Slack waits 3 s for an answer to whatever it sends, then shows the person an error
	// (https://docs.slack.dev/apis/events-api/#responding). The rest is for the way back.
	ackWithin = 2200 * time.Millisecond
	// handleWithin is how long a Handler may take; the contract gives it two seconds.
	handleWithin = 2 * time.Second
	// callWithin bounds every call of Slack's Web API; one that takes longer may still have had its effect.
	callWithin = 10 * time.Second
)

// Limits of Socket Mode.
const (
	maxSockets = 10 // for one app, above it Slack closes with too_many_websockets (node-slack-sdk issue 1654)
	// maxAnswer is how many bytes an answer on a socket may have: one of 20 KB or more is dropped without a word, and so
	// is one in several frames (slack-go, socketmode.go).
	maxAnswer = 20*1024 - 256
)

// Limits of HTTP.
const maxRequest = 1 << 20 // bytes of one request; Slack's own are below 100 KB

// Pace is what Slack takes, https://docs.slack.dev/apis/web-api/rate-limits: about one message a second in one place with
// short bursts, and a limit for the whole workspace that is not published; Moveworks keeps to 525 a minute.
const (
	PlacePace   = 1.0 // messages a second in one place
	NetworkPace = 8.0 // messages a second in one workspace
)
