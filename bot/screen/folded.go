package screen

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPasses bounds how often the detectors look again after something was masked, so that what one mask uncovers (a
// label now beside another number) is masked too.
const maxPasses = 12

// hidden stands in the folded text for what is masked already. No detector's pattern crosses it.
const hidden = '\x02'

// placeholders are the bracketed words, in the order detectors are listed in mask.go.
var placeholders = [...]struct {
	of   Identifier
	word string
}{
	{NHSNumber, "[NHS number]"}, {DateOfBirth, "[date of birth]"}, {Phone, "[phone number]"}, {Email, "[email address]"},
	{Address, "[address]"}, {Password, "[password]"}, {HospitalNumber, "[hospital number]"}, {NINumber, "[NI number]"},
	{StaffPIN, "[registration number]"}, {SmartcardUUID, "[smartcard number]"}, {PatientName, "[patient name]"},
}

// found is one identifier between two bytes of the folded text.
type found struct {
	of       Identifier
	from, to int
	already  bool // it was a bracketed word when it came
}

// folded is a message in plain lower-case ASCII, one byte a character, so that patterns need not know about unicode
// digits, dashes and spaces. at says where each byte begins in the original.
type folded struct {
	original string
	text     []byte
	capital  []bool
	at       []int
	hits     []found
	digits   bool
}

func newFolded(text string) *folded {
	f := &folded{original: text, text: make([]byte, 0, len(text)), at: make([]int, 0, len(text)+1),
		capital: make([]bool, 0, len(text))}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if b, ok := fold(r); ok {
			f.text = append(f.text, b)
			f.at = append(f.at, i)
			f.capital = append(f.capital, unicode.IsUpper(r))
			f.digits = f.digits || b >= '0' && b <= '9'
		}
		i += size
	}
	f.at = append(f.at, len(text))
	for _, p := range placeholders {
		f.hidePlaceholder(p.of, p.word)
	}
	return f
}

func (f *folded) hidePlaceholder(of Identifier, word string) {
	if !strings.Contains(f.original, word) {
		return
	}
	for i := 0; i < len(f.original); {
		k := strings.Index(f.original[i:], word)
		if k < 0 {
			return
		}
		from := sort.SearchInts(f.at, i+k)
		i += k + len(word)
		f.hide(found{of, from, sort.SearchInts(f.at, i), true})
	}
}

// hide records a hit and takes it out of the folded text. What overlaps an earlier hit is left alone.
func (f *folded) hide(h found) {
	for i := h.from; i < h.to; i++ {
		if f.text[i] == hidden {
			return
		}
	}
	for i := h.from; i < h.to; i++ {
		f.text[i] = hidden
	}
	f.hits = append(f.hits, h)
}

// masked puts the bracketed words into the original.
func (f *folded) masked() Masked {
	if len(f.hits) == 0 {
		return Masked{Text: f.original}
	}
	sort.Slice(f.hits, func(i, j int) bool { return f.hits[i].from < f.hits[j].from })
	var out strings.Builder
	var m Masked
	last := 0
	seen := map[Identifier]bool{}
	for _, h := range f.hits {
		out.WriteString(f.original[last:f.at[h.from]])
		out.WriteString(wordFor(h.of))
		last = f.end(h.to)
		if !seen[h.of] {
			seen[h.of] = true
			m.Found = append(m.Found, h.of)
		}
	}
	out.WriteString(f.original[last:])
	m.Text = out.String()
	return m
}

// end is where the original goes on behind folded byte to: right behind the character before it.
func (f *folded) end(to int) int {
	start := f.at[to-1]
	_, size := utf8.DecodeRuneInString(f.original[start:])
	return start + size
}

func wordFor(of Identifier) string {
	for _, p := range placeholders {
		if p.of == of {
			return p.word
		}
	}
	return ""
}

// fold maps a character to the ASCII byte the patterns know it by; false if it has no width (a soft hyphen, a
// zero-width space) and would only hide a number.
func fold(r rune) (byte, bool) {
	switch {
	case r == hidden:
		return '\x01', true
	case r < utf8.RuneSelf:
		return lower(byte(r)), true
	case r >= 0xFF01 && r <= 0xFF5E: // full-width forms of ASCII
		return lower(byte(r - 0xFEE0)), true
	case unicode.Is(unicode.Nd, r):
		return '0' + byte(digitValue(r)), true
	case unicode.Is(unicode.Pd, r) || r == '−' || r == '⁃':
		return '-', true
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
		return 0, false
	case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
		return ' ', true
	case isApostrophe(r):
		return '\'', true
	case r == '“' || r == '”':
		return '"', true
	case unicode.IsLetter(r):
		return 'a', true
	}
	return '\x01', true
}

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// digitValue is the value of a unicode decimal digit: they come in runs of ten, zero first. Only the mathematical digits
// have several runs without a gap.
func digitValue(r rune) int {
	if r >= 0x1D7CE && r <= 0x1D7FF {
		return int(r-0x1D7CE) % 10
	}
	n := 0
	for n < 9 && unicode.Is(unicode.Nd, r-1) {
		r--
		n++
	}
	return n
}
