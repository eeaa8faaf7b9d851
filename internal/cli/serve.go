package cli

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pendapa/internal/diag"
	"pendapa/internal/serve"
)

func (a *app) serve() *cobra.Command {
	o := a.options()
	var addr string
	var open bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the portal on this machine, and follow every save",
		Long: "Serve shows the portal in a browser while it is written. A saved page is there at once; the open page reloads\n" +
			"by itself, and what is wrong with a file lies over it until it is mended. Nothing is published: the folder\n" +
			"that build writes is not touched. Ctrl-C ends it.",
		Example: "  pendapa serve\n  pendapa serve --drafts --open\n  pendapa serve -C ../portal --addr 127.0.0.1:8080",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkAll(a.checkSite(cmd), checkDay(cmd, o.AsOf)); err != nil {
				return err
			}
			reach, err := netip.ParseAddrPort(strings.Replace(addr, "localhost:", "127.0.0.1:", 1))
			if err != nil {
				return usageError{fmt.Errorf("--addr %q is not an address of this machine with a port; write it as 127.0.0.1:1313", addr), cmd.CommandPath()}
			}
			listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(reach))
			if errors.Is(err, syscall.EADDRINUSE) {
				return fmt.Errorf("port %d is in use by another program%s", reach.Port(), nextFree(reach))
			}
			if err != nil {
				return fmt.Errorf("listen on %s: %w", addr, err)
			}
			o.Dir = a.dir
			reporter := reporter{app: a, url: address(listener), open: open}
			if !reach.Addr().IsLoopback() {
				a.say(diag.Textf("%s is not an address of this machine alone: everybody in the network can read the preview, drafts included", reach.Addr().String()))
			}
			return serve.New(listener, serve.Options{Site: o, Lang: a.lang, Event: reporter.report}).Run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&addr, "addr", "127.0.0.1:1313", "`address` and port to listen on; another than this machine's own lets others see the preview")
	flags.BoolVar(&o.Drafts, "drafts", false, "show pages marked draft too, each with a mark")
	flags.BoolVar(&o.Future, "future", false, "show pages before their publish date and after they expired too")
	flags.StringVar(&o.AsOf, "as-of", "", "show the portal of this `day` (2018-09-26) instead of today's")
	flags.BoolVar(&open, "open", false, "open the portal in the browser")
	return cmd
}

// nextFree is a hint that names the next port that is free.
func nextFree(taken netip.AddrPort) string {
	for port := int(taken.Port()) + 1; port < min(int(taken.Port())+100, 1<<16); port++ {
		next := netip.AddrPortFrom(taken.Addr(), uint16(port))
		if l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(next)); err == nil {
			l.Close()
			return "; " + strconv.Itoa(port) + " is free: pendapa serve --addr " + next.String()
		}
	}
	return "; name another with --addr"
}

// address is where a browser finds the portal.
func address(listener *net.TCPListener) string {
	at := listener.Addr().(*net.TCPAddr).AddrPort()
	if at.Addr().IsUnspecified() {
		at = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port())
	}
	return "http://" + netip.AddrPortFrom(at.Addr().Unmap(), at.Port()).String() + "/"
}

// reporter tells the person at the terminal what a server does.
type reporter struct {
	app   *app
	url   string
	open  bool
	shown bool // whether the address was told
}

func (r *reporter) report(e serve.Event) {
	if e.Kind == serve.Notice {
		fmt.Fprintf(r.app.streams.Err, "pendapa: %s\n", e.Message.In(e.Lang.Message))
		return
	}
	if !r.shown {
		r.shown = true
		fmt.Fprintln(r.app.streams.Out, diag.Textf("the portal is shown at %s (Ctrl-C ends)", r.url).In(e.Lang.Message))
		if r.open {
			openBrowser(r.url)
		}
	}
	errorsFound := 0
	for _, p := range e.Problems {
		if p.Severity == diag.Error {
			errorsFound++
		}
	}
	r.app.printTo(e.Lang, e.Line, e.Problems)
	var line diag.Text
	took := e.Took.Round(time.Millisecond).String()
	switch {
	case errorsFound > 0 && e.Blank:
		line = diag.Textf("mistakes to mend: %d; until then nothing can be shown", errorsFound)
	case errorsFound > 0:
		line = diag.Textf("mistakes to mend: %d; the last good portal stays", errorsFound)
	case e.Kind == serve.Checked:
		line = diag.Textf("every page was looked at: no mistakes")
	case len(e.Files) == 0:
		line = diag.Textf("ready in %s", took)
	case len(e.Files) == 1:
		line = diag.Textf("%s: shown after %s", e.Files[0], took)
	default:
		line = diag.Textf("%s and %d more files: shown after %s", e.Files[0], len(e.Files)-1, took)
	}
	fmt.Fprintf(r.app.streams.Out, "%s %s\n", time.Now().Format(time.TimeOnly), line.In(e.Lang.Message))
}

// openBrowser opens an address in the browser of whoever works here. Where there is none, the address was printed.
func openBrowser(url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	cmd := exec.Command(name, args...)
	if cmd.Start() == nil {
		go func() { _ = cmd.Wait() }()
	}
}
