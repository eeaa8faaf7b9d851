package export

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// rewrite changes attributes of the elements of a text of HTML or XHTML, and leaves every other byte as it is.
func rewrite(text []byte, change func(element, attribute, value string) string) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken { // the end: a reader of bytes fails with nothing else
			out.Write(z.Raw())
			return out.Bytes()
		}
		raw := bytes.Clone(z.Raw())
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.Write(raw)
			continue
		}
		token := z.Token()
		for _, a := range token.Attr {
			if a.Key != "href" && a.Key != "src" {
				continue
			}
			if to := change(token.Data, a.Key, a.Val); to != a.Val {
				raw = replace(raw, a.Key, a.Val, to)
			}
		}
		out.Write(raw)
	}
}

// replace replaces the value of an attribute in a tag, which is written with double quotes as our renderers do.
func replace(tag []byte, key, from, to string) []byte {
	for _, written := range []string{html.EscapeString(from), strings.ReplaceAll(from, "&", "&amp;"), from} {
		before := []byte(` ` + key + `="` + written + `"`)
		if bytes.Contains(tag, before) {
			return bytes.Replace(tag, before, []byte(` `+key+`="`+html.EscapeString(to)+`"`), 1)
		}
	}
	return tag
}

// outward makes the links of a page lead to the portal as it is published, wherever the page itself is read. Pictures and
// stylesheets stay where they are.
func (p *Portal) outward(page []byte) []byte {
	return rewrite(page, func(element, attribute, value string) string {
		if element == "a" && strings.HasPrefix(value, "/") {
			return p.absolute(value)
		}
		return value
	})
}
