// Command pendapa builds the public transparency portal of a smart city from Markdown.
//
// Run "pendapa help" for its commands; the README tells what each of them is for.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"pendapa"
	"pendapa/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := cli.Run(ctx, os.Args[1:], cli.Streams{Out: os.Stdout, Err: os.Stderr}, cli.Builtin{Layouts: pendapa.Layouts, Static: pendapa.Static})
	stop()
	os.Exit(code)
}
