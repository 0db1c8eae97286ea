// Lighthouse, as on a phone: 100 for accessibility, best practices and SEO, no layout shift; with
// `tests/run --full` also 100 for performance and the largest paint within 1.2 s of its simulated
// network and processor. Without it these two are printed only: a busy machine makes them worse.
//
//   node tests/judge/lighthouse.mjs BASE_URL
//
// What a busy machine measures comes out worse than it is, never better: a page that falls short gets
// up to five runs, and the best that any of them saw of each figure counts.

import lighthouse from 'lighthouse';

import { withBrowser } from './browser.mjs';
import { pages, report } from './site.mjs';

const RUNS = 5;
const LARGEST_PAINT = 1_200;
const FIGURES = ['performance', 'accessibility', 'best-practices', 'seo', 'paint', 'shift'];

const base = process.argv[2];
const timed = process.env.ATLAS_TEST_FULL === '1';
const problems = [];
const all = await pages(base);
const chosen = { home: `${base}/`, article: longest('article-en'), place: longest('place-en'), hub: longest('city-en'), listing: `${base}/places` };
for (const [kind, url] of Object.entries(chosen)) {
    let left;
    for (let run = 0; run < RUNS && left?.size !== 0; run++) {
        const faults = await judge(kind, url);
        left = new Map([...faults].filter(([figure]) => left === undefined || left.has(figure)));
    }
    problems.push(...[...left.values()].map((fault) => `${kind} ${url}: ${fault}`));
}
report('Lighthouse', `${Object.keys(chosen).length} pages`, problems);

function longest(kind) {
    const found = all.filter((page) => page.kind === kind);
    return found.reduce((a, b) => (b.html.length > a.html.length ? b : a)).url;
}

/** What falls short in one run, by figure. */
async function judge(kind, url) {
    const { lhr } = await withBrowser((browser) =>
        lighthouse(url, { port: new URL(browser.wsEndpoint()).port, output: 'json', logLevel: 'error', formFactor: 'mobile', throttlingMethod: 'simulate' }),
    );
    if (lhr.runtimeError) {
        console.log(`${kind} ${url}: ${lhr.runtimeError.message}`);
        return new Map(FIGURES.map((figure) => [figure, `${figure}: ${lhr.runtimeError.message}`]));
    }
    const paint = Math.round(lhr.audits['largest-contentful-paint'].numericValue);
    const shift = lhr.audits['cumulative-layout-shift'].numericValue;
    const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
    console.log(`${kind} ${url}: ${scores.map(([id, score]) => `${id} ${score}`).join(', ')}; LCP ${paint} ms, CLS ${shift}`);
    const faults = new Map();
    for (const [id, score] of scores) if (score < 100) faults.set(id, `${id} ${score}\n${lost(lhr, id)}`);
    if (!timed) faults.delete('performance');
    if (timed && paint > LARGEST_PAINT) faults.set('paint', `the largest paint comes after ${paint} ms`);
    if (shift > 0) faults.set('shift', `the layout shifts by ${shift}`);
    return faults;
}

/** What a category lost points for. */
function lost(lhr, id) {
    const weighed = lhr.categories[id].auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => lhr.audits[id]);
    const audits = weighed.filter((audit) => audit.score !== null && audit.score < 1);
    return audits.map((audit) => `    ${audit.id}: ${audit.title} ${audit.displayValue ?? ''} ${details(audit)}`).join('\n');
}

function details(audit) {
    return JSON.stringify(audit.details?.items?.slice(0, 3) ?? []).slice(0, 600);
}
