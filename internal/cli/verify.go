package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pendapa/internal/build"
	"pendapa/internal/config"
	"pendapa/internal/diag"
	"pendapa/internal/proof"
	"pendapa/internal/source"
)

// errNotProved says that something is not as it was published; it was told.
var errNotProved = errors.New("not as it was published")

// verification is what verify was asked for.
type verification struct {
	*app
	options build.Options
	partial bool
	log     string // file of the log; empty: that in the folder
	since   string // file of an old checkpoint; empty: none
	key     string // public key; empty: that of the site's settings, if any
	logged  bool   // whether the site's settings name a log
	rebuild bool
}

func (a *app) verify() *cobra.Command {
	v := verification{app: a, options: a.options()}
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "Check that a folder is the portal that was published, and that the log only grew",
		Long: "Verify compares a published folder, or a downloaded copy of one, with its own list of files, and that list with\n" +
			"the transparency log. With --since it proves that the log still begins with all that an older checkpoint told of.\n" +
			"With --rebuild it builds the portal again, from the commit of the site's repository that the portal names, and\n" +
			"compares the two.",
		Example: "  pendapa verify public\n  pendapa verify public --since checkpoint-of-march\n  pendapa verify public --rebuild -C ~/portal",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("verify wants one folder, and got %d", len(args)), cmd.CommandPath()}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&v.partial, "partial", false, "the folder is a copy of some files: that others are not there is no finding")
	flags.StringVar(&v.log, "log", "", "the `file` of the log, where it is another than the folder's own")
	flags.StringVar(&v.since, "since", "", "a `file` with an older checkpoint: prove that the log only grew since")
	flags.StringVar(&v.key, "key", "", "the public `key` that the checkpoints must be signed by (default: log.key of the site)")
	flags.BoolVar(&v.rebuild, "rebuild", false, "build the portal again from its commit and compare")
	return cmd
}

// tell prints one line of the outcome.
func (v *verification) tell(text diag.Text) {
	fmt.Fprintln(v.streams.Out, text.In(v.speaks().Message))
}

func (v *verification) run(cmd *cobra.Command, dir string) error {
	v.site()
	report, err := proof.CheckFolder(cmd.Context(), dir, v.partial)
	if err != nil {
		return v.refused(err)
	}
	proved := len(report.Findings) == 0
	for _, f := range report.Findings {
		fmt.Fprintf(v.streams.Err, "%s: %s: %s\n", f.Path, f.Kind.Text().In(v.speaks().Message), f.Reason.In(v.speaks().Message))
	}
	v.tell(diag.Textf("files as they were published: %d of %d", report.Files, len(report.List)))
	v.tell(diag.Textf("root: %s", report.Tree))
	if report.Files == 0 {
		proved = false
		v.say(diag.Textf("the folder has no file of the portal"))
	}
	ok, err := v.checkLog(dir, report.Tree)
	if err != nil {
		return v.refused(err)
	}
	proved = proved && ok
	if v.rebuild {
		ok, err := v.again(cmd, report)
		if err != nil {
			return err
		}
		proved = proved && ok
	}
	if !proved {
		v.say(diag.Textf("not everything is as it was published"))
		return errNotProved
	}
	v.tell(diag.Textf("all is as it was published"))
	return nil
}

// refused tells what cannot be checked.
func (v *verification) refused(err error) error {
	if told, ok := toldOf(err); ok {
		v.say(told)
		return errNotProved
	}
	return err
}

// site reads what the site's settings say of its log, where there is a site here.
func (v *verification) site() {
	tree, err := source.Open(v.dir)
	if err != nil {
		return
	}
	defer tree.Close()
	text, err := tree.Read(config.File, source.MaxFile)
	if err != nil {
		return
	}
	if settings := config.Parse(text, "", tree.Exists, &diag.List{}); settings != nil {
		v.logged = settings.Log.Origin != ""
		if v.key == "" {
			v.key = settings.Log.Key
		}
	}
}

