// What a reader of a report does, in a headless Chromium: with the keyboard alone, without scripts,
// with a view that somebody sent, on paper. Every state of the page is held to the rules of axe-core,
// and the console must stay empty.
//
// usage: node report_test.mjs PAPER.html SWEEP.html COMPARISON.html LIVE.html PICTURES
import assert from 'node:assert/strict';
import {statSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const [paper, sweep, comparison, live, pictures] = process.argv.slice(2);
const browser = await chromium.launch({executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage']});
const problems = [];
let checks = 0;

async function open(path, {hash = '', ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage();
  page.on('console', (message) => problems.push(`${path}: the console says ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`${path}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) problems.push(`${path}: asks for ${request.url()}`);
  });
  await page.goto(`file://${path}${hash}`);
  return page;
}

async function check(name, test) {
  ++checks;
  try {
    await test();
    console.log(`ok      ${name}`);
  } catch (error) {
    problems.push(`FAILED  ${name}: ${error.stack}`);
    console.log(`FAILED  ${name}`);
  }
}

async function accessible(page, state) {
  await page.addScriptTag({path: axe});
  const {violations} = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map((v) => `${state}: ${v.id}, ${v.nodes[0].html.slice(0, 120)}`), []);
}

const status = (page) => page.locator('#runs [role=status]').textContent();
const told = (page) => page.locator('.told').textContent();
const rows = (page) => page.locator('#runs > .wide tbody tr').allInnerTexts();
// Dots come a moment after the table.
const settled = (page) => page.evaluate(() => new Promise((done) =>
  requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done), 20))));

// Presses Tab until what has the focus is so called, as the only way to get there.
async function tabTo(page, wanted) {
  for (let i = 0; i < 400; ++i) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((selector) => document.activeElement.matches(selector), wanted)) return;
  }
  assert.fail(`the keyboard does not reach ${wanted}`);
}

