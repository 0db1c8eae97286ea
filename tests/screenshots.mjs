// The work of tests/screenshots: finds a page of every kind by following links, looks and measures.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MOST_CSS = 14 * 1024;
const MOST_HTML = 40 * 1024;
const MOST_SHIFT = 0.001;
// Enough of the sample site to meet every kind of page.
const MOST_PAGES = 300;
const OUT = 'target/screenshots';

const require = createRequire(join(process.cwd(), 'target/screenshot-tools/package.json'));
const { chromium } = require('playwright-core');

const args = process.argv.slice(2);
const measureOnly = args.includes('--measure');
const given = args.find(arg => arg.startsWith('http'));
const site = given ? { url: new URL(given).origin, stop() {} } : await start();
const faults = [];
try {
  await main(site.url);
} finally {
  site.stop();
}
for (const fault of faults) console.error(`fault: ${fault}`);
process.exit(faults.length ? 1 : 0);

async function main(origin) {
  const found = await pagesOfEveryKind(origin);
  const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ['--no-sandbox', '--disable-quic'] });
  try {
    await measure(browser, origin, found);
    if (!measureOnly) await shoot(browser, origin, found);
  } finally {
    await browser.close();
  }
}

/** The built binary on a free port, with the sample site in a folder of its own. */
async function start() {
  const binary = ['target/release/atlas', 'target/debug/atlas'].find(existsSync);
  if (!binary) throw new Error('there is no binary: cargo build --release');
  const port = await new Promise(done => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
  const data = mkdtempSync(join(tmpdir(), 'atlas-screenshots-'));
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, ATLAS_DATA: data, ATLAS_LISTEN: `127.0.0.1:${port}`, ATLAS_ORIGIN: url };
  const child = spawn(binary, ['serve'], { env, stdio: 'ignore' });
  const stop = () => {
    child.kill();
    rmSync(data, { recursive: true, force: true });
  };
  for (let turn = 0; turn < 300; turn++) {
    if (child.exitCode !== null) break;
    if (await fetch(url).then(answer => answer.ok, () => false)) return { url, stop };
    await new Promise(done => setTimeout(done, 200));
  }
  stop();
  throw new Error(`${binary} did not answer within a minute`);
}

/** One page of each kind and language, as { kind, lang, path }; kinds are the classes of `main`. */
async function pagesOfEveryKind(origin) {
  const found = new Map();
  const seen = new Set(['/']);
  const queue = ['/'];
  const take = (path, html) => {
    const main = /<main[^>]*class="page ([\w-]+)"/.exec(html);
    if (!main) return;
    const kinds = { taxonomy: html.includes('class="numbered"') ? 'series' : 'taxonomy' };
    // Regions, cities and areas are all hubs; they differ by how deep they lie.
    if (main[1] === 'hub') kinds.hub = `hub-${decodeURI(path).replace(/^\/\w\w\//, '/').split('/').length - 1}`;
    const kind = kinds[main[1]] ?? main[1];
    const lang = /<html lang="([^"]+)"/.exec(html)?.[1] ?? 'en';
    // The fullest page of a kind shows most of it.
    const known = found.get(`${kind}.${lang}`);
    if (!known || known.size < html.length) found.set(`${kind}.${lang}`, { kind, lang, path, size: html.length });
  };
  while (queue.length && seen.size < MOST_PAGES) {
    const path = queue.shift();
    const answer = await fetch(origin + path);
    if (!answer.ok || !answer.headers.get('content-type')?.startsWith('text/html')) continue;
    const html = await answer.text();
    take(path, html);
    for (const [, href] of html.matchAll(/<a[^>]*\shref="(\/[^"#?]*)"/g)) {
      if (!seen.has(href)) {
        seen.add(href);
        queue.push(href);
      }
    }
    const search = /<form[^>]*role="search"[^>]*action="([^"]+)"/.exec(html)?.[1];
    if (search && !seen.has(search)) {
      seen.add(search);
      queue.push(`${search}?q=${html.includes('lang="fa"') && search.startsWith('/fa') ? 'چای' : 'tea'}`);
    }
  }
  const pages = [...found.values()];
  for (const lang of new Set(pages.map(page => page.lang))) {
    const home = pages.find(page => page.kind === 'home' && page.lang === lang)?.path ?? '/';
    pages.push({ kind: 'not-found', lang, path: `${home.replace(/\/$/, '')}/nothing-is-here` });
  }
  if (pages.length < 5) faults.push(`only ${pages.length} kinds of pages were found at ${origin}`);
  return pages;
}

