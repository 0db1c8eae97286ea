// A site of its own with its sample and without an owner, for checkers that work in the back office.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a start may take, the sample included. */
const PATIENCE = 120_000;

/** Who owns the site. */
export const OWNER = { email: 'leila@example.org', name: 'Leila', password: 'a boat of paper and rain' };

/**
 * Starts a binary on a free port of this machine, hands the site to `use`, and ends it.
 *
 * @param {string} binary
 * @param {(site: {url: string, link: string}) => Promise<any>} use `link` opens once, for the first owner
 * @param {Record<string, string>} types files of types that the site has besides, by name
 */
export async function withOffice(binary, use, types = {}) {
    const data = mkdtempSync(join(tmpdir(), 'atlas-office-'));
    for (const [name, text] of Object.entries(types)) {
        mkdirSync(join(data, 'content/types'), { recursive: true });
        writeFileSync(join(data, 'content/types', name), text);
    }
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = { PATH: process.env.PATH, ATLAS_DATA: data, ATLAS_LISTEN: `127.0.0.1:${port}`, ATLAS_ORIGIN: url };
    const server = spawn(binary, ['serve'], { cwd: data, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => (said += text));
    const ended = new Promise((resolve) => server.on('exit', resolve));
    try {
        const until = Date.now() + PATIENCE;
        while (!/\/admin\/welcome\/\S+/.test(said) || !(await answers(`${url}/cities`))) {
            if (Date.now() > until || server.exitCode !== null) throw new Error(`the site did not start:\n${said}`);
            await wait(200);
        }
        return await use({ url, link: url + said.match(/\/admin\/welcome\/[\w-]+/)[0] });
    } finally {
        server.kill('SIGTERM');
        await ended;
        rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** The first owner comes in by the link; the tab is signed in from then on. */
export async function comeIn(tab, link) {
    await tab.goto(link);
    await fill(tab, 'email', OWNER.email);
    await fill(tab, 'name', OWNER.name);
    await fill(tab, 'password', OWNER.password);
    await press(tab, 'Come in');
}

/** Types over what stands in the control of a name. */
export async function fill(tab, name, value) {
    const control = await tab.waitForSelector(`main [name="${name}"]`);
    await control.evaluate((element, text) => {
        element.value = text;
        element.dispatchEvent(new Event('input', { bubbles: true }));
        element.dispatchEvent(new Event('change', { bubbles: true }));
    }, value);
}

/** Presses the button, or follows the link, that says exactly this; waits for the page that comes. */
export async function press(tab, label, within = 'main') {
    const found = await tab.evaluateHandle(
        (label, within) => {
            const says = (element) => (element.getAttribute('aria-label') ?? element.textContent).trim() === label;
            const all = [...document.querySelectorAll(`${within} button:not(.unseen), ${within} a`)].filter(says);
            all[0]?.closest('details')?.setAttribute('open', '');
            return all[0];
        },
        label,
        within,
    );
    const element = found.asElement();
    if (!element) throw new Error(`nothing says “${label}” on ${tab.url()}:\n${(await text(tab)).slice(0, 2000)}`);
    await Promise.all([tab.waitForNavigation({ waitUntil: 'load' }), element.evaluate((one) => one.click())]);
}

/** What the page says. */
export async function text(tab, selector = 'main') {
    return tab.$eval(selector, (element) => element.innerText);
}

async function answers(url) {
    try {
        return (await fetch(url)).ok;
    } catch {
        return false;
    }
}

function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.on('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}
