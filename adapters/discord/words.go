package discord

// All that this adapter says of its own accord, to people. It is plain, kind, and says what to do next; whatever else is
// said comes with a turn.
const (
	saysTryAgain     = "Sorry, that did not work just now. Please try again in a minute."
	saysDone         = "Done."
	saysNotHere      = "I am not set up for this server. Please write to me in a direct message instead."
	saysNotThis      = "I do not answer in this channel. Please use %s, or write to me in a direct message."
	saysAnother      = "another channel"
	saysFormGone     = "That form is no longer open, and I have not kept what was in it. Please start again."
	saysNotYours     = "This form is for somebody else. Please start your own."
	saysPickFirst    = "Please pick an answer for \u201c%s\u201d first."
	saysStep         = "Part %d of %d is filled in. Please go on to the next part."
	saysOpenForm     = "Please press the button to fill in the form: %s."
	saysPutRight     = "Please put this right, then send the form again."
	saysCut          = "(The rest does not fit into a Discord message.)"
	saysNoFile       = "(A file belongs to this message. I could not send it here.)"
	labelOpen        = "Open the form"
	labelChange      = "Change my answers"
	labelContinue    = "Continue"
	labelPick        = "Pick one"
	labelNoName      = "Open"
	threadName       = "Answer"
	summaryOfCommand = "Find help"
)
