// Holds what portals publish for programs against the checkers of others: node machine.mjs NAME=FOLDER...
//
// Data Packages (npm datapackage), JSON-LD of pages (schema-dts by the TypeScript compiler), calendars (ical.js), the
// policy in _headers (csp_evaluator) and the DCAT catalogues (jsonld). No checker may use the network.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import datapackage from 'datapackage'
import evaluator from 'csp_evaluator'
import parser from 'csp_evaluator/dist/parser.js'
import ICAL from 'ical.js'
import jsonld from 'jsonld'
import { headersOf } from './serve.mjs'

net.Socket.prototype.connect = () => { throw new Error('a checker wants to use the network') }

let findings = 0
const found = (where, what) => { findings++; console.error(`${where}: ${what}`) }
const counts = { packages: 0, rows: 0, blocks: 0, shapes: 0, calendars: 0, events: 0, catalogues: 0, policies: 0 }

// The descriptor, each row of each table by its schema, its keys, and what the descriptor tells of the file.
async function checkPackage(file) {
  counts.packages++
  const pack = await datapackage.Package.load(file)
  for (const error of pack.errors) found(file, `${error}`)
  if (pack.resources.length === 0) found(file, 'no resources')
  for (const resource of pack.resources) {
    const where = `${file} ${resource.name}`
    try {
      if (!resource.local || !resource.tabular) throw new Error('not a table in a file of the portal')
      counts.rows += (await resource.read()).length
      await resource.checkRelations()
      const bytes = fs.readFileSync(resource.source), { hash, bytes: size } = resource.descriptor
      if (size !== bytes.length) found(where, `the descriptor tells of ${size} bytes, the file has ${bytes.length}`)
      if (hash !== 'sha256:' + createHash('sha256').update(bytes).digest('hex')) found(where, 'the hash is not that of the file')
    } catch (error) {
      found(where, [error, ...(error.errors ?? [])].join('\n   '))
    }
  }
}

// What of a value matters to the types of schema-dts: all but the wording, which is every text that does not stand in them
// and is no number. Equal members of a list count once.
const words = new Set(fs.readFileSync(path.join(import.meta.dirname, 'node_modules/schema-dts/dist/schema.d.ts'), 'utf8').match(/"[^"\n]*"/g))
function shapeOf(value, key) {
  if (typeof value === 'string') return key === '@type' || key === '@context' || words.has(JSON.stringify(value)) || !isNaN(value) ? value : '…'
  if (typeof value === 'number') return 0
  if (Array.isArray(value)) return [...new Set(value.map(member => JSON.stringify(shapeOf(member, key))))]
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member, name)]))
  return value
}

// Hundreds of whole pages keep the compiler busy for a quarter of a minute and more; their few shapes, for three seconds.
const shapes = new Map()
function collect(file) {
  const html = fs.readFileSync(file, 'utf8')
  for (const [, block] of html.matchAll(/<script type="application\/ld\+json">([^]*?)<\/script>/g)) {
    counts.blocks++
    let graph
    try { graph = JSON.parse(block) } catch (error) { found(file, `JSON-LD: ${error.message}`); continue }
    if (graph['@context'] !== 'https://schema.org') found(file, `JSON-LD: the context is ${JSON.stringify(graph['@context'])}`)
    const shape = JSON.stringify(shapeOf(graph, ''))
    if (!shapes.has(shape)) shapes.set(shape, { file, graph })
  }
}

