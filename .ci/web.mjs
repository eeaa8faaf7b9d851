// Looks at finished portals as a browser does: node web.mjs NAME=FOLDER...
//
// Serves each folder with the headers that its own _headers asks for, the policy among them, and opens pages of every
// layout at 360 and 1280 px, in the light and the dark colour scheme, and in forced colours. Fails on any message of the
// browser, and on any finding of axe-core, best practices included.
import { chromium } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'
import { serve } from './serve.mjs'

// Pages that between them use every layout and every component.
const layouts = {
  pati: ['/', '/cari/', '/quick-wins/', '/quick-wins/status/planned/', '/quick-wins/penyusunan-masterplan/', '/quick-wins/sampah/', '/bintek/', '/bintek/2018/', '/bintek/2018/bintek-ketiga/', '/masterplan/', '/masterplan/enam-dimensi/', '/masterplan/enam-dimensi/lingkungan/', '/opd/', '/opd/diskominfo/', '/dimensi/', '/dimensi/environment/', '/istilah/', '/istilah/opd/', '/rangkaian-bintek/', '/tentang/', '/data/', '/data/measurements/', '/data/perbandingan/', '/404.html'],
  demo: ['/', '/en/', '/en/cari/', '/quick-wins/angkutan-sekolah/', '/en/quick-wins/pasar-daring/', '/bintek/2025/pameran/', '/masterplan/tata-kelola/satu-data/', '/en/masterplan/arah/latar-belakang/', '/panduan/', '/en/data/perbandingan/'],
  record: ['/perubahan/', '/perubahan/jenis/target/', '/en/perubahan/', '/quick-wins/bank-sampah/', '/quick-wins/bank-sampah/riwayat/', '/masterplan/', '/masterplan/edisi/2024/', '/masterplan/edisi/2024/arah/latar-belakang/', '/masterplan/banding/2024/sekarang/', '/masterplan/cetak/', '/en/masterplan/cetak/', '/bukti/'],
}
// States of a page that only scripts bring about: an address, and what to do there until something is shown.
const states = {
  pati: [
    ['/cari/?q=sampah', async page => { await page.waitForSelector('.excerpt mark'); await page.click('#saringan summary'); await page.waitForSelector('#saringan fieldset') }],
    ['/cari/?q=smapah', async page => { await page.waitForSelector('#maksud a') }],
    ['/cari/?q=qqqqqq', async page => { await page.waitForFunction(() => document.getElementById('keadaan-cari').textContent.includes('qqqqqq')) }],
    ['/tentang/', async page => {
      await page.focus('.search input')
      await page.waitForSelector('.search [role=combobox]')
      await page.keyboard.type('sampah')
      await page.waitForSelector('#saran [role=option]')
      await page.keyboard.press('ArrowDown')
      await page.waitForSelector('#saran [aria-selected=true]')
    }],
    ['/quick-wins/sampah/#cari=sampah', async page => { await page.waitForSelector('main mark') }],
  ],
  demo: [['/en/cari/?q=market', async page => { await page.waitForSelector('.hit mark') }]],
  record: [],
}
const looks = [
  { width: 360, colorScheme: 'light' }, { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 360, colorScheme: 'light', forcedColors: 'active' },
]

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
let looked = 0, failed = 0
for (const argument of process.argv.slice(2)) {
  const [name, folder] = argument.split('=')
  const server = await serve(folder)
  for (const look of looks) {
    const context = await browser.newContext({ viewport: { width: look.width, height: 800 }, colorScheme: look.colorScheme, forcedColors: look.forcedColors ?? 'none' })
    const page = await context.newPage()
    const said = []
    page.on('console', message => said.push(message.text()))
    page.on('pageerror', error => said.push(String(error)))
    for (const [address, act] of [...layouts[name].map(address => [address]), ...states[name]]) {
      looked++
      const where = `${name} ${address} ${look.width} ${look.colorScheme}${look.forcedColors ? ' forced' : ''}`
      await page.goto('about:blank')
      const answer = await page.goto(`http://127.0.0.1:${server.address().port}${address}`)
      if (act) await act(page)
      // axe reads colours that the forced ones have replaced, so it cannot judge them there.
      const axe = new AxeBuilder({ page }).disableRules(look.forcedColors ? ['color-contrast'] : [])
      const findings = answer.status() === 200 ? (await axe.analyze()).violations : [{ id: `status ${answer.status()}`, help: '', nodes: [] }]
      for (const f of findings) console.error(`${where}: ${f.id}: ${f.help}\n   ${f.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary?.split('\n')[1]?.trim()).join('\n   ')}`)
      for (const s of said.splice(0)) { console.error(`${where}: the browser says: ${s}`); findings.push(s) }
      if (findings.length > 0) failed++
    }
    await context.close()
  }
  server.close()
}
await browser.close()
console.log(`web: ${looked} looks at pages, ${failed} with findings`)
process.exit(failed > 0 || looked === 0 ? 1 : 0)
