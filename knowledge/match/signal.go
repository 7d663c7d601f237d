package match

// Signals are what speaks for a document, each 0 (nothing) to 1 (all).
type Signals [signalCount]float32

// The signals. The two of the gist are left out where there are vectors; the last three need them.
const (
	ByWords      = iota // share of the question's weight that the document's words explain
	ByNearest           // likeness of words to its nearest phrasing
	ByLetters           // likeness of letters
	ByApart             // likeness to its phrasings beyond that to those of the other likely documents: see apart.go
	ByGist              // likeness of gist to its likest phrasing: see gist.go
	ByCommonGist        // likeness of gist to all its phrasings together
	ByLikest            // likeness of meaning to its likest phrasing
	ByCentral           // likeness of meaning to all its phrasings together
	ByTypical           // likeness to it in the space where entries differ most
	signalCount
)
