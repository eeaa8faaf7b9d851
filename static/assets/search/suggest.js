// The search box in a page's header as a combobox with a list (ARIA Authoring Practices Guide, "Combobox Pattern"):
// arrows choose a page, Enter goes there or to all results, Escape closes the list.
import {Asker, element, lang, mark} from "./search.js"

export function start(form) {
	const input = form.q, asker = new Asker(form), {all, none, some} = form.dataset
	const list = element("ul", {role: "listbox", id: "saran", "aria-label": form.querySelector("label").textContent})
	const status = element("p", {role: "status", class: "visually-hidden"})
	list.hidden = true
	form.append(list, status)
	for (const [name, value] of Object.entries({role: "combobox", "aria-controls": "saran", "aria-autocomplete": "list", "aria-expanded": "false"})) input.setAttribute(name, value)
	let active = -1, timer

	const options = () => [...list.querySelectorAll("a")]
	const open = yes => {
		list.hidden = !yes
		input.setAttribute("aria-expanded", yes)
		if (yes) return
		clearTimeout(timer)
		asker.cancel()
		choose(-1)
	}
	const choose = n => {
		active = n
		options().forEach((a, i) => a.setAttribute("aria-selected", i === n))
		if (n < 0) input.removeAttribute("aria-activedescendant")
		else {
			input.setAttribute("aria-activedescendant", "saran-" + n)
			options()[n].scrollIntoView({block: "nearest"})
		}
	}
	const show = async () => {
		const query = input.value.trim()
		if (!query) {
			list.replaceChildren()
			return open(false)
		}
		const found = await asker.ask(async index => {
			const {words, matches} = await index.search(input.value)
			const results = await Promise.all(matches.slice(0, 6).map(m => index.result(m)))
			return {index, words, total: matches.length, results}
		}).catch(() => ({results: [], words: [], failed: true})) // Enter still leads to the page of results, which says more
		if (!found || document.activeElement !== input) return
		const keys = new Set(found.words.flatMap(w => w.keys)), links = found.results.map(r => {
			const section = r.sections[0], a = element("a", {href: asker.href(r, found.words, section?.id)}, r.title)
			if (section) a.append(element("span", {}, section.heading))
			mark(a, found.index, keys)
			return a
		})
		links.push(element("a", {href: form.action + "?" + new URLSearchParams({q: query}), class: "search-all"}, all.replace("%s", () => query)))
		list.replaceChildren(...links.map((a, i) => {
			for (const [name, value] of Object.entries({role: "option", id: "saran-" + i, tabindex: -1})) a.setAttribute(name, value)
			return element("li", {role: "none"}, a)
		}))
		choose(-1)
		open(!found.failed)
		status.textContent = found.total ? some.replace("%s", found.total.toLocaleString(lang)) : found.failed ? "" : none
	}
	input.addEventListener("input", () => {
		clearTimeout(timer)
		choose(-1)
		timer = setTimeout(show, 120)
	})
	input.addEventListener("keydown", e => {
		const n = options().length
		if (e.key === "Escape" && !list.hidden) open(false)
		else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && n) {
			if (list.hidden) open(true)
			choose(e.key === "ArrowDown" ? (active + 2) % (n + 1) - 1 : (active + n + 1) % (n + 1) - 1)
		} else if (e.key === "Enter" && active >= 0) options()[active].click()
		else return
		e.preventDefault()
	})
	list.addEventListener("click", () => open(false))
	form.addEventListener("focusout", e => { if (!form.contains(e.relatedTarget)) open(false) })
	list.addEventListener("mousedown", e => e.preventDefault()) // the box keeps the focus, and the list stays
	if (input.value) show()
}