// checkLog checks the log against its checkpoint, the tree against the log, and the log against an older checkpoint.
func (v *verification) checkLog(dir, tree string) (bool, error) {
	file := v.log
	if file == "" {
		file = filepath.Join(dir, filepath.FromSlash(proof.LogFile))
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && v.log == "" && v.since == "" {
		if v.key != "" || v.logged {
			v.say(diag.Textf("the folder has no transparency log, and the portal keeps one: it is not a portal that was published"))
			return false, nil
		}
		v.tell(diag.Textf("the portal keeps no transparency log"))
		return true, nil
	}
	if err != nil {
		return false, err
	}
	log, err := proof.ParseLog(data)
	if err != nil {
		return false, err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(file), proof.CheckpointName))
	if err != nil {
		return false, err
	}
	newest, err := proof.ParseCheckpoint(text, v.key)
	if err != nil {
		return false, err
	}
	if err := log.Check(newest, newest.Origin); err != nil {
		return false, err
	}
	switch {
	case v.key != "":
		v.tell(diag.Textf("log %s: entries: %d; its checkpoint is signed by %s", newest.Origin, log.Len(), strings.Join(newest.Signers, ", ")))
	case newest.Signed:
		v.tell(diag.Textf("log %s: entries: %d; its checkpoint is signed, and nobody looked by whom: give the public key with --key", newest.Origin, log.Len()))
	default:
		v.tell(diag.Textf("log %s: entries: %d; its checkpoint is not signed", newest.Origin, log.Len()))
	}
	proved := true
	if at, found := log.Find(tree); found {
		e := log.Entry(at)
		v.tell(diag.Textf("the portal is entry %d of the log, as of %s", at+1, e.AsOf))
	} else {
		proved = false
		v.say(diag.Textf("the log has no entry of this portal: its list of files is not one that was published"))
	}
	if v.since == "" {
		return proved, nil
	}
	if text, err = os.ReadFile(v.since); err != nil {
		return false, err
	}
	old, err := proof.ParseCheckpoint(text, v.key)
	if err != nil {
		return false, err
	}
	if err := log.Check(old, newest.Origin); err != nil {
		return false, err
	}
	v.tell(diag.Textf("the log only grew: its first %d entries are those of the older checkpoint", old.Size))
	return proved, nil
}

// again builds the portal again and compares the lists of files.
func (v *verification) again(cmd *cobra.Command, report proof.Report) (bool, error) {
	var built build.Built
	if err := json.Unmarshal(report.Built, &built); err != nil {
		v.say(diag.Textf("the portal does not say how it was built: it was built by an older Pendapa"))
		return false, nil
	}
	o := v.options
	o.Dir, o.Version = v.dir, version()
	if built.Version != o.Version {
		v.say(diag.Textf("the portal was built by Pendapa %s, and this is %s: differences may come from that", built.Version, o.Version))
	}
	problems := &diag.List{}
	files, err := build.Rebuild(cmd.Context(), o, built, problems)
	if err != nil {
		v.print(problems.Sorted())
		return false, v.refused(err)
	}
	different := differences(slices.DeleteFunc(report.List, proof.File.OfLog), files)
	for _, name := range different[:min(len(different), 50)] {
		fmt.Fprintln(v.streams.Err, diag.Textf("%s is another when it is built again", name).In(v.speaks().Message))
	}
	if len(different) > 0 {
		v.say(diag.Textf("files that are others when the portal is built again: %d", len(different)))
		return false, nil
	}
	v.tell(diag.Textf("built again from commit %s: the same %d files", built.Commit, len(files)))
	return true, nil
}

// differences are the paths at which two lists, sorted by path, do not have the same file.
func differences(a, b []proof.File) []string {
	var names []string
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Path < b[0].Path:
			names, a = append(names, a[0].Path), a[1:]
		case len(a) == 0 || b[0].Path < a[0].Path:
			names, b = append(names, b[0].Path), b[1:]
		default:
			if a[0] != b[0] {
				names = append(names, a[0].Path)
			}
			a, b = a[1:], b[1:]
		}
	}
	return names
}
