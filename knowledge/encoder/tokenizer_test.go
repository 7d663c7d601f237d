package encoder

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func tinyTokenizer(t testing.TB) *tokenizer {
	t.Helper()
	tok, err := newTokenizer(tinyVocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// pieces spells out ids without [CLS] and [SEP].
func pieces(ids []int32) string {
	var out []string
	for _, id := range ids[1 : len(ids)-1] {
		out = append(out, tinyVocabulary[id])
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"spaces only", " \t\r\n\u00a0\u3000", ""},
		{"case", "Reset MY", "reset my"},
		{"longest piece first", "password passwords", "pass ##word pass ##word ##s"},
		{"longest piece in the middle", "logins loginsin", "log ##ins log ##ins ##in"},
		{"no pieces for a part", "passx xpass", "[UNK] [UNK]"},
		{"a piece that only goes on", "word", "[UNK]"},
		{"punctuation", "e-mail?my", "e - mail ? my"},
		{"apostrophe", "my's", "my ' s"},
		{"accents joined", "café CAFÉ", "cafe cafe"},
		{"accents apart", "cafe\u0301", "cafe"},
		{"accent alone", "\u0301 my", "my"},
		{"capital I with dot", "İ", "i"},
		{"Chinese", "中文my中", "中 文 my 中"},
		{"emoji apart", "ok 😀", "ok [UNK]"},
		{"emoji joined", "ok😀", "[UNK]"},
		{"control characters", "re\x00se\x7ft\u200b m\u00ady", "reset my"},
		{"not UTF-8", "re\xffset\xc3 my", "reset my"},
		{"special tokens", "[SEP] [UNK]", "[ sep ] [ [UNK] ]"},
		{"number signs", "##s", "# # s"},
		{"word of 100", strings.Repeat("a", 100), "a" + strings.Repeat(" ##a", 99)},
		{"word of 101", strings.Repeat("a", 101) + " my", "[UNK] my"},
		{"word of 100 accents", strings.Repeat("á", 100), "a" + strings.Repeat(" ##a", 99)},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cut cutter
			if got := pieces(cut.cut(tinyTokenizer(t), nil, c.text)); got != c.want {
				t.Errorf("%q gives %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestTokensAreCutOff(t *testing.T) {
	tok := tinyTokenizer(t)
	for _, text := range []string{
		strings.Repeat("my ", 300), strings.Repeat("?", 300), strings.Repeat("中", 300),
		strings.Repeat("my ", 253) + "passwords", strings.Repeat("password ", 10_000),
	} {
		var c cutter
		ids := c.cut(tok, []int32{9, 9, 9}, text)[3:]
		if len(ids) != maxTokens || ids[0] != tok.start || ids[maxTokens-1] != tok.end {
			t.Errorf("%.12q: %d tokens, first %d, last %d", text, len(ids), ids[0], ids[len(ids)-1])
		}
	}
}

func TestVocabularyWithoutSpecialTokens(t *testing.T) {
	if _, err := newTokenizer([]string{"[CLS]", "[SEP]"}); err == nil {
		t.Error("no error without [UNK]")
	}
}

func FuzzTokens(f *testing.F) {
	for _, text := range someTexts {
		f.Add(text)
	}
	f.Add("İ\u0301\u0316\ud7a3가\U0002f800 e-mail's [CLS]\u200d")
	tok := tinyTokenizer(f)
	f.Fuzz(func(t *testing.T, text string) {
		var c cutter
		ids := c.cut(tok, nil, text)
		if len(ids) < 2 || len(ids) > maxTokens || ids[0] != tok.start || ids[len(ids)-1] != tok.end {
			t.Fatalf("tokens %v", ids)
		}
		for _, id := range ids[1 : len(ids)-1] {
			if id < 0 || int(id) >= len(tinyVocabulary) || id == tok.start || id == tok.end {
				t.Fatalf("token %d", id)
			}
		}
		if again := c.cut(tok, nil, text); !slices.Equal(ids, again) {
			t.Fatalf("tokens %v, then %v", ids, again)
		}
		if utf8.RuneCountInString(text) < 50 {
			if spaced := c.cut(tok, nil, " "+text+"\n"); !slices.Equal(ids, spaced) {
				t.Fatalf("tokens %v, between spaces %v", ids, spaced)
			}
		}
	})
}