function compile() {
  counts.shapes = shapes.size
  const folder = fs.mkdtempSync(path.join(import.meta.dirname, 'jsonld-'))
  const lines = ["import type { Graph, SearchAction, WithActionConstraints } from 'schema-dts'"], files = ['']
  const add = (file, line) => { lines.push(line); files.push(file) }
  for (const { file, graph } of shapes.values()) {
    // schema-dts knows "query-input" only of an action that stands alone.
    const text = JSON.stringify(graph, (key, value) => {
      if (!value?.['query-input']) return value
      add(file, `const a${lines.length}: WithActionConstraints<SearchAction> = ${JSON.stringify(value)}`)
      return `\u0000a${lines.length - 1}\u0000`
    }).replaceAll(/"\\u0000(a\d+)\\u0000"/g, '$1')
    add(file, `export const g${lines.length}: Graph = ${text}`)
  }
  fs.writeFileSync(path.join(folder, 'pages.ts'), lines.join('\n') + '\n')
  fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, types: [], module: 'nodenext' }, files: ['pages.ts'] }))
  const run = spawnSync(path.join(import.meta.dirname, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  for (const [, line, message] of (run.stdout ?? '').matchAll(/pages\.ts\((\d+),\d+\): (.*(?:\n  .*)*)/g)) found(files[line - 1], `JSON-LD: ${message}`)
  if (run.status !== 0 && findings === 0) found('tsc', `${run.error ?? ''}${run.stdout}${run.stderr}`)
  fs.rmSync(folder, { recursive: true })
}

// Minutes by which a zone is ahead of UTC at a moment, as the database of this machine tells it.
function offset(zone, moment) {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(moment).find(part => part.type === 'timeZoneName').value
  const [, sign, hours, minutes] = name.match(/^GMT(?:([+-])(\d\d):(\d\d))?/)
  return sign ? (sign === '-' ? -1 : 1) * (60 * hours + +minutes) : 0
}

function checkCalendar(file) {
  counts.calendars++
  const text = fs.readFileSync(file, 'utf8')
  if (/(^|[^\r])\n/.test(text)) found(file, 'a line without CR') // which ical.js forgives
  const calendar = new ICAL.Component(ICAL.parse(text))
  const events = calendar.getAllSubcomponents('vevent'), ids = new Set()
  if (calendar.name !== 'vcalendar') found(file, `a ${calendar.name}`)
  for (const event of events) {
    counts.events++
    const uid = event.getFirstPropertyValue('uid'), where = `${file} ${uid}`
    for (const name of ['uid', 'dtstamp', 'dtstart']) if (!event.getFirstPropertyValue(name)) found(where, `no ${name.toUpperCase()}`)
    if (ids.has(uid)) found(where, 'the UID is that of another event')
    ids.add(uid)
    const start = event.getFirstPropertyValue('dtstart'), end = event.getFirstPropertyValue('dtend')
    if (end && end.compare(start) <= 0) found(where, 'DTEND is not later than DTSTART')
    for (const name of ['dtstart', 'dtend']) {
      const property = event.getFirstProperty(name), time = property?.getFirstValue(), zone = property?.getFirstParameter('tzid')
      if (!time || time.isDate || time.zone === ICAL.Timezone.utcTimezone) continue
      if (!zone || time.zone?.tzid !== zone) { found(where, `${name.toUpperCase()} is in no time zone of the file`); continue }
      const minutes = time.utcOffset() / 60, right = offset(zone, new Date(time.toUnixTime() * 1000))
      if (minutes !== right) found(where, `${name.toUpperCase()}: ${zone} is ${minutes} minutes ahead of UTC, and should be ${right}`)
      if (zone === 'Asia/Jakarta' && minutes !== 420) found(where, `${name.toUpperCase()}: Asia/Jakarta is not at +07:00`)
    }
  }
}

// Accepted: 'self' for scripts, which is not safe where a host serves answers that wrap a callback (JSONP), AngularJS, or
// files that visitors upload. Portals are files, and have none of these.
const accepted = finding => finding.directive === 'script-src' && finding.value === "'self'" && finding.type === 305

function checkPolicies(folder) {
  const rules = headersOf(folder).filter(([, set]) => set['Content-Security-Policy'])
  if (rules.length === 0) found(`${folder}/_headers`, 'no Content-Security-Policy')
  for (const [pattern, set] of rules) {
    counts.policies++
    // 60: what is only for information; lower numbers are severer.
    for (const finding of new evaluator.CspEvaluator(new parser.CspParser(set['Content-Security-Policy']).csp).evaluate())
      if (finding.severity < 60 && !accepted(finding)) found(`${folder}/_headers`, `${pattern}: ${finding.directive} ${finding.value ?? ''}: severity ${finding.severity}: ${finding.description}`)
  }
}

const dcat = 'http://www.w3.org/ns/dcat#', dct = 'http://purl.org/dc/terms/', foaf = 'http://xmlns.com/foaf/0.1/'

// What DCAT-AP 3 asks of a catalogue, on its expanded form; safe: a name that becomes no absolute IRI is an error.
async function checkCatalogue(file) {
  counts.catalogues++
  const nodes = await jsonld.expand(JSON.parse(fs.readFileSync(file, 'utf8')), { safe: true, documentLoader: address => { throw new Error(`it wants to load ${address}`) } })
  const all = []
  const walk = value => {
    if (Array.isArray(value)) value.forEach(walk)
    else if (value !== null && typeof value === 'object') { all.push(value); Object.values(value).forEach(walk) }
  }
  walk(nodes)
  const texts = (node, name) => (node[name] ?? []).filter(value => typeof value['@value'] === 'string' && value['@value'].trim() !== '')
  const of = type => all.filter(node => node['@type']?.includes?.(type))
  const need = (node, name, what) => { if (!what) found(file, `${node['@id'] ?? node['@type']}: no proper ${name}`) }
  for (const node of all) for (const name of [...Object.keys(node), ...[node['@type'] ?? []].flat()]) if (!name.startsWith('@') && !/^[a-z]+:\/\//.test(name)) found(file, `${name} is no absolute IRI`)
  if (of(dcat + 'Catalog').length !== 1) found(file, `${of(dcat + 'Catalog').length} catalogues`)
  for (const catalogue of of(dcat + 'Catalog')) {
    for (const name of ['title', 'description']) need(catalogue, name, texts(catalogue, dct + name).length > 0)
    const publishers = catalogue[dct + 'publisher'] ?? []
    need(catalogue, 'publisher', publishers.length === 1 && publishers[0]['@type']?.includes(foaf + 'Agent') && texts(publishers[0], foaf + 'name').length > 0)
    const sets = catalogue[dcat + 'dataset'] ?? []
    need(catalogue, 'dataset', sets.length > 0 && sets.every(set => set['@type']?.includes(dcat + 'Dataset')))
  }
  for (const set of of(dcat + 'Dataset')) for (const name of ['title', 'description']) need(set, name, texts(set, dct + name).length > 0)
  for (const distribution of of(dcat + 'Distribution')) {
    const addresses = distribution[dcat + 'accessURL'] ?? []
    need(distribution, 'accessURL', addresses.length > 0 && addresses.every(value => /^https?:\/\//.test(value['@id'] ?? '')))
  }
}

for (const argument of process.argv.slice(2)) {
  const folder = argument.slice(argument.indexOf('=') + 1)
  for (const name of fs.readdirSync(folder, { recursive: true }).sort()) {
    const file = path.join(folder, name)
    try {
      if (path.basename(file) === 'datapackage.json') await checkPackage(file)
      else if (name.endsWith('.html')) collect(file)
      else if (name.endsWith('.ics')) checkCalendar(file)
      else if (name.endsWith('.jsonld')) await checkCatalogue(file)
    } catch (error) { found(file, [error, JSON.stringify(error.details?.event ?? error.errors?.map(String))].filter(Boolean).join('\n   ')) }
  }
  try { checkPolicies(folder) } catch (error) { found(folder, error) }
}
compile()
for (const [what, count] of Object.entries(counts)) if (count === 0) found('machine', `no ${what} found`)
console.log(`machine: ${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(', ')}; ${findings} findings`)
process.exit(findings > 0 ? 1 : 0)
