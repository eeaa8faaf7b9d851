// On every page: the key / leads to the search box, the box answers once it is used, and words that were searched for
// are marked on the page that they led to. What answers is fetched only then.
const form = document.querySelector(".search")
const load = name => Promise.all([`./${name}.js`, "./search.js", `./stem-${document.documentElement.lang}.js`].map(m => import(m))).then(([module]) => module)

// Who speaks to the computer can switch the key off, on the page of results (WCAG 2.2, 2.1.4).
const key = document.getElementById("garis-miring")
let on = true
try {
	on = localStorage.slash !== "off"
	if (key) {
		key.checked = on
		key.onchange = () => { localStorage.slash = (on = key.checked) ? "" : "off" }
	}
} catch {} // no storage: it stays on
addEventListener("keydown", e => {
	if (!on || !form || e.key !== "/" || e.ctrlKey || e.metaKey || e.target.closest?.("input, textarea, select, [contenteditable]")) return
	e.preventDefault()
	form.q.focus()
	form.q.select()
})
if (form && globalThis.DecompressionStream) {
	const arm = () => form.addEventListener("focusin", () => load("suggest").then(m => m.start(form)).catch(arm), {once: true})
	const land = () => {
		const [, id, words] = /^#(?:(.*)&)?cari=(.+)/.exec(location.hash) ?? []
		if (words) load("search").then(m => m.landed(form, id, words)).catch(() => {})
	}
	// Without what answers, the form still leads to the list of all pages.
	if (form.dataset.words) load("page").then(m => m.start(form)).catch(() => {})
	else arm()
	land()
	addEventListener("hashchange", land)
}
