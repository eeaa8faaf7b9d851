// Follows every link of finished portals: node links.mjs NAME=FOLDER...
//
// Serves each folder at the path of its base URL and lets LinkChecker follow what its pages and stylesheets name. What
// programs read (feeds, calendars, data, sitemap, JSON-LD), and pages that no page names, LinkChecker does not find: their
// addresses stand on a page of our own. Nothing outside of this machine is asked.
import fs from 'node:fs'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { baseOf, serve } from './serve.mjs'

const escape = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
const list = '/-/addresses.html'

// The absolute addresses of the portal in its files, and those of its pages: [address, where it stands].
function addresses(folder, base) {
  const found = new Map()
  const add = (address, where) => { if (!found.has(address)) found.set(address, where) }
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name), where = path.relative(folder, file)
    if (!entry.isFile() || where.startsWith('.')) continue
    if (entry.name.endsWith('.html')) add(base + where.replace(/(^|\/)index\.html$/, '$1'), 'the folder')
    if (!/\.(html|xml|ics|json|jsonld|txt|csv)$/.test(entry.name)) continue
    let text = fs.readFileSync(file, 'utf8')
    if (entry.name.endsWith('.ics')) text = text.replace(/\r\n[ \t]/g, '')
    for (let at = text.indexOf(base); at >= 0; at = text.indexOf(base, at + 1)) {
      const address = text.slice(at).match(/^[^\s"'<>\\&#{}();,]*/)[0]
      if (!address.endsWith('?q=')) add(address, where)
    }
  }
  return found
}

let failed = false
for (const argument of process.argv.slice(2)) {
  const [name, folder] = argument.split('=')
  const base = baseOf(folder), at = new URL(base).pathname
  const links = addresses(folder, base)
  const extra = { [list]: `<!doctype html><title>addresses</title>${[...links].map(([address, where]) => `<a href="${escape(address)}">${escape(where)}</a>\n`).join('')}` }
  const server = await serve(folder, { at, here: true, extra })
  const root = `http://127.0.0.1:${server.address().port}`
  console.log(`${name}: the portal at ${at}, and ${links.size} addresses that its files name`)
  const code = await new Promise(resolve => spawn('linkchecker', ['--no-status', '-f', path.join(import.meta.dirname, 'linkcheckerrc'), root + at, root + list], { stdio: 'inherit' }).on('close', resolve).on('error', error => { console.error(String(error)); resolve(1) }))
  server.close()
  if (code !== 0) { failed = true; console.error(`${name}: LinkChecker ends with ${code}`) }
}
process.exit(failed || process.argv.length < 3 ? 1 : 0)
