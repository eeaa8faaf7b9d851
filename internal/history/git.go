package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// git is how the program is run.
type git struct {
	program string
	dir     string
	env     []string
}

// options are given to each command. What a repository may configure to be run is put out of force here, though no command
// of this package would come to it: two locks on the door.
func options() []string {
	all := []string{"--no-pager", "--no-optional-locks", "--literal-pathspecs"}
	for _, setting := range []string{
		"advice.graftFileDeprecated=false", // what is said of the environment's
		// A repository of another owner (a mounted volume, a checkout made as root) is read as well: the check is there
		// to protect those whose next command would run what it configures, which none here does.
		"safe.directory=*",
		"core.fsmonitor=false",
		"core.hooksPath=" + os.DevNull,
		"core.attributesFile=" + os.DevNull,
		"core.alternateRefsCommand=",
		"core.bigFileThreshold=16m", // larger blobs are streamed, and not looked into for renames
		"core.pager=cat",
		"core.sshCommand=false",
		"core.untrackedCache=false",
		"credential.helper=",
		"diff.external=",
		"diff.orderFile=" + os.DevNull,
		"gc.auto=0",
		"log.showSignature=false",
		"maintenance.auto=false",
		"protocol.allow=never",
	} {
		all = append(all, "-c", setting)
	}
	return all
}

// environment is all that git is told of the machine. Nothing that others set for it (GIT_DIR in a hook, traces, settings)
// comes through.
func environment(more ...string) []string {
	var folders []string
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.IsAbs(folder) { // "." would be the repository
			folders = append(folders, folder)
		}
	}
	env := []string{
		"PATH=" + strings.Join(folders, string(os.PathListSeparator)),
		"LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_ATTR_NOSYSTEM=1",
		"GIT_OPTIONAL_LOCKS=0",
		"GIT_TERMINAL_PROMPT=0",
		"GIT_NO_REPLACE_OBJECTS=1",
		"GIT_GRAFT_FILE=" + os.DevNull,
		"GIT_NO_LAZY_FETCH=1",     // git 2.44 and later; before that the next line
		"GIT_ALLOW_PROTOCOL=none", // also for the git fetch that a partial clone would start
		"GIT_PAGER=cat",
	}
	if root := os.Getenv("SYSTEMROOT"); root != "" { // Windows starts nothing without
		env = append(env, "SYSTEMROOT="+root)
	}
	return append(env, more...)
}

// failure is git's own word that a command failed.
type failure struct {
	command string
	code    int
	line    string // the first of what it said
	lacks   bool   // whether an object was to be fetched
}

func (f *failure) Error() string {
	if f.line == "" {
		return fmt.Sprintf("git %s: exit status %d", f.command, f.code)
	}
	return fmt.Sprintf("git %s: %s", f.command, f.line)
}

// Is tells [ErrMissing]: git ends where a partial clone lacks what is asked for and may not be fetched.
func (f *failure) Is(target error) bool {
	return target == ErrMissing && f.lacks
}

// failed reports whether git ran and said no.
func failed(err error) bool {
	var f *failure
	return errors.As(err, &f)
}

// process is a git that runs. It is killed when its context ends, and must be waited for.
type process struct {
	ctx     context.Context
	command string
	cmd     *exec.Cmd
	kill    context.CancelFunc
	in      io.WriteCloser // nil: nothing to read
	out     *bufio.Reader
	said    beginning
}

func (g *git) start(ctx context.Context, input bool, args ...string) (*process, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	inner, kill := context.WithCancel(ctx)
	p := &process{ctx: ctx, command: args[0], kill: kill}
	p.cmd = exec.CommandContext(inner, g.program, append(options(), args...)...)
	p.cmd.Dir, p.cmd.Env, p.cmd.Stderr = g.dir, g.env, &p.said
	p.cmd.WaitDelay = 2 * time.Second
	var out io.ReadCloser
	var err error
	if input {
		p.in, err = p.cmd.StdinPipe()
	}
	if err == nil {
		out, err = p.cmd.StdoutPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		kill()
		return nil, fmt.Errorf("git %s: %w", p.command, err)
	}
	p.out = bufio.NewReaderSize(out, 64<<10)
	return p, nil
}

// wait takes the process to its end, whose output is read by then or of no more use.
func (p *process) wait() error {
	err := p.cmd.Wait()
	p.kill()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case p.ctx.Err() != nil:
		return fmt.Errorf("git %s: %w", p.command, p.ctx.Err())
	case errors.As(err, &exit):
		return &failure{p.command, exit.ExitCode(), p.said.line(), bytes.Contains(p.said.data, []byte("from promisor remote"))}
	}
	return fmt.Errorf("git %s: %w", p.command, err)
}

// settle says what went wrong with a command whose output was read: first what git said, then what could not be understood.
func settle(ctx context.Context, command string, parsing, ended error) error {
	var f *failure
	switch {
	case ended != nil && ctx.Err() != nil:
		return ended
	case errors.As(ended, &f) && f.line != "":
		return ended
	case parsing != nil:
		return fmt.Errorf("git %s: %w", command, parsing)
	}
	return ended
}

// stop ends a process whose output is of no more use.
func (p *process) stop() {
	p.kill()
	_ = p.cmd.Wait()
}

// run returns what a command prints, which is little.
func (g *git) run(ctx context.Context, args ...string) (string, error) {
	p, err := g.start(ctx, false, args...)
	if err != nil {
		return "", err
	}
	const most = 64 << 10
	data, err := io.ReadAll(io.LimitReader(p.out, most+1))
	if len(data) > most {
		p.stop()
		return "", fmt.Errorf("git %s: it prints too much", p.command)
	}
	if ended := p.wait(); ended != nil {
		return "", ended
	}
	if err != nil {
		return "", fmt.Errorf("git %s: %w", p.command, err)
	}
	return strings.TrimSuffix(string(data), "\n"), nil
}

// beginning keeps the first bytes of what git complains.
type beginning struct{ data []byte }

func (b *beginning) Write(data []byte) (int, error) {
	if free := 2048 - len(b.data); free > 0 {
		b.data = append(b.data, data[:min(free, len(data))]...)
	}
	return len(data), nil
}

// line is the first that is neither a warning nor advice.
func (b *beginning) line() string {
	for line := range bytes.Lines(b.data) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.HasPrefix(line, []byte("warning: ")) && !bytes.HasPrefix(line, []byte("hint: ")) {
			return strings.TrimPrefix(clean(string(line)), "fatal: ")
		}
	}
	return ""
}
