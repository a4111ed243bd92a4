// SPDX-License-Identifier: MIT
// A person signs in with a browser: node web_browser.mjs HOST CHROMIUM FOLDER-OF-PLAYWRIGHT SCREENSHOTS
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';

const [program, chromiumPath, modules, screenshots] = process.argv.slice(2);
const { chromium } = createRequire(path.resolve(modules, 'package.json'))('playwright-core');
const PASSWORD = 'demo-Password-1';
const VIEWS = [
  { name: 'phone', width: 360, height: 740, colorScheme: 'light' },
  { name: 'phone-dark', width: 360, height: 740, colorScheme: 'dark' },
  { name: 'desktop', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 800, colorScheme: 'dark' },
];

function must(fact, what) {
  if (!fact) throw new Error(what);
}

/** web-page-host, which answers each line by one. */
class Host {
  constructor() {
    this.process = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }
  async line() {
    return (await this.lines.next()).value;
  }
  ask(question) {
    this.process.stdin.write(question + '\n');
    return this.line();
  }
  async counters() {
    return JSON.parse(await this.ask('control counters'));
  }
  stop() {
    this.process.stdin.end();
  }
}

/** One browser with a host of its own, let in by a link. */
class Visit {
  static async begin(browser, { quirks, javaScriptEnabled = true } = {}) {
    const visit = new Visit();
    visit.host = new Host();
    visit.link = await visit.host.line();
    visit.origin = new URL(visit.link).origin;
    if (quirks) await visit.host.ask('control quirks ' + JSON.stringify(quirks));
    visit.context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
    visit.context.setDefaultTimeout(60000);
    visit.trouble = [];
    visit.page = await visit.context.newPage();
    visit.page.on('console', (message) => message.type() === 'error' && visit.trouble.push(message.text()));
    visit.page.on('pageerror', (error) => visit.trouble.push(String(error)));
    visit.context.on('request', (request) => {
      if (!request.url().startsWith(visit.origin + '/')) visit.trouble.push('request to ' + request.url());
    });
    return visit;
  }
  async open() {
    await this.page.goto(this.link);
    must(this.page.url() === this.origin + '/', 'the token stays in the address: ' + this.page.url());
  }
  /** Waits for the page with that heading, and looks at it on all kinds of screens. */
  async see(heading, name) {
    await this.page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    if (!name) return;
    for (const view of VIEWS) {
      await this.page.setViewportSize({ width: view.width, height: view.height });
      await this.page.emulateMedia({ colorScheme: view.colorScheme });
      await this.page.screenshot({ path: path.join(screenshots, `${name}-${view.name}.png`), animations: 'disabled' });
      const measured = await this.measure();
      must(measured.width <= 0, `${name}: ${measured.width} px too wide on ${view.name}`);
      must(measured.small === 0, `${name}: ${measured.small} targets too small on ${view.name}`);
      must(measured.unnamed === 0, `${name}: ${measured.unnamed} inputs without a label`);
      must(measured.scripts === 0, `${name}: scripts`);
    }
    await this.page.setViewportSize({ width: 360, height: 740 });
  }
  /** Pages on which one waits reload themselves, also while they are measured: the next one is the same. */
  async measure(attempts = 10) {
    try {
      return await this.page.evaluate(() => ({
        width: document.scrollingElement.scrollWidth - window.innerWidth,
        small: [...document.querySelectorAll('button, input:not([type=hidden])')].filter((each) => {
          const box = each.getBoundingClientRect();
          return box.height < 44 || box.width < 44;
        }).length,
        unnamed: [...document.querySelectorAll('input:not([type=hidden])')].filter((each) => each.labels.length !== 1).length,
        scripts: document.scripts.length,
      }));
    } catch (error) {
      if (attempts === 0 || !error.message.includes('because of a navigation')) throw error;
      await this.page.waitForLoadState();
      return this.measure(attempts - 1);
    }
  }
  async press(name) {
    await this.page.getByRole('button', { name, exact: true }).click();
  }
  async type(label, text) {
    await this.page.getByLabel(label, { exact: true }).fill(text);
    await this.press('Continue');
  }
  async says(text) {
    must((await this.page.locator('main').innerText()).includes(text), `the page does not say "${text}"`);
  }
  async end() {
    must(this.trouble.length === 0, this.trouble.join('; '));
    await this.context.close();
    this.host.stop();
  }
}

