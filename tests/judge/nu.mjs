// The Nu HTML checker on every page, and on every style sheet that they name.
//
//   node tests/judge/nu.mjs BASE_URL

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import jar from 'vnu-jar';

import { pages, report, text } from './site.mjs';

/** What the checker says and we let stand: a part of its message or of the markup it is about, and why. */
const LET_STAND = [
    { part: 'The “list” role is unnecessary for element “', why: 'a browser that draws no bullets reads no list without it' },
    { part: '<section class="footnotes" role="doc-endnotes">', why: 'its role names it, in the reader’s language' },
];

const base = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'atlas-nu-'));
try {
    const all = await pages(base);
    const names = new Map();
    all.forEach((page, at) => save('html', at, page.url, page.html));
    const sheets = new Set(all.flatMap((page) => [...page.html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map((found) => found[1])));
    for (const [at, sheet] of [...sheets].entries()) save('css', at, sheet, await text(base + sheet));

    const problems = [...check('html', names), ...check('css', names)];
    report('Nu HTML checker', `${all.length} pages, ${sheets.size} style sheets`, problems);

    function save(kind, at, url, content) {
        mkdirSync(join(folder, kind), { recursive: true });
        const file = join(folder, kind, `${at}.${kind}`);
        writeFileSync(file, content);
        names.set(file, url);
    }
} finally {
    rmSync(folder, { recursive: true });
}

/** Checks one folder in one run of the checker; equal messages are said once, with how many have them. */
function check(kind, names) {
    const flags = ['-jar', jar, '--stdout', '--format', 'json', '--exit-zero-always', `--skip-non-${kind}`];
    const ran = spawnSync('java', [...flags, join(folder, kind)], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (ran.error || ran.status !== 0) throw ran.error ?? new Error(`the checker failed: ${ran.stderr}`);
    const said = new Map();
    for (const message of JSON.parse(ran.stdout).messages) {
        if (LET_STAND.some(({ part }) => message.message.includes(part) || message.extract?.includes(part))) continue;
        const name = names.get(new URL(message.url).pathname);
        const what = `${message.subType ?? message.type}: ${message.message}`;
        const where = `${name} line ${message.lastLine}: ${(message.extract ?? '').trim().replaceAll('\n', ' ')}`;
        said.set(what, [...(said.get(what) ?? []), where]);
    }
    return [...said].map(([what, where]) => `${what}\n    ${where[0]}${where.length > 1 ? ` (and ${where.length - 1} more)` : ''}`);
}
