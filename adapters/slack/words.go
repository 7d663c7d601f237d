package slack

// This file holds the adapter's few own sentences; everything else a person reads comes in the Turn. Their tone: plain,
// short and kind, in UK English. Say what to do next, never whose mistake it was. No exclamation marks, no blame, no
// technical words.
const (
	sorry        = "Something went wrong on my side. Please try that again in a moment."
	sorrySent    = "That was not sent: something went wrong on my side. Please send it again in a moment."
	pressAgain   = "The form did not open in time. Please press the button again."
	fileNotHere  = "There is a file with this (%s), but files cannot be sent here."
	fileNotSent  = "The file (%s) could not be sent. Please ask for it again later."
	openIt       = "Open the form"
	formGone     = "I no longer have that form. Please type your message again."
	pickOne      = "Choose one"
	typeToSearch = "Type a word or two"
	closeForm    = "Cancel"
	sendForm     = "Send"
	lookHere     = "Please have another look at this."
	restBelow    = "There is more than fits here. Please ask me in a message for the rest."
	unnamed      = "Open"
	someone      = "@someone"
	someGroup    = "@a group"
	someChannel  = "#a channel"
	typeHelp     = "help" // what an empty command asks for
	emptyMessage = "(no text)"
)
