// axe on pages of every kind, narrow and wide, light and dark; Persian pages are written from the right.
//
//   node tests/judge/axe.mjs BASE_URL

import axe from 'axe-core';

import { withBrowser } from './browser.mjs';
import { pages, report, samples } from './site.mjs';

/** Everything that axe can tell, best practices too. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const LOOKS = [390, 1440].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));

const chosen = samples(await pages(process.argv[2]));
const said = new Map();
await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    for (const page of chosen) {
        await tab.goto(page.url, { waitUntil: 'load' });
        await tab.evaluate(axe.source);
        for (const { width, scheme } of LOOKS) {
            await tab.setViewport({ width, height: 900 });
            // Without motion, so that no colour is judged on its way to another.
            const reduced = { name: 'prefers-reduced-motion', value: 'reduce' };
            await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, reduced]);
            const { violations } = await tab.evaluate((values) => axe.run({ runOnly: { type: 'tag', values } }), RULES);
            for (const violation of violations) note(page, `${width} px, ${scheme}`, violation);
        }
    }
});
report('axe', `${chosen.length} pages, ${LOOKS.length} looks each`, [...said.values()].map(({ text, times }) => (times > 1 ? `${text} (and ${times - 1} more)` : text)));

/** Equal faults are said once, with how often they were seen. */
function note(page, look, { id, help, impact, nodes }) {
    for (const node of nodes) {
        const what = `${id} ${node.target.join(' ').replace(/\d+/g, 'N')}`;
        const text = `${id} (${impact}): ${help}\n    ${page.url} at ${look}: ${node.html.slice(0, 200)}\n    ${reason(node)}`;
        const known = said.get(what);
        said.set(what, { text: known?.text ?? text, times: (known?.times ?? 0) + 1 });
    }
}

function reason(node) {
    return [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ');
}
