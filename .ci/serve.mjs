// A host of finished portals, for the checkers: it answers on a free port of this machine, and with the headers that the
// portal's own _headers file asks for.
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'

const types = { '.js': 'text/javascript; charset=utf-8', '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.json': 'application/json', '.jsonld': 'application/ld+json', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8', '.csv': 'text/csv; charset=utf-8', '.ics': 'text/calendar; charset=utf-8' }

// The address at which a portal says that it is published: the folder of its sitemap.
export function baseOf(folder) {
  const found = fs.readFileSync(path.join(folder, 'robots.txt'), 'utf8').match(/^Sitemap: (\S*\/)sitemap\.xml$/m)
  if (!found) throw new Error(`${folder}/robots.txt names no sitemap`)
  return found[1]
}

// The rules of a _headers file, as Netlify and Cloudflare read it: [a pattern of paths, {name: value}].
export function headersOf(folder) {
  const rules = []
  for (const line of fs.readFileSync(path.join(folder, '_headers'), 'utf8').split('\n')) {
    if (line.startsWith('/')) rules.push([new RegExp('^' + line.trim().replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replace(/:\w+/g, '[^/]+') + '$'), {}])
    else if (line.trim() !== '' && !line.startsWith('#')) {
      const [, name, value] = line.match(/^\s+([\w-]+):\s*(.*)$/) ?? []
      if (!name || rules.length === 0) throw new Error(`${folder}/_headers: not understood: ${line}`)
      rules.at(-1)[1][name] = value
    }
  }
  return rules
}

// Serves a folder at a path that begins and ends with a slash. What else is to be served comes from extra: path → HTML.
// With here, the text files name the server's own address wherever they name the portal's.
export function serve(folder, { at = '/', here = false, extra = {} } = {}) {
  const rules = headersOf(folder), base = baseOf(folder)
  const server = http.createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    // LinkChecker asks faster than ten times a second only where a server invites it to by a header of its name.
    const headers = Object.assign({ 'LinkChecker': 'welcome' }, ...rules.filter(([pattern]) => pattern.test(asked)).map(([, set]) => set))
    const answer = (status, type, body) => {
      if (here && /^text|xml|json|svg/.test(type)) body = body.toString().replaceAll(base, `http://127.0.0.1:${server.address().port}${at}`)
      response.writeHead(status, { ...headers, 'content-type': type })
      response.end(body)
    }
    if (extra[asked]) { answer(200, types['.html'], extra[asked]); return }
    // A host sends who asks for a folder without a slash on to the one with it; no link of ours may need that.
    const file = path.join(folder, asked.slice(at.length), asked.endsWith('/') ? 'index.html' : '')
    if (asked.startsWith(at) && fs.statSync(file, { throwIfNoEntry: false })?.isFile()) answer(200, types[path.extname(file)] ?? 'application/octet-stream', fs.readFileSync(file))
    else answer(404, types['.txt'], '')
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}
