// The page of results: answers as one types, keeps the query in the address, narrows and orders what was found.
import {Asker, element, lang, mark, mayFetch, split} from "./search.js"

const perPage = 10
const groups = ["kind", "status", "dimension", "agency", "year"]

export function start(form) {
	const input = form.q, asker = new Asker(form), words = JSON.parse(form.dataset.words)
	const [status, meant, tools, order, filters, list, more, index, lead] = ["keadaan-cari", "maksud", "alat", "urutan", "saringan", "hasil", "lagi", "indeks", "petunjuk"].map(id => document.getElementById(id))
	const say = (key, ...values) => values.reduce((text, value) => text.replace("%s", () => value.toLocaleString(lang)), words[key])
	let state = read(), submitted = state.q, found, shown, timer, excerpts

	function read() {
		const p = new URLSearchParams(location.search)
		return {q: p.get("q") ?? "", sort: p.get("sort") ?? "", chosen: new Map(groups.map(g => [g, new Set(p.getAll(g))]))}
	}
	// address is where a query stands, with the order and the filters of now.
	function address(q = state.q) {
		const p = new URLSearchParams()
		if (q) p.set("q", q)
		if (state.sort) p.set("sort", state.sort)
		for (const [group, ids] of state.chosen) for (const id of ids) p.append(group, id)
		return location.pathname + (`${p}` && "?" + p)
	}

	const narrowed = () => groups.some(g => state.chosen.get(g).size)
	async function search() {
		excerpts?.abort()
		const query = state.q
		if (!query.trim()) {
			asker.cancel()
			return draw(null)
		}
		if (!found) status.textContent = say("loading")
		try {
			const answer = await asker.ask(async index => {
				const answer = {index, ...await index.search(query)}
				if (filters.open || narrowed()) {
					answer.facets = await index.facets()
					for (const [group, ids] of state.chosen) for (const id of ids) if (!answer.facets.some(f => f.name === group && f.id === id)) ids.delete(id)
				}
				answer.results = await Promise.all(ordered(answer).slice(0, perPage).map(m => index.result(m)))
				return answer
			})
			if (!answer) return
			draw(answer)
			suggest(answer)
		} catch {
			draw(null)
			status.textContent = say("failed")
		}
	}
	const has = (facets, group, doc) => {
		const ids = state.chosen.get(group)
		return !ids.size || facets.some(f => f.name === group && ids.has(f.id) && f.docs.has(doc))
	}
	function ordered({matches, facets}) {
		if (narrowed()) matches = matches.filter(m => groups.every(g => has(facets, g, m.doc)))
		return state.sort ? [...matches].sort((a, b) => b.doc - a.doc) : matches
	}

	// draw shows an answer; null: there is none.
	function draw(answer) {
		const held = list.contains(document.activeElement)
		found = answer
		for (const a of document.querySelectorAll("[data-lang] a")) a.search = state.q && "?" + new URLSearchParams({q: state.q})
		lead.hidden = index.hidden = !!found
		tools.hidden = !found?.matches.length
		meant.replaceChildren()
		list.replaceChildren()
		more.hidden = true
		status.textContent = ""
		if (held) input.focus()
		if (!found) return
		shown = ordered(found)
		const query = found.words.reduce((query, w) => w.meant ? replaced(w.typed, w.meant, query) : query, state.q.trim())
		status.textContent = shown.length > 1 ? say("some", shown.length, query) : say(shown.length ? "one" : found.matches.length ? "narrowed" : found.words.length ? "none" : "function", query)
		index.hidden = !tools.hidden
		filters.open ||= narrowed()
		for (const w of found.words) {
			if (w.meant) link(say("instead", w.typed), w.typed, w.meant)
			if (w.completed.length) meant.append(element("p", {}, say("completed", w.completed.join(", "))))
		}
		drawFilters()
		add(found.results)
	}
	const replaced = (typed, other, query = state.q) => query.replace(/[\p{L}\p{M}\p{N}'’]+/gu, word => split(word, lang).includes(typed) ? other : word)
	// link says a sentence with a link to the query in which another word stands.
	function link(text, typed, other) {
		const [before, after] = text.split("%s")
		meant.append(element("p", {}, before, element("a", {href: address(replaced(typed, other))}, other), after))
	}
	function add(results) {
		const keys = new Set(found.words.flatMap(w => w.keys)), from = list.children.length
		for (const r of results) {
			const facts = [words["kind." + r.kind], r.state && words["status." + r.state], r.date && new Date(r.date).toLocaleDateString(lang, {dateStyle: "long", timeZone: "UTC"})]
			const item = element("li", {class: "hit"}, element("h2", {}, element("a", {href: asker.href(r, found.words)}, r.title)),
				element("p", {class: "quiet"}, facts.filter(Boolean).join(" · ")), element("p", {}, r.summary))
			if (r.sections.length) item.append(element("ul", {}, ...r.sections.map(s => element("li", {}, element("a", {href: asker.href(r, found.words, s.id)}, s.heading)))))
			mark(item, found.index, keys)
			list.append(item)
		}
		const left = shown.length - list.children.length
		more.hidden = left <= 0
		more.textContent = say("more", left)
		if (!from && mayFetch()) excerpt(results.slice(0, 3), keys)
	}

	// excerpt fetches pages and shows a passage around the words under each.
	function excerpt(results, keys) {
		const {signal} = excerpts = new AbortController(), {index} = found
		results.forEach(async (r, i) => {
			try {
				const response = await fetch(new URL("../" + r.url, form.action), {signal})
				if (!response.ok) return
				const main = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main"), passage = element("p")
				let most = 0, best
				for (const block of main.querySelectorAll("p:not(.lead), li, dd, td")) {
					passage.textContent = block.textContent.replace(/\s+/g, " ").trim()
					mark(passage, index, keys)
					const marks = passage.querySelectorAll("mark"), kinds = new Set([...marks].map(m => m.textContent.toLowerCase())).size
					if (!block.querySelector("p, li") && kinds > most && !r.summary.includes(passage.textContent)) [most, best] = [kinds, cut(passage.textContent, marks[0].textContent)]
				}
				if (!best || signal.aborted) return
				const p = element("p", {class: "excerpt"}, best)
				mark(p, index, keys)
				list.children[i].querySelector("p:not(.quiet)").after(p)
			} catch {} // the answer stands without it
		})
	}
	// cut is the passage around a word, cut between words.
	function cut(text, word) {
		const at = text.indexOf(word), from = at < 120 ? 0 : text.indexOf(" ", at - 80) + 1, to = text.length < from + 220 ? text.length : text.lastIndexOf(" ", from + 220)
		return (from ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "")
	}

	// suggest tells of a much commoner word that a rare one may have been meant to be.
	async function suggest(answer) {
		if (answer.matches.length > 3 || !mayFetch()) return
		for (const w of answer.words) {
			const other = await answer.index.rival(w).catch(() => "")
			if (other && answer === found) link(say("rival"), w.typed, other)
		}
	}

	// drawFilters counts, for each value, the results that it would leave.
	function drawFilters() {
		const {facets, matches} = found, held = document.activeElement
		if (!facets) return
		filters.querySelectorAll("fieldset").forEach(f => f.remove())
		for (const [group, chosen] of state.chosen) {
			const docs = matches.filter(m => groups.every(g => g === group || has(facets, g, m.doc)))
			const values = facets.filter(f => f.name === group).map(f => ({...f, n: docs.filter(m => f.docs.has(m.doc)).length})).filter(f => f.n || chosen.has(f.id))
			values.sort((a, b) => group === "year" ? b.id - a.id : b.n - a.n)
			if (values.length < 2 && !chosen.size) continue
			filters.append(element("fieldset", {}, element("legend", {}, words["filter." + group]), ...values.map(f => {
				const box = element("input", {type: "checkbox", name: group, value: f.id})
				box.checked = chosen.has(f.id)
				return element("label", {}, box, ` ${f.label || words[`${group}.${f.id}`] || f.id} `, element("span", {class: "count"}, f.n.toLocaleString(lang)))
			})))
		}
		if (!held.isConnected) [...filters.querySelectorAll("input")].find(i => i.name === held.name && i.value === held.value)?.focus()
	}

	const changed = () => {
		history.replaceState(null, "", address())
		search()
	}
	// typed takes the box's words. What was submitted before stays a step back; what is only typed does not.
	function typed() {
		clearTimeout(timer)
		if (state.q === input.value) return
		if (submitted && state.q === submitted) history.pushState(null, "")
		state.q = input.value
		changed()
	}
	input.addEventListener("input", () => {
		clearTimeout(timer)
		timer = setTimeout(typed, 150)
	})
	form.addEventListener("submit", e => {
		e.preventDefault()
		typed()
		submitted = state.q
		if (!found) search()
	})
	order.addEventListener("change", e => { state.sort = e.target.value; changed() })
	filters.addEventListener("toggle", () => { if (filters.open && found && !found.facets) search() })
	filters.addEventListener("change", ({target: {name, value, checked}}) => {
		state.chosen.get(name)[checked ? "add" : "delete"](value)
		changed()
	})
	more.addEventListener("click", async () => {
		const n = list.children.length, answer = found
		try {
			const results = await Promise.all(shown.slice(n, n + perPage).map(m => answer.index.result(m)))
			if (answer !== found || n !== list.children.length) return
			add(results)
			list.children[n].querySelector("a").focus()
		} catch {
			asker.index = null // of another build by now
			if (answer === found) search()
		}
	})
	// Arrows lead from the box through the results, Escape back to the box.
	document.querySelector("main").addEventListener("keydown", e => {
		const stops = [input, ...list.querySelectorAll("h2 a")], at = stops.indexOf(document.activeElement)
		const to = e.key === "ArrowDown" ? at + 1 : e.key === "ArrowUp" ? at - 1 : e.key === "Escape" && at > 0 ? 0 : -1
		if (at < 0 || !stops[to] || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return
		e.preventDefault()
		stops[to].focus()
	})
	addEventListener("popstate", () => {
		if (location.pathname + location.search === address()) return // only a place on the page
		state = read()
		submitted = state.q
		fill()
		search()
	})
	function fill() {
		input.value = state.q
		for (const radio of order.querySelectorAll("input")) radio.checked = radio.value === state.sort
	}
	if (input.value) state.q = input.value // typed while this was being fetched
	fill()
	changed()
}
