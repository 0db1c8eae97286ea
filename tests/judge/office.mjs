// Every page of the back office, signed in: axe narrow and wide, light and dark; the same pages in Persian,
// narrow and light, wide and dark; the Nu HTML checker; and Lighthouse's accessibility and best practices of 100 on sign-in, list and form.
//
//   node tests/judge/office.mjs BINARY
//
// ATLAS_TEST_SHOTS   a folder in which each of these looks is kept as a picture

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import axe from 'axe-core';
import lighthouse from 'lighthouse';
import jar from 'vnu-jar';

import { withBrowser } from './browser.mjs';
import { comeIn, withOffice } from './office_site.mjs';
import { report } from './site.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [390, 1440].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));
/** In Persian, where words and directions differ and colours don't. */
const SOME = [LOOKS[0], LOOKS[3]];
/** Pages that are asked for one by one: of each kind the first that a link leads to. */
const BEGIN = ['/admin', '/admin/types/article/new', '/admin/types/place?col=city', '/admin/types/city?q=nothing+holds+this', '/admin/types/article?sort=title'];

const SHOTS = process.env.ATLAS_TEST_SHOTS;

const problems = [];
const said = new Set();
let seen = 0;
await withOffice(process.argv[2], async ({ url, link }) => {
    const pages = new Map();
    const persian = new Map();
    let cookie;
    await withBrowser(async (browser) => {
        const tab = await browser.newPage();
        await tab.goto(`${url}/admin/sign-in`);
        await look(tab, '/admin/sign-in');
        await tab.goto(link);
        await look(tab, '/admin/welcome');
        await comeIn(tab, link);
        cookie = (await tab.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
        const waiting = [...BEGIN];
        const known = new Set(BEGIN.map(kind));
        while (waiting.length > 0) {
            const path = waiting.shift();
            // What is a file to keep is no page.
            const answer = await tab.goto(url + path, { waitUntil: 'load' }).catch((error) => {
                if (!error.message.includes('ERR_ABORTED')) throw error;
            });
            if (!answer || /\/preview$/.test(path) || answer.status() !== 200) continue;
            pages.set(path, await answer.text());
            await look(tab, path);
            for (const href of await tab.$$eval('a[href^="/admin"]', (links) => links.map((one) => one.getAttribute('href').split('#')[0]))) {
                if (known.has(kind(href))) continue;
                known.add(kind(href));
                waiting.push(href);
            }
        }
        await speak(tab, url, 'fa');
        for (const path of pages.keys()) {
            const answer = await tab.goto(url + path, { waitUntil: 'load' });
            // What was there once, a run or a link, may be gone.
            if (answer.status() !== 200) continue;
            persian.set(`${path} in Persian`, await answer.text());
            await look(tab, `${path} in Persian`, SOME);
            const { lang, dir } = await tab.evaluate(() => ({ lang: document.documentElement.lang, dir: getComputedStyle(document.body).direction }));
            if (lang !== 'fa' || dir !== 'rtl') problems.push(`${path} is ${lang}, ${dir} in Persian`);
        }
        await speak(tab, url, 'en');
    });
    seen = pages.size;
    if (persian.size < 20) problems.push(`only ${persian.size} pages in Persian`);
    problems.push(...nu(pages), ...nu(persian));
    for (const path of ['/admin/sign-in', '/admin/types/article', '/admin/types/article/new']) {
        problems.push(...(await score(url + path, path.endsWith('sign-in') ? {} : { Cookie: cookie })));
    }
});
report('back office', `${seen} pages, ${LOOKS.length} looks each`, [...new Set(problems)]);

/** Pages that differ in a number or a value alone are of one kind. */
function kind(path) {
    return path.replace(/[0-9a-f]{12,}/g, 'H').replace(/\d+/g, 'N').replace(/=[^&]*/g, '');
}

/** Chooses the language of the back office. */
async function speak(tab, url, language) {
    await tab.goto(`${url}/admin/account`);
    await tab.select('#language', language);
    await Promise.all([tab.waitForNavigation(), tab.$eval('form[action="/admin/account/language"]', (form) => form.requestSubmit())]);
}

async function look(tab, path, looks = LOOKS) {
    await tab.evaluate(axe.source);
    for (const { width, scheme } of looks) {
        await tab.setViewport({ width, height: 900 });
        const reduced = { name: 'prefers-reduced-motion', value: 'reduce' };
        await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, reduced]);
        const { violations } = await tab.evaluate((values) => axe.run({ runOnly: { type: 'tag', values } }), RULES);
        for (const { id, impact, nodes } of violations) {
            const [node] = nodes;
            const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ');
            // Equal faults are said once.
            const what = `${id} ${node.target.join(' ').replace(/\d+/g, 'N')}`;
            if (said.has(what)) continue;
            said.add(what);
            problems.push(`axe ${id} (${impact}) on ${path} at ${width} px, ${scheme}: ${node.html.slice(0, 200)}\n    ${why}`);
        }
        if (SHOTS) {
            const name = kind(path).replace(/^\/admin\/?/, '').replace(/[^\w-]+/g, '-') || 'overview';
            await tab.screenshot({ path: join(SHOTS, `${name}-${width}-${scheme}.png`), fullPage: true });
        }
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) problems.push(`${path} is ${wide} px too wide at ${width} px`);
    }
}

function nu(pages) {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-nu-'));
    try {
        const names = new Map();
        [...pages].forEach(([path, html], at) => {
            const file = join(folder, `${at}.html`);
            writeFileSync(file, html);
            names.set(file, path);
        });
        const flags = ['-jar', jar, '--stdout', '--format', 'json', '--exit-zero-always', '--skip-non-html'];
        const ran = spawnSync('java', [...flags, folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
        if (ran.error || ran.status !== 0) throw ran.error ?? new Error(`the checker failed: ${ran.stderr}`);
        const said = new Map();
        for (const message of JSON.parse(ran.stdout).messages) {
            const where = `${names.get(new URL(message.url).pathname)}: ${(message.extract ?? '').trim().replaceAll('\n', ' ')}`;
            if (!said.has(message.message)) said.set(message.message, where);
        }
        return [...said].map(([message, where]) => `Nu: ${message}\n    ${where}`);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

async function score(url, extraHeaders) {
    const { lhr } = await withBrowser((browser) =>
        lighthouse(url, {
            port: new URL(browser.wsEndpoint()).port,
            output: 'json',
            logLevel: 'error',
            onlyCategories: ['accessibility', 'best-practices'],
            extraHeaders,
        }),
    );
    return Object.values(lhr.categories)
        .filter(({ score }) => score < 1)
        .map(({ id, score, auditRefs }) => {
            const lost = auditRefs.filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 1);
            return `Lighthouse: ${url} has ${Math.round(score * 100)} for ${id}: ${lost.map((ref) => ref.id).join(', ')}`;
        });
}
