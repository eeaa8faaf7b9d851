// Asking the portal's index of words, and marking words. The index is read file by file as a query needs them:
// internal/search writes it, and its read.go does the same in Go.
const decoder = new TextDecoder()
export const lang = document.documentElement.lang

export class Index {
	loading = new Map() // files under way, with what stops them
	files = new Map()

	// base is the address of the index's folder; cache says whether what the browser has kept of an older build is taken.
	static async open(base, cache = "no-cache") {
		const x = new Index()
		x.base = base
		x.stem = (await import(`./stem-${lang}.js`)).stem
		const m = x.manifest = JSON.parse(decoder.decode(await x.file("manifest.bin", cache)))
		if (m.v !== 2) throw new Error("another build")
		x.alias = new Map(Object.entries(m.alias))
		x.functionWords = new Set(m.function)
		let last = "", n = 0
		x.starts = m.shards ? m.terms.split("\n").map((line, i) => {
			if (line) last = last.slice(0, parseInt(line[0], 36)) + line.slice(1)
			return {term: last, further: i > 0 && !line}
		}) : []
		x.firsts = m.first.map(pages => (n += pages) - pages)
		return x
	}

	// file is the unpacked bytes of a file; each is asked for once.
	file(name, cache = "default") {
		let file = this.files.get(name)
		if (!file) {
			const stop = new AbortController()
			this.loading.set(name, stop)
			file = fetch(this.base + name, {cache, signal: stop.signal}).then(async response => {
				if (!response.ok) throw new Error(name + ": " + response.status)
				const data = new Uint8Array(await response.arrayBuffer())
				if (data[0] !== 0x1f || data[1] !== 0x8b) return data // a host that unpacked it
				return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer())
			}).finally(() => this.loading.delete(name))
			file.catch(() => this.files.delete(name))
			this.files.set(name, file)
		}
		return file
	}

	// decoded is what a numbered file holds, decoded once.
	async decoded(name, decode) {
		const data = await this.file(name)
		return data.decoded ??= decode(data)
	}

	key(word) {
		const term = this.stem(word)
		return this.alias.get(term) ?? term
	}

	// shards are the names of the files in which a term may stand.
	shards(term) {
		let after = this.starts.findIndex(s => before(term, s.term))
		if (after < 0) after = this.starts.length
		let first = after - 1
		while (this.starts[first]?.further) first--
		return range(Math.max(first, 0), after).map(i => numbered(this.manifest.shards, i, this.manifest.groups[0]))
	}

	async postings(term) {
		const parts = await Promise.all(this.shards(term).map(name => this.decoded(name, shard)))
		return parts.flatMap(lists => lists.get(term) ?? [])
	}

	async page(n) {
		let at = 0
		while (this.firsts[at + 1] <= n) at++
		const pages = await this.decoded(numbered(this.manifest.blocks, at, this.manifest.groups[1]), data => JSON.parse(decoder.decode(data)))
		return pages[n - this.firsts[at]]
	}

	// search ranks the pages that have words of a query: [{doc, matched, score, sections}], best first. It stops what an
	// earlier query has asked for and this one does not need.
	async search(query) {
		const words = []
		query = [...query].slice(0, 1000).join("")
		for (const typed of split(query, this.manifest.lang)) {
			const key = this.key(typed)
			if (!this.functionWords.has(typed) && words.length < 12 && !words.some(w => w.key === key)) words.push({typed, key, completed: [], meant: ""})
		}
		const needed = new Set([...this.facetShards(), ...words.flatMap(w => this.shards(w.key))])
		for (const [name, stop] of this.loading) if (!needed.has(name)) stop.abort()
		const matches = new Map()
		const lists = await Promise.all(words.map((word, i) => this.look(word, i + 1 === words.length && /[\p{L}\p{N}]$/u.test(query))))
		lists.forEach((lists, i) => {
			const best = new Map()
			for (const list of lists) {
				const idf = Math.log(1 + (this.manifest.n - list.length + .5) / (list.length + .5))
				for (const [doc, impact, sections] of list) {
					let m = matches.get(doc)
					if (!m) matches.set(doc, m = {doc, matched: 0, score: 0, sections: new Map()})
					const had = best.get(doc), score = Math.max(had ?? 0, idf * impact / 15)
					if (had === undefined) m.matched++
					best.set(doc, score)
					m.score += score - (had ?? 0)
					for (const s of sections) m.sections.set(s, (m.sections.get(s) ?? 0) + idf)
				}
			}
			words[i].pages = best.size
		})
		for (const m of matches.values()) m.score *= (m.matched / words.length) ** 2
		return {words, matches: [...matches.values()].sort((a, b) => b.score - a.score || b.doc - a.doc)}
	}

	// look returns the lists that a word stands for, and notes in the word what was looked for instead of it.
	async look(word, open) {
		const list = await this.postings(word.key)
		word.keys = [word.key]
		if (list.length) return [list]
		if (open) word.completed = await this.completions(word.typed)
		if (!word.completed.length) word.meant = (await this.near(word.typed)).word
		word.keys = (word.meant ? [word.meant] : word.completed).map(w => this.key(w))
		return Promise.all(word.keys.map(key => this.postings(key)))
	}

	// result is what a match shows of its page.
	async result(m) {
		const [url, title, summary, kind, date, heads, state] = await this.page(m.doc)
		const sections = [...m.sections].sort((a, b) => b[1] - a[1] || a[0] - b[0]).filter(([i]) => 2 * i < heads.length).slice(0, 3)
			.map(([i]) => ({id: heads[2 * i] || plainID(heads[2 * i + 1]), heading: heads[2 * i + 1]}))
		return {url, title, summary, kind, date, state, sections}
	}

	facetShards() {
		const n = this.starts.findIndex(s => before("\u0002", s.term))
		return range(0, n < 0 ? this.starts.length : n).map(i => numbered(this.manifest.shards, i, this.manifest.groups[0]))
	}

	// facets are what pages have in common: [{name, id, label, docs}].
	async facets() {
		const shards = await Promise.all(this.facetShards().map(name => this.decoded(name, shard)))
		const facets = new Map()
		for (const [term, list] of shards.flatMap(lists => [...lists])) {
			if (term[0] !== "\u0001") continue
			const [name, id, label] = term.slice(1).split("\t")
			if (!facets.has(term)) facets.set(term, {name, id, label, docs: new Set()})
			for (const [doc] of list) facets.get(term).docs.add(doc)
		}
		return [...facets.values()]
	}

	// completions are words of the portal that start as a word does that is still being typed.
	async completions(start) {
		if ([...start].length < 3) return []
		const {from, starts, groups} = this.manifest, words = [], keys = new Set()
		const files = range(0, from.length).filter(i => !(i + 1 < from.length && !before(start, from[i + 1])) && (!before(start, from[i]) || from[i].startsWith(start)))
		const lists = await Promise.all(files.map(i => this.decoded(numbered(starts, i, groups[0]), spelling)))
		for (const [word] of lists.flat().filter(([word]) => word.startsWith(start)).sort((a, b) => b[1] - a[1])) {
			const key = this.key(word)
			if (words.length < 6 && !keys.has(key)) words.push(word)
			keys.add(key)
		}
		return words
	}

	// near is the word of the portal that a word was probably meant to be, or "".
	async near(word) {
		const letters = [...word], at = Math.min(letters.length, 18) - 3
		let best = {word: "", weight: -1}
		for (let edits = 1; at >= 0 && edits <= (letters.length < 7 ? 1 : 2) && !best.word; edits++) {
			const lengths = range(Math.max(at - edits, 0), Math.min(at + edits, 15) + 1)
			for (const list of await Promise.all(lengths.map(i => this.decoded(numbered(this.manifest.words, i, 1), spelling)))) {
				for (const [other, often] of list) {
					const weight = 2 * often + (other[0] === word[0] ? 3 : 0)
					if (other !== word && (weight > best.weight || weight === best.weight && before(other, best.word)) && within(letters, [...other], edits)) best = {word: other, often, weight}
				}
			}
		}
		return best
	}

	// rival is a word that a rare word of a query may have been meant to be: it stands on eight times as many pages.
	async rival(word) {
		if (word.pages < 1 || word.pages > 2 || word.meant || word.completed.length) return ""
		const near = await this.near(word.typed)
		return near.word && 2 ** near.often >= 8 * word.pages && this.key(near.word) !== word.key ? near.word : ""
	}
}