/** Password, a wrong code, the right one. */
async function signsIn(browser, javaScriptEnabled, shows) {
  const visit = await Visit.begin(browser, { javaScriptEnabled });
  await visit.open();
  await visit.see('Signed out', shows && 'start');
  await visit.press('Sign in');
  await visit.see('Sign in', shows && 'password');
  must((await visit.host.counters()).codes_sent === 0, 'a code was sent before anybody asked');
  await visit.host.ask('hold');
  await visit.type('Password', PASSWORD);
  await visit.see('One moment', shows && 'working');
  await visit.host.ask('go');
  await visit.see('Enter the six digits', shows && 'code');
  await visit.says('Your trusted devices show a code now.');
  const right = await visit.host.ask('code');
  const wrong = right === '123456' ? '654321' : '123456';
  await visit.type('Six-digit code', wrong);
  await visit.page.getByRole('alert').waitFor();
  await visit.see('Enter the six digits', shows && 'code-refused');
  await visit.says('that code was not accepted');
  const spaced = right.slice(0, 3) + ' ' + right.slice(3);
  await visit.type('Six-digit code', spaced);
  await visit.see('You are signed in', shows && 'done');
  must((await visit.host.ask('status')) === 'signed in', 'the session is not signed in');
  const { password_attempts, codes_sent, codes_wrong } = await visit.host.counters();
  must(password_attempts === 1 && codes_sent === 1 && codes_wrong === 1, 'more was asked of Apple than the person did');
  await visit.page.reload();
  await visit.see('You are signed in');
  await visit.end();
}

async function getsACodeByTextMessage(browser) {
  const visit = await Visit.begin(browser, { quirks: { account: 'phone-only' } });
  await visit.open();
  await visit.press('Sign in');
  await visit.see('Sign in');
  await visit.type('Password', PASSWORD);
  await visit.see('Enter the six digits', 'code-phones');
  must((await visit.host.counters()).codes_sent === 0, 'a text message was sent before anybody asked');
  await visit.page.getByRole('button', { name: /^Text message/ }).first().click();
  await visit.page.getByText('A code is on its way to').waitFor();
  await visit.see('Enter the six digits', 'code-sent');
  await visit.type('Six-digit code', await visit.host.ask('code'));
  await visit.see('You are signed in');
  must((await visit.host.counters()).codes_sent === 1, 'more than one text message was sent');
  await visit.end();
}

async function waitsForTheApprovalOfADevice(browser) {
  const visit = await Visit.begin(browser, { quirks: { account: 'advanced-protection', pcs_refusals: -1 } });
  await visit.open();
  await visit.press('Sign in');
  await visit.see('Sign in');
  await visit.type('Password', PASSWORD);
  await visit.see('Enter the six digits');
  await visit.type('Six-digit code', await visit.host.ask('code'));
  await visit.see('One more step', 'elsewhere');
  await visit.says('tap Allow');
  await visit.host.ask('control approve');
  await visit.see('You are signed in');
  await visit.end();
}

async function seesWhatWentWrong(browser) {
  const visit = await Visit.begin(browser);
  await visit.open();
  await visit.press('Sign in');
  await visit.see('Sign in');
  await visit.type('Password', 'not the password');
  await visit.see('That did not work', 'error');
  await visit.says('was not accepted');
  must((await visit.host.counters()).password_attempts === 1, 'a refused password was tried again');
  await visit.press('Try again');
  await visit.see('Sign in');
  await visit.end();
}

/** Somebody else's page, on this machine too, which is the same site for cookies. */
async function isNotFooledByOtherPages(browser) {
  const visit = await Visit.begin(browser);
  const other = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<form method="post" action="${visit.origin}/sign-in"><button>Win a prize</button></form>
      <a href="${visit.link}">Sign in</a><iframe src="${visit.origin}/"></iframe>`);
  });
  await new Promise((ready) => other.listen(0, '127.0.0.1', ready));
  const { port } = other.address();
  // By another name it is another site: its link is followed, and lets in all the same.
  await visit.page.goto(`http://localhost:${port}/`);
  await visit.page.getByRole('link', { name: 'Sign in' }).click();
  await visit.see('Signed out');
  must(visit.page.url() === visit.origin + '/', 'the token stays in the address: ' + visit.page.url());
  await visit.page.goto(`http://127.0.0.1:${port}/`);
  must(!(await visit.page.frames()[1]?.content().catch(() => ''))?.includes('demo@example.com'), 'the page can be framed');
  await visit.page.getByRole('button', { name: 'Win a prize' }).click();
  await visit.see('Not here', 'refused');
  await visit.page.goto(visit.origin + '/');
  await visit.see('Signed out');
  const second = await browser.newContext();
  const refused = await (await second.newPage()).goto(visit.link);
  must(refused.status() === 403, 'a second browser was let in');
  await second.close();
  other.close();
  other.closeAllConnections();
  visit.trouble = [];  // the frame that was refused
  await visit.end();
}

const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});
let failed = 0;
const cases = {
  'signs in without scripts': () => signsIn(browser, false, true),
  'signs in with scripts allowed': () => signsIn(browser, true, false),
  'gets a code by text message': () => getsACodeByTextMessage(browser),
  'waits for the approval of a device': () => waitsForTheApprovalOfADevice(browser),
  'sees what went wrong': () => seesWhatWentWrong(browser),
  'is not fooled by other pages': () => isNotFooledByOtherPages(browser),
};
// All at once: most of their time is waiting for the next reload.
await Promise.all(Object.entries(cases).map(async ([name, run]) => {
  const begun = Date.now();
  try {
    await run();
    console.log(`ok: a person ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL: a person ${name}: ${error.message}`);
  }
}));
await browser.close();
process.exit(failed ? 1 : 0);
