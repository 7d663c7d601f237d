package discord

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// A message's history does not give back the nonce it was sent with ("lost if re-fetched", as discord.js says), so a post
// carries its key in another way that survives a restart: after the text come a space and twenty characters without
// width, which no screen shows and no reader speaks. They say a hash of the post's key and which of its messages this is.
// Four characters stand for two bits each.

var markDigits = []rune{'\u200b', '\u200c', '\u200d', '\u2060'}

// markLength is the units that a mark adds to a text.
const markLength = 21

// mark is what the i-th of a post's messages ends with; last says that no more follow.
func mark(key string, i int, last bool) string {
	sum := sha256.Sum256([]byte(key))
	place := byte(min(i, 127)) << 1
	if last {
		place |= 1
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, eight := range append(sum[:4:4], place) {
		for shift := 6; shift >= 0; shift -= 2 {
			b.WriteRune(markDigits[eight>>shift&3])
		}
	}
	return b.String()
}

// splitMark takes the mark off a text: who is the post it belongs to, i which of its messages.
func splitMark(content string) (text, who string, i int, last bool) {
	var eights []byte
	rest := []rune(content)
	if len(rest) < markLength || rest[len(rest)-markLength] != ' ' {
		return content, "", 0, false
	}
	for at, r := range rest[len(rest)-markLength+1:] {
		digit := strings.IndexRune(string(markDigits), r) / len("\u200b")
		if !strings.ContainsRune(string(markDigits), r) {
			return content, "", 0, false
		}
		if at%4 == 0 {
			eights = append(eights, 0)
		}
		eights[len(eights)-1] = eights[len(eights)-1]<<2 | byte(digit)
	}
	return string(rest[:len(rest)-markLength]), hex.EncodeToString(eights[:4]), int(eights[4] >> 1), eights[4]&1 == 1
}

// whose is what splitMark says for messages of the post with this key.
func whose(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:4])
}

// nonce is the same for the same message of the same post, so that Discord gives back the first where it is sent twice
// within a few minutes.
func nonce(key string, i int) string {
	sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(i)))
	return hex.EncodeToString(sum[:])[:longestNonce-1]
}
