// The stem of an Indonesian word in small letters, by Snowball's algorithm; the same as internal/stem does in Go.
const vowels = word => word.replace(/[^aeiou]/g, "").length
const vowel = /^[aeiou]/

export function stem(word) {
	for (const clitic of [/(kah|lah|pun)$/, /(nya|ku|mu)$/]) {
		if (vowels(word) < 3) return word
		word = word.replace(clitic, "")
	}
	let n = vowels(word)
	if (n < 3) return word
	let [kept, rest, kind] = first(word)
	if (kind) {
		if (--n > 2) {
			const bare = suffix(rest, kind)
			if (bare !== rest) {
				rest = bare
				if (--n > 2) rest = second(rest)[0]
			}
		}
		return kept + rest
	}
	[rest, kind] = second(word)
	if (rest !== word) n--
	return n > 2 ? suffix(rest, kind) : rest
}

// Kinds of prefixes: 1 di-, me-, ter-; 2 per-, pe-; 3 ke-, pe- with a nasal; 4 ber-.
function first(word) {
	const m = /^(meny|peny)(?=[aeiou])|^(meng|peng|mem|pem|men|pen|ter|di|ke|me)/.exec(word)
	if (!m) return ["", word, 0]
	const rest = word.slice(m[0].length), swallowed = m[1] ? "s" : /^.em$/.test(m[0]) && vowel.test(rest) ? "p" : ""
	return [swallowed, rest, /^[pk]/.test(m[0]) ? 3 : 1]
}

function second(word) {
	let m
	if (/^[bp]elajar/.test(word)) return [word.slice(3), word[0] === "b" ? 4 : 0]
	if ((m = /^(ber|per|pe)/.exec(word))) return [word.slice(m[0].length), m[0] === "ber" ? 4 : 2]
	return /^be[^aeiou]er/u.test(word) ? [word.slice(2), 4] : [word, 0]
}

function suffix(word, kind) {
	if (word.endsWith("kan") && kind !== 3 && kind !== 2) return word.slice(0, -3)
	if (word.endsWith("an") && kind !== 1) return word.slice(0, -2)
	if (/[^s]i$|^i$/u.test(word) && kind < 3) return word.slice(0, -1)
	return word
}
