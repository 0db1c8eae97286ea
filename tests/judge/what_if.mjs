// What Lighthouse's simulation would say of a page whose files had other sizes: one recording, audited
// again. The browser's own time is left out, so a busy machine says the same as an idle one.
//
//   node tests/judge/what_if.mjs URL FOLDER                    records the page into FOLDER
//   node tests/judge/what_if.mjs FOLDER CASE…                  audits the recording
//
// A case is `bold.woff2=11000,webp=11600,speculation=0`: the bytes of what has the word in its
// address, headers included, 0 for what is not asked for. An empty case changes nothing.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import lighthouse from 'lighthouse';

import { withBrowser } from './browser.mjs';

const SETTINGS = { output: 'json', logLevel: 'error', formFactor: 'mobile', throttlingMethod: 'simulate', onlyCategories: ['performance'] };
/** Of the server, in milliseconds. */
const ANSWER_TIME = 3;

const [first, ...others] = process.argv.slice(2);
if (first.startsWith('http')) {
    await withBrowser((browser) => lighthouse(first, { ...SETTINGS, port: new URL(browser.wsEndpoint()).port, gatherMode: others[0] }));
} else {
    for (const wanted of others) console.log(`${wanted || 'as recorded'}: ${await paint(first, wanted)} ms`);
}

/** The largest paint in a case. */
async function paint(recording, wanted) {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-what-if-'));
    try {
        cpSync(recording, folder, { recursive: true });
        change(join(folder, 'defaultPass.devtoolslog.json'), (log) => resized(log, wanted));
        const settings = change(join(folder, 'artifacts.json'), (artifacts) => {
            artifacts.settings.throttling.cpuSlowdownMultiplier = 1;
            return artifacts;
        }).settings;
        const { lhr } = await lighthouse(undefined, { ...SETTINGS, throttling: settings.throttling, auditMode: folder });
        return Math.round(lhr.audits['largest-contentful-paint'].numericValue);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function change(file, edit) {
    const changed = edit(JSON.parse(readFileSync(file)));
    writeFileSync(file, JSON.stringify(changed));
    return changed;
}

/** The events of the network with other sizes, without what is not asked for. */
function resized(log, wanted) {
    const sizes = wanted.split(',').filter(Boolean).map((part) => part.split('='));
    const urls = new Map(log.filter((event) => event.method === 'Network.requestWillBeSent').map(({ params }) => [params.requestId, params.request.url]));
    return log.filter(({ method, params }) => {
        const url = urls.get(params?.requestId);
        const size = url && sizes.find(([word]) => url.includes(word))?.[1];
        if (size === '0') return false;
        if (size && method === 'Network.loadingFinished') params.encodedDataLength = Number(size);
        const timing = method === 'Network.responseReceived' && params.response.timing;
        if (timing) {
            timing.receiveHeadersStart = timing.sendEnd + ANSWER_TIME;
            timing.receiveHeadersEnd = timing.receiveHeadersStart + 0.5;
        }
        return true;
    });
}
