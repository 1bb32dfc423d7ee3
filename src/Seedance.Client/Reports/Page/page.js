const byId = id => document.getElementById(id);

function readRows() {
  const rows = [];
  for (const block of document.querySelectorAll('script.rows')) {
    for (const row of JSON.parse(block.textContent)) {
      rows.push(row);
    }

    block.remove();
  }

  return rows;
}

const rows = readRows();
const feed = new Feed(byId('feed'));
const shownStates = new Set();

const names = new Intl.Collator('en', { numeric: true });
const inUrgency = (a, b) => urgency[a.state] - urgency[b.state] || inInput(a, b);
const inInput = (a, b) => (a.row ?? Infinity) - (b.row ?? Infinity) || 0;
const highestFirst = member => (a, b) => (b[member] ?? -1) - (a[member] ?? -1) || inInput(a, b);
const orders = {
  urgency: { word: 'What failed first', compare: inUrgency },
  row: { word: 'Row number', compare: inInput, needs: 'row' },
  name: { word: 'Name', compare: (a, b) => names.compare(titleOf(a), titleOf(b)) },
  seconds: { word: 'Longest first', compare: highestFirst('seconds'), needs: 'seconds' },
  tries: { word: 'Most tries first', compare: highestFirst('tries'), needs: 'tries' },
  cost: { word: 'Highest cost first', compare: highestFirst('cost'), needs: 'cost' },
};

function searchText(row) {
  row.searchText ??= [row.name, row.id, row.asset, row.task, row.error, row.advice, stateWords[row.state], ...(row.columns ?? []).flat()]
    .join('\n').normalize('NFKC').toLowerCase();
  return row.searchText;
}

function show() {
  const words = byId('search').value.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  const matching = rows.filter(row => (shownStates.size === 0 || shownStates.has(row.state)) && words.every(word => searchText(row).includes(word)));
  matching.sort(orders[byId('sort').value].compare);
  byId('feed').hidden = matching.length === 0;
  feed.show(matching);
  byId('nothing').hidden = matching.length > 0;
  byId('shown').textContent = matching.length === rows.length ? `All ${counted(rows.length, 'row')}.` : `${numbers.format(matching.length)} of ${counted(rows.length, 'row')}.`;
}

function showSummary() {
  const total = totals.states.reduce((sum, { count }) => sum + count, 0);
  const usable = totals.states.find(({ state }) => state === 'Usable').count;
  byId('verdict').textContent = total === 0 ? 'There are no rows.'
    : usable === total ? `All ${counted(total, 'row')} ${total === 1 ? 'is' : 'are'} usable.`
    : `${usable === 0 ? 'None' : numbers.format(usable)} of ${counted(total, 'row')} ${usable === 1 || usable === 0 ? 'is' : 'are'} usable.`;
  byId('verdict').hidden = false;

  for (const { state, count } of totals.states.filter(({ count }) => count > 0)) {
    const part = element('div', []);
    part.dataset.state = state;
    part.style.flexGrow = count;
    byId('bar').append(part);
  }

  byId('bar').hidden = total === 0;
  if (total !== rows.length) {
    note(`This page lists ${numbers.format(rows.length)} of the run's ${counted(total, 'row')}.`);
  }

  if (totals.thumbnailsLeftOut > 0) {
    note(`${counted(totals.thumbnailsLeftOut, 'picture')} ${totals.thumbnailsLeftOut === 1 ? 'was' : 'were'} left out to keep the page small.`);
  }

  if (rows.some(row => row.video || row.thumbnail)) {
    note('Picture addresses and video links are as they were given: who has this page can open them.');
  }
}

function note(text) {
  byId('notes').append(`${text} `);
}

function addStateButtons() {
  for (const { state, word } of totals.states) {
    const count = rows.filter(row => row.state === state).length;
    if (count === 0) {
      continue;
    }

    const button = element('button', [element('span', [], 'dot'), `${word} `, element('b', numbers.format(count))]);
    button.type = 'button';
    button.dataset.state = state;
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      const isShown = !shownStates.delete(state);
      if (isShown) {
        shownStates.add(state);
      }

      button.setAttribute('aria-pressed', isShown);
      show();
    });
    byId('states').append(button);
  }
}

function addOrders() {
  for (const [name, { word, needs }] of Object.entries(orders)) {
    if (!needs || rows.some(row => row[needs] !== undefined)) {
      byId('sort').append(new Option(word, name));
    }
  }
}

function addFiles() {
  const addFile = (button, name, states, columns) => {
    const chosen = rows.filter(row => states.includes(row.state)).sort(inInput);
    button.append(' ', element('span', counted(chosen.length, 'row')));
    button.hidden = chosen.length === 0;
    button.addEventListener('click', () => {
      saveFile(name, csvParts(chosen, columns));
      announce(`${name} is saved by the browser.`);
    });
    return chosen.length;
  };
  const inFiles = addFile(byId('save-failed'), 'failed.csv', failedStates, failedColumns) + addFile(byId('save-usable'), 'usable.csv', usableStates, usableColumns);
  byId('files-note').textContent = `In these files an apostrophe (') stands before what a spreadsheet would take for a formula.${
    inFiles < rows.length ? ' Rows without a result are in neither.' : ''}`;
  byId('files').hidden = inFiles === 0;
}

addStateButtons();
addOrders();
addFiles();
showSummary();
byId('rows').hidden = rows.length === 0;

byId('copy-command').addEventListener('click', event => copyFrom(event.currentTarget, byId('command').textContent));
byId('sort').addEventListener('change', show);
document.querySelector('.toolbar').addEventListener('submit', event => event.preventDefault());

let pause;
byId('search').addEventListener('input', () => {
  clearTimeout(pause);
  pause = setTimeout(show, 120);
});

show();