/** Bytes of a body as it is sent to a client that takes gzip. */
function sent(url) {
  const get = url.startsWith('https:') ? https.get : http.get;
  return new Promise((done, fail) => {
    const asked = get(url, { headers: { 'accept-encoding': 'gzip' } }, answer => {
      let bytes = 0;
      answer.on('data', part => (bytes += part.length)).on('end', () => done(bytes)).on('error', fail);
    });
    asked.on('error', fail);
  });
}

/** A page with an eye on what it fetches and how far it moves. */
async function open(browser, origin, path, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const name = `${decodeURI(path)} at ${options.viewport.width}`;
  page.on('request', request => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) faults.push(`${name} fetches ${request.url()}`);
  });
  page.on('console', message => {
    const expected = message.text().includes('404 (Not Found)');
    if (message.type() === 'error' && !expected) faults.push(`${name}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(origin + path, { waitUntil: 'load' });
  // Pictures further down load when they come near; walk down as a reader would.
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
      scrollTo({ top: y, behavior: 'instant' });
      await new Promise(done => setTimeout(done, 30));
    }
    // On a busy machine they may come late.
    await Promise.all([...document.images].map(image => image.decode().catch(() => {})));
    scrollTo({ top: 0, behavior: 'instant' });
    await document.fonts.ready;
  });
  await page.waitForLoadState('networkidle');
  return { page, context, name };
}

async function measure(browser, origin, found) {
  const rows = [];
  for (const { kind, lang, path } of found) {
    const html = await sent(origin + path);
    const shifts = [];
    let css = 0;
    for (const width of [320, 390, 1440]) {
      const viewport = { width, height: width > 600 ? 900 : 780 };
      const { page, context, name } = await open(browser, origin, path, { viewport });
      const { shift, wide, sheets, small } = await page.evaluate(() => ({
        shift: window.shift,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        sheets: [...document.querySelectorAll('link[rel=stylesheet]')].map(link => link.href),
        // WCAG 2.2, 2.5.8: 24 px, but for links in a sentence.
        small: [...document.querySelectorAll('nav a, button, select, summary, input:not([type=hidden])')]
          .map(target => [target.textContent.trim() || target.name, target.getBoundingClientRect()])
          .filter(([, box]) => box.height > 0 && box.height < 23.5)
          .map(([text, box]) => `“${text}” is ${box.height.toFixed(1)} px high`),
      }));
      shifts.push(shift);
      if (wide > 0) faults.push(`${name} is ${wide} px wider than the screen`);
      if (shift > MOST_SHIFT) faults.push(`${name} moves by ${shift.toFixed(4)} while it loads`);
      if (width === 390) for (const target of small) faults.push(`${name}: ${target}`);
      css = (await Promise.all(sheets.map(sent))).reduce((sum, bytes) => sum + bytes, 0);
      await context.close();
    }
    if (html > MOST_HTML) faults.push(`${path} has ${html} bytes of HTML`);
    if (css > MOST_CSS) faults.push(`${path} has ${css} bytes of CSS`);
    rows.push({ kind, lang, html, css, shift: Math.max(...shifts).toFixed(4), path: decodeURI(path) });
  }
  console.table(rows);
}

async function shoot(browser, origin, found) {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  for (const { kind, lang, path } of found) {
    for (const width of [390, 1440]) {
      for (const colorScheme of ['light', 'dark']) {
        const viewport = { width, height: width > 600 ? 900 : 844 };
        const { page, context } = await open(browser, origin, path, { viewport, colorScheme });
        await page.screenshot({ path: `${OUT}/${kind}.${lang}.${width}.${colorScheme}.png`, fullPage: true });
        await context.close();
      }
    }
    const { page, context } = await open(browser, origin, path, { viewport: { width: 794, height: 1123 } });
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: `${OUT}/${kind}.${lang}.print.png`, fullPage: true });
    await context.close();
  }
  console.log(`${found.length * 5} screenshots are in ${OUT}/`);
}
