package encoder

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many characters a word may have; a longer one is [UNK] as a whole.
const maxWord = 100

// A tokenizer cuts a text as BERT's does for uncased models: first into words, by spaces, around punctuation and Chinese
// characters, without case and accents; then each word into the longest pieces that the vocabulary knows, from the left
// (WordPiece). It follows tokenizer.json of the published weights, except that special tokens are not read from the text.
type tokenizer struct {
	starts           map[string]int32 // pieces that begin a word
	rests            map[string]int32 // pieces that go on with it, without their "##"
	longest          int              // bytes of the longest piece
	start, end, none int32            // [CLS], [SEP], [UNK]
}

// newTokenizer takes the vocabulary in the order of its ids.
func newTokenizer(vocabulary []string) (*tokenizer, error) {
	t := &tokenizer{starts: make(map[string]int32, len(vocabulary)), rests: make(map[string]int32, len(vocabulary)/4)}
	for id, piece := range vocabulary {
		rest, ok := strings.CutPrefix(piece, "##")
		if ok && rest != "" {
			t.rests[rest] = int32(id)
		} else {
			t.starts[piece] = int32(id)
		}
		t.longest = max(t.longest, len(piece))
	}
	for name, id := range map[string]*int32{"[CLS]": &t.start, "[SEP]": &t.end, "[UNK]": &t.none} {
		var ok bool
		if *id, ok = t.starts[name]; !ok {
			return nil, fmt.Errorf("vocabulary has no %s", name)
		}
	}
	return t, nil
}

// A cutter goes through a text once. It keeps its room for the next text. A chunk is what stands between two spaces; accents
// can be taken off it without a look at its neighbours.
type cutter struct {
	*tokenizer
	ids    []int32
	limit  int // of ids, with room left for [SEP]
	chunk  []byte
	accent bool   // chunk is not all ASCII
	apart  []byte // chunk with letters and accents apart
	word   []byte
}

// cut appends the ids of a text, no more than maxTokens of them.
func (c *cutter) cut(t *tokenizer, ids []int32, text string) []int32 {
	c.tokenizer, c.ids, c.limit = t, append(ids, t.start), len(ids)+maxTokens-1
	for _, r := range text {
		if len(c.ids) >= c.limit {
			break
		}
		c.read(r)
	}
	c.endChunk()
	ids = append(c.ids[:min(len(c.ids), c.limit)], t.end)
	c.ids = nil
	return ids
}

// read takes the next character: cleans it, and ends the chunk where it is a space.
func (c *cutter) read(r rune) {
	switch {
	case r > ' ' && r < 0x7f:
		c.chunk = append(c.chunk, byte(r))
	case r == ' ' || r == '\t' || r == '\n' || r == '\r':
		c.endChunk()
	case r == utf8.RuneError || isOther(r):
		// Left out, and does not end a word.
	case unicode.IsSpace(r):
		c.endChunk()
	case isChinese(r):
		c.endChunk()
		c.add(r)
		c.endChunk()
	default:
		c.add(r)
	}
}

func (c *cutter) add(r rune) {
	c.chunk = utf8.AppendRune(c.chunk, r)
	c.accent = true
}

// endChunk takes accents and case off the chunk and cuts it around punctuation.
func (c *cutter) endChunk() {
	chunk := c.chunk
	if c.accent {
		c.apart = norm.NFD.Append(c.apart[:0], chunk...)
		chunk = c.apart
	}
	for len(chunk) > 0 && len(c.ids) < c.limit {
		r, size := utf8.DecodeRune(chunk)
		chunk = chunk[size:]
		switch {
		case unicode.Is(unicode.Mn, r):
		case isPunctuation(r):
			c.endWord()
			c.letter(r)
			c.endWord()
		default:
			c.letter(r)
		}
	}
	c.endWord()
	c.chunk, c.accent = c.chunk[:0], false
}

func (c *cutter) letter(r rune) {
	c.word = utf8.AppendRune(c.word, unicode.ToLower(r))
}

// endWord appends the ids of the word's pieces, or [UNK] if there is a part that no piece fits.
func (c *cutter) endWord() {
	word := c.word
	c.word = c.word[:0]
	if len(word) == 0 {
		return
	}
	if len(word) > maxWord && utf8.RuneCount(word) > maxWord {
		c.ids = append(c.ids, c.none)
		return
	}
	before := len(c.ids)
	for pieces := c.starts; len(word) > 0; pieces = c.rests {
		id, size := c.piece(pieces, word)
		if size == 0 {
			c.ids = append(c.ids[:before], c.none)
			return
		}
		c.ids = append(c.ids, id)
		word = word[size:]
	}
}

// piece finds the longest piece that word begins with; size is 0 if there is none. A piece may not end within a
// character, and cannot, as the vocabulary is made of whole ones.
func (t *tokenizer) piece(pieces map[string]int32, word []byte) (id int32, size int) {
	for size := min(len(word), t.longest); size > 0; size-- {
		if id, ok := pieces[string(word[:size])]; ok {
			return id, size
		}
	}
	return 0, 0
}

// isOther tells control and format characters, and what Unicode leaves to private use or has not assigned.
func isOther(r rune) bool { return unicode.Is(unicode.C, r) }

// isPunctuation takes all of ASCII but letters, digits and spaces for punctuation, as BERT does: also $ + < ^ ` | ~.
func isPunctuation(r rune) bool {
	if r < 0x80 {
		return r > ' ' && r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0x7f
	}
	return unicode.IsPunct(r)
}

// isChinese tells the CJK ideographs, each of which is a word. Hangul and kana are not among them.
func isChinese(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r >= 0x20000 && r <= 0x2a6df ||
		r >= 0x2a700 && r <= 0x2b73f || r >= 0x2b740 && r <= 0x2b81f || r >= 0x2b820 && r <= 0x2ceaf ||
		r >= 0xf900 && r <= 0xfaff || r >= 0x2f800 && r <= 0x2fa1f
}
