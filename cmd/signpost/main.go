// Command signpost is the whole of Signpost in one program: the chat in a terminal, and what scripts and curators need.
//
// Each command is one file here: it reads its flags, opens the base, and calls what does the work.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitFailure = 1 // it could not be done
	exitUsage   = 2 // it was asked wrongly
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], &app{streams: streams{os.Stdin, os.Stdout, os.Stderr}}))
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, app *app) int {
	root := rootCommand(app)
	root.SetArgs(args)
	root.SetIn(app.in)
	root.SetOut(app.out)
	root.SetErr(app.err)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFindings):
		return exitFailure
	case errors.As(err, &usage) || isCobraUsage(err):
		fmt.Fprintf(app.err, "signpost: %s\nTry signpost --help, or --help after the command.\n", plainly(err))
		return exitUsage
	}
	fmt.Fprintf(app.err, "signpost: %s\n", plainly(err))
	return exitFailure
}

func rootCommand(app *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "signpost",
		Short:         "Find answers about digital things in health and care, or the person who knows",
		Example:       "  signpost chat\n  signpost ask how do i see my shifts",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&app.file, "db", "signpost.db", "the `FILE` that holds everything; made from the starter base if it is not there")
	root.AddCommand(app.chatCommand(), app.askCommand(), app.evalCommand(), app.entryCommand(), app.placeCommand(), app.localCommand(), app.checkCommand(),
		app.fitCommand(), app.modelCommand(), app.doctorCommand(),
		app.serveCommand(), app.setupCommand(), app.personCommand(), app.settingCommand(), app.pauseCommand(), app.resumeCommand(),
		app.deskCommand(), app.auditCommand(), app.benchCommand(), app.slackCommand(), app.discordCommand(),
		app.importCommand(), app.exportCommand(), app.glossaryCommand(), app.gapsCommand(), app.reportsCommand(),
		app.championCommand(), app.escalationsCommand())
	return root
}

// A usageError is a command line that makes no sense.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s does not take %q", c.CommandPath(), args[0])
	}
	return nil
}

// isCobraUsage recognises the errors of the command library that have no type of their own.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "required flag", "accepts ", "requires at least"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}
