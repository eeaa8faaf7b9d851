// Asks the portal's own index and Pagefind's the same queries in Chromium; see compare-search.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import zlib from 'node:zlib'
import { chromium } from 'playwright-core'

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css' }
let fetched = 0 // bytes, as a host sends them: texts compressed

function serve(folder) {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    if (name === '/ask.html') { response.setHeader('content-type', types['.html']); response.end('<!doctype html><html lang="id"><title>x</title></html>'); return }
    const file = path.join(folder, name)
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) { response.writeHead(404); response.end(); return }
    const data = fs.readFileSync(file)
    fetched += ['.js', '.json', '.css'].includes(path.extname(file)) ? zlib.gzipSync(data, { level: 9 }).length : data.length
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' })
    response.end(data)
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

// What runs in the page: the addresses of the first ten pages that answer a query.
const ours = async query => {
  await Promise.all(['box', 'page'].map(name => fetch(`/assets/search/${name}.js`)))
  const { Index } = await import('/assets/search/search.js')
  const index = await Index.open('/cari/indeks/')
  const { matches } = await index.search(query)
  return (await Promise.all(matches.slice(0, 10).map(m => index.result(m)))).map(r => r.url)
}
const pagefinds = async query => {
  const pagefind = await import('/pagefind/pagefind.js')
  await pagefind.init()
  const { results } = await pagefind.search(query)
  return (await Promise.all(results.slice(0, 10).map(r => r.data()))).map(r => r.url.slice(1))
}

const addresses = folder => {
  const unpack = name => JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(folder, 'cari/indeks', name))))
  const m = unpack('manifest.bin')
  return m.first.flatMap((_, i) => unpack(`${m.blocks.slice(Math.floor(i / m.groups[1]) * 8).slice(0, 8)}/${i % m.groups[1]}.bin`).map(p => p[0]))
}
const below = folder => fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(e => e.isFile()).map(e => fs.statSync(path.join(e.parentPath ?? e.path, e.name)).size)
const sum = list => list.reduce((a, b) => a + b, 0)

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
const all = { ours: [], pagefind: [] }
for (const argument of process.argv.slice(2)) {
  const [name, folder, judged] = argument.split('=')
  const pages = addresses(folder)
  // Pagefind reads finished pages; it is given those that our index has, and their main part only.
  const copy = folder + '-pagefind'
  for (const page of pages) {
    fs.mkdirSync(path.join(copy, page), { recursive: true })
    fs.copyFileSync(path.join(folder, page, 'index.html'), path.join(copy, page, 'index.html'))
  }
  const timed = spawnSync('/usr/bin/time', ['-f', '%e %U %M', 'node_modules/.bin/pagefind', '--site', copy, '--root-selector', 'main', '--silent'], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (timed.status !== 0) throw new Error(timed.stderr)
  const [wall, user, memory] = timed.stderr.trim().split('\n').at(-1).split(' ')
  console.log(`${name}: Pagefind took ${wall} s, ${user} s of CPU time and ${(memory / 1024).toFixed(0)} MB to index ${pages.length} pages`)
  const sizes = { ours: below(path.join(folder, 'cari/indeks')), pagefind: below(path.join(copy, 'pagefind')) }
  let queries
  if (judged) queries = fs.readFileSync(judged, 'utf8').trim().split('\n').map(line => line.split(' | ')).map(([kind, query, wanted]) => ({ kind, query, wanted: wanted.split(' ') }))
  else { // two words by chance from the text of pages, the same every time
    const words = pages.filter((_, i) => i % Math.ceil(pages.length / 40) === 0).map(p => fs.readFileSync(path.join(folder, p, 'index.html'), 'utf8').replace(/[^]*<main|<[^>]*>/g, ' ').match(/\p{L}{5,}/gu))
    queries = words.map((w, i) => ({ kind: 'words', query: `${w[(i * 7919) % w.length]} ${w[(i * 104729) % w.length]}`, wanted: [] }))
  }
  for (const [side, ask, site] of [['ours', ours, folder], ['pagefind', pagefinds, copy]]) {
    const server = await serve(site)
    const answers = []
    for (const q of queries) {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${server.address().port}/ask.html`)
      fetched = 0
      const found = await page.evaluate(ask, q.query)
      const hits = found.map((url, i) => q.wanted.includes(url) ? i + 1 : 0).filter(Boolean)
      answers.push({ ...q, bytes: fetched, recall: q.wanted.length ? hits.length / q.wanted.length : 1, rank: hits.length ? 1 / hits[0] : 0 })
      await context.close()
    }
    server.close()
    if (judged) all[side].push(...answers)
    report(`${name} ${side}`, answers, !!judged)
    console.log(`${' '.repeat(24)} index: ${sizes[side].length} files, ${(sum(sizes[side]) / 1024).toFixed(0)} KB, for ${pages.length} pages`)
  }
}
for (const side of ['ours', 'pagefind']) {
  report(`all ${side}`, all[side], true)
  for (const kind of new Set(all[side].map(a => a.kind))) report(`  ${kind}`, all[side].filter(a => a.kind === kind), true)
}
await browser.close()

function report(name, answers, judged) {
  if (!answers.length) return
  const mean = key => sum(answers.map(a => a[key])) / answers.length
  console.log(`${name.padEnd(24)} ${String(answers.length).padStart(3)} queries` + (judged ? `, recall at 10 ${mean('recall').toFixed(3)}, mean reciprocal rank ${mean('rank').toFixed(3)}` : '') +
    `, fetched by a first query ${(mean('bytes') / 1024).toFixed(1)} KB, at most ${(Math.max(...answers.map(a => a.bytes)) / 1024).toFixed(1)} KB`)
}
