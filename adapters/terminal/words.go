package terminal

// This file holds the adapter's few own sentences; everything else a person reads comes in the Turn. Their tone: plain,
// short and kind, in UK English. Say what to do next, never whose mistake it was. No exclamation marks, no blame, no
// technical words, and nothing that only makes sense to somebody who can see colours.
const (
	prompt  = "> "
	goodbye = "Goodbye."
	sorry   = "Something went wrong on my side. Please try that again."

	typeNumber   = "Type a number, or another question."
	noSuchNumber = "That number is not in the list. Type one of the numbers shown, or say it in words."

	savedAs    = "The file is saved as "
	notSaved   = "There is a file with this, but I could not save it here: "
	withFile   = "With this comes a file: "
	noSuchFile = "I could not find a file there: "
	notRead    = "I could not read that file: "

	changedOne = "An earlier message has changed. It began: "
	changedAny = "An earlier message has changed. It now says:"
)

// Words of the forms.
const (
	wordBack   = "back"
	wordCancel = "cancel"
	wordEmpty  = "-"

	formHelp    = `Type "back" for the question before, or "cancel" to leave.`
	formAgain   = "Please have another look at this."
	formLeft    = "You have left this form. Nothing was sent."
	formStill   = "You are still filling in: "
	formFirst   = "This is the first question."
	formConfirm = `Press Enter to send this, or type "cancel" to leave.`
	formNeeded  = "This one is needed. Please type an answer."
	formChoose  = "Please type one of the numbers shown."
	formNothing = "I found nothing for that. Please try other words."
	formTooLong = "That is a little too long: it can have %d characters, and yours has %d."

	optional      = " (optional)"
	enterKeeps    = "Press Enter to keep this."
	enterSkips    = "Press Enter to skip this."
	dashEmpties   = `Type "-" to leave it empty.`
	endsWithEmpty = "Finish with an empty line."
	pickNumber    = "Type a number."
	lookUp        = "Type a word or two to look it up."
	lookAgain     = "Type a number, or other words to look again."
)
