package screen

import "bytes"

// passwordCue begins a pattern for a typed secret.
const passwordCue = `\b(?:password|passwrd|pasword|passwd|pword|pwd|pw|p/w|pass ?code|passphrase|pass|pin|pin ?code|memorable word|account secret|log ?in|login)s?\b`

var passwordCues = []string{"pass", "pasword", "pwd", "pword", "pw", "p/w", "pin", "memorable", "secret", "log"}

// notSecrets are words that follow "password is" or "pin:" without being one.
var notSecrets = wordSet(`wrong incorrect invalid expired expiring expires not now the a an my your our their his her too being
	about correct right ok okay fine working work works locked blocked reset resetting required needed due still always never going gone changing
	changed saved stored shared same different unknown forgotten forgot forget lost missing blank empty greyed grayed shown showing
	in on at for to from case asking asked rejected refused accepted old new weak strong set stuck broken default sent taken used
	there here this that it what where how why who when which written wont doesnt isnt only just because but and or so if after before
	up out over long short hidden visible typed entered different needing help please pls plz hi reset? access account accounts able log login
	me us you them be get make keep both all none no yes something anything everything someone staff again soon today tomorrow
	yesterday dead down disabled enabled off unlock unlocked protected protect encrypted compromised leaked stolen secure safe
	apparently suddenly constantly simple complicated hard easy impossible ridiculous common known public private personal one two three
	password pin username email mine yours hers ours theirs change open outlook teams windows nhsmail smartcard esr system systems i we he she they do does
	can cant could would should will was were has have had with without by of as like than then through into every`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range bytes.Fields([]byte(words)) {
		set[string(w)] = true
	}
	return set
}

// bare cuts the quotes and the sentence's punctuation off a word.
func bare(word []byte) []byte { return bytes.Trim(word, `"'.,?!;:()`) }

// secretAfterColon: "pw: anything" is a secret unless the word is plainly not one.
func secretAfterColon(f *folded, from, to int) bool {
	word := bare(f.text[from:to])
	if len(word) == 0 || notSecrets[string(word)] {
		return false
	}
	return !cueIsLogin(f, from) || looksSecret(f, from, to)
}

// secretAfterIs: "password is summer" is one when it looks like a secret, is quoted, or is a last word that no
// ordinary sentence ends in.
func secretAfterIs(f *folded, from, to int) bool {
	if looksSecret(f, from, to) || f.text[from] == '"' || f.text[from] == '\'' {
		return true
	}
	word := bare(f.text[from:to])
	if len(word) < 4 || notSecrets[string(word)] || ordinaryEnding(word) || cueIsLogin(f, from) {
		return false
	}
	before := bytes.TrimRight(f.text[:from], " ")
	if !bytes.HasSuffix(before, []byte(" is")) && !bytes.HasSuffix(before, []byte(" was")) {
		return false
	}
	rest := bytes.TrimSpace(f.text[to:])
	return len(rest) == 0 || bytes.HasPrefix(rest, []byte("and ")) || bytes.HasPrefix(rest, []byte("but "))
}

func ordinaryEnding(word []byte) bool {
	for _, end := range []string{"ing", "ed", "ly", "able", "ible", "ful", "less"} {
		if bytes.HasSuffix(word, []byte(end)) {
			return true
		}
	}
	return false
}

// looksSecret: letters with digits or signs among them, six characters or more, or four digits or more after a PIN.
func looksSecret(f *folded, from, to int) bool {
	word := bare(f.text[from:to])
	letters, digits, signs, capitals := 0, 0, 0, 0
	for i, b := range word {
		switch {
		case b >= 'a' && b <= 'z':
			letters++
			if i > 0 && f.capital[from+i] {
				capitals++
			}
		case b >= '0' && b <= '9':
			digits++
		case bytes.IndexByte([]byte(`!$%^*_+#@~&?`), b) >= 0:
			signs++
		}
	}
	ended := f.text[to-1] == '!' && letters > 0 && digits > 0
	if digits == 0 && signs == 0 {
		return letters >= 6 && capitals >= 1 && capitals < letters-1 && !ordinaryEnding(word)
	}
	if letters == 0 {
		return digits >= 4 && signs == 0 && onlyDigits(string(word)) && notOtherwise(f, from, to)
	}
	return len(word) >= 6 && (digits > 0 || signs > 0) && !isUnit(word) || ended
}

// isUnit keeps "12characters", "90days" and the like apart from secrets.
func isUnit(word []byte) bool {
	rest := bytes.TrimLeft(word, "0123456789-")
	return len(rest) < len(word) && (bytes.HasPrefix(rest, []byte("char")) || bytes.HasPrefix(rest, []byte("day")) ||
		bytes.HasPrefix(rest, []byte("digit")) || bytes.HasPrefix(rest, []byte("min")) || bytes.HasPrefix(rest, []byte("hour")))
}

// cueIsLogin: "login" is a weaker cue than "password".
func cueIsLogin(f *folded, from int) bool {
	before := bytes.Fields(f.text[max(0, from-40):from])
	for i := len(before) - 1; i >= 0; i-- {
		if bytes.HasPrefix(before[i], []byte("pass")) || bytes.HasPrefix(before[i], []byte("pw")) || bytes.HasPrefix(before[i], []byte("pin")) {
			return false
		}
		if bytes.HasPrefix(before[i], []byte("log")) {
			return true
		}
	}
	return false
}