const range = (from, to) => Array.from({length: to - from}, (_, i) => from + i)
const numbered = (folders, n, size) => folders.substr(Math.floor(n / size) * 8, 8) + "/" + n % size + ".bin"

// before compares by code points, as UTF-8 does by bytes.
function before(a, b) {
	const as = [...a], bs = [...b], i = as.findIndex((letter, i) => letter !== bs[i])
	return i < 0 ? as.length < bs.length : as[i].codePointAt() < bs[i]?.codePointAt()
}

// split cuts a text into words as the index has them.
export function split(text, lang) {
	text = text.normalize("NFKD").toLowerCase().replace(/[’ʼ‘]/g, "'").replace(/ς/g, "σ").replace(/\p{M}/gu, "")
	return (text.match(/\p{N}+(?:[.,]\d{3}(?!\p{N}))*|\p{L}+(?:'\p{L}+)*/gu) ?? [])
		.map(w => (/^\p{N}/u.test(w) ? w.replace(/[.,]/g, "") : (lang === "en" ? w.replace(/'s$/, "") : w).replace(/'/g, "")))
		.filter(w => !/^[a-z]?$/.test(w))
}

const plainID = heading => (heading.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join("-")

// What a file holds is read to its last byte, and no further: anything else is another file.
function reader(data) {
	let at = 0
	return {
		number() {
			let value = 0, unit = 1, byte
			do {
				if (at >= data.length) throw new Error("cut off")
				byte = data[at++]
				value += (byte & 127) * unit
				unit *= 128
			} while (byte > 127)
			return value
		},
		bytes(n) {
			if ((at += n) > data.length) throw new Error("cut off")
			return data.subarray(at - n, at)
		},
		count() {
			const n = this.number()
			if (n > data.length) throw new Error("cut off")
			return n
		},
		end() {
			if (at < data.length) throw new Error("too long")
		},
	}
}

// Terms and words share their first bytes with the one before; letters may be cut in two.
function fronted() {
	let last = new Uint8Array()
	return (shared, rest) => {
		const whole = new Uint8Array(shared + rest.length)
		whole.set(last.subarray(0, shared))
		whole.set(rest, shared)
		return decoder.decode(last = whole)
	}
}

function shard(data) {
	const r = reader(data), next = fronted()
	const terms = range(0, r.count()).map(() => next(r.number(), r.bytes(r.number())))
	const lists = terms.map(() => Array(r.count()))
	for (const list of lists) {
		let doc = -1
		for (let i = 0; i < list.length; i++) list[i] = [doc += r.number() + 1, 0, []]
	}
	const several = []
	for (const list of lists) {
		const packed = r.bytes(list.length)
		list.forEach((p, i) => {
			p[1] = packed[i] & 15
			if (packed[i] >> 4 === 15) several.push(p)
			else if (packed[i] >> 4) p[2] = [(packed[i] >> 4) - 1]
		})
	}
	for (const p of several) {
		for (let set = r.number(), i = 0; set; set = Math.floor(set / 2), i++) if (set % 2) p[2].push(i)
	}
	r.end()
	return new Map(terms.map((term, i) => [term, lists[i]]))
}

function spelling(data) {
	const r = reader(data), next = fronted(), n = r.count(), heads = r.bytes(n)
	const lengths = range(0, n).map(() => r.number())
	const words = lengths.map((length, i) => [next(heads[i] & 15, r.bytes(length)), heads[i] >> 4])
	r.end()
	return words
}

// within reports whether a becomes b by at most so many edits (the optimal string alignment distance).
function within(a, b, edits) {
	if (Math.abs(a.length - b.length) > edits) return false
	let before = [], last = range(0, b.length + 1)
	for (let i = 1; i <= a.length; i++) {
		const row = [i]
		for (let j = 1; j <= b.length; j++) {
			row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]))
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
		}
		if (Math.min(...row) > edits) return false;
		[before, last] = [last, row]
	}
	return last[b.length] <= edits
}

export const element = (name, attributes = {}, ...children) => {
	const e = document.createElement(name)
	for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value)
	e.append(...children)
	return e
}
export const mayFetch = () => !navigator.connection?.saveData && !matchMedia("(prefers-reduced-data: reduce)").matches

// Asker asks the index of a form's language. Where a file is missing or of another build, the index is read anew, once.
export class Asker {
	constructor(form) {
		this.root = form.action
	}

	// cancel makes what is under way answer nothing.
	cancel() {
		this.newest = null
	}

	// ask calls question with the index. It returns null where a later question has taken this one's place.
	async ask(question) {
		const asked = this.newest = {}
		for (const cache of ["no-cache", "reload"]) {
			try {
				const answer = await question(await (this.index ??= Index.open(this.root + "indeks/", cache)))
				return asked === this.newest ? answer : null
			} catch (error) {
				if (asked !== this.newest) return null
				this.index = null
				if (cache === "reload") throw error
			}
		}
	}

	// href is the address of a result. Its fragment, which no server sees, says what to mark on the page.
	href(result, words, id) {
		const looked = words.flatMap(w => w.meant || (w.completed.length ? w.completed : w.typed)).join(" ")
		return new URL("../" + result.url, this.root) + "#" + (id ? encodeURIComponent(id) + "&" : "") + "cari=" + encodeURIComponent(looked)
	}
}

// mark puts a mark around the words below an element whose terms are among the keys.
export function mark(root, index, keys) {
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = []
	while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("script, style, svg, mark, form, .visually-hidden")) texts.push(walker.currentNode)
	for (const text of texts) {
		const parts = []
		let at = 0
		for (const m of text.data.matchAll(/\p{N}+(?:[.,]\d{3})*|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu)) {
			if (!split(m[0], lang).some(w => keys.has(index.key(w)))) continue
			parts.push(text.data.slice(at, m.index), element("mark", {}, m[0]))
			at = m.index + m[0].length
		}
		if (parts.length) text.replaceWith(...parts, text.data.slice(at))
	}
}

// landed marks words on the page that a result led to, and gives the page its plain address back.
export async function landed(form, id, words) {
	const main = document.querySelector("main")
	for (const old of main.querySelectorAll("mark")) old.replaceWith(...old.childNodes)
	main.normalize()
	if (id) location.replace("#" + id)
	else history.replaceState(null, "", location.pathname + location.search)
	words = decodeURIComponent(words)
	const index = await Index.open(form.action + "indeks/")
	mark(main, index, new Set(split(words.slice(0, 1000), lang).filter(w => !index.functionWords.has(w)).map(w => index.key(w))))
}
