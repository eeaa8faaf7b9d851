package site

// Own is the page itself: what all nodes of the graph have in common.
func (p *Page) Own() *Page { return p }

// Own is the page of the indicator's quick win.
func (i *Indicator) Own() *Page { return i.Win.Page }

// Key is the indicator's id in the whole portal.
func (i *Indicator) Key() string { return i.Win.ID + "#" + i.ID.ID }

// Permalink is the full address of the indicator's place on the page of its quick win.
func (i *Indicator) Permalink() string { return i.Win.Permalink() + "#" + i.Anchor() }