for (const [name, path, runs] of
    [['paper', paper, 210], ['sweep', sweep, 1000], ['comparison', comparison, 420]]) {
  await check(`${name}: every figure has title, description and numbers; under 2 MB`, async () => {
    const page = await open(path);
    const figures = await page.$$eval('figure', (all) => all.map((figure) => ({
      title: figure.querySelector('svg > title').textContent,
      description: figure.querySelector('svg > desc').textContent,
      rows: figure.querySelectorAll('details tbody tr').length})));
    assert.ok(figures.length > 0);
    for (const figure of figures) {
      assert.ok(figure.title.length > 10 && figure.description.length > 10 && figure.rows > 5,
          JSON.stringify(figure));
    }
    assert.ok(statSync(path).size < 2e6, `${statSync(path).size} bytes`);
    await page.screenshot({path: `${pictures}/${name}.png`, fullPage: true});
  });

  await check(`${name}: without scripts all is there to be read`, async () => {
    const page = await open(path, {javaScriptEnabled: false});
    assert.equal(await page.locator('#runs tbody tr').count(), runs);
    assert.ok(await page.locator('noscript p').isVisible());
    assert.equal(await page.locator('input, select, button').count(), 0);
  });

  await check(`${name}: the keyboard alone filters, sorts, picks and points`, async () => {
    const page = await open(path);
    await tabTo(page, 'input[type=search]');
    await page.keyboard.type('model=rlstm');
    assert.match(await status(page), new RegExp(`^${runs / 2} of ${runs} runs, 0 picked`));
    await settled(page);
    await tabTo(page, '[role=listbox]');
    await page.keyboard.press('End');
    assert.match(await told(page), /^rlstm|rlstm seed .*: test accuracy [0-9.]+, dev accuracy/);
    await page.keyboard.press('Enter');
    assert.match(await status(page), /, 1 picked/);
    assert.equal(await page.locator('path.curve').count(), 1);
    await tabTo(page, 'button[name=test_accuracy]');
    for (const way of [1, -1]) {
      await page.keyboard.press('Enter');
      const values = await page.$$eval('#runs tbody tr', (rows) => {
        const heads = [...rows[0].closest('table').tHead.rows[0].cells];
        const place = heads.findIndex((th) => th.textContent === 'test accuracy');
        return rows.map((row) => parseFloat(row.cells[place].textContent));
      });
      assert.ok(new Set(values).size > 1);
      assert.deepEqual(values, [...values].sort((a, b) => way * (a - b)));
    }
    await tabTo(page, '#runs tbody input[type=checkbox]');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    assert.match(await status(page), /, 2 picked/);
    assert.equal(await page.locator('path.curve').count(), 2);
    assert.ok(await page.evaluate(() => document.activeElement.checked), 'the focus stays');
    await accessible(page, 'with two curves');
  });

  await check(`${name}: a view is in the address, and comes back from it`, async () => {
    const page = await open(path);
    await page.fill('input[type=search]', 'seed<=3 done');
    await page.selectOption('select[name="is.model"]', 'rnn');
    await page.click('button[name=dev_accuracy]');
    await page.click('button:text-is("Pick the first runs of the table")');
    await page.selectOption('select[name=curve]', 'loss');
    await page.selectOption('select[name=y]', 'train_accuracy');
    await settled(page);
    const hash = new URL(page.url()).hash;
    const there = await open(path, {hash});
    await settled(there);
    for (const look of [status, rows, (p) => p.locator('.legend').allInnerTexts(),
      (p) => p.locator('.explorer svg').evaluateAll((all) => all.map((e) => e.outerHTML)),
      (p) => p.locator('select, input[type=search]').evaluateAll((all) => all.map((e) => e.value))]) {
      assert.deepEqual(await look(there), await look(page));
    }
    assert.match(await status(there), /, 32 picked/);
    // One that somebody mistyped is no error.
    const wrong = await open(path, {hash: '#filter=nonsense%3D1&x=nowhere&runs=no&curve=none&depth=x'});
    assert.match(await status(wrong), /nothing is called nonsense/);
  });

  await check(`${name}: a pointer at a dot sees its run, a click its curve`, async () => {
    const page = await open(path);
    await settled(page);
    const dot = page.locator('[role=option]').last();  // no other lies over it
    const label = await dot.getAttribute('aria-label');
    await dot.hover();
    const text = await told(page);
    assert.ok(text.startsWith(label.split(',')[0] + ': '), `${text} is not of ${label}`);
    await dot.click();
    assert.equal(await dot.getAttribute('aria-selected'), 'true');
    assert.match(await page.locator('.legend').last().innerText(), new RegExp(label.split(',')[0]));
    await page.click('summary:text-is("The numbers of these curves")');
    assert.ok(await page.locator('.explorer details tbody tr').count() > 2);
    await page.locator('#runs').screenshot({path: `${pictures}/${name}_runs.png`});
  });

  await check(`${name}: light, dark and paper`, async () => {
    const page = await open(path, {colorScheme: 'dark'});
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await ground(), 'rgb(22, 24, 28)');
    await accessible(page, 'dark');
    await page.click('button:text-is("Pick the first runs of the table")');
    await page.screenshot({path: `${pictures}/${name}_dark.png`, fullPage: true});
    await page.selectOption('select[name=theme]', 'light');
    assert.equal(await ground(), 'rgb(255, 255, 255)');
    await accessible(page, 'light');
    await page.selectOption('select[name=theme]', 'dark');
    await page.emulateMedia({media: 'print'});
    assert.equal(await ground(), 'rgb(255, 255, 255)');
    assert.equal(await page.locator('.controls:visible, button:not(.sort):visible').count(), 0);
    const cells = (row) => row.locator('th:visible, td:visible').count();
    const table = page.locator('#runs > .wide table');
    assert.equal(await cells(table.locator('thead tr')), await cells(table.locator('tbody tr').first()));
    await page.locator('#runs').screenshot({path: `${pictures}/${name}_printed.png`});
    await page.pdf({path: `${pictures}/${name}.pdf`, format: 'A4', landscape: true});
    assert.equal(await table.locator('tbody tr').count(), runs, 'all rows are printed');
  });

  // Times are told, not judged: the machine may be busy.
  const page = await open(path);
  const paint = await page.evaluate(() => performance.getEntriesByType('paint')[0].startTime);
  const filter = await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const input = document.querySelector('input[type=search]'), times = [];
    input.scrollIntoView();
    for (const text of ['r', 'rl', 'rlstm', 'model=rnn', 'seed>3 test_accuracy>=50', '']) {
      await new Promise((done) => setTimeout(done, 200));
      input.value = text;
      const start = performance.now();
      input.dispatchEvent(new Event('input'));
      await frame();
      times.push(Math.round(performance.now() - start));
    }
    return times;
  });
  console.log(`${name}: ${statSync(path).size} bytes, first paint ${Math.round(paint)} ms, ` +
      `filtered in ${filter.join(', ')} ms`);
}

await check('a page of runs that go on loads itself again, and keeps its view', async () => {
  const page = await open(live, {hash: '#filter=model%3Drnn'});
  await accessible(page, 'going on');
  await page.evaluate(() => { window.before = true; });
  await page.waitForFunction(() => !window.before, null, {timeout: 30000});
  assert.equal(await page.inputValue('input[type=search]'), 'model=rnn');
});

await browser.close();
for (const problem of problems) console.log(problem);
console.log(`${checks} checks, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
