// A day in the back office, once with scripts and once without: the owner comes in by the link, sets a
// second factor up, writes an article with a picture, a table and a link to an entry, looks at the
// preview, mends what the check names, schedules and waits, moves an article and a city, leads visitors of an
// address that leads nowhere on, gives the site another name and takes it back, brings an old text back, does
// the same to several and takes it back, fills the form of a type that was added as a file, and ends a session
// elsewhere.
//
//   node tests/judge/day.mjs BINARY

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';

import { withBrowser } from './browser.mjs';
import { OWNER, comeIn, fill, press, text, withOffice } from './office_site.mjs';
import { report } from './site.mjs';

/** How long something that happens by itself may take: to the next minute, and a little. */
const PATIENCE = 90_000;

/** What a person's browser sends: visits of programs are not counted. */
const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', accept: 'text/html' };

/** A picture that somebody brings in. */
const PICTURE = fileURLToPath(new URL('../../content/sample/drawings/alborz.webp', import.meta.url));

/** A type with a field of every kind, and what is typed into each. */
const TYPE = readFileSync(new URL('../site/support/thing.toml', import.meta.url), 'utf8');
const THING = {
    title: 'One of every kind',
    'field.line': 'A line',
    'field.text': 'Two\nlines',
    'field.prose': '## Heading\n\n- item',
    'field.number': '12.5',
    'field.price.amount': '19.90',
    'field.price.currency': 'USD',
    'field.fee': '5.00',
    'field.day': '2026-03-01',
    'field.moment': '2026-03-01T09:30:15',
    'field.choice': 'b',
    'field.flag': 'true',
    'field.link': '/cities',
    'field.mail': 'a@example.org',
    'field.phone': '+98 21 6670 1872',
    'field.image.alt': 'A picture',
    'field.gallery.0.alt': 'Another picture',
    'field.point': '35.7, 51.4',
    'field.postal.street': 'Main 1',
    'field.postal.locality': 'Tehran',
    'field.postal.country': 'IR',
    'field.open': 'Asia/Tehran; mo-fr 09:00-12:00',
    'field.questions.0.question': 'Why?',
    'field.questions.0.answer': 'Because.',
    'field.film.url': 'https://vimeo.com/76979871',
    'field.film.title': 'A film',
    'field.film.uploaded': '2026-01-02',
};

const problems = [];
let steps = 0;
for (const scripts of [true, false]) {
    await withOffice(process.argv[2], (site) => withBrowser((browser) => day(site, browser, scripts)), { 'thing.toml': TYPE });
}
report('a day in the back office', `${steps} steps, with scripts and without`, problems);

