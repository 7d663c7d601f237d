// Package escalation decides about a question that goes to a champion: who is asked, who has it, who is told what and
// when. A question that got here is never dropped.
//
// Start from [Book]. It reads what is known and decides; it writes nothing and makes no words:
//
//	ask       Preview, to show who reads it and when to expect an answer; then Ask
//	press     Act with the Kind of the button: Claim, Decline, Pass, AskBack, Answer, Note, Link, Snooze, Close; Cancel,
//	          Sorted, Helped, NotHelped, Reopen, Reveal, Unfollow. Where is the channel of the button, Name what people
//	          may call whoever pressed
//	say       the case of a message is CaseOf the key of the post it answers, or among OfAsker and Queue; SaysAs tells
//	          whether it is a Reply or an Answer. Ref is the message's reference: Edit and Delete find it by that
//	come due  CameDue, for every chat.Due whose What is DueWhat
//	leave     Gone (the network), Leave (no champion any more), Forget (erased), Back; within the transaction itself
//	champion  Join, Approve, Pause, Resume, OnWard, AddLeave, Practise, Near, Record, UsualLoad
//	wait      Wait, AllWaiting, TellWaiting, StopWaiting: people who want to know when an answer is there
//
// Each decision is a [Change]. Save it in the transaction that posts its effects; on ErrStale somebody else was first: read
// and decide again ([Book.Commit] does all of this). Of the effects, a [Tell] becomes a chat.Post, or, for ToActor, the
// reply; a [Due] goes to the desk as it is; a [Credit] is written by Save. An error that stands in [ErrorWords] is told to
// the person in those words; it has changed nothing.
//
// What a Tell says is a key of bot/words/escalation.txt; [Given] fills it in, and its Can are buttons with [Labels]. Past
// is what was said before, to be shown below a card. Text must be masked before it gets here, and a question that was
// stopped never gets here.
//
// Beneath Book everything is pure: [Case.Do] is the state machine, [Team.Route] the search for somebody, [Hours] the
// arithmetic of working time. The promises they keep, and that random sequences in the tests try to break:
//
//   - a case that is not closed has a due step, and, once claimed, one holder;
//   - what an asker says goes to the holder alone, what a champion says to those who asked;
//   - of an asker without a name nothing goes to the champions' side but role and place; the asker's address never does;
//   - nobody is told anything outside hours, but whoever did something the reply to it, and the asker what somebody did
//     for them; an edit of a card is no message;
//   - nothing goes to somebody who left, and no post is made twice.
package escalation
