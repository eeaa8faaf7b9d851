package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/site"
)

// ChromiumVariable names, in the environment, the browser that makes PDF files.
const ChromiumVariable = "PENDAPA_CHROMIUM"

// browsers are the names under which Chromium and its like are installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
	`C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`}

// longest is how long the browser may take.
const longest = 3 * time.Minute

// chromium finds the browser; named is the one that was asked for, or empty.
func chromium(named string) (string, error) {
	if named != "" {
		at, err := exec.LookPath(named)
		if err != nil {
			return "", diag.Textf("%s names %s, and there is no such program", ChromiumVariable, named)
		}
		return at, nil
	}
	for _, name := range browsers {
		if at, err := exec.LookPath(name); err == nil {
			return at, nil
		}
	}
	return "", diag.Textf("a PDF is made by Chromium, and none is installed; install it (Debian: apt install chromium), or name Chrome or Edge in %s", ChromiumVariable)
}

// noDocument says why the masterplan is no document; nil: it is one.
func (p *Portal) noDocument() error {
	switch plan := p.edition().Masterplan; {
	case p.edition().Print != nil:
		return nil
	case plan.Parts() > site.MaxPrint:
		return diag.Textf("the masterplan has %d chapters and sections; as one document it may have at most %d", plan.Parts(), site.MaxPrint)
	}
	return diag.Textf("the portal has no masterplan: there is no chapter in content/masterplan/")
}

// PDF writes the masterplan as one document: tagged, with its title, language and bookmarks, by an installed Chromium. The
// browser asks nobody but this program. browser is its name; empty: it is looked for.
func (p *Portal) PDF(ctx context.Context, browser, file string) (err error) {
	if err := p.noDocument(); err != nil {
		return err
	}
	program, err := chromium(browser)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the masterplan to the browser: %w", err)
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	folder, err := os.MkdirTemp("", "pendapa-pdf-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	made := filepath.Join(folder, "masterplan.pdf")
	args := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--disable-extensions", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--user-data-dir=" + filepath.Join(folder, "profile"),
		"--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + made,
	}
	if runtime.GOOS == "linux" && os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium has no other way for root, as in containers; it reads our own pages only
	}
	cmd := exec.CommandContext(ctx, program, append(args, "http://"+listener.Addr().String()+p.edition().Print.Link())...)
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("the browser %s: %w", program, ctx.Err())
		}
		return fmt.Errorf("the browser %s: %w; name another in %s\n%s", program, err, ChromiumVariable, said.Bytes()[max(said.Len()-1000, 0):])
	}
	data, err := os.ReadFile(made)
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) {
		return fmt.Errorf("the browser %s made no PDF; name another in %s\n%s", program, ChromiumVariable, said.Bytes()[max(said.Len()-1000, 0):])
	}
	return write(file, data)
}
