package render

import (
	"path"
	"strconv"
	"strings"
	"time"

	"pendapa/internal/diag"
	"pendapa/internal/feed"
	"pendapa/internal/host"
	"pendapa/internal/model"
	"pendapa/internal/opendata"
	"pendapa/internal/site"
)

const (
	sitemap    = "sitemap.xml"
	security   = ".well-known/security.txt"
	leastAhead = 30 // days that security.txt must still be good for
	mostRules  = 90 // for files that may be kept for ever: Cloudflare takes 100 rules in all
)

// hosted plans what search engines and hosts read at fixed addresses. A file of the same name in static/ takes the place
// of ours. planned are all other outputs.
func (r *Renderer) hosted(planned []Output) []Output {
	settings := r.site.Settings
	var outputs []Output
	add := func(path string, make func() []byte) {
		if r.assets.static.has(path) {
			return
		}
		outputs = append(outputs, Output{Path: path, From: itself, Make: func(*Pass) ([]byte, error) { return make(), nil }})
	}
	var rules []host.Rule
	seen := make(map[string]bool)
	rule := func(path string, headers ...host.Header) {
		if !seen[path] {
			seen[path] = true
			pattern := strings.NewReplacer("%2A", "*", "%3A", ":").Replace(escapePath(path)) // names in the output hold neither
			rules = append(rules, host.Rule{Path: settings.Base() + pattern, Headers: headers})
		}
	}
	for _, o := range planned {
		if o.Forever && len(rules) < mostRules {
			rule(forever(o.Path), host.Forever)
		}
	}
	for _, e := range r.site.Editions {
		if e.Search != nil {
			rule(IndexFolder(e)+":folder/*", host.Forever)
		}
	}
	var redirects []host.Redirect
	for _, e := range r.site.Editions {
		for _, p := range e.Own() {
			for _, alias := range p.Aliases {
				from := settings.Base() + escapePath(alias[1:])
				redirects = append(redirects, host.Redirect{From: from, To: settings.Base() + escapePath(p.URL)})
			}
		}
	}
	r.checkIdentity()
	add("_headers", func() []byte { return host.HeadersFile(settings.Base(), rules) })
	if len(redirects) > 0 {
		add("_redirects", func() []byte { return host.RedirectsFile(redirects) })
	}
	add(".nojekyll", func() []byte { return []byte{} })
	add("robots.txt", func() []byte { return feed.Robots(settings.URL.String() + sitemap) })
	addresses := r.addresses()
	switch parts := feed.Split(addresses, feed.MaxAddresses, feed.MaxSitemapBytes); len(parts) {
	case 0, 1:
		add(sitemap, func() []byte { return feed.Sitemap(addresses) })
	default:
		var index []feed.Address
		for i, part := range parts {
			name := "sitemap-" + strconv.Itoa(i+1) + ".xml"
			index = append(index, feed.Address{Loc: settings.URL.String() + name, Modified: feed.Newest(part)})
			add(name, func() []byte { return feed.Sitemap(part) })
		}
		add(sitemap, func() []byte { return feed.SitemapIndex(index) })
	}
	if until := settings.SecurityUntil; !until.IsZero() {
		r.checkSecurity()
		var languages []string
		for _, e := range r.site.Editions {
			languages = append(languages, string(e.Lang))
		}
		add(security, func() []byte {
			return feed.Security{Contact: settings.Security.Contact, Expires: until, Languages: languages, Canonical: []string{settings.URL.String() + security}, Policy: settings.Security.Policy}.Bytes()
		})
	}
	return outputs
}

// forever is the path of the rule for a file that is named by its contents: hosts take few rules, so folders of such
// files have one.
func forever(name string) string {
	if dir := path.Dir(name); dir+"/" == pictureFolder || strings.HasPrefix(dir+"/", strings.TrimSuffix(scripts, "/")+".") {
		return dir + "/*"
	}
	return name
}

// checkIdentity refuses a name that the portal takes from a day to come: until then the domain may be another's (RFC 4151,
// 2.1).
func (r *Renderer) checkIdentity() {
	settings := r.site.Settings
	date := settings.Authority.Date + "-01-01"[min(len(settings.Authority.Date)-4, 6):]
	if settings.Identity == "" || date <= r.site.AsOf.Format(time.DateOnly) {
		return
	}
	r.problems.Add(diag.Problem{File: "site.yaml", Pos: settings.IdentityPos, Width: len(settings.Identity), Message: diag.Textf("identity names a day that is still to come"), Hint: diag.Textf("write a year since when the domain is yours")})
}

// checkSecurity refuses a security.txt that is about to say nothing any more (RFC 9116, 2.5.5).
func (r *Renderer) checkSecurity() {
	settings := r.site.Settings
	ahead := model.DayOf(settings.SecurityUntil) - model.DayOf(r.site.AsOf)
	problem := diag.Problem{File: "site.yaml", Pos: settings.SecurityUntilPos, Width: len(settings.Security.Expires)}
	switch {
	case ahead < leastAhead:
		problem.Message = diag.Textf("security.expires is less than %d days ahead: after it nobody can trust the contact", leastAhead)
		problem.Hint = diag.Textf("see that the contact still holds, and write a day within the next year")
	case ahead > 366:
		problem.Severity = diag.Warning
		problem.Message = diag.Textf("security.expires is more than a year ahead")
		problem.Hint = diag.Textf("write a day within the next year, so that somebody looks at the contact again")
	default:
		return
	}
	r.problems.Add(problem)
}

// addresses are the pages that search engines should know, with when they changed: those that are nobody's draft and no
// example.
func (r *Renderer) addresses() []feed.Address {
	var list []feed.Address
	for _, e := range r.site.Editions {
		for _, p := range append(e.Own()[:len(e.Own()):len(e.Own())], e.Data, e.Comparison, e.Proof, e.Changes) {
			if p == nil || noIndex(p) {
				continue
			}
			a := feed.Address{Loc: p.Permalink(), Modified: p.Changed}
			for _, t := range p.Versions() {
				if !noIndex(t) {
					a.Alternates = append(a.Alternates, feed.Alternate{Lang: string(t.Edition.Lang), Href: t.Permalink()})
				}
			}
			list = append(list, a)
		}
		for _, t := range r.tables[e] {
			a := feed.Address{Loc: r.site.Settings.URL.String() + opendata.Folder(e) + t.Name + "/", Modified: t.Changed}
			for _, v := range r.tableVersions(t.Name) {
				a.Alternates = append(a.Alternates, feed.Alternate{Lang: string(v.Lang), Href: v.Href})
			}
			list = append(list, a)
		}
	}
	for _, p := range r.plans {
		list = append(list, feed.Address{Loc: r.site.Settings.URL.String() + escapePath(PlanAt(p.Edition.ID.ID)), Modified: p.Edition.Date.Time})
	}
	return list
}

// noIndex reports whether search engines are asked to pass a page over.
func noIndex(p *site.Page) bool { return p.Sample || p.Draft }