async function day({ url, link }, browser, scripts) {
    const tab = await browser.newPage();
    await tab.setJavaScriptEnabled(scripts);
    await tab.setViewport({ width: 1440, height: 900 });
    tab.on('pageerror', (error) => problems.push(`a script failed on ${tab.url()}: ${error.message}`));
    tab.on('console', (message) => {
        if (/Content Security Policy|Trusted/i.test(message.text())) problems.push(`${tab.url()}: ${message.text()}`);
    });
    const step = async (what, work) => {
        steps += 1;
        try {
            return await work();
        } catch (error) {
            error.message = `${what} (${scripts ? 'with' : 'without'} scripts): ${error.message}`;
            throw error;
        }
    };
    const fetched = (path) => fetch(url + path, { redirect: 'manual' });

    try {
        await step('the owner comes in', async () => {
            await comeIn(tab, link);
            assert.equal(new URL(tab.url()).pathname, '/admin');
            assert.equal((await fetch(link)).status, 404, 'the link opens once');
        });
        const recovery = await step('a second factor is set up', async () => {
            await tab.goto(`${url}/admin/account`);
            await press(tab, 'Set it up');
            const secret = await tab.$eval('#secret', (code) => code.textContent.replaceAll(' ', ''));
            await fill(tab, 'code', code(secret));
            await press(tab, 'Turn it on');
            const codes = await tab.$$eval('.codes code', (all) => all.map((one) => one.textContent.trim()));
            assert.ok(codes.length > 2, `${codes.length} recovery codes`);
            return codes[0];
        });
        const entry = await step('an article is written', async () => {
            await tab.goto(`${url}/admin/types/city`);
            const city = await tab.$eval('.rows tbody a[href^="/admin/entries/"]', (link) => link.getAttribute('href').split('/').pop());
            await tab.goto(`${url}/admin/types/article/new`);
            await fill(tab, 'title', 'A day at the desk');
            const table = '| Tea | At |\n| --- | --- |\n| black | nine |';
            await fill(tab, 'body', `## Morning\n\nWords, and [a link](/nowhere/at/all).\n\n${table}\n\n[Go there](entry:${city})`);
            await choosePicture(tab, scripts);
            await fill(tab, 'cover.alt', 'Mountains above a city');
            assert.match(await tab.$eval('[name="body"]', (body) => body.value), /## Morning/, 'nothing typed is lost');
            await press(tab, 'Save as draft');
            assert.match(await text(tab), /Saved\. Readers see it once it is published\./);
            return new URL(tab.url()).pathname;
        });
        await step('the preview shows it', async () => {
            await press(tab, 'Preview');
            assert.equal(await text(tab, 'h1'), 'A day at the desk');
            assert.ok(await tab.$('main img[alt="Mountains above a city"]'), 'its picture is there');
            assert.deepEqual(await tab.$$eval('main table td', (cells) => cells.map((cell) => cell.textContent)), ['black', 'nine']);
            const link = await tab.$$eval('main a', (all) => all.find((one) => one.textContent === 'Go there').getAttribute('href'));
            assert.equal((await fetched(link)).status, 200, 'what is linked by its number has an address');
            assert.equal((await fetched('/articles/a-day-at-the-desk')).status, 404);
        });
        await step('what the check names is mended', async () => {
            await tab.goto(url + entry);
            assert.match(await text(tab, '.findings'), /A link leads to nothing\.\s+\/nowhere\/at\/all/);
            const href = await tab.$eval('.findings .found-error a', (link) => link.getAttribute('href'));
            assert.equal(href, '#body');
            assert.ok(await tab.$(href), 'the link leads to a control');
            await fill(tab, 'body', '## Morning\n\nWords, and [a link](/cities).');
            await press(tab, 'Save as draft');
            assert.doesNotMatch(await text(tab, '.beside'), /A link leads to nothing/);
        });
        await step('it is scheduled, and published by itself', async () => {
            const zone = (await tab.$eval('.life', (life) => life.textContent)).match(/Times are those of (\S+)\./)[1];
            const due = new Date(Math.ceil((Date.now() + 3_000) / 60_000) * 60_000);
            await fill(tab, 'publish_at', wall(due, zone));
            await press(tab, 'Set the times');
            assert.match(await text(tab), /The times are set\./);
            const until = Date.now() + PATIENCE;
            while ((await fetched('/articles/a-day-at-the-desk')).status !== 200) {
                assert.ok(Date.now() < until, 'it was not published in time');
                await wait(500);
            }
        });
        await step('its slug changes, and the old address leads to the new one', async () => {
            await tab.goto(url + entry);
            await fill(tab, 'slug', 'at-the-desk');
            await press(tab, 'Save as draft');
            await tab.goto(`${url}${entry}/appearance`);
            assert.match(await text(tab, '.moves'), /\/articles\/a-day-at-the-desk\s+\/articles\/at-the-desk/);
            await tab.goto(url + entry);
            await press(tab, 'Save and publish');
            const old = await fetched('/articles/a-day-at-the-desk');
            assert.deepEqual([old.status, old.headers.get('location')], [301, `${url}/articles/at-the-desk`]);
        });
        await step('an address that leads nowhere leads on from now on', async () => {
            const lost = '/travel/a-day-at-the-desk';
            for (let visit = 0; visit < 2; visit += 1) {
                assert.equal((await fetch(url + lost, { headers: PERSON })).status, 404);
            }
            const until = Date.now() + PATIENCE;
            do {
                assert.ok(Date.now() < until, 'its visits were never told of');
                await wait(500);
                await tab.goto(`${url}/admin/not-found`);
            } while (!(await text(tab)).includes(lost));
            assert.equal(await tab.$eval('.misses [name="to"]', (field) => field.value), '/articles/at-the-desk', 'the best match is proposed');
            await press(tab, 'Lead there', '.misses');
            assert.match(await text(tab), /It leads there now\./);
            const led = await fetched(lost);
            assert.deepEqual([led.status, led.headers.get('location')], [301, `${url}/articles/at-the-desk`]);
        });
        await step('the site gets another name, and its own back', async () => {
            const title = async () => (await (await fetched('/')).text()).match(/<title>(.*?)<\/title>/)[1];
            const before = await title();
            await tab.goto(`${url}/admin/settings`);
            await fill(tab, 'name', 'Atlas of a day');
            await press(tab, 'Save');
            assert.match(await text(tab), /Saved\. Every page shows it from now on\./);
            assert.match(await title(), /Atlas of a day/);
            await press(tab, 'What was changed');
            await press(tab, 'Put it back so');
            assert.match(await text(tab), /Taken back\./);
            assert.equal(await title(), before);
        });
        await step('a city moves with its places', async () => {
            await tab.goto(`${url}/admin/tree`);
            await press(tab, 'Yazd Province');
            await press(tab, 'Yazd');
            const before = await tab.$eval('.facts li', (path) => path.textContent);
            await press(tab, 'Move');
            await fill(tab, 'slug', 'yazd-city');
            await press(tab, 'Show what would move');
            const moves = await tab.$$eval('.moves tbody tr', (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
            assert.ok(moves.length > 3 && moves[0][0] === before, `${moves.length} addresses move`);
            assert.equal((await fetched(moves[1][0])).status, 200, 'nothing has moved yet');
            await press(tab, 'Move all of it');
            assert.match(await text(tab), /Moved\. Every old address leads to its new one\./);
            for (const [from, to] of moves.slice(0, 5)) {
                const old = await fetched(encodeURI(from));
                if (old.status === 404) continue;
                assert.deepEqual([old.status, old.headers.get('location')], [301, url + encodeURI(to)]);
            }
        });
        await step('two revisions are compared, and an old one comes back', async () => {
            await tab.goto(`${url}${entry}/revisions`);
            await press(tab, 'Compare', 'main form.search');
            assert.match(await text(tab), /Slug[\s\S]*a-day-at-the-desk[\s\S]*at-the-desk|Both say the same\./);
            await tab.goto(`${url}${entry}/revisions`);
            await press(tab, 'Make it the draft', 'tbody tr:last-child');
            assert.match(await text(tab), /That revision is the draft again\./);
            assert.match(await tab.$eval('[name="body"]', (body) => body.value), /\/nowhere\/at\/all/);
        });
        await step('several go to the trash, and come back', async () => {
            await tab.goto(`${url}/admin/types/article?q=bread`);
            const ticks = await tab.$$('input[name="entry"]');
            assert.ok(ticks.length > 0, 'something is found');
            for (const tick of ticks) await tick.evaluate((one) => one.click());
            await tab.select('select[name="do"]', 'trash');
            await press(tab, 'Go on');
            assert.match(await text(tab), new RegExp(`${ticks.length} of ${ticks.length} done, 0 not done\\.`));
            assert.equal((await fetched('/articles/four-breads')).status, 410);
            await press(tab, 'Undo: take them out of the trash');
            assert.match(await text(tab), new RegExp(`${ticks.length} of ${ticks.length} done, 0 not done\\.`));
        });
        await step('a type that is one more file has its back office, and its pages', async () => {
            await tab.goto(url + entry);
            const picture = await tab.$eval('[name="cover.src"]', (field) => field.value);
            await tab.goto(`${url}/admin/types/tag`);
            const tag = await tab.$eval('.rows tbody a[href^="/admin/entries/"]', (link) => link.getAttribute('href').split('/').pop());
            await tab.goto(`${url}/admin/types/thing`);
            assert.match(await text(tab), /There is nothing here yet\./);
            await tab.goto(`${url}/admin/types/thing/new`);
            const pictures = { 'field.image.src': picture, 'field.gallery.0.src': picture };
            const typed = { ...THING, ...pictures, 'field.one': `#${tag}`, 'field.several': `#${tag}` };
            for (const [name, value] of Object.entries(typed)) await fill(tab, name, value);
            await fill(tab, 'field.mail', 'nobody');
            await press(tab, 'Save and publish');
            assert.match(await text(tab, '.problems'), /Mail/, 'what is wrong is named');
            const kept = await tab.$eval('[name="field.line"]', (line) => line.value);
            assert.equal(kept, 'A line', 'and nothing else is lost');
            await fill(tab, 'field.mail', THING['field.mail']);
            await press(tab, 'Save and publish');
            assert.match(await text(tab), /Published\./);
            const stored = await tab.$$eval('main [name^="field."]', (all) => Object.fromEntries(all.map((one) => [one.name, one.value])));
            for (const name of ['field.number', 'field.price.amount', 'field.choice', 'field.flag', 'field.moment', 'field.postal.locality', 'field.questions.0.answer', 'field.film.title']) {
                assert.equal(stored[name], THING[name], name);
            }
            assert.match(stored['field.open'], /mo,tu,we,th,fr 09:00-12:00/);
            const thing = new URL(tab.url()).pathname;
            await press(tab, 'Preview');
            assert.equal(await text(tab, 'h1'), 'One of every kind');
            assert.equal((await fetched('/things/one-of-every-kind')).status, 200);
            await tab.goto(`${url}/admin/types/thing?q=kind`);
            assert.ok(await tab.$(`a[href="${thing}"]`), 'the list finds it');
            assert.match(await (await fetched('/search?q=every+kind')).text(), /\/things\/one-of-every-kind/);
        });
        await step('a session elsewhere is ended', async () => {
            const elsewhere = await browser.createBrowserContext();
            const other = await elsewhere.newPage();
            await other.setJavaScriptEnabled(scripts);
            await other.goto(`${url}/admin/sign-in`);
            await fill(other, 'email', OWNER.email);
            await fill(other, 'password', OWNER.password);
            await press(other, 'Sign in');
            assert.notEqual(new URL(other.url()).pathname, '/admin', 'the password alone opens nothing');
            await fill(other, 'code', recovery);
            await press(other, 'Sign in');
            assert.equal(new URL(other.url()).pathname, '/admin');
            await tab.goto(`${url}/admin/account`);
            await press(tab, 'Sign out there');
            assert.match(await text(tab), /That session has ended\./);
            await other.goto(`${url}/admin`);
            assert.equal(new URL(other.url()).pathname, '/admin/sign-in');
            await elsewhere.close();
        });
    } catch (error) {
        problems.push(`${error.message}\n    at ${tab.url()}`);
    }
}

/** Brings a picture in from the form of an entry, as its cover. */
async function choosePicture(tab, scripts) {
    const open = await tab.waitForSelector('[data-choose="cover"]');
    if (!scripts) {
        await Promise.all([tab.waitForNavigation(), open.evaluate((one) => one.click())]);
        await (await tab.$('#files')).uploadFile(PICTURE);
        return press(tab, 'Bring in and choose');
    }
    // Its script is fetched when the form has use for it.
    await tab.waitForSelector('form[data-enhanced~="pictures"]');
    await open.evaluate((one) => one.click());
    await (await tab.waitForSelector('dialog #library-files')).uploadFile(PICTURE);
    await tab.waitForFunction(() => document.querySelector('[name="cover.src"]').value.startsWith('/media/') && !document.querySelector('dialog[open]'));
}

/** The code that an app shows now for a secret (RFC 6238). */
function code(secret) {
    const digits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(digits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
    const hash = createHmac('sha1', key).update(counter).digest();
    const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
}

/** An instant as an input shows it in a time zone. */
function wall(instant, zone) {
    const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    return parts.format(instant).replace(' ', 'T');
}
