package plain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// checkMarks finds exclamation marks, one finding for a sentence, and emoji, one for a run of them.
func (v *visit) checkMarks(s sentence) {
	piece := v.text[s.start:s.end]
	if strings.ContainsRune(withoutLinks(v.text, s), '!') {
		v.add("shouting", `An exclamation mark can sound like shouting. Use a full stop in place of "!".`, piece)
	}
	for i := 0; i < len(piece); {
		n := emojiLen(piece[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(piece[i:])
			i += n
			continue
		}
		says := fmt.Sprintf("Take out %s. An emoji is hard to follow for people who have the text read aloud.", piece[i:i+n])
		v.add("emoji", says, piece[i:i+n])
		i += n
	}
}

// withoutLinks is a sentence without the addresses in it, where "!" has another meaning.
func withoutLinks(text string, s sentence) string {
	start, b := s.start, strings.Builder{}
	for _, t := range s.tokens {
		if t.kind == link {
			b.WriteString(text[start:t.start])
			start = t.end
		}
	}
	if start == s.start {
		return text[s.start:s.end]
	}
	b.WriteString(text[start:s.end])
	return b.String()
}

// emojiLen is the length of the emoji that s starts with, or 0.
func emojiLen(s string) int {
	n, found := 0, false
	for _, r := range s {
		switch {
		case isEmoji(r):
			found = true
		case !isEmojiPart(r) || n == 0:
			return n
		}
		n += utf8.RuneLen(r)
	}
	if !found {
		return 0
	}
	return n
}

// isEmoji knows the blocks of pictures of Unicode 16. Arrows, trade marks and ticks of plain fonts are not among them.
func isEmoji(r rune) bool {
	switch {
	case r < 0x2300:
		return false
	case 0x1F000 <= r && r <= 0x1FAFF, 0x2600 <= r && r <= 0x26FF, 0x2728 <= r && r <= 0x27BF:
		return true
	case 0x2700 <= r && r <= 0x2716:
		return r != 0x2713 && r != 0x2715
	}
	return strings.ContainsRune("⌚⌛⏩⏪⏫⏬⏭⏮⏯⏰⏱⏲⏳⏸⏹⏺⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙", r) || r == 0x20E3
}

// isEmojiPart: what joins or colours emoji.
func isEmojiPart(r rune) bool {
	return r == 0x200D || r == 0xFE0F || r == 0x20E3 || 0xE0020 <= r && r <= 0xE007F
}
