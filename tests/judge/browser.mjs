// The browser that checkers drive: Chromium of the machine, with a fresh profile, asking nobody outside.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import puppeteer from 'puppeteer-core';

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

/** Opens a browser, hands it to `use`, and ends it. */
export async function withBrowser(use) {
    const executablePath = process.env.CHROME_PATH || KNOWN.find((path) => existsSync(path));
    if (!executablePath) throw new Error('no Chromium: install it, or set CHROME_PATH');
    const userDataDir = mkdtempSync(join(tmpdir(), 'atlas-browser-'));
    try {
        const browser = await puppeteer.launch({ executablePath, userDataDir, args: FLAGS, protocolTimeout: 120_000 });
        try {
            return await use(browser);
        } finally {
            await browser.close();
        }
    } finally {
        rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    }
}
