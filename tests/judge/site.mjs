// What the checkers look at: every page that the sitemap names, and the kinds of page that it doesn't.

/** Pages that no sitemap lists: what a visitor gets who went wrong, and what a search finds. */
const UNLISTED = [
    { kind: 'not found', path: '/no/such/page', status: 404 },
    { kind: 'not found, fa', path: '/fa/no/such/page', status: 404 },
    { kind: 'refused', path: '/a%2Fb', status: 400 },
    { kind: 'search', path: '/search', status: 200 },
    { kind: 'search, found', path: '/search?q=tea', status: 200 },
    { kind: 'search, nothing found', path: '/search?q=qqqxyz', status: 200 },
    { kind: 'search, fa', path: '/fa/search?q=%D8%AA%D9%87%D8%B1%D8%A7%D9%86', status: 200 },
];

/**
 * Every page of the site.
 *
 * @param {string} base the site's origin
 * @returns {Promise<Page[]>} with `kind` (the sitemap's name for a family of pages, or one of ours),
 *   `url`, `status` and `html`
 */
export async function pages(base) {
    const found = [];
    for (const shard of locations(await text(`${base}/sitemap.xml`))) {
        const kind = new URL(shard).pathname.replace(/^.*\/|(-\d+)?\.xml(\.gz)?$/g, '');
        for (const url of locations(await text(shard))) {
            found.push(await page(kind, url, 200));
            const second = await page(`${kind}, page 2`, `${url}?page=2`);
            if (second.status === 200) found.push(second);
        }
    }
    if (found.length < 50) throw new Error(`the sitemap names only ${found.length} pages`);
    for (const { kind, path, status } of UNLISTED) {
        found.push(await page(kind, base + path, status));
    }
    return found;
}

/**
 * Two pages of each kind, the first and the one with the most markup; of the pages that no shard of
 * their own holds (home, listings, landing pages), each.
 */
export function samples(pages) {
    const chosen = new Set();
    for (const kind of new Set(pages.map((page) => page.kind))) {
        const all = pages.filter((page) => page.kind === kind);
        const longest = all.reduce((a, b) => (b.html.length > a.html.length ? b : a));
        for (const page of kind.startsWith('pages') ? all : [all[0], longest]) chosen.add(page);
    }
    return [...chosen];
}

async function page(kind, url, expected) {
    const answer = await fetch(url, { redirect: 'manual' });
    if (expected && answer.status !== expected) throw new Error(`${url} answers ${answer.status}, not ${expected}`);
    return { kind, url, status: answer.status, html: await answer.text() };
}

/** The text of a file of the site, which must be there. */
export async function text(url) {
    const answer = await fetch(url, { redirect: 'manual' });
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    return answer.text();
}

function locations(xml) {
    return [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map((found) => found[1].replaceAll('&amp;', '&'));
}

/**
 * Ends a checker: prints what it found, and fails if that is anything.
 *
 * @param {string} name what checked
 * @param {string} looked at what, for whoever reads a pass
 * @param {string[]} problems
 */
export function report(name, looked, problems) {
    problems.forEach((problem) => console.log(problem));
    console.log(`${name}: ${looked}, ${problems.length} problems`);
    process.exitCode = problems.length === 0 ? 0 : 1;
}
