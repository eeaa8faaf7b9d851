package diag

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is a way of writing problems.
type Format string

const (
	TextFormat Format = "text"   // for people; see Printer
	JSON       Format = "json"   // {"errors": 1, "warnings": 2, "problems": [{"file", "line", "column", …}]}
	SARIF      Format = "sarif"  // OASIS SARIF 2.1.0, for code scanning services
	GitHub     Format = "github" // workflow commands of GitHub Actions, which become annotations
	GitLab     Format = "gitlab" // a Code Quality report of GitLab CI
)

// Formats lists all formats.
func Formats() []Format { return []Format{TextFormat, JSON, SARIF, GitHub, GitLab} }

// Rule describes a rule that problems name, for formats that list rules.
type Rule struct {
	Name string
	Help Text
}

// Write writes problems in a format other than text, in the language of a catalogue (see [Text.In]).
func Write(w io.Writer, format Format, problems []Problem, rules []Rule, catalogue func(string) string) error {
	switch format {
	case JSON:
		return writeJSON(w, problems, catalogue)
	case SARIF:
		return writeSARIF(w, problems, rules, catalogue)
	case GitHub:
		return writeGitHub(w, problems, catalogue)
	case GitLab:
		return writeGitLab(w, problems, catalogue)
	}
	return fmt.Errorf("no writer for the format %q", format)
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func writeJSON(w io.Writer, problems []Problem, catalogue func(string) string) error {
	type item struct {
		File     string `json:"file"`
		Line     int    `json:"line,omitempty"`
		Column   int    `json:"column,omitempty"`
		Severity string `json:"severity"`
		Rule     string `json:"rule,omitempty"`
		Message  string `json:"message"`
		Hint     string `json:"hint,omitempty"`
	}
	report := struct {
		Errors   int    `json:"errors"`
		Warnings int    `json:"warnings"`
		Problems []item `json:"problems"`
	}{Problems: []item{}}
	for _, p := range problems {
		if p.Severity == Error {
			report.Errors++
		} else {
			report.Warnings++
		}
		report.Problems = append(report.Problems, item{p.File, p.Pos.Line, p.Pos.Col, p.Severity.String(), p.Rule, p.Message.In(catalogue), p.Hint.In(catalogue)})
	}
	return encode(w, report)
}

// ruleOf is the name that a problem is listed under where every problem needs one.
func ruleOf(p Problem) string {
	if p.Rule == "" {
		return "content"
	}
	return p.Rule
}

// whole is the message with the hint, for formats that know no hints.
func whole(p Problem, catalogue func(string) string) string {
	message := p.Message.In(catalogue)
	if hint := p.Hint.In(catalogue); hint != "" {
		message += ": " + hint
	}
	return message
}

// writeSARIF writes one run (SARIF 2.1.0, 3.13). Columns are code points there by columnKind (3.14.17).
func writeSARIF(w io.Writer, problems []Problem, rules []Rule, catalogue func(string) string) error {
	type text struct {
		Text string `json:"text"`
	}
	type rule struct {
		ID   string `json:"id"`
		Help text   `json:"shortDescription"`
	}
	type region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	type artifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId"`
	}
	type physical struct {
		Artifact artifact `json:"artifactLocation"`
		Region   *region  `json:"region,omitempty"`
	}
	type location struct {
		Physical physical `json:"physicalLocation"`
	}
	type result struct {
		RuleID    string     `json:"ruleId"`
		Level     string     `json:"level"`
		Message   text       `json:"message"`
		Locations []location `json:"locations"`
	}
	type driver struct {
		Name  string `json:"name"`
		Rules []rule `json:"rules"`
	}
	type tool struct {
		Driver driver `json:"driver"`
	}
	type run struct {
		Tool       tool     `json:"tool"`
		ColumnKind string   `json:"columnKind"`
		Results    []result `json:"results"`
	}
	list := []rule{{"content", text{Textf("a mistake with which no portal is built").In(catalogue)}}}
	for _, r := range rules {
		list = append(list, rule{r.Name, text{r.Help.In(catalogue)}})
	}
	results := []result{}
	for _, p := range problems {
		place := physical{Artifact: artifact{uriPath(p.File), "%SRCROOT%"}}
		if p.Pos.Line > 0 {
			place.Region = &region{StartLine: p.Pos.Line, StartColumn: p.Pos.Col}
			if p.Pos.Col > 0 {
				place.Region.EndColumn = p.Pos.Col + max(p.Width, 1)
			}
		}
		results = append(results, result{ruleOf(p), p.Severity.String(), text{whole(p, catalogue)}, []location{{place}}})
	}
	return encode(w, struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0", []run{{tool{driver{"pendapa", list}}, "unicodeCodePoints", results}}})
}

// uriPath is a path as a relative reference (RFC 3986, 4.2).
func uriPath(file string) string {
	var b strings.Builder
	for i := range len(file) {
		if c := file[i]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func writeGitHub(w io.Writer, problems []Problem, catalogue func(string) string) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, p := range problems {
		place := "file=" + property.Replace(p.File)
		if p.Pos.Line > 0 {
			place += fmt.Sprintf(",line=%d", p.Pos.Line)
		}
		if p.Pos.Col > 0 {
			place += fmt.Sprintf(",col=%d,endColumn=%d", p.Pos.Col, p.Pos.Col+max(p.Width, 1))
		}
		if _, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", p.Severity, place, property.Replace(ruleOf(p)), data.Replace(whole(p, catalogue))); err != nil {
			return err
		}
	}
	return nil
}

func writeGitLab(w io.Writer, problems []Problem, catalogue func(string) string) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		CheckName   string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	issues := []issue{}
	seen := make(map[string]int)
	for _, p := range problems {
		severity := "major"
		if p.Severity == Warning {
			severity = "minor"
		}
		// A fingerprint stays when lines move, so it holds none; equal ones are counted.
		print := fmt.Sprintf("%s|%s|%s", p.File, ruleOf(p), p.Message)
		if seen[print]++; seen[print] > 1 {
			print += fmt.Sprintf("|%d", seen[print])
		}
		issues = append(issues, issue{whole(p, catalogue), ruleOf(p), fmt.Sprintf("%x", sha256.Sum256([]byte(print))), severity, location{p.File, lines{max(p.Pos.Line, 1)}}})
	}
	return encode(w, issues)
}

// Known reports whether the format is one of [Formats].
func (f Format) Known() bool { return slices.Contains(Formats(), f) }
