package diag

import (
	"encoding/json"
	"strings"
	"testing"
)

var found = []Problem{
	{File: "content/a b,c:d.md", Pos: Pos{3, 5}, Width: 4, Rule: "link-text", Severity: Warning, Message: Textf("100%% %s,\nagain", "<x>"), Hint: Textf("do: this")},
	{File: "content/z.md", Message: Textf("broken")},
	{File: "content/z.md", Pos: Pos{Line: 9}, Message: Textf("broken")},
}

func written(t *testing.T, format Format, problems []Problem) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, problems, []Rule{{"link-text", Textf("a link says nothing")}}, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGitHubCommandsAreEscaped(t *testing.T) {
	want := "::warning file=content/a b%2Cc%3Ad.md,line=3,col=5,endColumn=9,title=link-text::100%25 <x>,%0Aagain: do: this\n" +
		"::error file=content/z.md,title=content::broken\n" +
		"::error file=content/z.md,line=9,title=content::broken\n"
	if got := written(t, GitHub, found); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestJSONCounts(t *testing.T) {
	var report struct {
		Errors, Warnings int
		Problems         []struct {
			File, Severity, Rule, Message, Hint string
			Line, Column                        int
		}
	}
	if err := json.Unmarshal([]byte(written(t, JSON, found)), &report); err != nil {
		t.Fatal(err)
	}
	if p := report.Problems[0]; report.Errors != 2 || report.Warnings != 1 || p.Line != 3 || p.Column != 5 || p.Rule != "link-text" || p.Hint != "do: this" {
		t.Errorf("%+v", report)
	}
	if got := written(t, JSON, nil); !strings.Contains(got, `"problems": []`) {
		t.Errorf("nothing found is %s", got)
	}
}

// What SARIF 2.1.0 demands: version, a driver with a name, every result with a rule of the driver's, relative URIs.
func TestSARIF(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name  string
					Rules []struct{ ID string }
				}
			}
			Results []struct {
				RuleID, Level string
				Message       struct{ Text string }
				Locations     []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn, EndColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(written(t, SARIF, found)), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	rules := make(map[string]bool)
	for _, r := range run.Tool.Driver.Rules {
		rules[r.ID] = true
	}
	for _, r := range run.Results {
		if !rules[r.RuleID] || r.Message.Text == "" || r.Level != "error" && r.Level != "warning" {
			t.Errorf("%+v", r)
		}
	}
	first := run.Results[0].Locations[0].PhysicalLocation
	if log.Version != "2.1.0" || run.ColumnKind != "unicodeCodePoints" || run.Tool.Driver.Name != "pendapa" || len(run.Results) != 3 ||
		first.ArtifactLocation.URI != "content/a%20b%2Cc%3Ad.md" || first.Region.StartColumn != 5 || first.Region.EndColumn != 9 || run.Results[1].Locations[0].PhysicalLocation.Region != nil {
		t.Errorf("%+v", run)
	}
}

// A fingerprint is a problem's own, and stays when lines above it come and go.
func TestGitLabFingerprints(t *testing.T) {
	prints := func(problems []Problem) []string {
		var issues []struct {
			Fingerprint, Severity string
			Location              struct{ Lines struct{ Begin int } }
		}
		if err := json.Unmarshal([]byte(written(t, GitLab, problems)), &issues); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, i := range issues {
			if i.Location.Lines.Begin < 1 {
				t.Error("a line before the first")
			}
			list = append(list, i.Fingerprint)
		}
		return list
	}
	before := prints(found)
	if before[1] == before[2] || before[0] == before[1] {
		t.Error("two problems have one fingerprint")
	}
	moved := append([]Problem(nil), found...)
	moved[0].Pos.Line = 77
	if after := prints(moved); after[0] != before[0] {
		t.Error("a problem that moved has another fingerprint")
	}
}

func TestTextIsTranslatedWhenItIsRead(t *testing.T) {
	catalogue := map[string]string{"%s is %s; a list is needed here": "%[2]s: %[1]s", "a single value": "satu nilai"}
	say := func(format string) string {
		if t, ok := catalogue[format]; ok {
			return t
		}
		return format
	}
	text := Textf("%s is %s; a list is needed here", "tags", Textf("a single value"))
	if got := text.In(say); got != "satu nilai: tags" {
		t.Error(got)
	}
	if got := text.String(); got != "tags is a single value; a list is needed here" {
		t.Error(got)
	}
	if got := Textf("write %20 for a blank").String(); got != "write %20 for a blank" {
		t.Error(got)
	}
	if !(Text{}).IsZero() || text.IsZero() {
		t.Error("which text says nothing?")
	}
}
