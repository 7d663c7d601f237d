package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDamageLeavesAlone(t *testing.T) {
	for _, c := range []struct {
		name, text string
		chance     float64
	}{
		{"everything without a chance", "where are the rosters", 0},
		{"words of less than four letters", "how do i get in to my app, and is it ok? 12345 (a-b)", 1},
		{"nothing", "", 1},
		{"spaces and signs", "  ?!  \n\t 🙂 ", 1},
	} {
		if got := (damage{c.chance, 1}).to(c.text); got != c.text {
			t.Errorf("%s: %q became %q", c.name, c.text, got)
		}
	}
}

// TestDamageIsOneEdit damages every word, with many seeds: each must be one edit away, and every kind of edit must occur.
func TestDamageIsOneEdit(t *testing.T) {
	kinds := map[int]int{}
	for _, word := range []string{"roster", "aaaa", "café", "shift", "Username"} {
		for seed := range uint64(200) {
			got := damage{1, seed}.to(word)
			if got == word || !oneEdit([]rune(word), []rune(got)) {
				t.Fatalf("%q became %q, which is not one edit", word, got)
			}
			kinds[len([]rune(got))-len([]rune(word))]++
		}
	}
	// Swaps and replacements keep the length, and are half of all.
	for change, least := range map[int]int{-1: 200, 0: 400, 1: 200} {
		if kinds[change] < least {
			t.Errorf("of 1,000 words %d changed their length by %d, want at least %d", kinds[change], change, least)
		}
	}
}

// oneEdit reports whether b is a with two neighbours swapped, or a letter dropped, put in or replaced.
func oneEdit(a, b []rune) bool {
	for i := 0; i <= len(a); i++ {
		if i < len(a) && slices.Equal(slices.Delete(slices.Clone(a), i, i+1), b) {
			return true
		}
		if i < len(b) && slices.Equal(slices.Delete(slices.Clone(b), i, i+1), a) {
			return true
		}
		if i < len(a) && i < len(b) && len(a) == len(b) {
			same := slices.Clone(a)
			same[i] = b[i]
			if slices.Equal(same, b) {
				return true
			}
		}
		if i+1 < len(a) {
			swapped := slices.Clone(a)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			if slices.Equal(swapped, b) {
				return true
			}
		}
	}
	return false
}

func TestDamageGoesBySeedAndChance(t *testing.T) {
	text := strings.Repeat("where could rosters stand ", 250) // 1,000 words
	first := damage{0.3, 1}.to(text)
	if again := (damage{0.3, 1}).to(text); again != first {
		t.Error("the same seed gave other errors")
	}
	if other := (damage{0.3, 2}).to(text); other == first {
		t.Error("another seed gave the same errors")
	}
	changed := 0
	words, was := strings.Fields(first), strings.Fields(text)
	for i, word := range words {
		if word != was[i] {
			changed++
		}
	}
	if changed < 240 || changed > 360 || len(words) != len(was) {
		t.Errorf("of 1,000 words %d changed, want about 300", changed)
	}
}
