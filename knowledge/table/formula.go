package table

import "strings"

// dangerous are the signs with which a cell begins that a spreadsheet would run as a formula (OWASP ASVS 5, 1.2.10).
const dangerous = "=+-@\t\r\x00"

// neutral puts an apostrophe before a cell that a spreadsheet would run; and before one that looks as if it had got one, so
// that taking it off again gives the very same text.
func neutral(cell string) string {
	if runs(cell) {
		return "'" + cell
	}
	return cell
}

// asWritten takes the apostrophe off again.
func asWritten(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(rest) {
		return rest
	}
	return cell
}

func runs(cell string) bool {
	bare := strings.TrimLeft(cell, "'")
	return bare != "" && strings.IndexByte(dangerous, bare[0]) >= 0
}
