package terminal

import (
	"io"

	"golang.org/x/term"
)

func (t *Terminal) edit(editor *term.Terminal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.editor = editor
}

// fit tells the line editor how wide the terminal is now.
func (t *Terminal) fit() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if width, height, err := term.GetSize(t.outFd); t.editor != nil && err == nil && width > 0 {
		t.editor.SetSize(width, height)
	}
}

// print puts a sheet on the screen, an empty line after it.
func (t *Terminal) print(text sheet) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.config.Out
	if t.editor != nil {
		out = t.editor
	}
	if shown := text.render(t.width(), t.bold); shown != "" {
		_, t.broken = io.WriteString(out, shown+"\n\n")
	}
	return t.broken
}

func (t *Terminal) brokenPrint() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.broken
}

// width is the columns to wrap to, or 0.
func (t *Terminal) width() int {
	width := t.config.Width
	if width <= 0 && t.real {
		width = 80
		if asked, _, err := term.GetSize(t.outFd); err == nil && asked > 0 {
			width = asked
		}
	}
	return min(width, mostColumns)
}
