// The stem of an English word in small letters, by Snowball's algorithm (Porter2); the same as internal/stem has in Go.
const pairs = text => text.split(",").map(pair => pair.split(" "))
const own = new Map(pairs("skis ski,skies sky,dying die,lying lie,tying tie,idly idl,gently gentl,ugly ugli,early earli,only onli,singly singl,sky sky,news news,howe howe,atlas atlas,cosmos cosmos,bias bias,andes andes"))
const double = /(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/
const short = word => /[^aeiouy][aeiouy][^aeiouywxY]$|^[aeiouy][^aeiouy]$/u.test(word)
const region = (word, from) => from + (/^.*?[aeiouy][^aeiouy]/u.exec(word.slice(from))?.[0].length ?? word.length - from)

// The endings of a step, longer ones before those that they end with, and what takes their place; the first that fits is
// looked at alone.
const steps = [
	"ational ate,ization ize,fulness ful,ousness ous,iveness ive,tional tion,biliti ble,lessli less,ation ate,alism al,aliti al,ousli ous,iviti ive,fulli ful,entli ent,enci ence,anci ance,abli able,izer ize,ator ate,alli al,bli ble,ogi og,li ",
	"ational ate,tional tion,alize al,icate ic,iciti ic,ative ,ical ic,ness ,ful ",
	"ement ,ance ,ence ,able ,ible ,ment ,ant ,ent ,ism ,ate ,iti ,ous ,ive ,ize ,ion ,al ,er ,ic ",
].map(pairs)

export function stem(word) {
	if (own.has(word)) return own.get(word)
	if ([...word].length < 3) return word
	let w = word.replace(/^y|([aeiouy])y/g, "$1Y")
	const p1 = /^(gener|commun|arsen)/.exec(w)?.[0].length ?? region(w, 0), p2 = region(w, p1)

	if (/sses$/.test(w)) w = w.slice(0, -2)
	else if (/ie[sd]$/.test(w)) w = w.slice(0, [...w].length > 4 ? -2 : -1)
	else if (/[aeiouy].+s$/u.test(w) && !/[us]s$/.test(w)) w = w.slice(0, -1)
	if (/^(inn|out|cann|herr|earr)ing$|^(proc|exc|succ)eed$/.test(w)) return w

	let m
	if ((m = /(eed|eedly)$/.exec(w))) {
		if (m.index >= p1) w = w.slice(0, m.index) + "ee"
	} else if ((m = /(ed|edly|ing|ingly)$/.exec(w)) && /[aeiouy]/.test(w.slice(0, m.index))) {
		w = w.slice(0, m.index)
		if (/(at|bl|iz)$/.test(w)) w += "e"
		else if (double.test(w)) w = w.slice(0, -1)
		else if (p1 >= w.length && short(w)) w += "e"
	}
	w = w.replace(/(.[^aeiouy])[yY]$/u, "$1i")

	steps.forEach((step, i) => {
		const found = step.find(([ending]) => w.endsWith(ending))
		if (!found) return
		const [ending, other] = found, rest = w.slice(0, -ending.length)
		if (rest.length < (i === 2 || ending === "ative" ? p2 : p1)) return
		if (ending === "ogi" && !/l$/.test(rest) || ending === "li" && !/[cdeghkmnrt]$/.test(rest) || ending === "ion" && !/[st]$/.test(rest)) return
		w = rest + other
	})
	if (/e$/.test(w)) {
		if (w.length - 1 >= p2 || w.length - 1 >= p1 && !short(w.slice(0, -1))) w = w.slice(0, -1)
	} else if (/ll$/.test(w) && w.length - 1 >= p2) w = w.slice(0, -1)
	return w.replace(/Y/g, "y")
}
