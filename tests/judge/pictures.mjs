// Whether each picture is drawn as wide as its attribute `sizes` says (src/web/views/rooms.rs follows
// the style sheet by hand): told too little, a browser fetches a blurred one, told too much, a heavy one.
//
//   node tests/judge/pictures.mjs BASE_URL

import { withBrowser } from './browser.mjs';
import { pages, report, samples } from './site.mjs';

const WIDTHS = [320, 390, 600, 768, 960, 1200, 1440];
/** What `sizes` may be of the width that is drawn: a little less is not seen, a little more costs little. */
const [LEAST, MOST] = [0.93, 1.33];
/** Where a picture covers a box of another shape, its file is drawn wider than the box, and cut. */
const LEAST_CUT = 0.8;

const chosen = samples(await pages(process.argv[2]));
const problems = new Map();
let seen = 0;
await withBrowser(async (browser) => {
    const tab = await browser.newPage();
    await tab.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    for (const page of chosen) {
        await tab.goto(page.url, { waitUntil: 'load' });
        for (const width of WIDTHS) {
            await tab.setViewport({ width, height: 900 });
            // Words in another face than their own break elsewhere, and a picture beside them is as wide. A
            // face is asked for by a layout: without one first, nothing would be waited for.
            await tab.evaluate(async () => {
                document.body.getBoundingClientRect();
                await document.fonts.ready;
            });
            for (const { sizes, said, box, drawn, src } of await tab.evaluate(measure)) {
                seen += 1;
                if (said >= LEAST * box && said >= LEAST_CUT * drawn && said <= MOST * drawn) continue;
                const text = `sizes="${sizes}" says ${Math.round(said)} px and ${Math.round(drawn)} are drawn in ${Math.round(box)}, ${page.url} at ${width} px: ${src}`;
                if (!problems.has(`${sizes} ${width}`)) problems.set(`${sizes} ${width}`, text);
            }
        }
    }
});
if (seen === 0) problems.set('none', 'no page has a picture with `sizes`');
report('pictures', `${seen} pictures on ${chosen.length} pages at ${WIDTHS.length} widths`, [...problems.values()]);

/** In the page: what each picture's `sizes` says, how wide its box is and how wide its file is drawn, in CSS pixels. */
function measure() {
    const ruler = document.body.appendChild(document.createElement('div'));
    ruler.style.position = 'absolute';
    const found = [];
    for (const img of document.querySelectorAll('img[sizes]')) {
        const box = img.getBoundingClientRect();
        if (box.width === 0) continue;
        const parts = img.getAttribute('sizes').split(/,(?![^(]*\))/).map((part) => part.trim());
        const fitting = parts.map((part) => part.match(/^(\(.*?\))\s+(.+)$/) ?? [part, 'all', part]).find(([, media]) => matchMedia(media).matches);
        ruler.style.width = fitting[2];
        // A picture that covers its box is drawn wider than the box where it is the wider shape.
        const covers = getComputedStyle(img).objectFit === 'cover';
        const shape = Number(img.getAttribute('width')) / Number(img.getAttribute('height'));
        const drawn = covers ? Math.max(box.width, box.height * shape) : box.width;
        found.push({ sizes: img.getAttribute('sizes'), said: ruler.getBoundingClientRect().width, box: box.width, drawn, src: img.getAttribute('src') });
    }
    ruler.remove();
    return found;
}
