// The portal's index of words, read file by file as a query needs them: internal/search writes it, and its read.go does
// the same in Go.
const decoder = new TextDecoder()

export class Index {
	// base is the address of the index's folder; stem brings words of its language to their stems.
	static async open(base, stem) {
		const x = new Index()
		Object.assign(x, {base, stem, files: new Map()})
		const m = x.manifest = JSON.parse(decoder.decode(await x.file("manifest.bin", "no-cache")))
		if (m.v !== 1) throw new Error("another build")
		x.alias = new Map(Object.entries(m.alias ?? {}))
		x.functionWords = new Set(m.function)
		let last = "", n = 0
		x.starts = m.terms.split("\n").map((line, i) => {
			if (line) last = last.slice(0, parseInt(line[0], 36)) + line.slice(1)
			return {term: last, further: i > 0 && !line}
		})
		x.firsts = m.first.map(pages => (n += pages) - pages)
		return x
	}

	// file is the unpacked bytes of a file; each is asked for once.
	file(name, cache = "default") {
		let file = this.files.get(name)
		if (!file) {
			file = fetch(this.base + name, {cache}).then(async response => {
				if (!response.ok) throw new Error(name + ": " + response.status)
				const data = new Uint8Array(await response.arrayBuffer())
				if (data[0] !== 0x1f || data[1] !== 0x8b) return data // a host that unpacked it
				return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer())
			})
			file.catch(() => this.files.delete(name))
			this.files.set(name, file)
		}
		return file
	}

	// decoded is what a numbered file holds, decoded once.
	async decoded(folders, n, size, decode) {
		const name = folders.substr(Math.floor(n / size) * 8, 8) + "/" + n % size + ".bin"
		const data = await this.file(name)
		return data.decoded ??= decode(data)
	}

	key(word) {
		const term = this.stem(word)
		return this.alias.get(term) ?? term
	}

	async postings(term) {
		if (!this.manifest.shards) return []
		let after = this.starts.findIndex(s => before(term, s.term))
		if (after < 0) after = this.starts.length
		let first = after - 1
		while (this.starts[first].further) first--
		const parts = await Promise.all(range(first, after).map(i => this.decoded(this.manifest.shards, i, 8, shard)))
		return parts.flatMap(lists => lists.get(term) ?? [])
	}

	async page(n) {
		let at = this.firsts.findLastIndex(first => first <= n)
		const pages = await this.decoded(this.manifest.blocks, at, 16, data => JSON.parse(decoder.decode(data)))
		return pages[n - this.firsts[at]]
	}

	// search ranks the pages that have words of a query: [{doc, matched, score, sections}], best first.
	async search(query) {
		const words = []
		for (const typed of split(query.slice(0, 1000), this.manifest.lang)) {
			const key = this.key(typed)
			if (!this.functionWords.has(typed) && words.length < 12 && !words.some(w => w.key === key)) words.push({typed, key, meant: ""})
		}
		const matches = new Map()
		const lists = await Promise.all(words.map(async word => {
			let list = await this.postings(word.key)
			if (!list.length && (word.meant = await this.meant(word.typed))) list = await this.postings(this.key(word.meant))
			return list
		}))
		lists.forEach((list, i) => {
			words[i].pages = list.length
			const idf = Math.log(1 + (this.manifest.n - list.length + .5) / (list.length + .5))
			for (const [doc, impact, sections] of list) {
				let m = matches.get(doc)
				if (!m) matches.set(doc, m = {doc, matched: 0, score: 0, sections: new Map()})
				m.matched++
				m.score += idf * impact / 15
				for (const s of sections) m.sections.set(s, (m.sections.get(s) ?? 0) + idf)
			}
		})
		for (const m of matches.values()) m.score *= (m.matched / words.length) ** 2
		return {words, matches: [...matches.values()].sort((a, b) => b.score - a.score || b.doc - a.doc)}
	}

	// result is what a match shows of its page.
	async result(m) {
		const [url, title, summary, kind, date, heads] = await this.page(m.doc)
		const sections = [...m.sections].sort((a, b) => b[1] - a[1] || a[0] - b[0]).filter(([i]) => 2 * i < (heads?.length ?? 0)).slice(0, 3)
			.map(([i]) => ({id: heads[2 * i] || plainID(heads[2 * i + 1]), heading: heads[2 * i + 1]}))
		return {url, title, summary, kind, date, sections}
	}

	// meant is the word of the portal that a word was probably meant to be, or "".
	async meant(word) {
		const letters = [...word], at = Math.min(letters.length, 18) - 3
		let best = "", weight = -1
		if (at < 0) return best
		for (let edits = 1; edits <= (letters.length < 7 ? 1 : 2) && !best; edits++) {
			const lengths = range(Math.max(at - edits, 0), Math.min(at + edits, 15) + 1)
			for (const list of await Promise.all(lengths.map(i => this.decoded(this.manifest.words, i, 1, spelling)))) {
				for (const [other, often] of list) {
					const w = 2 * often + (other[0] === word[0] ? 3 : 0)
					if (other !== word && (w > weight || w === weight && before(other, best)) && within(letters, [...other], edits)) [best, weight] = [other, w]
				}
			}
		}
		return best
	}
}

const range = (from, to) => Array.from({length: Math.max(to - from, 0)}, (_, i) => from + i)

// before compares by code points, as UTF-8 does by bytes.
function before(a, b) {
	const as = [...a], bs = [...b]
	for (let i = 0; i < Math.min(as.length, bs.length); i++) if (as[i] !== bs[i]) return as[i].codePointAt() < bs[i].codePointAt()
	return as.length < bs.length
}

// split cuts a text into words as the index has them.
export function split(text, lang) {
	text = text.normalize("NFKD").toLowerCase().replace(/[’ʼ‘]/g, "'").replace(/ς/g, "σ").replace(/\p{M}/gu, "")
	return (text.match(/\p{N}+(?:[.,]\d{3}(?!\p{N}))*|\p{L}+(?:'\p{L}+)*/gu) ?? [])
		.map(w => (/^\p{N}/u.test(w) ? w.replace(/[.,]/g, "") : (lang === "en" ? w.replace(/'s$/, "") : w).replace(/'/g, "")))
		.filter(w => !/^[a-z]?$/.test(w))
}

export const plainID = heading => (heading.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join("-")

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
	const terms = range(0, r.number()).map(() => next(r.number(), r.bytes(r.number())))
	const lists = terms.map(() => Array(r.number()))
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
	return new Map(terms.map((term, i) => [term, lists[i]]))
}

function spelling(data) {
	const r = reader(data), next = fronted(), n = r.number(), heads = r.bytes(n)
	const lengths = range(0, n).map(() => r.number())
	return lengths.map((length, i) => [next(heads[i] & 15, r.bytes(length)), heads[i] >> 4])
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
