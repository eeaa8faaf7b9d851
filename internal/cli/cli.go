// Package cli is the command line: one file a command, which turns flags into a call and its outcome into an exit
// status.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/locale"
	"pendapa/internal/publish"
	"pendapa/internal/scaffold"
	"pendapa/internal/source"
)

// Exit statuses.
const (
	done         = 0
	badContent   = 1
	wrongUsage   = 2
	machineFails = 3
	interrupted  = 130 // 128 + SIGINT, as shells count
	terminated   = 143 // 128 + SIGTERM
)

// Streams are where a command writes: what it was asked for to Out, what it has to say about it to Err.
type Streams struct{ Out, Err io.Writer }

// Builtin are the files inside the binary.
type Builtin struct{ Layouts, Static fs.FS }

// app is what all commands share.
type app struct {
	streams Streams
	builtin Builtin
	dir     string      // the site's folder: -C
	lang    locale.Lang // of messages: --lang; empty: the site's
}

// Run runs the command that the arguments name and returns its exit status.
func Run(ctx context.Context, args []string, streams Streams, builtin Builtin) int {
	a := &app{streams: streams, builtin: builtin}
	root := &cobra.Command{
		Use:           "pendapa",
		Short:         "The public transparency portal of a smart city, from Markdown",
		Long:          "Pendapa turns Markdown about a city's quick wins, workshops and masterplan into a static\nwebsite that anyone can read, and publishes it whole or not at all.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetArgs(args)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.PersistentFlags().StringVarP(&a.dir, "dir", "C", ".", "the site's folder")
	root.PersistentFlags().Var(&language{&a.lang}, "lang", "the language of messages: id or en (default: the site's)")
	_ = root.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"id", "en"}, cobra.ShellCompDirectiveNoFileComp))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError{err, cmd.CommandPath()} })
	root.AddCommand(a.build(), a.serve(), a.check(), a.newPage(), a.init(), a.schema(), a.export(), a.verify(), a.key(), a.version(), a.man())
	return a.status(ctx, root.ExecuteContext(ctx))
}

// usageError is a mistake on the command line.
type usageError struct {
	error
	command string
}

// status turns a command's error into its exit status, and says what has not been said yet.
func (a *app) status(ctx context.Context, err error) int {
	var usage usageError
	var refused *publish.RefusedError
	var notWritten *scaffold.RefusedError
	switch {
	case err == nil:
		return done
	case ctx.Err() != nil:
		state := "the published portal is as it was"
		if errors.Is(err, errUnfinished) {
			state = "the published portal is whole, the old or the new one; the next build tidies up"
		}
		fmt.Fprintln(a.streams.Err, "pendapa: interrupted;", state)
		// signal.NotifyContext names the signal in the cause.
		if strings.Contains(fmt.Sprint(context.Cause(ctx)), syscall.SIGTERM.String()) {
			return terminated
		}
		return interrupted
	case errors.Is(err, build.ErrContent), errors.Is(err, errNotProved):
		return badContent
	case errors.Is(err, errNotWritten):
		return machineFails
	case errors.As(err, &refused):
		fmt.Fprintf(a.streams.Err, "pendapa: %s\n   %s\n", refused.Reason, refused.Hint)
		return wrongUsage
	case errors.As(err, &notWritten):
		lang := a.speaks().Message
		fmt.Fprintf(a.streams.Err, "pendapa: %s\n   %s\n", notWritten.Reason.In(lang), notWritten.Hint.In(lang))
		return wrongUsage
	case errors.As(err, &usage):
		fmt.Fprintf(a.streams.Err, "pendapa: %v\n   see: %s --help\n", usage.error, usage.command)
		return wrongUsage
	case strings.HasPrefix(err.Error(), "unknown command"):
		fmt.Fprintf(a.streams.Err, "pendapa: %v\n   see: pendapa --help\n", err)
		return wrongUsage
	}
	fmt.Fprintf(a.streams.Err, "pendapa: %v%s\n", err, remedy(err))
	return machineFails
}

// remedy says what to do about what the machine failed at.
func remedy(err error) string {
	var locked *publish.LockedError
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "; free some space on the disk and build again"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "; give yourself the right to write there, or name another folder"
	case errors.As(err, &locked):
		return "; wait until it has ended"
	}
	return ""
}

// speaks is the language of messages: that of --lang, or else the site's, as far as it can be told.
func (a *app) speaks() locale.Lang {
	if a.lang != "" {
		return a.lang
	}
	if tree, err := source.Open(a.dir); err == nil {
		defer tree.Close()
		if text, err := tree.Read(config.File, source.MaxFile); err == nil {
			return config.Language(text)
		}
	}
	return locale.English
}

// toldOf is what an error says in words of ours; false: it is the machine's.
func toldOf(err error) (diag.Text, bool) {
	var text diag.Text
	var translated diag.Translated
	switch {
	case errors.As(err, &translated):
		return translated.Text(), true
	case errors.As(err, &text):
		return text, true
	}
	return diag.Text{}, false
}

// say writes one line to Err.
func (a *app) say(message diag.Text) {
	fmt.Fprintf(a.streams.Err, "pendapa: %s\n", message.In(a.speaks().Message))
}

// print writes problems to Err, with their source lines.
func (a *app) print(problems []diag.Problem) {
	var line func(string, int) (string, bool)
	if tree, err := source.Open(a.dir); err == nil {
		defer tree.Close()
		line = tree.Lines(a.builtin.Layouts)
	}
	a.printTo(a.speaks(), line, problems)
}

func (a *app) printTo(lang locale.Lang, line func(string, int) (string, bool), problems []diag.Problem) {
	printer := diag.Printer{Line: line, Catalogue: lang.Message, Color: colored(a.streams.Err)}
	if err := printer.Print(a.streams.Err, problems); err != nil {
		return // nobody is listening
	}
}

// language is the value of --lang.
type language struct{ lang *locale.Lang }

func (l *language) String() string { return "" }
func (l *language) Type() string   { return "language" }
func (l *language) Set(s string) error {
	if !locale.Lang(s).Known() {
		return fmt.Errorf("%q is not a language that Pendapa speaks; write id or en", s)
	}
	*l.lang = locale.Lang(s)
	return nil
}

// options are those of a build with what is built in, to which a command adds its own.
func (a *app) options() build.Options {
	return build.Options{Layouts: a.builtin.Layouts, Static: a.builtin.Static}
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, and got %q", cmd.Name(), args[0]), cmd.CommandPath()}
	}
	return nil
}

// checkAll is the first of several errors.
func checkAll(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkSite refuses a folder that is not there.
func (a *app) checkSite(cmd *cobra.Command) error {
	info, err := os.Stat(a.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("read the site's folder: %w", err)
	}
	if err != nil || !info.IsDir() {
		return usageError{fmt.Errorf("-C: there is no folder %s", a.dir), cmd.CommandPath()}
	}
	return nil
}

// checkDay refuses what is not a day; none is one.
func checkDay(cmd *cobra.Command, day string) error {
	if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
		return usageError{fmt.Errorf("--as-of: %q is not a day; write it as 2018-09-26", day), cmd.CommandPath()}
	}
	return nil
}

// colored reports whether w is a terminal that wants colours (NO_COLOR is obeyed; see no-color.org).
func colored(w io.Writer) bool {
	return terminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
